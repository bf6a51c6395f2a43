"""The pages of 案卷移交 as somebody sees them: nothing wider than the window, nothing that axe refuses."""

import os
from typing import Any

import pytest
from seen import faults_seen

from knocks import signed_in
from play import Clock, Play, make_office
from sanxiang.demo import stories

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def test_both_pages_of_a_batch_are_whole(clock: Clock) -> None:
    """The list to choose from with its form, and a batch with what was and what was not handed over."""
    office = make_office("kaiyuan")
    plays = []
    for which, last in ((0, ""), (1, ""), (2, "close")):
        play = Play(office, "summary", stories.summary("200", which=which), clock)
        clock.now = play.moment
        play.until(last)
        plays.append(play)
    clock.now = max(play.moment for play in plays)
    keeper = signed_in(office.people["archivist"])
    told = {"handed_to": "archives", "receiver": "县档案馆 柳眉", "copies": ["electronic"]}
    pages = {"/desk/transfers/": keeper.get("/desk/transfers/").content.decode()}
    at = keeper.post("/desk/transfers/", {**told, "case": [play.case.code for play in plays]})["Location"]
    pages[at] = keeper.get(at).content.decode()
    assert faults_seen(pages, pictured) == []


def pictured(page: Any, address: str, width: int) -> list[str]:
    """A picture of each where one is asked for."""
    if folder := os.environ.get("SANXIANG_PICTURES"):
        name = address.strip("/").split("/")[-1]
        page.screenshot(path=f"{folder}/{name[:9]}-{width}.png", full_page=True)
    return []
