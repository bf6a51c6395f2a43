"""The ledger as an officer sees it: how long it is, what came last, how to check it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.who import Visitor, cases_of, page, visitor_of
from sanxiang.ledger.models import Entry, Opening, Pending, Sequence
from sanxiang.ledger.verify import INSTALLATION
from sanxiang.people import roles

LAST = 50
TOLD = {"account": "服务器账号", "dir": "目录", "file": "文件"}
"""What of an act on the installation is told beside its name."""


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Size, last entries, how to verify. What was done is named only for cases that the visitor may see."""
    visitor = visitor_of(request)
    state = Sequence.objects.filter(pk=1).first()
    size, waiting = state.size if state else 0, Pending.objects.count()
    entries = list(Entry.objects.select_related("act").defer("act__leaf").order_by("-idx")[:LAST])
    figures = [
        {"label": "已编号的条目", "value": f"{size:,}", "unit": "条"},
        {"label": "等待编号", "value": f"{waiting:,}", "unit": "条", "sub": "通常在一秒之内编上"},
    ]
    context = {
        "figures": figures,
        "origin": state.origin if state else "",
        "table": table_of(entries, seen(visitor, entries), of_installation(visitor, entries)),
    }
    return page(request, visitor, "desk/ledger.html", context, section="ledger")


def seen(visitor: Visitor, entries: list[Entry]) -> dict[UUID, str]:
    """Titles of the cases among these entries that the visitor may see. One query."""
    subjects = {entry.act.subject for entry in entries if entry.act.kind == "case"}
    return dict(cases_of(visitor).filter(pk__in=subjects).values_list("pk", "title"))


def of_installation(visitor: Visitor, entries: list[Entry]) -> dict[UUID, str]:
    """The acts on the installation itself among these entries, for its administrators: under which account of the machine, and
    whither a backup or an export went. One query, none for others."""
    if not visitor.roles & roles.ADMIN_ROLES:
        return {}
    acts = {entry.act_id: "" for entry in entries if entry.act.kind == INSTALLATION}
    rows = Opening.objects.filter(act__in=acts, name__in=TOLD, erased_by=None).order_by("act", "name")
    for act, name, value in rows.values_list("act", "name", "value"):
        acts[act] = "，".join(filter(None, (acts[act], f"{TOLD[name]} {value}")))
    return acts


def table_of(entries: list[Entry], titles: dict[UUID, str], ours: dict[UUID, str]) -> dict[str, Any]:
    """The last entries: place, time, what was done where it may be told, the start of the leaf hash."""
    rows = []
    for entry in entries:
        act = entry.act
        mine = act.subject in titles or act.pk in ours
        what = {"text": "（其他机关或者机构管理事项）"}
        if act.pk in ours:
            what = {"text": act.label, "sub": ours[act.pk]}
        elif mine:
            what = {"text": act.label, "href": f"/desk/cases/{act.subject}/", "sub": titles[act.subject]}
        who = f"{act.by_name or '系统'}" if mine else "—"
        rows.append(
            {
                "cells": [
                    {"text": f"{entry.idx:,}"},
                    {"text": cn_datetime(timezone.localtime(act.at))},
                    what,
                    {"text": who},
                    {"text": f"{entry.leaf_hash[:16]}…"},
                ]
            }
        )
    labels = ("序号", "记入时间", "办理", "办理人", "校验码")
    empty = {"title": "账本里还没有条目", "text": "办理第一步之后，这里会出现第一条。"}
    columns = [{"label": label, "num": label == "序号"} for label in labels]
    return {"caption": f"最近的条目（最多 {LAST} 条）", "columns": columns, "rows": rows, "empty": empty}
