"""A certificate on which kinds or area are blank allows nothing: what nobody filled in is no permission."""

from typing import Any

import pytest
from django.db.models import F

from clockwork import Clock
from knocks import fact_of, refused_everywhere
from play import Play, make_office, play_of
from sanxiang.door.administer import administer
from sanxiang.door.perform import Refused
from sanxiang.door.readiness import readiness
from sanxiang.people.models import Certificate

pytestmark = pytest.mark.django_db
BLANKS = [("categories", "没有登记执法类别"), ("area", "没有登记执法区域")]
NEW = {
    "number": "补001", "kind": "中华人民共和国行政执法证", "categories": ["penalty"], "area": ["000000"],
    "valid_from": "2024-01-01", "valid_until": "2029-12-31",
}  # fmt: skip


def with_blank(clock: Clock, column: str, act: str = "inspect") -> Play:
    """A case before an inspection by two officers, with one thing blank on the second's certificate since old times."""
    play = play_of(make_office("kaiyuan"), "ordinary", clock)
    play.until(act)
    held = Certificate.objects.filter(person=play.person("officer2"))
    held.update(n=F("n") + 1, **{column: []})
    return play


@pytest.mark.parametrize(("column", "says"), BLANKS)
def test_an_act_is_refused_with_the_fact_and_the_cure(clock: Clock, column: str, says: str) -> None:
    play = with_blank(clock, column)
    answer = refused_everywhere(play.knock())
    assert answer.guards == {"officers-certified"} and says in fact_of(answer, "officers-certified")
    assert all("照证件补登" in cure for _, _, _, cure in answer.refused)


@pytest.mark.parametrize(("column", "says"), BLANKS)
def test_the_readiness_list_shows_it(clock: Clock, column: str, says: str) -> None:
    play = with_blank(clock, column)
    facts = [need.fact for need in readiness(play.office.agency, play.moment.date())]
    name = play.person("officer2").name
    assert any(f"{name}：" in fact and says in fact for fact in facts)


@pytest.mark.parametrize("told", [{"categories": []}, {"area": []}, {"categories": None}, {"area": ""}])
def test_a_certificate_is_not_registered_without_them(clock: Clock, told: dict[str, Any]) -> None:
    office = make_office("kaiyuan")
    given = {k: v for k, v in {**NEW, **told}.items() if v is not None}
    with pytest.raises(Refused) as refused:
        administer("issue-certificate", office.agency, None, {"person": office.people["archivist"], **given})
    assert [v.guard for v in refused.value.verdicts if not v.met] == [f"field:{next(iter(told))}"]


def test_a_kind_that_the_scheme_does_not_know_is_not_registered(clock: Clock) -> None:
    office = make_office("kaiyuan")
    given = {"person": office.people["archivist"], **NEW}
    with pytest.raises(Refused) as refused:
        administer("issue-certificate", office.agency, None, {**given, "kind": "行政执法证"})
    (said,) = [v for v in refused.value.verdicts if not v.met]
    assert "“行政执法证”不在本方案认可之列" in said.fact and "“中华人民共和国行政执法证”" in said.cure
    administer("issue-certificate", office.agency, None, given)


@pytest.mark.parametrize("column", ["categories", "area"])
def test_what_is_there_is_not_emptied_and_what_is_blank_stops_no_revocation(
    clock: Clock, column: str
) -> None:
    office = make_office("kaiyuan")
    held = Certificate.objects.get(person=office.people["officer2"])
    with pytest.raises(Refused) as refused:
        administer("change-certificate", office.agency, None, {"certificate": held, column: []})
    assert "不能空着" in str(refused.value)
    Certificate.objects.filter(pk=held.pk).update(n=F("n") + 1, **{column: []})
    administer("change-certificate", office.agency, None, {"certificate": held, "revoked_on": "2025-01-02"})
    assert str(Certificate.objects.get(pk=held.pk).revoked_on) == "2025-01-02"


def test_a_nationwide_certificate_is_told_by_noughts(clock: Clock) -> None:
    play = with_blank(clock, "area")
    held = Certificate.objects.get(person=play.person("officer2"))
    play.administer("change-certificate", certificate=held, area=["000000"])
    play.step()
