"""Remedies do not end with the file: what comes after closing and archiving still has its acts, its tasks and its days."""

import pytest

from altered import Alter, said
from play import MORNING, Clock, Play
from sanxiang.demo import stories
from sanxiang.door.models import Task
from sanxiang.law.guards import Refused
from side_stories import REASON
from told import open_tasks, played, serve

pytestmark = pytest.mark.django_db

REVIEW = {"remedy": "review", "remedy_organ": "县政府", "remedy_no": "1号"}
RESULT = {"remedy": "review", "result": "revoked", "remedy_no": "复决 1 号"}


def record(play: Play, **told: str) -> None:
    """The party applied for 复议 today."""
    play.do("record-remedy", "officer1", **REVIEW, **told, applied_on=play.moment.date().isoformat())


def end(play: Play, **told: str) -> None:
    """The party received the result today."""
    received = play.moment.date().isoformat()
    play.do("end-remedy", "officer1", **{**RESULT, **told}, received_on=received)


REVOKED = {"revoked_how": "revoked", "revoked_by": "县政府复决 1 号", **REASON}


def test_a_review_after_archiving_goes_its_whole_way(clock: Clock) -> None:
    play = played("ordinary", clock)
    assert play.case.stage == "archived"
    record(play)
    play.do("answer-remedy", "officer1", answered_with="答复书")
    end(play)
    play.do("revoke-decision", "agency-head", **REVOKED)
    serve(play, "revocation")
    play.do("refund-payment", "officer1", amount="2000", receipt="退付 1", **REASON)
    state = play.case.state
    assert (play.case.stage, state["papers"]["revocation"]["status"]) == ("archived", "served")
    assert [row["result"] for row in state["remedies"]] == ["revoked"]


def test_a_slip_is_put_right_after_archiving(clock: Clock) -> None:
    play = played("ordinary", clock)
    play.do("correct-paper", "agency-head", paper="penalty-decision", wrong="5号", right="6号", **REASON)
    serve(play, "correction-notice")
    assert play.case.state["papers"]["correction-notice"]["status"] == "served"


def test_an_application_on_the_spot_is_passed_on_after_archiving(clock: Clock) -> None:
    play = played("summary", clock)
    play.do("receive-application", "officer1", asked_for="请求撤销")
    assert open_tasks(play)["forward-application"].due is not None
    play.do("forward-application", "legal-reviewer", forwarded_to="县政府")
    assert "forward-application" not in open_tasks(play)


def test_nothing_is_archived_while_a_remedy_is_pending(clock: Clock) -> None:
    play = played("ordinary", clock, until="archive")
    record(play)
    with pytest.raises(Refused) as refused:
        play.step()
    assert [v.guard for v in refused.value.verdicts] == ["close.remedies"]
    end(play, result="upheld")
    play.step()
    assert play.case.stage == "archived"


def test_what_an_act_asks_for_after_the_end_stays_open_until_it_is_done(clock: Clock) -> None:
    play = played("ordinary", clock)
    record(play)
    play.do("correct-paper", "agency-head", paper="penalty-decision", wrong="5号", right="6号", **REASON)
    assert {"answer-remedy", "serve"} <= set(open_tasks(play))


@pytest.mark.parametrize(
    ("told", "limit", "due"),
    [
        ({"track": "ordinary"}, "answer-review", 10),
        ({"track": "summary"}, "answer-review-simple", 5),
        ({}, "answer-review", 10),
    ],
)
def test_the_answer_to_a_review_falls_due_by_its_kind(
    told: dict[str, str], limit: str, due: int, clock: Clock
) -> None:
    play = played("ordinary", clock, until="record-payment")
    record(play, **told)
    tasks = Task.objects.filter(case=play.case, closed_n=None, kind="answer-remedy")
    expected = stories.later(play.moment, due).date()
    assert [(task.limit, task.due) for task in tasks] == [(limit, expected)]


def test_the_task_of_filing_waits_without_a_day_while_nothing_sets_one(clock: Clock) -> None:
    play = played("ordinary", clock, until="file")
    assert play.pack.limits["filing"].key == "filing.days"
    assert not play.pack.binding("filing.days").is_set
    assert open_tasks(play)["file"].due is None


def test_the_task_of_filing_has_the_day_that_the_operator_set(clock: Clock, alter: Alter) -> None:
    alter("kaiyuan", said("filing.days", "10"))
    play = played("ordinary", clock, until="file")
    task = open_tasks(play)["file"]
    assert (task.due, play.pack.setting("filing.days")) == (stories.later(MORNING, 10).date(), 10)
