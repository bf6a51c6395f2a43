"""文书电子化率: by agency and quarter, with what was still written on paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.recording.record_uses import year_of
from sanxiang.oversight.paper_rate import Rate, rates
from sanxiang.people.models import Agency

HEAD = ("机关", "季度", "电子文书", "纸质文书", "电子化率", "其中纸面签名并扫描")


@require_GET
def rate(request: HttpRequest) -> HttpResponseBase:
    """The year's quarters; as a table to take away with ?format=csv."""
    visitor = visitor_of(request)
    year = year_of(request.GET.get("year", ""), visitor.on)
    names = dict(Agency.objects.filter(pk__in=visitor.agencies).order_by("name").values_list("pk", "name"))
    found = [one for one in rates(list(names), year) if one.share is not None] if year else []
    rows = [
        [names[one.agency], f"第{one.quarter}季度", one.electronic, one.on_paper, percent(one), one.scanned]
        for one in found
    ]
    if request.GET.get("format") == "csv":
        answer = StreamingHttpResponse(lines(HEAD, rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="paper-rate-{year}.csv"'
        return answer
    return drawn(request, visitor, year, found, rows)


def percent(one: Rate) -> str:
    """The share as people read it."""
    return "—" if one.share is None else f"{one.share:.1%}"


def drawn(
    request: HttpRequest, visitor: Visitor, year: int | None, found: list[Rate], rows: list[list[Any]]
) -> HttpResponse:
    """The page: a table, and a bar for each line of it."""
    bars = [
        {"label": f"{row[0]}{row[1]}", "share": f"{one.share:.4f}", "text": row[4]}
        for one, row in zip(found, rows, strict=True)
    ]
    context = {
        "year": year or visitor.on.year,
        "years": range(visitor.on.year, visitor.on.year - 5, -1),
        "table": table_of(rows),
        "bars": bars,
    }
    return page(
        request, visitor, "desk/paper_rate.html", context, section="registers", status=200 if year else 422
    )


def table_of(rows: list[list[Any]]) -> dict[str, Any]:
    """The lines as a table."""
    columns = [{"label": x, "num": x not in ("机关", "季度")} for x in HEAD]
    empty = {
        "title": "这一年还没有文书",
        "text": "文书随办理步骤自动制作；在系统之外用纸写成的，用“登记纸质文书”登记。",
    }
    return {
        "caption": "文书电子化率",
        "columns": columns,
        "rows": [{"cells": [{"text": str(cell)} for cell in row]} for row in rows],
        "total": len(rows),
        "empty": empty,
    }
