"""Every guard of every pack refuses the case that just fails it: on the page, by the API, from the command line, alike."""

from collections.abc import Iterator

import pytest

from knocks import Answer, Knock, refused_everywhere
from play import LOCALITIES, Clock, Play, make_office
from sanxiang.law.packs import Pack, load_pack
from side_stories import BOOK
from spoilers import EVERYWHERE, SPOILERS, Spoiler

pytestmark = [pytest.mark.django_db, pytest.mark.deep]
"""Deep while the cases for the guards that came last are being written: it fails and lists them (docs/operate.md)."""

THOROUGH = "kaiyuan"
"""Where every sum is set, so that every guard has its turn: there the guards that stand before many acts are tried at each."""

TOLD = [name for name in BOOK if any(s.story == name for s in SPOILERS)]
TRIED: set[tuple[str, ...]] = set()


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_guard_has_a_spoiler(locality: str) -> None:
    guards = {g.id: g for g in load_pack(locality).guards}
    known = {s.guard for s in SPOILERS} | set(EVERYWHERE)
    assert set(guards) - known == set(), "guards that no generated case fails"
    assert known - set(guards) == set(), "spoilers of guards that no longer exist"
    told = {step.act for name in TOLD for step in BOOK[name][1]}
    assert [g for g in EVERYWHERE if not told & set(guards[g].on)] == [], (
        "guards at whose acts no story comes by"
    )


@pytest.mark.parametrize("story", TOLD)
@pytest.mark.parametrize("locality", LOCALITIES)
def test_each_guard_refuses_in_every_way(locality: str, story: str, clock: Clock) -> None:
    procedure, steps = BOOK[story]
    play = Play(make_office(locality), procedure, steps, clock)
    faults: list[str] = []
    while play.position < len(steps):
        faults += try_here(play, story)
        faults += try_everywhere(play)
        play.step()
    assert not faults, "\n".join(faults)


def try_here(play: Play, story: str) -> Iterator[str]:
    """The spoilers that wait at this step."""
    for spoiler in (s for s in SPOILERS if s.story == story and place_of(s) == play.position):
        with play.branch():
            found = spoiler.spoil(play)
            for knock in found if isinstance(found, list) else [found]:
                yield from faults_of(knock, spoiler.guard, spoiler.also, play)


def place_of(spoiler: Spoiler) -> int:
    """The index of the step before which the spoiler stands."""
    name, _, count = spoiler.before.partition("/")
    places = [i for i, s in enumerate(BOOK[spoiler.story][1]) if s.act == name]
    return places[int(count or 1) - 1]


def try_everywhere(play: Play) -> Iterator[str]:
    """The guards that stand before this step's act; where it is not thorough, each at one act."""
    act, locality = play.next().act, play.office.agency.locality
    law = play.pack if play.case_id else load_pack(locality)
    for guard in law.guards_of(act, play.procedure):
        mark = (locality, guard.id, *([act] if locality == THOROUGH else []))
        if guard.id not in EVERYWHERE or mark in TRIED:
            continue
        if guard.id == "not-recused" and (
            play.case_id is None or play.case.stage in ("decided", "execution")
        ):
            continue  # nobody asks for a recusal after the decision
        TRIED.add(mark)
        with play.branch():
            knock, also = EVERYWHERE[guard.id](play)
            yield from faults_of(knock, guard.id, frozenset(also), play)


def faults_of(knock: Knock, guard: str, also: frozenset[str], play: Play) -> Iterator[str]:
    """What is wrong with the refusal: not refused, by others too, or not in the words of the pack."""
    answer = refused_everywhere(knock)
    where = f"{play.office.agency.locality} {guard} at {knock.act}"
    if answer.guards != {guard} | also:
        yield f"{where}: {answer}"
        return
    yield from words_of(knock.pack, answer, guard, where)


def words_of(law: Pack, answer: Answer, guard: str, where: str) -> Iterator[str]:
    """The refusal names the article of the guard, a fact and a cure."""
    rule = next(g for g in law.guards if g.id == guard)
    for name, citation, fact, cure in answer.refused:
        if name == guard and (citation != str(rule.citation) or not fact or not cure):
            yield f"{where}: {citation} / {fact} / {cure}"
