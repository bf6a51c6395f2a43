"""案卷评查: one file checked against the standard, as its officer sees it before closing; and the register of evaluations."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.desk.who import Visitor, case_for, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.oversight.evaluation.acts import APPEAL, DECIDE, DRAW, EVALUATE
from sanxiang.oversight.evaluation.results import Result, Sample, register, weak
from sanxiang.oversight.evaluation.sheet import Line, Sheet, sheet_of

HEAD = ("批次", "案件", "案件名称", "得分", "等次", "存在的问题", "评查意见", "异议", "答复", "评查人")


@require_GET
def check(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The file put before the rules once more, step by step: what fails it, what costs points, what is left."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    sheet = sheet_of(case)
    context = {
        "case": case,
        "sheet": sheet,
        "figures": figures_of(sheet, bool(case.closed)),
        "open": not case.closed,
        "fatal": [drawn(line) for line in sheet.fatal],
        "scored": [drawn(line) for line in sheet.lines if line.flaws and not line.item.fatal],
        "clean": [line.item.label for line in sheet.lines if not line.flaws and not line.item.judged],
        "judged": [line.item for line in sheet.lines if line.item.judged],
        "may": may_do(EVALUATE, visitor) and bool(case.closed),
    }
    return page(request, visitor, "desk/check.html", context, section="cases")


def figures_of(sheet: Sheet, closed: bool) -> list[dict[str, Any]]:
    """Score, grade, how much was found. A file that is not finished has neither score nor grade."""
    state = "red" if sheet.fatal else "calm"
    score = {"label": "得分", "value": f"{sheet.score.normalize():f}", "unit": "分", "state": state}
    return [
        *([score, {"label": "等次", "value": sheet.grade}] if closed else [PREVIEW]),
        {"label": "不合格项", "value": len(sheet.fatal), "unit": "项"},
        {"label": "存在的问题", "value": len(sheet.flaws), "unit": "处"},
    ]


PREVIEW = {"label": "等次", "value": "不评", "sub": "未结案件只作预检"}
"""In the place of score and grade while a case is open."""


def drawn(line: Line) -> dict[str, Any]:
    """One item with its flaws."""
    flaws = [
        {
            "where": f"第{flaw.n}步，{flaw.label}" if flaw.n else flaw.label,
            "fact": flaw.fact,
            "cure": flaw.cure,
            "citation": flaw.citation,
        }
        for flaw in line.flaws
    ]
    return {
        "label": line.item.label,
        "part": line.item.part,
        "taken": f"{line.taken.normalize():f}",
        "flaws": flaws,
    }


@require_GET
def evaluations(request: HttpRequest) -> HttpResponseBase:
    """Samples and results in sight, and where files are weak; as a table to take away with ?format=csv."""
    visitor = visitor_of(request)
    samples, results = register(visitor.agencies)
    batch = request.GET.get("batch", "")
    shown = [one for one in results if not batch or one.batch == batch]
    if request.GET.get("format") == "csv":
        return away(shown)
    most = max((n for _, n in weak(shown)), default=1)
    context = {
        "batches": list(dict.fromkeys([*(s.batch for s in samples), *(r.batch for r in results)])),
        "batch": batch,
        "samples": [sample_of(one, results, visitor) for one in samples if not batch or one.batch == batch],
        "table": table_of(shown, visitor),
        "weak": [{"label": label, "n": n, "most": most} for label, n in weak(shown)],
        "acts": acts_of(visitor),
    }
    return page(request, visitor, "desk/evaluation.html", context, section="cases")


def acts_of(visitor: Visitor) -> list[dict[str, str]]:
    """What the visitor may do about evaluations."""
    mine = (ACTS[name] for name in (DRAW, EVALUATE, APPEAL, DECIDE))
    return [
        {"label": act.label, "href": f"/desk/admin/acts/{act.id}/"}
        for act in mine
        if frozenset(act.by) & visitor.roles
    ]


def sample_of(sample: Sample, results: list[Result], visitor: Visitor) -> dict[str, Any]:
    """A sample with which of its files have been evaluated, and where the others are."""
    done = {one.case for one in results if one.batch == sample.batch and one.agency == sample.agency}
    may = may_do(EVALUATE, visitor)
    files = [
        {
            **one,
            "done": one["case"] in done,
            "form": form_of(EVALUATE, sample.agency, one["case"], sample.batch) if may else "",
        }
        for one in sample.drawn
    ]
    left = sum(1 for one in files if not one["done"])
    return {"batch": sample.batch, "seed": sample.seed, "pool": sample.pool, "files": files, "left": left}


def may_do(act: str, visitor: Visitor) -> bool:
    """Does the visitor hold one of the act's posts?"""
    return bool(frozenset(ACTS[act].by) & visitor.roles)


def form_of(act: str, agency: UUID, case: str, batch: str) -> str:
    """The form of an act on one evaluation, with what is known filled in."""
    return f"/desk/admin/acts/{act}/?{urlencode({'agency': agency, 'case': case, 'batch': batch})}"


def next_of(one: Result, visitor: Visitor) -> list[dict[str, str]]:
    """What may be done about a result: look at its sheet, appeal, answer."""
    links = [
        {
            "text": "评查表",
            "href": f"/desk/cases/{one.case_id}/evaluation/?{urlencode({'batch': one.batch})}",
        }
    ]
    if not one.appeal and may_do(APPEAL, visitor):
        links.append({"text": "提出异议", "href": form_of(APPEAL, one.agency, one.case, one.batch)})
    if one.pending and may_do(DECIDE, visitor):
        links.append({"text": "答复异议", "href": form_of(DECIDE, one.agency, one.case, one.batch)})
    return links


def table_of(results: list[Result], visitor: Visitor) -> dict[str, Any]:
    """One line a file."""
    rows = [
        {
            "cells": [
                {"text": one.batch},
                {"text": one.case, "sub": one.title, "href": f"/desk/cases/{one.case_id}/check/"},
                {"text": f"{one.score.normalize():f}"},
                {"text": one.grade, "strong": True},
                {"text": one.conclusion, "sub": told(one)},
                {"links": next_of(one, visitor)},
            ]
        }
        for one in results
    ]
    columns = [{"label": x, "num": x == "得分"} for x in ("批次", "案件", "得分", "等次", "评查意见", "办理")]
    text = "办结的案件可以抽取评查：系统按标准逐步核对全卷，评查人判断说理和裁量，结果在这里列出。"
    empty = {"title": "还没有评查过案卷", "text": text}
    return {"caption": "评查结果", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}


def told(one: Result) -> str:
    """What was said against a result, and the answer."""
    answer = f"；答复：{one.answer}" if one.answer else "，等待答复"
    return f"异议：{one.appeal.rstrip('。；')}{answer}" if one.appeal else ""


def away(results: list[Result]) -> HttpResponseBase:
    """The results as csv."""
    rows = (
        [
            one.batch, one.case, one.title, f"{one.score.normalize():f}", one.grade,
            "；".join(f"{f['item']}：{f['fact']}" for f in one.findings), one.conclusion, one.appeal, one.answer, one.by,
        ]
        for one in results
    )  # fmt: skip
    answer = StreamingHttpResponse(lines(HEAD, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="evaluations.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
