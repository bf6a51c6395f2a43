"""Footage that does not fit the register of devices, as pages list it: on the case, the device, the page of coverage."""

from collections.abc import Iterable
from typing import Any

from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.who import Visitor, cases_of
from sanxiang.door.footage import Astray

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


def astray_lines(found: Iterable[Astray]) -> list[str]:
    """The same in words, for the page of the case itself."""
    return [
        f"第{one.n}步{one.label}的“{one.name}”写明用设备 {one.device} 于{cn_datetime(one.at)}拍摄，{one.why}"
        for one in found
    ]
