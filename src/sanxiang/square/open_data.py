"""What programs read: open data as csv and JSON, the map for search engines. Only what is published now."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.disclosure import published
from sanxiang.cases.disclosure.published import ACT_TYPES, ORIGINS, PARTY_TYPES
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.exchange.flags import label
from sanxiang.people.models import Agency
from sanxiang.square import asked
from sanxiang.square.decisions import organs
from sanxiang.square.page import FRESH, public, refused

MAP = 40_000
"""A map holds at most 50,000 addresses (sitemaps.org); beyond this many it becomes an index of maps."""


def csv_lines(rows: Iterable[Publication]) -> Iterator[str]:
    """The table line by line."""
    return lines(published.COLUMNS.values(), map(cells, rows))


def cells(row: Publication) -> list[Any]:
    """One decision as a line of the table, with Chinese words under the Chinese headings; codes stand in the JSON."""
    values = published.record(row)
    values["act_type"] = ACT_TYPES.get(row.act_type, row.act_type)
    values["party_type"] = PARTY_TYPES.get(row.party_type, row.party_type)
    values["origin"] = ORIGINS.get(row.origin, row.origin)
    values["flags"] = "；".join(label(flag) for flag in row.flags)
    return list(values.values())


def json_lines(rows: Iterable[Publication]) -> Iterator[str]:
    """One object; the total stands at the end, where it is what was given out."""
    yield '{"decisions": ['
    total = 0
    for row in rows:
        yield ("," if total else "") + "\n" + json.dumps(published.record(row), ensure_ascii=False)
        total += 1
    yield f'\n], "total": {total}}}\n'


@public
def decisions_csv(request: HttpRequest) -> HttpResponseBase:
    """All published decisions, or those that the filters of the list leave."""
    return _all(request, csv_lines, "text/csv; charset=utf-8", "decisions.csv")


@public
def decisions_json(request: HttpRequest) -> HttpResponseBase:
    """The same as JSON."""
    return _all(request, json_lines, "application/json; charset=utf-8", "decisions.json")


def _all(request: HttpRequest, drawn: Any, kind: str, name: str) -> HttpResponseBase:
    question = asked.read(request.GET, organs())
    if question.errors:
        return refused(question.summary)
    response = StreamingHttpResponse(drawn(asking.stream(question.query)), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = FRESH
    return response


@public
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every address worth finding; with very many decisions an index of maps."""
    parts = _parts()
    if len(parts) > 1:
        maps = [request.build_absolute_uri(reverse("sitemap-part", args=[part])) for part in parts]
        return _xml(render(request, "square/sitemap_index.xml", {"maps": maps}))
    return _map(request, 1)


@public
def sitemap_part(request: HttpRequest, part: int) -> HttpResponseBase:
    """One of several maps."""
    if part not in _parts():
        raise Http404(part)
    return _map(request, part)


def _parts() -> range:
    """The numbers of the maps that there are."""
    return range(1, max(1, -(-asking.count(asking.Query()) // MAP)) + 1)


def _map(request: HttpRequest, part: int) -> HttpResponseBase:
    rows = (
        Publication.objects.filter(status="published")
        .order_by("-sort_on", "-id")
        .values_list("pk", "published_on")
    )
    places = [
        (request.build_absolute_uri(reverse("decision", args=[key])), day)
        for key, day in rows[(part - 1) * MAP : part * MAP]
    ]
    if part == 1:
        fixed = [
            reverse(name)
            for name in ("front", "decisions", "withdrawn", "on-request", "agencies", "officers", "verify")
        ]
        fixed += [
            reverse("agency", args=[key])
            for key in Agency.objects.filter(active=True).values_list("pk", flat=True)
        ]
        places = [(request.build_absolute_uri(path), None) for path in fixed] + places
    return _xml(render(request, "square/sitemap.xml", {"places": places}))


def _xml(response: HttpResponse) -> HttpResponse:
    response["Content-Type"] = "application/xml; charset=utf-8"
    response["Cache-Control"] = FRESH
    return response


@public
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the portal, but neither the desk nor every combination of filters."""
    lines = (
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /api/",
        "Disallow: /decisions/?",
        "Disallow: /letters/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
