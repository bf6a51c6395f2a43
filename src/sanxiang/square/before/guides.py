"""服务指南 for whoever has something to settle: one page an item, every field under its label, to print with a code that leads back."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from sanxiang.cases.papers.code import address_code
from sanxiang.people.models import Agency
from sanxiang.registers.before.guides import KIND, guides_of, unguided
from sanxiang.registers.before.told import Told, told_by
from sanxiang.square.page import page, public
from sanxiang.square.registers import in_place

BRIEF = 60
"""So much of the plain words stands in the list; all of them stand on the guide's own page."""
WEB = ("https://", "http://")
NONE_YET = {"title": "还没有公布服务指南", "text": "机关公布以后，每个事项怎么办列在这里。"}


def told_of(identity: UUID) -> Told:
    """What the agency of that key has told. Raises Http404."""
    return told_by([get_object_or_404(Agency, pk=identity, active=True)], timezone.localdate())[0]


@public
def guides(request: HttpRequest, identity: UUID) -> HttpResponse:
    """All guides of one agency, and the items that have none yet."""
    told = told_of(identity)
    found = guides_of(told)
    links = [{"text": one.name, "href": reverse("agency-guide", args=[identity, one.key])} for one in found]
    rows = [
        {"cells": [link, {"text": Truncator(one.plain).chars(BRIEF, "…") or "—"}]}
        for link, one in zip(links, found, strict=True)
    ]
    gone = in_place(told, KIND)
    context = {
        "section": "agencies",
        "agency": told.organ,
        "release": told.releases.get(KIND),
        "without": unguided(told),
        "table": {
            "caption": "服务指南",
            "total": f"{len(found):,}",
            "columns": [{"label": "事项"}, {"label": "简单说"}],
            "rows": rows,
            "empty": gone or NONE_YET,
        },
    }
    return page(request, "square/guides.html", context, status=410 if gone else 200)


@public
def guide(request: HttpRequest, identity: UUID, key: str) -> HttpResponse:
    """One guide."""
    told = told_of(identity)
    found = next((one for one in guides_of(told) if one.key == key), None)
    if found is None:
        raise Http404
    listed = any(found.name in map(str, row.values()) for row in told.rows("items"))
    context: dict[str, Any] = {
        "section": "agencies",
        "agency": told.organ,
        "guide": found,
        "release": told.releases[KIND],
        "rows": [{"label": label, "value": value} for label, value in found.fields],
        "sample_href": found.sample if found.sample.startswith(WEB) else "",
        "items_href": reverse("agency-register", args=[identity, "items"]) if listed else "",
        "charts_href": reverse("agency-charts", args=[identity]) if told.rows("flowchart") else "",
        "code": address_code(request.path),
    }
    return page(request, "square/guide.html", context)
