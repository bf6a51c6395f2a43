"""The longest forms of the desk on a phone: nothing is cut off, every control is as large as a finger, axe is content."""

import pytest
from axe import violations
from playwright.sync_api import sync_playwright
from served import SITE, answer, chromium_path

from conftest import Player, SignIn
from play import Play
from sanxiang.demo.stories import two

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

WIDTHS = (320, 390, 1440)
FINGER = 44
SMALL = """
(finger) => [...document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")]
  .filter((one) => one.type !== "hidden" && one.checkVisibility())
  .map((one) => [one.name || one.textContent.trim(), (one.closest("label.option") || one).getBoundingClientRect().height])
  .filter(([name, height]) => height < finger)
"""
"""What one can touch in the page and is lower than a finger is wide; a box may be ticked on its words."""


@pytest.fixture
def forms(play: Player, browser: SignIn) -> dict[str, str]:
    """The forms by address, rendered before the browser starts: at the scene, filing, the draft, the case page."""
    found: dict[str, str] = {}
    played = play("ordinary", "file")
    keep(found, played, browser, "agency-head", "acts/file/")
    played.until("draft-decision")
    taken = {"officers": two(played.office), "kind": "documentary", "source_of": "当事人提供"}
    played.do("add-evidence", "officer1", title="取水台账" * 20, proves="取水数量" * 40, **taken)
    keep(found, played, browser, "officer1", "acts/draft-decision/", "acts/amend/", "")
    agency = played.office.agency.pk
    address = f"/desk/cases/new/summary/?agency={agency}"
    found[address] = browser(played.person("officer1")).get(address).content.decode()
    return found


def keep(found: dict[str, str], played: Play, browser: SignIn, who: str, *places: str) -> None:
    """Render pages of the case as that person sees them."""
    for place in places:
        address = f"/desk/cases/{played.case_id}/{place}"
        answered = browser(played.person(who)).get(address)
        assert answered.status_code == 200
        found[address] = answered.content.decode()


def test_the_longest_forms_fit_a_phone_and_a_finger(forms: dict[str, str]) -> None:
    """One test for all: while the browser runs, this thread may not ask the database."""
    wrong: list[str] = []
    with sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=chromium_path(), args=["--disable-background-networking"]
        )
        for width in WIDTHS:
            context = chromium.new_context(locale="zh-CN", viewport={"width": width, "height": 900})
            context.route("**/*", lambda route: answer(route, forms))
            page = context.new_page()
            for address in forms:
                page.goto(SITE + address)
                wide = page.evaluate("document.documentElement.scrollWidth")
                wrong += [f"{address} is {wide} wide at {width}"] if wide > width else []
                wrong += [f"{address} at {width}: {one}" for one in page.evaluate(SMALL, FINGER)]
                wrong += [f"{address} at {width}: {one}" for one in violations(page)]
            context.close()
        chromium.close()
    assert not wrong, "\n".join(wrong)
