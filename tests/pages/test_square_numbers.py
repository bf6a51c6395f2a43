"""公示统计 and 开放数据: pictures that tables repeat, numbers that lead to their lists, and pages that are light."""

import gzip
import html
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from board import page_of, publish, text, withdraw
from cast import Cast
from clockwork import Clock
from sanxiang.square.bulk import build

pytestmark = pytest.mark.django_db

HIT = re.compile(r'<h3><a href="/decisions/([0-9a-f-]+)/"')
ROW = re.compile(r'<tr><td data-label="[^"]+"[^>]*>([^<]+)</td><td[^>]*>(?:<a href="([^"]+)">)?([\d,]+)')
PAGES = (
    "/",
    "/decisions/",
    "/decisions/?q=弃置",
    "/agencies/",
    "/officers/",
    "/verify/",
    "/statistics/",
    "/open-data/",
    "/regions/",
)
MOST = 150 * 1024


def test_every_number_leads_to_just_so_many(client: Client, cast: Cast, clock: Clock) -> None:
    for number in range(5):
        day = date(2026, 3, 1) - timedelta(25 * number)
        publish(
            cast.bureau if number % 2 else cast.other,
            number,
            sort_on=day,
            act_type=("penalty", "licence")[number % 2],
        )
    withdraw(publish(cast.bureau, 9, sort_on=date(2025, 1, 1)))
    publish(cast.bureau, 10, sort_on=date(2024, 3, 31))
    page = html.unescape(text(client.get("/statistics/")))
    rows = ROW.findall(page)
    assert len(rows) == 5 + 2 + 2 and rows[0][0] == "2025年11月" and rows[4][0] == "2026年3月"
    assert "从 2025年11月列起" in page, "no empty months before the first decision, and it is said"
    assert sum(int(number) for _, _, number in rows[:5]) == 5 and '共 <b class="num">6</b> 条' in page
    for name, address, number in rows:
        assert len(HIT.findall(text(client.get(address)))) == int(number) if address else number == "0", name
    assert page.count('role="img"') == 3 and page.count('class="chart-bar"') == len(rows)


def test_the_months_end_after_two_years(client: Client, cast: Cast, clock: Clock) -> None:
    assert "近 24 个月没有决定" not in text(client.get("/statistics/")), "nothing at all has its own sentence"
    publish(cast.bureau, 1, sort_on=date(2024, 3, 31))
    assert "近 24 个月没有决定" in text(client.get("/statistics/"))
    publish(cast.bureau, 2, sort_on=date(2024, 4, 1))
    page = text(client.get("/statistics/"))
    assert "列起" not in page and ROW.findall(html.unescape(page))[0][0] == "2024年4月"


def test_the_statistics_cost_the_same_however_much_there_is(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2):
        publish(cast.bureau, number, sort_on=date(2026, 1, 1) + timedelta(60 * number))
        with django_assert_num_queries(6):
            client.get("/statistics/")


def test_open_data_names_every_way_and_field(client: Client, cast: Cast, settings: object) -> None:
    publish(cast.bureau)
    build()
    page = html.unescape(text(client.get("/open-data/")))
    for address in re.findall(r'<td data-label="内容"[^>]*><a href="([^"]+)">', page):
        assert client.get(address).status_code == 200, address
    for name in ("统一社会信用代码", "party_code", "校验值", "leaf_hash", "<iframe src="):
        assert name in page
    assert "注明来源" in page


def weight(client: Client, address: str) -> int:
    """What a first visit transfers: the page and every file that it names, each compressed as the server does."""
    page = client.get(address).content
    files = set(re.findall(rb'(?:href|src)="/static/([^"]+)"', page))
    total = len(gzip.compress(page))
    for name in files:
        found = finders.find(name.decode())
        assert isinstance(found, str), name
        total += len(Path(found).read_bytes())
    return total


def test_a_first_visit_is_light(client: Client, cast: Cast) -> None:
    rows = [publish(cast.bureau, number, facts="在河道管理范围内弃置砂石。" * 200) for number in range(25)]
    for address in (*PAGES, page_of(rows[0]), f"/agencies/{cast.bureau.pk}/"):
        assert weight(client, address) <= MOST, address


def test_styles_fetch_nothing_more() -> None:
    """Else the sum above would leave something out."""
    for name in ("css/base.css", "css/parts.css", "css/print.css"):
        assert (
            "url(" not in Path(str(finders.find(name))).read_text().replace("url(data:", "")
            and "@import" not in name
        )
