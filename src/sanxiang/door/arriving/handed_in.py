"""What other systems have handed in, record by record, with a digest of each: so that they can see what arrived and what did not.

The counterpart of what `exchange.reconciling` asks of them. Nothing is stored for it: it is read out of what the acts said.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from sanxiang.door.arriving.pushed import handed_in as records
from sanxiang.door.before.annual import INSPECT, NUMBER, OUTCOME
from sanxiang.door.exchange.items import numbers_of
from sanxiang.door.exchange.mirrors import AMOUNT, COUNT, KIND, PERIOD, mirrors_in, sums_in
from sanxiang.door.exchange.outbox import digest_of
from sanxiang.door.said import said_by
from sanxiang.people.models import Certificate

Held = dict[str, str]
"""The digest of each record by its subject."""


def told(*rows: tuple[str, Mapping[str, str]]) -> Held:
    """Subjects with the digest of what was told of each: SHA-256 over sorted compact JSON, as of messages that go out."""
    return {subject: digest_of(row) for subject, row in rows}


def summary(period: str, kind: str, count: str, amount: str) -> tuple[str, Mapping[str, str]]:
    """One sum of the police."""
    return f"{period}/{kind}", {"period": period, "kind": kind, "count": count, "amount": amount}


def item(name: str, number: str) -> tuple[str, Mapping[str, str]]:
    """The number of one of our items in another system."""
    return name, {"name": name, "number": number}


def inspection(year: str, number: str, outcome: str) -> tuple[str, Mapping[str, str]]:
    """The outcome of the annual inspection of one certificate."""
    return f"{year}/{number}", {"year": year, "number": number, "outcome": outcome}


def mirrored(external_id: str, status: str, on: str) -> tuple[str, Mapping[str, str]]:
    """How a case stands that another system works."""
    return external_id, {"external_id": external_id, "status": status, "on": on}


def certificate(
    number: str, name: str, valid_until: str, inspected_until: str, exam: str
) -> tuple[str, Mapping[str, str]]:
    """What a platform tells of a certificate and nobody types over."""
    days = {"valid_until": valid_until, "inspected_until": inspected_until, "exam_passed_on": exam}
    return number, {"number": number, "name": name, **days}


def _summaries(agency: UUID) -> Held:
    rows = [{**row, AMOUNT: row.get(AMOUNT, "")} for row in sums_in([agency])]
    return told(*(summary(*(str(row[column]) for column in (PERIOD, KIND, COUNT, AMOUNT))) for row in rows))


def _items(agency: UUID) -> Held:
    return told(*(item(name, number) for name, number in numbers_of(agency).items()))


def _inspections(agency: UUID) -> Held:
    found: Held = {}
    for _, said in said_by((INSPECT,), [agency]):
        year = str(said.get("year") or "")
        for row in said.get("rows") or ():
            found |= told(inspection(year, str(row[NUMBER]), str(row[OUTCOME])))
    return found


def _cases(agency: UUID) -> Held:
    return told(*(mirrored(one.external_id, one.status, one.on) for one in mirrors_in([agency])))


def _certificates(agency: UUID) -> Held:
    """Those of whoever has or had a post in the agency."""
    rows = Certificate.objects.filter(person__posts__agency=agency).distinct()
    found: Held = {}
    for row in rows.select_related("person"):
        days = (row.valid_until, row.inspected_until, row.exam_passed_on)
        found |= told(
            certificate(row.number, row.person.name, *(day.isoformat() if day else "" for day in days))
        )
    return found


HELD: Mapping[str, Callable[[UUID], Held]] = {
    "records": records,
    "cases": _cases,
    "summaries": _summaries,
    "items": _items,
    "certificates": _certificates,
    "inspections": _inspections,
}
"""What of an agency was handed in, by kind."""
