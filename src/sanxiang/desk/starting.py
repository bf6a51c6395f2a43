"""Starting a case: which procedures an agency's scheme knows, and which of them are open to whom."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.pinned import current
from sanxiang.law.packs import Pack
from sanxiang.people.models import Agency
from sanxiang.speech import role_name


@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """Which procedure: those whose kind of act the agency's scheme lists."""
    visitor = visitor_of(request)
    choices = [choice for agency in visitor.workplaces.values() for choice in procedures_of(visitor, agency)]
    doors, closed = [c for c in choices if c["open"]], [c for c in choices if not c["open"]]
    kinds = [kinds_of(agency) for agency in visitor.workplaces.values() if may_open(visitor)]
    return page(request, visitor, "desk/new.html", {"doors": doors, "closed": closed, "kinds": kinds})


def kinds_of(agency: Agency) -> dict[str, Any]:
    """The kinds of acts that the agency's scheme lists, where it lists them, and which procedures there are for each."""
    pack = current(agency.locality)
    found = {
        kind["code"]: [
            p.label for p in pack.procedures.values() if p.act_type in (kind["code"], *kind.get("also", ()))
        ]
        for kind in pack.act_types()
    }
    rows = [
        {
            "cells": [
                {"text": kind["label"], "strong": True},
                {"text": kind.get("clause", "")},
                {"text": "、".join(found[kind["code"]]) or "还没有可用的程序"},
            ]
        }
        for kind in pack.act_types()
    ]
    columns = [{"label": x} for x in ("种类", "方案条款", "程序")]
    return {
        "caption": f"{agency.name}可以办理的执法行为种类",
        "columns": columns,
        "rows": rows,
        "total": len(rows),
    }


def procedures_of(visitor: Visitor, agency: Agency) -> list[dict[str, Any]]:
    """The procedures of one agency, each open to this person or with the reason why not."""
    pack = current(agency.locality)
    held = visitor.roles_in(agency.pk)
    return [procedure_of(pack, agency, name, held) for name in pack.procedures]


def procedure_of(pack: Pack, agency: Agency, name: str, held: frozenset[str]) -> dict[str, Any]:
    """One procedure as a door: what it is for, under which heading of the scheme, or why it is closed."""
    rule = pack.procedures[name]
    first = next(act for act in pack.acts_of(name) if act.first)
    label = pack.printed_type(rule.act_type)
    may = bool(held & set(first.by)) or not first.by
    why = "" if label else "本地方案没有列出这一类行为"
    if label and not may:
        why = f"由{'、'.join(map(role_name, first.by))}登记"
    return {
        "label": rule.label,
        "href": f"/desk/cases/new/{name}/?agency={agency.pk}",
        "text": rule.help,
        "open": bool(label) and may,
        "why": why,
        "type": label,
        "agency": agency.name,
        "citation": str(rule.citation),
    }


def may_open(visitor: Visitor) -> bool:
    """May this person open a case anywhere today?"""
    return any(
        choice["open"] for agency in visitor.workplaces.values() for choice in procedures_of(visitor, agency)
    )
