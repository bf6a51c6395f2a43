"""按地区看: published decisions by township, as a map where the operator registered one, and always as a list of the same numbers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sanxiang.cases.search import asking
from sanxiang.people.levels import LEVELS, level_of
from sanxiang.people.models import Agency
from sanxiang.registers.maps import Map, standing
from sanxiang.square.page import page, public
from sanxiang.square.statistics import listed

STEPS = (1, 10, 100, 1000)
"""From so many decisions on a shape is darker."""
TOWN = 9
"""Digits of a township's code."""


@public
def regions(request: HttpRequest) -> HttpResponse:
    """The townships of the map and those that enforce, each with its number; and the organs above them by level."""
    agencies = list(
        Agency.objects.filter(active=True).only("name", "kind", "region").order_by("region", "name")
    )
    numbers, shown = asking.numbers_by("agency"), standing()
    towns = [one for one in agencies if level_of(one) == "town"]
    context = {
        "section": "decisions",
        "map": shown,
        "picture": picture(shown, towns, numbers) if shown else "",
        "table": table(shown, towns, agencies, numbers),
    }
    return page(request, "square/regions.html", context)


def table(
    shown: Map | None, towns: Sequence[Agency], agencies: Sequence[Agency], numbers: Mapping[UUID, int]
) -> dict[str, Any]:
    """One line a township, then one for each level above: every decision stands in one of them."""
    rows = [row(one.name, "1", numbers.get(one.pk, 0), listed(agency=str(one.pk))) for one in towns]
    known = {one.region[:TOWN] for one in towns}
    shapes = [one.township for one in shown.shapes] if shown else []
    rows += [row(one.name, "0", 0, "") for one in shapes if one.code[:TOWN] not in known]
    for level, label in LEVELS.items():
        organs = [one for one in agencies if level != "town" and level_of(one) == level]
        if organs:
            total = sum(numbers.get(one.pk, 0) for one in organs)
            rows.append(row(f"{label}机关", f"{len(organs):,}", total, listed(level=level)))
    columns = [
        {"label": "地区"},
        {"label": "执法机关（个）", "num": True},
        {"label": "决定（条）", "num": True},
    ]
    empty = {"title": "还没有登记执法主体"}
    return {"caption": "各地区公示的决定", "columns": columns, "rows": rows, "total": None, "empty": empty}


def row(name: str, organs: str, number: int, href: str) -> dict[str, Any]:
    """One line; a number leads to the list that it counts."""
    count = {"text": f"{number:,}", "href": href} if number else {"text": "0"}
    return {"cells": [{"text": name}, {"text": organs}, count]}


def picture(shown: Map, towns: Sequence[Agency], numbers: Mapping[UUID, int]) -> SafeString:
    """The map as SVG: each township that has published is a link, reached with the keyboard too."""
    by_code: dict[str, list[Agency]] = {}
    for one in towns:
        by_code.setdefault(one.region[:TOWN], []).append(one)
    drawn = []
    for shape in shown.shapes:
        organs = by_code.get(shape.township.code[:TOWN], [])
        total = sum(numbers.get(one.pk, 0) for one in organs)
        told = f"{shape.township.name}：{total:,} 条决定"
        dark = sum(total >= step for step in STEPS)
        outline = format_html(
            '<path class="region region-{}" d="{}"><title>{}</title></path>', dark, shape.path, told
        )
        text = format_html(
            '<text class="region-name region-name-{}" x="{}" y="{}">{}</text>',
            dark,
            shape.x,
            shape.y,
            shape.township.name,
        )
        href = listed(agency=str(organs[0].pk)) if total and len(organs) == 1 else ""
        inner = format_html("{}{}", outline, text)
        drawn.append(
            (format_html('<a href="{}" aria-label="{}">{}</a>', href, told, inner) if href else inner,)
        )
    return format_html(
        '<svg class="regions" role="group" aria-label="{}" viewBox="0 0 {} {}">{}</svg>',
        "各乡镇公示的决定：颜色越深越多，数字见列表", shown.width, shown.height, format_html_join("", "{}", drawn),
    )  # fmt: skip
