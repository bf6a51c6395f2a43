"""Lists go out as the public sees them: those that anybody may read, from their day on; what was taken down is taken back."""

import uuid
from datetime import date

from sanxiang.door.exchange import outbox
from sanxiang.law.registers.kinds import OFFICERS, PUBLIC
from sanxiang.people.models import Agency
from sanxiang.registers.models import Register, Release
from sanxiang.registers.releases import in_force_openly

GOES = {"subjects": "subjects"}
"""What a connector must carry for a kind to go out, where that is not `lists`. The roster goes officer by officer."""


def tell_lists(agency: Agency, on: date, register: uuid.UUID | None = None) -> None:
    """How the agency's lists, or one of them, stand on that day. Nothing is said twice."""
    mine = (
        Register.objects.filter(agency=agency) if register is None else Register.objects.filter(pk=register)
    )
    for closed in mine.exclude(kind__in=PUBLIC):
        gone(closed, None, "本清单不对外公布")
    for release in in_force_openly(on).filter(register__in=mine).exclude(register__kind=OFFICERS):
        tell_list(release)


def tell_list(release: Release) -> None:
    """One version in force, whole; without rows it was taken down, with the reason in its note."""
    register = release.register
    if not release.rows:
        gone(register, release.act, release.note)
        return
    told = {
        "id": str(register.pk),
        "kind": register.kind,
        "label": register.label,
        "agency": register.agency.name,
        "version": release.version,
        "in_force_from": release.in_force_from.isoformat(),
        "rows": release.rows,
    }
    what = GOES.get(register.kind, "lists")
    outbox.tell(what, register.agency, subject_of(register), register.label, told, act=release.act)


def gone(register: Register, act: uuid.UUID | None, reason: str) -> None:
    """Whoever has the list is told that it is public no more."""
    told = {"id": str(register.pk), "kind": register.kind, "label": register.label, "reason": reason}
    outbox.take_back(
        "withdraw", register.agency, subject_of(register), f"撤下清单：{register.label}", told, act=act
    )


def subject_of(register: Register) -> str:
    """The list as other systems know it."""
    return f"register:{register.pk}"
