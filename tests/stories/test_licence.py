"""Licences from the application to the sealed file, in every locality that names them, and what the law refuses on the way."""

import pytest

from play import LOCALITIES, MORNING, Clock, Play, make_office
from sanxiang.cases.models import Paper
from sanxiang.demo import licence
from sanxiang.demo.stories import Step
from sanxiang.law.guards import Refused

pytestmark = pytest.mark.django_db


def play(steps: list[Step], clock: Clock, locality: str = "kaiyuan", procedure: str = "licence") -> Play:
    """One story in a fresh office."""
    clock.now = MORNING
    return Play(make_office(locality), procedure, steps, clock, MORNING)


def refused(one: Play, act: str, who: str, **data: object) -> dict[str, tuple[str, str]]:
    """What the door says against an act, now: guard, with article and fact."""
    with one.branch(), pytest.raises(Refused) as said:
        one.do(act, who, **data)
    return {v.guard: (v.citation, v.fact) for v in said.value.verdicts}


@pytest.mark.parametrize("locality", LOCALITIES)
def test_a_licence_is_granted_after_a_hearing_and_its_file_sealed(locality: str, clock: Clock) -> None:
    one = play(licence.granted(), clock, locality)
    one.until()
    case = one.case
    assert (case.stage, case.closed) == ("archived", "closed")
    assert case.state["facts"]["licence"]["number"] == "演示许001"
    assert case.number and "许受" in case.number
    made = set(Paper.objects.filter(case=case).values_list("kind", flat=True))
    assert {"lic-grant", "lic-certificate", "lic-hearing-record", "review-opinion", "file-cover"} <= made
    assert "lic-refusal" not in made
