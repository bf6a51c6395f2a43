"""One register of an agency as anybody may read it: the release in force on a day, page by page."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.people.models import Agency
from sanxiang.registers.before.told import PUBLIC
from sanxiang.registers.models import Release
from sanxiang.registers.releases import begun
from sanxiang.square.page import beyond, page, page_number, pager, public

PER_PAGE = 100


@public
def register(request: HttpRequest, identity: UUID, kind: str) -> HttpResponse:
    """The release in force today; older ones are told by their day."""
    organ = get_object_or_404(Agency, pk=identity, active=True)
    number = page_number(request.GET.get("page", ""))
    if kind not in PUBLIC or number is None:
        raise Http404
    told = begun(timezone.localdate()).filter(register__agency=organ, register__kind=kind)
    found = told.first()
    if found is None or not found.rows:
        raise Http404
    context = {
        "section": "agencies",
        "agency": organ,
        "release": found,
        "table": table_of(found, number, reverse("agency-register", args=[organ.pk, kind])),
        "earlier": [day_of(day, version) for day, version in told.values_list("in_force_from", "version")][
            1:
        ],
    }
    return page(request, "square/register.html", context)


def day_of(day: date, version: int) -> str:
    """One earlier release in words."""
    return f"第{version}版，{cn_date(day)}起施行"


def table_of(release: Release, number: int, address: str) -> dict[str, Any]:
    """The rows as they were issued."""
    names = list(dict.fromkeys(key for row in release.rows for key in row))
    total, begin = len(release.rows), (number - 1) * PER_PAGE
    shown = release.rows[begin : begin + PER_PAGE]
    return {
        "caption": release.register.label,
        "columns": [{"label": str(name)} for name in names],
        "rows": [{"cells": [{"text": str(row.get(name, ""))} for name in names]} for row in shown],
        "total": f"{total:,}",
        "pager": pager(address, {}, number, PER_PAGE, total, len(shown)) if total > PER_PAGE else None,
        "empty": beyond(address, {}, number, PER_PAGE, total)
        or {"title": "这份清单是空的", "text": "机关没有在这一版里列出内容。"},
    }
