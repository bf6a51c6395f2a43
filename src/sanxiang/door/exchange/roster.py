"""The roster goes out as the public sees it: after each act that may change an entry, and daily, for certificates end by themselves."""

import uuid
from collections.abc import Collection
from datetime import date

from django.db.models import Max
from django.utils import timezone

from sanxiang.door.exchange import outbox
from sanxiang.door.exchange.connectors import covers
from sanxiang.door.exchange.lists import tell_lists
from sanxiang.door.models import Connector, Outgoing
from sanxiang.law.registers.kinds import OFFICERS
from sanxiang.people.models import Agency, Certificate, Leave, Person, Post
from sanxiang.registers.before.roster import Line
from sanxiang.registers.before.vetted import public_roster
from sanxiang.registers.models import Release

ACTS = frozenset(
    {
        "add-person", "change-person", "grant-post", "end-post", "issue-certificate", "change-certificate",
        "record-qualification",
    }
)  # fmt: skip
SUBJECT = "officer:"


def after(act: str, agency: Agency, row: object, act_id: uuid.UUID) -> None:
    """What an administrative act leaves for the outbox: a list released, an officer's entry changed."""
    today = timezone.localdate()
    if isinstance(row, Release):
        tell_lists(row.register.agency, today, row.register_id)
        if row.register.kind == OFFICERS:
            tell_rosters(today, act=act_id)
    elif act in ACTS and isinstance(row, Person | Post | Certificate | Leave):
        person = row.pk if isinstance(row, Person) else row.person_id
        tell_rosters(today, [person], act_id)


def tell_rosters(on: date, people: Collection[uuid.UUID] | None = None, act: uuid.UUID | None = None) -> None:
    """To every connector in use that carries officers how these people stand on the roster, or all."""
    for connector in Connector.objects.filter(active=True).select_related("agency"):
        if "officers" in connector.carries:
            tell_roster(connector, on, people, act)


def tell_roster(
    connector: Connector, on: date, people: Collection[uuid.UUID] | None, act: uuid.UUID | None
) -> None:
    """Entries of the roster of all agencies that the connector covers; who was told of and is not on it is taken off."""
    organs = [organ.pk for organ in Agency.objects.filter(active=True) if covers(connector, organ)]
    standing: dict[uuid.UUID, Line] = {}
    for line in public_roster(on, organs, people):
        standing.setdefault(line.certificate, line)
    last = told_of(connector, people)
    cards = Certificate.objects.select_related("person").in_bulk({*standing, *last})
    for key, line in standing.items():
        told = entry_of(line, cards[key])
        outbox.tell_one(
            connector, "officers", line.agency, f"{SUBJECT}{key}", label_of(cards[key]), told, act=act
        )
    for key in last.keys() - standing.keys():
        gone = {"id": str(key), "number": cards[key].number}
        organ = last[key].agency
        outbox.take_back_one(
            connector, "remove", organ, f"{SUBJECT}{key}", label_of(cards[key]), gone, act=act
        )


def told_of(connector: Connector, people: Collection[uuid.UUID] | None) -> dict[uuid.UUID, Outgoing]:
    """By certificate the last message of each officer that the other side was told of and not taken off."""
    rows = Outgoing.objects.filter(connector=connector, subject__startswith=SUBJECT).exclude(state="dropped")
    if people is not None:
        keys = Certificate.objects.filter(person__in=people).values_list("pk", flat=True)
        rows = rows.filter(subject__in=[f"{SUBJECT}{key}" for key in keys])
    newest = rows.values("subject").annotate(newest=Max("pk")).values("newest")
    found = Outgoing.objects.filter(pk__in=newest).exclude(event__in=outbox.GONE).select_related("agency")
    return {uuid.UUID(one.subject.removeprefix(SUBJECT)): one for one in found}


def label_of(card: Certificate) -> str:
    """Whose certificate it is."""
    return f"{card.person.name}（{card.number}）"


def entry_of(line: Line, card: Certificate) -> dict[str, object]:
    """An officer's entry, whole."""
    return {
        "id": str(line.certificate),
        "name": line.name,
        "agency": line.agency.name,
        "unit": "、".join(line.units),
        "title": line.title,
        "number": line.number,
        "kind": card.kind,
        "categories": list(line.categories),
        "area": list(line.area),
        "valid_from": line.valid_from.isoformat(),
        "valid_until": line.valid_until.isoformat(),
        "inspected_until": card.inspected_until.isoformat() if card.inspected_until else None,
        "suspended": False,
    }
