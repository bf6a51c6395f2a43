"""记录信息规范: what recordings must say of themselves before they are taken in, by the agency's own release."""

from typing import Any

import pytest

from footage import film, text_of
from knocks import fact_of, refused_everywhere, signed_in
from page_form import form_at, send, words
from play import STORIES, Clock, Play, make_office
from sanxiang.cases.models import Evidence
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused
from sanxiang.registers.models import Register

pytestmark = pytest.mark.django_db
VIDEO = {
    "记录种类": "录像",
    "采集信息": "开始时间、结束时间、设备编号",
    "存储类别": "专用服务器双份",
    "分析用途": "评查抽样",
    "保管期限": "10年",
    "归档类别": "副卷光盘",
}
PHOTO = {**VIDEO, "记录种类": "照相", "采集信息": "拍摄地点"}


def release(play: Play, *rows: dict[str, str]) -> None:
    told = {"kind": "record-standard", "in_force_from": play.moment.date(), "rows": list(rows)}
    administer("release-register", play.office.agency, play.person("legal-reviewer"), told, now=play.moment)


@pytest.mark.carries(
    "LZ-041", locality="laizhou", change=('label = "记录信息规范"', 'label = "记录信息办法"')
)
def test_a_recording_without_the_wanted_information_is_refused_with_what_it_lacks(clock: Clock) -> None:
    """Nobody has set a standard: taken in. With one, a film without device and hours is refused by page, API and command, each
    field named; with them it comes in, and its page says how it is kept. The standard stands on a page of its own."""
    play = Play(make_office("laizhou"), *STORIES["summary"], clock)
    play.until("inspect")
    day = play.moment.date().isoformat()
    span: dict[str, Any] = {"means": "video", "began": f"{day}T08:00", "ended": f"{day}T08:30"}
    files = [film("一.mp4"), film("二.mp4")]
    with play.branch():
        play.step(no_recording=None, photos=files, clips=None)
    release(play, VIDEO, PHOTO)
    answer = refused_everywhere(play.knock(no_recording=None, photos=files, clips=[span]))
    assert answer.guards == {"recording.standard"}
    fact = fact_of(answer, "recording.standard")
    assert (
        "“一.mp4”（录像）缺少设备编号" in fact and "“二.mp4”（录像）缺少开始时间、结束时间、设备编号" in fact
    )
    play.step(no_recording=None, photos=files[:1], clips=[{**span, "device": "A1"}])
    row = Evidence.objects.get(case=play.case_id, filename="一.mp4")
    seen = text_of(play.person("officer1"), f"/desk/cases/{play.case_id}/evidence/{row.pk}/play/")
    assert "存储类别 专用服务器双份" in seen and "保管期限 10年" in seen and "归档类别 副卷光盘" in seen
    register = Register.objects.get(agency=play.office.agency, kind="record-standard")
    page = text_of(play.person("officer1"), f"/desk/registers/{register.pk}/")
    assert "记录信息规范" in page and "开始时间、结束时间、设备编号" in page and "副卷光盘" in page


def test_evidence_is_held_against_it_too_and_other_kinds_are_not(clock: Clock) -> None:
    play = Play(make_office("laizhou"), *STORIES["hearing"], clock)
    play.until("interview")
    release(play, VIDEO)
    told = {
        "officers": [str(play.person(who).pk) for who in ("officer1", "officer2")],
        "title": "材料",
        "proves": "现场",
    }
    body = {**told, "source_of": "拍摄", "files": [film()]}
    with pytest.raises(Refused, match="缺少开始时间"):
        play.do("add-evidence", "officer1", **body, kind="audiovisual")
    play.do("add-evidence", "officer1", **body, kind="documentary")


def test_a_standard_that_wants_what_nobody_can_fill_in_is_refused(clock: Clock) -> None:
    play = Play(make_office("laizhou"), *STORIES["summary"], clock)
    play.until("inspect")
    with pytest.raises(Refused, match="“天气”不是上传时能够填写的信息"):
        release(play, {**VIDEO, "采集信息": "开始时间、天气"})
    with pytest.raises(Refused, match="没有填写“存储类别”"):
        release(play, {name: value for name, value in VIDEO.items() if name != "存储类别"})
    desk = signed_in(play.person("legal-reviewer"))
    where = f"/desk/admin/acts/release-register/?agency={play.office.agency.pk}&kind=record-standard"
    form = form_at(desk, where)
    assert "记录信息规范" in words(desk.get(where)) and send(desk, form).status_code == 422
