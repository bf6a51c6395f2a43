"""事前公开 on the portal: the categories and fields of each scheme, each with what was told or that nothing was."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import listed
from board import text
from cast import Cast
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.people.models import Agency, Entrustment, GrantedItem
from sanxiang.registers.before.categories import categories_of
from sanxiang.registers.before.told import told_by
from sanxiang.square.before.catalogue import UNTOLD, catalogue_of, subject_of

pytestmark = pytest.mark.django_db
LOCALITIES = ("laizhou", "dongying", "lingchuan", "kaiyuan", "huantai")
NINE = {
    "执法主体机构名称": "云溪县水务局",
    "机构性质": "行政机关",
    "经费来源": "财政全额拨款",
    "队伍编制状况": "行政编制 20 名",
    "主体类别": "法定行政机关",
    "执法职责和权限": "水资源、河道管理",
    "法定代表人": "周岚",
    "单位地址": "清江路 8 号",
    "投诉举报电话": "0000-0000002",
}


def bureau_of(cast: Cast, locality: str, **more: Any) -> Agency:
    """The bureau under another locality's scheme."""
    Agency.objects.filter(pk=cast.bureau.pk).update(locality=locality, n=cast.bureau.n + 1, **more)
    cast.bureau.refresh_from_db()
    return cast.bureau


def release(agency: Agency, kind: str, *rows: dict[str, str], day: date | None = None) -> None:
    listed.release(agency, kind, list(rows), day or timezone.localdate())


@pytest.mark.parametrize("locality", LOCALITIES)
def test_every_category_of_the_scheme_is_there_and_says_when_nothing_was_told(
    locality: str, cast: Cast, client: Client
) -> None:
    agency = bureau_of(
        cast, locality, **dict.fromkeys(("address", "complaint_phone", "review_body", "court"), "")
    )
    told = told_by([agency], timezone.localdate())[0]
    listed = next(
        (
            b.data["fields"]
            for b in load_pack(locality).blocks
            if b.kind == "list" and b.data["id"] == "ex-ante"
        ),
        None,
    )
    labels = [one.label for one in categories_of(told)]
    assert labels == list(listed or labels) and len(labels) == (
        8 if locality in ("kaiyuan", "dongying") else 9
    )
    assert ("监督方式" in labels) == (len(labels) == 9)
    told_of = {
        row["cells"][0]["text"]
        for row in catalogue_of(told)["rows"]
        if row["cells"][2]["badge"]["label"] != UNTOLD
    }
    vetted = locality in ("dongying", "lingchuan")
    assert told_of == (set() if vetted else {"人员"}), "certificates are there; two schemes have them vetted"
    page = text(client.get(f"/agencies/{agency.pk}/"))
    assert "事前公开" in page and page.count(UNTOLD) >= 5 and all(label in page for label in labels)


def test_the_list_of_subjects_has_nine_fields_and_each_is_asked_for(cast: Cast, client: Client) -> None:
    agency = bureau_of(cast, "dongying", address="", complaint_phone="")
    shown = text(client.get(f"/agencies/{agency.pk}/"))
    assert all(name in shown for name in NINE) and "还缺：经费来源、队伍编制状况" in shown
    for name in NINE:
        with pytest.raises(Refused, match=f"没有填写“{name}”"):
            release(agency, "subjects", {k: v for k, v in NINE.items() if k != name})
    release(agency, "subjects", NINE)
    shown = text(client.get(f"/agencies/{agency.pk}/"))
    assert all(value in shown for value in NINE.values())
    subject = catalogue_of(told_by([agency], timezone.localdate())[0])["rows"][0]["cells"]
    assert (subject[1]["text"], subject[2]["badge"]["label"]) == ("见基本信息", "已公开")


def test_what_is_told_is_led_to(cast: Cast, client: Client) -> None:
    more = {
        "review_body": "云溪县人民政府",
        "court": "云溪县人民法院",
        "complaint_phone": "0000-2",
        "address": "清江路",
    }
    agency = bureau_of(cast, "huantai", **more)
    item = {"事项名称": "采砂的处罚", "职责": "河道管理", "依据": "水法第三十九条"}
    release(agency, "items", item)
    spot = {
        "抽查主体": "水务局",
        "依据": "水法",
        "对象": "取水单位",
        "内容": "许可",
        "比例": "5%",
        "方式": "现场",
        "频次": "一年",
    }
    release(agency, "random-items", spot)
    administer("publish-flowchart", agency, None, {"act_type": "penalty"})
    page = client.get(f"/agencies/{agency.pk}/")
    rows = page.context["catalogue"]["rows"]
    assert {row["cells"][2]["badge"]["label"] for row in rows} == {"已公开"}, rows
    linked = [row["cells"][1]["href"] for row in rows if row["cells"][1]["href"].startswith("/")]
    assert len(linked) == 5
    for address in linked:
        assert client.get(address).status_code == 200
    assert "水法第三十九条" in text(client.get(f"/agencies/{agency.pk}/items/"))


def test_only_what_is_in_force_and_public_can_be_read(cast: Cast, client: Client) -> None:
    today = timezone.localdate()
    release(cast.bureau, "items", {"事项名称": "旧事项"}, day=today - timedelta(days=5))
    release(cast.bureau, "items", *({"事项名称": f"新事项{n}"} for n in range(120)), day=today)
    release(cast.bureau, "items", {"事项名称": "将来的事项"}, day=today + timedelta(days=5))
    here = f"/agencies/{cast.bureau.pk}"
    page = text(client.get(f"{here}/items/"))
    assert "新事项7" in page and "旧事项" not in page and "将来的事项" not in page and "第1版" in page
    assert "新事项119" in text(client.get(f"{here}/items/?page=2"))
    for address in ("chart-recording/", "nothing/", "random-items/", "items/?page=x"):
        assert client.get(f"{here}/{address}").status_code == 404, address


def test_entrusted_bodies_and_granted_items_are_named(cast: Cast, client: Client) -> None:
    period = {"valid_from": timezone.localdate() - timedelta(days=1)}
    Entrustment.objects.create(
        agency=cast.bureau, unit=cast.brigade, agreement_number="协议1号", items=["采砂"], **period
    )
    GrantedItem.objects.create(
        agency=cast.bureau, item_code="C-9", label="乱倒垃圾的处罚", basis="省政府决定", **period
    )
    page = text(client.get(f"/agencies/{cast.bureau.pk}/"))
    assert "协议1号" in page and "乱倒垃圾的处罚" in page and "赋权事项，1项" in page
    Entrustment.objects.update(valid_until=timezone.localdate() - timedelta(days=1), n=9)
    assert "协议1号" not in text(client.get(f"/agencies/{cast.bureau.pk}/"))


def test_a_scheme_that_is_no_longer_installed_leaves_the_national_list(cast: Cast, client: Client) -> None:
    agency = bureau_of(cast, "elsewhere")
    told = told_by([agency], timezone.localdate())[0]
    assert len(categories_of(told)) == 8 and subject_of(told)
    assert client.get(f"/agencies/{agency.pk}/").status_code == 200
