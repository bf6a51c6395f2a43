"""Every guard of every pack refuses the case that just fails it: on the page, by the API, from the command line, alike."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from knocks import Answer, Knock, refused_everywhere
from play import LOCALITIES, Clock, Play, make_office
from sanxiang.law.guards import Refused
from sanxiang.law.packs import Pack, load_pack
from side_stories import BOOK
from spoilers import EVERYWHERE, SPOILERS, Spoiler
from spoiling import END

pytestmark = [pytest.mark.django_db, pytest.mark.deep]

THOROUGH = "kaiyuan"
"""Where every sum is set, so that every guard has its turn: there the guards that stand before many acts are tried at each."""

LIFTED = {
    ("huantai", "certificate-mode"): "the scheme takes a certificate worn for one shown",
}
"""Guards that nothing a form can say fails in a locality, and why."""

TOLD = [name for name in BOOK if any(s.story == name for s in SPOILERS)]
TRIED: set[tuple[str, ...]] = set()
REFUSED: dict[str, set[str]] = defaultdict(set)
"""By locality, the guards that were seen to refuse; and the stories told there."""
HEARD: dict[str, set[str]] = defaultdict(set)


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_guard_has_a_spoiler(locality: str) -> None:
    guards = {g.id: g for g in load_pack(locality).guards}
    known = {s.guard for s in SPOILERS} | set(EVERYWHERE)
    assert set(guards) - known == set(), "guards that no generated case fails"
    told = {step.act for name in TOLD for step in BOOK[name][1]}
    assert [g for g in EVERYWHERE if not told & set(guards[g].on)] == [], (
        "guards at whose acts no story comes by"
    )


def test_every_spoiler_has_a_guard() -> None:
    guards = {g.id for locality in LOCALITIES for g in load_pack(locality).guards}
    known = {s.guard for s in SPOILERS} | set(EVERYWHERE)
    assert known - guards == set(), "spoilers of guards that no longer exist"


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
    faults += try_here(play, story)
    HEARD[locality].add(story)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_guard_was_seen_to_refuse(locality: str) -> None:
    if set(TOLD) - HEARD[locality]:
        pytest.skip("only some of the stories were told in this run")
    guards = {g.id for g in load_pack(locality).guards}
    lifted = {guard for where, guard in LIFTED if where == locality}
    assert guards - REFUSED[locality] == lifted


def try_here(play: Play, story: str) -> Iterator[str]:
    """The spoilers that wait at this step."""
    law = load_pack(play.office.agency.locality)
    known = {g.id for g in law.guards}
    for spoiler in (s for s in SPOILERS if s.story == story and place_of(s) == play.position):
        if spoiler.guard not in known:
            continue
        with play.branch():
            try:
                found = spoiler.spoil(play)
            except Refused as refused:
                yield f"{law.id} {spoiler.guard}: the way to it is closed: {refused}"
                continue
            for knock in found if isinstance(found, list) else [found]:
                yield from faults_of(knock, spoiler.guard, spoiler.also, play)


def place_of(spoiler: Spoiler) -> int:
    """The index of the step before which the spoiler stands."""
    steps = BOOK[spoiler.story][1]
    if spoiler.before == END:
        return len(steps)
    name, _, count = spoiler.before.partition("/")
    places = [i for i, s in enumerate(steps) if s.act == name]
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
    law = knock.pack
    where = f"{law.id} {guard} at {knock.act}"
    asked = {g.id for g in law.guards_of(knock.act, play.procedure)}
    expected = {guard} | {name for name in also if name in asked or name not in ALL}
    try:
        answer = refused_everywhere(knock)
    except AssertionError as wrong:
        yield f"{where}: {wrong}"
        return
    if answer.guards != expected:
        yield f"{where}: {answer}"
        return
    REFUSED[law.id].add(guard)
    yield from words_of(law, answer, guard, where)


ALL = {g.id for locality in LOCALITIES for g in load_pack(locality).guards}
"""Every rule that some pack has; what else refuses (stage, once, a blank) is asked of every act."""


def words_of(law: Pack, answer: Answer, guard: str, where: str) -> Iterator[str]:
    """The refusal names the article of the guard, a fact and a cure."""
    rule = next(g for g in law.guards if g.id == guard)
    for name, citation, fact, cure in answer.refused:
        if name == guard and (citation != str(rule.citation) or not fact or not cure):
            yield f"{where}: {citation} / {fact} / {cure}"
