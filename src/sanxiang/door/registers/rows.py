"""What is wrong with rows of a list, each by its number with what to do; and what is worth knowing but stops nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.door.admin.rules import unmet
from sanxiang.door.pinned import current
from sanxiang.door.registers.open_words import ARTICLE, CURE, rows_unclean
from sanxiang.law.blocks import Citation
from sanxiang.law.drawing import pool
from sanxiang.law.drawing.ratio import CAPS, cap_fault
from sanxiang.law.guards import Verdict
from sanxiang.law.lists import LEAST, MOST, Row, amount_of, cell
from sanxiang.law.packs import Pack
from sanxiang.law.recording import metadata
from sanxiang.law.registers.bases import basis_of
from sanxiang.law.registers.figures import ratio_of, yearly_of
from sanxiang.law.registers.kinds import (
    CODE,
    ITEMS,
    NAMING,
    POWER_CODE,
    POWERS,
    RANDOM,
    RATIO,
    TIMES,
    citation_of,
    columns_of,
    name_of,
)
from sanxiang.people.models import Agency
from sanxiang.registers.before import guides
from sanxiang.registers.releases import rows_in_force

RANGE_CURE = "填写以元为单位的数，如 20000 或者 2万；没有下限或者上限的，那一格留空"
FIGURES = {
    RATIO: (ratio_of, "写成能够核对的比例，如 5%、百分之五、全部"),
    TIMES: (yearly_of, "写成能够核对的频次，如 每年一次、每半年2次"),
}
ENTRUSTED, AGREEMENT = "受委托组织基本信息", "委托执法协议"
MOST_ROWS = 5000
MOST_TOLD = 20


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row, and what to do about it."""

    number: int
    text: str
    cure: str


def row_faults(pack: Pack, kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Verdict]:
    """What is wrong with single rows, as the door says it; so many as anybody reads."""
    verdicts: list[Verdict] = []
    if len(rows) > MOST_ROWS:
        verdicts.append(
            unmet("rows", basis_of(kind), f"有 {len(rows)} 行，最多 {MOST_ROWS} 行", "分成几份清单发布")
        )
    asked = citation_of(pack, kind) if pack.listed(kind).get("required") else None
    verdicts += [
        unmet(f"row:{one.number}", asked or basis_of(kind), f"第 {one.number} 行{one.text}", one.cure)
        for one in faults_of(pack, kind, rows[:MOST_ROWS])
    ]
    verdicts += [
        unmet(f"row:{number}", ARTICLE, f"第 {number} 行{text}", CURE)
        for number, text in rows_unclean(kind, rows[:MOST_ROWS])
    ]
    return told_few(verdicts, basis_of(kind))


def faults_of(
    pack: Pack, kind: str, rows: Sequence[Mapping[str, Any]], numbers: Sequence[int] = ()
) -> Iterator[Fault]:
    """Every fault of every row: demanded columns that are blank, the same matter twice, figures that are none.

    `numbers` are those of the file that the rows come from; else they are counted from one.
    """
    columns = columns_of(pack, kind)
    demanded = tuple(name for name, needed in columns if needed)
    naming = NAMING.get(kind, ())
    seen: dict[str, int] = {}
    for number, row in zip(numbers or range(1, len(rows) + 1), rows, strict=True):
        lacking = [
            name
            for name in demanded
            if not any(row.get(k) for k in (naming if name in naming else guides.alike(name)))
        ]
        if lacking:
            yield Fault(number, f"没有填写“{'、'.join(lacking)}”", "补填后重新提交")
        named = cell(row, naming)
        if kind == ITEMS and named and seen.setdefault(named, number) != number:
            yield Fault(number, f"“{named}”与第 {seen[named]} 行重复", "删去其中一行")
        if kind == guides.KIND and (plain := guides.plain_fault(pack, row)):
            yield Fault(number, plain, guides.PLAIN_CURE)
        yield from (Fault(number, text, cure) for text, cure in cell_faults(kind, row, demanded))


def cell_faults(kind: str, row: Row, demanded: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What single cells say that nothing can be made of, with what to do."""
    if kind == metadata.STANDARD and (words := metadata.unknown_fields(row)):
        fields = "、".join(metadata.FIELDS.values())
        yield (
            f"的“{metadata.CAPTURE}”里的“{'、'.join(words)}”不是上传时能够填写的信息",
            f"写{fields}中的一项或者几项，用顿号隔开",
        )
    if kind == "subjects" and row.get(ENTRUSTED) and not row.get(AGREEMENT):
        yield f"写了“{ENTRUSTED}”，没有填写“{AGREEMENT}”", "写明委托执法协议的编号和期限；没有协议的不能委托"
    if fault := library_fault(kind, row):
        yield fault, "改正这一行再提交"
    yield from ((fault, RANGE_CURE) for fault in range_faults(row))
    for name, (read, cure) in FIGURES.items() if kind == RANDOM else ():
        if name in demanded and row.get(name) and read(str(row[name])) is None:
            yield f"“{name}”写的“{str(row[name])[:20]}”看不出数", cure


def library_fault(kind: str, row: Row) -> str:
    """What keeps a row of the two libraries of 双随机 from being drawn, or a cap from being counted against."""
    judges = {CAPS: cap_fault, pool.OBJECTS: pool.object_fault, pool.INSPECTORS: pool.inspector_fault}
    judge = judges.get(kind)
    return judge(row) if judge else ""


def range_faults(row: Row) -> Iterator[str]:
    """What keeps a row's range of fines from being held against a decision; nothing where it can be, or states none."""
    told = {name: cell(row, (name,)) for name in (LEAST, MOST)}
    sums = {name: amount_of(text) for name, text in told.items()}
    for name, text in told.items():
        if text and sums[name] is None:
            yield f"“{name}”写的“{text[:20]}”不是金额"
    least, most = sums[LEAST], sums[MOST]
    if least is not None and most is not None and least > most:
        yield f"罚款下限 {told[LEAST]} 大于罚款上限 {told[MOST]}"


def told_few(verdicts: list[Verdict], basis: Citation) -> list[Verdict]:
    """So many as anybody reads, and how many more there are: a list pasted twice has thousands."""
    if len(verdicts) <= MOST_TOLD:
        return verdicts
    fact = f"还有 {len(verdicts) - MOST_TOLD} 处同样的问题"
    return [*verdicts[:MOST_TOLD], unmet("rows", basis, fact, "逐行核对后重新提交")]


# What stops nothing.


def warnings_of(agency: Agency, kind: str, rows: list[dict[str, Any]], on: date) -> list[str]:
    """What is worth looking at before the list is public: links that lead nowhere, columns of the scheme left blank."""
    pack = current(agency.locality)
    blank: dict[str, list[int]] = {}
    for name in (str(one) for one in pack.listed(kind).get("fields", ())):
        if lacking := [number for number, row in enumerate(rows, 1) if not row.get(name)]:
            blank[name] = lacking
    found = [f"“{name}”没有填写：{numbered(lines)}" for name, lines in blank.items()]
    ours = {alike for name, _ in columns_of(pack, kind) for alike in (name, *guides.alike(name))}
    if strange := [name for name in dict.fromkeys(name for row in rows for name in row) if name not in ours]:
        found.append(f"这份清单没有这些栏目，请核对是不是写错了名称：{several(strange)}")
    if kind == ITEMS:
        found += unlinked(rows, POWER_CODE, rows_in_force(agency, POWERS, on), "权责清单")
    elif any(name == CODE for name, _ in columns_of(pack, kind)) or any(CODE in row for row in rows):
        known = rows_in_force(agency, ITEMS, on)
        found += unlinked([row for row in rows if row.get(CODE)], CODE, known, "行政执法事项清单")
    for name, (read, _) in FIGURES.items() if kind == RANDOM else ():
        odd = [n for n, row in enumerate(rows, 1) if row.get(name) and read(str(row[name])) is None]
        found += [f"“{name}”看不出数，不能同抽取结果核对：{numbered(odd)}"] if odd else []
    return found


def unlinked(
    rows: list[dict[str, Any]], column: str, known: list[dict[str, Any]] | None, where: str
) -> list[str]:
    """Rows that name no entry of another list, or one that is not there."""
    codes = {str(row.get(column)) for row in known or () if row.get(column)}
    bare = [name_of(ITEMS, row) for row in rows if not row.get(column)]
    astray = [f"{row[column]}" for row in rows if row.get(column) and str(row[column]) not in codes]
    found = [f"没有关联{where}的条目（{column}）：{several(bare)}"] if bare else []
    if astray:
        found.append(f"{where}里没有这些{column}：{several(astray)}")
    return found


def several(names: list[str]) -> str:
    """Some of them, and how many."""
    more = f"等 {len(names)} 项" if len(names) > MOST_TOLD else ""
    return "、".join(names[:MOST_TOLD]) + more


def numbered(lines: list[int]) -> str:
    """Rows by number."""
    more = f" 等 {len(lines)} 行" if len(lines) > MOST_TOLD else " 行"
    return f"第 {'、'.join(map(str, lines[:MOST_TOLD]))}{more}"
