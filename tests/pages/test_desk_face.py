"""The longest forms of the desk on a phone: nothing is cut off, every control is as large as a finger, axe is content."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from seen import faults_seen

from conftest import Player, SignIn
from play import Play
from sanxiang.demo.stories import two

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

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
    """The pages by address, rendered before the browser starts: at the scene, filing, the draft, the case, who looked at it and why."""
    found: dict[str, str] = {}
    played = play("ordinary", "file")
    keep(found, played, browser, "agency-head", "acts/file/")
    played.until("draft-decision")
    taken = {"officers": two(played.office), "kind": "documentary", "source_of": "当事人提供"}
    played.do("add-evidence", "officer1", title="取水台账" * 20, proves="取水数量" * 40, **taken)
    keep(found, played, browser, "officer1", "acts/draft-decision/", "acts/amend/", "")
    keep(found, played, browser, "archivist", "why/")
    keep(found, played, browser, "officer1", "accesses/")
    head = browser(played.person("agency-head"))
    found |= {one: head.get(one).content.decode() for one in ("/desk/accesses/", "/desk/accesses/review/")}
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
    assert faults_seen(forms, small) == []


def small(page: Page, address: str, width: int) -> Iterator[str]:
    """What one can touch and would miss."""
    yield from (f"{name} is {height} high" for name, height in page.evaluate(SMALL, FINGER))
