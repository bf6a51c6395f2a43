"""Papers that put a duty on the party: their day lies ahead, somebody is asked to serve them, and no case closes before."""

from datetime import timedelta
from typing import Any

import pytest

from knocks import fact_of, refused_everywhere
from play import Clock, Play, accepted, make_office
from sanxiang.demo import stories
from sanxiang.door.models import Task
from side_stories import BOOK, REASON

pytestmark = pytest.mark.django_db
CLOSED = {"performed": "罚款已全部缴纳", "exceptions_approved": True}


def begun(story: str, clock: Clock, until: str) -> Play:
    """A story played to just before a step."""
    procedure, steps = BOOK[story]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until(until)
    play.pass_days(0)
    return play


def order(play: Play, days: int) -> dict[str, Any]:
    """An order to put things right by so many days from now."""
    by = play.moment.date() + timedelta(days=days)
    two = stories.two(play.office)
    return {"officers": two, "correct_what": "清除渣土", "correct_by": by.isoformat()}


def serve(play: Play, paper: str) -> None:
    """The paper is handed over today."""
    told = stories.served(paper, play.office, play.case)
    play.do("serve", "officer1", **{**told, "served_on": play.moment.date().isoformat()})


def to_serve(play: Play) -> list[str]:
    """What officers are asked to serve."""
    rows = Task.objects.filter(case=play.case_id, kind="serve", closed_n=None).order_by("opened_n")
    return list(rows.values_list("title", flat=True))


def test_nothing_is_ordered_for_a_day_gone_by(clock: Clock) -> None:
    play = begun("ordinary", clock, "interview")
    answer = refused_everywhere(play.attempt("order-correction", "officer1", **order(play, -21)))
    assert answer.guards == {"correction.ahead"}
    assert "改正期限" in fact_of(answer, "correction.ahead")
    accepted(play.attempt("order-correction", "officer1", **order(play, 0)), play)


def test_nobody_is_called_to_a_day_gone_by(clock: Clock) -> None:
    play = begun("ordinary", clock, "interview")
    gone = (play.moment.date() - timedelta(days=1)).isoformat()
    told = {"materials": "取水台账", "provide_by": gone}
    assert refused_everywhere(play.attempt("require-materials", "officer1", **told)).guards == {
        "inquiry.ahead"
    }
    accepted(
        play.attempt(
            "require-materials", "officer1", **told | {"provide_by": play.moment.date().isoformat()}
        ),
        play,
    )


@pytest.mark.parametrize(("story", "until"), [("ordinary", "interview"), ("summary", "decide-on-spot")])
def test_an_order_to_put_right_is_served_before_anybody_checks(clock: Clock, story: str, until: str) -> None:
    play = begun(story, clock, until)
    play.do("order-correction", "officer1", **order(play, 7))
    assert to_serve(play) == ["送达责令改正通知书"]
    check = play.attempt("check-correction", "officer1", record="已经清除", corrected=True)
    answer = refused_everywhere(check)
    assert answer.guards == {"correction.served"} and "《责令改正通知书》" in fact_of(
        answer, "correction.served"
    )
    play.until("close")
    answer = refused_everywhere(play.knock())
    assert answer.guards == {"close.papers"}
    assert "《责令改正通知书》" in fact_of(answer, "close.papers")
    serve(play, "correction-order")
    play.do("check-correction", "officer1", record="已经清除", corrected=True)
    accepted(play.knock(), play)


def test_a_call_to_pay_is_to_be_served_and_needed_no_more_once_the_fine_is_paid(clock: Clock) -> None:
    play = begun("ordinary", clock, "enter-execution")
    play.step()
    assert to_serve(play) == ["送达缴款通知书"]
    with play.branch():
        play.until("close", without=("serve",))
        accepted(play.knock(), play)
    play.step()
    assert not to_serve(play)
    play.until()
    assert play.case.stage == "archived"


def test_serving_one_paper_leaves_the_other_to_be_served(clock: Clock) -> None:
    play = begun("ordinary", clock, "notify-penalty")
    play.do("order-correction", "officer1", **order(play, 30))
    play.step()
    assert to_serve(play) == ["送达责令改正通知书", "送达行政处罚告知书"]
    play.step()
    assert to_serve(play) == ["送达责令改正通知书"]
    serve(play, "correction-order")
    assert not to_serve(play)


def test_a_decision_revoked_before_its_service_is_nobodys_to_serve(clock: Clock) -> None:
    play = begun("ordinary", clock, "decide")
    play.step()
    told = {"revoked_how": "revoked", "revoked_by": "本机关", **REASON}
    play.do("revoke-decision", "agency-head", **told)
    serve(play, "revocation")
    assert not to_serve(play)
    assert play.case.state["clocks"]["serve-decision"]["ended_by"] == "决定被变更、撤销、确认违法或者无效"
    waits = Task.objects.filter(case=play.case_id, closed_n=None)
    assert not list(waits.filter(kind="publish")), "nobody may publish what was revoked"
