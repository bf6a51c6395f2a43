"""基本信息 and 结果信息: what agencies publish, each with its class and with the agency that enforces as its publisher (谁执法谁公示).

Basic is what an agency tells before it enforces; a result is what it decided. Each class has a feed of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.search import asking
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency
from sanxiang.registers.releases import in_force_openly
from sanxiang.speech import cn_day
from sanxiang.square import showing
from sanxiang.square.before.catalogue import register_href
from sanxiang.square.feeds import Atom, made
from sanxiang.square.page import address, page, public

BASIC, RESULT = "basic", "result"
CLASSES = {BASIC: "基本信息", RESULT: "结果信息"}
SHOWN = 50
NOTHING = {"title": "还没有公示的信息", "text": "机关公布清单、作出决定并公示以后，列在这里。"}


@dataclass(frozen=True)
class Item:
    """One thing that was published."""

    kind: str
    title: str
    publisher: str
    day: date
    href: str
    key: str


def basic(on: date, agency: UUID | None, limit: int = SHOWN) -> list[Item]:
    """The lists in force, the newest first. One query."""
    found = in_force_openly(on).filter(register__agency__active=True).exclude(rows=[])
    if agency:
        found = found.filter(register__agency=agency)
    rows = (
        found.defer("rows").select_related("register__agency").order_by("-in_force_from", "-n", "pk")[:limit]
    )
    return [
        Item(
            BASIC, f"{row.register.label}（第{row.version}版）", row.register.agency.name, row.in_force_from,
            register_href(row.register.agency, row.register.kind), row.pk.urn,
        )
        for row in rows
    ]  # fmt: skip


def results(agency: UUID | None, limit: int = SHOWN) -> list[Item]:
    """The decisions that are published, the newest first. What was withdrawn is none."""
    rows = asking.find(asking.Query(agency=agency, limit=limit)).rows
    return [
        Item(
            RESULT, showing.heading_of(row), showing.organ_of(row), row.published_on or row.sort_on,
            reverse("decision", args=[row.pk]), row.pk.urn,
        )
        for row in rows
    ]  # fmt: skip


def agency_asked(request: HttpRequest) -> UUID | None:
    """The agency to which the list is narrowed. Raises Http404 for what is none."""
    given = request.GET.get("agency", "")
    key = uuid_of(given) if given else None
    if given and not (key and Agency.objects.filter(pk=key, active=True).exists()):
        raise Http404
    return key


@public
def information(request: HttpRequest) -> HttpResponse:
    """Both classes or one of them, of all agencies or one."""
    agency, kind = agency_asked(request), request.GET.get("class", "")
    if kind not in ("", *CLASSES):
        raise Http404
    found = basic(timezone.localdate(), agency) if kind != RESULT else []
    found += results(agency) if kind != BASIC else []
    found.sort(key=lambda one: one.day, reverse=True)
    own = {"agency": str(agency)} if agency else {}
    tabs = [("", "全部"), *CLASSES.items()]
    context = {
        "section": "agencies",
        "table": table_of(found),
        "tabs": [
            {"label": label, "href": address(reverse("information"), own, **{"class": code}), "current": code == kind}
            for code, label in tabs
        ],
        "feeds": [
            {"label": label, "href": address(reverse("feed-class", args=[code]), own)} for code, label in CLASSES.items()
        ],
    }  # fmt: skip
    return page(request, "square/information.html", context)


def table_of(found: Iterable[Item]) -> dict[str, Any]:
    """One line an item."""
    rows = [
        {
            "cells": [
                {"text": one.title, "href": one.href},
                {"text": "", "badge": {"tone": "blue" if one.kind == BASIC else "green", "label": CLASSES[one.kind]}},
                {"text": one.publisher},
                {"text": cn_day(one.day)},
            ]
        }
        for one in found
    ]  # fmt: skip
    columns = [{"label": name} for name in ("信息", "类别", "公示单位", "日期")]
    return {"caption": "公示的信息", "columns": columns, "rows": rows, "empty": NOTHING}


@public
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """One class as Atom: it holds nothing of the other."""
    if kind not in CLASSES:
        raise Http404
    agency = agency_asked(request)
    found = basic(timezone.localdate(), agency) if kind == BASIC else results(agency)
    here = request.build_absolute_uri
    told = {
        "title": f"行政执法{CLASSES[kind]}",
        "link": here(address(reverse("information"), {"class": kind})),
        "feed_url": here(),
        "description": f"各执法机关公示的{CLASSES[kind]}",
    }
    entries = (
        {
            "title": one.title, "link": here(one.href), "description": f"{one.publisher}公示的{CLASSES[kind]}", "unique_id": one.key,
            "updateddate": midnight(one.day), "pubdate": midnight(one.day), "author_name": one.publisher, "categories": [CLASSES[kind]],
        }
        for one in found
    )  # fmt: skip
    return made(Atom, told, entries)


def midnight(day: date) -> datetime:
    """The beginning of that day here."""
    return timezone.make_aware(datetime.combine(day, time()))
