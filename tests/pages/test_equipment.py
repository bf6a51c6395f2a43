"""音像记录设备: the register of devices, who had which and when, and how many are lacking by the set ratio."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from knocks import signed_in
from page_form import form_at, send, words
from play import make_office
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.recording.equipment import devices_in, held_by, shortage
from sanxiang.law.guards import Refused
from sanxiang.people import roles
from sanxiang.people.models import Post

pytestmark = pytest.mark.django_db


def keep(office: Office, act: str, **told: Any) -> None:
    """What the keeper of the devices registers."""
    administer(act, office.agency, office.people["legal-reviewer"], told)


def bought(office: Office, *serials: str, **told: Any) -> None:
    """Devices come on the books."""
    for serial in serials:
        keep(
            office, "register-device", serial=serial, **{"kind": "body-camera", "custodian": "保管员", **told}
        )


def page_of(office: Office, address: str = "/desk/devices/") -> str:
    """What the page says."""
    answer = signed_in(office.people["legal-reviewer"]).get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


RATIO = [
    pytest.param(locality, marks=pytest.mark.carries(row, locality=locality), id=locality)
    for locality, row in (("laizhou", "LZ-050"), ("huantai", "HT-053"))
]


@pytest.mark.parametrize("locality", RATIO)
def test_the_gap_is_the_ratio_held_against_officers_and_sound_devices(locality: str) -> None:
    """Nobody set a ratio: said so. One for two officers, three sound devices: the shortage is what is left of the half."""
    office = make_office(locality)
    on = timezone.localdate()
    assert shortage(office.agency, on).gap is None and "方案未定" in page_of(office)
    bought(office, "A1", "A2", "A3", "A4")
    keep(office, "check-device", device="A4", result="faulty")
    administer(
        "set-device-target",
        office.agency,
        office.people["agency-head"],
        {"officers_per_device": "2", "basis": "省厅配备标准"},
    )
    own = Post.objects.filter(agency=office.agency, role=roles.OFFICER)
    while own.values("person").distinct().count() < 10:
        number = own.count()
        told = {"username": f"extra{locality}{number}", "name": f"增员{number}", "password_hash": "!"}
        person = administer("add-person", office.agency, None, told)
        since = on - timedelta(days=1)
        administer(
            "grant-post", office.agency, None, {"person": person, "role": roles.OFFICER, "valid_from": since}
        )
    held = shortage(office.agency, on)
    assert (held.officers, held.stock, held.wanted, held.gap) == (10, 3, 5, 2)
    page = page_of(office)
    assert "1:2" in page and "省厅配备标准" in page and "<dt>缺少</dt><dd><b>2</b>" in page


@pytest.mark.carries("KY-036", locality="kaiyuan", change=('"录音机"', '"采访机"'))
def test_the_list_is_narrowed_by_the_five_kinds_of_the_scheme() -> None:
    office = make_office("kaiyuan")
    kinds = {
        "camera": "照相机",
        "recorder": "录音机",
        "camcorder": "摄像机",
        "body-camera": "执法记录仪",
        "cctv": "视频监控",
    }
    for number, kind in enumerate(kinds):
        bought(office, f"K{number}", kind=kind)
    whole = page_of(office)
    for number, (kind, label) in enumerate(kinds.items()):
        narrowed = page_of(office, f"/desk/devices/?kind={kind}")
        assert f'href="?kind={kind}"' in whole and f">{label}</a>" in whole
        assert f">K{number}</a>" in narrowed and narrowed.count("/desk/devices/" + str(office.agency.pk)) == 1


def test_a_device_goes_out_to_one_officer_at_a_time_and_only_when_sound() -> None:
    """Refused: a second time out, to nobody of ours, faulty, back without being out, a serial twice. The log has who had it when."""
    office = make_office("dongying")
    bought(office, "B1")
    officer, other = office.people["officer1"].name, office.people["officer2"].name
    for act, told, says in (
        ("register-device", {"serial": "B1", "kind": "camera"}, "已经登记过"),
        ("hand-out-device", {"device": "B9", "holder": officer}, "没有编号为“B9”的在用设备"),
        ("hand-out-device", {"device": "B1", "holder": "外人"}, "不是本机关在岗的执法人员"),
        ("return-device", {"device": "B1", "condition": "sound"}, "没有领出"),
    ):
        with pytest.raises(Refused, match=says):
            keep(office, act, **told)
    keep(office, "hand-out-device", device="B1", holder=officer)
    with pytest.raises(Refused, match="还没有交回"):
        keep(office, "hand-out-device", device="B1", holder=other)
    assert held_by(devices_in([office.agency.pk]), "B1", timezone.localtime()) == officer
    keep(office, "return-device", device="B1", condition="faulty", note="镜头进水")
    with pytest.raises(Refused, match="有故障"):
        keep(office, "hand-out-device", device="B1", holder=officer)
    keep(office, "check-device", device="B1", result="sound", offset="-7")
    one = devices_in([office.agency.pk])[0]
    assert (one.state, one.offset, one.holder, len(one.log)) == ("sound", -7, "", 4)
    assert (
        held_by([one], "B1", timezone.localtime()) == ""
        and held_by([one], "B2", timezone.localtime()) is None
    )
    page = page_of(office, f"/desk/devices/{office.agency.pk}/B1/")
    assert (
        page.index("登记设备检查") < page.index("登记设备交回") < page.index("登记设备领用")
        and "镜头进水" in page
    )
    assert "时钟慢 7 秒" in page_of(office)


def test_the_form_tells_what_is_wrong_and_keeps_what_was_typed() -> None:
    office = make_office("lingchuan")
    desk = signed_in(office.people["legal-reviewer"])
    assert "还没有登记设备" in page_of(office)
    form = form_at(desk, f"/desk/admin/acts/register-device/?agency={office.agency.pk}")
    form.put("kind", "执法记录仪")
    form.put("model", "高清一号")
    refused = send(desk, form)
    assert refused.status_code == 422 and "高清一号" in refused.content.decode()
    form.put("serial", "C1")
    done = send(desk, form)
    assert done.status_code == 302, words(done)
    assert "没有指定保管人" in page_of(office, f"/desk/devices/{office.agency.pk}/C1/")
    assert desk.get(f"/desk/devices/{office.agency.pk}/C2/").status_code == 404
