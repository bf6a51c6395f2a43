"""The column 执法公示专栏 that other sites include: framed, as a piece of HTML, as RSS, Atom or JSON. These addresses alone let others in.

It shows the newest decisions of the list with the list's own filters, and nothing that the list does not show.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.headers import POLICY
from sanxiang.square import asked, feeds, showing
from sanxiang.square.decisions import organs
from sanxiang.square.page import FRESH, address, public, refused

USUAL, MOST = 10, 50
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


def entry(request: HttpRequest, row: Publication) -> dict[str, Any]:
    """One decision as the column shows it."""
    return {
        "id": str(row.pk),
        "url": request.build_absolute_uri(reverse("decision", args=[row.pk])),
        "title": showing.short(showing.heading_of(row)),
        "number": row.number,
        "act_type": row.act_type,
        "kind": ACT_TYPES.get(row.act_type, row.act_type),
        "party": showing.short(row.party),
        "agency": row.agency.name,
        "authority": showing.organ_of(row),
        "decided_on": row.decided_on,
        "published_on": row.published_on,
    }


def limit_of(request: HttpRequest) -> int:
    """How many are asked for: from 1 to 50; ten when nobody says, or says nothing that can be read."""
    text = request.GET.get("limit", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else USUAL
    return min(max(number, 1), MOST)


def told(request: HttpRequest) -> tuple[dict[str, Any], asked.Asked]:
    """What every form of the column says. An unreadable question has no entries, and errors."""
    agencies = organs()
    question = asked.read(request.GET, agencies, limit_of(request))
    if question.errors:
        return {}, question
    page = asking.find(question.query)
    names = {agency.pk: agency.name for agency in agencies}
    name = names.get(question.query.agency) if question.query.agency else None
    shown = {
        "title": f"{name}行政执法公示" if name else "行政执法公示",
        "home": request.build_absolute_uri(address(reverse("decisions"), question.typed)),
        "total": page.total,
        "items": [entry(request, row) for row in page.rows],
    }
    return shown, question


def _html(request: HttpRequest, template: str) -> HttpResponse:
    shown, question = told(request)
    if question.errors:
        return refused(question.summary)
    site = settings.PUBLIC_ADDRESS if settings.ADDRESS_TOLD else request.build_absolute_uri("/").rstrip("/")
    response = render(request, template, {**shown, "site": site})
    response["Cache-Control"] = FRESH
    return response


@public
@xframe_options_exempt
def column(request: HttpRequest) -> HttpResponse:
    """The column as a page for a frame; its links open in the whole window."""
    response = _html(request, "square/column.html")
    response["Content-Security-Policy"], response["X-Robots-Tag"] = FRAMED, "noindex"
    return response


def opened(response: HttpResponse) -> HttpResponse:
    """Scripts of other sites may read this answer; it is the same for everybody, signed in or not."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public
def fragment(request: HttpRequest) -> HttpResponse:
    """The same as a piece of HTML without styles, for a page that is put together on a server or by a script."""
    return opened(_html(request, "square/column_part.html"))


@public
def data(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    shown, question = told(request)
    if question.errors:
        return opened(refused(question.summary))
    response = JsonResponse(shown, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Cache-Control"] = FRESH
    return opened(response)


@public
def atom(request: HttpRequest) -> HttpResponse:
    """The same as Atom."""
    return opened(feeds.of_list(request, feeds.Atom, limit_of(request)))


@public
def rss(request: HttpRequest) -> HttpResponse:
    """The same as RSS."""
    return opened(feeds.of_list(request, feeds.Rss, limit_of(request)))
