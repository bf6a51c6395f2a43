"""A batch of files from choosing to its list, as page and command do it: opened, handed over one by one, listed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.admin.rules import unmet
from sanxiang.door.administer import administer
from sanxiang.door.files.handing_over import DUE, KEEPERS, LIST, OPEN, Transfer, hand_over, transfers_in
from sanxiang.law.guards import Refused
from sanxiang.people.authority import duties_of
from sanxiang.people.models import Agency, Person

ARCHIVED = "archived"


def agency_of(person: Person, on: date | None = None) -> Agency:
    """The agency whose archive somebody keeps. Raises Refused."""
    duties = duties_of(person, on or timezone.localdate())
    post = next((one for one in (*duties.own, *duties.borrowed) if one.role in KEEPERS), None)
    if post is None:
        raise Refused([unmet("role", DUE, f"{person.name}没有档案员的岗位", "请档案员办理")])
    return post.agency


def still_here(agency: Agency, asked: Mapping[str, str]) -> QuerySet[Case]:
    """Files that are bound and were handed over to nobody, by `year`, `type` and `unit` (key or name)."""
    rows = Case.objects.filter(agency=agency, stage=ARCHIVED, state__custody__handed__isnull=True)
    if asked["year"].isascii() and asked["year"].isdigit():
        rows = rows.filter(opened_at__year=int(asked["year"]))
    if asked["type"]:
        rows = rows.filter(act_type=asked["type"])
    if asked["unit"]:
        key = key_in(asked["unit"])
        rows = rows.filter(unit=key) if key else rows.filter(unit__name=asked["unit"])
    return rows.select_related("unit").order_by("opened_at", "pk")


def key_in(text: str) -> UUID | None:
    """A key, where the text is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def handed_over(agency: Agency, person: Person, told: Mapping[str, Any], channel: str) -> Transfer:
    """Open a batch, hand over each file, draw up the list. Raises Unreadable, Refused: a batch that was opened then stays open."""
    administer(OPEN, agency, person, told, channel=channel)
    return finished(agency, transfers_in([agency.pk])[0], person, channel)


def finished(agency: Agency, one: Transfer, person: Person, channel: str) -> Transfer:
    """Hand over what is not handed over yet and draw up the list."""
    left = hand_over(one, person, channel)
    administer(LIST, agency, person, {"number": one.number, "left": left}, channel=channel)
    return next(row for row in transfers_in([agency.pk]) if row.id == one.id)
