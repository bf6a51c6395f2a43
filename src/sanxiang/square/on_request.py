"""依申请公开: what is not published and may be asked for. Its title and the way to ask, never a word of the text."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from sanxiang.cases.disclosure.masked import public_text
from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.cases.models import Publication
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import load_pack
from sanxiang.people.models import Agency
from sanxiang.square.page import address, beyond, page, page_number, pager, public

PER_PAGE = 50
ASKED = Q(status="exempt", case__state__publication__ground="on-request")
"""The decisions that are given to whoever asks, and not shown."""

UNTITLED = "行政执法决定"
ARTICLE = "《政府信息公开条例》第二十七条、第二十九条"
"""Who may ask, and how (政府信息公开条例)."""


def title_of(row: Publication) -> str:
    """What it is called, with names hidden as in every public text."""
    if row.case is None:
        return UNTITLED
    try:
        return public_text(load_pack(row.case.pack), row.case.state, row.agency.name).fields["title"]
    except PackError:
        return UNTITLED


def channel_of(agency: Agency) -> str:
    """How to ask for it."""
    told = (("地址", agency.address), ("电话", agency.phone))
    where = "，".join(f"{label}：{value}" for label, value in told if value)
    return f"以书面形式向{agency.name}提出政府信息公开申请{f'（{where}）' if where else ''}"


def plain_of(row: Publication) -> dict[str, Any]:
    """All that is told of it."""
    return {
        "status": "on-request",
        "title": title_of(row),
        "agency": row.agency.name,
        "act_type": row.act_type,
        "channel": channel_of(row.agency),
    }


def shown(request: HttpRequest, row: Publication) -> HttpResponse:
    """The page of one: title, organ, how to ask."""
    kind = ACT_TYPES.get(row.act_type, row.act_type)
    told = plain_of(row)
    asking = address(reverse("apply"), {"agency": str(row.agency.pk), "wants": told["title"]})
    context = {"section": "decisions", "told": told, "kind": kind, "article": ARTICLE, "apply": asking}
    response = page(request, "square/on_request.html", context)
    response["X-Robots-Tag"] = "noarchive"
    return response


@public
def listing(request: HttpRequest) -> HttpResponse:
    """All of them, newest decision first."""
    number = page_number(request.GET.get("page", ""))
    if number is None:
        raise Http404
    rows = Publication.objects.filter(ASKED).order_by("-sort_on", "-pk").select_related("agency", "case")
    total, begin = rows.count(), (number - 1) * PER_PAGE
    some = list(rows[begin : begin + PER_PAGE])
    table = {
        "caption": "依申请公开的决定",
        "columns": [{"label": name} for name in ("标题", "机关", "行为种类", "怎样申请")],
        "rows": [{"cells": cells_of(row)} for row in some],
        "total": f"{total:,}",
        "pager": pager(reverse("on-request"), {}, number, PER_PAGE, total, len(some))
        if total > PER_PAGE
        else None,
        "empty": beyond(reverse("on-request"), {}, number, PER_PAGE, total)
        or {
            "title": "没有依申请公开的决定",
            "text": "机关确定依申请公开的决定，只在这里登标题和申请途径。",
        },
    }
    return page(request, "square/on_request_list.html", {"section": "decisions", "table": table})


def cells_of(row: Publication) -> list[dict[str, Any]]:
    """One line of the list."""
    told = plain_of(row)
    return [
        {"text": told["title"], "href": reverse("decision", args=[row.pk])},
        {"text": told["agency"]},
        {"text": ACT_TYPES.get(row.act_type, row.act_type)},
        {"text": told["channel"]},
    ]
