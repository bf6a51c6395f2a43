"""Every guard of every pack refuses the case that just fails it: on the page, by the API, from the command line, alike.

In every run one locality tries every guard in all three ways, each of the others those that its own words decide and a quarter of
the rest, in one way by turns, so that together they try every guard twice. `make deep` tries everything everywhere in all ways,
and what stands before many acts at each of them.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from knocks import WAYS, Answer, Knock, refused_everywhere
from play import LOCALITIES, Clock, Play, make_office
from sanxiang.law.guards import Refused
from sanxiang.law.packs import Pack, load_pack
from sanxiang.law.rules import Guard
from side_stories import BOOK
from spoilers import EVERYWHERE, SPOILERS, Spoiler
from spoiling import END, told_guards

pytestmark = pytest.mark.django_db

THOROUGH = "kaiyuan"
"""Where every sum is set, so that every guard has its turn."""

OTHERS = [name for name in LOCALITIES if name != THOROUGH]

LOCAL = {
    "certified",
    "certificate-mode",
    "elements-given",
    "defence-days-known",
    "hearing-settled",
    "hearing-not-owed",
    "review-passed",
    "discussed",
    "stage-recorded",
    "value-set",
    "publication-fields",
    "clean-text",
}
"""Conditions that look at the locality's own parameters, lists and records."""

TOLD = [name for name in BOOK if any(s.story == name for s in SPOILERS)]
ALL = {g.id for locality in LOCALITIES for g in told_guards(load_pack(locality))}
"""Every rule that some pack has; what else refuses (stage, once, a blank) is asked of every act."""


@dataclass
class Round:
    """What was tried in one locality, in every run or in the deep one."""

    locality: str
    chosen: set[str]
    each_act: bool
    heard: set[str] = field(default_factory=set)
    tried: set[tuple[str, ...]] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


def share_of(locality: str) -> set[str]:
    """The guards that this locality tries in every run."""
    guards = told_guards(load_pack(locality))
    if locality == THOROUGH:
        return {g.id for g in guards}
    own = {g.id for g in guards if g.needs in LOCAL or g.place[0].split("/")[0] == locality}
    return own | {g.id for g in guards if turn_of(g) == OTHERS.index(locality)}


def turn_of(guard: Guard) -> int:
    """Which of the other localities tries it: by its name, so that one guard more moves no other."""
    return zlib.crc32(guard.id.encode()) % len(OTHERS)


ROUNDS = {name: Round(name, share_of(name), False) for name in LOCALITIES}
DEEP = {name: Round(name, {g.id for g in told_guards(load_pack(name))}, True) for name in LOCALITIES}
KINDS = [pytest.param(ROUNDS, id="share"), pytest.param(DEEP, id="all", marks=pytest.mark.deep)]


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_guard_has_a_spoiler(locality: str) -> None:
    guards = {g.id: g for g in told_guards(load_pack(locality))}
    known = {s.guard for s in SPOILERS} | set(EVERYWHERE)
    assert set(guards) - known == set(), "guards that no generated case fails"
    told = {step.act for name in TOLD for step in BOOK[name][1]}
    assert [g for g in EVERYWHERE if not told & set(guards[g].on)] == [], (
        "guards at whose acts no story comes by"
    )


def test_every_spoiler_has_a_guard() -> None:
    known = {s.guard for s in SPOILERS} | set(EVERYWHERE)
    assert known - ALL == set(), "spoilers of guards that no longer exist"


@pytest.mark.parametrize("story", TOLD)
@pytest.mark.parametrize("locality", LOCALITIES)
@pytest.mark.parametrize("rounds", KINDS)
def test_each_guard_refuses_in_every_way(
    rounds: dict[str, Round], locality: str, story: str, clock: Clock
) -> None:
    procedure, steps = BOOK[story]
    now = rounds[locality]
    play = Play(make_office(locality), procedure, steps, clock)
    faults: list[str] = []
    while play.position < last_of(story, now):
        faults += try_here(play, story, now)
        faults += try_everywhere(play, now)
        play.step()
    faults += try_here(play, story, now)
    now.heard.add(story)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("locality", LOCALITIES)
@pytest.mark.parametrize("rounds", KINDS)
def test_every_guard_was_seen_to_refuse(rounds: dict[str, Round], locality: str) -> None:
    now = rounds[locality]
    if set(TOLD) - now.heard:
        pytest.skip("only some of the stories were told in this run")
    assert not now.chosen - now.refused


def test_the_shares_leave_no_guard_out() -> None:
    """Whatever national guard there is, some locality besides the thorough one tries it in every run."""
    national = {g.id for g in told_guards(load_pack("national"))}
    assert national <= set.union(*(ROUNDS[name].chosen for name in OTHERS))


def last_of(story: str, now: Round) -> int:
    """How far the story must be told: to its last spoiler; all the way where each act is tried."""
    if now.each_act or set(EVERYWHERE) & now.chosen - {mark[0] for mark in now.tried}:
        return len(BOOK[story][1])
    return max((place_of(s) for s in SPOILERS if s.story == story and s.guard in now.chosen), default=0)


def try_here(play: Play, story: str, now: Round) -> Iterator[str]:
    """The spoilers that wait at this step."""
    for spoiler in SPOILERS:
        here = spoiler.story == story and spoiler.guard in now.chosen and place_of(spoiler) == play.position
        if not here:
            continue
        with play.branch():
            try:
                found = spoiler.spoil(play)
            except Refused as refused:
                yield f"{now.locality} {spoiler.guard}: the way to it is closed: {refused}"
                continue
            for knock in found if isinstance(found, list) else [found]:
                yield from faults_of(knock, spoiler.guard, spoiler.also, play, now)


def place_of(spoiler: Spoiler) -> int:
    """The index of the step before which the spoiler stands."""
    steps = BOOK[spoiler.story][1]
    if spoiler.before == END:
        return len(steps)
    name, _, count = spoiler.before.partition("/")
    places = [i for i, s in enumerate(steps) if s.act == name]
    return places[int(count or 1) - 1]


def try_everywhere(play: Play, now: Round) -> Iterator[str]:
    """The guards that stand before this step's act; where it is not thorough, each at one act."""
    act = play.next().act
    law = play.pack if play.case_id else load_pack(now.locality)
    for guard in law.guards_of(act, play.procedure):
        mark = (guard.id, *([act] if now.each_act else []))
        if guard.id not in EVERYWHERE or guard.id not in now.chosen or mark in now.tried:
            continue
        if guard.id == "not-recused" and (
            play.case_id is None or play.case.stage in ("decided", "execution")
        ):
            continue  # nobody asks for a recusal after the decision
        now.tried.add(mark)
        with play.branch():
            knock, also = EVERYWHERE[guard.id](play)
            yield from faults_of(knock, guard.id, frozenset(also), play, now)


def ways_of(guard: str, now: Round) -> tuple[str, ...]:
    """How a guard is tried there: in another way in each of the localities that do not try everything."""
    if now.each_act or now.locality == THOROUGH:
        return tuple(WAYS)
    names = sorted(WAYS)
    return (names[(zlib.crc32(guard.encode()) + OTHERS.index(now.locality)) % len(names)],)


def faults_of(knock: Knock, guard: str, also: frozenset[str], play: Play, now: Round) -> Iterator[str]:
    """What is wrong with the refusal: not refused, by others too, or not in the words of the pack."""
    where = f"{now.locality} {guard} at {knock.act}"
    asked = {g.id for g in knock.pack.guards_of(knock.act, play.procedure)}
    expected = {guard} | {name for name in also if name in asked or name not in ALL}
    try:
        answer = refused_everywhere(knock, ways_of(guard, now))
    except AssertionError as wrong:
        yield f"{where}: {wrong}"
        return
    if answer.guards != expected:
        yield f"{where}: {answer}"
        return
    now.refused.add(guard)
    yield from words_of(knock.pack, answer, guard, where)


def words_of(law: Pack, answer: Answer, guard: str, where: str) -> Iterator[str]:
    """The refusal names the article of the guard, a fact and a cure."""
    rule = next(g for g in law.guards if g.id == guard)
    for name, citation, fact, cure in answer.refused:
        if name == guard and (citation != str(rule.citation) or not fact or not cure):
            yield f"{where}: {citation} / {fact} / {cure}"
