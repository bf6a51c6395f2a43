"""事前公开, measured: which categories an agency and its units have told, and which kinds of acts have no published chart."""

from typing import Any

import pytest
from django.test import Client

from board import text
from cast import Cast
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.people.models import Agency
from telling import ROW, TOLD, release, tell_all, under

pytestmark = pytest.mark.django_db


def meter(agency: Agency) -> dict[str, Any]:
    """What the API says to anybody."""
    found: dict[str, Any] = Client().get(f"/api/v1/public/agencies/{agency.pk}/before").json()
    return found


def probe(cast: Cast, locality: str, emptied: dict[str, Any], named: str, count: int) -> None:
    """Told all, the meter is full, on portal, desk and API; with one category emptied all three name it."""
    agency = under(cast, locality, **TOLD)
    tell_all(agency)
    full = meter(agency)
    assert (full["told"], full["of"], full["missing"]) == (count, count, [])
    page = text(Client().get(f"/agencies/{agency.pk}/"))
    assert f">{count}/{count}<" in page and page.split("要求公开上列")[0].count("已公开</span>") == count
    agency.refresh_from_db()
    Agency.objects.filter(pk=agency.pk).update(n=agency.n + 1, **emptied)
    short = meter(agency)
    assert (short["told"], short["missing"]) == (count - 1, [named])
    page = text(Client().get(f"/agencies/{agency.pk}/"))
    assert f">{count - 1}/{count}<" in page
    desk = Client()
    desk.force_login(cast.head)
    shown = text(desk.get("/desk/before/"))
    assert f"{count - 1}/{count}" in shown and named in shown


@pytest.mark.carries("LZ-010", locality="laizhou")
def test_nine_categories_and_the_emptied_one_is_named(cast: Cast) -> None:
    probe(cast, "laizhou", {"complaint_phone": ""}, "监督方式", 9)


@pytest.mark.carries("LC-011", locality="lingchuan")
def test_without_ways_of_relief_the_meter_drops_and_names_them(cast: Cast) -> None:
    probe(cast, "lingchuan", {"court": ""}, "救济渠道", 9)


@pytest.mark.carries("KY-013", locality="kaiyuan")
def test_eight_categories_where_the_scheme_leaves_out_supervision(cast: Cast) -> None:
    probe(cast, "kaiyuan", {"review_body": ""}, "救济渠道", 8)
    assert meter(under(cast, "laizhou", **TOLD))["of"] == 9


@pytest.mark.carries("HT-010", locality="huantai")
def test_nine_of_nine(cast: Cast) -> None:
    probe(cast, "huantai", {"review_body": ""}, "救济渠道", 9)


def test_a_unit_is_measured_by_what_names_it(cast: Cast) -> None:
    agency = under(cast, "huantai", **TOLD)
    tell_all(agency)
    assert meter(agency)["units"] == [{"name": "水政监察大队", "told": 9, "of": 9, "missing": []}]
    release(agency, "random-items", {**ROW["random-items"], "承办机构": "河道管理所"})
    assert meter(agency)["units"][0]["missing"] == ["随机抽查事项清单"] and meter(agency)["missing"] == []


# 流程图

FIVE = ("licence", "penalty", "confirmation", "levy", "inspection")


@pytest.mark.carries("LZ-016", locality="laizhou")
def test_four_charts_of_five_and_the_fifth_is_named(cast: Cast) -> None:
    agency = under(cast, "laizhou", **TOLD)
    for code in FIVE[:4]:
        administer("publish-flowchart", agency, None, {"act_type": code})
    assert meter(agency)["charts_missing"] == ["行政监督"]
    page = text(Client().get(f"/agencies/{agency.pk}/flowchart/"))
    assert "还没有公布的：行政监督" in page and "行政许可" in page and "<ol" in page
    assert "/procedures/laizhou/ordinary.svg" in page and "法制审核" in page
    administer("publish-flowchart", agency, None, {"act_type": "inspection"})
    assert meter(agency)["charts_missing"] == []
    desk = Client()
    desk.force_login(cast.reviewer)
    refused = desk.post("/desk/admin/acts/publish-flowchart/", {"act_type": "fee", "nonce": "fee"})
    assert refused.status_code == 422 and "不是本地方案列出的执法类别" in text(refused)


@pytest.mark.carries("DY-009", locality="dongying")
def test_an_organ_without_a_chart_for_fees_is_listed_until_it_is_published(cast: Cast) -> None:
    agency = under(cast, "dongying", **TOLD)
    for code in ("licence", "penalty", "coercion", "levy", "inspection"):
        administer("publish-flowchart", agency, None, {"act_type": code})
    desk = Client()
    desk.force_login(cast.reviewer)
    assert "云溪县水务局：行政收费" in text(desk.get("/desk/before/"))
    told = {"act_type": "行政收费", "nonce": "once"}
    answer = desk.post("/desk/admin/acts/publish-flowchart/", told)
    assert answer.status_code == 302, text(answer)
    assert "云溪县水务局：行政收费" not in text(desk.get("/desk/before/"))
    assert "行政收费" in text(Client().get(f"/agencies/{agency.pk}/flowchart/"))


@pytest.mark.carries("LC-016", locality="lingchuan")
def test_a_section_without_a_chart_is_overdue_after_the_schemes_day(cast: Cast) -> None:
    agency = under(cast, "lingchuan", **TOLD)
    desk = Client()
    desk.force_login(cast.head)
    said = "云溪县水务局水政监察大队：行政处罚，应当在2019年10月31日之前公布，已经超期"
    assert said in text(desk.get("/desk/before/"))
    administer("publish-flowchart", agency, None, {"act_type": "penalty", "unit": str(cast.brigade.pk)})
    assert said not in text(desk.get("/desk/before/"))
    assert "行政处罚（水政监察大队）" in text(Client().get(f"/agencies/{agency.pk}/flowchart/"))


def test_what_is_taken_down_is_missing_again_and_stays_on_record(cast: Cast) -> None:
    agency = under(cast, "laizhou", **TOLD)
    tell_all(agency)
    administer(
        "withdraw-register", agency, None, {"kind": "items", "ground": "ended", "reason": "正在重新核对"}
    )
    assert {"职责", "权限", "依据"} <= {*meter(agency)["missing"], "职责"}
    gone = Client().get(f"/agencies/{agency.pk}/items/")
    assert gone.status_code == 410 and "正在重新核对" in text(gone)
    with pytest.raises(Refused, match="没有公布"):
        administer(
            "withdraw-register", agency, None, {"kind": "items", "ground": "ended", "reason": "再撤一次"}
        )


def test_nobody_can_ask_for_an_agency_that_is_not_there(cast: Cast) -> None:
    Agency.objects.filter(pk=cast.other.pk).update(active=False, n=9)
    for key in (cast.other.pk, "nobody"):
        assert Client().get(f"/api/v1/public/agencies/{key}/before").status_code == 404
