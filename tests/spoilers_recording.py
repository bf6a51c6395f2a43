"""Spoilers of what must be recorded in sound and film: not given, not whole, explained wrongly, approved by the wrong head."""

import io
from typing import Any

from django.db.models import F

from knocks import Knock
from play import Play
from sanxiang.cases.models import Case
from sanxiang.cases.recording.receiving import receive
from sanxiang.door.administer import administer
from sanxiang.law.registers.kinds import columns_of
from spoiling import fails


def film() -> dict[str, Any]:
    """A film in the store."""
    return receive(io.BytesIO(b"\x00\x00\x00\x18ftypmp42 made-up film"), "现场.mp4", "video/mp4")


def listed(play: Play, **cells: str) -> None:
    """The agency's own list asks for inspections, where the scheme itself names nothing."""
    pack = play.pack
    if pack.of_kind("record"):
        return
    columns = {name: "无" for name, demanded in columns_of(pack, "av-items") if demanded}
    told = {**columns, "执法环节": "现场检查", "记录方式": "录像", **cells}
    day = {"kind": "av-items", "in_force_from": play.moment.date(), "rows": [told]}
    administer("release-register", play.office.agency, None, day, now=play.moment)


def row(**changes: Any) -> dict[str, Any]:
    """A step of the case that owes a recording."""
    level = str(changes.pop("level", "REQUIRED"))
    demand = {"label": "现场检查", "level": level, "forms": [], "cite": "方案", "waiver": False}
    span = {"began": "2026-03-02T09:00", "ended": "2026-03-02T10:00", "clips": [], "approval": True}
    base = {
        "n": 3,
        "act": "inspect",
        "label": "现场检查（勘验）",
        "on": "2026-03-02",
        "made": 0,
        "reason": "",
    }
    return {**base, "by": "", "level": level, "demands": [demand], **span, **changes}


def owing(play: Play, *rows: dict[str, Any]) -> None:
    """As if these steps stood in the case's book."""
    state = play.case.state
    state["recordings"] = list(rows)
    Case.objects.filter(id=play.case_id).update(state=state, n=F("n") + 1)


@fails("recording.given", "ordinary", "inspect")
def neither_recorded_nor_explained(play: Play) -> Knock:
    listed(play)
    return play.knock(no_recording=None)


@fails("recording.span", "ordinary", "inspect")
def a_whole_process_without_its_hours(play: Play) -> Knock:
    listed(play, 全程记录的现场执法活动="现场检查")
    if play.pack.of_kind("record"):
        play.do("state-interests", "officer1", interests=["life-health"], reason="危及饮水安全")
    day = play.moment.date().isoformat()
    return play.knock(began=day, ended=day)


@fails("recording.settled", "ordinary", "close")
def closed_with_a_recording_missing(play: Play) -> Knock:
    owing(play, row())
    return play.knock()


@fails("interests.kept", "ordinary", "conclude-investigation")
def an_interest_taken_back(play: Play) -> Knock:
    play.do("state-interests", "officer1", interests=["property"], reason="贵重设备")
    return play.attempt("state-interests", "officer1", interests=["liberty"], reason="改为人身自由")


@fails("recording.of", "ordinary", "conclude-investigation")
def footage_for_a_step_that_lacks_none(play: Play) -> Knock:
    owing(play, row())
    return play.attempt("add-recording", "officer1", record_of=4, files=[film()], source_of="采集站")


@fails("recording.clips", "ordinary", "conclude-investigation")
def a_clip_that_is_none_of_the_files(play: Play) -> Knock:
    owing(play, row())
    told = {"record_of": 3, "files": [film()], "source_of": "采集站"}
    return play.attempt("add-recording", "officer1", **told, clips=[{"means": "video", "file": "别的.mp4"}])


@fails("recording.standard", "ordinary", "conclude-investigation")
def a_film_that_says_nothing_of_itself(play: Play) -> Knock:
    owing(play, row())
    columns = {"记录种类": "录像", "采集信息": "设备编号", "存储类别": "在线", "分析用途": "抽查"}
    wanted = {**columns, "保管期限": "10年", "归档类别": "副卷"}
    told = {"kind": "record-standard", "in_force_from": play.moment.date(), "rows": [wanted]}
    administer("release-register", play.office.agency, None, told, now=play.moment)
    return play.attempt("add-recording", "officer1", record_of=3, files=[film()], source_of="采集站")


@fails("recording.explains", "ordinary", "conclude-investigation")
def an_explanation_of_a_step_that_needs_none(play: Play) -> Knock:
    owing(play, row())
    return play.attempt("explain-recording", "officer1", record_of=4, exception="none", reason="故障")


@fails("recording.waiver", "ordinary", "conclude-investigation")
def a_whole_process_left_to_the_text(play: Play) -> Knock:
    owing(play, row(level="FULL"))
    points = {"necessity": "没有争议", "adequacy": "笔录签字", "effect": "相同"}
    told = {"record_of": 3, "exception": "waiver", "reason": "文字足够"}
    return play.attempt("explain-recording", "officer1", **told, **points)


@fails("recording.explained", "ordinary", "conclude-investigation")
def an_approval_of_nothing(play: Play) -> Knock:
    owing(play, row())
    return play.attempt("approve-recording", "unit-head", record_of=3, agreed="yes", opinion="同意")


@fails("recording.not-own", "ordinary", "conclude-investigation")
def an_approval_of_ones_own_words(play: Play) -> Knock:
    owing(play, row(reason="故障", by=str(play.person("unit-head").id)))
    return play.attempt("approve-recording", "unit-head", record_of=3, agreed="yes", opinion="同意")


@fails("recording.head", "ordinary", "conclude-investigation")
def a_unit_head_for_what_is_wholly_missing(play: Play) -> Knock:
    owing(play, row(level="FULL", reason="故障"))
    return play.attempt("approve-recording", "unit-head", record_of=3, agreed="yes", opinion="同意")
