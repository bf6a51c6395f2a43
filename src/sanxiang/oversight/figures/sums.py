"""The figures added up: every share with its numerator and its denominator, and the cases behind each number.

One reading of the counted rows makes all tables of a page, so that a sum cannot be another than that of its lines.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import ExtractQuarter

from sanxiang.oversight.models import CaseFigures, CaseGap, CasePeriod


@dataclass(frozen=True)
class Sums:
    """What some cases come to."""

    cases: int = 0
    settled: int = 0
    papers_due: int = 0
    papers_missing: int = 0
    moments: int = 0
    recorded: int = 0
    excused: int = 0
    unrecorded: int = 0
    timed: int = 0
    over: int = 0
    uploads: int = 0
    uploads_late: int = 0
    filed: int = 0
    filed_late: int = 0
    papers: int = 0
    on_paper: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sums)))


def total(parts: Iterable[Sums]) -> Sums:
    """All of them together."""
    return sum(parts, Sums())


def late(today: date) -> Q:
    """Cases in which a period of the agency was overrun, or is today."""
    return Q(periods_late__gt=0) | Q(running_due__lt=today)


def archive_late(today: date) -> Q:
    """Cases whose file was bound after its day, or is not bound and the day is over."""
    return Q(archived_on__gt=F("archive_due")) | Q(archived_on=None, archive_due__lt=today)


def behind(today: date) -> dict[str, Q]:
    """Which cases stand behind a number, by the name of the number."""
    return {
        "settled": Q(settled=True),
        "papers": Q(papers_missing__gt=0),
        "recordings": Q(unrecorded__gt=0),
        "recorded": Q(recorded__gt=0),
        "excused": Q(excused__gt=0),
        "periods": late(today),
        "uploads": Q(uploads_late__gt=0),
        "archive": archive_late(today),
        "electronic": Q(on_paper__gt=0),
    }


COUNTED = {
    "papers": "papers_missing",
    "recordings": "unrecorded",
    "recorded": "recorded",
    "excused": "excused",
    "uploads": "uploads_late",
    "electronic": "on_paper",
}
"""What of a case the list behind a number tells; every other number counts each case once."""


def added(today: date) -> dict[str, Any]:
    """The sums as the database makes them."""
    plain = {
        f.name: Sum(f.name)
        for f in fields(Sums)
        if f.name not in ("cases", "settled", "timed", "over", "filed", "filed_late", "papers")
    }
    due = Q(archive_due__isnull=False) & (Q(archived_on__isnull=False) | Q(archive_due__lt=today))
    return plain | {
        "cases": Count("pk"),
        "settled_": Count("pk", filter=Q(settled=True)),
        "timed": Count("pk", filter=Q(periods__gt=0)),
        "over": Count("pk", filter=late(today)),
        "filed": Count("pk", filter=due),
        "filed_late": Count("pk", filter=archive_late(today)),
        "made": Sum("electronic"),
    }


def sums_of(row: Mapping[str, Any]) -> Sums:
    """A row of the database as sums."""
    told = {name: int(row.get(name) or 0) for name in (f.name for f in fields(Sums))}
    told["settled"] = int(row["settled_"] or 0)
    told["papers"] = int(row["made"] or 0) + told["on_paper"]
    return Sums(**told)


Cell = tuple[UUID, UUID | None, str, int]
"""Agency, unit, kind of act, quarter."""


def cube(rows: QuerySet[CaseFigures], today: date) -> dict[Cell, Sums]:
    """The sums by agency, unit, kind of act and quarter of registration, from which every table is added up. One query."""
    found = (
        rows.order_by()
        .annotate(quarter=ExtractQuarter("opened_on"))
        .values("agency", "unit", "act_type", "quarter")
        .annotate(**added(today))
    )
    return {(row["agency"], row["unit"], row["act_type"], row["quarter"]): sums_of(row) for row in found}


def by(cells: Mapping[Cell, Sums], key: Callable[[Cell], Any]) -> dict[Any, Sums]:
    """The cells added up by a key."""
    found: dict[Any, Sums] = defaultdict(Sums)
    for cell, sums in cells.items():
        found[key(cell)] += sums
    return dict(found)


def by_officer(rows: QuerySet[CaseFigures], today: date) -> dict[tuple[UUID, str], Sums]:
    """By officer, whose cases they are; a case of two officers counts for each of them. One query."""
    found = (
        rows.filter(case__handler_rows__isnull=False)
        .order_by()
        .values(officer=F("case__handler_rows__person"), name=F("case__handler_rows__person__name"))
        .annotate(**added(today))
    )
    return {(row["officer"], row["name"]): sums_of(row) for row in found}


@dataclass(frozen=True)
class Missing:
    """A sort of thing that files lack: how often, in how many cases."""

    kind: str
    item: str
    count: int
    cases: int


def missing(rows: QuerySet[CaseFigures]) -> list[Missing]:
    """What is lacking, most often first. One query."""
    found = (
        CaseGap.objects.filter(figures__in=rows.values("pk"))
        .order_by()
        .values("kind", "item")
        .annotate(n=Sum("count"), cases=Count("figures", distinct=True))
    )
    some = [Missing(row["kind"], row["item"], row["n"], row["cases"]) for row in found]
    return sorted(some, key=lambda one: (-one.count, -one.cases, one.item))


@dataclass(frozen=True)
class Duration:
    """A period over some cases: in which days it is counted, how long it took, how often it was overrun."""

    label: str
    unit: str
    ended: int
    running: int
    middle: float | None
    longest: int | None
    over: int


def durations(rows: QuerySet[CaseFigures], today: date) -> list[Duration]:
    """How long the agency's periods took, those overrun most often first. Two queries."""
    periods = CasePeriod.objects.filter(figures__in=rows.values("pk")).order_by()
    over = Q(ended__gt=F("due")) | Q(ended=None, stopped=False, due__lt=today)
    told = periods.values("label", "unit").annotate(
        ended_n=Count("pk", filter=Q(ended__isnull=False)),
        running_n=Count("pk", filter=Q(ended=None)),
        over_n=Count("pk", filter=over),
    )
    lengths: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for label, unit, days, n in (
        periods.filter(days__isnull=False)
        .values_list("label", "unit", "days")
        .annotate(n=Count("pk"))
        .values_list("label", "unit", "days", "n")
    ):
        lengths[label, unit][days or 0] += n
    found = [_duration(row, lengths[row["label"], row["unit"]]) for row in told]
    return sorted(found, key=lambda one: (-one.over, one.label, one.unit))


def _duration(row: Mapping[str, Any], lengths: Counter[int]) -> Duration:
    middle = float(median(lengths.elements())) if lengths else None
    return Duration(
        row["label"], row["unit"], row["ended_n"], row["running_n"], middle, max(lengths, default=None), row["over_n"]
    )  # fmt: skip


def overrun(label: str, unit: str, today: date) -> Q:
    """Cases in which this period was overrun, or is today."""
    over = Q(ended__gt=F("due")) | Q(ended=None, stopped=False, due__lt=today)
    rows = CasePeriod.objects.filter(over, label=label)
    return Q(pk__in=(rows.filter(unit=unit) if unit else rows).values("figures"))


def lacking_item(item: str) -> Q:
    """Cases that lack this."""
    return Q(pk__in=CaseGap.objects.filter(item=item).values("figures"))
