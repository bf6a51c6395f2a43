"""The list of decisions narrowed: every filter, what the hits divide into, each condition taken away again, both ways round."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from api_client import Api
from board import DAY, publish, text, withdraw
from cast import Cast, make_agency
from sanxiang.cases.search import asking

pytestmark = pytest.mark.django_db

HIT = re.compile(r'<h3><a href="/decisions/([0-9a-f-]+)/"')
PART = re.compile(r'<li><a href="([^"]+)">([^<]+)</a><span class="num">([\d,]+)</span>')
CHIP = re.compile(r'<li><a href="([^"]+)">([^<]+)<span aria-hidden="true"> ×')


def seen(client: Client, address: str) -> str:
    return html.unescape(text(client.get(address)))


@pytest.fixture
def board(cast: Cast) -> Cast:
    """Seven decisions of three agencies, one of them a town's."""
    town = make_agency("青石镇人民政府", "青石", None, kind="town")
    for number in range(4):
        publish(
            cast.bureau, number, sort_on=DAY + timedelta(number), published_on=DAY + timedelta(10 * number)
        )
    publish(cast.other, 5, act_type="licence", party_type="individual-business", sort_on=DAY - timedelta(60))
    publish(town, 6, party_type="citizen", sort_on=DAY - timedelta(50))
    publish(town, 7, party_type="citizen", sort_on=DAY - timedelta(40))
    return cast


NARROWED = {
    "level=town": 2, "level=乡镇（街道）": 2, "level=county": 5, "level=city": 0, "party_type=citizen": 2, "party_type=自然人": 2,
    "published_from=2026-03-12": 3, "published_from=2026-03-12&published_to=2026年3月12日": 1, "published_to=2026-03-02": 1,
    "level=town&act_type=licence": 0, "q=弃置&party_type=individual-business": 1, "order=oldest": 7, "q=弃置&level=town": 2,
}  # fmt: skip
"""How many decisions each question leaves."""


def test_every_filter_narrows_list_and_open_data_alike(client: Client, board: Cast) -> None:
    for asked, number in NARROWED.items():
        page = seen(client, f"/decisions/?{asked}")
        assert len(HIT.findall(page)) == number, asked
        table = text(client.get(f"/open-data/decisions.json?{asked}"))
        assert f'"total": {number}}}' in table, asked


def test_what_the_hits_divide_into_leads_to_just_so_many(client: Client, board: Cast) -> None:
    for address in ("/decisions/", "/decisions/?q=弃置", "/decisions/?q=弃置&from=2025-12-30"):
        parts = PART.findall(seen(client, address))
        assert {name for _, name, _ in parts} >= {"行政处罚", "行政许可", "自然人", "青石镇人民政府"}, address
        for link, name, number in parts:
            assert len(HIT.findall(seen(client, link))) == int(number), (address, name)


def test_numbers_beyond_the_cap_say_that_they_are_of_some(
    client: Client, board: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "CAP", 6)
    assert "只算了其中 10,000 条" in seen(client, "/decisions/?q=弃置")
    assert "只算了其中" not in seen(client, "/decisions/")


def test_each_condition_can_be_taken_away_alone(client: Client, board: Cast) -> None:
    asked = f"q=弃置&act_type=penalty&agency={board.bureau.pk}&from=2026-03-03&order=oldest"
    chips = {name: link for link, name in CHIP.findall(seen(client, f"/decisions/?{asked}"))}
    told = (
        "查询词：弃置",
        "行为种类：行政处罚",
        f"公示机关：{board.bureau.name}",
        "决定日期起：2026-03-03",
        "排列：从旧到新",
    )
    assert tuple(chips) == told
    assert len(HIT.findall(seen(client, chips["决定日期起：2026-03-03"]))) == 4
    left = {name: link for link, name in CHIP.findall(seen(client, chips["查询词：弃置"]))}
    assert set(left) == set(chips) - {"查询词：弃置"}


def test_the_oldest_first_turns_the_list_round_page_by_page(client: Client, board: Cast) -> None:
    for number in range(10, 50):
        publish(board.bureau, number, sort_on=DAY + timedelta(number))
    for question in ("", "&q=弃置"):
        newest, oldest = (walked(client, f"/decisions/?{way}{question}") for way in ("", "order=oldest"))
        assert len(newest) == 47 and newest == oldest[::-1]


def walked(client: Client, address: str) -> list[str]:
    """All hits of a list, page by page, by its own links."""
    found: list[str] = []
    while address:
        page = seen(client, address)
        found += HIT.findall(page)
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        address = onward[1] if onward else ""
    return found


def test_an_agency_that_is_no_more_keeps_its_decisions_in_the_list(client: Client, board: Cast) -> None:
    gone = board.other
    gone.active, gone.n = False, gone.n + 1
    gone.save()
    assert len(HIT.findall(seen(client, f"/decisions/?agency={gone.pk}"))) == 1
    assert gone.name in {name for _, name, _ in PART.findall(seen(client, "/decisions/"))}


def test_the_next_page_knows_every_change_whatever_was_drawn_before(client: Client, board: Cast) -> None:
    """Parts of the page are drawn once for the same words: never for other ones, nor for what has gone since."""
    gone = publish(board.bureau, 8)
    for address in ("/decisions/", "/decisions/?q=弃置", "/api/v1/public/decisions?q=弃置"):
        assert str(gone.pk) in seen(client, address)
    withdraw(gone)
    for address in ("/decisions/", "/decisions/?q=弃置", "/api/v1/public/decisions?q=弃置"):
        assert str(gone.pk) not in seen(client, address)
    assert "共 7 条" in seen(client, "/decisions/?q=弃置")
    option = f'<option value="{board.bureau.pk}">云溪县水务局'
    assert option in seen(client, "/decisions/")
    board.bureau.name, board.bureau.n = "云溪县水利局", board.bureau.n + 1
    board.bureau.save()
    new = make_agency("云溪县<消防>", "云消", None)
    page = text(client.get("/decisions/"))
    assert (
        option not in page
        and "云溪县水利局</option>" in page
        and f'"{new.pk}">云溪县&lt;消防&gt;</option>' in page
    )
    chosen = seen(client, f"/decisions/?agency={board.bureau.pk}&from=2026-03-02")
    assert f'value="{board.bureau.pk}" selected' in chosen and 'value="2026-03-02"' in chosen
    assert " selected" not in page and 'value="2026-03-02"' not in seen(client, "/decisions/")
    wrong = seen(client, "/decisions/?from=2026-02-30")
    assert "id_from_error" in wrong and "id_from_error" not in seen(client, "/decisions/")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("level=月球", "可以选：省级、市级、县级、乡镇（街道）"),
        ("order=best", "可以选：从旧到新"),
        ("published_from=2026-03-02&published_to=2026-03-01", "公示日期止：止日早于起日"),
    ],
)
def test_what_cannot_be_read_is_said(client: Client, board: Cast, asked: str, said: str) -> None:
    answer = client.get(f"/decisions/?{asked}")
    assert answer.status_code == 422 and said in html.unescape(text(answer))


def test_the_interface_narrows_by_level_and_counts_like_the_page(client: Client, board: Cast) -> None:
    """`level` as on the page, and the same numbers beside the list: each leads to as many."""
    for level, number in (("town", 2), ("county", 5), ("city", 0), ("", 7)):
        found = Api().get(f"/public/decisions?level={level}")
        assert (found["total"], len(found["items"])) == (number, number)
        assert {name: sum(parts.values()) for name, parts in found["numbers"].items()} == dict.fromkeys(
            ("act_type", "agency", "party_type"), number
        )
    unknown = Api().get("/public/decisions?level=moon", 400)["error"]["message"]
    assert "level：不在可选项里，可用：" in unknown and "、county" in unknown and " or " not in unknown
    found = Api().get("/public/decisions?q=弃置")
    for name, parts in found["numbers"].items():
        for value, number in parts.items():
            again = Api().get(f"/public/decisions?q=弃置&{name}={value}")
            assert again["total"] == number, (name, value)
