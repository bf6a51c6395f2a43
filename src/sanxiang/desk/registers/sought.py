"""What of the lists a visitor may see and do: own agencies, those looked after, and those below."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from sanxiang.desk.admin.place import roles_over
from sanxiang.desk.who import Visitor
from sanxiang.door.administer import ACTS
from sanxiang.registers.models import Draft, Recheck


def in_sight(visitor: Visitor) -> frozenset[UUID]:
    """The agencies whose lists this visitor sees."""
    return visitor.agencies | visitor.administered


def drafts_of(visitor: Visitor) -> QuerySet[Draft]:
    """Drafts in sight."""
    return Draft.objects.filter(agency__in=in_sight(visitor)).select_related("agency", "release__register")


def draft_for(visitor: Visitor, key: UUID) -> Draft:
    """One draft. Http404 where it belongs to others."""
    return get_object_or_404(drafts_of(visitor), pk=key)


def recheck_for(visitor: Visitor, key: UUID) -> Recheck:
    """One to be looked over. Http404 where it belongs to others."""
    rows = Recheck.objects.filter(register__agency__in=in_sight(visitor))
    return get_object_or_404(rows.select_related("register__agency", "replaced_by"), pk=key)


def may(visitor: Visitor, act: str, agency: UUID) -> bool:
    """Does one of the visitor's posts over the agency do this act?"""
    return bool(roles_over(visitor).get(agency, frozenset()) & set(ACTS[act].by))


def door(act: str, agency: UUID, label: str = "", **told: str) -> dict[str, Any]:
    """The form of an act, filled in with what is known."""
    query = urlencode({"agency": str(agency), **told})
    return {"href": f"/desk/admin/acts/{act}/?{query}", "label": label or ACTS[act].label}
