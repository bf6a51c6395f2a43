"""Feeds of any list, of what was withdrawn, and the column that other sites include."""

import json
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from api_client import Api
from board import DAY, page_of, publish, text
from cast import Cast, make_agency
from conftest import Player
from sanxiang.cases.models import Publication
from sanxiang.door.arriving.imported import Record, import_batch, withdraw
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
COLUMN = (
    "/column/",
    "/column/part.html",
    "/column/decisions.json",
    "/column/decisions.atom",
    "/column/decisions.rss",
)


def titles(client: Client, address: str) -> list[str]:
    root = ET.fromstring(client.get(address).content)
    return [entry.findtext(f"{ATOM}title") or "" for entry in root.iter(f"{ATOM}entry")]


def imported(agency: Agency, numbers: range) -> list[Publication]:
    """Published records as an import leaves them, with their places in the log."""
    records = []
    for number in numbers:
        texts = {"title": f"旧案之{number}", "number": f"旧罚〔2025〕{number}号", "party": "青禾砂石有限公司"}
        records.append(Record(f"O{number}", "penalty", texts, DAY, DAY, DAY + timedelta(number)))
    import_batch(agency, records, publish=True)
    sequence_all()
    return list(Publication.objects.filter(agency=agency, origin="import").order_by("sort_on"))


def test_any_list_is_a_feed_by_its_own_conditions(client: Client, cast: Cast) -> None:
    for number in range(3):
        publish(cast.bureau, number, sort_on=DAY + timedelta(number))
    publish(cast.other, 8, act_type="licence")
    assert len(titles(client, "/feed/decisions.atom")) == 4
    assert titles(client, "/feed/decisions.atom?q=案之1") == ["河道内弃置砂石案之1"]
    assert titles(client, f"/feed/decisions.atom?agency={cast.other.pk}") == ["河道内弃置砂石案之8"]
    assert len(titles(client, "/feed/decisions.atom?act_type=penalty&from=2026-03-03")) == 2
    root = ET.fromstring(client.get("/feed/decisions.rss?q=案之2").content)
    assert [item.findtext("title") for item in root.iter("item")] == ["河道内弃置砂石案之2"]
    assert client.get("/feed/decisions.rss").headers["Content-Type"].startswith("application/rss+xml")
    assert client.get("/feed/decisions.atom?from=gestern").status_code == 422


def test_the_list_links_to_its_own_feed_and_tables(client: Client, cast: Cast) -> None:
    publish(cast.bureau)
    page = text(client.get("/decisions/?q=弃置&act_type=penalty"))
    asked = "?q=%E5%BC%83%E7%BD%AE&amp;act_type=penalty"
    for place in ("/feed/decisions.atom", "/open-data/decisions.csv", "/open-data/decisions.json"):
        assert f'href="{place}{asked}"' in page, place


def test_a_feed_says_since_when_it_is_so_and_is_not_sent_twice(client: Client, cast: Cast) -> None:
    first, second = imported(cast.bureau, range(2))
    for address in ("/feed/decisions.atom", "/feed/decisions.rss", "/column/decisions.atom"):
        fresh = client.get(address)
        assert fresh.headers["Last-Modified"] and fresh.headers["ETag"]
        for told in (
            {"If-None-Match": fresh.headers["ETag"]},
            {"If-Modified-Since": fresh.headers["Last-Modified"]},
        ):
            assert client.get(address, headers=told).status_code == 304, (address, told)
    tag = client.get("/feed/decisions.atom").headers["ETag"]
    withdraw(first.pk, cast.head, "原决定被撤销")
    sequence_all()
    again = client.get("/feed/decisions.atom", headers={"If-None-Match": tag})
    assert again.status_code == 200 and titles(client, "/feed/decisions.atom") == [second.title]


def test_what_was_withdrawn_is_told_in_the_order_of_the_log(client: Client, cast: Cast) -> None:
    *rows, waiting = imported(cast.bureau, range(5))
    assert titles(client, "/feed/withdrawn.atom") == [] and Api().get("/public/changes")["items"] == []
    order = [rows[2], rows[0], rows[3]]
    cursor, seen = "", []
    for row in order:
        withdraw(row.pk, cast.head, f"撤销{row.sort_on}")
        sequence_all()
        found = Api().get(f"/public/changes?cursor={cursor}")
        seen += found["items"]
        cursor = found["cursor"]
    assert [one["id"] for one in seen] == [str(row.pk) for row in order]
    assert [one["reason"] for one in seen] == [f"撤销{row.sort_on}" for row in order]
    assert Api().get(f"/public/changes?cursor={cursor}") == {"items": [], "cursor": cursor}
    assert len(Api().get(f"/public/changes?agency={cast.other.pk}")["items"]) == 0
    withdraw(waiting.pk, cast.head, "还没有编号")
    assert Api().get("/public/changes") == {"items": seen, "cursor": cursor}
    assert "#None" not in text(client.get("/feed/withdrawn.atom"))
    body = text(client.get("/feed/withdrawn.atom"))
    assert body.index(f"撤销{rows[3].sort_on}") < body.index(f"撤销{rows[2].sort_on}")
    assert not any(word in body for word in ("旧案之", "旧罚", "青禾砂石"))
    assert titles(client, f"/feed/withdrawn.atom?agency={cast.other.pk}") == []
    for bad in ("x", "9" * 30, "²"):
        assert "cursor" in Api().get(f"/public/changes?cursor={bad}", 400)["error"]["fields"]


TYPES = ("text/html", "text/html", "application/json", "application/atom+xml", "application/rss+xml")
RESTRICTED = ("910000000000000000", "内部备注")


@pytest.mark.carries("DY-035", "DY-037", locality="dongying")
def test_a_column_can_be_included_by_other_sites_and_shows_only_what_is_public(
    client: Client, cast: Cast
) -> None:
    mine = publish(cast.bureau, 1, flags=["内部备注"])
    other = publish(cast.other, 2)
    hidden = [
        publish(cast.bureau, 10 + n, status=status) for n, status in enumerate(("prepared", "held", "exempt"))
    ]
    for address, kind in zip(COLUMN, TYPES, strict=True):
        answer = Client().get(address)
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith(kind), address
        body = text(answer)
        assert page_of(mine) in body and page_of(other) in body
        assert not any(str(row.pk) in body for row in hidden) and not any(word in body for word in RESTRICTED)
        own = text(client.get(f"{address}?agency={cast.bureau.pk}"))
        assert page_of(mine) in own and page_of(other) not in own, address
    told = json.loads(text(client.get("/column/decisions.json?limit=1")))
    assert len(told["items"]) == 1 and told["total"] == 2
    fields = {
        "id",
        "url",
        "title",
        "number",
        "act_type",
        "kind",
        "party",
        "agency",
        "authority",
        "decided_on",
        "published_on",
    }
    assert set(told["items"][0]) == fields, "whoever adds a field here looks whether it may be shown"


def test_only_the_column_lets_other_sites_in(client: Client, cast: Cast) -> None:
    row = publish(cast.bureau)
    framed = client.get("/column/").headers
    assert "frame-ancestors *" in framed["Content-Security-Policy"] and "X-Frame-Options" not in framed
    for address in COLUMN[1:]:
        assert client.get(address).headers["Access-Control-Allow-Origin"] == "*", address
    for address in (
        "/",
        "/decisions/",
        page_of(row),
        "/feed/decisions.atom",
        "/api/v1/public/decisions",
        "/desk/sign-in/",
    ):
        headers = client.get(address).headers
        assert "Access-Control-Allow-Origin" not in headers, address
        assert (
            headers["X-Frame-Options"] == "DENY"
            and "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        )
    assert client.get("/column/decisions.json?agency=x").status_code == 422


@pytest.mark.carries("DY-034", locality="dongying")
def test_one_portal_shows_the_records_of_all_organs_and_of_each(client: Client, cast: Cast) -> None:
    """东营: three organs publish one each; the list of the district has three, each organ's one."""
    organs = [
        cast.bureau,
        cast.other,
        make_agency("青石镇人民政府", "青石", cast.government, kind="town"),
    ]
    rows = [publish(organ, number) for number, organ in enumerate(organs)]
    places = ("/open-data/decisions.json", "/column/decisions.json")
    assert all(page_of(row) in text(client.get("/decisions/")) for row in rows)
    assert [json.loads(text(client.get(place)))["total"] for place in places] == [3, 3]
    for organ, row in zip(organs, rows, strict=True):
        page = text(client.get(f"/decisions/?agency={organ.pk}"))
        assert [page_of(one) in page for one in rows] == [one == row for one in rows]
        assert [json.loads(text(client.get(f"{place}?agency={organ.pk}")))["total"] for place in places] == [
            1,
            1,
        ]
        assert page_of(row) in text(client.get(f"/agencies/{organ.pk}/"))


@pytest.mark.carries("KY-006", locality="kaiyuan")
def test_a_decision_has_one_address_wherever_it_is_found(client: Client, cast: Cast, settings: Any) -> None:
    row = publish(cast.bureau)
    settings.PUBLIC_ADDRESS, settings.ADDRESS_TOLD = "https://gongshi.example", True
    places = ("/", "/decisions/", "/decisions/?q=弃置", "/decisions/?act_type=penalty", f"/agencies/{cast.bureau.pk}/", "/sitemap.xml",
              "/feed/decisions.atom", *COLUMN)  # fmt: skip
    for place in places:
        found = set(re.findall(rf"[^\"<>\s]*{row.pk}[^\"<>\s]*", text(client.get(place))))
        addresses = {one.removeprefix("http://testserver") for one in found if "/" in one}
        assert addresses == {page_of(row)}, place
    for asked in ("", "?from=search"):
        page = text(client.get(page_of(row) + asked))
        assert f'<link rel="canonical" href="https://gongshi.example{page_of(row)}">' in page
        assert '<meta name="description" content="河道内弃置砂石案之1，' in page
    assert Api().get(f"/public/decisions/{row.pk}")["url"] == page_of(row)


def figures(client: Client) -> dict[str, int]:
    """What the portal counts, by where it says so."""
    cells = re.findall(
        r'<td data-label="已公示的决定" class="num">(?:<a[^>]*>)?([\d,]+)', text(client.get("/agencies/"))
    )
    listed = re.search(r"共 ([\d,]+) 条", text(client.get("/decisions/")))
    assert listed
    total = json.loads(text(client.get("/open-data/decisions.json")))["total"]
    return {
        "organs": sum(map(int, cells)),
        "list": int(listed[1]),
        "data": total,
        "api": Api().get("/public/decisions")["total"],
    }


@pytest.mark.carries("HT-018", locality="huantai")
def test_the_whole_is_the_sum_of_the_organs_with_what_came_from_elsewhere(
    client: Client, play: Player, cast: Cast
) -> None:
    """桓台: own cases, licences and police records that came in from other systems; one of them is withdrawn again."""
    play("summary", "archive")
    sequence_all()
    imported(cast.other, range(4))
    (mine,) = imported(cast.bureau, range(1))
    assert figures(client) == dict.fromkeys(("organs", "list", "data", "api"), 6)
    withdraw(mine.pk, cast.head, "原决定被撤销")
    assert figures(client) == dict.fromkeys(("organs", "list", "data", "api"), 5)
