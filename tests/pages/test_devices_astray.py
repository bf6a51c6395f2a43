"""A recording whose device was not with its officers then is told: on the case, the device, the page of coverage; and counted."""

import re
from datetime import timedelta
from typing import Any

import pytest

from footage import film, text_of
from play import STORIES, Clock, Play, make_office
from rows import row
from sanxiang.cases.models import Case
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.recording.footage import astray
from sanxiang.people.models import Person

pytestmark = pytest.mark.django_db

RULES = {
    "laizhou": ("音像设备管理办法", ("使用管理", "监督规则")),
    "dongying": ("音像记录装备管理办法", ("配备", "使用", "管理")),
    "lingchuan": ("音像记录设备管理办法", ("使用", "管理", "监督")),
}


def kept(play: Play, act: str, hours: float = 0, **told: Any) -> None:
    """What the keeper registers, so many hours before the case's time."""
    moment = play.moment - timedelta(hours=hours)
    administer(act, play.office.agency, play.person("legal-reviewer"), told, now=moment)


def begun(locality: str, clock: Clock) -> Play:
    """A case about to be inspected at eleven; two devices on the books, one with its first officer since nine."""
    play = Play(make_office(locality), *STORIES["summary"], clock)
    play.until("inspect")
    play.at(play.moment.replace(hour=11, minute=0))
    for serial in ("D1", "D2", "D3"):
        custodian = {} if serial == "D3" else {"custodian": "保管员"}
        kept(play, "register-device", 48, serial=serial, kind="body-camera", **custodian)
    kept(play, "hand-out-device", 2, device="D1", holder=play.person("officer1").name)
    return play


def inspected(play: Play, *devices: str) -> None:
    """The inspection, filmed at ten with each of these."""
    day = play.moment.date().isoformat()
    span = {"means": "video", "began": f"{day}T10:00", "ended": f"{day}T10:30"}
    files = [film(f"{play.case_id}-{device}.mp4") for device in devices]
    clips = [{**span, "device": device} for device in devices]
    play.step(no_recording=None, photos=files, clips=clips)


@pytest.mark.parametrize("locality", [row("LZ-051"), row("DY-048"), row("LC-036")])
def test_a_device_not_handed_out_to_the_officer_is_told_everywhere(locality: str, clock: Clock) -> None:
    """D1 was with the officer; D2 lay in its cupboard, D3 has no custodian either, D9 is on no book."""
    play = begun(locality, clock)
    officer, keeper = play.person("officer1"), play.person("legal-reviewer")
    inspected(play, "D1", "D2", "D9")
    kept(play, "return-device", device="D1", condition="sound")
    case = text_of(officer, f"/desk/cases/{play.case_id}/")
    for serial, why in (("D2", "当时没有领用登记"), ("D9", "设备册里没有这个编号")):
        assert re.search(rf"设备 {serial} 于.{{10,24}}拍摄，{why}", case)
    assert "设备 D1 " not in case
    coverage = text_of(officer, f"/desk/coverage/?year={play.moment.year}")
    assert re.search(r"设备与领用登记不符的音像 共 2 条", coverage) and officer.name in coverage
    here = f"/desk/devices/{play.office.agency.pk}"
    assert "当时没有领用登记" in text_of(keeper, f"{here}/D2/")
    whole = text_of(keeper, "/desk/devices/")
    assert "没有指定保管人的设备：D3" in whole and whole.count("没有保管人") == 1
    log = text_of(keeper, f"{here}/D1/")
    assert log.index("登记设备交回") < log.index("登记设备领用") and "设备不符" not in log
    label, chapters = RULES[locality]
    assert f"要求制定《{label}》，还没有施行" in whole and label in log
    told = {"kind": "rule-av-device", "title": f"演示{label}", "owner": "法制机构", "basis": "本地方案"}
    rows = [{"章节": name, "内容": f"{name}的规定"} for name in chapters]
    begins = play.moment.date()
    administer("release-rule", play.office.agency, keeper, {**told, "in_force_from": begins, "rows": rows})
    assert f"依照 《演示{label}》" in text_of(keeper, f"{here}/D1/")


def test_whose_it_was_is_judged_by_the_hour(clock: Clock) -> None:
    """With the second officer, who enforces too: fine. With somebody else, or after it came back: told, with whose it was."""
    play = begun("laizhou", clock)
    kept(play, "hand-out-device", 2, device="D2", holder=play.person("officer2").name)
    kept(play, "hand-out-device", 3, device="D3", holder=play.person("officer1").name)
    kept(play, "return-device", 1.5, device="D3", condition="sound")
    with play.branch():
        inspected(play, "D1", "D2", "D3")
        found = astray(Case.objects.filter(pk=play.case_id))
        assert [(one.device, one.why) for one in found] == [("D3", "当时没有领用登记")]
    third = stranger(play.office)
    kept(play, "return-device", 1.9, device="D2", condition="sound")
    kept(play, "hand-out-device", 1.8, device="D2", holder=third.username)
    inspected(play, "D2")
    assert [one.why for one in astray(Case.objects.all())] == [f"当时由{third.name}领用"]


def stranger(office: Office) -> Person:
    """An officer of the agency who has nothing to do with the case."""
    told = {"username": "thirdman", "name": "第三人", "password_hash": "!"}
    person: Person = administer("add-person", office.agency, None, told)
    since = {"valid_from": "2025-01-02", "role": "officer", "person": person}
    administer("grant-post", office.agency, None, since)
    return person


def test_evidence_that_names_a_device_is_asked_too(clock: Clock) -> None:
    """Film that no step owes, brought as evidence: what it says of its device stands in the act and is held against the register."""
    play = Play(make_office("dongying"), *STORIES["hearing"], clock)
    play.until("interview")
    kept(play, "register-device", 48, serial="D2", kind="camcorder", custodian="保管员")
    day = play.moment.date().isoformat()
    clip = {
        "means": "video",
        "began": f"{day}T09:00",
        "ended": f"{day}T09:10",
        "device": "D2",
        "place": "取水口",
    }
    officers = [str(play.person(who).pk) for who in ("officer1", "officer2")]
    told = {
        "officers": officers,
        "kind": "audiovisual",
        "title": "现场录像",
        "proves": "现场状况",
        "source_of": "拍摄",
    }
    play.do("add-evidence", "officer1", **told, files=[film()], clips=[clip])
    assert "设备 D2 于" in text_of(play.person("officer1"), f"/desk/cases/{play.case_id}/")
    assert "没有写明机构" in text_of(play.person("officer1"), "/desk/devices/")


@pytest.mark.carries("DY-048", locality="dongying")
def test_the_gap_of_each_unit_is_its_target_less_its_stock(clock: Clock) -> None:
    office = make_office("dongying")
    unit = office.brigade.name
    told = {"officers_per_device": "1", "basis": "区里的标准"}
    administer("set-device-target", office.agency, office.people["agency-head"], told)
    device = {"serial": "U1", "kind": "body-camera", "custodian": "保管员", "unit": unit}
    administer("register-device", office.agency, office.people["legal-reviewer"], device)
    found = re.search(
        rf"{unit} (\d+) (\d+) (\d+) (\d+)", text_of(office.people["officer1"], "/desk/devices/")
    )
    officers, stock, wanted, gap = map(int, found.groups() if found else ())
    assert (stock, wanted, gap) == (1, officers, officers - 1) and gap > 0
