"""What has changed in the publications since, in the order of the log: for whoever keeps a copy and must follow.

A change is numbered by the place of its act in the log, so a reader who stopped at one number misses none that comes after.
Of what was taken away only that, when and why is told, never a word of the text; of what was corrected the public note.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sanxiang.cases.disclosure.published import shown
from sanxiang.cases.models import Publication
from sanxiang.ledger.models import Act, Entry

KINDS = {"withdrawn": "撤回", "expired": "公开期满", "repaired": "信用修复，停止公示", "corrected": "更正"}
"""What became of a publication; all but the last are to be taken out of a copy."""

ENDED = {"expired": "公开期限届满", "repaired": "信用修复，提前停止公示"}
"""Endings without a notice of their own."""

WITHDRAWN, CORRECTED = Q(status="withdrawn"), Q(status="published", notes__isnull=False)


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


def changes(after: int = -1, agency: UUID | None = None, withdrawn: bool = False) -> QuerySet[Publication]:
    """The publications with a change that the log numbers after this, the oldest first; `place` and `at` stand on each row."""
    entry = Entry.objects.filter(act_id=OuterRef("act")).values("idx")[:1]
    at = Act.objects.filter(pk=OuterRef("act")).values("at")[:1]
    which = shown() & WITHDRAWN if withdrawn else shown() & (WITHDRAWN | CORRECTED) | Q(status__in=ENDED)
    rows = Publication.objects.filter(which).annotate(place=Subquery(entry), at=Subquery(at))
    # An act waits for its number for a while: what has none is no change yet, and `place > -1` alone lets it through.
    rows = rows.filter(place__isnull=False)
    found = rows.filter(place__gt=after) if agency is None else rows.filter(place__gt=after, agency=agency)
    return found.select_related("agency").order_by("place")


def change_of(row: Any) -> Change:
    """A row of `changes` as a value."""
    corrected = row.status == "published"
    why = row.notes[-1]["note"] if corrected else row.withdrawal_reason or ENDED.get(row.status, "")
    on = row.withdrawn_on or (timezone.localtime(row.at).date() if row.at else None)
    kind = "corrected" if corrected else row.status
    return Change(row.place, kind, row.pk, row.agency.name, row.act_type, on, why, row.act)


def moments(acts: Iterable[UUID | None]) -> dict[UUID, datetime]:
    """When these acts were done. One query."""
    return dict(Act.objects.filter(pk__in=[act for act in acts if act]).values_list("pk", "at"))
