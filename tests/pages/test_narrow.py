"""On a phone: papers are read without guessing what is cut off, and a search does not begin with a screen of filters."""

import pytest
from axe import violations
from django.test import Client
from playwright.sync_api import Page, sync_playwright
from served import SITE, answer, chromium_path

from board import publish, text
from cast import Cast
from conftest import Player, SignIn
from sanxiang.cases.models import Paper

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

CUT = """
() => [...document.querySelectorAll(".sheet .table-box")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1 && !box.previousElementSibling?.matches(".sheet-hint"))
  .map((box) => box.textContent.trim().slice(0, 40))
"""
"""Tables of a paper that go on behind the edge without a word."""

STACKED = """
() => [...document.querySelectorAll(".sheet .table-box")]
  .filter((box) => box.querySelector("th") && getComputedStyle(box.querySelector("td")).display !== "table-cell").length
"""
"""Tables with a head whose columns would be lost."""

FILTERS = "/decisions/?act_type=penalty&from=2026-01-01"


@pytest.fixture
def pages(play: Player, browser: SignIn, client: Client, cast: Cast) -> dict[str, str]:
    """Every paper of a case decided on the spot and of an ordinary one, and lists with filters; by address."""
    found = {}
    for story in ("summary", "ordinary"):
        played = play(story)
        for paper in Paper.objects.filter(case=played.case_id):
            address = f"/desk/cases/{played.case_id}/papers/{paper.pk}/"
            found[address] = text(browser(played.person("officer1")).get(address))
    publish(cast.bureau)
    found["/desk/cases/?mine=on"] = text(browser(cast.handler).get("/desk/cases/?mine=on"))
    for address in ("/decisions/", FILTERS, "/decisions/?from=x"):
        found[address] = text(client.get(address))
    return found


def test_nothing_is_cut_off_and_filters_are_folded_where_there_is_little_room(pages: dict[str, str]) -> None:
    """One test for all: while the browser runs, this thread may not ask the database."""
    with sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=chromium_path(), args=["--disable-background-networking"]
        )
        for width in (390, 1440):
            context = chromium.new_context(locale="zh-CN", viewport={"width": width, "height": 900})
            context.route("**/*", lambda route: answer(route, pages))
            page = context.new_page()
            for address in pages:
                page.goto(SITE + address)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, address
                assert page.evaluate(CUT) == [], address
                assert page.evaluate(STACKED) == 0, address
                if "/papers/" not in address:
                    folded(page, address, wide=width > 768)
            assert violations(page) == []
            context.close()
        chromium.close()


def folded(page: Page, address: str, *, wide: bool) -> None:
    """Filters are open on a desk and where one must be corrected, else folded; the fold tells which are set."""
    filters, summary = page.locator(".search-fields"), page.locator(".search-more summary")
    assert filters.is_visible() == (wide or address.endswith("from=x")), address
    if address == FILTERS and not wide:
        assert summary.inner_text() == "筛选条件：行为种类 行政处罚，决定日期起 2026年1月1日"
        summary.click()
        assert filters.is_visible()
    if address.startswith("/desk/cases/") and not wide:
        assert "只看我承办的" in summary.inner_text()
