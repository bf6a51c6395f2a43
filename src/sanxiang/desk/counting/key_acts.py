"""重点执法行为: what is watched with priority, and how its cases stand by the same shares as everything."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.counting.figures import times
from sanxiang.desk.counting.figures_asked import Asked, asked_of, sight_of, wanted
from sanxiang.desk.counting.figures_tables import cell_of
from sanxiang.desk.counting.weak_links import away
from sanxiang.desk.who import page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.oversight.figures.counting import count_changed
from sanxiang.oversight.figures.measures import MEASURES
from sanxiang.oversight.figures.sums import Sums
from sanxiang.oversight.weak.key_acts import SCOPES, TAG, UNTAG, KeyAct, key_acts_in, watched
from sanxiang.people.models import Agency

HERE = "/desk/key-acts/"


@require_GET
def key_acts(request: HttpRequest) -> HttpResponseBase:
    """The monitor; as a table to take away with ?format=csv."""
    visitor = visitor_of(request)
    asked, sight = asked_of(request.GET, visitor.on), sight_of(visitor)
    left = count_changed(sight.cases())
    marks = key_acts_in(visitor.agencies)
    found = watched(marks, sight.rows().filter(wanted(asked)), visitor.on)
    names = dict(Agency.objects.filter(pk__in=visitor.agencies).values_list("pk", "name"))
    may = visitor.agencies_as(ACTS[TAG].by)
    table = table_of(marks, found, asked, (names, may))
    if request.GET.get("format") == "csv":
        return away(table, asked)
    context = {
        "asked": asked,
        "times": [one | {"href": one["href"].replace("/desk/figures/", HERE)} for one in times(asked)],
        "table": table,
        "csv_href": f"{asked.href(HERE)}&format=csv",
        "left": left,
        "scope": sight.words,
        "may": bool(may),
    }
    return page(request, visitor, "desk/key_acts.html", context, section="cases")


About = tuple[dict[UUID, str], frozenset[UUID]]
"""What agencies are called, and in which the visitor may take marks off."""


def table_of(marks: list[KeyAct], found: list[Sums], asked: Asked, about: About) -> dict[str, Any]:
    """One line a mark, with the shares of its cases; every number leads to them."""
    names, may = about
    rows = []
    for one, sums in zip(marks, found, strict=True):
        narrowed = narrowed_to(one)
        sub = f"{SCOPES[one.scope]}，{cn_date(one.since)}起，{one.by}" + (
            f"，{names[one.agency]}" if len(names) > 1 else ""
        )
        rows.append(
            {
                "cells": [
                    {"text": one.name, "href": asked.href(**narrowed), "sub": sub},
                    {"text": str(sums.cases), "href": asked.behind("", **narrowed)},
                    *(cell_of(measure, sums, asked, narrowed) for measure in MEASURES.values()),
                    {"text": one.reason} | off(one, may),
                ]
            }
        )  # fmt: skip
    heads = ("重点执法行为", "案件", *(m.label for m in MEASURES.values()), "理由")
    text = "把执法事项、行为种类或者执法环节标为重点之后，这里单独统计它们的案件。"
    return {
        "caption": "标为重点的",
        "columns": [{"label": x, "num": x == "案件"} for x in heads],
        "rows": rows,
        "total": len(rows),
        "empty": {"title": "没有标过重点执法行为", "text": text},
    }


def narrowed_to(one: KeyAct) -> dict[str, str]:
    """The filters under which the figures are of this alone."""
    return {"agency": str(one.agency), one.scope: one.name if one.scope == "item" else one.code}


def off(one: KeyAct, may: frozenset[UUID]) -> dict[str, Any]:
    """Where the mark is taken off."""
    if one.agency not in may:
        return {}
    told = urlencode({"agency": one.agency, "scope": one.scope, "name": one.name})
    return {"links": [{"text": one.reason}, {"text": "取消", "href": f"/desk/admin/acts/{UNTAG}/?{told}"}]}
