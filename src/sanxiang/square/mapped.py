"""The addresses that the map for search engines names besides decisions: pages, agencies, governments, lists in force, guides."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from sanxiang.law.lists import cell
from sanxiang.law.registers.kinds import ITEMS, codes_of, renamed
from sanxiang.people.models import Agency
from sanxiang.registers.before.guides import KIND, NAMES, key_of
from sanxiang.registers.releases import in_force, in_force_openly

MAPPED = (
    "front",
    "decisions",
    "withdrawn",
    "on-request",
    "statistics",
    "regions",
    "laws",
    "repair",
    "open-data",
    "agencies",
    "officers",
    "information",
    "products",
    "inspection",
    "voices",
    "apply",
    "progress",
    "verify",
)


def addresses(on: date) -> Iterator[str]:
    """Every one of them that answers today. Four queries."""
    yield from map(reverse, MAPPED)
    for key, kind in Agency.objects.filter(active=True).values_list("pk", "kind"):
        yield reverse("agency", args=[key])
        if kind == Agency.Kind.GOVERNMENT:
            yield reverse("district", args=[key])
            yield reverse("district-officers", args=[key])
    found = in_force_openly(on).filter(register__agency__active=True).exclude(rows=[])
    for key, kind in found.values_list("register__agency", "register__kind"):
        yield reverse("agency-register", args=[key, kind])
    yield from _guides(on)


def _guides(on: date) -> Iterator[str]:
    """One address a guide; its name is that which the item bears today."""
    given = in_force_openly(on).filter(register__agency__active=True, register__kind=KIND).exclude(rows=[])
    rows = dict(given.values_list("register__agency", "rows"))
    items = in_force(on).filter(Q(register__agency__in=rows), register__kind=ITEMS)
    codes: dict[UUID, dict[str, str]] = {
        key: codes_of(found) for key, found in items.values_list("register__agency", "rows")
    }
    for key, found in rows.items():
        for row in renamed(found, codes.get(key, {})):
            yield reverse("agency-guide", args=[key, key_of(cell(row, NAMES))])
