"""记录运用: for what the records of cases were used in a year, counted by purpose, each use with its cases and its outcome."""

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.who import Visitor, cases_of, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.pinned import current
from sanxiang.door.recording.record_uses import PURPOSES, USE, Use, counted, purposes_of, uses_in, year_of

HEAD = ("日期", "用于", "案件", "运用的单位和人员", "结果", "登记人")


@require_GET
def uses(request: HttpRequest) -> HttpResponseBase:
    """The year's uses; as a table to take away with ?format=csv."""
    visitor = visitor_of(request)
    asked = request.GET.get("year", "")
    year = year_of(asked, visitor.on)
    found = uses_in(visitor.agencies, year) if year else []
    names = purposes_of(current(visitor.home.locality)) if visitor.home else dict(PURPOSES)
    if year and request.GET.get("format") == "csv":
        return table_away(found, names, year)
    context = {
        "year": year or visitor.on.year,
        "years": range(timezone.localdate().year, timezone.localdate().year - 5, -1),
        "wrong": "" if year else f"“{asked[:20]}”不是年份，请写成四位数字，例如 {visitor.on.year}",
        "figures": [
            {"label": names[key], "value": n, "unit": "次"} for key, n in counted(found, names).items()
        ],
        "table": table_of(visitor, found, names),
        "may": bool(frozenset(ACTS[USE].by) & visitor.roles),
    }
    return page(request, visitor, "desk/uses.html", context, section="ledger", status=200 if year else 422)


def table_of(visitor: Visitor, found: list[Use], names: dict[str, str]) -> dict[str, Any]:
    """One line a use, its cases linked where the visitor may see them. One query."""
    links = links_of(visitor, {text for use in found for text in use.cases})
    rows = [
        {
            "cells": [
                {"text": cn_date(use.on)},
                {"text": names.get(use.purpose, use.purpose), "strong": True},
                {"links": [links.get(text, {"text": text, "href": ""}) for text in use.cases]},
                {"text": use.outcome, "sub": use.user},
                {"text": use.by},
            ]
        }
        for use in found
    ]
    columns = [{"label": x} for x in ("日期", "用于", "案件", "结果", "登记人")]
    text = "记录用于案卷评查、执法监督、评议考核、舆情应对、行政决策、社会信用体系建设的，逐次登记在这里。"
    empty = {"title": "这一年还没有登记过记录的运用", "text": text}
    return {"caption": "记录运用", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}


def links_of(visitor: Visitor, named: set[str]) -> dict[str, dict[str, str]]:
    """Where the cases of these numbers and codes stand."""
    rows = cases_of(visitor).filter(number__in=named) | cases_of(visitor).filter(code__in=named)
    found: dict[str, dict[str, str]] = {}
    for case in rows.only("number", "code", "title"):
        for text in named & {case.number, case.code}:
            found[text] = {"text": text, "href": f"/desk/cases/{case.pk}/", "title": titled(case)}
    return found


def titled(case: Case) -> str:
    """The case's name."""
    return str(case.title)


def table_away(found: list[Use], names: dict[str, str], year: int) -> HttpResponseBase:
    """The same lines as csv."""
    rows = (
        [cn_date(u.on), names.get(u.purpose, u.purpose), "、".join(u.cases), u.user, u.outcome, u.by]
        for u in found
    )
    answer = StreamingHttpResponse(lines(HEAD, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="record-uses-{year}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
