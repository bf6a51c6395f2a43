"""Plays the demonstration's stories in a database that is rolled back, at a clock of its own, up to any step.

A `Play` walks one story. `branch` opens a side path that is forgotten afterwards: there a test may do other lawful acts, leave a
step out, or change rows, and then knock at the door in every way there is.
"""

import contextlib
import copy
import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import FunctionType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

import planted
from clockwork import CHINA, MORNING, Clock
from knocks import WAYS, Knock
from sanxiang.cases import store
from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.shelves import digest_in
from sanxiang.demo import stories
from sanxiang.demo.people import COUNTIES, County, Office, build_office
from sanxiang.demo.stories import Step
from sanxiang.door.administer import administer
from sanxiang.door.gather import calendar, pack_of
from sanxiang.door.perform import Done, open_case, perform
from sanxiang.law.packs import Pack, load_pack
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.models import Person

__all__ = [
    "BUILT",
    "CHINA",
    "LOCALITIES",
    "MORNING",
    "STORIES",
    "Clock",
    "Play",
    "accepted",
    "days_after",
    "make_office",
    "play_of",
]

LOCALITIES = tuple(county.pack for county in COUNTIES)
BUILT = datetime(2025, 1, 2, 9, 0, tzinfo=CHINA)

STORIES: dict[str, tuple[str, list[Step]]] = {
    "summary": ("summary", stories.summary("200")),
    "ordinary": ("ordinary", stories.ordinary("2000", which=2)),
    "hearing": ("ordinary", stories.hearing("90000", which=3)),
}
"""Name: procedure and steps."""


def county_of(locality: str) -> County:
    """The demonstration county that runs under this pack."""
    return next(c for c in COUNTIES if c.pack == locality)


def make_office(locality: str, now: datetime = BUILT) -> Office:
    """A fresh office with everybody a case needs. The password is unusable: tests sign people in by force."""
    pack, told = load_pack(locality), timezone.now
    key = (locality, pack.digest, now, told.now if isinstance(told, Clock) else None)
    return planted.office(key, lambda: build_office(county_of(locality), pack, 0, now, make_password(None)))


@dataclass
class Play:
    """One story on its way: `position` is the next step, `moment` the time of the last."""

    office: Office
    procedure: str
    steps: list[Step]
    clock: Clock
    moment: datetime = MORNING
    position: int = 0
    case_id: Any = None
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        return Case.objects.select_related("agency", "unit").get(id=self.case_id)

    @property
    def pack(self) -> Pack:
        """The pack that judges the case."""
        return pack_of(self.case)

    def person(self, who: str) -> Person:
        """Who plays this part."""
        return self.office.people[who]

    def find(self, act: str) -> int:
        """The place of the next step of that act; `serve/2` is the second from here."""
        name, _, count = act.partition("/")
        places = [i for i in range(self.position, len(self.steps)) if self.steps[i].act == name]
        return places[int(count or 1) - 1]

    def next(self) -> Step:
        """The step to come."""
        return self.steps[self.position]

    def data_of(self, step: Step, moment: datetime) -> dict[str, Any]:
        """What the story would tell the door, as JSON values of its own."""
        case = self.case if self.case_id else None
        return copy.deepcopy(stories.dated(step.act, dict(step.data(self.office, case)), moment))

    def pass_days(self, working_days: int) -> None:
        """Wait some working days, to nine in the morning; none is twenty minutes."""
        self.moment = stories.later(self.moment, working_days)
        if working_days:
            self.moment = self.moment.replace(hour=9, minute=0)
        self.clock.now = self.moment

    def at(self, moment: datetime) -> None:
        """Move to a moment."""
        self.moment = self.clock.now = moment

    def do(self, act: str, who: str, **data: Any) -> Done:
        """One act that is not in the story, twenty minutes on."""
        self.pass_days(0)
        return perform(act, self.case_id, self.person(who), data, channel="test")

    def withdraw(self, reason: str, ground: str = "review") -> Done:
        """What is public is taken down, with the ground from the list and the words that the public reads."""
        told = {"withdrawal_ground": ground, "public_reason": reason}
        return self.do("withdraw-publication", "disclosure-approver", **told)

    def step(self, **changes: Any) -> Done:
        """The next step of the story, with some of its data changed."""
        step = self.next()
        self.pass_days(step.after)
        data = {**self.data_of(step, self.moment), **changes}
        by = self.person(step.who)
        if self.position == 0:
            done = open_case(
                self.procedure, self.office.agency, by, data, unit=self.office.brigade, channel="test"
            )
            self.case_id = done.case.id
        else:
            done = perform(step.act, self.case_id, by, data, channel="test")
        self.position += 1
        return done

    def until(self, act: str = "", without: tuple[str, ...] = (), **changes: Mapping[str, Any]) -> None:
        """Play on to just before the next step of that act (without one, to the end), leaving out some acts.

        `changes` alter the data of acts on the way, by act with underscores for hyphens.
        """
        last = self.find(act) if act else len(self.steps)
        key = self.way(last, without, changes)
        if key is None:
            self.walk(last, without, changes)
            return

        def walked() -> tuple[Any, ...]:
            self.walk(last, without, changes)
            return self.moment, self.position, self.case_id

        self.moment, self.position, self.case_id = planted.further(key, walked, files)
        self.clock.now = self.moment

    def way(self, last: int, without: tuple[str, ...], changes: Mapping[str, Any]) -> Hashable:
        """What decides on where the walk leads, besides what stands in the database; None where nobody can tell."""
        try:
            told = json.dumps([changes, self.told], sort_keys=True, default=spelt)
        except TypeError:
            return None
        agency, packs = self.office.agency, load_pack(self.office.agency.locality).digest
        roots = (
            settings.DATA,
            settings.PAPER_ROOT,
            settings.EVIDENCE_ROOT,
            settings.PUBLIC_ADDRESS,
            settings.STORE,
        )
        people = tuple(sorted((part, str(person.pk)) for part, person in self.office.people.items()))
        units = self.office.brigade.pk, self.office.legal.pk, people
        here = units, self.moment, self.clock.now, self.position, self.case_id, self.procedure, agency.id
        steps = tuple(alike(step) for step in self.steps)
        return here, steps, last, without, told, packs, roots, Same(calendar()), timezone.now is self.clock

    def walk(self, last: int, without: tuple[str, ...], changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Take the steps before that place one after the other."""
        while self.position < last:
            name = self.next().act
            if name in without or self.nothing_to_pay():
                self.position += 1
                continue
            self.step(**changes.get(name.replace("-", "_"), {}))

    def nothing_to_pay(self) -> bool:
        """Would the next step serve a call to pay that was not made, because nothing is to be paid?"""
        step = self.next()
        if step.act != "serve" or "payment-notice" in self.case.state["papers"]:
            return False
        return bool(self.data_of(step, self.moment)["paper"] == "payment-notice")

    def knock(self, act: str = "", who: str = "", after: int | None = None, **changes: Any) -> Knock:
        """The next step of that act (or simply the next) as it would be tried, with some of its data changed.

        The clock moves to when it is tried. A change to None leaves the field out.
        """
        place = self.find(act) if act else self.position
        step = self.steps[place]
        self.pass_days(step.after if after is None else after)
        data = {**self.data_of(step, self.moment), **changes}
        return self.attempt(step.act, who or step.who, **data)

    def attempt(self, act: str, who: str, **data: Any) -> Knock:
        """An act that is not in the story, as it would be tried now."""
        told = {k: v for k, v in data.items() if v is not None}
        law = self.pack if self.case_id else load_pack(self.office.agency.locality)
        return Knock(law, act, self.person(who), told, self.case_id, self.procedure, self.office.agency)

    @contextlib.contextmanager
    def branch(self) -> Iterator["Play"]:
        """A side path: whatever happens in the block is forgotten after it."""
        before = (self.moment, self.position, self.case_id, self.steps)
        try:
            with transaction.atomic():
                yield self
                transaction.set_rollback(True)
        finally:
            self.moment, self.position, self.case_id, self.steps = before
            self.clock.now = self.moment

    def other(self) -> "Play":
        """A second case of the same story in the same office, from its beginning."""
        return replace(self, position=0, case_id=None)

    def administer(self, act: str, **data: Any) -> Any:
        """An act on the agency, by the operator."""
        return administer(act, self.office.agency, None, data)


class Same:
    """Equal to itself alone; kept as long as it is remembered, so that no other comes to lie where it lay."""

    def __init__(self, one: Any) -> None:
        self.one = one

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.one is other.one

    def __hash__(self) -> int:
        return id(self.one)


def alike(one: Any) -> Hashable:
    """What makes two steps, or the functions that tell what is said in them, the same: what they are made of."""
    if isinstance(one, Step):
        return tuple(alike(getattr(one, part.name)) for part in fields(one))
    if isinstance(one, (str, int, type(None))):
        return one
    if isinstance(one, (list, tuple)):
        return (type(one), *map(alike, one))
    if isinstance(one, dict):
        return (dict, *((name, alike(value)) for name, value in one.items()))
    if isinstance(one, FunctionType):
        enclosed = tuple(alike(cell.cell_contents) for cell in one.__closure__ or ())
        return (one.__code__, alike(one.__defaults__), alike(one.__kwdefaults__), enclosed)
    return Same(one)


def spelt(value: Any) -> str:
    """What JSON has no form for but is itself however often it is written."""
    if isinstance(value, (UUID, datetime, date, Decimal)):
        return str(value)
    raise TypeError


def files() -> Hashable:
    """Which of the files that the database names are in the store as they were put there."""
    named = [(store.papers(), d) for d in Paper.objects.values_list("pdf", flat=True)]
    named += [(store.evidence(), d) for d in Evidence.objects.values_list("digest", flat=True)]
    return tuple((d, bool(d) and kept.exists(d) and digest_in(kept, d) == d) for kept, d in named)


def play_of(
    office: Office,
    story: str,
    clock: Clock,
    start: datetime = MORNING,
    book: Mapping[str, tuple[str, list[Step]]] = STORIES,
) -> Play:
    """One of the named stories, before its first step."""
    procedure, steps = book[story]
    clock.now = start
    return Play(office, procedure, steps, clock, start)


def accepted(knock: Knock, play: Play) -> None:
    """Each way lets the knock in; forgotten afterwards."""
    for name, way in WAYS.items():
        with play.branch():
            answer = way(knock)
            assert answer.done, (name, answer)
            assert LedgerAct.objects.filter(subject=UUID(answer.done), name=knock.act).exists()


def settle_constraints() -> None:
    """Let deferred checks be made now: PostgreSQL drops no trigger while some wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def days_after(moment: datetime, count: int) -> datetime:
    """Calendar days later, the same time of day."""
    return moment + timedelta(days=count)
