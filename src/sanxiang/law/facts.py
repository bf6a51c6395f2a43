"""What a rule may look at: a case, an actor and an act as frozen values. No database here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sanxiang.law.calendar import Calendar

if TYPE_CHECKING:
    from sanxiang.law.packs import Pack
    from sanxiang.law.rules import Act

State = dict[str, Any]
"""A case as JSON: the fold of its acts. Keys are set by `empty_state` and by `procedure.transition` alone."""


@dataclass(frozen=True)
class Certificate:
    """An enforcement certificate 行政执法证 as it stood on the day in question."""

    number: str
    kind: str
    categories: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    inspected_until: date | None = None
    suspended: bool = False
    revoked: bool = False


@dataclass(frozen=True)
class Officer:
    """A person who is named as enforcing."""

    id: str
    name: str
    agency: str = ""
    unit: str = ""
    certificates: tuple[Certificate, ...] = ()
    exam_passed: bool = True


@dataclass(frozen=True)
class Actor:
    """Who knocks at the door, with the roles that the posts give on that day."""

    id: str
    name: str
    agency: str = ""
    units: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    headed: tuple[str, ...] = ()
    """Units whose head this is, with every unit below them."""
    legal_qualification: bool = False
    enforcement_unit: bool = False
    system: bool = False
    review_began: date | None = None


@dataclass(frozen=True)
class Facts:
    """Everything that guards may ask about one act on one case."""

    pack: "Pack"
    act: "Act"
    state: State
    data: Mapping[str, Any]
    actor: Actor
    on: date
    now: datetime
    calendar: Calendar
    officers: tuple[Officer, ...] = ()
    region: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        """The actor's roles that count in this case: the head of a unit is nobody's head in the case of another."""
        unit = str(self.extra.get("case_unit") or "")
        return self.actor.roles if not unit or unit in self.actor.headed else self.actor.roles - {"unit-head"}

    def fact(self, name: str) -> Any:
        """The value the act brings, or else what the case already knows."""
        given = self.data.get(name)
        return given if given not in (None, "", []) else self.state["facts"].get(name)

    def said(self, name: str) -> str:
        """What the act's form calls the value that was chosen; "" when nothing was."""
        given, item = self.data.get(name), self.act.field(name)
        options = dict(item.options) if item else {}
        return options.get(str(given), str(given)) if given not in (None, "") else ""

    def last(self, act: str) -> Mapping[str, Any] | None:
        """The latest performance of an act: {"n", "on", "count", "by"}."""
        found: Mapping[str, Any] | None = self.state["last"].get(act)
        return found

    def done(self, *acts: str) -> bool:
        """Has any of these acts been performed?"""
        return any(act in self.state["last"] for act in acts)

    def n(self, act: str) -> int:
        """The number of the latest performance of an act, 0 when there was none: what came after what."""
        found = self.state["last"].get(act)
        return int(found["n"]) if found else 0

    def money(self, name: str) -> Decimal:
        """An amount in 元; nothing given counts as zero."""
        return Decimal(str(self.fact(name) or "0"))


def empty_state(procedure: str, stage: str) -> State:
    """A case before its first act."""
    return {
        "procedure": procedure,
        "stage": stage,
        "n": 0,
        "closed": "",
        "facts": {},
        "last": {},
        "clocks": {},
        "handlers": [],
        "former_handlers": [],
        "involved": [],
        "recused": [],
        "evidence": [],
        "property": [],
        "papers": {},
        "review": {},
        "publication": {},
        "payments": [],
        "remedies": [],
        "suspensions": [],
        "shown": {},
        "since": "",
    }


def awaits(facts: Facts) -> bool:
    """Does the decision count as published only with another platform's receipt?"""
    return bool(facts.extra.get("awaits"))


def in_public(state: State) -> bool:
    """Does a text of the decision stand in public? The first one does until what corrects it is confirmed."""
    now = state["publication"]
    return now.get("status") in ("submitted", "published") or (
        now.get("status") == "prepared" and "correcting" in now
    )
