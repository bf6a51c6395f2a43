"""Lists over files: what came late or not at all, by officer; and everything about one party together 一企一档."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.case_parts import stage_label
from sanxiang.desk.papers import sight_of
from sanxiang.desk.who import OVERSEERS, Visitor, case_for, cases_of, page, visitor_of
from sanxiang.door import breaches, casefile, gather, pinned
from sanxiang.law.timeliness import EVIDENCE, FILMS

MOST = 200
MOST_CASES = 100
MEDIA = ("audio", "video", "image")
OWN_ONLY = "机关负责人和记录监督人员可以看到全部人员的，其他人只看到自己的。"


@require_GET
def discipline(request: HttpRequest) -> HttpResponse:
    """A year's breaches: how many by officer, then one by one. Who does not oversee sees their own."""
    visitor = visitor_of(request)
    year = year_of(request.GET.get("year", ""), visitor.on)
    rows = breaches.breaches(cases_of(visitor), date(year, 1, 1), date(year, 12, 31), visitor.on)
    oversees = bool(visitor.roles & OVERSEERS)
    if not oversees:
        rows = [row for row in rows if visitor.person.name in row.officer.split("、")]
    cases = cases_of(visitor).defer("state").in_bulk({row.case for row in rows[:MOST]})
    context = {
        "year": year,
        "years": [year - 1, year + 1] if year < visitor.on.year else [year - 1],
        "unset": unset(visitor),
        "own": "" if oversees else OWN_ONLY,
        "counts": counts_table(rows),
        "table": breach_table(rows[:MOST], cases, len(rows)),
    }
    return page(request, visitor, "desk/discipline.html", context, section="cases")


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


def counts_table(rows: Iterable[breaches.Breach]) -> dict[str, Any]:
    """One line an officer."""
    lines = [
        {
            "cells": [
                {"text": name, "strong": True},
                *({"text": str(found[kind])} for kind in breaches.KINDS),
                {"text": str(found.total())},
            ]
        }
        for name, found in breaches.counted(rows)
    ]
    columns = [
        {"label": "人员"},
        *({"label": text, "num": True} for text in breaches.KINDS.values()),
        {"label": "合计", "num": True},
    ]
    empty = {
        "title": "没有记录纪律问题",
        "text": "证据逾期上传、应当音像记录而没有、逾期归档的，按人员列在这里。",
    }
    return {"caption": "按人员", "columns": columns, "rows": lines, "empty": empty}


def breach_table(rows: Iterable[breaches.Breach], cases: dict[UUID, Case], total: int) -> dict[str, Any]:
    """One by one, the newest first."""
    lines = []
    for row in rows:
        case = cases.get(row.case)
        lines.append(
            {
                "cells": [
                    {"text": cn_date(row.on)},
                    {"text": breaches.KINDS[row.kind], "sub": row.citation},
                    {"text": row.officer},
                    {"text": row.what},
                    {"text": f"{row.days}天" if row.days else "—"},
                    {
                        "text": (case.number or case.title) if case else "—",
                        "href": f"/desk/cases/{row.case}/",
                    },
                ]
            }
        )
    labels = ("日期", "情形", "人员", "内容", "逾期", "案件")
    columns = [{"label": label, "num": label == "逾期"} for label in labels]
    return {"caption": "逐项，新的在前", "columns": columns, "rows": lines, "total": total}


RESPONDENT = "respondent"
"""In the address: the party's file of the respondent."""


@require_GET
def party(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every case against the party of this one that the visitor may see, with its papers, recordings and other evidence."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    one = side_of(case, request.GET.get("side", ""))
    rows = list(same_party(visitor, case, one)[:MOST_CASES])
    context = {
        "case": case,
        "party": one.name,
        "other": "" if one.side else case.respondent,
        "by_code": bool(one.key),
        "files": [held_in(visitor, one) for one in rows],
        "total": len(rows),
    }
    return page(request, visitor, "desk/party.html", context, section="cases")


@dataclass(frozen=True)
class Side:
    """Whose cases are looked for: the party of the case, or whom its dispute is with."""

    side: str
    name: str | None
    key: str | None


def side_of(case: Case, asked: str) -> Side:
    """The side that the address names; the party where there is no other."""
    if asked == RESPONDENT and case.respondent:
        return Side(asked, case.respondent, case.respondent_key)
    return Side("", case.party, case.party_key)


def same_party(visitor: Visitor, case: Case, one: Side) -> QuerySet[Case]:
    """Matched by its code on either side; without one, by its name in the same agency."""
    named = Q(party=one.name) | Q(respondent=one.name)
    same = Q(party_key=one.key) | Q(respondent_key=one.key) if one.key else named & Q(agency=case.agency_id)
    found: QuerySet[Case] = cases_of(visitor).filter(same | Q(pk=case.pk)).select_related("agency", "unit")
    return found.order_by("-opened_at", "pk")


def held_in(visitor: Visitor, case: Case) -> dict[str, Any]:
    """One case of the party: texts, recordings and pictures, other evidence; what these eyes may not see has no name."""
    pack = gather.pack_of(case)
    hidden = casefile.hidden_from(case, pack, sight_of(visitor, case))
    here = f"/desk/cases/{case.pk}"
    papers = [
        {"text": f"{row.label}{row.number}", "href": f"{here}/papers/{row.pk}/"}
        for row in Paper.objects.filter(case=case).defer("content").order_by("n", "label")
        if f"paper:{row.pk}" not in hidden
    ]
    media: list[dict[str, str]] = []
    others: list[dict[str, str]] = []
    for row in Evidence.objects.filter(case=case).order_by("n", "title"):
        secret = f"evidence:{row.pk}" in hidden
        told = (
            {"text": "名称已按规定隐去"}
            if secret
            else {"text": row.title, "href": f"{here}/evidence/{row.pk}/"}
        )
        (media if row.mime.partition("/")[0] in MEDIA else others).append(told)
    return {
        "case": case,
        "stage": stage_label(case, pack),
        "procedure": pack.procedures[case.procedure].label,
        "groups": [
            {"label": label, "rows": rows}
            for label, rows in (("文字", papers), ("音像", media), ("其他证据", others))
            if rows
        ],
        "withheld": sum(ref.startswith("paper:") for ref in hidden),
    }
