"""音像记录覆盖: which moments have footage, where the gaps are, by unit, kind, activity and case; the same as a table."""

import csv
import html
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knocks import signed_in
from play import STORIES, Clock, Play, make_office
from publishing import supervisor_above
from sanxiang.cases.models import Film
from sanxiang.cases.recording.receiving import receive
from sanxiang.people.models import Person

pytestmark = pytest.mark.django_db


def page(person: Person, address: str = "/desk/coverage/") -> str:
    """A page as that person reads it."""
    answer = signed_in(person).get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def sheet(person: Person, query: str = "") -> list[dict[str, str]]:
    """The table to take away."""
    answer = signed_in(person).get(f"/desk/coverage/coverage.csv{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def photograph() -> dict[str, object]:
    return receive(io.BytesIO(b"\xff\xd8\xff\xe0 made-up photograph"), "现场.jpg", "image/jpeg")


def test_the_moments_with_and_without_footage_are_counted_and_lead_to_their_cases(clock: Clock) -> None:
    procedure, steps = STORIES["summary"]
    play = Play(make_office("laizhou"), procedure, steps, clock)
    officer = play.person("officer1")
    assert "没有应当音像记录的步骤" in page(officer)
    play.until("inspect")
    play.step(no_recording=None, photos=[photograph()])
    play.until("close")
    seen = page(officer)
    assert "现场检查（勘验）" in seen and "当场交付决定书" in seen and "执法大队" in seen
    assert "应当音像记录的步骤：" in seen and seen.count("<svg") >= 1
    lines = sheet(officer)
    assert {re.sub(r"\d+", "", one["日期"]) for one in lines} == {"年月日"}
    assert [(one["活动"], one["要求"], one["情况"]) for one in lines] == [
        ("现场检查（勘验）", "必须", "有音像记录"),
        ("当场交付决定书", "必须", "说明待批准"),
    ]
    assert lines[0]["已有和缺口"] == "已有照相" and lines[0]["手段"] == "录音、录像、照相或者视频监控"
    (only,) = sheet(officer, "?view=open")
    assert only["活动"] == "当场交付决定书"
    opened = page(officer, "/desk/coverage/?view=open&act=当场交付决定书")
    assert "去掉条件“还没有办结”" in opened and f"/desk/cases/{play.case_id}/timeline/#recordings" in opened
    told = page(officer, f"/desk/cases/{play.case_id}/timeline/")
    table = told.partition('id="recordings"')[2].partition("</section>")[0]
    assert "说明待批准" in table and "有音像记录" in table and "演示案卷不附音像文件" in table
    assert "演示案卷不附音像文件" not in opened
    assert len(sheet(supervisor_above(play.office.agency))) == 2
    assert sheet(make_office("kaiyuan").people["officer1"]) == []
    assert [row["情况"] for row in sheet(officer, "?year=1999")] == []


def test_the_page_asks_as_often_for_many_cases_as_for_one(clock: Clock) -> None:
    procedure, steps = STORIES["summary"]
    play = Play(make_office("laizhou"), procedure, steps, clock)

    def queries() -> int:
        client = signed_in(play.person("officer1"))
        with CaptureQueriesContext(connection) as found:
            assert client.get("/desk/coverage/").status_code == 200
        return len([q for q in found if re.match("select", q["sql"], re.IGNORECASE)])

    play.until("tell-on-spot")
    queries()
    one = queries()
    for _ in range(3):
        other = play.other()
        other.until("tell-on-spot")
    assert queries() == one


def test_a_file_shorter_than_its_clip_says_is_told(clock: Clock) -> None:
    procedure, steps = STORIES["summary"]
    play = Play(make_office("laizhou"), procedure, steps, clock)
    play.until("inspect")
    day = play.moment.date().isoformat()
    film = receive(io.BytesIO(b"\x00\x00\x00\x18ftypmp42 made-up film"), "现场.mp4", "video/mp4")
    told = [{"means": "video", "began": f"{day}T08:00", "ended": f"{day}T08:30"}]
    play.step(no_recording=None, photos=[film], clips=told)
    where = f"/desk/cases/{play.case_id}/timeline/"
    for seconds, differs in ((1790, False), (1500, True)):
        read = {"state": "read", "found": {"seconds": seconds}}
        Film.objects.update_or_create(digest=film["digest"], defaults=read)
        assert ("“现场.mp4”写明30分钟，文件实长25.0分钟" in page(play.person("officer1"), where)) is differs
