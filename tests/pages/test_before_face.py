"""The pages of what is told beforehand as they are seen, full and empty: every width, axe, the content policy."""

import pytest
from django.test import Client
from seen import THOROUGH, faults_seen

from board import publish, text
from cast import Cast
from sanxiang.door.administer import administer
from sanxiang.people.models import Certificate
from telling import ITEM, TOLD, release, tell_all, under

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
HALL = {
    "窗口": "3号窗口",
    "位置": "政务大厅一楼东侧",
    "姓名": "林青",
    "职务": "科员",
    "执法种类": "行政许可",
    "服务事项": "取水许可",
}


@pytest.fixture
def pages(cast: Cast) -> dict[str, str]:
    """Each address with its page, of an agency that told much and of one that told nothing."""
    agency = under(cast, "dongying", **TOLD)
    tell_all(agency)
    guide = {
        "事项名称": ITEM["事项名称"],
        "依据": "水法",
        "办理流程": "受理、审查、决定",
        "通俗说明": "带身份证到 3 号窗口。",
    }
    release(agency, "guide", guide)
    release(agency, "window", HALL, {"窗口": "4号窗口"})
    administer("publish-flowchart", agency, None, {"act_type": "inspection"})
    publish(agency)
    public, desk, here = Client(), Client(), f"/agencies/{agency.pk}"
    desk.force_login(cast.reviewer)
    key = text(public.get(f"{here}/guide/")).split(f"{here}/guide/")[1].split('"')[0].rstrip("/")
    card = Certificate.objects.get(number="99010001").pk
    faces = [f"{here}/window/?form={form}" for form in ("board", "badge", "screen")]
    told = [
        f"{here}/",
        f"{here}/flowchart/",
        f"{here}/guide/",
        f"{here}/guide/{key}/",
        f"{here}/window/",
        *faces,
    ]
    empty = [f"/agencies/{cast.other.pk}/{kind}/" for kind in ("flowchart", "guide", "window")]
    wide = ["/information/", "/before/", "/officers/", f"/verify/certificate/{card}/"]
    found = {address: text(public.get(address)) for address in (*told, *empty, *wide)}
    inside = {address: text(desk.get(address)) for address in ("/desk/before/", "/desk/before/cards/")}
    return found | inside


@THOROUGH
def test_every_page_fits_keeps_the_policy_and_satisfies_axe(pages: dict[str, str], thorough: bool) -> None:
    assert faults_seen(pages, thorough=thorough) == []
