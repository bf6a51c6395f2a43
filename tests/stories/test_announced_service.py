"""公告送达: every paper has an announcement of its own, in both procedures, wherever a paper may be served."""

from datetime import timedelta
from typing import Any

import pytest

from knocks import refused_everywhere, signed_in
from play import Clock, Play, accepted
from sanxiang.demo import stories
from side_stories import ANNOUNCED, REASON
from told import after, due, played, refused

pytestmark = pytest.mark.django_db


def announced(play: Play, paper: str) -> None:
    """The paper is put up in public today."""
    play.do("announce-service", "officer1", **{**ANNOUNCED, "announced_paper": paper})


def served_by_notice(play: Play, paper: str) -> dict[str, Any]:
    """What the service by public announcement says today."""
    told = stories.served(paper, play.office, play.case)
    return {**told, "way": "announce", "served_on": play.moment.date().isoformat()}


def test_the_second_announcement_leaves_the_first_its_days(clock: Clock) -> None:
    play = played("contested", clock, until="announce-service")
    announced(play, "penalty-decision")
    first = play.moment.date()
    play.pass_days(3)
    announced(play, "penalty-notice")
    assert due(play, "announcement:penalty-decision") == first + timedelta(days=30)
    assert due(play, "announcement:penalty-notice") == play.moment.date() + timedelta(days=30)
    after(play, first, 30)
    early = play.attempt("serve", "officer1", **served_by_notice(play, "penalty-notice"))
    assert refused_everywhere(early).guards == {"serve.announced"}
    accepted(play.attempt("serve", "officer1", **served_by_notice(play, "penalty-decision")), play)
    play.do("serve", "officer1", **served_by_notice(play, "penalty-decision"))
    clocks = play.case.state["clocks"]
    assert clocks["announcement:penalty-decision"]["ended"]
    assert not clocks["announcement:penalty-notice"]["ended"]


def test_the_page_and_the_api_name_the_paper_of_each_announcement(clock: Clock) -> None:
    play = played("contested", clock, until="announce-service")
    announced(play, "penalty-decision")
    announced(play, "penalty-notice")
    client = signed_in(play.person("officer1"))
    page = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    told = client.get(f"/api/v1/cases/{play.case_id}").json()
    names = {row["id"]: row["label"] for row in told["clocks"]}
    for paper in ("penalty-decision", "penalty-notice"):
        label = f"公告送达《{play.pack.papers[paper].label}》"
        assert label in page and names[f"announcement:{paper}"] == label


def test_a_paper_of_the_summary_procedure_is_announced_too(clock: Clock) -> None:
    play = played("summary", clock, until="record-payment")
    after(play, due(play, "pay"))
    play.do("urge", "officer1", urged="十日内缴清")
    told = {**ANNOUNCED, "announced_paper": "urge-notice"}
    accepted(play.attempt("announce-service", "officer1", **told), play)
    announced(play, "urge-notice")
    after(play, play.moment.date(), 30)
    play.do("serve", "officer1", **served_by_notice(play, "urge-notice"))
    assert play.case.state["papers"]["urge-notice"]["way"] == "announce"


@pytest.mark.parametrize("story", ["ordinary", "summary"])
def test_what_is_issued_after_archiving_is_announced_too(story: str, clock: Clock) -> None:
    play = played(story, clock)
    paper = "penalty-decision" if story == "ordinary" else "spot-decision"
    play.do("correct-paper", "agency-head", paper=paper, wrong="5号", right="6号", **REASON)
    announced(play, "correction-notice")
    assert not play.case.state["clocks"]["announcement:correction-notice"]["ended"]
    after(play, play.moment.date(), 30)
    play.do("serve", "officer1", **served_by_notice(play, "correction-notice"))


@pytest.mark.parametrize("procedure", ["summary", "ordinary"])
def test_what_may_be_served_at_a_stage_may_be_announced_there(procedure: str, clock: Clock) -> None:
    play = played("ordinary", clock, until="file")
    acts = {act.id: act for act in play.pack.acts_of(procedure)}
    assert set(acts["serve"].stages) <= set(acts["announce-service"].stages)


def test_an_announcement_of_older_rules_still_counts(clock: Clock) -> None:
    """Cases begun before each paper had an announcement of its own know one only."""
    play = played("contested", clock, until="announce-service")
    announced(play, "penalty-decision")
    first = play.moment.date()
    case = play.case
    case.state["clocks"]["announcement"] = case.state["clocks"].pop("announcement:penalty-decision")
    type(case).objects.filter(id=case.id).update(state=case.state, n=case.n + 1)
    after(play, first, 30)
    assert refused(play, "serve", "officer1", **served_by_notice(play, "penalty-decision")) == set()
    assert refused(play, "serve", "officer1", **served_by_notice(play, "penalty-notice")) == {
        "serve.announced"
    }


def test_the_seven_days_of_the_decision_run_on_while_another_paper_is_announced(clock: Clock) -> None:
    """行政处罚法 第六十一条: what is put up in public for one paper says nothing of the decision."""
    play = played("ordinary", clock, until="decide")
    play.step()
    announced(play, "penalty-notice")
    assert not play.case.state["clocks"]["serve-decision"]["ended"]
    announced(play, "penalty-decision")
    assert play.case.state["clocks"]["serve-decision"]["ended_by"] == "发布送达公告"
