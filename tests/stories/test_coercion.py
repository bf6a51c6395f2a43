"""Whole cases of 行政强制, from the first act to the sealed file, in every locality whose scheme names it."""

import json

import pytest

from knocks import WAYS, fact_of, signed_in
from paper_flaws import flaws_of
from play import LOCALITIES, Clock, Play, make_office, play_of
from publishing import published_late
from sanxiang.cases.models import Paper
from sanxiang.demo import coercion
from sanxiang.door.models import Refusal
from sanxiang.door.verifying.database import verify_all
from sanxiang.law.packs import load_pack

pytestmark = pytest.mark.django_db

NAMING = [
    name for name in LOCALITIES if "coercion" in {str(kind["code"]) for kind in load_pack(name).act_types()}
]
WHOLE = [(where, "measure") for where in NAMING]
SIDE = list(
    zip(NAMING * 2, ("urgent", "freeze", "demolition", "substitute", "clearance", "court"), strict=False)
)


def played(locality: str, story: str, clock: Clock) -> Play:
    """The story, to its end."""
    play = play_of(make_office(locality), story, clock, book=coercion.STORIES)
    play.until()
    return play


@pytest.mark.alike
@pytest.mark.parametrize(("locality", "story"), [*WHOLE, *SIDE])
def test_whole_case(locality: str, story: str, clock: Clock) -> None:
    play = played(locality, story, clock)
    if story != "court":  # an application is no decision
        published_late(play)
    case = play.case
    assert (case.stage, case.closed, case.next_due) == ("archived", "closed", None)
    assert case.number and case.party in case.title
    assert not Refusal.objects.exists()
    assert list(verify_all()) == []
    made = set(Paper.objects.filter(case=case).values_list("kind", flat=True))
    assert {"file-cover", "coercion-closing"} <= made and flaws_of(case) == {}
    for opinion in Paper.objects.filter(case=case, kind="review-opinion"):  # it says what was reviewed
        assert "强制执行：拆除河道管理范围内的彩钢棚一处" in json.dumps(opinion.content, ensure_ascii=False)
    assert ("review-opinion" in made) == (story == "demolition")


@pytest.mark.alike
def test_what_carries_out_a_decision_names_the_case_in_which_it_was_made(clock: Clock) -> None:
    """The measure and the execution stand in each other's file; a case that is not there is named in the refusal."""
    measure = play_of(make_office("dongying"), "measure", clock, book=coercion.STORIES)
    measure.until("show-certificate")
    execution = play_of(measure.office, "demolition", clock, measure.moment, book=coercion.STORIES)
    answer = WAYS["api"](execution.knock(source_case="东水演强审〔2026〕999号"))
    assert "base.known-case" in answer.guards and "东水演强审〔2026〕999号" in fact_of(
        answer, "base.known-case"
    )
    execution.step(source_case=measure.case.number)
    linked = [(one["number"], one["how"]) for one in execution.case.state["links"]]
    assert linked == [(measure.case.number, "basis")]
    page = signed_in(measure.person("officer1")).get(f"/desk/cases/{measure.case_id}/").content.decode()
    assert str(execution.case_id) in page
