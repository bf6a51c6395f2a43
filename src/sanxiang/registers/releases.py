"""Which release of a register holds on a day: the newest one begun. Whoever asks for rows in force asks here.

The desk and its acts read every version; the public reads those of public kinds that were not closed to it.
"""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from sanxiang.law.registers.kinds import PUBLIC
from sanxiang.people.models import Agency
from sanxiang.registers.models import Register, Release


def begun(on: date) -> QuerySet[Release]:
    """Releases begun by that day, the newest first. Narrowed to one register, the first is in force and the others are past.

    The newest is the one released last: whoever takes a list down takes back what was to begin later as well.
    """
    releases = Release.objects.filter(in_force_from__lte=on).select_related("register")
    return releases.order_by("-version")


def rows_in_force(agency: Agency, kind: str, on: date) -> list[dict[str, Any]] | None:
    """The rows of the agency's register of that kind in force on that day; None where there is none."""
    found = begun(on).filter(register__agency=agency, register__kind=kind)
    return found.values_list("rows", flat=True).first()


def open_to_all() -> Q:
    """Versions that anybody may read: of a list that is public, and not closed because it should never have been."""
    still = Q(register__closed_through=None) | Q(version__gt=F("register__closed_through"))
    return Q(register__kind__in=PUBLIC) & still


def begun_openly(on: date) -> QuerySet[Release]:
    """`begun`, as the public may know it."""
    return begun(on).filter(open_to_all())


def in_force(on: date, among: QuerySet[Release] | None = None) -> QuerySet[Release]:
    """The release in force of each register, to be narrowed to agencies and kinds. Rows of the past are not read.

    For one register the first of `begun` is the same and asked in half the time.
    """
    newest = (begun(on) if among is None else among).filter(register=OuterRef("register"))
    return Release.objects.filter(pk=Subquery(newest.values("pk")[:1])).select_related("register")


def in_force_openly(on: date) -> QuerySet[Release]:
    """`in_force`, as the public may know it: of a list taken down the version without rows."""
    return in_force(on, begun_openly(on))


def taken_down(agency: Agency, kind: str, on: date) -> Release | None:
    """The notice in place of a list: the version without rows by which it was taken down, with the reason as its note.

    Of a list that applies no more that is so from its day on; of one that should not be public on every day before as well.
    """
    found = begun_openly(on).filter(register__agency=agency, register__kind=kind).first()
    if found is not None:
        return None if found.rows else found
    closed = Q(register__closed_through__isnull=False, version=F("register__closed_through") + 1)
    return (
        Release.objects.filter(closed, register__agency=agency, register__kind=kind)
        .select_related("register")
        .first()
    )


def newest(agency: Agency) -> list[Release]:
    """The last version of each list of an agency, whether its day has come or not. One query."""
    later = Release.objects.filter(register=OuterRef("register")).order_by("-version")
    found = Release.objects.filter(register__agency=agency, pk=Subquery(later.values("pk")[:1]))
    return list(found.select_related("register").order_by("register__label"))


def two_of(
    register: Register, first: str, last: str, on: date | None = None
) -> tuple[Release | None, Release | None]:
    """Two versions by their numbers; without numbers the newest and the one before it. With a day as the public may know them:
    a version whose day has not come, or that was closed, is not there, neither asked for nor as the newest.
    """
    releases = begun_openly(on).filter(register=register) if on else register.releases.all()
    versions = {str(one.version): one for one in releases.defer("rows").order_by("version")}
    keys = list(versions)
    later = last if last in versions else keys[-1] if keys else ""
    earlier = [key for key in keys if later and int(key) < int(later)]
    before = first if first in versions else earlier[-1] if earlier else ""
    return versions.get(before), versions.get(later)
