"""Every procedure walked on the desk in a real browser, from the first step to the sealed file, at the days that its law asks for."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from served import chromium_path

from bridge import Bridge, Road
from play import BUILT, Clock, Play, make_office
from roads import ROADS, once
from sanxiang.demo.levies import release_charges
from sanxiang.door.models import Refusal
from sanxiang.door.verifying.database import verify_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.alike]

SHORT = {"court-enforcement"}
"""Walked in every run; the other kinds of acts are in test_browser.py, the other procedures in `make deep`."""
TRIED = [
    pytest.param(*one, marks=() if one[1] in SHORT else pytest.mark.deep, id="-".join(one)) for one in once()
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded. Playwright's loop runs in the thread of the tests, and they ask the database there."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = play.chromium.launch(
            executable_path=chromium_path(), args=["--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.mark.parametrize(("locality", "procedure"), TRIED)
def test_walked_on_the_desk(locality: str, procedure: str, browser: Browser, clock: Clock) -> None:
    office = make_office(locality)
    release_charges(office, BUILT)
    play = Play(office, procedure, ROADS[procedure], clock)
    clock.now = play.moment
    road = Road(Bridge(browser, play), procedure)
    while play.position < len(play.steps):
        if play.nothing_to_pay():
            play.position += 1
        else:
            road.go()
    page = road.look("archivist")
    expect(page.locator(".flow li.is-now")).to_have_count(0)
    expect(page.get_by_text("已归档").first).to_be_visible()
    assert (play.case.stage, play.case.closed) == ("archived", "closed")
    assert not Refusal.objects.exists()
    assert list(verify_all()) == []
    for window in road.desk.windows.values():
        window.context.close()
