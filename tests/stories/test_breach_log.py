"""记录纪律: each officer's breaches, one page and one table, each leading to its case, with what was said to it."""

import base64
import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from altered import Alter, said
from api_client import Api
from footage import VIDEO, film, text_of
from knocks import signed_in
from page_form import form_at, send, words
from play import STORIES, Clock, Play, make_office
from sanxiang.door.administer import administer
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of
from sanxiang.ledger.access_row import Access

pytestmark = pytest.mark.django_db
YEAR = "/desk/discipline/?year=2026"


def play_of(clock: Clock, until: str, story: str = "hearing", locality: str = "dongying") -> Play:
    play = Play(make_office(locality), *STORIES[story], clock)
    play.until(until)
    return play


def table(play: Play, who: str) -> list[dict[str, str]]:
    """The lines that somebody takes away."""
    answer = signed_in(play.person(who)).get("/desk/discipline/discipline.csv?year=2026")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def listed(play: Play, label: str) -> None:
    """The agency's own list has this activity recorded from today on."""
    pack = load_pack(play.office.agency.locality)
    columns = {name: "无" for name, wanted in columns_of(pack, "av-items") if wanted}
    first = next(iter(name for name, _ in columns_of(pack, "av-items") if "环节" in name or "事项" in name))
    rows = [{**columns, first: label, "记录方式": "录像"}]
    told = {"kind": "av-items", "in_force_from": play.moment.date(), "rows": rows}
    administer("release-register", play.office.agency, None, told, now=play.moment)


@pytest.mark.carries("DY-049", locality="dongying")
def test_a_breach_stands_under_its_officer_with_its_case_and_explanation(clock: Clock) -> None:
    """What the list demands and nobody recorded is one line under the officer; an attempt to delete is another. The officer says
    why; a colleague has no such line and cannot; both lines lead to the case, on the page and in the table."""
    play = play_of(clock, "inspect")
    listed(play, play.pack.acts["inspect"].label)
    assert table(play, "agency-head") == []
    play.step(photos=None, clips=None, no_recording="执法记录仪没有电")
    officer = play.person("officer1")
    signed_in(officer).delete(f"/desk/cases/{play.case_id}/")
    lines = table(play, "agency-head")
    assert {(one["情形"], one["人员"]) for one in lines} == {
        ("应当音像记录而没有", officer.name),
        ("企图删除、替换", officer.name),
    }
    assert {one["案件"] for one in lines} == {play.case.number or play.case.title}
    assert Access.objects.filter(kind="discipline").count() == 2
    page = text_of(play.person("agency-head"), YEAR)
    assert re.search(rf"按人员.*{officer.name} 0 1 0 0 1 0 0 2 ", page) and "执法记录仪没有电" in page
    desk = signed_in(officer)
    href = re.search(
        r'href="(/desk/admin/acts/explain-breach/[^"]+no-recording[^"]+)"', desk.get(YEAR).content.decode()
    )
    assert href
    address = href[1].replace("&amp;", "&")
    form, another, namesake = (form_at(desk, address) for _ in range(3))
    form.put("explanation", "出发前没有检查电量，已改为前一日充电")
    done = send(desk, form)
    assert done.status_code == 302 and done["Location"] == "/desk/discipline/", words(done)
    told = {one["情形"]: one["说明"] for one in table(play, "officer1")}
    assert told["应当音像记录而没有"].startswith("出发前") and told["企图删除、替换"] == ""
    assert table(play, "legal-reviewer") == []
    other = signed_in(play.person("officer2"))
    assert "<form" not in other.get(address).content.decode().partition("<main")[2], "nothing to explain"
    another.put("explanation", "代为说明")
    refused = send(other, another)
    assert refused.status_code == 422 and "不是本人" in words(refused)
    named = {"person": play.person("officer2"), "name": officer.name}
    administer("change-person", play.office.agency, None, named)
    namesake.put("explanation", "同名的人代为说明")
    refused = send(signed_in(play.person("officer2")), namesake)
    assert refused.status_code == 422 and "不是本人" in words(refused), "a namesake is somebody else"


def test_a_hole_in_what_must_be_whole_and_a_device_of_nobody_are_breaches_too(clock: Clock) -> None:
    play = play_of(clock, "inspect", "summary", "laizhou")
    play.do("state-interests", "officer1", interests=["life-health"], reason="涉及饮水安全")
    day = play.moment.date().isoformat()
    told = {"began": f"{day}T08:00", "ended": f"{day}T09:00"}
    clip = {"means": "video", "began": f"{day}T08:00", "ended": f"{day}T08:30", "device": "没有的"}
    play.step(no_recording="电量耗尽", photos=[film()], clips=[clip], **told)
    found = {one["情形"]: one for one in table(play, "officer1")}
    assert set(found) == {"全程记录有缺口", "设备没有领用"}
    assert "没有的" in found["设备没有领用"]["内容"] and found["全程记录有缺口"]["依据"]


def metadata(**values: str) -> str:
    """Upload-Metadata."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def bring(officer: Api, data: bytes) -> dict[str, Any]:
    """A film in three pieces over a line that breaks in the second: what counts is what the server says it has."""
    headers = {"Tus-Resumable": "1.0.0"}
    meta = metadata(filename="现场录像.mp4", filetype="video/mp4", sha256=hashlib.sha256(data).hexdigest())
    begun = officer.ask(
        "POST", "/uploads", headers={**headers, "Upload-Length": str(len(data)), "Upload-Metadata": meta}
    )
    at = begun["Location"].removeprefix("/api/v1")
    kind = {"content_type": "application/offset+octet-stream"}
    officer.ask("PATCH", at, data=data[:1000], headers={**headers, "Upload-Offset": "0"}, **kind)
    astray = officer.ask("PATCH", at, data=data[1500:], headers={**headers, "Upload-Offset": "1500"}, **kind)
    assert astray.status_code == 409
    offset = int(officer.ask("HEAD", at, headers=headers)["Upload-Offset"])
    assert offset == 1000
    officer.ask("PATCH", at, data=data[offset:], headers={**headers, "Upload-Offset": str(offset)}, **kind)
    told: dict[str, Any] = json.loads(officer.ask("GET", at).content)
    assert told["digest"] == hashlib.sha256(data).hexdigest()
    return told


@pytest.mark.carries("DY-051", locality="dongying")
def test_a_film_whose_recording_ended_days_ago_is_flagged_late(clock: Clock, alter: Alter) -> None:
    """The scheme leaves the days open: said so, nothing is late. The operator sets one: what ended four days ago is late and says by
    how much, on the case too; what ended today is not. Both came over a broken line and have the right digest."""
    office = make_office("dongying")
    assert "没有写天数" in text_of(office.people["agency-head"], YEAR)
    alter("dongying", said("av.archive_limit", "1"))
    play = Play(office, *STORIES["hearing"], clock)
    play.until("interview")
    play.at(play.moment + timedelta(days=6))
    officer = play.person("officer1")
    both = [str(play.person(who).pk) for who in ("officer1", "officer2")]
    for name, age in (("今天的录像", 0), ("四天前的录像", 4)):
        play.pass_days(0)
        data = VIDEO + name.encode() + bytes(2000)
        got = bring(Api(officer), data)
        ended = (play.moment - timedelta(days=age)).strftime("%Y-%m-%dT08:30")
        clip = {"means": "video", "began": ended.replace("T08:30", "T08:00"), "ended": ended}
        body = {"officers": both, "kind": "audiovisual", "title": name, "proves": "现场", "source_of": "拍摄"}
        data_of = {**body, "files": [{"receipt": got["receipt"]}], "clips": [clip]}
        Api(officer).post(f"/cases/{play.case_id}/acts/add-evidence", {"data": data_of})
    late = [one for one in table(play, "officer1") if one["情形"] == "证据逾期上传"]
    assert [one["内容"] for one in late] == ["收集证据：四天前的录像"] and int(late[0]["逾期天数"]) >= 1
    page = text_of(officer, f"/desk/cases/{play.case_id}/")
    assert page.count("天上传（") == 1 and f"逾期{late[0]['逾期天数']}天上传" in page
    assert "拍摄时间：" in page and "地点：没有写明" in page
