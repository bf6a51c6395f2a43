"""Duties that the law lays down and that nobody saw: periods of the agency's own, and the courts' two kinds of refusal."""

from datetime import date, timedelta

import pytest

from knocks import signed_in
from play import Clock
from told import due, open_tasks, played

pytestmark = pytest.mark.django_db


# A refusal of the police or of a court (移送规定第九条；行政强制法第五十六、五十八条)


def test_three_days_against_a_refusal_of_the_police_are_a_task_of_the_agency(clock: Clock) -> None:
    play = played("withdrawn", clock, until="object-to-police")
    last = date.fromisoformat(play.case.state["clocks"]["police-objection"]["start"]) + timedelta(days=3)
    task = open_tasks(play)["object-to-police"]
    assert (task.due, task.role, task.limit) == (last, "officer", "police-objection")
    assert play.case.next_due == last
    play.step()
    assert "object-to-police" not in open_tasks(play)
    play.until("adopt-pack")
    assert "object-to-police" in open_tasks(play)


def test_who_accepts_the_refusal_of_the_police_waits_for_nothing(clock: Clock) -> None:
    play = played("withdrawn", clock, until="record-police-reply")
    play.step(refusal_accepted=True)
    assert "object-to-police" not in open_tasks(play)
    assert "police-objection" not in play.case.state["clocks"]


def test_the_penalty_decided_after_all_ends_the_wait_for_an_objection(clock: Clock) -> None:
    play = played("withdrawn", clock, until="decide")
    assert "object-to-police" in open_tasks(play)
    play.step()
    assert "object-to-police" not in open_tasks(play)
    assert play.case.state["clocks"]["police-objection"]["ended"]


@pytest.mark.parametrize(
    ("result", "limit", "article"),
    [
        ("refused", "court-objection", "《行政强制法》第五十六条"),
        ("denied", "court-denial-objection", "《行政强制法》第五十八条"),
    ],
)
def test_each_refusal_of_the_court_has_its_own_article(
    result: str, limit: str, article: str, clock: Clock
) -> None:
    play = played("contested", clock, until="court-accepts")
    play.step(court_result=result)
    running = {"court-objection", "court-denial-objection"} & set(play.case.state["clocks"])
    assert running == {limit}
    assert str(play.pack.limits[limit].citation) == article
    assert due(play, limit) == play.moment.date() + timedelta(days=15)
    play.do("court-accepts", "officer1", court_result="granted", court_no="上级法院裁定")
    assert play.case.state["clocks"][limit]["ended"]


def test_who_may_object_is_led_there_though_the_head_may_decide(clock: Clock) -> None:
    """The three days are the officer's; that the decision would make them idle is no reason to keep silent."""
    play = played("withdrawn", clock, until="decide")
    page = signed_in(play.person("officer1")).get(f"/desk/cases/{play.case_id}/").content.decode()
    assert "轮到您办：提请" in page and "没有轮到您办的事" not in page
