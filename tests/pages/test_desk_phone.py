"""The lists and figures of the desk on a phone: no page wider than the window, no date cut in two, charts whole in their boxes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from seen import THOROUGH, faults_seen

from conftest import Player, SignIn
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

BROKEN = """
() => [...document.querySelectorAll("main :is(td, dd, td > .quiet, td > a, time)")]
  .filter((one) => one.checkVisibility() && !one.children.length)
  .filter((one) => /^(\\d{4}年\\d{1,2}月\\d{1,2}日( \\d{1,2}:\\d{2})?|[\\d,.]+元)$/.test(one.textContent.trim()))
  .filter((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
  })
  .map((one) => one.textContent.trim())
"""
"""Dates and amounts that are all of a cell and go on in the next line."""

CUT = """
() => [...document.querySelectorAll("figure.chart")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1 || !box.querySelector("svg") ||
    [...box.querySelectorAll("svg")].filter((one) => one.checkVisibility()).length !== 1)
  .map((box) => `chart ${box.textContent.trim().slice(0, 30)}`)
"""
"""Charts that are wider than their box, or of which not just one is seen."""

LISTS = (
    "",
    "more/",
    "cases/",
    "coverage/",
    "figures/",
    "weak-links/",
    "devices/",
    "discipline/",
    "improvements/",
)
OF_CASE = ("", "file/", "evaluation/")


@pytest.fixture
def pages(play: Player, browser: SignIn) -> dict[str, str]:
    """The pages of an archived case's office by address, rendered before the browser starts."""
    played = play("ordinary", "")
    equip(played.office)
    found: dict[str, str] = {}
    head, keeper = (browser(played.person(who)) for who in ("agency-head", "legal-reviewer"))
    addresses = [f"/desk/{one}" for one in LISTS]
    addresses += [f"/desk/cases/{played.case_id}/{one}" for one in OF_CASE]
    for address in addresses:
        answered = (keeper if address.endswith("devices/") else head).get(address)
        assert answered.status_code == 200, address
        found[address] = answered.content.decode()
    return found


def equip(office: Office) -> None:
    """A device that is out, and a task to improve."""
    keeper, head = office.people["legal-reviewer"], office.people["agency-head"]
    administer("register-device", office.agency, keeper, {"serial": "JLY-2026-0007", "kind": "body-camera"})
    out = {"device": "JLY-2026-0007", "holder": office.people["officer1"].name}
    administer("hand-out-device", office.agency, keeper, out)
    task = {
        "measure": "recordings",
        "finding": "第一段\n第二段",
        "demand": "补齐",
        "days": 5,
        "days_unit": "working",
    }
    administer("open-improvement", office.agency, head, {**task, "owner_unit": str(office.brigade.pk)})


@THOROUGH
def test_lists_and_figures_fit_a_phone(pages: dict[str, str], thorough: bool) -> None:
    """One test for all: while the browser runs, this thread may not ask the database."""
    assert "第一段<br>第二段" in pages["/desk/improvements/"], "a text keeps its lines"
    assert 'class="chart-slim"' in pages["/desk/coverage/"]
    assert faults_seen(pages, look, thorough) == []


def look(page: Page, address: str, width: int) -> Iterator[str]:
    """What is cut."""
    yield from (f"{text} is broken" for text in page.evaluate(BROKEN))
    yield from page.evaluate(CUT)
