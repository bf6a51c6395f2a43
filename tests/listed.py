"""A list through every step that its locality prescribes: the shortest way on which it lawfully becomes public."""

import json
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils import timezone

from knocks import signed_in
from sanxiang.cases.recording.receiving import receive
from sanxiang.door.administer import administer
from sanxiang.door.registers.standing import chain_of_agency, open_draft, stands_of
from sanxiang.law.registers.chain import IN_HOUSE
from sanxiang.people.models import Agency, Person
from sanxiang.registers.before.roster import rows_for
from sanxiang.registers.models import Release


def release(
    agency: Agency,
    kind: str,
    rows: list[dict[str, Any]],
    begins: date,
    reviewer: Person | None = None,
    now: datetime | None = None,
) -> Release:
    """Drafted by the operator, signed by the own legal organ or by a letter of the organ outside, released."""
    draft = open_draft(agency, kind)
    if draft is None or draft.rows != [{k: v for k, v in row.items() if v} for row in rows]:
        draft = administer("draft-register", agency, None, {"kind": kind, "rows": rows}, now=now)
    for stand in stands_of(draft, chain_of_agency(agency, kind)):
        said: dict[str, Any] = {"draft": draft, "digest": draft.digest, "outcome": "agreed"}
        if stand.step.who == IN_HOUSE:
            administer("sign-register", agency, reviewer, said, now=now)
        else:
            files = [receive(BytesIO("同意。".encode()), "复函.txt", "text/plain")]
            today = timezone.localdate(now) if now else timezone.localdate()
            said |= {"number": "复函1号", "replied_on": today, "files": files}
            administer("record-reply", agency, None, said, now=now)
    done: Release = administer(
        "release-register", agency, None, {"kind": kind, "in_force_from": begins}, now=now
    )
    return done


def vetted_roster(agency: Agency, now: datetime | None = None) -> Release:
    """The roster as certificates make it, signed by whoever the scheme names."""
    today = timezone.localdate(now) if now else timezone.localdate()
    return release(agency, "officers", rows_for(agency, today), today, now=now)


# As a program asks, from outside.


def by_api(person: Person, agency: Agency, act: str, **data: Any) -> Any:
    """The answer to an act on a list."""
    where = f"/api/v1/agencies/{agency.pk}/register-acts/{act}"
    body = json.dumps({"data": data}, default=said_plainly)
    return signed_in(person).post(where, body, content_type="application/json")


def said_plainly(value: Any) -> str:
    """Rows by their keys, days as they are written."""
    return str(getattr(value, "pk", value))


def done(person: Person, agency: Agency, act: str, **data: Any) -> str:
    """An act that is done: the key of the row that it made."""
    answer = by_api(person, agency, act, **data)
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.json()["row"])


def refused(person: Person, agency: Agency, act: str, **data: Any) -> dict[str, tuple[str, str, str]]:
    """The guards that are not met, with article, fact and cure."""
    answer = by_api(person, agency, act, **data)
    assert answer.status_code == 422, answer.content.decode()
    found = answer.json()["error"]["refused"]
    return {one["guard"]: (one["citation"], one["fact"], one["cure"]) for one in found}


def facts_of(person: Person, agency: Agency, act: str, **data: Any) -> str:
    """What stands in the way, in words."""
    return "；".join(fact for _, fact, _ in refused(person, agency, act, **data).values())
