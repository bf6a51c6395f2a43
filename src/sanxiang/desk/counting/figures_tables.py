"""The tables of 统计分析: the same lines for the page and for the table to take away."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sanxiang.desk.counting.figures_asked import NOBODY, QUARTERS, Asked
from sanxiang.desk.coverage_chart import SHADES, bars
from sanxiang.door.pinned import current
from sanxiang.law.file_check import KINDS
from sanxiang.oversight.figures.measures import MEASURES, Measure, share
from sanxiang.oversight.figures.sums import Cell, Duration, Missing, Sums, by, total
from sanxiang.people.models import Agency, Unit

UNITS = {"working": "工作日", "calendar": "日历日"}
NO_UNIT = "未分配机构"


@dataclass(frozen=True)
class Line:
    """One line of a table: its words, what it comes to, and the filters that lead to it alone."""

    label: str
    sums: Sums
    narrowed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """What agencies, units and kinds of acts are called."""

    agencies: Mapping[UUID, str]
    units: Mapping[UUID, str]
    kinds: Mapping[str, str]


def names_of(cells: Iterable[Cell]) -> Names:
    """The names of what occurs. Two queries."""
    keys = list(cells)
    found = {one.pk: one for one in Agency.objects.filter(pk__in={agency for agency, *_ in keys})}
    units = Unit.objects.filter(pk__in={unit for _, unit, _, _ in keys if unit})
    kinds: dict[str, str] = {}
    for agency, _, kind, _ in sorted(keys, key=str):
        if kind not in kinds:
            kinds[kind] = current(found[agency].locality).printed_type(kind) or kind
    agencies = {key: one.name for key, one in found.items()}
    return Names(agencies, dict(units.values_list("pk", "name")), kinds)


def groups_of(
    cells: Mapping[Cell, Sums], officers: Mapping[tuple[UUID, str], Sums], asked: Asked
) -> dict[str, list[Line]]:
    """Every table by its caption, each line with the cases below it; one agency alone makes no table."""
    names = names_of(cells)
    several = len(names.agencies) > 1
    found = {
        "按机关": lines(by(cells, lambda c: c[0]), lambda key: names.agencies[key], lambda key: {"agency": str(key)})
        if several
        else [],
        "按机构": lines(
            by(cells, lambda c: (c[0], c[1])),
            lambda key: unit_label(names, key, several),
            lambda key: {"agency": str(key[0]), "unit": str(key[1] or NOBODY)},
        ),
        "按行为种类": lines(by(cells, lambda c: c[2]), lambda key: names.kinds[key], lambda key: {"kind": key}),
        "按承办人": lines(officers, lambda key: key[1], lambda key: {"officer": str(key[0])}),
        "按季度": [] if asked.quarter else quarters(by(cells, lambda c: c[3])),
    }  # fmt: skip
    return {caption: rows for caption, rows in found.items() if rows}


def unit_label(names: Names, key: tuple[UUID, UUID | None], several: bool) -> str:
    """A unit's name; with that of its agency where there are several."""
    unit = names.units.get(key[1], NO_UNIT) if key[1] else NO_UNIT
    return f"{names.agencies[key[0]]} {unit}" if several else unit


def lines(
    sums: Mapping[Any, Sums], label: Callable[[Any], str], narrowed: Callable[[Any], dict[str, Any]]
) -> list[Line]:
    """A line a group, by name."""
    found = [Line(label(key), one, narrowed(key)) for key, one in sums.items()]
    return sorted(found, key=lambda line: line.label)


def quarters(sums: Mapping[int, Sums]) -> list[Line]:
    """The quarters in their order."""
    return [Line(QUARTERS[key], sums[key], {"quarter": key}) for key in sorted(sums)]


# On the page


def line_table(caption: str, found: list[Line], asked: Asked, summed: bool) -> dict[str, Any]:
    """One line a group: how many cases, and each share with what it is of; every number leads to its cases."""
    columns = [
        {"label": caption.removeprefix("按")},
        {"label": "案件", "num": True},
        *({"label": m.label} for m in MEASURES.values()),
    ]
    rows = [
        {
            "cells": [
                {"text": line.label, "href": asked.href(**line.narrowed)},
                {"text": str(line.sums.cases), "href": asked.behind("", **line.narrowed)},
                *(cell_of(m, line.sums, asked, line.narrowed) for m in MEASURES.values()),
            ]
        }
        for line in found
    ]
    table: dict[str, Any] = {"caption": caption, "columns": columns, "rows": rows}
    if summed and len(found) > 1:
        whole = total(line.sums for line in found)
        table["totals"] = ["合计", str(whole.cases), *(told(m, whole) for m in MEASURES.values())]
    return table


def cell_of(measure: Measure, sums: Sums, asked: Asked, narrowed: Mapping[str, Any]) -> dict[str, Any]:
    """A share and what it is of; it leads to what is not as it should be."""
    text = share(measure.good_of(sums), measure.whole_of(sums))
    fails = measure.fails_of(sums)
    href = asked.behind(measure.id, **narrowed) if fails else ""
    return {"text": text, "href": href, "sub": parts_of(measure, sums)}


def parts_of(measure: Measure, sums: Sums) -> str:
    """Numerator and denominator in words; nothing where there is nothing to count."""
    whole, fails = measure.whole_of(sums), measure.fails_of(sums)
    if not whole:
        return ""
    if measure.id == "recordings":
        return f"有记录 {sums.recorded}，有理由或经批准 {sums.excused}，缺口 {fails}，共 {whole}"
    return f"{measure.good_of(sums)}/{whole}，{measure.failing} {fails}"


def told(measure: Measure, sums: Sums) -> str:
    """A share with its parts in one text."""
    parts = parts_of(measure, sums)
    text = share(measure.good_of(sums), measure.whole_of(sums))
    return f"{text}（{parts}）" if parts else text


def cards_of(sums: Sums, asked: Asked) -> list[dict[str, Any]]:
    """The shares of everything asked, large."""
    found: list[dict[str, Any]] = [
        {"label": "案件", "value": sums.cases, "unit": "件", "href": asked.behind(""), "sub": f"已作决定或者办结 {sums.settled}"}
    ]  # fmt: skip
    for measure in MEASURES.values():
        cell = cell_of(measure, sums, asked, {})
        sub = cell["sub"] or "没有可计的"
        found.append({"label": measure.label, "value": cell["text"], "sub": sub, "href": cell["href"]})
    return found


def missing_table(found: list[Missing], asked: Asked) -> dict[str, Any]:
    """What files lack, most often first."""
    rows = [
        {
            "cells": [
                {"text": str(place)},
                {"text": one.item, "sub": KINDS.get(one.kind, one.kind)},
                {"text": str(one.count)},
                {"text": str(one.cases), "href": asked.behind("item", one.item)},
            ]
        }
        for place, one in enumerate(found, 1)
    ]
    columns = [
        {"label": "位次", "num": True},
        {"label": "缺什么"},
        {"label": "缺几处", "num": True},
        {"label": "案件", "num": True},
    ]
    empty = {
        "title": "没有缺项",
        "text": "已作决定或者办结的案件材料齐全，应当音像记录的步骤都有记录或者理由。",
    }
    return {
        "caption": "缺项排名",
        "columns": columns,
        "rows": rows,
        "total": sum(one.count for one in found),
        "empty": empty,
    }


def period_table(found: list[Duration], asked: Asked) -> dict[str, Any]:
    """How long the agency's periods took."""
    rows = [
        {
            "cells": [
                {"text": one.label, "sub": f"按{UNITS[one.unit]}计"},
                {"text": str(one.ended)},
                {"text": str(one.running)},
                {"text": days(one.middle, one.unit)},
                {"text": days(one.longest, one.unit)},
                {"text": str(one.over), "href": asked.behind("period", f"{one.label}:{one.unit}") if one.over else ""},
            ]
        }
        for one in found
    ]  # fmt: skip
    heads = ("期限", "办完", "正在办", "用时中位数", "最长", "超期")
    columns = [{"label": x, "num": x not in ("期限", "用时中位数", "最长")} for x in heads]
    empty = {"title": "没有本机关的期限", "text": "开始起算本机关的期限之后，这里统计用了几天、有没有超期。"}
    return {"caption": "各环节用时与期限", "columns": columns, "rows": rows, "empty": empty}


def days(number: float | None, unit: str) -> str:
    """A number of days with their unit."""
    return "—" if number is None else f"{number:g} 个{UNITS[unit]}"


def flaw_table(found: list[tuple[str, int]], files: int, asked: Asked) -> dict[str, Any]:
    """In how many evaluated files each item was found wanting."""
    rows = [
        {
            "cells": [
                {"text": item},
                {"text": str(n), "href": asked.behind("flaw", item)},
                {"text": share(n, files), "sub": f"{n}/{files}"},
            ]
        }
        for item, n in found
    ]
    columns = [{"label": "评查项目"}, {"label": "有问题的案卷", "num": True}, {"label": "占评查案卷"}]
    text = "登记案卷评查结果之后，这里统计问题集中在哪些项目。"
    empty = {
        "title": "没有评查发现的问题",
        "text": text if not files else f"评查了 {files} 件，没有发现问题。",
    }
    return {"caption": "案卷评查发现的问题", "columns": columns, "rows": rows, "empty": empty}


# Pictures


def charts_of(units: list[Line], found: list[Missing]) -> list[dict[str, str]]:
    """Three pictures of what the tables say: recordings and files by unit, and what is lacking most."""
    recordings = {
        line.label: {"recorded": line.sums.recorded, "excused": line.sums.excused, "open": line.sums.unrecorded}
        for line in units
        if line.sums.moments
    }  # fmt: skip
    papers = {
        line.label: {"there": line.sums.papers_due - line.sums.papers_missing, "lacking": line.sums.papers_missing}
        for line in units
        if line.sums.papers_due
    }  # fmt: skip
    gaps = {one.item.replace("环节缺少", "缺"): {"count": one.count} for one in found[:8]}
    two, one = (SHADES[0], SHADES[2]), (SHADES[2],)
    said = {"recorded": "有音像记录", "excused": "有理由或者经批准", "open": "缺口"}
    drawn = (
        ("应当音像记录的步骤", bars(recordings, said, "各机构应当音像记录的步骤")),
        ("应有的案卷材料", bars(papers, {"there": "已有", "lacking": "缺"}, "各机构应有的案卷材料", two)),
        ("缺得最多的材料和记录", bars(gaps, {"count": "缺几处"}, "缺得最多的材料和记录", one)),
    )
    return [{"title": title, "svg": svg} for title, svg in drawn if svg]


# To take away

LINE_HEAD = (
    "分组", "名称", "案件", "已作决定或者办结", "有音像记录", "有理由或者经批准",
    *(f"{m.label}{part}" for m in MEASURES.values() for part in ("（分子）", "（分母）", "")),
)  # fmt: skip


def line_rows(groups: Mapping[str, list[Line]], whole: Sums) -> Iterable[list[Any]]:
    """The lines of all tables, and everything asked in the first one."""
    for caption, found in {"全部": [Line("合计", whole)], **groups}.items():
        for line in found:
            sums = line.sums
            yield [
                caption, line.label, sums.cases, sums.settled, sums.recorded, sums.excused,
                *(x for m in MEASURES.values() for x in (m.good_of(sums), m.whole_of(sums), share(m.good_of(sums), m.whole_of(sums)))),
            ]  # fmt: skip


def plain(table: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """A table of the page as words alone."""
    head = [str(column["label"]) for column in table["columns"]]
    rows = [
        [cell["text"] + (f"（{cell['sub']}）" if cell.get("sub") else "") for cell in row["cells"]]
        for row in table["rows"]
    ]
    return head, rows  # fmt: skip
