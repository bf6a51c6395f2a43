"""One case as one visitor has it on the table: read in few queries, then drawn without asking again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.desk.history import ALL, Step, people_of, steps_of
from sanxiang.desk.who import Visitor
from sanxiang.desk.words import Words
from sanxiang.door import gather
from sanxiang.door.sight import Sight
from sanxiang.law.calendar import Calendar
from sanxiang.law.facts import Actor, Officer
from sanxiang.law.packs import Pack
from sanxiang.people.authority import names_of, officers_on


@dataclass(frozen=True)
class Room:
    """The case, its law, its history, and the eyes that look at it."""

    visitor: Visitor
    case: Case
    pack: Pack
    calendar: Calendar
    now: datetime
    actor: Actor
    handlers: tuple[Officer, ...]
    steps: list[Step]
    words: Words
    sight: Sight


def room_of(
    visitor: Visitor,
    case: Case,
    newest: int | None = None,
    most: int = ALL,
    also: Collection[int] = (),
) -> Room:
    """Four queries for those who work in the agency, two for those who only look in."""
    pack, steps = gather.pack_of(case), steps_of(case, newest, most, also)
    ids = people_of(pack, steps, gather.people_named(case.state), [str(visitor.person.pk)])
    actor, handlers, names = people_around(visitor, case, ids)
    sight = Sight(actor, case.state, str(case.unit_id or ""))
    return Room(
        visitor,
        case,
        pack,
        gather.calendar(),
        timezone.now(),
        actor,
        handlers,
        steps,
        Words(pack, names),
        sight,
    )


def people_around(
    visitor: Visitor, case: Case, ids: Iterable[str]
) -> tuple[Actor, tuple[Officer, ...], dict[str, str]]:
    """The visitor as an actor here, the case's handlers, and everybody's name."""
    if not visitor.works_in(case.agency_id):
        return onlooker(visitor), (), names_of(ids)
    found = {fact.id: fact for fact in officers_on(ids, visitor.on)}
    mine = found[str(visitor.person.pk)].certificates
    actor = gather.actor_in(visitor.person, case.agency, visitor.on, duties=visitor.duties, certificates=mine)
    handlers = tuple(gather.officer(found[h]) for h in case.state["handlers"] if h in found)
    return actor, handlers, {key: fact.name for key, fact in found.items()}


def onlooker(visitor: Visitor) -> Actor:
    """Who looks in from above holds no role in the agency; nothing there is open to them."""
    return Actor(id=str(visitor.person.pk), name=visitor.person.name)
