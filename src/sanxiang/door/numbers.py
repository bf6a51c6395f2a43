"""Numbers of papers 文号: 机关代字＋文种代字〔年份〕序号, gapless per agency, type and year (GB/T 9704)."""

import uuid
from collections.abc import Callable

from django.db import transaction

from sanxiang.door.models import Number, Series
from sanxiang.people.models import Agency, Person


def take(
    agency: Agency,
    series: str,
    year: int,
    paper: uuid.UUID | None = None,
    worded: Callable[[int], str] | None = None,
) -> str:
    """The next number of the series. The row stays locked until the act commits, so a failed act leaves no gap.

    `worded` writes numbers that are no 文号, such as those of archived files.
    """
    row = _locked(agency, series, year)
    text = worded(row.next) if worded else written(agency, series, year, row.next)
    Number.objects.create(series=row, ordinal=row.next, text=text, paper=paper)
    Series.objects.filter(id=row.id).update(next=row.next + 1)
    return text


def written(agency: Agency, series: str, year: int, ordinal: int) -> str:
    """How the number is printed: no leading zero, no 第."""
    return f"{agency.short}{series}〔{year}〕{ordinal}号"


def reserve(agency: Agency, series: str, year: int, count: int, holder: Person) -> list[Number]:
    """A block for one officer to use where there is no network; each is later used or voided with a reason."""
    with transaction.atomic():
        row = _locked(agency, series, year)
        block = [
            Number(
                series=row,
                ordinal=ordinal,
                text=written(agency, series, year, ordinal),
                status="reserved",
                held_by=holder.id,
            )
            for ordinal in range(row.next, row.next + count)
        ]
        Number.objects.bulk_create(block)
        Series.objects.filter(id=row.id).update(next=row.next + count)
    return block


def use_reserved(agency: Agency, series: str, text: str, holders: list[str], paper: uuid.UUID) -> bool:
    """Use a number of this series that is reserved for one of these people; false when there is none."""
    found = Number.objects.filter(series__agency=agency, series__series=series, text=text)
    return bool(found.filter(status="reserved", held_by__in=holders).update(status="issued", paper=paper))


def void(number: Number, reason: str) -> bool:
    """Void a reserved number for a reason; it is never used again. False when it is no longer reserved."""
    return bool(Number.objects.filter(pk=number.pk, status="reserved").update(status="void", reason=reason))


def _locked(agency: Agency, series: str, year: int) -> Series:
    Series.objects.get_or_create(agency=agency, series=series, year=year)
    return Series.objects.select_for_update().get(agency=agency, series=series, year=year)
