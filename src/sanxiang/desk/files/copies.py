"""调取副本: who asked to take copies out of which agency, what was decided, and how often each approval was used."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.who import WATCHERS, Visitor, page, visitor_of
from sanxiang.door.files.copies import APPROVED, DECIDE, OUTCOMES, REQUEST, SCOPES, Copy, copies_seen, used
from sanxiang.people import roles
from sanxiang.people.models import Agency

MOST = 200
HERE = "/desk/accesses/copies/"


@require_GET
def copies(request: HttpRequest) -> HttpResponse:
    """The requests that the visitor made, decides or watches, the newest first. Seven queries."""
    visitor = visitor_of(request)
    found = copies_seen(visitor.agencies_as(WATCHERS), visitor.person.pk)
    shown = found[:MOST]
    cases = Case.objects.filter(pk__in=[one.case for one in shown if one.case]).only("number", "code")
    named = {case.pk: case.number or f"查询码 {case.code}" for case in cases}
    keys = {key for one in shown for key in (one.agency, one.own_agency) if key}
    agencies = dict(Agency.objects.filter(pk__in=keys).values_list("pk", "name"))
    count = used(shown)
    rows = [row_of(one, visitor, named, agencies, count.get(one.number, 0)) for one in shown]
    labels = ("编号和时间", "申请人", "案件和内容", "用途", "决定", "使用")
    text = "把其他机关案件的文书、证据副本带走之前，先在案件页申请；在线查看不用申请。"
    table = {
        "caption": "调取副本，新的在前",
        "columns": [{"label": label} for label in labels],
        "rows": rows,
        "total": len(found),
        "empty": {"title": "没有调取副本的申请", "text": text},
    }
    may = bool(visitor.roles & {roles.SUPERVISOR, roles.RECORDING_SUPERVISOR, roles.LEGAL_REVIEWER})
    context = {"table": table, "may": may, "ask": f"/desk/admin/acts/{REQUEST}/"}
    return page(request, visitor, "desk/copies.html", context, section="ledger")


def row_of(
    one: Copy, visitor: Visitor, cases: dict[UUID, str], agencies: dict[UUID, str], count: int
) -> dict[str, Any]:
    """One request."""
    own = agencies.get(one.own_agency, "") if one.own_agency else ""
    told = (
        ({"text": cases[one.case], "href": f"/desk/cases/{one.case}/"})
        if one.case in cases
        else {"text": "—"}
    )
    return {
        "cells": [
            {"text": one.number, "strong": True, "sub": cn_datetime(timezone.localtime(one.at))},
            {"text": one.by_name, "sub": own},
            told | {"sub": f"{agencies.get(one.agency, '')}，{SCOPES.get(one.scope, one.scope)}"},
            {"text": one.purpose, "sub": "，".join(filter(None, (one.use, one.ticket)))},
            decision_of(one, visitor),
            {"text": use_of(one, count, visitor.on)},
        ],
    }


def decision_of(one: Copy, visitor: Visitor) -> dict[str, Any]:
    """What was decided, or for those who decide the way to it."""
    if one.outcome:
        tone = "green" if one.outcome == APPROVED else "red"
        badge = {"label": OUTCOMES.get(one.outcome, one.outcome), "tone": tone}
        return {"text": one.answer, "badge": badge, "sub": one.decided_by}
    where = deciding(one, visitor)
    if where is None:
        return {"text": "", "badge": {"label": "待决定", "tone": "amber"}}
    return {"text": "作出决定", "href": href_of(one, where)}


@require_GET
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The request by its own address: to its form for whoever decides it, else to the list."""
    visitor = visitor_of(request)
    seen = copies_seen(visitor.agencies_as(WATCHERS), visitor.person.pk)
    found = next((row for row in seen if row.id == request_id), None)
    where = deciding(found, visitor) if found and not found.outcome else None
    return redirect(href_of(found, where) if found and where else HERE)


def href_of(one: Copy, where: UUID) -> str:
    """The form on which the head of that agency decides."""
    return f"/desk/admin/acts/{DECIDE}/?{urlencode({'agency': str(where), 'request': one.number})}"


def deciding(one: Copy, visitor: Visitor) -> UUID | None:
    """The agency as whose head the visitor decides; None for everybody else, and for one's own request."""
    heads = {post.agency_id for post in visitor.posts if post.role == roles.AGENCY_HEAD}
    if one.by == visitor.person.pk:
        return None
    return next((key for key in (one.agency, one.own_agency) if key in heads), None)


def use_of(one: Copy, count: int, today: date) -> str:
    """How often it was used, and until when it may be."""
    if one.outcome != APPROVED or one.until is None:
        return ""
    over = "，已到期" if one.until < today else ""
    return f"已下载 {count} 次，共 {one.times} 次，{cn_date(one.until)}为止{over}"
