"""A case is discussed by the heads of the agency, by at least two, and by nobody who has had to withdraw (第五十七条第二款)."""

import html
from datetime import date
from typing import Any

import pytest

from knocks import fact_of, refused_everywhere, signed_in
from page_form import form_at
from play import Clock, Play, accepted, make_office
from sanxiang.cases.models import Paper
from side_stories import BOOK
from spoiling import recuse

pytestmark = pytest.mark.django_db

TOGETHER = "discuss.together"


def discussing(clock: Clock) -> Play:
    """A complex case, about to be discussed."""
    procedure, steps = BOOK["hearing"]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    play.until("discuss")
    return play


def sat(play: Play, *who: str) -> dict[str, Any]:
    """These people discussed; who is nobody of the office is written as it stands."""
    people = play.office.people
    ids = [str(people[one].pk) if one in people else one for one in who]
    return {"members": [{"person": one, "post": "负责人", "view": "同意"} for one in ids]}


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (("甲", "乙"), "有 2 名不是本单位当日在岗的人员"),
        (("agency-head", "甲"), "有 1 名不是本单位当日在岗的人员"),
        (("agency-head",), "参加讨论的负责人 1 人，不得少于 2 人"),
        (("agency-head", "agency-head"), "参加讨论的负责人 1 人，不得少于 2 人"),
        (("agency-head", "unit-head"), "参加讨论的负责人 1 人，不得少于 2 人"),
        (("officer1", "legal-reviewer"), "参加讨论的负责人 0 人，不得少于 2 人"),
    ],
)
def test_others_than_heads_do_not_make_a_discussion(who: tuple[str, ...], said: str, clock: Clock) -> None:
    play = discussing(clock)
    answer = refused_everywhere(play.knock(**sat(play, *who)))
    assert answer.guards == {TOGETHER}
    assert said in fact_of(answer, TOGETHER)
    accepted(play.knock(after=0, **sat(play, "agency-head", "deputy-head", "unit-head")), play)


def test_nobody_sits_who_has_had_to_withdraw(clock: Clock) -> None:
    play = discussing(clock)
    recuse(play, "deputy-head")
    answer = refused_everywhere(play.knock(**sat(play, "agency-head", "deputy-head")))
    assert answer.guards == {TOGETHER}
    assert f"{play.person('deputy-head').name}已决定回避" in fact_of(answer, TOGETHER)
    play.administer(
        "grant-post", person=play.person("archivist"), role="agency-head", valid_from=date(2025, 1, 2)
    )
    accepted(play.knock(after=0, **sat(play, "agency-head", "archivist")), play)


def test_a_head_on_leave_is_stood_in_for(clock: Clock) -> None:
    play = discussing(clock)
    absent = {"person": play.person("deputy-head"), "deputy": play.person("archivist")}
    play.administer("record-leave", **absent, valid_from=play.moment.date())
    away = refused_everywhere(play.knock(after=0, **sat(play, "agency-head", "deputy-head")))
    assert away.guards == {TOGETHER}
    accepted(play.knock(after=0, **sat(play, "agency-head", "archivist")), play)


def test_the_page_offers_people_and_the_record_names_them(clock: Clock) -> None:
    play = discussing(clock)
    play.pass_days(1)
    browser = signed_in(play.person("agency-head"))
    form = form_at(browser, f"/desk/cases/{play.case_id}/acts/discuss/")
    deputy = play.person("deputy-head")
    offered = {c.value: c.label for c in form.choices["members-0-person"]}
    assert offered[str(deputy.pk)].startswith(deputy.name)
    play.step(**sat(play, "agency-head", "deputy-head"), present="法制审核人员列席")
    record = str(Paper.objects.get(case=play.case_id, kind="discussion-record").content)
    page = signed_in(play.person("agency-head")).get(f"/desk/cases/{play.case_id}/timeline/").content.decode()
    for text in (record, html.unescape(page)):
        assert deputy.name in text and str(deputy.pk) not in text and "法制审核人员列席" in text
