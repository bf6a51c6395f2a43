"""/public/agencies/…/before: what an agency has told before it enforces, and what it has not. The twin of the portal's page."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from sanxiang.api.problems import NOWHERE, Problem
from sanxiang.api.schemas import Json
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency
from sanxiang.registers.before.categories import categories_of, missing_of
from sanxiang.registers.before.charts import missing
from sanxiang.registers.before.told import Told, told_by

router = Router(tags=["public"])


class CategoryOut(Schema):
    label: str
    told: bool
    text: str
    lacking: list[str]


class UnitOut(Schema):
    name: str
    told: int
    of: int
    missing: list[str]


class BeforeOut(Schema):
    agency: UUID
    name: str
    on: date
    told: int
    of: int
    missing: list[str]
    categories: list[CategoryOut]
    units: list[UnitOut]
    charts_missing: list[str]


@router.get("/agencies/{identity}/before", auth=None, response=BeforeOut, summary="一个机关的事前公开完整度")
def show_before(request: HttpRequest, identity: str) -> Json:
    """The scheme's categories, each with whether it was told; unit by unit; the kinds of acts without a published chart."""
    key = uuid_of(identity)
    organ = Agency.objects.filter(pk=key, active=True).first() if key else None
    if organ is None:
        raise Problem("unknown", NOWHERE)
    told = told_by([organ], timezone.localdate())[0]
    found = categories_of(told)
    return {
        "agency": organ.pk,
        "on": told.today,
        **measured(told, "", organ.name),
        "categories": [
            {"label": one.label, "told": bool(one.text), "text": one.text, "lacking": list(one.lacking)}
            for one in found
        ],
        "units": [measured(told, unit, unit) for unit in told.units],
        "charts_missing": [f"{one.unit}{one.label}" for one in missing(told)],
    }


def measured(told: Told, unit: str, name: str) -> Json:
    """How much of the catalogue is told."""
    all_of, lacking = len(categories_of(told, unit)), missing_of(told, unit)
    return {"name": name, "told": all_of - len(lacking), "of": all_of, "missing": lacking}
