"""尽职免责申辩: who invoked which records in their own defence, how often they called them up for it, and what was decided."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.who import OVERSEERS, Visitor, page, visitor_of
from sanxiang.door.recording.defence import (
    CLAIM,
    CLAIMANTS,
    DECIDE,
    DECIDERS,
    OUTCOMES,
    Claim,
    claims_in,
    looks_for,
)

MOST = 200
TONES = {"cleared": "green", "lighter": "amber", "held": "plain"}


@require_GET
def defences(request: HttpRequest) -> HttpResponse:
    """Those of the agencies one oversees, and one's own; newest first. Five queries."""
    visitor = visitor_of(request)
    overseen = visitor.agencies_as(OVERSEERS)
    found = [
        one for one in claims_in(visitor.agencies) if one.agency in overseen or one.by == visitor.person.pk
    ]
    context = {
        "table": table_of(found, visitor),
        "may": bool(visitor.roles & set(CLAIMANTS)),
        "claim": f"/desk/admin/acts/{CLAIM}/",
    }
    return page(request, visitor, "desk/defences.html", context, section="ledger")


def table_of(found: list[Claim], visitor: Visitor) -> dict[str, Any]:
    """One line a claim. Two queries."""
    shown = found[:MOST]
    cases = Case.objects.filter(pk__in=[one.case for one in shown if one.case]).only("number", "code")
    named = {case.pk: case.number or f"查询码 {case.code}" for case in cases}
    looks = looks_for(shown)
    text = "被追究责任的，可以调阅自己办过的案件的记录，援引记录申辩；认定的结果和记录一起留存。"
    return {
        "caption": "尽职免责申辩，新的在前",
        "columns": [
            {"label": x} for x in ("编号", "申辩人", "案件", "理由和援引的记录", "为申辩调阅", "认定")
        ],
        "rows": [row_of(one, named, looks.get(one.number, 0), visitor) for one in shown],
        "total": len(found),
        "empty": {"title": "没有尽职免责申辩", "text": text},
    }


def row_of(one: Claim, cases: dict[UUID, str], looks: int, visitor: Visitor) -> dict[str, Any]:
    """One claim as a line."""
    told = one.told
    case: dict[str, Any] = {"text": cases.get(one.case, "") if one.case else ""}
    if case["text"]:
        case["href"] = f"/desk/cases/{one.case}/"
    return {
        "cells": [
            {"text": one.number, "strong": True, "sub": cn_datetime(timezone.localtime(one.at))},
            {"text": one.by_name, "sub": str(told.get("accused") or "")},
            case,
            {"text": str(told.get("grounds") or ""), "sub": str(told.get("records") or "")},
            {"text": f"{looks} 次"},
            result_of(one, visitor),
        ]
    }


def result_of(one: Claim, visitor: Visitor) -> dict[str, Any]:
    """What was decided, or for those who decide the way to it."""
    if one.outcome:
        badge = {"label": OUTCOMES[one.outcome], "tone": TONES[one.outcome]}
        return {"text": str(one.result.get("reason") or ""), "badge": badge, "sub": one.decided_by}
    if one.agency in visitor.agencies_as(DECIDERS) and one.by != visitor.person.pk:
        told = urlencode({"agency": str(one.agency), "claim": one.number})
        return {"text": "作出认定", "href": f"/desk/admin/acts/{DECIDE}/?{told}"}
    return {"text": "", "badge": {"label": "待认定", "tone": "amber"}}
