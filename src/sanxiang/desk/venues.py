"""音像记录场所: the rooms with their reasons, what is booked, and the plans of what there is to be."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.recording.equipment import acts_of
from sanxiang.desk.uses import links_of
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.pinned import current
from sanxiang.door.recording.venues import (
    BOOK,
    CANCEL,
    KEEPERS,
    PLAN,
    PRINCIPLES,
    PURPOSES,
    REGISTER,
    RETIRE,
    Booking,
    Plan,
    Venue,
    booked_for,
    plans_in,
    venues_in,
)
from sanxiang.law.recording.matters import PREMISES
from sanxiang.speech import cn_moment

NONE_YET = "没有询问室、听证室等场所的，不影响办案；按本地条件怎样配置，用“记录设备和场所的配置方案”写明。"


@require_GET
def venues(request: HttpRequest) -> HttpResponse:
    """The rooms in sight, what is booked from today on, the plans."""
    visitor = visitor_of(request)
    found = venues_in(visitor.agencies)
    since = timezone.localtime().strftime("%Y-%m-%d")
    coming = sorted(
        (row for one in found for row in one.bookings if row.ends >= since and not row.cancelled),
        key=lambda row: row.begins,
    )
    context = {
        "acts": acts_of(visitor, acts_open(found, coming, visitor)),
        "table": table_of(found),
        "bookings": bookings_table(coming, visitor),
        "plans": plans_table(plans_in(visitor.agencies)),
        "demand": demand_of(visitor),
    }
    return page(request, visitor, "desk/venues.html", context, section="registers")


def acts_open(found: list[Venue], coming: list[Booking], visitor: Visitor) -> tuple[str, ...]:
    """What can be done now: nothing is booked or given up where there is no room, nothing taken back that is not booked."""
    mine = [row for row in coming if row.person == visitor.person.pk or visitor.roles & set(KEEPERS)]
    in_use = any(not one.retired for one in found)
    return (
        *((BOOK,) if in_use else ()),
        REGISTER,
        PLAN,
        *((CANCEL,) if mine else ()),
        *((RETIRE,) if in_use else ()),
    )


def demand_of(visitor: Visitor) -> str:
    """What the locality's scheme wants of a registration."""
    if visitor.home is None:
        return ""
    wanted = current(visitor.home.locality).parameter("av.room_reasons")
    if wanted.is_set and wanted.value is True:
        return f"登记场所要按五条原则逐条写明理由（{wanted.citation}）"
    return (
        f"本地不要求逐条写明理由，没有场所的也不拦截（{wanted.citation}）"
        if wanted.is_set
        else "登记要不要逐条写明理由，方案未定"
    )


def table_of(found: Iterable[Venue]) -> dict[str, Any]:
    """One line a room."""
    rows = [
        {
            "cells": [
                {"text": one.name, "strong": True, "sub": one.unit},
                {"text": PREMISES.get(one.kind, one.kind)},
                {"text": one.equipment},
                {"text": "；".join(f"{PRINCIPLES[k]}：{v}" for k, v in one.reasons.items()) or "没有写明"},
                {"text": f"已停用：{one.retired}" if one.retired else f"{cn_date(one.since)}起使用"},
            ]
        }
        for one in found
    ]
    columns = [{"label": x} for x in ("场所", "种类", "音像设备", "按五条原则的理由", "状态")]
    empty = {"title": "还没有登记场所", "text": NONE_YET}
    return {
        "caption": "询问室、听证室等场所",
        "columns": columns,
        "rows": rows,
        "empty": empty,
        "total": len(rows),
    }


def bookings_table(rows: list[Booking], visitor: Visitor) -> dict[str, Any]:
    """What is booked, each with its case where the visitor may see it. One query."""
    links = links_of(visitor, {row.case for row in rows}) if rows else {}
    lines = [
        {
            "cells": [
                {"text": f"{cn_moment(row.begins)}至{cn_moment(row.ends)}"},
                {"text": row.venue, "strong": True},
                {"text": PURPOSES.get(row.purpose, row.purpose)},
                {"links": [links.get(row.case, {"text": row.case, "href": ""})]},
                {"text": row.by},
            ]
        }
        for row in rows
    ]
    columns = [{"label": x} for x in ("时间", "场所", "用于", "案件", "预约人")]
    return {"caption": "今天以后的预约", "columns": columns, "rows": lines, "total": len(lines)}


def plans_table(found: list[Plan]) -> dict[str, Any]:
    """The plans, the newest first."""
    rows = [
        {
            "cells": [
                {"text": cn_date(one.on)},
                {"text": one.unit or "全机关", "strong": True},
                {"text": one.plan},
                {"text": one.grounds},
                {"text": one.by},
            ]
        }
        for one in found
    ]
    columns = [{"label": x} for x in ("日期", "机构", "配置", "结合本地条件的理由", "记录人")]
    return {"caption": "设备和场所的配置方案", "columns": columns, "rows": rows, "total": len(rows)}


def case_bookings(case: Case) -> list[str]:
    """What a hearing's or an inquiry's case has booked, in words. Two queries."""
    return [
        f"{row.venue}，{cn_moment(row.begins)}至{cn_moment(row.ends)}，{PURPOSES.get(row.purpose, '')}"
        for row in booked_for(case)
    ]
