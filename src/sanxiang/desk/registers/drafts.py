"""One draft of a list: how far it has come, what differs from the version in force, what is worth looking at, what one can do."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.desk.registers.drawn import changes_table, rows_shown
from sanxiang.desk.registers.sought import door, draft_for, may
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.registers.rows import warnings_of
from sanxiang.door.registers.standing import Stand, chain_of_agency, may_sign, stands_of
from sanxiang.exchange.lists import CURE, NUMBER, WHAT, as_csv
from sanxiang.law.registers.chain import IN_HOUSE, OUTSIDE
from sanxiang.law.registers.compare import differences
from sanxiang.registers.models import Draft, Release


@require_GET
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The page."""
    visitor = visitor_of(request)
    one = draft_for(visitor, draft_id)
    chain = chain_of_agency(one.agency, one.kind)
    stands = stands_of(one, chain)
    before = newest_of(one)
    between = differences(one.kind, before.rows if before else (), one.rows)
    context = {
        "draft": one,
        "chain": chain,
        "steps": [step_drawn(stand) for stand in stands],
        "acts": acts_of(visitor, one, stands),
        "warnings": warnings_of(one.agency, one.kind, one.rows, visitor.on),
        "before": before,
        "between": between,
        "changes": changes_table(between),
        "rejected": rejected_table(one),
        "table": rows_shown(one.rows, "这一稿的内容"),
    }
    return page(request, visitor, "desk/register_draft.html", context, section="registers")


@require_GET
def rejected(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The rows that were not taken, as a table to take away."""
    one = draft_for(visitor_of(request), draft_id)
    answer = HttpResponse(as_csv(one.rejected), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rejected.csv"'
    return answer


def newest_of(one: Draft) -> Release | None:
    """The version that the draft follows; of a released one, the version before its own."""
    found = Release.objects.filter(register__agency=one.agency, register__kind=one.kind)
    if one.release is not None:
        found = found.filter(version__lt=one.release.version)
    return found.order_by("-version").first()


def step_drawn(stand: Stand) -> dict[str, Any]:
    """One step with how it stands."""
    one = stand.signature
    if stand.done:
        badge = {"tone": "green", "label": "同意"}
    elif stand.void:
        badge = {"tone": "amber", "label": "签署失效"}
    else:
        badge = {"tone": "red", "label": "退回"} if one else {"tone": "amber", "label": "等待签署"}
    return {"label": stand.step.label, "text": stand.text, "badge": badge, "files": one.files if one else []}


def acts_of(visitor: Visitor, one: Draft, stands: list[Stand]) -> list[dict[str, Any]]:
    """What this visitor can do with it now, the next step first."""
    if one.ended:
        return []
    agency, waiting = one.agency_id, [stand for stand in stands if not stand.done]
    found = []
    for stand in waiting[:1]:
        told = {"draft": str(one.pk), "digest": one.digest}
        if may_sign(stand.step, one.agency, visitor.duties, {**visitor.reached}):
            found.append(door("sign-register", agency, "审核签署", **told))
        if stand.step.who == OUTSIDE and may(visitor, "record-reply", agency):
            found.append(door("record-reply", agency, "登记复函", **told))
    if not waiting and may(visitor, "release-register", agency):
        found.append(door("release-register", agency, "发布", kind=one.kind))
    if may(visitor, "draft-register", agency):
        found.append(door("draft-register", agency, "修改", kind=one.kind))
        imported = f"/desk/registers/import/?agency={agency}&kind={one.kind}"
        found.append({"href": imported, "label": "重新导入"})
        found.append(door("drop-draft", agency, "作废", draft=str(one.pk)))
    return found


def waits_for(one: Draft, stands: list[Stand]) -> str:
    """Whose turn it is."""
    waiting = next((stand for stand in stands if not stand.done), None)
    if waiting is None:
        return "可以发布"
    return f"等待{waiting.step.organ if waiting.step.who != IN_HOUSE else '本机关' + waiting.step.organ}签署"


def rejected_table(one: Draft) -> dict[str, Any] | None:
    """The rows that an import did not take."""
    rows = [
        {
            "state": "red",
            "cells": [
                {"text": row.get(NUMBER, "")},
                {"text": row.get(WHAT, ""), "sub": row.get(CURE, "")},
                {"text": "，".join(str(v) for k, v in row.items() if k not in (NUMBER, WHAT, CURE))},
            ],
        }
        for row in one.rejected
    ]
    columns = [{"label": NUMBER, "num": True}, {"label": WHAT}, {"label": "原文"}]
    return (
        {"caption": "没有收进来的行", "columns": columns, "rows": rows, "total": len(rows)} if rows else None
    )
