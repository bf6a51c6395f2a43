"""Nobody at a desk reads a machine's words: what every post can open by its links is Chinese, but for names that have no other."""

import re
from collections import Counter
from html import unescape
from typing import Any

import pytest
from django.test import Client

from copies_asked import with_photo
from knocks import signed_in
from paper_flaws import LATIN
from play import Clock, Play, make_office
from publishing import supervisor_above

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
MOST = 70
"""So many pages of each post."""
UNSEEN = re.compile(
    r"<(script|style|textarea|code|pre|svg)\b.*?</\1>|<span class=\"mono\">.*?</span>"
    r"|<td[^>]*>\s*[a-z-]+\s*</td>|<[^>]+>|<!--.*?-->",
    re.DOTALL,
)
"""Tags, and what is marked as a machine's: a code alone in its cell, a command, a key."""
NAMES = re.compile(
    r"\b(?:docx|xlsx|Word|Excel|BagIt|kaiyuan|Schema)\b|\b[A-Z0-9]+\b|（[a-z][\w-]*）|账本编号\s*\S+|校验值\s*\S+"
    r"|[\w.+-]+@[\w.-]+|\S*\.(?:png|jpe?g|csv|xlsx|mp[34]|pdf|docx|zip|json|html)\b|https?://\S+|/[\w/-]+|\b[0-9a-fA-F]{6,}\b|[A-Z]{2,}-\S+"
)


@pytest.fixture
def play(clock: Clock) -> Play:
    """An open case with a photograph."""
    return with_photo(make_office("kaiyuan"), clock)


def walked(client: Client, begin: list[str]) -> dict[str, str]:
    """What stands in the main part of the pages that links lead to, by address; of pages of one kind the first."""
    waiting, seen, found = list(begin), set[str](), dict[str, str]()
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|\d+", "…", address.partition("?")[0])
        if kind in seen or not address.startswith("/desk/") or re.search(r"\.\w+$|sign-out", kind):
            continue
        seen.add(kind)
        answer: Any = client.get(address, headers=BROWSER)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
        found[address] = main
        waiting += [unescape(href).partition("#")[0] for href in re.findall(r'href="(/[^"]*)"', main)]
    return found


def foreign(main: str) -> list[str]:
    """Latin words that an eye meets on the page."""
    return LATIN.findall(NAMES.sub(" ", unescape(UNSEEN.sub(" ", "<main" + main))))


@pytest.mark.parametrize("who", ["officer1", "agency-head", "legal-reviewer", "archivist", "above"])
def test_no_page_of_the_desk_speaks_as_machines_do(who: str, play: Play) -> None:
    """Begins where the person begins, and at the case."""
    person = supervisor_above(play.office.agency) if who == "above" else play.person(who)
    pages = walked(signed_in(person), ["/desk/", "/desk/more/", f"/desk/cases/{play.case_id}/"])
    assert len(pages) > 20
    wrong = {address: Counter(words) for address, main in pages.items() if (words := foreign(main))}
    assert not wrong, "\n".join(f"{address} {dict(words)}" for address, words in wrong.items())
