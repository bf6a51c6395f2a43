"""试点任务: every organ that is registered under a pilot scheme begins with its tasks; nine fields of its subject are asked for."""

import pytest
from django.test import Client

from board import text
from cast import Cast
from sanxiang.door.administer import administer
from sanxiang.ledger.models import Opening
from sanxiang.people.models import Agency
from telling import SUBJECT, TOLD, refused_outside, release, under

pytestmark = pytest.mark.django_db


def registered(cast: Cast, locality: str, name: str) -> Agency:
    """A new organ below the government."""
    told = {"name": name, "kind": "department", "region": "990001", "locality": locality}
    organ: Agency = administer("register-agency", cast.government, None, told)
    return organ


WHOSE = 'title = "其他部门五类行为依托行政执法网办理"\nunits = ["全县行政执法主体"]'


@pytest.mark.carries(
    "HT-003", locality="huantai", change=(WHOSE, WHOSE.replace("全县行政执法主体", "县公安局"))
)
def test_a_new_organ_begins_with_all_pilot_tasks(cast: Cast) -> None:
    organ = registered(cast, "huantai", "云溪县农业农村局")
    (kept,) = Opening.objects.filter(act__subject=organ.pk, name="pilot_tasks").values_list(
        "value", flat=True
    )
    assert {"HT-M03", "HT-M04", "HT-M05", "HT-M06", "HT-M07", "HT-M09", "HT-M10", "HT-M11"} <= {*kept}
    assert not {"HT-M01", "HT-M02", "HT-M08"} & {*kept}, "what the scheme sets others"
    desk = Client()
    desk.force_login(cast.supervisor)
    page = text(desk.get("/desk/before/tasks/"))
    mine = [row for row in page.split("<tr") if "云溪县农业农村局" in row]
    assert len(mine) == len(kept) and all("登记机关时已建" in row for row in mine)
    assert "编制并公开执法流程和服务指南" in page and "2017年10月31日" in page
    other = registered(cast, "kaiyuan", "云溪县水利站")
    assert not Opening.objects.filter(act__subject=other.pk, name="pilot_tasks").exists()


@pytest.mark.carries("DY-015", locality="dongying")
def test_nine_fields_of_a_subject_are_asked_for_and_shown(cast: Cast) -> None:
    agency = under(cast, "dongying", **TOLD)
    without = {k: v for k, v in SUBJECT.items() if k != "经费来源"}
    refused_outside(agency, "subjects", without, "没有填写“经费来源”")
    entrusting = SUBJECT | {"受委托组织基本信息": "云溪县河道管理所"}
    refused_outside(agency, "subjects", entrusting, "没有填写“委托执法协议”")
    release(agency, "subjects", SUBJECT)
    page = text(Client().get(f"/agencies/{agency.pk}/"))
    assert len(SUBJECT) == 9
    for label, value in SUBJECT.items():
        assert f">{label}<" in page and value in page, label
