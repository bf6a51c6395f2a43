"""A list that is taken down leaves a notice: of one that applies no more its days stay readable, of one that was no public's nothing is."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from admitting import legal_office
from cast import Cast
from play import Clock, make_office
from sanxiang.demo.people import Office
from sanxiang.demo.registers import whole_way
from sanxiang.door.administer import administer
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db

REASON = "公布有误，正在核对"


def told(agency: Agency, kind: str, begins: date, *names: str, **more: str) -> None:
    """A version of a list."""
    rows = [
        {"事项编码": str(n), "事项名称": name, "依据": "《水法》第六十九条", **more}
        for n, name in enumerate(names, 1)
    ]
    administer("release-register", agency, None, {"kind": kind, "rows": rows, "in_force_from": begins})


def taken_down(cast: Cast, kind: str, ground: str) -> str:
    """At the desk, by the reviewer; the page that answers."""
    desk = Client()
    desk.force_login(cast.reviewer)
    said = {"kind": kind, "ground": ground, "reason": REASON, "nonce": uuid4().hex}
    answer = desk.post("/desk/admin/acts/withdraw-register/", said)
    return "" if answer.status_code == 302 else answer.content.decode()


def every_way(agency: Agency, kind: str, day: Any) -> list[tuple[str, int, str]]:
    """What every address says of a list, also as of an earlier day."""
    page, api = f"/agencies/{agency.pk}/{kind}/", f"/api/v1/public/agencies/{agency.pk}/registers/{kind}"
    asked = [page, api, f"{page}?on={day}", f"{api}?on={day}"]
    asked += [
        f"{page}changes/",
        f"{page}changes/?from=1&to=2",
        f"{api}/changes",
        f"{api}/changes?from=1&to=2",
    ]
    found = [(one, Client().get(one)) for one in asked]
    return [(one, answer.status_code, answer.content.decode()) for one, answer in found]


def two_versions(agency: Agency) -> Any:
    """Two versions of the list of items; the day between them."""
    today = timezone.localdate()
    told(agency, "items", today - timedelta(days=40), "苏禾青水事检查")
    told(agency, "items", today - timedelta(days=10), "苏禾青水事检查", "苏禾青取水检查")
    return today - timedelta(days=20)


def test_of_a_list_that_should_not_be_public_no_version_can_be_read(cast: Cast) -> None:
    """Page, earlier day, comparison and both API addresses say when and why, and nothing of what it said."""
    agency, today = cast.bureau, timezone.localdate()
    between = two_versions(agency)
    told(agency, "items", today + timedelta(days=30), "苏禾青来日事项")
    assert not taken_down(cast, "items", "closed")
    for address, status, text in every_way(agency, "items", between):
        assert status == 410, address
        assert REASON in text and f"{today.year}年" in text, address
        assert "苏禾青" not in text, address
    for address in ("/information/?class=basic", "/feed/basic-information.atom"):
        assert "行政执法事项清单" not in Client().get(address).content.decode(), address
    told(agency, "items", today, "水政检查")
    page = f"/agencies/{agency.pk}/items/"
    assert "水政检查" in Client().get(page).content.decode()
    for address, status, text in every_way(agency, "items", between):
        assert "苏禾青" not in text, address
        assert status == (410 if "?on=" in address else 200), address


def test_of_a_list_that_applies_no_more_its_days_stay_readable(cast: Cast) -> None:
    """Today there is the notice; the day before has its rows; later it can still be closed altogether."""
    agency = cast.bureau
    between = two_versions(agency)
    assert not taken_down(cast, "items", "ended")
    found = {address: (status, text) for address, status, text in every_way(agency, "items", between)}
    page, api = f"/agencies/{agency.pk}/items/", f"/api/v1/public/agencies/{agency.pk}/registers/items"
    for address in (page, api):
        status, text = found[address]
        assert status == 410 and REASON in text and "苏禾青" not in text
        status, text = found[f"{address}?on={between}"]
        assert status == 200 and "苏禾青水事检查" in text
    assert "删除" in found[f"{page}changes/"][1]
    assert "没有公布" in taken_down(cast, "items", "ended"), "there is nothing more to take down"
    assert not taken_down(cast, "items", "closed")
    assert all(
        status == 410 and "苏禾青" not in text for _, status, text in every_way(agency, "items", between)
    )
    assert "没有任何一版还对外公开" in taken_down(cast, "items", "closed")


def test_a_list_with_a_page_of_its_own_leaves_its_notice_there(cast: Cast) -> None:
    """Windows, guides and charts: what nobody took down says that there is none yet."""
    agency = cast.bureau
    assert Client().get(f"/agencies/{agency.pk}/window/").status_code == 200
    told(agency, "window", timezone.localdate(), "取水窗口", 窗口="一号窗口", 姓名="苏禾青")
    assert "苏禾青" in Client().get(f"/agencies/{agency.pk}/window/").content.decode()
    assert not taken_down(cast, "window", "closed")
    answer = Client().get(f"/agencies/{agency.pk}/window/")
    assert answer.status_code == 410 and REASON in answer.content.decode()
    assert "苏禾青" not in answer.content.decode()


def test_no_search_engine_keeps_who_stood_on_a_list_of_the_past(cast: Cast) -> None:
    """The version of today is found as any page; versions with names behind it are read and not indexed."""
    agency, today = cast.bureau, timezone.localdate()
    told(
        agency,
        "subjects",
        today - timedelta(days=40),
        "旧",
        执法主体机构名称="云溪县水务局",
        法定代表人="苏禾青",
    )
    told(
        agency,
        "subjects",
        today - timedelta(days=10),
        "新",
        执法主体机构名称="云溪县水务局",
        法定代表人="卫衡",
    )
    page = f"/agencies/{agency.pk}/subjects/"
    assert "X-Robots-Tag" not in Client().get(page).headers
    for past in (f"{page}?on={today - timedelta(days=20)}", f"{page}changes/"):
        answer = Client().get(past)
        assert "苏禾青" in answer.content.decode() and answer["X-Robots-Tag"] == "noindex", past


def test_the_government_tells_no_list_that_its_organ_took_down(clock: Clock) -> None:
    """What the legal office admitted goes with the organ's own list, at once; its page has the notice."""
    office: Office = make_office("dongying")
    agency, above = office.agency, legal_office(office)
    rows = [{"事项编码": "1", "事项名称": "采砂检查", "依据": "《水法》第六十九条"}]
    release = whole_way(office, "items", rows, timezone.now())
    if release.filing.filed_at is None:
        administer("file-register", agency, None, {"filing": str(release.filing.pk)})
    if release.filing.admitted_at is None:
        administer("admit-register", agency, above, {"filing": str(release.filing.pk)})
    page = f"/districts/{agency.parent_id}/items/"
    api = f"/api/v1/public/districts/{agency.parent_id}/registers/items"
    assert "采砂检查" in Client().get(page).content.decode()
    administer("withdraw-register", agency, None, {"kind": "items", "ground": "closed", "reason": REASON})
    shown = Client().get(page).content.decode()
    assert "采砂检查" not in shown and REASON in shown
    found = Client().get(api).json()
    assert (
        found["rows"] == []
        and found["organs"][0]["taken_down"] is True
        and found["organs"][0]["note"] == REASON
    )
