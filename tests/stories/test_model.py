"""No sequence of acts breaks a promise; leaving any guard out lets one; and the doors answer as the model does.

How far each search goes and what it found is printed (`pytest -s`, `make deep`).
"""

import os
from functools import cache

import pytest
from model import Caught, Walk, unlike
from model_people import join
from model_replay import Stage, replay
from model_walks import LOCALITIES, ROADS, UNCONNECTED, Road, doubled, kept_out, removal, walk_of

from clockwork import Clock
from knocks import WAYS
from play import make_office
from sanxiang.door import perform as door
from sanxiang.law import guards, procedure
from sanxiang.law.packs import load_pack
from spoiling import told_guards

QUICK = "kaiyuan"
"""Where every sum is set, so that a case may be major or not: the locality of every run."""
STANDING = ("stage", "role", "once", "not-in-future", "in-order", "today-only")
"""What is asked of every act, whatever its guards."""
REPLAYED = 60
"""Paths of each locality that are walked through the doors in `make deep`."""

SHOWN = pytest.mark.skipif(
    "SANXIANG_SEARCH" not in os.environ, reason="make deep runs it alone, with its tables"
)
"""The whole search asks no database, so it runs once, and in one process, so that its tables are seen."""


@cache
def walks(locality: str, quick: bool) -> tuple[tuple[Road, Walk], ...]:
    """Every road of a locality, walked once for all tests here."""
    return tuple(
        (road, walk_of(road, load_pack(locality), road.quick if quick else road.depth)) for road in ROADS
    )


def test_the_door_judges_and_moves_by_the_law_that_is_searched() -> None:
    assert door.judge is guards.judge and door.transition is procedure.transition


def test_no_sequence_breaks_a_promise() -> None:
    broken_in(QUICK, quick=True)


@pytest.mark.deep
@SHOWN
@pytest.mark.parametrize("locality", LOCALITIES)
def test_no_sequence_breaks_a_promise_anywhere(locality: str) -> None:
    broken_in(locality, quick=False)


def test_states_taken_for_one_answer_alike() -> None:
    """What the search takes for one state is one: every letter is done in both, or refused by the same guards."""
    twins = [(walk.world, *pair) for _, walk in walks(QUICK, True) for pair in walk.twins[:8]]
    assert len(twins) > 50
    found = [fault for world, one, other in twins for fault in unlike(world, one, other)]
    assert not found, "\n".join(found[:10])


def broken_in(locality: str, quick: bool) -> None:
    """Walk every road and print what was seen."""
    print(f"\n{locality}: road, depth, states, merged, acts done, acts tried, seconds")
    faults = []
    for road, found in walks(locality, quick):
        figures = (found.depth, found.places, found.merged, found.done, found.tried, round(found.seconds, 1))
        print(f"  {road.name:36}", *(f"{n:>8}" for n in figures))
        faults += found.faults
    assert not faults, "\n".join(faults[:20])


def test_leaving_a_guard_out_breaks_a_promise() -> None:
    missed_in(QUICK, quick=True)


@pytest.mark.deep
@SHOWN
@pytest.mark.parametrize("locality", LOCALITIES)
def test_leaving_a_guard_out_breaks_a_promise_anywhere(locality: str) -> None:
    missed_in(locality, quick=False)


def missed_in(locality: str, quick: bool) -> None:
    """Leave out one guard after the other; print which promise then breaks by which act."""
    found, pack = [walk for _, walk in walks(locality, quick)], load_pack(locality)
    guards = [*(g.id for g in told_guards(pack)), *STANDING]
    tried = [g for g in guards if g not in UNCONNECTED]
    alone = {g: removal(found, frozenset({g})) for g in tried}
    twice = {g: doubled(found, g) for g in tried if alone[g] is None}
    print(f"\n{locality}: guards {len(guards)}, tried {len(tried)}, ", end="")
    print(
        f"caught {len(tried) - len(twice)}, caught with their double {sum(d is not None for d in twice.values())}"
    )
    for guard in tried:
        print(f"  {guard:26} {told(alone[guard] or twice[guard], guard in twice)}")
    for guard in (g for g in guards if g not in tried):
        print(f"  {guard:26} no promise: {UNCONNECTED[guard]}")
    missed = [g for g, answer in twice.items() if answer is None]
    assert not missed, f"left out and nothing breaks: {missed}; give them a letter, or say why in UNCONNECTED"
    for answer in (alone[g] or twice[g] for g in tried):
        assert answer and kept_out(pack, answer) <= set(answer.guards), answer


def told(answer: Caught | None, is_double: bool) -> str:
    """A line of the table."""
    if answer is None:
        return "NOT CAUGHT"
    return f"{'doubled: ' + ' + '.join(answer.guards) + ': ' if is_double else ''}{answer.path[-1]} breaks “{answer.broken[0]}”"


@pytest.mark.django_db
@pytest.mark.parametrize("locality", LOCALITIES)
def test_the_doors_answer_as_the_model_does(locality: str, clock: Clock) -> None:
    """Four paths in each locality, over other roads in each."""
    replayed(locality, clock, ROADS[LOCALITIES.index(locality) :: len(LOCALITIES)], quick=True, count=4)


@pytest.mark.deep
@pytest.mark.django_db
@pytest.mark.parametrize("locality", LOCALITIES)
def test_the_doors_answer_as_the_model_does_on_every_road(locality: str, clock: Clock) -> None:
    replayed(locality, clock, ROADS, quick=False, count=REPLAYED)


def replayed(locality: str, clock: Clock, roads: tuple[Road, ...], quick: bool, count: int) -> None:
    """Walk paths drawn by lot through the doors, in turn by page, API and command; the last act by all three."""
    office, pack = make_office(locality), load_pack(locality)
    join(office)
    faults, used, ends, left = [], dict.fromkeys(WAYS, 0), {"done": 0, "refused": 0}, count
    for place, road in enumerate(roads):
        share = -(-left // (len(roads) - place))
        depth = min(road.quick, 3) if quick else road.quick
        drawn = walk_of(road, pack, depth, share + 1).paths[place % 2 :][:share]
        stage = Stage(office, road.procedure, clock)
        with stage.branch() as begun:
            for label in road.start:
                begun.step(label)
            for path in drawn:
                faults += replay(begun, path)
                ends["refused" if path[1] else "done"] += 1
            used = {way: used[way] + n for way, n in begun.used.items()}
        left -= len(drawn)
    print(f"\n{locality}: paths {count - left} {ends}, acts by each way {used}")
    assert not faults, "\n".join(faults)
    assert left == 0 and min(ends.values()) >= count // 3
