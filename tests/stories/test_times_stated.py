"""Times that a record states: none lies ahead, and nobody is in two places at once."""

from datetime import date, timedelta
from typing import Any

import pytest

from knocks import Knock, fact_of, refused_everywhere, signed_in
from play import STORIES, Clock, Play, accepted, make_office
from sanxiang.demo.stories import two
from side_stories import SAMPLED

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


def hours(day: date, *hour: int) -> dict[str, str]:
    """A record's beginning and end on that day."""
    return dict(zip(("began", "ended"), (f"{day}T{h:02}:00" for h in hour), strict=True))


@pytest.mark.parametrize("story", ["ordinary", "summary"])
def test_no_inspection_before_the_case_or_before_the_certificates(clock: Clock, story: str) -> None:
    """The times are what the record itself states: nobody needs to state 办理时间 for them to count."""
    play = play_of(clock, "inspect", story)
    for day in (play.moment.date() - timedelta(days=1), date(2025, 6, 1)):
        answer = refused_everywhere(play.knock(after=0, **hours(day, 14, 15)))
        assert "shown-before" in answer.guards
        assert "出示执法证件" in fact_of(answer, "shown-before")
    assert "in-order" in answer.guards, answer


def test_no_inspection_before_the_hour_at_which_certificates_were_shown(clock: Clock) -> None:
    """Where both say the hour, the hour counts; shown earlier and recorded late, it is recorded with its own hour."""
    play = play_of(clock, "show-certificate", "ordinary")
    play.pass_days(1)
    day = play.moment.date() - timedelta(days=1)
    shown = play.data_of(play.next(), play.moment)
    play.do("show-certificate", "officer1", **shown, on=f"{day}T14:00")
    told = play.data_of(play.steps[play.find("notify-on-site")], play.moment)
    play.do("notify-on-site", "officer1", **told, on=f"{day}T14:00")
    answer = refused_everywhere(play.knock("inspect", after=0, **hours(day, 13, 15)))
    assert answer.guards == {"shown-before"}
    assert "14时00分" in fact_of(answer, "shown-before")
    sample = {**SAMPLED, "officers": two(play.office), "on": f"{day}T13:30"}
    assert refused_everywhere(play.attempt("sample", "officer1", **sample)).guards == {"shown-before"}
    accepted(play.knock("inspect", after=0, **hours(day, 14, 15)), play)
    play.do("show-certificate", "officer1", **shown, on=f"{day}T13:00")
    accepted(play.knock("inspect", after=0, **hours(day, 13, 15)), play)


def test_an_inspection_of_yesterday_is_an_open_late_entry(clock: Clock) -> None:
    """A record that ended on another day than its step's is refused; without a day of its own the step has the record's."""
    play = play_of(clock, "inspect", "ordinary")
    day = play.moment.date()
    play.pass_days(1)
    told = hours(day, 14, 15)
    answer = refused_everywhere(play.knock(after=0, **told, on=play.moment.date().isoformat()))
    assert answer.guards == {"times-in-order"}
    done = play.step(**told).act
    assert (done.on, done.back_dated) == (day.isoformat(), True)
    page = signed_in(play.person("officer1")).get("/desk/late-entries/").content.decode()
    assert "现场检查（勘验）" in page
