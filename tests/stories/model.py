"""The model search: every sequence of acts to a depth, driven through the transition that the door uses.

`walk` visits every state that can be reached, states that look the same being one, and asks the witness (model_notes,
model_promises) of every act that is done whether it breaks a promise. `Walk.refused` keeps what few guards alone kept out:
there the search goes on with one of them left out, until a promise breaks.
"""

import json
import random
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from model_letters import Letter, Scene, alphabet, letter_of
from model_notes import Deed, Notes, noted, seen
from model_people import PARTS, Cast, cast_of, heads
from model_promises import broken
from model_promises_later import LATER
from model_sight import Key, Sight, key_of, sight_of

from clockwork import CHINA
from sanxiang.cases.disclosure.masked import PublicText, public_text
from sanxiang.law import forms
from sanxiang.law.calendar import national_calendar
from sanxiang.law.facts import Facts, State, empty_state
from sanxiang.law.guards import judge
from sanxiang.law.packs import Pack, load_pack
from sanxiang.law.procedure import transition

assert LATER  # importing registers the promises
FIRST_DAY = date(2026, 3, 2)
"""Monday; no long holiday for a month."""
PUBLICATION = ("prepare-publication", "publish")


@dataclass(frozen=True)
class World:
    """One procedure in one locality; `focus` are the acts that are told, all where none is named; `act!` as usual, `act(so)` so only."""

    pack: Pack
    procedure: str
    focus: frozenset[str] = frozenset()

    @cached_property
    def cast(self) -> Cast:
        """The people of the agency."""
        return cast_of(str(self.pack.manifest["region"]))

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        """The alphabet; an act that the locality's pack does not have is left out."""
        acts = {a.id for a in self.pack.acts_of(self.procedure)}
        here = [x for x in alphabet(self.procedure) if x.act in acts]
        told = self.focus
        return tuple(
            x for x in here if not told or {x.act, x.label} & told or (not x.name and f"{x.act}!" in told)
        )

    @cached_property
    def sight(self) -> Sight:
        """What the guards can see."""
        acts = [a.id for a in self.pack.acts_of(self.procedure)]
        papers = {"penalty-notice", "penalty-decision", "spot-decision", "no-penalty-decision"}
        return sight_of(self.pack, self.procedure, acts, papers)


@dataclass(frozen=True)
class Place:
    """A state of the search: the case, the day, the witness's notes, and the letters that led here."""

    state: State
    today: date
    notes: Notes
    path: tuple[str, ...]


def beginning(world: World) -> Place:
    """No case yet."""
    start = world.pack.procedures[world.procedure].start
    return Place(empty_state(world.procedure, start), FIRST_DAY, Notes(), ())


@dataclass(frozen=True)
class Attempt:
    """A letter tried at a place: the place after it, or the guards that refused; and the promises that it breaks."""

    letter: Letter
    refused: frozenset[str]
    broken: tuple[str, ...]
    after: Place | None = None


@lru_cache(maxsize=4096)
def _public(pack: str, raw: str) -> PublicText:
    state = json.loads(raw)
    return public_text(load_pack(pack), state, "演示机关", summary=state["facts"].pop("plain_summary", ""))


SHOWN = ("party", "decided", "cause", "informant", "plain_summary")
"""What the public text is made of."""


def public(world: World, state: State, told: Mapping[str, Any] | None = None) -> PublicText:
    """The public text as the case gives it, with what the form says."""
    known = state["facts"] | {k: v for k, v in (told or {}).items() if v}
    facts = {k: known[k] for k in SHOWN if k in known}
    last = {act: {"n": n} for n, act in enumerate(DECIDING, 1) if act in state["last"]}
    made = {"facts": facts, "papers": {}, "procedure": state["procedure"], "last": last}
    return _public(world.pack.id, json.dumps(made, ensure_ascii=False, sort_keys=True))


DECIDING = ("decide-no-penalty", "decide", "decide-on-spot")


def facts_of(world: World, place: Place, letter: Letter, today: date) -> Facts | None:
    """What the door would gather for this letter; None where the form cannot even be read."""
    rule, state = world.pack.acts[letter.act], place.state
    scene = Scene(world.cast, state, today, lambda: public(world, state).digest)
    data, errors = forms.parse(rule, letter.told(scene))
    if errors:
        return None
    on = date.fromisoformat(str(data.get("on") or today)[:10])
    named = [i for f in rule.fields if f.type == "officers" for i in data.get(f.name) or ()]
    extra: dict[str, Any] = {"case_unit": "brigade", "agency_name": "演示机关", "remedies": True}
    if letter.act == "discuss":
        extra |= {"heads": heads(), "staff": {who: who for who in PARTS}}
    if letter.act in PUBLICATION:
        text = public(world, state, data)
        extra |= {
            "publication_digest": text.digest,
            "publication_missing": text.missing,
            "publication_leaks": text.leaks,
        }
    return Facts(
        pack=world.pack,
        act=rule,
        state=state,
        data=data,
        actor=world.cast.actors[letter.who],
        on=on,
        now=datetime(today.year, today.month, today.day, 10, tzinfo=CHINA),
        calendar=national_calendar(),
        officers=world.cast.officers(named),
        region=world.cast.region,
        extra=extra,
    )


def attempt(
    world: World, place: Place, letter: Letter, without: frozenset[str] = frozenset()
) -> Attempt | None:
    """Judge and move, as the door does; None where the letter cannot be told at all."""
    today = letter.wait(place.state, world.pack, place.today)
    facts = facts_of(world, place, letter, today) if today else None
    if facts is None or today is None:
        return None
    digest = facts.extra.get("publication_digest", "")
    deed = Deed(facts.act, letter.who, facts.data, facts.on, today, world.pack, digest)
    guards = frozenset(v.guard for v in judge(facts, without) if not v.met)
    if guards:
        return Attempt(letter, guards, broken(place.notes, deed) if len(guards) <= FEW else ())
    state = transition(facts)
    after = Place(state, today, noted(place.notes, deed), (*place.path, letter.label))
    return Attempt(letter, frozenset(), broken(place.notes, deed), after)


def at_hand(world: World, place: Place) -> Iterator[Letter]:
    """The letters worth telling here: those of the stage, and what decides or enforces, wherever it stands."""
    for letter in world.letters:
        rule = world.pack.acts[letter.act]
        if rule.first != (not place.path):
            continue
        if "*" in rule.stages or place.state["stage"] in rule.stages or letter.label in OUT_OF_PLACE:
            yield letter


OUT_OF_PLACE = ("decide", "decide-on-spot", "publish", "serve", "inspect", "file")
"""Acts that are tried at every stage, to see them refused outside their own."""


def key_at(world: World, place: Place) -> tuple[Key, Any]:
    """What makes two places one."""
    return key_of(place.state, place.today, world.pack, world.sight), seen(
        place.notes, place.today, world.pack
    )


Drawn = tuple[tuple[str, ...], frozenset[str]]
"""A path by its letters, and the guards that refused its last act, none where it was done."""


@dataclass(frozen=True)
class Edge:
    """A letter that guards refused at a place."""

    place: Place
    letter: Letter
    broken: tuple[str, ...]


@dataclass
class Walk:
    """What a search found."""

    world: World
    start: Place
    depth: int
    places: int = 0
    merged: int = 0
    done: int = 0
    tried: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    refused: dict[frozenset[str], list[Edge]] = field(default_factory=dict)
    twins: list[tuple[Place, Place]] = field(default_factory=list)
    paths: list[Drawn] = field(default_factory=list)


FEW = 3
"""More guards than these refusing at once are of no interest: none of them would be missed alone."""
EACH = 53
"""Of so many pairs of states that were taken for one, one pair is kept to be compared."""
KEPT = 40
"""How many refusals by the same guards are kept to go on from, besides those that break a promise at once."""


def walk(world: World, start: Place, depth: int, samples: int = 4) -> Walk:
    """Everything that can be done from `start` in `depth` acts; `samples` paths of each outcome are drawn by lot."""
    found, began = Walk(world, start, depth), time.process_time()
    lots = Lots(random.Random(20260302), samples)
    known = {key_at(world, start): start}
    queue = deque([(start, 0)])
    while queue:
        place, far = queue.popleft()
        found.places += 1
        for letter in at_hand(world, place):
            tried = attempt(world, place, letter)
            if tried is None:
                continue
            found.tried += 1
            lots.draw((*place.path, letter.label), tried.refused)
            if tried.after is None:
                _keep(found, place, tried)
                continue
            found.done += 1
            if tried.broken:
                found.faults.append(f"{' → '.join(tried.after.path)}: {'; '.join(tried.broken)}")
            elif far + 1 < depth:
                key = key_at(world, tried.after)
                if key not in known:
                    known[key] = tried.after
                    queue.append((tried.after, far + 1))
                    continue
                found.merged += 1
                if found.merged % EACH == 0:
                    found.twins.append((known[key], tried.after))
    found.seconds = time.process_time() - began
    found.paths = lots.drawn
    return found


@dataclass
class Lots:
    """Draws so many paths that end in an act done, and as many that end in a refusal, each with the same chance."""

    chance: random.Random
    size: int
    met: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    kept: dict[bool, list[Drawn]] = field(default_factory=lambda: {True: [], False: []})

    def draw(self, path: tuple[str, ...], refused: frozenset[str]) -> None:
        """One more path."""
        kind = not refused
        self.met[kind] += 1
        if len(self.kept[kind]) < self.size:
            self.kept[kind].append((path, refused))
        elif (place := self.chance.randrange(self.met[kind])) < self.size:
            self.kept[kind][place] = (path, refused)

    @property
    def drawn(self) -> list[Drawn]:
        """Done and refused in turn."""
        longer, other = sorted(self.kept.values(), key=len, reverse=True)
        return [x for i, one in enumerate(longer) for x in (one, *other[i : i + 1])]


def _keep(found: Walk, place: Place, tried: Attempt) -> None:
    """Remember a refusal by one or two guards: one that breaks a promise first of all."""
    if len(tried.refused) > 2 and not tried.broken:
        return
    edges = found.refused.setdefault(tried.refused, [])
    same = sum(e.letter is tried.letter and bool(e.broken) == bool(tried.broken) for e in edges)
    if same < 3 and len(edges) < KEPT:
        edge = Edge(place, tried.letter, tried.broken)
        edges.insert(0, edge) if tried.broken else edges.append(edge)


def unlike(world: World, one: Place, other: Place) -> list[str]:
    """The letters that two states which were taken for one answer differently; none, if the sight misses nothing."""
    found = []
    for letter in at_hand(world, one):
        here, there = attempt(world, one, letter), attempt(world, other, letter)
        said = [None if a is None else (sorted(a.refused), a.broken) for a in (here, there)]
        if said[0] != said[1]:
            found.append(f"{letter.label}: {said[0]} after {one.path}, {said[1]} after {other.path}")
    return found


# Leaving a guard out


@dataclass(frozen=True)
class Caught:
    """The guards left out, and the path that then breaks a promise."""

    guards: tuple[str, ...]
    procedure: str
    path: tuple[str, ...]
    broken: tuple[str, ...]


def at_once_caught(found: Walk, guards: frozenset[str]) -> Caught | None:
    """An act that these guards alone refused and that breaks a promise by itself."""
    for edge in found.refused.get(guards, []):
        if edge.broken:
            path = (*edge.place.path, edge.letter.label)
            return Caught(tuple(sorted(guards)), found.world.procedure, path, edge.broken)
    return None


def caught_later(found: Walk, guards: frozenset[str], limit: int = 60) -> Caught | None:
    """Leave these guards out and go on from what they alone refused, up to so many places, until a promise breaks."""
    told: dict[str, Edge] = {}
    for edge in found.refused.get(guards, []):
        told.setdefault(edge.letter.label, edge)
    for edge in list(told.values())[:4]:
        tried = attempt(found.world, edge.place, edge.letter, guards)
        if tried is None or tried.after is None:
            continue
        for path, promises in _follow(found.world, tried.after, guards, limit):
            rest = [label for i, label in enumerate(path) if i != len(edge.place.path)]
            if not _breaks(found.world, rest):
                return Caught(tuple(sorted(guards)), found.world.procedure, path, promises)
    return None


def _breaks(world: World, labels: Iterable[str]) -> bool:
    """Does this path break a promise by itself, with every guard in place? Then leaving one out was not to blame."""
    place = beginning(world)
    full = World(world.pack, world.procedure)
    for label in labels:
        tried = attempt(full, place, letter_of(world.procedure, label))
        if tried is None or tried.after is None:
            return False
        if tried.broken:
            return True
        place = tried.after
    return False


def _follow(
    world: World, start: Place, guards: frozenset[str], limit: int
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Breadth first from here, up to so many places: the acts that are done and break a promise."""
    known, queue = {key_at(world, start)}, deque([start])
    for _ in range(limit):
        if not queue:
            return
        place = queue.popleft()
        for letter in at_hand(world, place):
            tried = attempt(world, place, letter, guards)
            if tried is None or tried.after is None:
                continue
            if tried.broken:
                yield tried.after.path, tried.broken
            elif (key := key_at(world, tried.after)) not in known:
                known.add(key)
                queue.append(tried.after)


def led(world: World, labels: Iterable[str]) -> Place:
    """The place to which these letters lead. Raises AssertionError where one of them is refused."""
    place = beginning(world)
    for label in labels:
        tried = attempt(world, place, letter_of(world.procedure, label))
        assert tried is not None and tried.after is not None, (label, tried and tried.refused)
        assert not tried.broken, (label, tried.broken)
        place = tried.after
    return place
