"""责令改正: two certified officers, who handle the case once anybody does, order what somebody has found."""

from datetime import timedelta
from typing import Any

import pytest

from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, Play, accepted
from sanxiang.cases.models import Paper
from sanxiang.demo import stories
from told import played

pytestmark = pytest.mark.django_db


def order(play: Play, *who: str) -> dict[str, Any]:
    """What the order says; by the two officers of the story, where nobody else is named."""
    named = [play.office.id(one) for one in who] or stories.two(play.office)
    by = play.moment.date() + timedelta(days=9)
    return {"officers": named, "correct_what": "清除渣土", "correct_by": by.isoformat()}


def guards(play: Play, *who: str) -> frozenset[str]:
    """What every door answers to the order."""
    return refused_everywhere(play.attempt("order-correction", "officer1", **order(play, *who))).guards


def test_a_clue_alone_orders_nothing(clock: Clock) -> None:
    play = played("ordinary", clock, until="file")
    answer = refused_everywhere(play.attempt("order-correction", "officer1", **order(play)))
    assert answer.guards == {"correction.checked"}
    assert "初步核查" in fact_of(answer, "correction.checked")
    assert guards(play, "officer1") == {"correction.checked", "two-officers"}
    two = stories.two(play.office)
    play.do("preliminary-check", "officer1", officers=two, record="现场有渣土三十立方米")
    assert guards(play, "officer1") == {"two-officers"}
    assert "officers-certified" in guards(play, "officer1", "archivist")
    accepted(play.attempt("order-correction", "officer1", **order(play)), play)


def test_who_orders_is_asked_for(clock: Clock) -> None:
    play = played("ordinary", clock, until="interview")
    told = {name: value for name, value in order(play).items() if name != "officers"}
    answer = refused_everywhere(play.attempt("order-correction", "officer1", **told))
    assert "two-officers" in answer.guards or "field:officers" in answer.guards


def test_after_filing_something_has_been_found_and_the_handlers_order(clock: Clock) -> None:
    play = played("ordinary", clock, until="inspect")
    assert guards(play) == {"correction.found"}
    play.step()
    assert guards(play, "officer1", "officer3") == {"correction.handlers"}
    accepted(play.attempt("order-correction", "officer1", **order(play)), play)


def test_evidence_excluded_is_nothing_found(clock: Clock) -> None:
    play = played("ordinary", clock, until="interview")
    piece = play.case.state["evidence"][0]["id"]
    play.do("exclude-evidence", "unit-head", evidence_ids=[piece], reason="程序违法")
    assert guards(play) == {"correction.found"}


def test_on_the_spot_the_order_follows_the_inspection(clock: Clock) -> None:
    play = played("summary", clock, until="inspect")
    assert guards(play) == {"correction.found"}
    play.step()
    accepted(play.attempt("order-correction", "officer1", **order(play)), play)


def test_the_order_names_both_officers(clock: Clock) -> None:
    play = played("ordinary", clock, until="interview")
    play.do("order-correction", "officer1", **order(play))
    paper = Paper.objects.get(case_id=play.case_id, kind="correction-order")
    client = signed_in(play.person("officer1"))
    page = client.get(f"/desk/cases/{play.case_id}/papers/{paper.pk}/").content.decode()
    assert play.person("officer1").name in page and play.person("officer2").name in page


@pytest.mark.parametrize(("until", "offered"), [("file", True), ("interview", False)])
def test_before_filing_any_certified_officer_may_be_named(until: str, offered: bool, clock: Clock) -> None:
    play = played("ordinary", clock, until=until)
    if until == "file":
        two = stories.two(play.office)
        play.do("preliminary-check", "officer1", officers=two, record="现场有渣土三十立方米")
    client = signed_in(play.person("officer1"))
    page = client.get(f"/desk/cases/{play.case_id}/acts/order-correction/").content.decode()
    assert f'value="{play.office.id("officer1")}"' in page
    assert (f'value="{play.office.id("officer3")}"' in page) == offered


@pytest.mark.parametrize("declined", [False, True])
@pytest.mark.parametrize("locality", ["kaiyuan", "dongying"])
def test_what_is_ordered_before_filing_is_served_before_filing(
    locality: str, declined: bool, clock: Clock
) -> None:
    """Nobody handles the case yet, and where it is not filed nobody ever will: who checked the clue serves."""
    play = played("ordinary", clock, locality, until="file")
    two = stories.two(play.office)
    play.do("preliminary-check", "officer1", officers=two, record="现场有渣土三十立方米")
    play.do("order-correction", "officer1", **order(play))
    receiver = {"name": "顾长庚", "relation": "负责人"}
    shown = {"officers": two, "shown_to": [receiver], "dress": stories.dressed(two)}
    play.do("show-certificate", "officer1", mode="shown", place="当事人住所", **shown)
    if declined:
        play.do("decline-filing", "agency-head", reason="轻微，已经责令改正")
    served = stories.served("correction-order", play.office, play.case)
    play.do("serve", "officer1", **{**served, "served_on": play.moment.date().isoformat()})
    assert play.case.state["papers"]["correction-order"]["status"] == "served"
    if not declined:
        play.do("check-correction", "officer1", record="已经清除", corrected=True)
