"""Looks at a case from the command line 调阅: they are recorded like any other, or nothing is printed."""

from typing import Any

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.attempts import OPERATOR
from sanxiang.door.looks.given import reason_of
from sanxiang.door.reading import place_of
from sanxiang.door.reasons import BY_DUTY, CONSOLE, Reason, duty_of, lacking
from sanxiang.ledger.access import SERVED, Read, record
from sanxiang.ledger.access_row import Access
from sanxiang.people.authority import duties_of
from sanxiang.people.models import Person


def look(case: Case, kind: str, person: Person | None, told: str = "") -> Access:
    """Record that somebody at the console looks at a case: as `person`, or as the operator.

    `told` is code;text of a reason; without one it is that person's duty, or the operator's work. Raises ValueError, in
    Chinese, for what is no reason, and django.db.Error where the entry cannot be written.
    """
    code, _, text = told.partition(";")
    given = reason_of(code.strip(), text, "") if told else Reason(CONSOLE)
    if told and (wrong := lacking(given, outside=False)):
        raise ValueError(f"{next(iter(wrong.values()))}；写成“代码;说明”")
    who: dict[str, Any] = {"by": None, "by_name": OPERATOR}
    if person is not None:
        duties = duties_of(person, timezone.localdate())
        posts = duties.own + duties.borrowed
        role = duty_of(case, person, posts)
        given = BY_DUTY if role and not told else given
        role, own = (role, case.agency_id) if role else place_of(posts, case.agency_id)
        who = {"by": person.pk, "by_name": person.name, "role": role, "own_agency": own}
    read = Read(
        kind=kind,
        channel="command",
        result=SERVED,
        reason=given.code,
        text=given.text,
        agency=case.agency_id,
        case=case.pk,
        object=case.pk,
        digest=case.head,
        **who,
    )
    return record(read, timezone.now())
