"""统计分析: how complete files are, what was recorded, what took too long or came late; every number with the cases behind it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.desk.counting.figures_asked import NOBODY, QUARTERS, Asked, Sight, asked_of, sight_of, wanted
from sanxiang.desk.counting.figures_tables import (
    LINE_HEAD,
    cards_of,
    charts_of,
    flaw_table,
    groups_of,
    line_rows,
    line_table,
    missing_table,
    period_table,
    plain,
)
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.oversight.evaluation.results import Result, register, weak
from sanxiang.oversight.figures import sums
from sanxiang.oversight.figures.counting import count_changed
from sanxiang.oversight.figures.measures import MEASURES
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency, Person, Unit


@dataclass(frozen=True)
class Found:
    """Everything that a page of figures says, once for the page and for the tables to take away."""

    left: int
    whole: sums.Sums
    groups: dict[str, Any]
    missing: list[sums.Missing]
    periods: list[sums.Duration]
    flaws: list[tuple[str, int]]
    evaluated: int


def found_for(visitor: Visitor, sight: Sight, asked: Asked) -> Found:
    """The figures asked for. The same number of queries whatever there is to count."""
    left = count_changed(sight.cases())
    rows = sight.rows().filter(wanted(asked))
    cells = sums.cube(rows, visitor.on)
    officers = sums.by_officer(rows, visitor.on) if sight.wide else {}
    results = evaluated(visitor, rows)
    return Found(
        left,
        sums.total(cells.values()),
        groups_of(cells, officers, asked),
        sums.missing(rows),
        sums.durations(rows, visitor.on),
        weak(results),
        len({one.case_id for one in results}),
    )


def evaluated(visitor: Visitor, rows: Any) -> list[Result]:
    """The evaluations of the cases asked about, the last of each case. Three queries."""
    _, results = register(visitor.agencies)
    last = {one.case_id: one for one in reversed(results)}
    known = rows.filter(pk__in=[key for key in map(uuid_of, last) if key]).values_list("pk", flat=True)
    return [last[str(key)] for key in known]


@require_GET
def figures(request: HttpRequest) -> HttpResponseBase:
    """The page; one of its tables to take away with ?format=csv&table=…"""
    visitor = visitor_of(request)
    asked, sight = asked_of(request.GET, visitor.on), sight_of(visitor)
    found = found_for(visitor, sight, asked)
    if request.GET.get("format") == "csv":
        return away(found, asked, request.GET.get("table", ""))
    context = drawn(found, asked) | {
        "asked": asked,
        "chips": chips(asked),
        "times": times(asked),
        "scope": sight.words,
        "wide": sight.wide,
    }
    return page(request, visitor, "desk/figures.html", context, section="cases")


def drawn(found: Found, asked: Asked) -> dict[str, Any]:
    """The figures as the page draws them."""
    pictures = charts_of(found.groups.get("按机构", []), found.missing)
    return {
        "cards": cards_of(found.whole, asked),
        # built by ElementTree, which escapes every word
        "charts": [{"title": one["title"], "svg": mark_safe(one["svg"])} for one in pictures],
        "tables": [
            line_table(caption, rows, asked, caption != "按承办人") for caption, rows in found.groups.items()
        ],
        "missing": missing_table(found.missing, asked),
        "periods": period_table(found.periods, asked),
        "flaws": flaw_table(found.flaws, found.evaluated, asked),
        "measures": MEASURES.values(),
        "left": found.left,
        "away": {name: f"{asked.href()}&format=csv&table={name}" for name in TABLES},
    }


TABLES = {"lines": "figures", "missing": "missing", "periods": "periods", "flaws": "flaws"}
"""What may be taken away, and how the file is called."""


def away(found: Found, asked: Asked, name: str) -> HttpResponseBase:
    """One table as csv: the same numbers as on the page."""
    drawn_ = {
        "missing": lambda: plain(missing_table(found.missing, asked)),
        "periods": lambda: plain(period_table(found.periods, asked)),
        "flaws": lambda: plain(flaw_table(found.flaws, found.evaluated, asked)),
    }
    head, rows = drawn_[name]() if name in drawn_ else (LINE_HEAD, line_rows(found.groups, found.whole))
    answer = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    told = f"{TABLES.get(name, 'figures')}-{asked.year}" + (f"-{asked.quarter}" if asked.quarter else "")
    answer["Content-Disposition"] = f'attachment; filename="{told}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def chips(asked: Asked) -> list[dict[str, str]]:
    """The filters in force, each with the address without it. Three queries at most."""
    found = []
    for name, model, label in (
        ("agency", Agency, "机关"),
        ("unit", Unit, "机构"),
        ("officer", Person, "承办人"),
    ):
        if text := getattr(asked, name):
            row = (
                None
                if text == NOBODY
                else model.objects.filter(pk=text).values_list("name", flat=True).first()
            )
            found.append((name, f"{label}：{row or '未分配'}"))
    found += [(name, f"{label}：{text}") for name, label in WORDS.items() if (text := getattr(asked, name))]
    return [{"text": text, "href": asked.href(**{name: ""})} for name, text in found]


WORDS = {"kind": "行为种类", "item": "执法事项", "step": "办过的步骤"}


def times(asked: Asked) -> list[dict[str, Any]]:
    """The years and quarters to turn to."""
    whole = {"text": f"{asked.year}年全年", "href": asked.href(quarter=0), "here": not asked.quarter}
    some = [
        {"text": label, "href": asked.href(quarter=n), "here": asked.quarter == n}
        for n, label in QUARTERS.items()
    ]
    years = [
        {"text": f"{year}年", "href": asked.href(year=year), "here": False}
        for year in (asked.year - 1, asked.year + 1)
    ]
    return [years[0], whole, *some, years[1]]
