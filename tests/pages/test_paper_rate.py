"""文书电子化率: what was still written on paper is put on the books, and counted against what the system made."""

import html
import re

import pytest

from api_client import Api
from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, Play, make_office
from sanxiang.cases.models import Paper
from sanxiang.demo import stories

pytestmark = pytest.mark.django_db

LOCALITIES = [
    pytest.param(locality, marks=pytest.mark.carries(row, locality=locality), id=locality)
    for locality, row in (
        ("laizhou", "LZ-044"),
        ("dongying", "DY-046"),
        ("lingchuan", "LC-042"),
    )
]
TOLD = {"paper_title": "群众来信", "paper_made_on": "2026-03-02", "original_at": "档案室3号柜"}


def begun(locality: str, clock: Clock) -> Play:
    """A case with some papers, in March."""
    play = Play(make_office(locality), "summary", stories.summary("200"), clock)
    clock.now = play.moment
    play.until("serve-on-spot")
    return play


def share(play: Play) -> tuple[int, int, str]:
    """Electronic, on paper, and the share, as the page says for the quarter."""
    year = play.moment.year
    page = signed_in(play.person("officer1")).get(f"/desk/papers/rate/?year={year}").content.decode()
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", html.unescape(page))
    row = cells[cells.index("第1季度") : cells.index("第1季度") + 4]
    return int(row[1]), int(row[2]), row[3]


@pytest.mark.parametrize("locality", LOCALITIES)
def test_one_paper_written_outside_lowers_the_quarters_rate_by_what_it_should(
    locality: str, clock: Clock
) -> None:
    """All made here: 100 %. One registered: n of n+1. The zip holds every paper with its digest; the table can be taken away."""
    play = begun(locality, clock)
    made = Paper.objects.filter(case=play.case_id).count()
    assert share(play) == (made, 0, "100.0%")
    play.do("register-paper", "officer1", **TOLD)
    assert share(play) == (made, 1, f"{made / (made + 1):.1%}")
    desk = signed_in(play.person("officer1"))
    year = play.moment.year
    away = b"".join(desk.get(f"/desk/papers/rate/?year={year}&format=csv")).decode()  # type: ignore[arg-type]
    assert f"{made},1,{made / (made + 1):.1%}" in away
    shown = html.unescape(desk.get(f"/desk/cases/{play.case_id}/").content.decode())
    assert "群众来信" in shown and "档案室3号柜" in shown
    assert desk.get(f"/api/v1/cases/{play.case_id}/dossier.zip").status_code == 200


@pytest.mark.carries("HT-021", locality="huantai")
def test_where_papers_must_be_electronic_the_rate_is_shown_and_none_is_taken_on_paper(clock: Clock) -> None:
    play = begun("huantai", clock)
    answer = refused_everywhere(play.attempt("register-paper", "officer1", **TOLD))
    assert "register-paper.allowed" in answer.guards and "一律电子化" in fact_of(
        answer, "register-paper.allowed"
    )
    assert share(play)[1:] == (0, "100.0%")


@pytest.mark.carries(
    "KY-031",
    locality="kaiyuan",
    change=('"doc.electronic"\nvalue = "either"', '"doc.electronic"\nvalue = "required"'),
)
def test_a_paper_needs_the_place_of_its_original_and_a_scan_is_welcome(clock: Clock) -> None:
    """Without the place refused; tomorrow's paper too; by somebody else too. Where paper and file both count, paper is accepted."""
    play = begun("kaiyuan", clock)
    told = {one["key"]: one["value"] for one in Api(play.person("officer1")).get("/scheme")["parameters"]}
    assert told["doc.electronic"] == "either"
    nowhere = {k: v for k, v in TOLD.items() if k != "original_at"}
    assert (
        "field:original_at"
        in refused_everywhere(play.attempt("register-paper", "officer1", **nowhere)).guards
    )
    ahead = {**TOLD, "paper_made_on": "2026-12-31"}
    assert (
        "register-paper.day" in refused_everywhere(play.attempt("register-paper", "officer1", **ahead)).guards
    )
    play.do("register-paper", "officer1", **TOLD)
    assert share(play)[1] == 1
