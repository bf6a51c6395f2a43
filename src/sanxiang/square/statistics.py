"""公示统计: the published decisions by month, kind of act and agency, each as a picture and as a table that says the same."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.cases.search import asking
from sanxiang.cases.search.numbers import end_of, month_of
from sanxiang.square.decisions import organs
from sanxiang.square.page import address, page, public

MONTHS = 24
WIDTH, LEFT, ROOM, ROW = 340, 104, 56, 24
"""A picture's width, where its bars begin, the room for a number behind them, and the height of a row: readable on a phone."""

Part = tuple[str, int, str]
"""What is counted, how many there are, and the list that shows them."""


@public
def statistics(request: HttpRequest) -> HttpResponse:
    """All three divisions. The numbers are those of the list: each leads to it."""
    agencies = organs()
    by_agency = asking.numbers_by("agency")
    kinds = [
        (ACT_TYPES[code], number, listed(act_type=code))
        for code, number in most(asking.numbers_by("act_type"))
        if code in ACT_TYPES
    ]
    names = {agency.pk: agency.name for agency in agencies}
    whose = [(names[key], number, listed(agency=str(key))) for key, number in most(by_agency) if key in names]
    months = by_month(timezone.localdate())
    charts = [
        chart("months", f"近 {MONTHS} 个月作出的决定（按决定日期）", "月份", months),
        chart("kinds", "按行为种类", "行为种类", kinds),
        chart("agencies", "按公示机关", "公示机关", whose),
    ]
    context = {
        "section": "decisions", "charts": charts, "total": f"{sum(by_agency.values()):,}", "any": bool(by_agency),
        "begun": months[0][0] if months else "", "shortened": len(months) < MONTHS,
    }  # fmt: skip
    return page(request, "square/statistics.html", context)


def most(numbers: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """The largest first."""
    return sorted(numbers.items(), key=lambda pair: (-pair[1], str(pair[0])))


def listed(**asked: str) -> str:
    """The address of the list that a number counts."""
    return address(reverse("decisions"), asked)


def by_month(today: date) -> list[Part]:
    """The months of the last two years from the first one with a decision on, also those without any between."""
    first = today.replace(day=1)
    starts = [first]
    while len(starts) < MONTHS:
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    numbers: dict[int, int] = {}
    for month, _kind, number in asking.months(starts[-1], first):
        numbers[month] = numbers.get(month, 0) + number
    begun = min((month for month, number in numbers.items() if number), default=None)
    return [
        (
            f"{day.year}年{day.month}月",
            numbers.get(month_of(day), 0),
            listed(**{"from": day.isoformat(), "to": end_of(day).isoformat()}),
        )
        for day in reversed(starts)
        if begun is not None and month_of(day) >= begun
    ]


def chart(name: str, title: str, head: str, parts: Sequence[Part]) -> dict[str, Any]:
    """One division: the picture and the table."""
    rows = [
        {"cells": [{"text": text}, {"text": f"{number:,}", "href": href} if number else {"text": "0"}]}
        for text, number, href in parts
    ]
    columns = [{"label": head}, {"label": "决定（条）", "num": True}]
    table = {"caption": title, "columns": columns, "rows": rows, "total": None}
    return {"name": name, "title": title, "picture": picture(title, parts) if parts else "", "table": table}


def picture(title: str, parts: Sequence[Part]) -> SafeString:
    """Bars as SVG. It says nothing that the table beside it does not say, so a screen reader hears its title alone."""
    top = max(number for _, number, _ in parts) or 1
    rows = [
        (16 + at * ROW, text if len(text) <= 8 else f"{text[:7]}…", LEFT, 4 + at * ROW, width(number, top), LEFT + 6 + width(number, top),
         16 + at * ROW, f"{number:,}")
        for at, (text, number, _) in enumerate(parts)
    ]  # fmt: skip
    drawn = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><rect class="chart-bar" x="{}" y="{}" width="{}" height="16"/><text x="{}" y="{}">{}</text>',
        rows,
    )
    return format_html(
        '<svg class="chart-bars" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>',
        f"{title}：条形图，数字见表",
        WIDTH,
        len(rows) * ROW,
        drawn,
    )


def width(number: int, top: int) -> int:
    """How long a bar is; one that stands for something is never invisible."""
    full = WIDTH - LEFT - ROOM
    return max(round(full * number / top), 1 if number else 0)
