"""着装和佩戴证件: how often officers in the field wore the certificate and the uniform, by agency and quarter."""

from collections import Counter, defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.desk.addresses import number_in
from sanxiang.desk.who import cases_of, page, visitor_of
from sanxiang.ledger.models import Opening

SHOWING = "show-certificate"
COLUMNS = (
    "机关",
    "季度",
    "亮证（人次）",
    "佩戴证件",
    "佩戴率",
    "按规定着装",
    "不要求",
    "没有着装",
    "没有填写",
)


@require_GET
def dress(request: HttpRequest) -> HttpResponse:
    """One year's figures for the cases in sight; nothing here refuses anything."""
    visitor = visitor_of(request)
    year = number_in(request.GET, "year") or visitor.on.year
    counted = counts_of(visitor, year)
    rows = [{"cells": cells_of(*key, found)} for key, found in sorted(counted.items())]
    table = {
        "caption": f"{year}年着装和佩戴证件",
        "columns": [{"label": x, "num": n > 1} for n, x in enumerate(COLUMNS)],
        "rows": rows,
        "total": len(rows),
        "empty": {
            "title": "没有亮证记录",
            "text": "办理“出示执法证件”时逐人填写的着装和佩戴情况，会按季度列在这里。",
        },
        "pager": {
            "total_text": f"{year}年",
            "prev_href": f"/desk/dress/?year={year - 1}",
            "next_href": f"/desk/dress/?year={year + 1}" if year < visitor.on.year else None,
        },
    }
    return page(request, visitor, "desk/dress.html", {"table": table}, section="cases")


def counts_of(visitor: Any, year: int) -> dict[tuple[str, int], Counter[str]]:
    """By agency's name and quarter: officers who showed certificates, and what was answered of each. Two queries."""
    said: dict[Any, dict[str, Any]] = defaultdict(dict)
    rows = Opening.objects.filter(
        name__in=("officers", "dress"),
        act__name=SHOWING,
        act__on__startswith=f"{year}-",
        act__subject__in=cases_of(visitor).values("pk"),
    ).values_list("act_id", "act__subject", "act__on", "name", "value")
    for act, subject, on, name, value in rows.iterator(chunk_size=2000):
        said[act] |= {"case": subject, "on": on, name: value}
    agencies = dict(
        Case.objects.filter(pk__in={one["case"] for one in said.values()}).values_list("pk", "agency__name")
    )
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for one in said.values():
        key = (agencies[one["case"]], (int(one["on"][5:7]) + 2) // 3)
        told = {str(row.get("officer")): row for row in one.get("dress") or ()}
        for officer in one.get("officers") or ():
            row = told.get(str(officer), {})
            found[key] += Counter(["shown", f"badge-{row.get('badge')}", f"uniform-{row.get('uniform')}"])
    return found


def cells_of(agency: str, quarter: int, found: Counter[str]) -> list[dict[str, Any]]:
    """One line of the table. The rate counts every officer, also those of whom nothing was said."""
    rate = round(100 * found["badge-yes"] / found["shown"])
    numbers = [found["shown"], found["badge-yes"], f"{rate}%"]
    numbers += [found[f"uniform-{answer}"] for answer in ("yes", "not-required", "no", "None")]
    return [{"text": agency}, {"text": f"第{'一二三四'[quarter - 1]}季度"}, *({"text": n} for n in numbers)]
