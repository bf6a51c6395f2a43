"""The lists of one government's organs as its legal office has admitted them: an organ's newer version waits until it is admitted too."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from sanxiang.law.registers.kinds import codes_of, renamed
from sanxiang.people.models import Agency
from sanxiang.registers.models import Filing, Release
from sanxiang.registers.releases import in_force_openly

ORGAN = "机关"
CATEGORIES = {"subjects": "主体类别", "items": "类别", "random-items": "抽查主体"}
"""The column by which entries of a kind are counted; elsewhere, and where it is blank, by the organ."""


@dataclass(frozen=True)
class Admitted:
    """One organ's list on the page of its government."""

    release: Release
    pending: bool
    """The organ's own page has a newer version that is not admitted yet."""

    @property
    def gone(self) -> bool:
        """The organ took its list down: what is left is the notice."""
        return not self.release.rows

    @property
    def organ(self) -> Agency:
        """Whose list it is."""
        return self.release.register.agency


def governments() -> QuerySet[Agency]:
    """Governments of which some organ's list was admitted."""
    kept = Filing.objects.exclude(admitted_at=None).values("release__register__agency__parent")
    return Agency.objects.filter(active=True, pk__in=kept).order_by("name")


def admitted(government: Agency, on: date, kind: str = "") -> list[Admitted]:
    """The newest admitted version of each list of each organ below the government. Three queries.

    What an organ took down is gone here at once, whether that was admitted or not; what was closed to the public as well.
    """
    rows = Filing.objects.exclude(admitted_at=None).filter(
        release__register__agency__parent=government,
        release__register__agency__active=True,
        release__in_force_from__lte=on,
    )
    if kind:
        rows = rows.filter(release__register__kind=kind)
    newest: dict[Any, Release] = {}
    for filing in rows.select_related("release__register__agency").order_by("release__version"):
        newest[filing.release.register_id] = filing.release
    standing = in_force_openly(on).filter(register__in=newest)
    now = dict(standing.values_list("register", "version"))
    gone = {one.register_id: one for one in standing.filter(rows=[]).select_related("register__agency")}
    found = [
        Admitted(gone.get(key, one), key not in gone and now.get(key, one.version) > one.version)
        for key, one in newest.items()
        if key in gone or one.version > (one.register.closed_through or 0)
    ]
    return sorted(found, key=lambda one: (one.release.register.kind, one.organ.name))


def rows_together(found: Iterable[Admitted]) -> list[dict[str, Any]]:
    """All their rows, each with its organ before it."""
    return [{ORGAN: one.organ.name, **row} for one in found for row in one.release.rows]


def counted(kind: str, found: Iterable[Admitted]) -> dict[str, int]:
    """How many entries of each category; the sum is that of the admitted entries."""
    column = CATEGORIES.get(kind, "")
    return dict(Counter(str(row.get(column) or row[ORGAN]) for row in rows_together(found)))


def told_rows(release: Release, on: date) -> list[dict[str, Any]]:
    """The rows as they are shown: an entry that refers to an item by its code bears the name that the item has on the day."""
    if release.register.kind == "items" or not any("事项编码" in row for row in release.rows):
        return list(release.rows)
    items = (
        in_force_openly(on)
        .filter(register__agency=release.register.agency_id, register__kind="items")
        .first()
    )
    return renamed(list(release.rows), codes_of(items.rows if items else []))
