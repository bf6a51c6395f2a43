"""The square as it is seen: every page fits phone, tablet and desk, keeps to the content policy and satisfies axe."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from seen import THOROUGH, faults_seen

from board import page_of, publish, text, withdraw
from cast import Cast
from sanxiang.door.administer import administer
from sanxiang.people.models import Certificate

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def pages(client: Client, cast: Cast, settings: Any) -> dict[str, str]:
    """Every kind of page by its address, rendered before the browser starts."""
    settings.MAIL = "smtp://"
    row = publish(
        cast.bureau,
        37,
        facts="在河道管理范围内弃置砂石。" * 60,
        party_code="91370321MA3EXAMPL8",
        address="青石镇" * 30,
    )
    publish(cast.other, 2, title="", flags=["no-title", "no-basis"], basis="")
    withdraw(gone := publish(cast.bureau, 3))
    rows = [
        {"事项编码": f"S-{n}", "事项名称": f"{n}未经批准擅自取水的处罚" * 3, "依据": "水法第六十九条"}
        for n in range(120)
    ]
    told = {"kind": "items", "rows": rows, "in_force_from": "2026-01-01"}
    administer("release-register", cast.bureau, None, told)
    granted = {
        "item_code": "C-1",
        "label": "乱倒垃圾的处罚",
        "basis": "省政府决定",
        "valid_from": "2026-01-01",
    }
    administer("grant-item", cast.bureau, None, granted)
    entrusted = {
        "agreement_number": "协议1号",
        "unit": cast.brigade,
        "items": ["采砂"],
        "valid_from": "2026-01-01",
    }
    administer("entrust", cast.bureau, None, entrusted)
    Certificate.objects.filter(number="99010002").update(valid_until=date(2024, 5, 1), n=9)
    addresses = [
        "/", "/decisions/", "/statistics/", "/open-data/", "/letters/",
        f"/decisions/?q={quote('砂石 2026')}", "/decisions/?q=x", "/decisions/?from=2026-02-30&page=0", page_of(row),
        page_of(gone), "/decisions/withdrawn/", "/agencies/", f"/agencies/{cast.bureau.pk}/",
        f"/agencies/{cast.bureau.pk}/items/", "/officers/", "/officers/?q=x", "/verify/",
        "/verify/?number=99010001", "/verify/?number=99010002", "/verify/?number=x", "/procedures/huantai/ordinary/", "/nowhere/",
    ]  # fmt: skip
    return {address: text(client.get(address)) for address in addresses}


@THOROUGH
def test_every_page_fits_keeps_the_policy_and_satisfies_axe(pages: dict[str, str], thorough: bool) -> None:
    """One test for all: while the browser runs, this thread may not ask the database."""
    assert faults_seen(pages, thorough=thorough) == []
