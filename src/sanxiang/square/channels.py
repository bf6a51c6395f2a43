"""公示渠道 beside the portal: the screen in an agency's hall and the sheet for its counter, with the digest of the same text."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from sanxiang.cases.disclosure.published import ACT_TYPES, standing
from sanxiang.cases.models import Publication
from sanxiang.cases.papers.code import address_code
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.people.models import Agency
from sanxiang.square.page import page, public
from sanxiang.square.remedy import remedies_of

LINES = 12
"""As many as a screen shows."""


def shown_in(agency: Agency) -> list[Publication]:
    """What the agency published last, newest first."""
    rows = Publication.objects.filter(standing(), agency=agency)
    return list(rows.order_by("-published_on", "-sort_on", "-pk")[:LINES])


@public
def hall(request: HttpRequest, identity: UUID) -> HttpResponse:
    """The page for a screen: it brings itself up to date every minute."""
    agency = get_object_or_404(Agency, pk=identity, active=True)
    rows = [{"row": row, "kind": ACT_TYPES.get(row.act_type, row.act_type)} for row in shown_in(agency)]
    response = page(request, "square/hall.html", {"agency": agency, "rows": rows, "section": "agencies"})
    response["Refresh"], response["X-Robots-Tag"] = "60", "noindex"
    return response


@public
def hall_feed(request: HttpRequest, identity: UUID) -> JsonResponse:
    """The same for the program of a screen."""
    agency = get_object_or_404(Agency, pk=identity, active=True)
    items = [item_of(row) for row in shown_in(agency)]
    told = {"agency": agency.name, "channel": "hall", "items": items}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


def item_of(row: Publication) -> dict[str, Any]:
    """One line of the feed."""
    names = ("number", "title", "party", "result", "authority", "summary")
    days = {name: day.isoformat() for name in ("decided_on", "published_on") if (day := getattr(row, name))}
    return {
        **{name: getattr(row, name) or "" for name in names},
        **days,
        "act_type": row.act_type,
        "digest": row.text_digest,
        "href": reverse("decision", args=[row.pk]),
    }


@public
def sheet(request: HttpRequest, identity: UUID) -> HttpResponse:
    """One decision on a sheet of paper for the counter."""
    row = Publication.objects.filter(standing(), pk=identity).select_related("agency", "case").first()
    if row is None:
        raise Http404
    where = reverse("decision", args=[row.pk])
    told = {"row": row, "facts": facts_of(row), "code": address_code(where), "section": "decisions",
            "plain_ways": remedies_of(row)[1]}  # fmt: skip
    shown = settings.PUBLIC_ADDRESS.rstrip("/") + where
    response = page(request, "square/sheet.html", {**told, "address": shown})
    response["X-Robots-Tag"] = "noindex"
    return response


def facts_of(row: Publication) -> list[dict[str, Any]]:
    """What the sheet says of the decision; what there is nothing of has no line."""
    told = {
        "执法机关": row.authority,
        "执法对象": row.party,
        "执法类别": ACT_TYPES.get(row.act_type, row.act_type),
        "执法结论": row.result,
        "文号": row.number,
        "决定日期": cn_date(row.decided_on),
        "公示日期": cn_date(row.published_on),
        "公开到": cn_date(row.display_until),
    }
    return [{"label": label, "value": value} for label, value in told.items() if value]
