"""A blank in a form that is otherwise lawful is one refusal, about that blank: no rule says the same again in other words."""

import pytest

from play import Clock, Play, make_office
from sanxiang.door.gather import pack_of
from sanxiang.door.perform import open_case, perform
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from side_stories import BOOK

pytestmark = pytest.mark.django_db
LOCALITY = "kaiyuan"


@pytest.mark.parametrize("story", BOOK)
def test_each_blank_is_said_once(story: str, clock: Clock) -> None:
    procedure, steps = BOOK[story]
    play = Play(make_office(LOCALITY), procedure, steps, clock)
    faults: list[str] = []
    while play.position < len(steps):
        act = (pack_of(play.case) if play.case_id else load_pack(LOCALITY)).acts[play.next().act]
        with play.branch():
            play.pass_days(play.next().after)
            told = play.data_of(play.next(), play.moment)
            for item in act.fields:
                if item.required and item.name in told:
                    faults += fault_of(play, item.name, {k: v for k, v in told.items() if k != item.name})
        play.step()
    assert not faults, "\n".join(faults)


def fault_of(play: Play, blank: str, told: dict[str, object]) -> list[str]:
    """What is wrong with the refusal of the story's next act with this field left blank."""
    step, by = play.next(), play.person(play.next().who)
    try:
        if play.case_id is None:
            open_case(play.procedure, play.office.agency, by, told, unit=play.office.brigade, channel="test")
        else:
            perform(step.act, play.case_id, by, told, channel="test")
    except Refused as refused:
        said = [v for v in refused.verdicts if v.guard != f"field:{blank}"]
        named = len(said) < len(refused.verdicts)
        if named and not said:
            return []
        return [f"{step.act} without {blank}: {[(v.guard, v.fact) for v in refused.verdicts]}"]
    return [f"{step.act} without {blank} was let in"]
