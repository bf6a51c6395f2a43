"""The days of a remedy: the suit runs from the party's receipt of the 复议 decision, the additional fine rests from the application."""

from datetime import date, timedelta
from typing import Any

import pytest

from knocks import refused_everywhere
from play import Clock, Play, accepted
from told import after, due, played, refused

pytestmark = pytest.mark.django_db

RESULT = {"remedy": "review", "result": "upheld", "remedy_no": "复决 1 号"}


def reviewed(clock: Clock) -> tuple[Play, date]:
    """The party has applied for 复议 within its days, and the agency has put that on record a week later."""
    play = played("ordinary", clock, until="record-payment")
    applied = play.moment.date() + timedelta(days=5)
    after(play, applied, 7)
    play.do("record-remedy", "officer1", **told(applied))
    return play, applied


def told(applied: date) -> dict[str, Any]:
    """What the record of an application for 复议 says."""
    return {
        "remedy": "review",
        "remedy_organ": "县人民政府",
        "remedy_no": "1号",
        "applied_on": applied.isoformat(),
    }


def test_the_suit_runs_from_the_day_on_which_the_party_received_the_decision(clock: Clock) -> None:
    play, _ = reviewed(clock)
    after(play, play.moment.date(), 60)
    received = play.moment.date() - timedelta(days=9)
    play.do("end-remedy", "officer1", **RESULT, received_on=received.isoformat())
    clocks = play.case.state["clocks"]
    assert clocks["remedy-suit-after-review"]["start"] == received.isoformat()
    assert clocks["court-application"]["start"] == str(due(play, "remedy-suit-after-review"))
    assert play.case.state["remedies"][0]["to"] == received.isoformat()


def test_the_result_of_a_review_says_when_the_party_received_it(clock: Clock) -> None:
    play, applied = reviewed(clock)
    after(play, play.moment.date(), 60)
    answer = refused_everywhere(play.attempt("end-remedy", "officer1", **RESULT))
    assert answer.guards == {"remedy.received"}
    assert any("收到复议决定书之日" in cure for *_, cure in answer.refused)
    withdrawn = {**RESULT, "result": "withdrawn"}
    accepted(play.attempt("end-remedy", "officer1", **withdrawn), play)
    for wrong in (applied - timedelta(days=1), play.moment.date() + timedelta(days=1)):
        days = {"received_on": wrong.isoformat()}
        assert refused(play, "end-remedy", "officer1", **RESULT, **days) == {"remedy.days"}


def test_the_additional_fine_rests_from_the_application(clock: Clock) -> None:
    """第七十三条第三款: what is put on record a week late is counted from the day of the application all the same."""
    play = played("ordinary", clock, until="record-payment")
    play.until("record-payment")
    last = due(play, "pay")
    assert last is not None
    after(play, last, 10)
    applied = last + timedelta(days=2)
    play.do("record-remedy", "officer1", **told(applied))
    assert play.case.state["remedies"][0]["from"] == applied.isoformat()
    # One day only, the one between the last day to pay and the application: 3 % of 2,000 元.
    assert refused(play, "impose-late-fine", "agency-head", late_fine="60.01") == {"late-fine.lawful"}
    assert refused(play, "impose-late-fine", "agency-head", late_fine="60") == set()


def test_nobody_applies_after_today(clock: Clock) -> None:
    play = played("ordinary", clock, until="record-payment")
    tomorrow = play.moment.date() + timedelta(days=1)
    assert refused(play, "record-remedy", "officer1", **told(tomorrow)) == {"remedy.days"}


def test_nobody_applies_against_a_decision_before_it_is_made(clock: Clock) -> None:
    """A year typed wrong would let the additional fine rest from the first day on."""
    play = played("ordinary", clock, until="record-payment")
    made = date.fromisoformat(play.case.state["last"]["decide"]["on"])
    assert refused(play, "record-remedy", "officer1", **told(made - timedelta(days=1))) == {"remedy.days"}
    assert refused(play, "record-remedy", "officer1", **told(made)) == set()


def test_a_suit_on_record_does_not_keep_back_the_result_of_the_review_before(clock: Clock) -> None:
    play, _ = reviewed(clock)
    after(play, play.moment.date(), 60)
    received = play.moment.date() - timedelta(days=9)
    suit = {**told(play.moment.date() - timedelta(days=2)), "remedy": "suit", "remedy_organ": "县人民法院"}
    play.do("record-remedy", "officer1", **suit)
    play.do("end-remedy", "officer1", **RESULT, received_on=received.isoformat())
    assert [row["to"] for row in play.case.state["remedies"]] == [received.isoformat(), ""]
