"""反映强烈的问题: what several people spoke about, and what was made of it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.complaints.voices import BARRED, READERS
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.voices.concerns import CLOSE, DECIDERS, MANY, OPEN, Concern, Group, concerns_in, groups_of
from sanxiang.door.voices.register import voices_in
from sanxiang.people import roles
from sanxiang.people.models import Agency

SEEN_BY = READERS | {roles.UNIT_HEAD}


@require_GET
def concerns(request: HttpRequest) -> HttpResponse:
    """The list and the tasks: which things and agencies several people spoke about within a year."""
    visitor = visitor_of(request)
    if not visitor.roles & SEEN_BY:
        raise PermissionDenied(BARRED)
    agencies = visitor.agencies_as(SEEN_BY)
    names = dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "name"))
    tasks = concerns_in(agencies)
    groups = groups_of(voices_in(agencies), names, visitor.on)
    context = {
        "groups": table_of(groups, tasks, names, visitor),
        "tasks": [drawn(one, names, visitor) for one in tasks],
        "many": MANY,
        "open": f"/desk/admin/acts/{OPEN}/" if visitor.roles & set(DECIDERS) else "",
    }
    return page(request, visitor, "desk/complaints/concerns.html", context, section="ledger")


def table_of(
    groups: list[Group], tasks: list[Concern], names: dict[UUID, str], visitor: Visitor
) -> dict[str, Any]:
    """What several people spoke about, with the task that it became or the way to make it one."""
    text = f"同一对象或者同一机关一年内有 {MANY} 件以上投诉、异议、意见的，列在这里。"
    return {
        "caption": "多人反映的对象和机关",
        "columns": [{"label": "对象"}, {"label": "机关"}, {"label": "件数", "num": True}, {"label": "任务"}],
        "rows": [
            {
                "cells": [
                    {"text": one.label, "strong": True},
                    {"text": names.get(one.agency, "")},
                    {"text": str(len(one.voices))},
                    made_of(one, tasks, visitor),
                ]
            }
            for one in groups
        ],
        "total": len(groups),
        "empty": {"title": "没有多人反映的问题", "text": text},
    }


def made_of(group: Group, tasks: list[Concern], visitor: Visitor) -> dict[str, Any]:
    """The task that rests on some of these voices; for whoever decides, the way to one."""
    numbers = {one.number for one in group.voices}
    task = next((one for one in tasks if numbers & set(one.voices)), None)
    if task:
        return {
            "text": task.number,
            "href": f"#{task.number}",
            "sub": "已办结" if task.closed else "正在办理",
        }
    if group.agency not in visitor.agencies_as(DECIDERS):
        return {"text": "还没有列为任务"}
    told = {"agency": str(group.agency), "title": group.label[:120], "voices": "、".join(sorted(numbers))}
    return {"text": "列为任务", "href": f"/desk/admin/acts/{OPEN}/?{urlencode(told)}"}


def drawn(one: Concern, names: dict[UUID, str], visitor: Visitor) -> dict[str, Any]:
    """One task as the page draws it."""
    state, tone = (
        ("已办结", "green")
        if one.closed
        else ("超期", "red")
        if one.late(visitor.on)
        else ("正在办理", "amber")
    )
    may = not one.closed and one.agency in visitor.agencies_as(DECIDERS)
    query = urlencode({"agency": str(one.agency), "concern": one.number})
    return {
        "one": one,
        "state": state,
        "tone": tone,
        "agency": names.get(one.agency, ""),
        "due": cn_date(one.due),
        "close": f"/desk/admin/acts/{CLOSE}/?{query}" if may else "",
    }
