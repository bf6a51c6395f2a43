"""The page of a government: the lists of its organs as its legal office has admitted them, and its officers from the same roster."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.law.registers.kinds import KINDS, PUBLIC, RULES
from sanxiang.people.models import Agency
from sanxiang.registers.aggregate import ORGAN, Admitted, admitted, counted, rows_together
from sanxiang.registers.before.roster import Line, areas
from sanxiang.registers.before.vetted import public_roster
from sanxiang.square.before.officers import roster_table
from sanxiang.square.page import beyond, page, page_number, pager, public

PER_PAGE = 100
NAMES = {**KINDS, **RULES}
PENDING = {"tone": "amber", "label": "更新待汇总"}


@public
def district(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Every list that is told together, with how many entries of which organs."""
    government, today = government_of(identity), timezone.localdate()
    found = admitted(government, today)
    kinds = [kind for kind in PUBLIC if any(one.release.register.kind == kind for one in found)]
    doors = [
        door_of(government, kind, [one for one in found if one.release.register.kind == kind])
        for kind in kinds
    ]
    doors.append(
        {
            "label": "行政执法人员",
            "href": reverse("district-officers", args=[government.pk]),
            "text": f"{len(people_of(government, today)):,}人，与各机关的名录同一来源",
        }
    )
    context = {"section": "agencies", "government": government, "doors": doors, "empty": not kinds}
    return page(request, "square/district.html", context)


def government_of(identity: UUID) -> Agency:
    """A government in use. Http404 for any other agency."""
    return get_object_or_404(Agency, pk=identity, active=True, kind=Agency.Kind.GOVERNMENT)


def door_of(government: Agency, kind: str, found: list[Admitted]) -> dict[str, str]:
    """One list with its figures."""
    total = sum(len(one.release.rows) for one in found)
    return {
        "label": NAMES[kind],
        "href": reverse("district-register", args=[government.pk, kind]),
        "text": f"{sum(not one.gone for one in found)} 个机关，{total:,} 项",
    }


@public
def register(request: HttpRequest, identity: UUID, kind: str) -> HttpResponse:
    """One kind of list of all organs."""
    government, number = government_of(identity), page_number(request.GET.get("page", ""))
    if kind not in PUBLIC or number is None:
        raise Http404
    found = admitted(government, timezone.localdate(), kind)
    address = reverse("district-register", args=[government.pk, kind])
    context = {
        "section": "agencies",
        "government": government,
        "label": NAMES[kind],
        "organs": organs_table(found, kind),
        "counts": [
            {"label": name, "value": count, "unit": "项"} for name, count in counted(kind, found).items()
        ],
        "table": table_of(found, kind, number, address),
    }
    return page(request, "square/district_register.html", context)


def organs_table(found: list[Admitted], kind: str) -> dict[str, Any]:
    """Which version of which organ is told here, and whether the organ has a newer one."""
    rows = [{"cells": organ_cells(one, kind)} for one in found]
    columns = [{"label": "机关"}, {"label": "收录的版本"}, {"label": "项数", "num": True}]
    return {"caption": "各机关", "columns": columns, "rows": rows, "total": len(rows)}


def organ_cells(one: Admitted, kind: str) -> list[dict[str, Any]]:
    """One organ's line."""
    day = cn_date(one.release.in_force_from)
    version = f"第{one.release.version}版，{day}起施行"
    told = {"text": f"{day}起撤下：{one.release.note}"} if one.gone else {"text": version}
    return [
        {"text": one.organ.name, "href": reverse("agency-register", args=[one.organ.pk, kind])},
        {**told, **({"badge": PENDING} if one.pending else {})},
        {"text": f"{len(one.release.rows):,}"},
    ]


def table_of(found: list[Admitted], kind: str, number: int, address: str) -> dict[str, Any]:
    """The entries of all organs."""
    rows = rows_together(found)
    names = list(dict.fromkeys([ORGAN, *(key for row in rows for key in row)]))
    begin, total = (number - 1) * PER_PAGE, len(rows)
    shown = rows[begin : begin + PER_PAGE]
    return {
        "caption": NAMES[kind],
        "columns": [{"label": str(name)} for name in names],
        "rows": [{"cells": [{"text": str(row.get(name, ""))} for name in names]} for row in shown],
        "total": f"{total:,}",
        "pager": pager(address, {}, number, PER_PAGE, total, len(shown)) if total > PER_PAGE else None,
        "empty": beyond(address, {}, number, PER_PAGE, total)
        or {"title": "还没有收录", "text": "各机关报备之后，由政府法制机构收录，在这里统一公示。"},
    }


def people_of(government: Agency, today: date) -> list[Line]:
    """The roster of all organs below the government: the records that the organs' own pages show."""
    organs = Agency.objects.filter(parent=government, active=True).values_list("pk", flat=True)
    return public_roster(today, list(organs))


@public
def officers(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Officers of all organs, page by page."""
    government, number = government_of(identity), page_number(request.GET.get("page", ""))
    if number is None:
        raise Http404
    found, address = (
        people_of(government, timezone.localdate()),
        reverse("district-officers", args=[government.pk]),
    )
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    table = roster_table(shown, areas(), "行政执法人员", len(found))
    if len(found) > PER_PAGE:
        table["pager"] = pager(address, {}, number, PER_PAGE, len(found), len(shown))
    table["empty"] = beyond(address, {}, number, PER_PAGE, len(found)) or table["empty"]
    context = {"section": "agencies", "government": government, "table": table}
    return page(request, "square/district_officers.html", context)
