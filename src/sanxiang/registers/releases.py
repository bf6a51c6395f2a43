"""Which release of a register holds on a day: the newest one begun. Whoever asks for rows in force asks here."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from sanxiang.people.models import Agency
from sanxiang.registers.models import Register, Release


def begun(on: date) -> QuerySet[Release]:
    """Releases begun by that day, the newest first. Narrowed to one register, the first is in force and the others are past."""
    releases = Release.objects.filter(in_force_from__lte=on).select_related("register")
    return releases.order_by("-in_force_from", "-version")


def rows_in_force(agency: Agency, kind: str, on: date) -> list[dict[str, Any]] | None:
    """The rows of the agency's register of that kind in force on that day; None where there is none."""
    found = begun(on).filter(register__agency=agency, register__kind=kind)
    return found.values_list("rows", flat=True).first()


def in_force(on: date) -> QuerySet[Release]:
    """The release in force of each register, to be narrowed to agencies and kinds. Rows of the past are not read.

    For one register the first of `begun` is the same and asked in half the time.
    """
    newest = begun(on).filter(register=OuterRef("register"))
    return Release.objects.filter(pk=Subquery(newest.values("pk")[:1])).select_related("register")


def newest(agency: Agency) -> list[Release]:
    """The last version of each list of an agency, whether its day has come or not. One query."""
    later = Release.objects.filter(register=OuterRef("register")).order_by("-version")
    found = Release.objects.filter(register__agency=agency, pk=Subquery(later.values("pk")[:1]))
    return list(found.select_related("register").order_by("register__label"))


def two_of(
    register: Register, first: str, last: str, on: date | None = None
) -> tuple[Release | None, Release | None]:
    """Two versions by their numbers; without numbers the newest and the one before it. With a day only of those begun by it:
    a version whose day has not come is not there, neither asked for nor as the newest.
    """
    releases = register.releases.filter(in_force_from__lte=on) if on else register.releases.all()
    versions = {str(one.version): one for one in releases.defer("rows").order_by("version")}
    keys = list(versions)
    later = last if last in versions else keys[-1] if keys else ""
    earlier = [key for key in keys if later and int(key) < int(later)]
    before = first if first in versions else earlier[-1] if earlier else ""
    return versions.get(before), versions.get(later)
