"""Footage that does not fit the register of devices, as pages list it: on the case, the device, the page of coverage."""

from collections.abc import Iterable
from typing import Any

from sanxiang.cases.models import Evidence
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.history import Step
from sanxiang.desk.who import Visitor, cases_of
from sanxiang.door.recording.breaches import came_late
from sanxiang.door.recording.footage import Astray
from sanxiang.law.calendar import Calendar
from sanxiang.law.packs import Pack
from sanxiang.law.recording.coverage import moment
from sanxiang.law.recording.means import clips_of

MOST = 100


def astray_table(found: Iterable[Astray], visitor: Visitor) -> dict[str, Any]:
    """Each clip whose device was not with its officers then, the newest first, with its case. One query where there are any."""
    rows = sorted(found, key=lambda one: one.at, reverse=True)
    keys = {one.case for one in rows[:MOST]}
    cases = cases_of(visitor).only("number", "title").in_bulk(keys) if keys else {}
    lines = [
        {
            "cells": [
                {"text": cn_datetime(one.at)},
                {"text": one.device, "href": f"/desk/devices/{one.agency}/{one.device}/"},
                {"text": one.why, "badge": {"label": "设备不符", "tone": "amber"}},
                {"text": one.officer, "sub": one.name},
                {
                    "text": cases[one.case].number or cases[one.case].title if one.case in cases else "—",
                    "href": f"/desk/cases/{one.case}/",
                    "sub": f"第{one.n}步，{one.label}",
                },
            ]
        }
        for one in rows[:MOST]
    ]
    columns = [{"label": x} for x in ("拍摄时间", "设备", "情况", "人员、文件", "案件")]
    return {"caption": "设备与领用登记不符的音像", "columns": columns, "rows": lines, "total": len(rows)}


def capture_of(row: Evidence, step: Step, pack: Pack, calendar: Calendar) -> dict[str, Any]:
    """When and where a piece was taken as its officer stated it, when it came in, and how late; asks nothing."""
    clip = next((one for one in clips_of(step.values) if one["digest"] == row.digest), None)
    told: dict[str, Any] = {}
    if clip is not None:
        first, last = (cn_datetime(at) if (at := moment(clip[end])) else "" for end in ("began", "ended"))
        when = " 至 ".join(filter(None, (first, last))) or "没有写明"
        told["taken"] = (
            f"拍摄时间：{when}；设备：{clip['device'] or '没有写明'}；地点：{clip.get('place') or '没有写明'}"
        )
    read = getattr(row, "film_found", None) or {}
    late = came_late(row, step.act, read, clip, pack, calendar)
    if late is not None:
        told["late"] = f"逾期{late.days}天上传（{late.citation}）" if late.days else ""
    return told


def astray_lines(found: Iterable[Astray]) -> list[str]:
    """The same in words, for the page of the case itself."""
    return [
        f"第{one.n}步{one.label}的“{one.name}”写明用设备 {one.device} 于{cn_datetime(one.at)}拍摄，{one.why}"
        for one in found
    ]
