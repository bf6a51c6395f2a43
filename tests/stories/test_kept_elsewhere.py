"""先行登记保存 in another place than where the things were found: the notice and the list say where they are kept."""

from typing import Any

import pytest

from play import Clock, Play
from sanxiang.demo import stories
from sanxiang.desk.suggestions import evidence_text
from side_stories import GOODS, REASON
from told import open_tasks, played, refused

pytestmark = pytest.mark.django_db

FOUND = {"place": "砂场", "items": GOODS, **stories.UNFILMED}


def preserving(clock: Clock) -> Play:
    play = played("ordinary", clock, until="conclude-investigation")
    play.do("approve-preservation", "agency-head", **REASON)
    return play


def told(play: Play, **more: Any) -> dict[str, Any]:
    return {**FOUND, "officers": stories.two(play.office), **more}


def said(play: Play, kind: str) -> str:
    """All that the newest paper of that kind says."""
    return str(play.case.papers.filter(kind=kind).latest("n").content)


def test_things_taken_away_need_a_place(clock: Clock) -> None:
    play = preserving(clock)
    act = ("register-preservation", "officer1")
    assert refused(play, *act, **told(play, keep_mode="elsewhere")) == {"field:keep_place"}
    play.do(*act, **told(play, keep_mode="elsewhere", keep_place="本局证物室"))
    notice = said(play, "preservation-notice")
    assert "保存地点：本局证物室" in notice and "保存地点：砂场" not in notice
    assert "本局证物室" in said(play, "property-list")


def test_things_left_where_they_are_need_none(clock: Clock) -> None:
    play = preserving(clock)
    play.do("register-preservation", "officer1", **told(play, keep_mode="in-place"))
    assert "保存地点：砂场" in said(play, "preservation-notice")


def test_the_party_is_told_what_became_of_the_things(clock: Clock) -> None:
    """第五十六条: the decision is made within seven days, and reaches whom it is for."""
    play = preserving(clock)
    play.do("register-preservation", "officer1", **told(play, keep_mode="in-place"))
    play.do("decide-preservation", "agency-head", disposal="returned", **REASON)
    assert open_tasks(play)["serve"].title == "送达先行登记保存证据处理决定书"
    served = stories.served("preservation-decision", play.office, play.case)
    play.do("serve", "officer1", **{**served, "served_on": play.moment.date().isoformat()})
    assert "serve" not in open_tasks(play)


def test_the_decision_names_the_things_as_evidence(clock: Clock) -> None:
    """What was kept, not the step by which it was; a record with its pictures is one record."""
    play = preserving(clock)
    play.do("register-preservation", "officer1", **told(play, keep_mode="in-place"))
    lines = evidence_text(play.pack, play.case.state).text
    assert "物证：先行登记保存的离心泵1台" in lines and "先行登记保存\n" not in f"{lines}\n"
