"""音像记录覆盖: which of the moments that must be recorded have footage and where the gaps are, by unit, kind, activity and case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.models import Case, Film
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.addresses import number_in
from sanxiang.desk.coverage_chart import bars
from sanxiang.desk.files.case_register import cases_in, reason_of
from sanxiang.desk.footage import astray_table
from sanxiang.desk.who import cases_of, page, visitor_of
from sanxiang.door.pinned import current
from sanxiang.door.recording import footage
from sanxiang.law.conditions.recordings import spoken
from sanxiang.law.recording.book import STANDINGS, Standing, standing
from sanxiang.law.recording.coverage import moment
from sanxiang.law.recording.means import MEANS, said

HERE = "/desk/coverage/"
ROWS = 50
MINUTE = 60
"""Seconds: forms state the minute, so less is no difference."""

LEVELS = {"FULL": "全程", "REQUIRED": "必须", "CIRCUMSTANCE": "视情", "NONE": "不要求"}
GROUPS = {
    "recorded": "有音像记录",
    "excused": "有理由或者经批准",
    "open": "还没有办结",
}
"""What the chart tells apart: footage, a lawful reason, nothing yet."""

OF_GROUP = {"recorded": "recorded", "excused": "excused", "approved": "excused", "waived": "excused"}
HEAD = ("机关", "机构", "案件", "行为种类", "步骤", "活动", "日期", "要求", "手段", "情况", "已有和缺口")


@dataclass(frozen=True)
class Asked:
    """The filters as they stand in the address; `view` is a group or a standing."""

    year: int
    unit: str = ""
    kind: str = ""
    act: str = ""
    view: str = ""

    def href(self, where: str = HERE, **changed: Any) -> str:
        """The address of this question with something changed."""
        told = {key: value for key, value in vars(replace(self, **changed)).items() if value}
        return f"{where}?{urlencode(told)}"


@dataclass(frozen=True)
class Moment:
    """One step that owes a recording: the case it is of, its row in the case's book, how it stands."""

    case: dict[str, Any]
    row: dict[str, Any]
    now: Standing

    @property
    def group(self) -> str:
        """Which of GROUPS it counts in."""
        return OF_GROUP.get(self.now.kind, "open")

    @property
    def unit(self) -> str:
        """The unit that answers for the case."""
        return str(self.case["unit__name"] or "未分配机构")


def asked_of(given: QueryDict, year: int) -> Asked:
    """What the address asks; what makes no sense counts as not asked."""
    asked = number_in(given, "year") or year
    told = {key: given.get(key, "")[:100] for key in ("unit", "kind", "act")}
    view = given.get("view", "")
    return Asked(asked if 1900 <= asked <= 2999 else year, **told, view=view if view in VIEWS else "")


VIEWS = {**GROUPS, **STANDINGS}
COLUMNS = (
    "pk", "number", "title", "act_type", "agency__name", "agency__locality", "unit__name", "state__recordings",
)  # fmt: skip


def moments_of(cases: QuerySet[Case], year: int) -> Iterator[Moment]:
    """Every step of that year's cases that owes a recording. One query, which reads of a case's state its book alone."""
    rows = cases_in(cases, year).filter(state__has_key="recordings").select_related(None)
    for case in rows.values(*COLUMNS).iterator(500):
        for row in case["state__recordings"] or ():
            yield Moment(case, row, standing(row))


def chosen(found: Iterable[Moment], asked: Asked) -> list[Moment]:
    """Those that the filters let through, but for the view."""
    return [
        one
        for one in found
        if (not asked.unit or one.unit == asked.unit)
        and (not asked.kind or one.case["act_type"] == asked.kind)
        and (not asked.act or one.row["label"] == asked.act)
    ]


def viewed(found: Iterable[Moment], view: str) -> list[Moment]:
    """Those of one group, or that stand in one way."""
    return [one for one in found if not view or view in (one.group, one.now.kind)]


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """The page: a chart, three tables to drill down by, and the steps themselves, open ones first."""
    visitor = visitor_of(request)
    asked = asked_of(request.GET, visitor.on.year)
    found = chosen(moments_of(cases_of(visitor), asked.year), asked)
    units = tally(found, lambda one: one.unit)
    context = {
        "asked": asked,
        "chips": chips(asked),
        "years": [asked.href(year=asked.year - 1), asked.href(year=asked.year + 1)],
        "chart": mark_safe(bars(units, GROUPS)),  # built by ElementTree, which escapes every word
        "tables": tables_of(found, units, asked),
        "steps": steps_table(viewed(found, asked.view), asked, number_in(request.GET, "page") or 1),
        "astray": astray_table(footage.astray(cases_in(cases_of(visitor), asked.year)), visitor),
        "csv_href": asked.href(f"{HERE}coverage.csv"),
    }
    return page(request, visitor, "desk/coverage.html", context, section="cases")


def tally(found: Iterable[Moment], key: Any) -> dict[str, dict[str, int]]:
    """How many of each group there are, by the key; the most open first."""
    counts: dict[str, dict[str, int]] = {}
    for one in found:
        counts.setdefault(key(one), dict.fromkeys(GROUPS, 0))[one.group] += 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1]["open"], item[0])))


def chips(asked: Asked) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    told = {"unit": asked.unit, "kind": asked.kind, "act": asked.act, "view": VIEWS.get(asked.view, "")}
    return [{"text": text, "href": asked.href(**{name: ""})} for name, text in told.items() if text]


def tables_of(found: list[Moment], units: dict[str, dict[str, int]], asked: Asked) -> list[dict[str, Any]]:
    """The same steps by unit, by kind of enforcement and by activity, each figure leading to its steps."""
    kinds = {one.case["act_type"]: kind_label(one) for one in found}
    by_kind = tally(found, lambda one: one.case["act_type"])
    by_act = tally(found, lambda one: str(one.row["label"]))
    return [
        group_table("按机构", "unit", units, asked, {}),
        group_table("按行为种类", "kind", by_kind, asked, kinds),
        group_table("按活动", "act", by_act, asked, {}),
    ]


def kind_label(one: Moment) -> str:
    """What the locality calls this kind of enforcement."""
    types = current(one.case["agency__locality"]).act_types()
    return next((str(t["label"]) for t in types if t["code"] == one.case["act_type"]), one.case["act_type"])


def group_table(
    caption: str, name: str, counts: dict[str, dict[str, int]], asked: Asked, labels: dict[str, str]
) -> dict[str, Any]:
    """One line a group: how many steps, how many with footage, with a reason, open, and the share that is settled."""
    rows = []
    for key, count in counts.items():
        total = sum(count.values())
        figures = [
            {
                "text": str(count[group]),
                "href": asked.href(**{name: key, "view": group}) if count[group] else "",
            }
            for group in GROUPS
        ]
        share = f"{100 * (total - count['open']) // total}%"
        first = {"text": labels.get(key, key), "href": asked.href(**{name: key})}
        rows.append({"cells": [first, {"text": str(total)}, *figures, {"text": share}]})
    columns = [{"label": x} for x in (caption.removeprefix("按"), "应当记录", *GROUPS.values(), "办结")]
    empty = {
        "title": "没有应当音像记录的步骤",
        "text": "办理了方案或者清单要求音像记录的步骤之后，这里统计有没有记录。",
    }
    return {"caption": caption, "columns": columns, "rows": rows, "empty": empty}


def steps_table(found: list[Moment], asked: Asked, start: int) -> dict[str, Any]:
    """The steps, open ones first, a page at a time."""
    ordered = sorted(found, key=lambda one: (one.group != "open", one.row["on"], one.row["n"]))
    some = ordered[(start - 1) * ROWS : start * ROWS]
    more = len(ordered) > start * ROWS
    here = asked.href()
    return {
        "caption": "各步骤，没有办结的在前",
        "columns": [{"label": x} for x in ("案件", "步骤", "要求", "情况", "已有和缺口")],
        "rows": [{"cells": cells_of(one)} for one in some],
        "total": len(ordered),
        "pager": {
            "total_text": f"共 {len(ordered)} 步，第 {start} 页",
            "first_href": here if start > 1 else None,
            "next_href": f"{here}&page={start + 1}" if more else None,
        },
        "empty": {"title": "没有这样的步骤", "text": "换一个条件，或者换一个年份再看。"},
    }


def cells_of(one: Moment) -> list[dict[str, Any]]:
    """One step."""
    href = f"/desk/cases/{one.case['pk']}/timeline/#recordings"
    return [
        {"text": one.case["number"] or one.case["title"], "href": href, "sub": one.unit},
        {"text": f"第{one.row['n']}步，{one.row['label']}", "sub": cn_date(one.row["on"])},
        {"text": LEVELS[str(one.row.get("level") or "REQUIRED")], "sub": means_text(one.row)},
        {"text": STANDINGS[one.now.kind], "strong": one.group == "open"},
        {"text": brought_text(one.row, one.now)},
    ]


def means_text(row: dict[str, Any]) -> str:
    """By which means the step was to be recorded."""
    forms = dict.fromkeys(form for demand in row.get("demands", ()) for form in demand["forms"])
    return said(forms) or "不限手段"


def brought_text(row: dict[str, Any], now: Standing) -> str:
    """What there is of it, and where the holes are. The reasons given stand in the case, whose reading is a look."""
    holes = spoken(now) if now.holes and row.get("clips") else ""
    made = "、".join(dict.fromkeys(MEANS.get(c["means"], "其他文件") for c in row.get("clips", ())))
    made = made or ("音像记录" if row["made"] else "")
    told = (f"已有{made}" if made else "", f"缺口：{holes}" if holes else "")
    return "；".join(filter(None, told)) or "没有音像记录"


@require_GET
def table(request: HttpRequest) -> HttpResponseBase:
    """The steps as a table to take away; taking it away is a look."""
    visitor = visitor_of(request)
    asked = asked_of(request.GET, visitor.on.year)
    visitor.reading.beside(visitor.home.pk if visitor.home else None, reason_of(visitor))
    found = viewed(chosen(moments_of(cases_of(visitor), asked.year), asked), asked.view)
    answer = StreamingHttpResponse(lines(HEAD, map(line_of, found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="recordings-{asked.year}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def line_of(one: Moment) -> list[Any]:
    """One step as a line."""
    case, row = one.case, one.row
    return [
        case["agency__name"], one.unit, case["number"] or case["title"], kind_label(one), row["n"], row["label"], cn_date(row["on"]),
        LEVELS[str(row.get("level") or "REQUIRED")], means_text(row), STANDINGS[one.now.kind], brought_text(row, one.now),
    ]  # fmt: skip


# One case


def differing(row: dict[str, Any], lengths: dict[str, list[str]]) -> list[str]:
    """What is said of this step's files whose length is another than stated."""
    digests = dict.fromkeys(clip["digest"] for clip in row.get("clips", ()))
    return [text for digest in digests for text in lengths.get(digest, ())]


def other_lengths(state: dict[str, Any]) -> dict[str, list[str]]:
    """Where the length of a file is not the one that its clip states, by a minute or more: by digest, in words. One query."""
    clips = [clip for row in state.get("recordings", ()) for clip in row.get("clips", ())]
    timed = [clip for clip in clips if moment(clip["began"]) and moment(clip["ended"])]
    read = Film.objects.filter(digest__in={clip["digest"] for clip in timed}, state="read") if timed else ()
    lengths = {film.digest: float(film.found.get("seconds") or 0) for film in read}
    found: dict[str, list[str]] = {}
    for clip in timed:
        first, last = moment(clip["began"]), moment(clip["ended"])
        stated = (last - first).total_seconds() if first and last else 0.0
        real = lengths.get(clip["digest"], 0.0)
        if real and abs(real - stated) >= MINUTE:
            text = f"“{clip['name']}”写明{stated / MINUTE:.0f}分钟，文件实长{real / MINUTE:.1f}分钟"
            found.setdefault(clip["digest"], []).append(text)
    return found


def case_table(state: dict[str, Any]) -> dict[str, Any]:
    """What one case was to record in sound and film, and how each step stands; for its timeline. One query at most."""
    rows, lengths = [], other_lengths(state)
    for row in state.get("recordings", ()):
        now = standing(row)
        asks = "；".join(f"{d['label']}（{d['cite']}）" for d in row.get("demands", ()))
        rows.append(
            {
                "cells": [
                    {"text": f"第{row['n']}步，{row['label']}", "strong": True, "sub": cn_date(row["on"])},
                    {"text": LEVELS[str(row.get("level") or "REQUIRED")], "sub": asks},
                    {"text": means_text(row)},
                    {"text": STANDINGS[now.kind], "strong": not now.settled},
                    {
                        "text": "；".join([brought_text(row, now), *differing(row, lengths)]),
                        "sub": str(row.get("reason") or ""),
                    },
                ]
            }
        )
    columns = [{"label": x} for x in ("步骤", "要求", "手段", "情况", "缺口或者理由")]
    empty = {"title": "没有应当音像记录的步骤", "text": "办理了方案或者清单要求音像记录的步骤之后列在这里。"}
    return {"caption": "音像记录", "columns": columns, "rows": rows, "empty": empty, "total": len(rows)}
