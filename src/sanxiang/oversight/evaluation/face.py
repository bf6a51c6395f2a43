"""案卷卷面: the face of a bound file as an archivist looks at it: forms, blanks, number, cover, catalogue, order, page numbers. Pure.

Asked of a file that is bound, and of the catalogue as it was bound; `again` is the same file arranged by the law's order today.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sanxiang.law.casefile import MAIN, PARTS, SUB
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.oversight.evaluation.yardsticks import Flaw

STEP = "案卷卷面"
SHEETS = {"cover": "file-cover", "index": "file-index"}
Rows = Mapping[str, list[Mapping[str, Any]]]


def faced(pack: Pack, state: State, again: Rows, taken: str = "") -> Iterator[Flaw]:
    """What is wrong on the face of this file; nothing of one that is not bound. `taken`: another file with its archive number."""
    kept = state.get("file") or {}
    if MAIN not in kept:
        return
    cite = str(pack.acts["archive"].citation)
    found = [
        *forms(pack, state),
        *blanks(kept),
        *number(state, taken),
        *sheets(state, kept),
        *order(kept, again),
        *pages(kept),
    ]
    for rule, text, cure in found:
        yield Flaw(f"face:{rule}", "face", cite, text, cure, 0, STEP)


Told = tuple[str, str, str]
"""The rule, what is wrong, what cures it."""


def forms(pack: Pack, state: State) -> Iterator[Told]:
    """Every paper is on a form that the pack prescribes."""
    for kind, paper in state["papers"].items():
        if kind not in pack.papers and paper.get("id"):
            yield "format", f"“{kind}”不是规定格式的文书", "改用规定的文书格式"


def blanks(kept: Rows) -> Iterator[Told]:
    """Each line of the catalogue says what it is and of which day."""
    for part in PARTS:
        for row in kept.get(part, ()):
            lacking = [label for name, label in (("title", "题名"), ("on", "日期")) if not row.get(name)]
            if lacking:
                text = f"{PARTS[part]}目录“{row.get('title') or row['ref']}”没有填写{'、'.join(lacking)}"
                yield "filled", text, "补填并说明"


def number(state: State, taken: str) -> Iterator[Told]:
    """One case, one file, one number."""
    own = str(state["facts"].get("archive_no") or "")
    if not own:
        yield "one", "案卷没有档号", "编定档号"
    if own and taken:
        yield "one", f"档号“{own}”又用于{taken}", "另编一个档号"


def sheets(state: State, kept: Rows) -> Iterator[Told]:
    """Cover and catalogue of each part that has anything in it."""
    for part, tail in ((MAIN, ""), (SUB, "-sub")):
        for rule, kind in SHEETS.items():
            if kept.get(part) and not (state["papers"].get(f"{kind}{tail}") or {}).get("id"):
                label = "卷宗封面" if rule == "cover" else "卷内文件目录"
                yield rule, f"{PARTS[part]}没有{label}", f"补作{label}"


def order(kept: Rows, again: Rows) -> Iterator[Told]:
    """Things stand in the order in which the law wants them."""
    for part in PARTS:
        there = [str(row["ref"]) for row in kept.get(part, ())]
        wanted = [str(row["ref"]) for row in again.get(part, ()) if str(row["ref"]) in there]
        if [ref for ref in there if ref in wanted] != wanted:
            yield "order", f"{PARTS[part]}的材料没有按规定的顺序排列", "按规定的顺序重新立卷"


def pages(kept: Rows) -> Iterator[Told]:
    """Pages run from 1 without a gap, and the catalogue prints the numbers that they bear."""
    for part in PARTS:
        page = 1
        for row in kept.get(part, ()):
            first, count = int(row["first"]), int(row["count"])
            last = first + count - 1
            printed = "" if not count else str(first) if last == first else f"{first}-{last}"
            if count and first != page:
                yield (
                    "numbered",
                    f"{PARTS[part]}“{row['title']}”应从第{page}页起，编为第{first}页",
                    "重新编页",
                )
            if row.get("pages", printed) != printed:
                yield (
                    "index",
                    f"{PARTS[part]}目录“{row['title']}”的页号是{row['pages']}，应为{printed}",
                    "更正目录",
                )
            page = first + count
