"""公示渠道 beside the portal: the screen in an agency's hall and the sheet for its counter, with the digest of the same text."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from sanxiang.cases.disclosure.published import ACT_TYPES, standing
from sanxiang.cases.models import Publication
from sanxiang.people.models import Agency
from sanxiang.square.page import page, public

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
    row = Publication.objects.filter(standing(), pk=identity).select_related("agency").first()
    if row is None:
        raise Http404
    kind = ACT_TYPES.get(row.act_type, row.act_type)
    response = page(request, "square/sheet.html", {"row": row, "kind": kind, "section": "decisions"})
    response["X-Robots-Tag"] = "noindex"
    return response
