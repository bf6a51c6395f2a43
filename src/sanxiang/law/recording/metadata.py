"""The standard of record information 记录信息规范: what each kind of recording says of itself when it comes in, and how it is kept.

It is the agency's own, released like every register. What it does not name is asked of nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.lists import Row, cell
from sanxiang.law.recording.means import MEANS, Clip, means_in

STANDARD = "record-standard"
KIND, CAPTURE, STORAGE, ANALYSIS, RETENTION, ARCHIVE = (
    "记录种类",
    "采集信息",
    "存储类别",
    "分析用途",
    "保管期限",
    "归档类别",
)
COLUMNS = (KIND, CAPTURE, STORAGE, ANALYSIS, RETENTION, ARCHIVE)
FIELDS = {"began": "开始时间", "ended": "结束时间", "device": "设备编号", "place": "拍摄地点"}
"""What a clip can say, as the standard calls it."""


@dataclass(frozen=True)
class Standard:
    """What one row of the standard says of one kind of recording."""

    means: str
    fields: tuple[str, ...]
    row: Mapping[str, str]


def words_in(text: str) -> list[str]:
    """What a cell lists."""
    for mark in "，,；;/ ":
        text = text.replace(mark, "、")
    return [one for one in text.split("、") if one]


def standards_in(rows: Iterable[Row]) -> dict[str, Standard]:
    """The standard by means; rows of other kinds of records bind nobody who uploads."""
    names = {label: name for name, label in FIELDS.items()}
    found: dict[str, Standard] = {}
    for row in rows:
        fields = tuple(names[one] for one in words_in(cell(row, (CAPTURE,))) if one in names)
        told = {name: cell(row, (name,)) for name in COLUMNS}
        for means in means_in(cell(row, (KIND,))):
            found.setdefault(means, Standard(means, fields, told))
    return found


def unknown_fields(row: Row) -> list[str]:
    """Words of a row's 采集信息 that no clip can say, where the row is about sound or film."""
    if not means_in(cell(row, (KIND,))):
        return []
    return [one for one in words_in(cell(row, (CAPTURE,))) if one not in FIELDS.values()]


def lacking(clips: Iterable[Clip], rows: Iterable[Row]) -> list[str]:
    """Each clip that does not say what the standard wants of its kind, with what it lacks."""
    standards, found = standards_in(rows), []
    for clip in clips:
        known: Mapping[str, Any] = clip
        standard = standards.get(clip["means"])
        blank = [FIELDS[name] for name in standard.fields if not known.get(name)] if standard else []
        if blank:
            found.append(f"“{clip['name']}”（{MEANS[clip['means']]}）缺少{'、'.join(blank)}")
    return found
