"""Who enforces: agencies and what they must tell."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.search import asking
from sanxiang.law.blocks import PackError
from sanxiang.law.packs import load_pack
from sanxiang.people.models import Agency
from sanxiang.registers.before.categories import source_of
from sanxiang.registers.before.roster import areas
from sanxiang.registers.before.told import told_by
from sanxiang.square import decisions, showing
from sanxiang.square.before import catalogue
from sanxiang.square.before.officers import roster_table
from sanxiang.square.page import address, page, public

NEWEST = 5


@public
def agencies(request: HttpRequest) -> HttpResponse:
    """Those who enforce with what they have published; governments and supervisors that enforce nothing apart."""
    numbers = asking.numbers_by("agency")
    every = list(Agency.objects.filter(active=True).order_by("name"))
    shown = [agency for agency in every if catalogue.enforces(agency, numbers.get(agency.pk, 0))]
    apart = [agency for agency in every if agency not in shown]
    columns = [{"label": "名称"}, {"label": "性质"}, {"label": "投诉举报电话"}]
    table = {
        "caption": "行政执法主体", "total": f"{len(shown):,}", "columns": [*columns, {"label": "已公示的决定", "num": True}],
        "rows": [{"cells": _agency_cells(agency, numbers.get(agency.pk, 0))} for agency in shown],
        "empty": {"title": "还没有登记执法主体"},
    }  # fmt: skip
    above = {
        "caption": "人民政府和行政执法监督机关", "columns": columns,
        "rows": [{"cells": _agency_cells(agency, 0)[:3]} for agency in apart],
    }  # fmt: skip
    context = {"section": "agencies", "table": table, "above": above if apart else None}
    return page(request, "square/agencies.html", context)


def _agency_cells(agency: Agency, number: int) -> list[dict[str, Any]]:
    count = (
        {"text": f"{number:,}", "href": address(reverse("decisions"), {"agency": str(agency.pk)})}
        if number
        else {"text": "0"}
    )
    name = {"text": agency.name, "href": reverse("agency", args=[agency.pk])}
    return [name, {"text": agency.get_kind_display()}, {"text": agency.complaint_phone or "—"}, count]


@public
def agency(request: HttpRequest, identity: UUID) -> HttpResponse:
    """One agency: what it must tell before it enforces, by which procedures it works, and its officers."""
    organ = get_object_or_404(Agency, pk=identity, active=True)
    today = timezone.localdate()
    told = told_by([organ], today)[0]
    own = {"agency": str(organ.pk)}
    newest = asking.find(asking.Query(agency=organ.pk, limit=NEWEST))
    owed = catalogue.enforces(organ, len(newest.rows)) or bool(told.officers or told.releases)
    context = {
        "newest": [showing.hit(row) for row in newest.rows], "forms": decisions.forms(own),
        "column_href": address(reverse("column"), own), "gone_href": address(reverse("feed-withdrawn"), own),
        "section": "agencies", "agency": organ, "rows": catalogue.subject_of(told, owed),
        "procedures": procedures_of(organ.locality) if owed else [],
        "catalogue": catalogue.catalogue_of(told) if owed else None, "source": source_of(told),
        "scheme": catalogue.scheme_of(told), "registers": catalogue.other_registers(told),
        "products": catalogue.products_of(told) if owed else [],
        "entrustments": catalogue.entrustments_table(told), "granted": catalogue.granted_table(told),
        "table": roster_table(told.officers, areas(), "执法人员") if owed else None,
        "number": f"{newest.total:,}" if newest.total else "", "decisions_href": address(reverse("decisions"), own),
    }  # fmt: skip
    return page(request, "square/agency.html", context)


def procedures_of(locality: str) -> list[dict[str, str]]:
    """The procedures of a locality's pack, with the address of each flowchart."""
    try:
        pack = load_pack(locality)
    except PackError:
        return []
    return [
        {"label": rule.label, "text": rule.help, "href": reverse("procedure", args=[locality, rule.id])}
        for rule in pack.procedures.values()
    ]
