"""No page of the desk stands apart: the bar above or the page 更多 leads to every one that names no case."""

import re
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver, reverse

from conftest import Player, SignIn
from sanxiang.desk import urls
from sanxiang.desk.more import MOST_DAILY, WAYS

pytestmark = pytest.mark.django_db

BESIDE = {
    "desk-figures-cases": "each number of the figures",
    "desk-field-blanks": "asked by the script of the field page",
    "desk-field-contact": "asked by the script of the field page",
    "desk-field-worker": "asked by the browser itself",
    "desk-open": "where a scanned code leads",
    "desk-new": "the button of the first page",
    "desk-register-import": "the page of the lists",
    "desk-historical": "the page of publications, where there are any",
    "desk-admin-people": "the page of the management",
    "desk-admin-import": "the page of the management",
    "desk-admin-history": "the page of the management",
    "desk-admin-refusals": "the page of the management",
}
"""Pages that are behind another one by their nature."""


def lists() -> set[str]:
    """The names of the desk's pages that are about no single thing."""
    assert get_resolver()
    return {
        str(one.name)
        for one in urls.urlpatterns
        if isinstance(one, URLPattern)
        and "<" not in str(one.pattern)
        and not str(one.pattern).endswith(".csv")
    }


def test_every_list_of_the_desk_is_behind_the_bar_or_under_more(play: Player, browser: SignIn) -> None:
    played = play("ordinary", "file")
    client = browser(played.person("officer1"))
    bar = set(re.findall(r'href="([^"]+)"', client.get("/desk/").content.decode()))
    named = {way.name for ways in WAYS.values() for way in ways}
    assert named <= lists()
    apart = {name for name in lists() - named - set(BESIDE) if reverse(name) not in bar}
    assert not apart


def said(markup: str) -> str:
    """Its words, without the marks."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", markup)).strip()


def named_wrong(client: Any, address: str, label: str) -> list[str]:
    """Where the page is not called what the link to it says: its heading, the window's title, the last step of the path above it."""
    body = client.get(address).content.decode()
    heading = said(body[body.index("<h1") : body.index("</h1>")])
    path = re.findall(r'aria-current="page">([^<]*)</li></ol></nav>', body)
    title = said(body[body.index("<title>") : body.index("</title>")]).partition(" · ")[0].partition("：")[0]
    names = {
        heading.partition("　")[0].strip(),
        title.partition("　")[0],
        *(one.partition("：")[0] for one in path),
    }
    return [f"{address}: {label} is called {one}" for one in sorted(names - {label})]


@pytest.mark.parametrize("who", ["officer1", "agency-head", "archivist", "legal-reviewer", "unit-head"])
def test_a_page_is_called_what_the_link_to_it_says(play: Player, browser: SignIn, who: str) -> None:
    client = browser(play("ordinary", "file").person(who))
    bar = client.get("/desk/").content.decode()
    nav = bar[bar.index('<nav class="nav"') : bar.index("</nav>", bar.index('<nav class="nav"'))]
    links = re.findall(r'<a href="(/desk/[^"]+)"[^>]*>([^<]+)', nav)
    more = client.get("/desk/more/").content.decode()
    links += re.findall(r'<li><a href="(/desk/[^"]+)">([^<]+)', more[more.index("<main") :])
    assert len(links) > 10
    assert [one for address, label in links for one in named_wrong(client, address, label)] == []


@pytest.mark.parametrize("who", ["officer1", "agency-head", "archivist", "legal-reviewer"])
def test_the_first_page_shows_the_few_of_the_day_and_where_the_others_are(
    play: Player, browser: SignIn, who: str
) -> None:
    body = browser(play("ordinary", "file").person(who)).get("/desk/").content.decode()
    part = body[body.index('aria-label="常用"') :]
    assert 1 <= len(re.findall(r"<li><a", part[: part.index("</nav>")])) <= MOST_DAILY
    assert '<a href="/desk/more/">更多</a>' in part


@pytest.mark.parametrize("who", ["officer1", "agency-head", "archivist", "legal-reviewer"])
def test_whatever_more_shows_opens(play: Player, browser: SignIn, who: str) -> None:
    played = play("ordinary", "file")
    client = browser(played.person(who))
    body = client.get("/desk/more/").content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    found = re.findall(r'<li><a href="(/desk/[^"]+)"', main)
    assert len(found) > 5
    assert {one: client.get(one).status_code for one in found} == dict.fromkeys(found, 200)
