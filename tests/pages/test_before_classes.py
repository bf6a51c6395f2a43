"""基本信息 and 结果信息 with their publishers and feeds; the four products of each agency, and who lacks which."""

from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from board import publish, text, withdraw
from cast import Cast, make_agency
from sanxiang.door.administer import administer
from telling import ITEM, SPOT, TOLD, release, under

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(address: str) -> list[tuple[str, str, str]]:
    """Title, author and class of each entry of a feed, as anybody gets it."""
    answer = Client().get(address)
    assert answer["Content-Type"].startswith("application/atom+xml")
    found = ET.fromstring(answer.content).findall(f"{ATOM}entry")
    return [
        (
            str(one.findtext(f"{ATOM}title")),
            str(one.findtext(f"{ATOM}author/{ATOM}name")),
            one.findall(f"{ATOM}category")[0].attrib["term"],
        )
        for one in found
    ]


@pytest.mark.carries("LC-087", locality="lingchuan")
def test_each_publication_has_its_class_and_the_enforcing_unit_as_publisher(cast: Cast) -> None:
    agency = under(cast, "lingchuan", **TOLD)
    administer("publish-flowchart", agency, None, {"act_type": "penalty"})
    decision = publish(agency)
    shown = text(Client().get("/information/"))
    lines = {line.split("</a>")[0].split(">")[-1]: line for line in shown.split("<tr>")[2:]}
    assert "基本信息" in lines["行政执法流程图（第1版）"] and "结果信息" in lines[decision.title]
    assert all("云溪县水务局" in line for line in lines.values()) and len(lines) == 2
    basic, result = (text(Client().get(f"/information/?class={kind}")) for kind in ("basic", "result"))
    assert "行政执法流程图（第1版）" in basic and decision.title not in basic
    assert decision.title in result and "行政执法流程图（第1版）" not in result
    own = text(Client().get(f"/information/?agency={cast.other.pk}"))
    assert decision.title not in own
    for wrong in ("?class=secret", "?agency=nobody"):
        assert Client().get(f"/information/{wrong}").status_code == 404


@pytest.mark.carries("KY-008", locality="kaiyuan")
def test_both_feeds_answer_anybody_with_their_own_alone(cast: Cast) -> None:
    agency = under(cast, "kaiyuan", **TOLD)
    administer("publish-flowchart", agency, None, {"act_type": "penalty"})
    decision, gone = publish(agency), publish(agency, 2)
    withdraw(gone)
    assert entries("/feed/basic-information.atom") == [("执法流程图（第1版）", "云溪县水务局", "基本信息")]
    assert entries("/feed/result-information.atom") == [(decision.title, "云溪县水务局", "结果信息")]
    administer(
        "withdraw-register", agency, None, {"kind": "flowchart", "ground": "ended", "reason": "重新绘制"}
    )
    assert entries("/feed/basic-information.atom") == []
    assert Client().get("/feed/other-information.atom").status_code == 404


@pytest.mark.carries("DY-011", locality="dongying")
def test_four_products_on_the_agencys_page_and_a_red_cell_for_what_is_taken_down(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agency = under(cast, "dongying", **TOLD)
    release(agency, "random-items", SPOT)
    release(agency, "guide", {"事项名称": ITEM["事项名称"]})
    administer("publish-flowchart", agency, None, {"act_type": "penalty"})
    release(agency, "items", ITEM)

    def row() -> str:
        return text(Client().get("/before/")).split(f'href="/agencies/{agency.pk}/"')[1].split("</tr>")[0]

    page = text(Client().get(f"/agencies/{agency.pk}/"))
    for label in ("事项清单", "随机抽查清单", "程序流程图", "服务指南"):
        assert f"<h2>{label} " in page, label
    assert row().count("已公开") == 4 and "没有公开" not in row()
    administer(
        "withdraw-register", agency, None, {"kind": "guide", "ground": "ended", "reason": "办公地址变了"}
    )
    assert row().count("badge-red") == 1 and row().count("已公开") == 3
    assert "本机关还没有公开" in text(Client().get(f"/agencies/{agency.pk}/"))
    for count in (1, 4):
        for number in range(count):
            make_agency(f"云溪县第{count}{number}局", "", cast.government)
        with django_assert_num_queries(10):
            Client().get("/before/")
