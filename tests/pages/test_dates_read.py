"""Dates on pages and in papers read 2026年11月27日; only what machines read is ISO."""

import html
import re

import pytest
from django.test import Client

from conftest import BACKEND
from knocks import by_page
from play import Clock, make_office, play_of
from sanxiang.cases.models import Paper
from sanxiang.speech import ROLE_NAMES
from side_stories import BOOK

pytestmark = pytest.mark.django_db

ISO = re.compile(r"(?<![0-9a-f-])\d{4}-\d{2}-\d{2}(?![0-9a-f-])")
HERE = ("", "timeline/", "../../publications/{case}/", "../../reviews/{case}/")


def words(answer: str) -> str:
    """What a reader sees: no marks, no values of boxes."""
    return html.unescape(re.sub(r"<(script|style|textarea)\b.*?</\1>|<[^>]+>", " ", answer, flags=re.DOTALL))


@pytest.mark.parametrize(
    ("locality", "story"), [("huantai", "contested"), ("kaiyuan", "hearing"), ("laizhou", "cash")]
)
def test_no_page_and_no_paper_of_a_case_shows_an_iso_date(locality: str, story: str, clock: Clock) -> None:
    play = play_of(make_office(locality), story, clock, book=BOOK)
    play.until()
    client = Client()
    client.force_login(play.person("officer1"), BACKEND)
    places = [f"/desk/cases/{play.case_id}/{place}".format(case=play.case_id) for place in HERE]
    for place in [
        *places,
        "/desk/",
        "/desk/tasks/",
        "/desk/cases/?show=all",
        "/desk/reviews/",
        "/desk/scheme/",
        "/desk/refusals/",
        "/",
    ]:
        answer = client.get(place, follow=True)
        if answer.status_code == 200:
            found = ISO.search(words(answer.content.decode()))
            assert not found, (place, found)
    for paper in Paper.objects.filter(case=play.case_id):
        found = ISO.search(printed(paper.content.get("blocks", paper.content)))
        assert not found, (paper.label, found)


def printed(value: object) -> str:
    """Every text that a paper prints; its own date is kept for machines beside them."""
    if isinstance(value, dict):
        return " ".join(printed(one) for key, one in value.items() if key not in ("date", "digest"))
    return " ".join(map(printed, value)) if isinstance(value, list) else str(value)


def test_a_refusal_kept_for_supervision_reads_so_too(clock: Clock) -> None:
    play = play_of(make_office("kaiyuan"), "hearing", clock, book=BOOK)
    play.until("decide")
    assert by_page(play.knock("decide", on="2026-04-01")).refused
    client = Client()
    client.force_login(play.person("agency-head"), BACKEND)
    page = words(client.get("/desk/refusals/").content.decode())
    assert "2026年4月1日" in page and not ISO.search(page) and ROLE_NAMES["agency-head"] in page
