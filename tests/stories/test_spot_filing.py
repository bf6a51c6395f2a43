"""Reporting a decision on the spot: the law names no days (第五十二条第三款), so the locality does, or nobody."""

import re

import pytest

from altered import Alter, said
from knocks import signed_in
from play import LOCALITIES, Clock, Play
from sanxiang.demo import stories
from sanxiang.door.models import Task
from sanxiang.law.packs import load_pack
from told import played

pytestmark = pytest.mark.django_db


def page_of(play: Play) -> str:
    """The case's page, with its tags taken out and blanks drawn together."""
    client = signed_in(play.person("officer1"))
    body = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def told_by_api(play: Play) -> dict[str, object]:
    """The period as the API tells it."""
    client = signed_in(play.person("officer1"))
    clocks = client.get(f"/api/v1/cases/{play.case_id}").json()["clocks"]
    found: dict[str, object] = next(c for c in clocks if c["id"] == "spot-filing")
    return found


@pytest.mark.parametrize("locality", LOCALITIES)
def test_no_scheme_names_the_days_and_every_pack_says_so(locality: str) -> None:
    pack = load_pack(locality)
    assert pack.limits["spot-filing"].key == "spot_filing.days"
    assert not pack.parameter("spot_filing.days").is_set and not pack.binding("spot_filing.days").is_set


def test_without_days_the_page_says_so_and_nothing_is_late(clock: Clock) -> None:
    play = played("summary", clock, until="file-record")
    play.pass_days(30)
    task = Task.objects.get(case=play.case, kind="file-record", closed_n=None)
    assert task.due is None
    assert (told_by_api(play)["due"], told_by_api(play)["n"]) == (None, None)
    page = page_of(play)
    line = page[page.index("当场处罚备案") :][:200]
    assert "方案未定" in line and "逾期" not in line


def test_the_days_that_the_locality_sets_are_counted(clock: Clock, alter: Alter) -> None:
    alter("kaiyuan", said("spot_filing.days", "3"))
    play = played("summary", clock, until="file-record")
    started = play.case.state["last"]["decide-on-spot"]["on"]
    task = Task.objects.get(case=play.case, kind="file-record", closed_n=None)
    told = told_by_api(play)
    assert (told["n"], told["start"], told["due"]) == (3, started, str(task.due))
    assert task.due == stories.later(play.moment, 3).date()
