"""Lists in force that day, asked by the acts: a release that has begun counts, one that begins tomorrow does not."""

import html
from datetime import date, timedelta
from typing import Any

import pytest

from api_client import Api
from knocks import refused_everywhere, signed_in
from play import Clock, Play, accepted, make_office
from sanxiang.door.admin_registers import columns_of
from sanxiang.door.administer import administer
from sanxiang.law.packs import load_pack
from side_stories import BOOK

pytestmark = pytest.mark.django_db


def begin(story: str, clock: Clock, until: str = "", **told: Any) -> Play:
    """A story of the book, played to just before a step."""
    procedure, steps = BOOK[story]
    play = Play(make_office("kaiyuan"), procedure, steps, clock)
    clock.now = play.moment
    if told:
        play.step(**told)
    if until:
        play.until(until)
    return play


def release(play: Play, kind: str, *rows: dict[str, str], day: date | None = None) -> None:
    """A release of one of the agency's lists, in force from today unless another day is named."""
    columns = {name: "—" for name, demanded in columns_of(load_pack("kaiyuan"), kind) if demanded}
    told = {
        "kind": kind,
        "in_force_from": day or play.moment.date(),
        "rows": [{**columns, **r} for r in rows],
    }
    administer("release-register", play.office.agency, None, told, now=play.moment)


def tomorrow(play: Play) -> date:
    """The day after the story's."""
    return play.moment.date() + timedelta(days=1)


def page_of(play: Play, act: str, who: str = "officer1") -> str:
    """The form of an act as that person sees it."""
    where = f"/desk/cases/{play.case_id}/acts/{act}/"
    return html.unescape(signed_in(play.person(who)).get(where).content.decode())


def told_of(play: Play, act: str, who: str = "officer1") -> dict[str, Any]:
    """The act as the API offers it."""
    acts = Api(play.person(who)).get(f"/cases/{play.case_id}/acts")["items"]
    return {a["id"]: a for a in acts}[act]


# 行政执法事项清单.


@pytest.mark.parametrize(("story", "act"), [("summary", "start-summary"), ("ordinary", "file")])
def test_where_a_list_is_in_force_a_case_is_filed_for_one_of_its_items(
    story: str, act: str, clock: Clock
) -> None:
    play = begin(story, clock, until="" if story == "summary" else act)
    play.pass_days(play.next().after)
    with play.branch():
        release(play, "items", {"事项名称": "甲事项"}, day=tomorrow(play))
        accepted(play.knock(after=0), play)
    release(play, "items", {"事项名称": "甲事项"})
    answer = refused_everywhere(play.knock(after=0))
    assert answer.guards == {"item-named"}
    (refusal,) = answer.refused
    assert "《行政处罚法》第十七条" in refusal and "行政执法事项清单" in refusal[-1]
    accepted(play.knock(after=0, item="甲事项"), play)
    play.step(item="甲事项")
    assert play.case.state["facts"]["item"] == "甲事项"


def test_the_form_of_filing_asks_for_the_item_where_there_is_a_list(clock: Clock) -> None:
    play = begin("ordinary", clock, until="file")
    assert "item" not in told_of(play, "file", "agency-head")["schema"]["required"]
    release(play, "items", {"事项名称": "甲事项"})
    offered = told_of(play, "file", "agency-head")
    assert offered["open"] and "item" in offered["schema"]["required"]
    page = page_of(play, "file", "agency-head")
    assert 'value="甲事项"' in page and "现在还不能办理" not in page
