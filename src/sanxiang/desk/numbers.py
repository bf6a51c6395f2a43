"""Numbers of papers 文号: how far each series has come, and every number that stands on no paper, with its reason."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.admin.references import series as series_of
from sanxiang.door.administer import ACTS
from sanxiang.door.models import Number, Series
from sanxiang.people.models import Agency, Person

KEEPERS = frozenset(ACTS["reserve-numbers"].by)
FIGURES = ("已用", "预留", "作废", "下一号")
STATES = {"reserved": ("已预留，未使用", "amber"), "void": ("已作废", "plain")}
MOST = 500
"""Numbers without a paper that one page lists; the heading gives their total."""


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """The series of every agency in sight. Four queries, whatever there is."""
    visitor = visitor_of(request)
    loose = (
        Number.objects.filter(series__agency__in=visitor.agencies, status__in=STATES)
        .select_related("series__agency")
        .order_by("-series__year", "series__series", "-ordinal")
    )
    context = {
        "may_reserve": bool(KEEPERS & visitor.roles),
        "series": series_table(visitor),
        "loose": loose_table(list(loose[:MOST]), loose.count(), bool(KEEPERS & visitor.roles)),
    }
    return page(request, visitor, "desk/numbers.html", context, section="registers")


def series_table(visitor: Visitor) -> dict[str, Any]:
    """One line a series and year."""
    counts = {state: Count("numbers", filter=Q(numbers__status=state)) for state in ("issued", *STATES)}
    found = Series.objects.filter(agency__in=visitor.agencies).order_by("agency__name", "-year", "series")
    rows: list[dict[str, Any]] = [
        dict(row) for row in found.values("agency", "year", "series", "next", **counts)
    ]
    agencies = Agency.objects.in_bulk({row["agency"] for row in rows})
    labels = {key: dict(series_of(agency, None, visitor.on)) for key, agency in agencies.items()}
    drawn = [
        {
            "cells": [
                {"text": labels[row["agency"]].get(row["series"], row["series"])},
                {"text": f"{row['year']}年"},
                *({"text": str(row[name])} for name in ("issued", *STATES, "next")),
                {"text": agencies[row["agency"]].name},
            ]
        }
        for row in rows
    ]
    columns = ("文书", "年度", *FIGURES, "机关")
    empty = {"title": "还没有编过文号", "text": "办理第一件要编号的文书时，从1号开始编。"}
    return table("各文种编号", columns, drawn, len(drawn), empty)


def loose_table(rows: list[Number], total: int, may: bool) -> dict[str, Any]:
    """Numbers that are reserved or voided: who holds them, why they are void."""
    names = dict(
        Person.objects.filter(pk__in={r.held_by for r in rows if r.held_by}).values_list("pk", "name")
    )
    drawn = [{"cells": cells_of(row, names, may)} for row in rows]
    labels = ("文号", "状态", "领用人", "作废原因", "办理")
    empty = {"title": "没有预留或者作废的文号", "text": "到没有网络的地方当场处罚之前，可以先预留一段文号。"}
    return table("没有用在文书上的文号", labels, drawn, total, empty)


def cells_of(row: Number, names: dict[Any, str], may: bool) -> list[dict[str, Any]]:
    """One number."""
    label, tone = STATES[row.status]
    href = f"/desk/admin/acts/void-number/?agency={row.series.agency_id}&number={row.pk}"
    todo = {"text": "作废", "href": href} if may and row.status == "reserved" else {"text": "—"}
    return [
        {"text": row.text},
        {"text": "", "badge": {"label": label, "tone": tone}},
        {"text": names.get(row.held_by, "—")},
        {"text": row.reason or "—"},
        todo,
    ]


def table(
    caption: str, labels: tuple[str, ...], rows: list[dict[str, Any]], total: int, empty: dict[str, str]
) -> dict[str, Any]:
    """The parts of `parts/table.html`."""
    columns = [{"label": label, "num": label in FIGURES} for label in labels]
    return {"caption": caption, "columns": columns, "rows": rows, "empty": empty, "total": total}
