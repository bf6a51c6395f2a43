"""记录纪律: what came late, or not at all, or from a device that nobody had been handed; by officer, one by one, and to take away."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.files.case_register import reason_of
from sanxiang.desk.who import OVERSEERS, Visitor, cases_of, page, visitor_of
from sanxiang.door import pinned
from sanxiang.door.administer import ACTS
from sanxiang.door.recording import breaches
from sanxiang.door.recording.breaches import Breach
from sanxiang.door.recording.explained import ABOVE, EXPLAIN, Explanation, explanations, key_of
from sanxiang.law.timeliness import EVIDENCE, FILMS

HERE = "/desk/discipline/"
MOST = 200
HEAD = ("日期", "情形", "人员", "机关", "案件", "步骤", "内容", "逾期天数", "依据", "说明", "说明人")
OWN_ONLY = "机关负责人和记录监督人员可以看到全部人员的，其他人只看到自己的。"


@require_GET
def discipline(request: HttpRequest) -> HttpResponse:
    """A year's breaches: how many by officer, then one by one. Who does not oversee sees their own."""
    visitor = visitor_of(request)
    year = year_of(request.GET.get("year", ""), visitor.on)
    rows = rows_of(visitor, year)
    context = {
        "year": year,
        "years": [year - 1, year + 1] if year < visitor.on.year else [year - 1],
        "unset": unset(visitor),
        "own": "" if visitor.roles & OVERSEERS else OWN_ONLY,
        "counts": counts_table(rows),
        "table": breach_table(rows[:MOST], visitor, len(rows)),
    }
    return page(request, visitor, "desk/discipline.html", context, section="cases")


def rows_of(visitor: Visitor, year: int) -> list[Breach]:
    """The breaches of a year that the visitor may see."""
    rows = breaches.breaches(cases_of(visitor), date(year, 1, 1), date(year, 12, 31), visitor.on)
    if visitor.roles & OVERSEERS:
        return rows
    return [row for row in rows if visitor.person.name in row.officer.split("、")]


def year_of(asked: str, today: date) -> int:
    """The year asked for; this one for what is none."""
    return int(asked) if asked.isascii() and asked.isdigit() and 1900 <= int(asked) <= 2999 else today.year


def unset(visitor: Visitor) -> list[str]:
    """Limits that the scheme of the visitor's agency leaves open: nothing is late by them."""
    if visitor.home is None:
        return []
    pack = pinned.current(visitor.home.locality)
    keys = (EVIDENCE, FILMS, "archive.limit")
    return [
        pack.parameters[key].label for key in keys if key in pack.parameters and not pack.binding(key).is_set
    ]


def counts_table(rows: Iterable[Breach]) -> dict[str, Any]:
    """One line an officer."""
    found = [
        {
            "cells": [
                {"text": name, "strong": True},
                *({"text": str(count[kind])} for kind in breaches.KINDS),
                {"text": str(count.total())},
            ]
        }
        for name, count in breaches.counted(rows)
    ]
    kinds = [{"label": text, "num": True} for text in breaches.KINDS.values()]
    columns = [{"label": "人员"}, *kinds, {"label": "合计", "num": True}]
    text = "证据逾期上传、应当音像记录而没有、全程记录有缺口、设备没有领用、企图删除、逾期归档的，按人员列在这里。"
    empty = {"title": "没有记录纪律问题", "text": text}
    return {"caption": "按人员", "columns": columns, "rows": found, "empty": empty}


def breach_table(rows: list[Breach], visitor: Visitor, total: int) -> dict[str, Any]:
    """One by one, the newest first, each with its case and what was said to it. Four queries."""
    cases, told = cases_in(rows, visitor), explanations(visitor.agencies)
    found = [{"cells": cells_of(row, cases, told, visitor)} for row in rows if row.case in cases]
    labels = ("日期", "情形", "人员", "内容", "逾期", "案件", "说明")
    columns = [{"label": label, "num": label == "逾期"} for label in labels]
    return {"caption": "逐项，新的在前", "columns": columns, "rows": found, "total": total}


def cases_in(rows: Iterable[Breach], visitor: Visitor) -> dict[UUID, Case]:
    """The cases of these breaches. One query."""
    found: dict[UUID, Case] = (
        cases_of(visitor).select_related("agency").defer("state").in_bulk({row.case for row in rows})
    )
    return found


def cells_of(
    row: Breach, cases: Mapping[UUID, Case], told: Mapping[str, Explanation], visitor: Visitor
) -> list[dict[str, Any]]:
    """One breach."""
    case = cases[row.case]
    key = key_of(row, case.code)
    said = told.get(key)
    cell: dict[str, Any] = (
        {"text": said.text, "sub": f"{said.by}，{cn_date(said.on)}"} if said else {"text": "—"}
    )
    if said is None and may_explain(row, visitor, case):
        asked = urlencode({"agency": case.agency_id, "breach": key})
        cell = {"text": "说明", "href": f"/desk/admin/acts/{EXPLAIN}/?{asked}"}
    return [
        {"text": cn_date(row.on)},
        {"text": breaches.KINDS[row.kind], "sub": row.citation},
        {"text": row.officer},
        {"text": row.what},
        {"text": f"{row.days}天" if row.days else "—"},
        {"text": case.number or case.title, "href": f"/desk/cases/{row.case}/"},
        cell,
    ]


def may_explain(row: Breach, visitor: Visitor, case: Case) -> bool:
    """Is it the visitor's own, or of somebody for whom the visitor answers?"""
    here = visitor.roles_in(case.agency_id)
    own = visitor.person.name in row.officer.split("、")
    return bool(here & frozenset(ACTS[EXPLAIN].by)) and (own or bool(here & ABOVE))


@require_GET
def table(request: HttpRequest) -> HttpResponseBase:
    """The same lines to take away; taking them away is a look."""
    visitor = visitor_of(request)
    year = year_of(request.GET.get("year", ""), visitor.on)
    visitor.reading.beside(visitor.home.pk if visitor.home else None, reason_of(visitor))
    rows = rows_of(visitor, year)
    cases, told = cases_in(rows, visitor), explanations(visitor.agencies)
    found = [line_of(row, cases[row.case], told) for row in rows if row.case in cases]
    answer = StreamingHttpResponse(lines(HEAD, found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="discipline-{year}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def line_of(row: Breach, case: Case, told: Mapping[str, Explanation]) -> list[Any]:
    """One breach as a line."""
    said = told.get(key_of(row, case.code))
    step = row.n if row.kind not in ("removal", "not-archived") else ""
    return [
        cn_date(row.on), breaches.KINDS[row.kind], row.officer, case.agency.name, case.number or case.title, step, row.what,
        row.days or "", row.citation, said.text if said else "", said.by if said else "",
    ]  # fmt: skip
