"""案卷卷面: the face of a bound file has items of its own, twenty of the hundred points; each flaw takes what the standard says."""

import copy
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from knocks import signed_in
from page_form import words
from play import STORIES, Clock, Play, make_office
from sanxiang.door.gather import pack_of
from sanxiang.law.packs import load_pack
from sanxiang.law.standard import items_of
from sanxiang.oversight.evaluation.face import faced
from sanxiang.oversight.evaluation.retrace import Retrace
from sanxiang.oversight.evaluation.sheet import Sheet, drawn, sheet_of

pytestmark = pytest.mark.django_db
PART = "案卷卷面"


@pytest.fixture
def play(clock: Clock) -> Play:
    """A sealed file of 莱州."""
    procedure, steps = STORIES["summary"]
    story = Play(make_office("laizhou"), procedure, steps, clock)
    clock.now = story.moment
    story.until()
    return story


def test_twenty_points_are_the_face_s_and_eighty_the_content_s() -> None:
    for locality in ("laizhou", "dongying", "lingchuan", "kaiyuan", "huantai"):
        items = items_of(load_pack(locality))
        face = sum((one.points for one in items if one.part == PART), Decimal(0))
        assert (face, sum((one.points for one in items), Decimal(0))) == (20, 100)


def looked(play: Play, spoil: Any, taken: str = "") -> Sheet:
    """The sheet of a file whose face was spoilt, held against the file as it is."""
    state = copy.deepcopy(play.case.state)
    again = copy.deepcopy(state["file"])
    spoil(state)
    flaws = list(faced(pack_of(play.case), state, again, taken))
    return drawn(items_of(pack_of(play.case)), Retrace(flaws=flaws, state=state))


def points(sheet: Sheet, label: str) -> Decimal:
    """What the item of that label takes."""
    return next(line.taken for line in sheet.lines if line.item.label == label)


def blank(count: int) -> Any:
    """So many lines of the catalogue without a day."""

    def spoil(state: Any) -> None:
        for row in [*state["file"]["main"], *state["file"]["sub"]][:count]:
            row["on"] = ""

    return spoil


def skipped(count: int) -> Any:
    """So many numbers left out, one before each line."""

    def spoil(state: Any) -> None:
        rows = [row for row in state["file"]["main"] if row["count"]][:count]
        for place, row in enumerate(rows):
            move(state["file"]["main"], row, 1)
            assert place < count

    return spoil


def move(rows: list[Any], since: Any, by: int) -> None:
    """From that line on every number is so much higher."""
    for row in rows[rows.index(since) :]:
        row["first"] += by
        last = row["first"] + row["count"] - 1
        row["pages"] = (
            ""
            if not row["count"]
            else str(row["first"])
            if last == row["first"]
            else f"{row['first']}-{last}"
        )


@pytest.mark.parametrize("count, taken", [(0, 0), (3, 3), (4, 4), (5, 4)])
def test_each_blank_takes_a_point_and_never_more_than_four(count: int, taken: int, play: Play) -> None:
    sheet = looked(play, blank(count))
    assert (points(sheet, "文书填写没有漏项"), sheet.score) == (taken, 100 - taken)


@pytest.mark.parametrize("count, taken", [(0, 0), (1, 1), (2, 2), (3, 2)])
def test_each_wrong_number_takes_a_point_and_never_more_than_two(count: int, taken: int, play: Play) -> None:
    assert points(looked(play, skipped(count)), "逐页编号") == taken


def test_cover_index_order_number_and_form_each_have_their_own_item(play: Play) -> None:
    """One flaw each, under its own item and no other; the whole face is what its parts leave."""

    def uncovered(state: Any) -> None:
        state["papers"].pop("file-cover")

    def unlisted(state: Any) -> None:
        state["file"]["main"][0]["pages"] = "9-99"

    def shuffled(state: Any) -> None:
        rows = state["file"]["main"]
        first, last = rows[0]["ref"], rows[-1]["ref"]
        rows[0]["ref"], rows[-1]["ref"] = last, first

    def unnumbered(state: Any) -> None:
        state["facts"].pop("archive_no")

    def own_form(state: Any) -> None:
        state["papers"]["own-form"] = {"id": "x", "status": "issued", "n": 1}

    for spoil, label, taken in (
        (uncovered, "卷宗封面", 1),
        (unlisted, "卷内目录的顺序与页码", 1),
        (shuffled, "立卷顺序", 1),
        (unnumbered, "一案一卷、一案一号", 1),
        (own_form, "使用规定的文书格式", 2),
    ):
        sheet = looked(play, spoil)
        assert (points(sheet, label), sheet.score) == (taken, 100 - taken), label
        face = next(row for row in sheet.parts if row["part"] == PART)
        assert (face["points"], face["left"]) == ("20", str(20 - taken))
    assert points(looked(play, lambda state: None, "甲案"), "一案一卷、一案一号") == 1
    assert not looked(play, lambda state: None).flaws


def test_sheet_and_pdf_show_the_face_by_itself(play: Play) -> None:
    sheet = sheet_of(play.case)
    assert not sheet.flaws and sheet.score == 100
    desk, at = signed_in(play.person("legal-reviewer")), f"/desk/cases/{play.case_id}/evaluation"
    page = words(desk.get(f"{at}/"))
    assert "各部分得分" in page and PART in page
    text = "".join(
        "".join(one.extract_text() for one in PdfReader(BytesIO(desk.get(f"{at}.pdf").content)).pages).split()
    )
    assert "案卷卷面20/20" in text
