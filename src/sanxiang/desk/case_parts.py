"""The parts of a case page, each from the state that the acts have left: nothing here asks the database."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.templatetags.show import cn_date, yuan
from sanxiang.desk.footage import capture_of
from sanxiang.desk.history import Step
from sanxiang.desk.media_parts import films_of
from sanxiang.desk.sides import sides_of
from sanxiang.desk.words import CLOSED, OUTCOMES, PAYMENTS, PROPERTY, PUBLICATION, TONES, Words
from sanxiang.door.sight import Sight
from sanxiang.law import levies
from sanxiang.law.calendar import Calendar
from sanxiang.law.dossier import changed
from sanxiang.law.money import owed, paid, plain
from sanxiang.law.packs import Pack
from sanxiang.law.scope import below_major, hearing_reasons, major_reasons
from sanxiang.law.weighing.review import is_penalty
from sanxiang.speech import size_text


def stage_label(case: Case, pack: Pack) -> str:
    """Where the case stands, or how it ended where that was not by 结案."""
    if case.closed and case.closed != "closed":
        return CLOSED.get(case.closed, case.closed)
    return dict(pack.procedures[case.procedure].stages).get(case.stage, case.stage)


DEED = {True: "违法行为", False: "时间、地点"}
"""What the day and the place of a case are called: by whether it is a penalty."""


def summary_of(case: Case, pack: Pack, words: Words, sight: Sight) -> list[dict[str, Any]]:
    """The case in a few lines, as these eyes may see it."""
    facts = case.state["facts"]
    item = pack_field(pack, case.procedure, "party")
    party = words.value(item, sight.of(item, facts.get("party"))) if item else case.party
    handlers = "、".join(words.name(h) for h in case.state["handlers"])
    cause = pack_field(pack, case.procedure, "cause")
    happened = "至".join(cn_date(str(facts[n])) for n in ("occurred_on", "occurred_until") if facts.get(n))
    deed = "，".join(x for x in (happened, str(facts.get("occurred_at") or "")) if x)
    penal = is_penalty(pack, case.state)
    return [
        *filing_of(case, pack),
        {"label": "当事人", "value": party},
        *sides_of(case, pack, words, sight),
        {"label": cause.label if cause else "案由", "value": facts.get("cause") or "—"},
        *([{"label": DEED[penal], "value": deed or "—"}] if deed or penal else []),
        {"label": "承办人", "value": handlers or "尚未确定"},
        {"label": "承办机构", "value": f"{case.agency.name}{case.unit.name if case.unit else ''}"},
        {
            "label": "程序和阶段",
            "value": f"{pack.procedures[case.procedure].label}，{stage_label(case, pack)}",
        },
        *erased_in(case),
        {"label": "案件查询码", "value": case.code, "sub": "本机关查找本案时使用，案件列表里可以查"},
    ]


def erased_in(case: Case) -> list[dict[str, Any]]:
    """What was erased by law: when and under which article."""
    return [
        {"label": one["label"], "value": f"已依法删除（{cn_date(one['on'])}，{one['basis']}）"}
        for one in case.state.get("erased", {}).values()
    ]


def filing_of(case: Case, pack: Pack) -> list[dict[str, Any]]:
    """The number of 立案, or that there is none yet; nothing where the procedure knows no 立案."""
    filed = any("filing-form" in act.papers for act in pack.acts_of(case.procedure))
    if not filed:
        return [{"label": "文号", "value": case.number}] if case.number else []
    return [{"label": "立案号", "value": case.number or "尚未立案"}]


def brief_of(case: Case, pack: Pack) -> list[dict[str, str]]:
    """Which case it is, beside a form; of a case that is yet to be, only where it will belong."""
    facts = case.state["facts"]
    procedure = {"label": "程序", "value": pack.procedures[case.procedure].label}
    if not case.n:
        place = f"{case.agency.name}{case.unit.name if case.unit else ''}"
        return [procedure, {"label": "承办机构", "value": place}]
    return [
        {"label": "案件", "value": case.number or case.title},
        {"label": "当事人", "value": case.party or "—"},
        {"label": "案由", "value": str(facts.get("cause") or "—")},
        procedure,
        {"label": "阶段", "value": stage_label(case, pack)},
    ]


def pack_field(pack: Pack, procedure: str, name: str) -> Any:
    """The first field of that name in the procedure's acts."""
    return next((f for act in pack.acts_of(procedure) for f in act.fields if f.name == name), None)


def gate_of(case: Case, pack: Pack, today: date) -> dict[str, Any]:
    """Major or not, with every reason and article; hearing due or not; how the review stands.

    A case on the spot has no stage for a hearing (行政处罚法第五十一、五十二条), so that no reason for one is told there.
    """
    major = major_reasons(pack, case.state, today)
    summary = case.procedure == "summary"
    return {
        "major": bool(major),
        "reasons": major,
        "hearing": [] if summary else hearing_reasons(pack, case.state, today),
        "review": review_text(case),
        "applies": not summary,
        "below": below_major(pack, case.state),
    }


def review_text(case: Case) -> str:
    """How the legal review stands, and which act voided it if one did."""
    review = case.state["review"]
    if not review.get("parts"):
        return ""
    moved, stale = changed(case.state), review.get("stale") or {}
    outcome = OUTCOMES.get(review.get("outcome", ""), review.get("outcome") or "等待审核意见")
    text = f"第{review['round']}轮：{outcome}" + (f"（{cn_date(review['on'])}）" if review.get("on") else "")
    if moved:
        text += f"。之后{'、'.join(moved)}有变动（{stale.get('label', '')}，{cn_date(stale.get('on'))}），意见已失效，须重新提交"
    return text


def papers_of(
    case: Case, papers: Iterable[Paper], marks: Mapping[UUID, dict[str, str]], pack: Pack, sight: Sight
) -> list[dict[str, Any]]:
    """The papers, newest first; one that prints what these eyes may not see has no links. `marks`: see `marks_in`."""
    return [paper_of(case, p, sight.paper(pack, p.kind, marks.get(p.act, {}))) for p in papers]


def paper_of(case: Case, paper: Paper, readable: bool) -> dict[str, Any]:
    """One paper as the part draws it."""
    here = f"/desk/cases/{case.id}/papers/{paper.id}"
    card = {
        "title": paper.label,
        "number": paper.number,
        "state": paper.status,
        "at": paper.issued_on,
        "by": "制作于",
    }
    if not readable:
        return card | {"note": "文书中有应当隐去的内容，只有本案承办人和负责人等有权查看的人员可以打开"}
    return card | {"href": f"{here}/", "pdf_href": f"{here}.pdf", "docx_href": f"{here}.docx"}


def evidence_of(
    case: Case,
    rows: Iterable[Evidence],
    steps: Iterable[Step],
    pack: Pack,
    sight: Sight,
    calendar: Calendar,
    most: int = 0,
) -> list[dict[str, Any]]:
    """The evidence list as the review pins it, or its last `most`: files with a link, records by the step that made them."""
    files = {(row.n, row.digest): row for row in rows}
    made = {step.act.n: step for step in steps}
    kinds = {
        code: label for act in pack.acts.values() if (f := act.field("kind")) for code, label in f.options
    }
    listed, films = [], films_of(files.values(), case)
    for piece in case.state["evidence"][-most:]:
        row, step = files.get((piece["n"], piece["digest"])), made.get(piece["n"])
        kind = kinds.get(piece["kind"]) or getattr(pack.papers.get(piece["kind"]), "label", "记录")
        may = sight.may(piece.get("secrecy", "case")) and (row is None or sight.may(row.secrecy))
        card: dict[str, Any] = {"name": kind, "kind": kind}
        if may and step:
            card["name"] = step.values.get("title") or step.act.label
        card |= {"by": f"第{piece['n']}步" + (f" {step.act.by_name}" if step else "")}
        card |= {} if row is None else file_of(case, row, may)
        if may and piece.get("of"):  # another case's, listed here by its title; the file stays there
            card["name"] = piece["title"]
        if row is not None and may:
            card["film"] = films.get(row.digest)
            card["name"] = piece.get("title") or card["name"]
            card |= capture_of(row, step, pack, calendar) if step else {}
        listed.append(card)
    return listed


def file_of(case: Case, row: Evidence, may: bool) -> dict[str, Any]:
    """What a card says of its file; where it may not be read, neither its name nor what it is called."""
    told = {"size": size_text(row.size), "digest": row.digest}
    if not may:
        return told | {"hidden": "名称和文件已隐去，只有本案承办人和负责人等有权查看的人员可以看到"}
    here = f"/desk/cases/{case.id}/evidence/{row.id}/"
    look = f"{here}look/" if row.mime.partition("/")[0] == "image" or row.mime == "application/pdf" else ""
    return told | {"name": row.title or row.filename, "note": row.filename, "href": here, "look": look}


def property_of(case: Case) -> dict[str, Any]:
    """Things in care, from receipt to return or disposal."""
    rows = [
        {
            "cells": [
                {"text": p["id"]},
                {"text": p.get("name", ""), "sub": p.get("spec", "")},
                {"text": p.get("quantity", "")},
                {"text": p.get("stored") or p.get("feature") or "—"},
                {"text": PROPERTY.get(p["status"], p["status"])},
            ]
        }
        for p in case.state["property"]
    ]
    columns = [{"label": x} for x in ("编号", "名称", "数量", "存放处、特征", "现状")]
    return {"caption": "涉案财物", "columns": columns, "rows": rows, "total": len(rows)}


def money_of(case: Case) -> dict[str, Any]:
    """What is owed and what has come in."""
    rows = [
        {
            "cells": [
                {"text": text}
                for text in (
                    cn_date(p["on"]),
                    PAYMENTS[p["kind"]],
                    p.get("receipt") or "—",
                    yuan(p["amount"]),
                )
            ]
        }
        for p in case.state["payments"]
    ]
    penal = ("罚没款缴纳", owed(case.state), paid(case.state))
    caption, due, come = levies.account(case.state) or penal
    left = max(due - come, Decimal(0))
    totals = ["合计", f"应缴{yuan(plain(due))}", f"尚欠{yuan(plain(left))}", f"已缴{yuan(plain(come))}"]
    columns = [{"label": "日期"}, {"label": "款项"}, {"label": "票据号"}, {"label": "金额", "num": True}]
    return {
        "caption": caption,
        "columns": columns,
        "rows": rows,
        "totals": totals if rows else None,
        "owed": due,
        "left": left,
    }


def publication_of(case: Case) -> dict[str, str]:
    """How the publication stands."""
    status = str(case.state["publication"].get("status", ""))
    return {
        "label": PUBLICATION.get(status, "尚未公示"),
        "tone": TONES.get(status, "plain"),
        "href": f"/desk/publications/{case.id}/",
    }
