"""What is confiscated has a value: without one the case is heard, reviewed and discussed, and no draft leaves it blank."""

from typing import Any

import pytest

from knocks import fact_of, refused_everywhere
from play import Clock, Play, accepted, make_office
from sanxiang.demo import stories
from sanxiang.law.scope import discussion_reasons, hearing_reasons, major_reasons
from side_stories import BOOK

pytestmark = pytest.mark.django_db

BOAT: dict[str, Any] = {
    "kinds": ["confiscate-goods"],
    "fine": "",
    "confiscated_list": "采砂船一艘，价值约二百万元",
}
AFTERWARDS = ("submit-for-review", "give-opinion", "discuss")
GRAVE = {"decide.reviewed", "decide.discussed"}


def drafting(clock: Clock) -> Play:
    """A case in which a boat is to be confiscated; kaiyuan hears from 80,000 元 and discusses from 50,000 元."""
    procedure, steps = BOOK["ordinary"]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("draft-decision", conclude_investigation={"proposal": boat("100")})
    return play


def boat(value: str | None, **more: Any) -> dict[str, Any]:
    """A decision that takes the boat."""
    plan = {**stories.penalty("0"), **BOAT, **more, "confiscated_value": value}
    return {k: v for k, v in plan.items() if v is not None}


def test_no_draft_takes_goods_whose_value_nobody_stated(clock: Clock) -> None:
    play = drafting(clock)
    answer = refused_everywhere(play.knock(decision=boat(None)))
    assert answer.guards == {"decision-consistent"}
    assert "没有填写没收非法财物的价值" in fact_of(answer, "decision-consistent")
    accepted(play.knock(after=0, decision=boat("0.01")), play)


def test_no_proposal_does_either(clock: Clock) -> None:
    procedure, steps = BOOK["ordinary"]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("conclude-investigation")
    assert refused_everywhere(play.knock(proposal=boat(None))).guards == {"proposal-consistent"}
    accepted(play.knock(after=0, proposal=None), play)


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ("49999.99", set()),
        ("50000", GRAVE),
        ("79999.99", GRAVE),
        ("80000", GRAVE),
        ("2000000", GRAVE),
        ("0", GRAVE),
    ],
)
def test_the_value_decides_what_comes_before_the_decision(
    value: str, refused: set[str], clock: Clock
) -> None:
    play = drafting(clock)
    play.step(decision=boat(value))
    play.until("decide", without=AFTERWARDS)
    assert play.case.state["facts"]["notified"]["hearing"] == (value in ("80000", "2000000", "0"))
    if refused:
        assert refused_everywhere(play.knock()).guards == refused
    else:
        accepted(play.knock(), play)


@pytest.mark.parametrize(
    "plan",
    [boat(None), {"kinds": ["confiscate-gains"], "fine": ""}, {"kinds": ["confiscate-gains"]}],
)
def test_a_case_drafted_before_this_was_asked_counts_as_large(plan: dict[str, Any], clock: Clock) -> None:
    """Goods without a value, gains without a sum: heard, reviewed and discussed until somebody says how much it is."""
    play = drafting(clock)
    play.step(decision=boat("100"))
    state = play.case.state
    for reasons in (hearing_reasons, discussion_reasons, major_reasons):
        assert not reasons(play.pack, state)
    state["facts"]["decision"] = plan
    for reasons in (hearing_reasons, discussion_reasons, major_reasons):
        assert any("按较大" in reason.text for reason in reasons(play.pack, state))
