"""Registers that are the ledger itself: acts of an agency read back with what they said. Two queries, whatever their number."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from sanxiang.ledger.models import Act, Opening

Told = tuple[Act, dict[str, Any]]
"""An act with what it said, by name; what was erased by law is not there any more."""


def said_in(acts: QuerySet[Act]) -> list[Told]:
    """These acts, in the order in which they were done. Two queries."""
    found = {act.id: act for act in acts.order_by("at", "n")}
    told: dict[UUID, dict[str, Any]] = {key: {} for key in found}
    rows = Opening.objects.filter(act__in=list(found), erased_by=None)
    for key, name, value in rows.values_list("act", "name", "value"):
        told[key][name] = value
    return [(act, told[key]) for key, act in found.items()]


def said_by(names: Collection[str], agencies: Collection[UUID] | None = None) -> list[Told]:
    """The acts of these names, of these agencies or of all, in the order in which they were done."""
    whose = {} if agencies is None else {"subject__in": agencies}
    acts = {act.id: act for act in Act.objects.filter(kind="agency", name__in=names, **whose)}
    told: dict[UUID, dict[str, Any]] = {key: {} for key in acts}
    wanted = {f"act__{key}": value for key, value in whose.items()}
    rows = Opening.objects.filter(act__kind="agency", act__name__in=names, erased_by=None, **wanted)
    for key, name, value in rows.values_list("act", "name", "value").iterator(chunk_size=5000):
        if key in told:
            told[key][name] = value
    return [(acts[key], told[key]) for key in sorted(acts, key=lambda key: (acts[key].at, acts[key].n))]


def saying(names: Collection[str], field: str, values: Collection[str]) -> QuerySet[Act]:
    """The acts of these names that say one of these values in a field, so that nobody reads a whole register for a few of its lines."""
    rows = Opening.objects.filter(act__kind="agency", act__name__in=names, name=field, value__in=list(values))
    return Act.objects.filter(pk__in=rows.values("act"))
