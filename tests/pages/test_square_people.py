"""Who enforces, as the square shows it; and that every page of it costs the same however much there is."""

import json
import re
import uuid
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from board import DAY, page_of, publish, text, withdraw
from cast import Cast, make_agency
from sanxiang.people.models import Agency, Certificate, Person, Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(cast: Cast) -> Agency:
    return cast.bureau


def fill(cast: Cast, count: int) -> None:
    """So many decisions, agencies, officers and notices more."""
    for number in range(count):
        agency = make_agency(f"第{uuid.uuid4().hex[:8]}局", "", cast.government)
        publish(agency, number)
        withdraw(publish(agency, number + 100))
        person = Person.objects.create(username=uuid.uuid4().hex, name=f"某{number}")
        for organ in (cast.bureau, agency):
            Post.objects.create(
                person=person,
                agency=organ,
                role="officer",
                valid_from=DAY,
                unit=cast.brigade if organ == cast.bureau else None,
            )
        Certificate.objects.create(
            person=person,
            number=uuid.uuid4().hex,
            kind="行政执法证",
            valid_from=DAY,
            valid_until=date(2099, 1, 1),
        )


COSTS = {
    "/": 8, "/decisions/": 6, "/decisions/?q=弃置&from=2026-01-01": 6, "/decisions/withdrawn/": 3, "/agencies/": 3, "/officers/": 5,
    "/verify/?number=99010001": 7, "/feed/decisions.atom": 7, "/open-data/decisions.csv": 4, "/open-data/decisions.json": 4,
    "/sitemap.xml": 5, "/metrics": 8, "/healthz": 1, "/procedures/huantai/ordinary/": 2,
}  # fmt: skip
"""Statements a page needs, whatever the size of what it shows."""


@pytest.mark.parametrize("address", COSTS)
def test_a_page_costs_the_same_however_much_there_is(
    client: Client, cast: Cast, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (2, 6):
        fill(cast, count)
        with django_assert_num_queries(COSTS[address]):
            text(client.get(address))


def test_a_decision_and_an_agency_cost_the_same_however_much_there_is(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = publish(cast.bureau)
    for count in (2, 6):
        fill(cast, count)
        with django_assert_num_queries(4):
            client.get(page_of(row))
        with django_assert_num_queries(13):
            client.get(f"/agencies/{cast.bureau.pk}/")


def test_an_agency_shows_how_to_reach_it_its_procedures_and_its_officers(client: Client, cast: Cast) -> None:
    Agency.objects.filter(pk=cast.bureau.pk).update(complaint_phone="0533-0000001", n=9)
    publish(cast.bureau)
    page = text(client.get(f"/agencies/{cast.bureau.pk}/"))
    for word in (
        "云溪县水务局",
        "0533-0000001",
        "云溪县人民法院",
        "行政处罚普通程序",
        "林青",
        "99010001",
        "水政监察大队",
        "共 <b",
    ):
        assert word in page, word
    assert "江野" not in page and "云溪县水务局" in text(client.get("/agencies/"))
    Agency.objects.filter(pk=cast.bureau.pk).update(active=False, n=10)
    assert client.get(f"/agencies/{cast.bureau.pk}/").status_code == 404


def test_governments_and_supervisors_stand_apart_while_they_enforce_nothing(
    client: Client, cast: Cast
) -> None:
    """They owe nothing that those who enforce must tell; with a decision of its own the bureau of justice is one of these."""
    parted = text(client.get("/agencies/")).partition("人民政府和行政执法监督机关")
    assert "云溪县水务局" in parted[0] and "云溪县司法局" not in parted[0]
    assert "云溪县司法局" in parted[2] and "云溪县人民政府" in parted[2]
    own = text(client.get(f"/agencies/{cast.justice.pk}/"))
    assert "没有填报" not in own and "没有公开" not in own and "不列为执法主体" in own
    assert "云溪县司法局" not in text(client.get("/")).partition('id="who"')[2]
    publish(cast.justice)
    assert "云溪县司法局" in text(client.get("/agencies/")).partition("人民政府和行政执法监督机关")[0]
    assert "没有填报" in text(client.get(f"/agencies/{cast.justice.pk}/"))
    assert "云溪县司法局" in text(client.get("/")).partition('id="who"')[2]


def test_officers_are_found_by_name_or_number_while_they_hold_a_post(client: Client, cast: Cast) -> None:
    assert "99010001" in text(client.get("/officers/?q=林青"))
    assert "林青" in text(client.get("/officers/?q=９９０１０００１"))
    assert "没有查到执法人员" in text(client.get("/officers/?q=查无此人"))
    assert "唐墨" not in text(client.get("/officers/")), "no certificate, no officer"
    Post.objects.filter(person=cast.handler).update(valid_until=date(2024, 1, 1), n=9)
    assert "林青" not in text(client.get("/officers/"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "今日有效"),
        ({"valid_until": date(2024, 5, 1)}, "今日无效：已于2024年5月1日到期"),
        ({"valid_from": date(2034, 5, 1)}, "今日无效：2034年5月1日才生效"),
        ({"inspected_until": date(2025, 12, 31)}, "今日无效：年度审验只到2025年12月31日"),
        ({"suspended_from": date(2025, 1, 1)}, "今日无效：已暂扣"),
        ({"suspended_from": date(2025, 1, 1), "suspended_until": date(2025, 2, 1)}, "今日有效"),
        ({"revoked_on": date(2025, 1, 1)}, "今日无效：已注销"),
        ({"exam_passed_on": date(2099, 1, 1)}, "今日无效：未通过执法资格考试"),
        ({"exam_passed_on": None}, "今日无效：未通过执法资格考试"),
        ({"categories": []}, "今日无效：没有登记执法类别"),
        ({"area": []}, "今日无效：没有登记执法区域"),
        ({"area": ["110101"]}, "今日无效：执法区域不含本地"),
        ({"kind": "城管协管证"}, "今日无效：证件种类“城管协管证”不在本方案认可之列"),
    ],
)
def test_anybody_can_ask_whether_a_certificate_is_in_force_today(
    client: Client, cast: Cast, change: dict[str, Any], said: str
) -> None:
    Certificate.objects.filter(number="99010001").update(**change, n=9)
    page = text(client.get("/verify/?number= ９９０１ ０００１"))
    assert said in page and "林青" in page
    assert ("99010001" in text(client.get("/officers/?q=林青"))) == ("有效" in said), (
        "the roster vouches for its own"
    )


def test_who_holds_two_certificates_is_one_person(client: Client, cast: Cast) -> None:
    page = f"/agencies/{cast.bureau.pk}/"
    before = re.findall(r">(\d+)人<", text(client.get(page)))
    held = Certificate.objects.get(number="99010001")
    held.pk, held.number, held.n = uuid.uuid4(), "99010009", 9
    held.save(force_insert=True)
    after = text(client.get(page))
    assert "99010009" in after and before and re.findall(r">(\d+)人<", after) == before


def test_a_number_is_found_in_whatever_case_it_is_typed(client: Client, cast: Cast) -> None:
    Certificate.objects.filter(number="99010001").update(number="KY-99010001", n=9)
    for asked in ("KY-99010001", "ky-99010001", "ｋｙ-９９０１０００１", "Ky- 9901 0001"):
        assert "今日有效" in text(client.get("/verify/", {"number": asked})), asked
        assert "林青" in text(client.get("/officers/", {"q": asked})), asked


def test_who_left_has_no_certificate_in_force_and_an_unknown_number_says_what_to_do(
    client: Client, cast: Cast
) -> None:
    Post.objects.filter(person=cast.handler).update(valid_until=date(2024, 1, 1), n=9)
    assert "今日无效：持证人现在不在执法岗位上" in text(client.get("/verify/?number=99010001"))
    assert "没有查到编号为“123”的证件" in text(client.get("/verify/?number=123"))
    assert "没有查到" not in text(client.get("/verify/"))


def test_a_flowchart_stands_beside_its_words_and_can_be_taken_away(client: Client, cast: Cast) -> None:
    page = text(client.get("/procedures/huantai/ordinary/"))
    assert page.count("<svg xmlns") == 1 and "法制审核" in page and "文字说明" in page
    assert ET.fromstring(client.get("/procedures/huantai/ordinary.svg").content).tag.endswith("svg")
    assert ET.fromstring(client.get("/procedures/huantai/ordinary.bpmn").content).tag.endswith("definitions")
    for address in (
        "/procedures/atlantis/ordinary/",
        "/procedures/huantai/trial/",
        "/procedures/huantai/ordinary.gif",
        "/procedures/national/ordinary/",
    ):
        assert client.get(address).status_code == 404


NOTHING = {
    "/": "还没有公示的决定", "/decisions/": "还没有公示的决定", "/decisions/?q=水": "没有符合条件的决定",
    "/decisions/withdrawn/": "没有撤回的公示", "/agencies/": "还没有登记执法主体", "/officers/": "没有查到执法人员",
}  # fmt: skip


def test_an_empty_portal_says_what_will_come(client: Client) -> None:
    for address, said in NOTHING.items():
        assert said in text(client.get(address)), address
    assert json.loads(client.get("/healthz").content) == {"status": "ok"}
    assert "Sitemap: http://testserver/sitemap.xml" in text(client.get("/robots.txt"))
