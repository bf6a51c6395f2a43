"""采集站导入: a folder of a docking station comes in file by file; each recording is proposed for its step and confirmed on one page."""

import html
import re
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from altered import Alter, said
from films import make_film
from footage import plain
from knocks import signed_in
from logged import command
from page_form import form_at, send
from play import STORIES, Clock, Play, make_office
from sanxiang.cases import store
from sanxiang.cases.models import Evidence
from sanxiang.cases.recording import films
from sanxiang.desk.recording.docking import put
from sanxiang.door.administer import administer
from sanxiang.door.models import Refusal
from sanxiang.door.recording.docking import waiting_in
from sanxiang.law.guards import Refused
from sanxiang.law.recording.book import standing
from sanxiang.law.recording.naming import faulty, named
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.models import Person, Post

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, 30)


@pytest.mark.parametrize(("name", "device", "officer"), [
    ("DSJ01_370683_20260302093000.mp4", "DSJ01", "370683"), ("AB-12@20260302093000_0001.mp4", "AB-12", ""),
    ("D1_20260302_093000.mp4", "D1", ""), ("2026-03-02_09-30-00.avi", "", ""), ("VID_20260302_093000.mp4", "VID", ""),
    ("20260302093000.mp3", "", ""), ("天/D1_20260302093000.mp4", "D1", ""),
], ids=str)  # fmt: skip
def test_names_as_devices_write_them(name: str, device: str, officer: str) -> None:
    told = named(name)
    assert told and (told.device, told.officer, told.began) == (device, officer, AT)


def test_a_pattern_of_ones_own_comes_first_and_a_broken_one_is_told() -> None:
    assert named("现场一.mp4") is None and named("D1_20261302093000.mp4") is None
    own = r"(?P<officer>\d+)-(?P<device>[A-Z]\d)-(?P<began>\d{14})"
    told = named("77-D1-20260302093000.mp4", [own])
    assert told and (told.device, told.officer) == ("D1", "77")
    assert faulty([own, "(", r"\d+"]) == ["(", r"\d+"]


def inspected(clock: Clock) -> Play:
    """A case inspected without a film; device D1, whose clock is 60 seconds ahead, was with its first officer."""
    play = Play(make_office("laizhou"), *STORIES["summary"], clock)
    play.until("inspect")
    play.at(play.moment.replace(hour=11, minute=0))
    keeper = play.person("legal-reviewer")

    def keep(act: str, hours: int, **told: Any) -> None:
        administer(act, play.office.agency, keeper, told, now=play.moment - timedelta(hours=hours))

    for serial in ("D1", "D2"):
        keep("register-device", 30, serial=serial, kind="body-camera", custodian="保管员")
    keep("check-device", 29, device="D1", result="sound", offset="60")
    keep("hand-out-device", 3, device="D1", holder=play.person("officer1").name)
    day = play.moment.date().isoformat()
    play.step(
        no_recording="采集站稍后导入",
        photos=None,
        began=f"{day}T10:00",
        ended=f"{day}T10:30",
    )
    return play


def folder_of(play: Play, tmp_path: Path) -> Path:
    """What the station has: a film of the inspection, one of another day, a bad name, no film at all, a program."""
    day = play.moment.strftime("%Y%m%d")
    before = (play.moment - timedelta(days=9)).strftime("%Y%m%d")
    files = {
        f"D1/D1_{day}100100.mp4": make_film(12),
        f"D2/D2_{before}100100.mp4": make_film(5),
        "没有时间.mp4": make_film(3),
        "清单.txt": b"nothing",
        f"D1_{day}110000.mp4": b"MZ\x90\x00" + bytes(200),
    }
    for name, data in files.items():
        path = tmp_path / "station" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "station"


def test_a_folder_comes_in_once_is_proposed_and_confirmed(clock: Clock, tmp_path: Path) -> None:
    """Three of five are turned away with the reason; a second run adds nothing; the film of the inspection is proposed for it with the
    clock put right, and confirmed on the page it settles the step; the other is put aside with a reason."""
    play = inspected(clock)
    agency, officer = play.office.agency, play.person("officer1")
    (settings.DATA / "secret.key").touch()
    words = ("dock", str(folder_of(play, tmp_path)), "--agency", agency.name, "--as", officer.username)
    code, told = command(*words)
    assert code == 1 and len(told["taken"]) == 2 and told["known"] == []
    why = dict(told["rejected"])
    assert "不是录音、录像" in why["清单.txt"] and "读不出拍摄时间" in why["没有时间.mp4"] and len(why) == 3
    acts = Act.objects.count()
    code, again = command(*words)
    assert again["taken"] == [] and len(again["known"]) == 2 and Act.objects.count() == acts
    while films.read_next():
        pass
    other, mine = waiting_in([agency.pk])
    assert mine.holder == officer.name and (mine.began - mine.real) == timedelta(seconds=60)
    desk = signed_in(officer)
    page = html.unescape(desk.get("/desk/docked/").content.decode())
    chosen = re.search(rf'name="step-{mine.kept["digest"]}">.*?<option value="([^"]+)" selected', page, re.S)
    assert chosen and "已按偏差校正" in plain(page) and "当天没有还缺音像记录的步骤" in plain(page)
    assert desk.post("/desk/docked/", {f"step-{mine.kept['digest']}": chosen[1]}).status_code == 302
    row = next(one for one in play.case.state["recordings"] if one["act"] == "inspect")
    (clip,) = row["clips"]
    assert standing(row).kind == "recorded"
    assert (clip["device"], clip["means"], clip["began"][11:]) == ("D1", "video", "10:00")
    assert Evidence.objects.filter(case=play.case_id, digest=mine.kept["digest"]).exists()
    form = form_at(desk, f"/desk/admin/acts/dismiss-docked/?agency={agency.pk}&digest={other.kept['digest']}")
    form.put("reason", "试机时拍摄")
    assert send(desk, form)["Location"] == "/desk/docked/" and waiting_in([agency.pk]) == []


def test_a_link_in_the_folder_brings_nothing_in(clock: Clock, tmp_path: Path) -> None:
    """A link with a good name that points at a recording elsewhere is turned away with its reason; a linked folder is not entered."""
    play = inspected(clock)
    agency, officer = play.office.agency, play.person("officer1")
    (settings.DATA / "secret.key").touch()
    station, elsewhere = tmp_path / "station", tmp_path / "elsewhere"
    station.mkdir()
    elsewhere.mkdir()
    day = play.moment.strftime("%Y%m%d")
    (elsewhere / f"D1_{day}100200.mp4").write_bytes(make_film(6))
    (station / f"D1_{day}100100.mp4").symlink_to(elsewhere / f"D1_{day}100200.mp4")
    (station / "folder").symlink_to(elsewhere, target_is_directory=True)
    words = ("dock", str(station), "--agency", agency.name, "--as", officer.username)
    code, told = command(*words)
    assert code == 1 and told["taken"] == [] and waiting_in([agency.pk]) == []
    assert [name for name, why in told["rejected"] if "链接" in why] == [f"D1_{day}100100.mp4"]
    (station / f"D1_{day}100100.mp4").unlink()
    (station / f"D1_{day}100100.mp4").write_bytes(make_film(6))
    assert command(*words)[1]["taken"] == [f"D1_{day}100100.mp4"]


def test_files_sent_from_the_page_and_one_that_no_step_takes(clock: Clock) -> None:
    """A bad file beside a good one; a step that is none is refused for that file alone and the page says so."""
    play = inspected(clock)
    desk = signed_in(play.person("officer1"))
    day = play.moment.strftime("%Y%m%d")
    files = [
        SimpleUploadedFile(f"{day}_100000.mp4", make_film(4), "video/mp4"),
        SimpleUploadedFile("备注.txt", b"x", "text/plain"),
    ]
    answer = desk.post("/desk/docked/", {"files": files, "device": "D1"})
    assert answer.status_code == 422 and "“备注.txt”没有收" in plain(answer.content.decode())
    (one,) = waiting_in([play.office.agency.pk])
    assert one.device == "D1" and one.seconds is None
    wrong = desk.post("/desk/docked/", {f"step-{one.kept['digest']}": f"{play.case_id}:1"})
    assert wrong.status_code == 422 and "不是应当作音像记录而没有记录的步骤" in plain(wrong.content.decode())
    assert len(waiting_in([play.office.agency.pk])) == 1
    elsewhere = signed_in(make_office("huantai").people["officer1"]).get("/desk/docked/")
    assert "没有待确认的音像" in plain(elsewhere.content.decode())


def window_post(play: Play) -> Person:
    """Somebody who sits at the agency's window and nowhere else."""
    clerk = Person.objects.create(username="window-one", name="窗明")
    Post.objects.create(
        person=clerk, agency=play.office.agency, role=roles.WINDOW_CLERK, valid_from="2025-01-01"
    )
    return clerk


def test_who_may_not_dock_is_refused_before_a_byte_is_kept(clock: Clock) -> None:
    """A window clerk: the refusal is kept, the film is not. Who is clerk here and officer there brings it in there."""
    play = inspected(clock)
    clerk, film = window_post(play), make_film(7)
    digest = sha256(film).hexdigest()
    name = f"{play.moment:%Y%m%d}_100000.mp4"
    desk = signed_in(clerk)
    assert 'name="files"' not in desk.get("/desk/docked/").content.decode()
    answer = desk.post("/desk/docked/", {"files": [SimpleUploadedFile(name, film, "video/mp4")]})
    assert answer.status_code == 422 and "没有这一岗位" in plain(answer.content.decode())
    assert not store.evidence().exists(digest) and waiting_in([play.office.agency.pk]) == []
    assert Refusal.objects.filter(act="dock-recordings", by=clerk.pk).count() == 1
    other = make_office("huantai").agency
    Post.objects.create(person=clerk, agency=other, role=roles.OFFICER, valid_from="2025-01-01")
    answer = desk.post("/desk/docked/", {"files": [SimpleUploadedFile(name, film, "video/mp4")]})
    assert answer.status_code == 302, plain(answer.content.decode())
    assert len(waiting_in([other.pk])) == 1 and waiting_in([play.office.agency.pk]) == []


def test_one_recording_goes_into_one_case_whoever_confirms_it(clock: Clock) -> None:
    """Two officers have the page open; the second is told that it is in a case already."""
    play = inspected(clock)
    desk = signed_in(play.person("officer1"))
    name = f"{play.moment:%Y%m%d}_100000.mp4"
    assert (
        desk.post(
            "/desk/docked/", {"files": [SimpleUploadedFile(name, make_film(4), "video/mp4")]}
        ).status_code
        == 302
    )
    (one,) = waiting_in([play.office.agency.pk])
    second = Play(play.office, *STORIES["summary"], clock)
    second.until("inspect")
    second.step(no_recording="采集站稍后导入", photos=None)
    refused = Refusal.objects.count()
    said = [put(each.person("officer1"), one, each.case_id, step_of(each)) for each in (play, second)]
    assert said[0] == "" and "已经补入" in said[1]
    assert [row.case_id for row in Evidence.objects.filter(digest=one.kept["digest"])] == [play.case_id]
    assert Refusal.objects.count() == refused


def step_of(play: Play) -> str:
    """The inspection, which wants its recording."""
    return str(next(row["n"] for row in play.case.state["recordings"] if row["act"] == "inspect"))


def test_nobody_names_a_file_by_its_digest_alone(clock: Clock) -> None:
    play = inspected(clock)
    row = {"digest": "0" * 64, "device": "D1", "began": "2026-03-02T09:30", "receipt": "forged"}
    with pytest.raises(Refused, match="没有本人上传的收据"):
        administer(
            "dock-recordings", play.office.agency, play.person("officer1"), {"source": "站", "rows": [row]}
        )


def test_the_locality_says_how_its_station_names_files(alter: Alter, clock: Clock) -> None:
    alter("laizhou", said("av.file_names", "['现场(?P<began>\\d{14})']"))
    play = inspected(clock)
    file = SimpleUploadedFile(f"现场{play.moment:%Y%m%d}100000.mp4", make_film(4), "video/mp4")
    assert signed_in(play.person("officer1")).post("/desk/docked/", {"files": [file]}).status_code == 302
    assert len(waiting_in([play.office.agency.pk])) == 1
