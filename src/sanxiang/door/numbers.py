"""Numbers of papers 文号: 机关代字＋文种代字〔年份〕序号, gapless per agency, type and year (GB/T 9704)."""

import uuid

from django.db import transaction

from sanxiang.door.models import Number, Series
from sanxiang.people.models import Agency, Person


def take(agency: Agency, series: str, year: int, paper: uuid.UUID | None = None) -> str:
    """The next number of the series. The row stays locked until the act commits, so a failed act leaves no gap."""
    row = _locked(agency, series, year)
    text = written(agency, series, year, row.next)
    Number.objects.create(series=row, ordinal=row.next, text=text, paper=paper)
    Series.objects.filter(id=row.id).update(next=row.next + 1)
    return text


def written(agency: Agency, series: str, year: int, ordinal: int) -> str:
    """How the number is printed: no leading zero, no 第."""
    return f"{agency.short}{series}〔{year}〕{ordinal}号"


def reserve(agency: Agency, series: str, year: int, count: int, holder: Person) -> list[str]:
    """A block for one officer to use where there is no network; each is later used or voided with a reason."""
    with transaction.atomic():
        row = _locked(agency, series, year)
        numbers = [
            Number(
                series=row,
                ordinal=row.next + i,
                text=written(agency, series, year, row.next + i),
                status="reserved",
                held_by=holder.id,
            )
            for i in range(count)
        ]
        Number.objects.bulk_create(numbers)
        Series.objects.filter(id=row.id).update(next=row.next + count)
    return [n.text for n in numbers]


def use_reserved(text: str, holder: str, paper: object) -> bool:
    """Use a reserved number; false when it is not reserved for this person."""
    return bool(
        Number.objects.filter(text=text, status="reserved", held_by=holder).update(
            status="issued", paper=paper
        )
    )


def void(text: str, reason: str) -> bool:
    """Void a number for a reason; it is never used again."""
    return bool(Number.objects.filter(text=text, status="reserved").update(status="void", reason=reason))


def _locked(agency: Agency, series: str, year: int) -> Series:
    Series.objects.get_or_create(agency=agency, series=series, year=year)
    return Series.objects.select_for_update().get(agency=agency, series=series, year=year)
