"""What has changed in the publications since, in the order of the log: for whoever keeps a copy and must follow.

A change is numbered by the place of its act in the log, so a reader who stopped at one number misses none that comes after.
Of what was withdrawn only that, when and why is told, never a word of the text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from sanxiang.cases.disclosure.published import shown
from sanxiang.cases.models import Publication
from sanxiang.ledger.models import Act, Entry

KINDS = {"withdrawn": "撤回"}
"""By the status that the change left."""


@dataclass(frozen=True)
class Change:
    """One change: its number, what kind, which publication, since when, why."""

    number: int
    kind: str
    publication: UUID
    agency: str
    act_type: str
    on: date | None
    reason: str
    act: UUID | None


def changes(after: int = -1, agency: UUID | None = None) -> QuerySet[Publication]:
    """The publications with a change that the log numbers after this, the oldest first; `place` stands on each row."""
    entry = Entry.objects.filter(act_id=OuterRef("act")).values("idx")[:1]
    rows = Publication.objects.filter(shown(), status__in=KINDS).annotate(place=Subquery(entry))
    found = rows.filter(place__gt=after) if agency is None else rows.filter(place__gt=after, agency=agency)
    return found.select_related("agency").order_by("place")


def change_of(row: Any) -> Change:
    """A row of `changes` as a value."""
    return Change(
        row.place,
        row.status,
        row.pk,
        row.agency.name,
        row.act_type,
        row.withdrawn_on,
        row.withdrawal_reason,
        row.act,
    )


def moments(acts: Iterable[UUID | None]) -> dict[UUID, datetime]:
    """When these acts were done. One query."""
    return dict(Act.objects.filter(pk__in=[act for act in acts if act]).values_list("pk", "at"))
