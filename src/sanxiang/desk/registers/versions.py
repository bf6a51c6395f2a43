"""What differs between two versions of a list, and what of a list is to be looked over again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from sanxiang.desk.registers.drawn import changes_table
from sanxiang.desk.registers.sought import door, in_sight, may, recheck_for
from sanxiang.desk.who import page, visitor_of
from sanxiang.door.pinned import PackLost, current
from sanxiang.law.citing import plain_name, templates_citing
from sanxiang.law.registers.compare import differences
from sanxiang.oversight.impact import cases_citing
from sanxiang.registers.models import Recheck, Register, Release
from sanxiang.registers.releases import two_of

MOST = 100
"""Lines of a kind on the page of one recheck."""


@require_GET
def changes(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """Two versions of one list, entry by entry."""
    visitor = visitor_of(request)
    rows = Register.objects.filter(agency__in=in_sight(visitor)).select_related("agency")
    register = get_object_or_404(rows, pk=register_id)
    first, last = two_of(register, request.GET.get("from", ""), request.GET.get("to", ""))
    between = differences(register.kind, first.rows if first else (), last.rows if last else ())
    context = {
        "register": register,
        "first": first,
        "last": last,
        "between": between,
        "changes": changes_table(between),
        "fields": version_fields(register, first, last),
    }
    return page(request, visitor, "desk/register_changes.html", context, section="registers")


def version_fields(register: Register, first: Release | None, last: Release | None) -> list[dict[str, Any]]:
    """Which two are held against each other."""
    versions = list(register.releases.order_by("-version").values_list("version", flat=True))
    choices = [{"value": str(n), "label": f"第{n}版"} for n in versions]
    told = (("from", "从", first), ("to", "到", last))
    return [
        {
            "kind": "choice",
            "draw": "select",
            "name": name,
            "label": label,
            "choices": choices,
            "value": str(one.version) if one else "",
            "required": True,
        }
        for name, label, one in told
    ]


@require_GET
def recheck(request: HttpRequest, recheck_id: UUID) -> HttpResponse:
    """What a change of the law or of functions touches: entries, templates, periods and open cases."""
    visitor = visitor_of(request)
    one = recheck_for(visitor, recheck_id)
    agency = one.register.agency
    acts = []
    if one.closed_at is None:
        told = {"draft-register": {"kind": one.register.kind}, "close-recheck": {"recheck": str(one.pk)}}
        labels = {"draft-register": "起草新的版本", "close-recheck": "不需要修改"}
        acts = [
            door(act, agency.pk, labels[act], **more)
            for act, more in told.items()
            if may(visitor, act, agency.pk)
        ]
    context = {
        "one": one,
        "acts": acts,
        "entries": entries_table(one),
        "beside": beside(one, in_sight(visitor)),
    }
    return page(request, visitor, "desk/register_recheck.html", context, section="registers")


def entries_table(one: Recheck) -> dict[str, Any]:
    """The entries that were flagged."""
    rows = [
        {
            "cells": [
                {"text": str(entry["row"])},
                {"text": entry["name"]},
                {"text": "、".join(entry["articles"]) or "—"},
            ]
        }
        for entry in one.entries
    ]
    columns = [{"label": "行", "num": True}, {"label": "条目"}, {"label": "引用的条"}]
    empty = {"title": "核对整份清单", "text": "逐项核对名称、依据、主体和内容是不是还符合现在的情况。"}
    return {"caption": "要复核的条目", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}


def beside(one: Recheck, seen: frozenset[UUID]) -> list[dict[str, Any]]:
    """Templates, running periods and open cases that rest on the same law; nothing where functions moved."""
    if one.cause in ("function", "period"):
        return []
    law, touched = plain_name(one.subject), set(one.articles)
    templates = templates_citing([current(one.register.agency.locality)], law)
    try:
        cases, periods = cases_citing(law, seen & {one.register.agency_id})
    except PackLost as lost:
        return [{"title": "在办案件", "lines": [str(lost)], "total": 1}]
    groups = (
        ("文书模板", [(f"{row.place} {row.id}", row.articles) for row in templates]),
        (
            "正在计算的期限",
            [(f"{row['number'] or row['title']} {row['label']}", row["articles"]) for row in periods],
        ),
        ("在办案件", [(f"{row['number'] or '未立案'} {row['title']}", row["articles"]) for row in cases]),
    )
    return [group(title, rows, touched) for title, rows in groups]


def group(title: str, rows: list[tuple[str, tuple[str, ...]]], touched: set[str]) -> dict[str, Any]:
    """Lines of one kind; where the change is of single articles, those that cite another are left out."""
    kept = [text for text, articles in rows if not touched or not articles or touched & set(articles)]
    return {"title": title, "lines": kept[:MOST], "total": len(kept)}
