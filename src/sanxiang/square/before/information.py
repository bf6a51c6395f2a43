"""基本信息 and 结果信息: what agencies publish, each with its class and with the agency that enforces as its publisher (谁执法谁公示).

Basic is what an agency tells before it enforces; a result is what it decided. Each class has a feed of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.search import asking
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency
from sanxiang.registers.models import Release
from sanxiang.registers.releases import in_force_openly
from sanxiang.speech import cn_day
from sanxiang.square import showing
from sanxiang.square.before.catalogue import register_href
from sanxiang.square.feeds import Atom, made
from sanxiang.square.page import address, beyond, page, page_number, pager, public

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


def lists(on: date, agency: UUID | None) -> QuerySet[Release]:
    """The lists in force, the newest first."""
    found = in_force_openly(on).filter(register__agency__active=True).exclude(rows=[])
    if agency:
        found = found.filter(register__agency=agency)
    return found.order_by("-in_force_from", "-n", "pk")


def basic(on: date, agency: UUID | None, number: int = 1) -> list[Item]:
    """One page of them. One query."""
    begin = (number - 1) * SHOWN
    rows = lists(on, agency).defer("rows").select_related("register__agency")[begin : begin + SHOWN]
    return [
        Item(
            BASIC, f"{row.register.label}（第{row.version}版）", row.register.agency.name, row.in_force_from,
            register_href(row.register.agency, row.register.kind), row.pk.urn,
        )
        for row in rows
    ]  # fmt: skip


def results(agency: UUID | None, number: int = 1) -> tuple[list[Item], int | None]:
    """One page of the decisions that are published, the newest first, and how many there are. What was withdrawn is none."""
    found = asking.find(asking.Query(agency=agency, limit=SHOWN, page=number))
    return [
        Item(
            RESULT, showing.heading_of(row), showing.organ_of(row), row.published_on or row.sort_on,
            reverse("decision", args=[row.pk]), row.pk.urn,
        )
        for row in found.rows
    ], found.total  # fmt: skip


def agency_asked(request: HttpRequest) -> UUID | None:
    """The agency to which the list is narrowed. Raises Http404 for what is none."""
    given = request.GET.get("agency", "")
    key = uuid_of(given) if given else None
    if given and not (key and Agency.objects.filter(pk=key, active=True).exists()):
        raise Http404
    return key


@public
def information(request: HttpRequest) -> HttpResponse:
    """Both classes or one of them, of all agencies or one; one class page by page, of both the newest."""
    agency, kind = agency_asked(request), request.GET.get("class", "")
    number = page_number(request.GET.get("page", ""))
    if kind not in ("", *CLASSES) or number is None or (number > 1 and not kind):
        raise Http404
    own = {"agency": str(agency)} if agency else {}
    tabs = [("", "全部"), *CLASSES.items()]
    context = {
        "section": "agencies",
        "table": table_of(*shown(kind, agency, number), own, kind, number),
        "tabs": [
            {"label": label, "href": address(reverse("information"), own, **{"class": code}), "current": code == kind}
            for code, label in tabs
        ],
        "feeds": [
            {"label": label, "href": address(reverse("feed-class", args=[code]), own)} for code, label in CLASSES.items()
        ],
    }  # fmt: skip
    return page(request, "square/information.html", context)


def shown(kind: str, agency: UUID | None, number: int) -> tuple[list[Item], int | None]:
    """The lines of the page, and how many there are in all; None where more than anybody counts unasked."""
    today, found = timezone.localdate(), []
    total: int | None = 0
    if kind != RESULT:
        found, total = basic(today, agency, number), lists(today, agency).count()
    if kind != BASIC:
        more, count = results(agency, number)
        found, total = [*found, *more], None if total is None or count is None else total + count
    return sorted(found, key=lambda one: one.day, reverse=True)[:SHOWN] if not kind else found, total


def table_of(
    found: list[Item], total: int | None, own: Mapping[str, str], kind: str, number: int
) -> dict[str, Any]:
    """One line an item; a list of both classes that is cut says so, and each class leads on to its last line."""
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
    path, filters = reverse("information"), {**own, "class": kind}
    table: dict[str, Any] = {"caption": "公示的信息", "columns": columns, "rows": rows}
    cut = total is None or total > SHOWN
    table["total"] = "超过 10,000" if total is None else f"{total:,}"
    if cut and kind:
        table["pager"] = pager(path, filters, number, SHOWN, total, len(found))
    elif cut:
        table["caption"] = f"公示的信息，最新 {SHOWN} 条；其余的在“基本信息”“结果信息”里逐页列出"
    return table | {"empty": beyond(path, filters, number, SHOWN, total) or NOTHING}


@public
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """One class as Atom: it holds nothing of the other."""
    if kind not in CLASSES:
        raise Http404
    agency = agency_asked(request)
    found = basic(timezone.localdate(), agency) if kind == BASIC else results(agency)[0]
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
