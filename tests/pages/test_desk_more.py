"""No page of the desk stands apart: the bar above or the page 更多 leads to every one that names no case."""

import re

import pytest
from django.urls import URLPattern, get_resolver, reverse

from conftest import Player, SignIn
from sanxiang.desk import urls
from sanxiang.desk.more import WAYS

pytestmark = pytest.mark.django_db

BESIDE = {
    "desk-figures-cases": "each number of the figures",
    "desk-field-blanks": "asked by the script of the field page",
    "desk-field-contact": "asked by the script of the field page",
    "desk-field-worker": "asked by the browser itself",
    "desk-open": "where a scanned code leads",
    "desk-new": "the button of the first page",
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


@pytest.mark.parametrize("who", ["officer1", "agency-head", "archivist", "legal-reviewer"])
def test_whatever_more_shows_opens(play: Player, browser: SignIn, who: str) -> None:
    played = play("ordinary", "file")
    client = browser(played.person(who))
    body = client.get("/desk/more/").content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    found = re.findall(r'<li><a href="(/desk/[^"]+)"', main)
    assert len(found) > 5
    assert {one: client.get(one).status_code for one in found} == dict.fromkeys(found, 200)
