"""公示覆盖: what should have been published and was not, by unit, as a chart, as tables and as a file to take away."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.desk.coverage_chart import SHADES, bars
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.arriving.pushed import counted
from sanxiang.door.disclosure.coverage import (
    LABELS,
    OPEN,
    PENDING,
    UNCONFIRMED,
    Line,
    Signed,
    StillUp,
    platforms_of,
    signed,
    still_up,
)
from sanxiang.door.disclosure.coverage import lines as lines_of
from sanxiang.door.recording.record_uses import year_of
from sanxiang.people.models import Agency
from sanxiang.speech import cn_day

HEAD = ("机关", "机构", "案件", "名称", "行为种类", "决定日期", "公示期限", "情况")
GROUPS = {"done": "已公示或者有依据不公开", PENDING: "还在期限内", OPEN: "没有公示也没有说明"}


@require_GET
def coverage(request: HttpRequest) -> HttpResponseBase:
    """The year's decisions by unit, and each one that nobody explains; as a table to take away with ?format=csv."""
    visitor = visitor_of(request)
    year = year_of(request.GET.get("year", ""), visitor.on)
    agencies = list(Agency.objects.filter(pk__in=visitor.agencies).order_by("name"))
    names = {one.pk: one.name for one in agencies}
    found = signed(list(names), year, visitor.on) if year else []
    if request.GET.get("format") == "csv":
        answer = StreamingHttpResponse(
            lines(HEAD, map(row_of(names), found)), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="publication-coverage-{year}.csv"'
        return answer
    context = context_of(visitor, names, found) | {"year": year or visitor.on.year}
    context["notices"] = unconfirmed(agencies, found) + elsewhere(agencies, year or visitor.on.year)
    context["hanging"] = hanging(visitor, names)
    status = 200 if year else 422
    return page(request, visitor, "desk/public_coverage.html", context, section="publications", status=status)


def row_of(names: Mapping[UUID, str]) -> Any:
    """A decision as a line of the file."""
    return lambda one: [
        names[one.agency], one.unit, one.number, one.title, ACT_TYPES.get(one.act_type, one.act_type),
        cn_day(one.on), cn_day(one.due) if one.due else "", LABELS[one.standing],
    ]  # fmt: skip


def context_of(visitor: Visitor, names: Mapping[UUID, str], found: list[Signed]) -> dict[str, Any]:
    """What the page draws."""
    units, more = lines_of(found), any(one.standing == UNCONFIRMED for one in found)
    counts, groups = (
        counts_of(names, units, more),
        GROUPS | ({UNCONFIRMED: LABELS[UNCONFIRMED]} if more else {}),
    )
    shades = (*SHADES, "#b26a00") if more else SHADES
    return {
        "years": range(visitor.on.year, visitor.on.year - 5, -1),
        "chart": mark_safe(bars(counts, groups, "各机构应当公示的决定", shades)),
        "groups": "、".join(groups.values()),
        "units": units_table(names, units),
        "open": open_table(names, [one for one in found if one.standing == OPEN]),
    }


def unconfirmed(agencies: list[Agency], found: list[Signed]) -> list[str]:
    """For each agency in sight, what its scheme does not count as published yet, and what is to be done."""
    told = []
    for agency in agencies:
        number = sum(one.standing == UNCONFIRMED for one in found if one.agency == agency.pk)
        platform = "、".join(platforms_of(agency.locality)) if number else ""
        if number:
            told.append(
                f"{agency.name}有 {number} 份决定只在本平台公示，{platform}没有确认，照方案不算公示。"
                "请系统管理员用“设置对接系统”接通该平台，以后的决定以它的回执为准；此前的这些用双公示文件报送（sanxiang exchange export）。"
            )
    return told


def elsewhere(agencies: list[Agency], year: int) -> list[str]:
    """For each agency in sight, how many decisions its case systems pushed: they stand in no table here, and why."""
    told = counted([agency.pk for agency in agencies], year)
    return [
        f"{agency.name}的办案系统{year}年另外推送公示 {one.public + one.down} 份决定（其中已撤下 {one.down} 份），不计入下面的应当公示："
        "这些案件不在本平台办理，有没有漏推，由办案系统按接口的对账（GET /api/v1/inbound/records/held）核对。"
        for agency in agencies
        if (one := told.get(agency.pk))
    ]


def label_of(names: Mapping[UUID, str], line: Line, units: list[Line]) -> str:
    """The unit, or the agency where a case belongs to none; both where another agency has a unit of that name."""
    if line.unit and sum(one.unit == line.unit for one in units) > 1:
        return f"{names[line.agency]} {line.unit}"
    return line.unit or names[line.agency]


def counts_of(names: Mapping[UUID, str], units: list[Line], more: bool) -> dict[str, dict[str, int]]:
    """The bars: three groups of each unit, and a fourth where a platform has not confirmed."""
    apart = (PENDING, OPEN, UNCONFIRMED) if more else (PENDING, OPEN)
    return {
        label_of(names, one, units): {
            "done": one.total - sum(one.counts[name] for name in apart),
            **{name: one.counts[name] for name in apart},
        }
        for one in units
    }


def units_table(names: Mapping[UUID, str], units: list[Line]) -> dict[str, Any]:
    """How many decisions of each unit stand how."""
    columns = [{"label": "机关"}, {"label": "机构"}, {"label": "应当公示", "num": True}]
    rows = [
        {"cells": [{"text": names[one.agency]}, {"text": one.unit or "—"}, {"text": str(one.total)}]
         + [{"text": str(one.counts[name])} for name in LABELS]}
        for one in units
    ]  # fmt: skip
    empty = {"title": "这一年还没有应当公示的决定", "text": "作出决定以后，这里按机构列出公示了多少。"}
    columns += [{"label": label, "num": True} for label in LABELS.values()]
    return {"caption": "各机构的公示情况", "columns": columns, "rows": rows, "empty": empty}


def open_table(names: Mapping[UUID, str], found: list[Signed]) -> dict[str, Any]:
    """Each decision that is late and unexplained, with its unit."""
    rows = [
        {
            "cells": [
                {"text": one.number, "href": f"/desk/publications/{one.case}/", "sub": one.title},
                {"text": one.unit or names[one.agency]},
                {"text": ACT_TYPES.get(one.act_type, one.act_type)},
                {"text": cn_day(one.on)},
                {"text": cn_day(one.due) if one.due else "—"},
            ]
        }
        for one in found
    ]
    columns = [{"label": name} for name in ("案件", "机构", "行为种类", "决定日期", "应当在哪天之前公示")]
    empty = {"title": "没有说不清的决定", "text": "过了期限的决定，都已经公示，或者写明了不公开的依据。"}
    return {"caption": "没有公示也没有说明的决定", "columns": columns, "rows": rows, "empty": empty}


def hanging(visitor: Visitor, names: Mapping[UUID, str]) -> dict[str, Any]:
    """Where hands still show what is public no more, or is being put right, whatever its year."""
    rows = [
        {
            "cells": [
                {"text": one.number, "href": f"/desk/publications/{one.case}/", "sub": one.title},
                {"text": names[one.agency]},
                {"text": one.channel},
                {"text": cn_day(one.due) if one.due else "—"},
                {"text": "", "badge": standing_of(one, visitor)},
            ]
        }
        for one in still_up(list(names))
    ]
    columns = [{"label": name} for name in ("案件", "机关", "渠道", "应当在哪天之前撤下", "情况")]
    empty = {
        "title": "没有还挂在其他渠道的",
        "text": "撤回、期满或者更正的决定，登记过的其他渠道都已经撤下或者换过。",
    }
    return {"caption": "撤下以后其他渠道还在公示的决定", "columns": columns, "rows": rows, "empty": empty}


def standing_of(one: StillUp, visitor: Visitor) -> dict[str, str]:
    """Late, or still in time."""
    late = one.due is not None and one.due < visitor.on
    return {"label": "超期没有撤下", "tone": "red"} if late else {"label": "还在期限内", "tone": "amber"}
