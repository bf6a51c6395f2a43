"""Read a list of officers with Chinese headers (行政执法人员清单) into plain values. Nothing is written here.

A row is taken whole or refused whole, with its row number and every reason. Numbers count as a spreadsheet counts:
the headers are row 1.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sanxiang.speech import cn_day

HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "执法人员姓名", "人员姓名"),
    "agency": ("单位", "执法单位", "工作单位", "所在单位", "单位名称", "执法主体"),
    "unit": ("内设机构", "部门", "科室", "股室", "执法机构"),
    "title": ("职务", "职务职级", "职级"),
    "number": ("证件编号", "执法证号", "执法证编号", "证号", "执法证件编号", "执法证件号"),
    "kind": ("证件名称", "证件种类", "证件类型"),
    "categories": ("执法类别", "类别", "执法种类"),
    "area": ("执法区域", "区域", "执法范围"),
    "validity": ("证件有效期", "有效期", "有效期限"),
    "valid_from": ("有效期起", "证件有效期起", "发证日期", "有效期自"),
    "valid_until": ("有效期止", "证件有效期止", "有效期至", "证件有效期至"),
    "inspected_until": ("审验有效期", "年度审验有效至", "审验有效至", "年审有效期"),
    "exam_passed_on": ("考试合格日期", "资格考试合格日期"),
    "phone": ("电话", "联系电话", "手机", "手机号码"),
}
"""What each field may be called; headers are compared without blanks, brackets' content and width."""

NAMED = {field: spellings[0] for field, spellings in HEADERS.items()}
LONGEST = {"name": 60, "agency": 120, "unit": 120, "title": 60, "number": 60, "kind": 60, "phone": 40}
REQUIRED = ("name", "agency", "number", "categories", "area")
LISTED = {
    "categories": "，请照证件填写，如“行政处罚、行政检查”",
    "area": "，请照证件填区划代码或规范名称，全国有效的填 000000",
}
"""Fields that list several things, and how a blank one is cured: what a list does not say is not guessed from the agency."""
DEFAULT_KIND = "中华人民共和国行政执法证"
EXACT = 10**15
"""A spreadsheet keeps 15 digits of a number and turns the rest into zeros."""

DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class RosterLine:
    """One officer and one certificate, as listed. `unit` is "" when the list names none."""

    row: int
    name: str
    agency: str
    unit: str
    title: str
    number: str
    kind: str
    categories: tuple[str, ...]
    area: tuple[str, ...]
    valid_from: date
    valid_until: date
    inspected_until: date | None
    exam_passed_on: date | None
    phone: str


@dataclass(frozen=True)
class RosterRefusal:
    """A row that was not taken, and every reason in Chinese."""

    row: int
    reasons: tuple[str, ...]


def read_roster(
    rows: Iterable[Mapping[str, Any]],
    act_types: Mapping[str, str] | None = None,
    regions: Mapping[str, str] | None = None,
) -> tuple[tuple[RosterLine, ...], tuple[RosterRefusal, ...]]:
    """The rows that can be used, and those that cannot.

    `rows` are as csv.DictReader or calamine give them. `act_types` (label → code) and `regions` (name → code of
    GB/T 2260) translate what they know; other categories stay as printed, being fields such as 水利, while an unknown
    region is refused once `regions` is given.
    """
    accepted: list[RosterLine] = []
    refused: list[RosterRefusal] = []
    first_row: dict[tuple[str, str], int] = {}
    for number, raw in enumerate(rows, start=2):
        cells = cells_of(raw)
        if not any(text_of(value) for value in cells.values()):
            continue  # spreadsheets end in empty rows
        line, reasons = read_row(number, cells, act_types or {}, regions or {})
        if line is not None:
            earlier = first_row.setdefault((line.kind, line.number), number)
            if earlier != number:
                reasons.append(f"证件编号 {line.number} 与第 {earlier} 行重复；一证一行，请删去其中一行")
        if line is None or reasons:
            refused.append(RosterRefusal(number, tuple(reasons)))
        else:
            accepted.append(line)
    return tuple(accepted), tuple(refused)


def read_row(
    number: int, cells: Mapping[str, Any], act_types: Mapping[str, str], regions: Mapping[str, str]
) -> tuple[RosterLine | None, list[str]]:
    """One row as a line, or None with the reasons."""
    texts = {field: text_of(value) for field, value in cells.items()}
    lists = {field: parts_of(texts.get(field, "")) for field in LISTED}
    lacking = [field for field in REQUIRED if not lists.get(field, texts.get(field))]
    reasons = [f"缺少“{NAMED[field]}”{LISTED.get(field, '')}" for field in lacking]
    reasons += plain_faults(texts, cells.get("number"))
    valid_from, valid_until = period_of(cells, reasons)
    inspected_until = date_of("inspected_until", cells, reasons)
    exam_passed_on = date_of("exam_passed_on", cells, reasons)
    area = tuple(regions.get(part, part) for part in lists["area"])
    reasons += [
        f"执法区域“{part}”不认识；请填区划代码或规范名称" for part in area if regions and not is_code(part)
    ]
    if reasons or valid_from is None or valid_until is None:
        return None, reasons
    line = RosterLine(
        row=number,
        name=texts["name"],
        agency=texts["agency"],
        unit=texts.get("unit", ""),
        title=texts.get("title", ""),
        number=texts["number"],
        kind=texts.get("kind") or DEFAULT_KIND,
        categories=tuple(act_types.get(part, part) for part in lists["categories"]),
        area=area,
        valid_from=valid_from,
        valid_until=valid_until,
        inspected_until=inspected_until,
        exam_passed_on=exam_passed_on,
        phone=texts.get("phone", ""),
    )
    return line, []


def plain_faults(texts: Mapping[str, str], number: object) -> list[str]:
    """What is wrong with the text of a row: too long, unreadable characters, a number that lost its digits."""
    faults = []
    for field, text in texts.items():
        if len(text) > LONGEST.get(field, 500):
            faults.append(f"“{NAMED[field]}”有 {len(text)} 个字，最多 {LONGEST.get(field, 500)} 个")
        elif any(unicodedata.category(sign) in ("Cc", "Cs", "Co") for sign in text) or "\ufffd" in text:
            faults.append(f"“{NAMED[field]}”含有无法辨认的字符；请核对文件编码")
    if isinstance(number, int | float) and abs(number) >= EXACT:
        faults.append("“证件编号”被表格软件存成了数字，末位已经失真；请把该列设为文本后重填")
    elif re.search(r"\s", texts.get("number", "")):
        faults.append("“证件编号”中间有空格；请去掉")
    return faults


def period_of(cells: Mapping[str, Any], reasons: list[str]) -> tuple[date | None, date | None]:
    """First and last day of the certificate, from one column or two; what is missing or wrong joins `reasons`."""
    before = len(reasons)
    whole = text_of(cells.get("validity", ""))
    ends = [found.group() for found in DATE.finditer(whole)]
    given = dict(cells)
    if len(ends) == 2:
        given["valid_from"], given["valid_until"] = ends
    elif whole and not text_of(given.get("valid_until", "")):
        given["valid_until"] = cells["validity"]
    valid_from = date_of("valid_from", given, reasons)
    valid_until = date_of("valid_until", given, reasons)
    if len(reasons) == before:
        if valid_from is None or valid_until is None:
            reasons.append("“证件有效期”不全；请写明起止日期，如 2024-03-01至2029-02-28")
        elif valid_until < valid_from:
            reasons.append(f"“证件有效期”止于{cn_day(valid_until)}，早于起日{cn_day(valid_from)}")
    return valid_from, valid_until


def date_of(field: str, cells: Mapping[str, Any], reasons: list[str]) -> date | None:
    """The day in a cell, None for an empty one; a cell that is no day joins `reasons`."""
    value = cells.get(field)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value)
    if not text:
        return None
    match = DATE.fullmatch(text)
    if match:
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            reasons.append(f"“{NAMED[field]}”{text} 不是真实存在的日期")
            return None
    reasons.append(f"“{NAMED[field]}”{text[:30]} 看不懂；请写成 2029-02-28 的样子")
    return None


def cells_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The known columns of a row by field name. Unknown columns are left out; of two of one meaning the fuller wins."""
    cells: dict[str, Any] = {}
    for header, value in raw.items():
        plain = re.sub(r"[（(].*?[)）]|\s|[*＊:：]", "", unicodedata.normalize("NFKC", str(header or "")))
        for field, spellings in HEADERS.items():
            if plain in spellings and not text_of(cells.get(field)):
                cells[field] = value
    return cells


def text_of(value: object) -> str:
    """A cell as text: no blanks at the ends, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def parts_of(text: str) -> tuple[str, ...]:
    """What a cell lists, in its order, each once."""
    return tuple(dict.fromkeys(part for part in re.split(r"[、，,;；/|\s]+", text) if part))


def is_code(text: str) -> bool:
    """A code of GB/T 2260 (6 digits) or GB/T 10114 (9), or the statistical 12."""
    return len(text) in (6, 9, 12) and text.isascii() and text.isdigit()
