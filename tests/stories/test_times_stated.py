"""Times that a record states: none lies ahead, and nobody is in two places at once."""

from datetime import timedelta
from typing import Any

import pytest

from knocks import Knock, fact_of, refused_everywhere
from play import STORIES, Clock, Play, accepted, make_office

pytestmark = pytest.mark.django_db


def play_of(clock: Clock, until: str, story: str = "ordinary") -> Play:
    """A story played to just before a step, and to the moment when that is done."""
    procedure, steps = STORIES[story]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until(until)
    play.pass_days(play.next().after)
    return play


def minute(play: Play, ahead: int) -> str:
    """So many minutes after (below zero, before) the next knock, which comes twenty minutes on."""
    return f"{play.moment + timedelta(minutes=20 + ahead):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("act", ["inspect", "interview"])
def test_no_record_of_what_has_not_happened(clock: Clock, act: str) -> None:
    play = play_of(clock, act)
    for told in ((60, 70), (-5, 1)):
        began, ended = (minute(play, m) for m in told)
        answer = refused_everywhere(play.knock(after=0, began=began, ended=ended))
        assert answer.guards == {"times-in-order"}
        assert "还没有到" in fact_of(answer, "times-in-order")
    accepted(play.knock(after=0, began=minute(play, -1), ended=minute(play, 0)), play)


def test_no_act_at_an_hour_still_to_come(clock: Clock) -> None:
    """The field is called 办理时间, and so does the refusal; no article says it."""
    play = play_of(clock, "inspect", "summary")
    answer = refused_everywhere(play.knock(after=0, on=minute(play, 1)))
    (row,) = [row for row in answer.refused if row[0] == "not-in-future"]
    assert row[1] == "" and "办理时间" in row[2] and "还没有到" in row[2]
    accepted(play.knock(after=0, on=minute(play, 0)), play)


def test_nobody_is_in_two_places_at_once(clock: Clock) -> None:
    """Two officers at each place: the same two cannot inspect and question at once; before, after and on the spot they can."""
    play = play_of(clock, "inspect")
    play.step(place="砂场")
    seen = play.case.state["present"][-1]
    began, ended = seen["began"], seen["ended"]
    halfway = f"{began[:-2]}{int(began[-2:]) + 5:02}"

    def question(began: str, ended: str, **more: Any) -> Knock:
        return play.knock("interview", after=0, began=began, ended=ended, **more)

    for times in ((began, ended), (halfway, minute(play, 0)), (halfway, halfway)):
        answer = refused_everywhere(question(*times))
        assert answer.guards == {"officers-in-one-place"}
        assert "砂场" in fact_of(answer, "officers-in-one-place")
    accepted(question(ended, minute(play, 0)), play)
    accepted(question(began, ended, place="砂场办公室"), play)
