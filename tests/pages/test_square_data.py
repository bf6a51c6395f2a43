"""What programs read of the square: open data, feed, maps; and what every answer says to caches and browsers."""

import csv
import io
import json
import re
from datetime import date, timedelta
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from api_client import Api
from board import DAY, PLACES, page_of, publish, text, withdraw
from cast import Cast
from planted_files import IDCARD
from sanxiang.cases.disclosure.published import COLUMNS
from sanxiang.cases.search import asking
from sanxiang.people.models import Agency
from sanxiang.registers.models import Register, Release

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def bureau(cast: Cast) -> Agency:
    return cast.bureau


CELLS = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＠x", " =1", "　＋1"]


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_of_the_table_is_a_formula(client: Client, bureau: Agency, cell: str) -> None:
    publish(bureau, facts=cell, party=f'"{cell},\n')
    table = text(client.get("/open-data/decisions.csv"))
    assert table.startswith("\ufeff")
    header, row = csv.reader(io.StringIO(table[1:], newline=""))
    assert header == list(COLUMNS.values())
    values = dict(zip(COLUMNS, row, strict=True))
    assert values["facts"] == f"'{cell}" and values["act_type"] == "行政处罚"
    assert not [value for value in row if value.lstrip(" 　").startswith(tuple("=+-@\t\r＝＋－＠"))]


def test_no_code_stands_under_a_chinese_heading(client: Client, bureau: Agency) -> None:
    for number, kind in enumerate(("citizen", "individual-business", "org")):
        publish(bureau, number, party_type=kind, flags=["no-basis"])
    rows = list(csv.DictReader(io.StringIO(text(client.get("/open-data/decisions.csv"))[1:], newline="")))
    assert {row["当事人类型"] for row in rows} == {"自然人", "个体工商户", "法人或者其他组织"}
    assert {row["来源"] for row in rows} == {"历史导入"} and {row["行为种类"] for row in rows} == {"行政处罚"}
    plain = {"公示编号", "来源编号", "账本编号", "校验值", "决定日期", "公示日期", "来源公示日期"}
    told = [value for row in rows for name, value in row.items() if name not in plain]
    assert not [value for value in told if re.fullmatch("[a-z-]{3,}", value)]
    data = json.loads(text(client.get("/open-data/decisions.json")))["decisions"]
    assert {row["party_type"] for row in data} == {"citizen", "individual-business", "org"}


def test_open_data_hold_all_that_is_published_and_narrow_like_the_list(
    client: Client, bureau: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "BATCH", 4)
    rows = [publish(bureau, number, sort_on=DAY + timedelta(number)) for number in range(11)]
    data = json.loads(text(client.get("/open-data/decisions.json")))
    assert data["total"] == 11 and [row["id"] for row in data["decisions"]] == [
        str(row.pk) for row in reversed(rows)
    ]
    assert set(data["decisions"][0]) == set(COLUMNS)
    some = json.loads(text(client.get("/open-data/decisions.json?from=2026-03-10")))
    assert some["total"] == 3
    assert len(list(csv.reader(io.StringIO(text(client.get("/open-data/decisions.csv?q=〕7号")))))) == 2
    assert json.loads(text(client.get("/open-data/decisions.json?q=没有")))["total"] == 0


def test_the_feed_is_atom_with_the_newest_first(client: Client, bureau: Agency) -> None:
    for number in range(3):
        publish(bureau, number, sort_on=DAY + timedelta(number))
    root = ET.fromstring(client.get("/feed/decisions.atom").content)
    titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    assert titles == ["河道内弃置砂石案之2", "河道内弃置砂石案之1", "河道内弃置砂石案之0"]
    assert all(
        (entry.findtext(f"{ATOM}id") or "").startswith("urn:uuid:") for entry in root.iter(f"{ATOM}entry")
    )


def test_with_very_many_decisions_the_map_becomes_an_index(
    client: Client, bureau: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [publish(bureau, number) for number in range(5)]
    monkeypatch.setattr("sanxiang.square.open_data.MAP", 2)
    maps = [
        place.text or ""
        for place in ET.fromstring(client.get("/sitemap.xml").content).iter()
        if place.tag.endswith("loc")
    ]
    assert len(maps) == 3
    together = "".join(text(client.get(address)) for address in maps)
    assert all(together.count(page_of(row)) == 1 for row in rows)
    for none in ("0", "4", "9" * 30):
        assert client.get(f"/sitemap-{none}.xml").status_code == 404


def test_an_unchanged_page_is_not_sent_again_and_a_withdrawn_one_is_gone_for_the_same_reader(
    client: Client, bureau: Agency
) -> None:
    row = publish(bureau)
    first = client.get(page_of(row))
    assert first.headers["Cache-Control"] == "no-cache" and first.headers["X-Robots-Tag"] == "noarchive"
    assert client.get(page_of(row), headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    withdraw(row)
    assert client.get(page_of(row), headers={"If-None-Match": first.headers["ETag"]}).status_code == 410


def test_every_answer_carries_the_content_policy(client: Client, bureau: Agency) -> None:
    for address in ("/", "/decisions/", "/healthz", "/nowhere/", "/desk/"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert (
            "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        )


@pytest.mark.parametrize(
    "address",
    ["/", "/decisions/", "/verify/", "/open-data/decisions.csv", "/feed/decisions.atom", "/metrics"],
)
def test_the_square_is_read_only(client: Client, address: str) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(address).status_code == 405
    assert client.head(address).status_code == 200


def test_an_unchanged_page_keeps_the_policy_it_came_with(client: Client, bureau: Agency) -> None:
    first = client.get("/verify/offline.html")
    again = client.get("/verify/offline.html", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    kept = {**first.headers, **again.headers}
    assert (
        kept["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
        and "sha256-" in kept["Content-Security-Policy"]
    )


def test_the_map_leads_to_all_that_is_public_beside_decisions(client: Client, bureau: Agency) -> None:
    found = text(client.get("/sitemap.xml"))
    for place in ("/information/", "/before/", "/inspection/", "/voices/", "/apply/"):
        assert f"<loc>http://testserver{place}</loc>" in found and client.get(place).status_code == 200, place


def put_in_force(agency: Agency, kind: str, rows: list[dict[str, str]], begins: date) -> None:
    """A first version of a list, as it stands in the database."""
    told = {"act": uuid4(), "n": 1, "in_force_from": begins}
    register = Register.objects.create(agency=agency, kind=kind, label=kind, n=1, head="")
    Release.objects.create(register=register, version=1, rows=rows, digest="", **told)


def test_the_map_leads_to_lists_guides_and_governments_that_answer(client: Client, cast: Cast) -> None:
    """Every address of the map opens; what is taken down, begins later or nobody may read is not on it."""
    bureau, today = cast.bureau, timezone.localdate()
    guide = {"事项名称": "取水许可", "通俗说明": "带身份证到窗口办理。"}
    put_in_force(bureau, "items", [{"执法事项名称": "取水许可"}], today)
    put_in_force(bureau, "guide", [guide], today)
    put_in_force(bureau, "inspectors", [{"姓名": "苏禾青"}], today)
    put_in_force(bureau, "benchmarks", [{"裁量基准": "后天起"}], today + timedelta(days=2))
    put_in_force(bureau, "charges", [], today)
    found = [
        place.text or ""
        for place in ET.fromstring(client.get("/sitemap.xml").content).iter()
        if place.tag.endswith("loc")
    ]
    paths = [place.removeprefix("http://testserver") for place in found]
    here = f"/agencies/{bureau.pk}/"
    assert {f"{here}items/", f"{here}guide/"} <= set(paths)
    assert [path for path in paths if path.startswith(f"{here}guide/") and path != f"{here}guide/"]
    assert not {f"{here}inspectors/", f"{here}benchmarks/", f"{here}charges/"} & set(paths)
    assert f"/districts/{cast.government.pk}/" in paths
    assert not [path for path in paths if client.get(path).status_code != 200]


def test_a_source_that_numbers_by_people_tells_nobody_in_any_place(cast: Cast) -> None:
    """The number of the source goes out beside the text: as a name or an identity number it is hidden, else it stays what it was."""
    told = {f"{IDCARD}-1": IDCARD, "苏禾青-002": "苏禾青", "莱自然资规罚〔2020〕1号": ""}
    rows = [publish(cast.bureau, n, external_id=number) for n, number in enumerate(told, 1)]
    client = Client()
    places = [*PLACES, *(f"/decisions/{row.pk}{end}" for row in rows for end in ("/", ".json"))]
    shown = {place: text(client.get(place)) for place in places}
    for path in ("/public/decisions", *(f"/public/decisions/{row.pk}" for row in rows)):
        shown[path] = Api().ask("GET", path).content.decode()
    for secret in filter(None, told.values()):
        assert not [place for place, body in shown.items() if secret in body], secret
    assert "莱自然资规罚〔2020〕1号" in shown["/open-data/decisions.csv"]
