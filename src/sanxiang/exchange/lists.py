"""Lists 清单 from tables: good rows become the draft, bad ones come back with their number, what is wrong and what to do."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanxiang.door.administer import administer
from sanxiang.door.pinned import current
from sanxiang.door.registers.rows import faults_of
from sanxiang.exchange.headers import plain
from sanxiang.exchange.reading import Row, Unusable, as_text, open_table
from sanxiang.law.packs import Pack
from sanxiang.law.registers.kinds import columns_of
from sanxiang.people.models import Agency, Person
from sanxiang.registers.models import Draft

NUMBER, WHAT, CURE = "行号", "问题", "怎么改"


@dataclass(frozen=True)
class Outcome:
    """What became of a table."""

    rows: int
    rejected: list[dict[str, Any]]
    draft: Draft | None


def load_list(
    path: Path, agency: Agency, kind: str, by: Person | None, note: str = "", channel: str = ""
) -> Outcome:
    """Keep the good rows as the draft of the list. Raises Unusable, Refused, Unreadable."""
    pack = current(agency.locality)
    columns = {plain(name): name for name, _ in columns_of(pack, kind)}
    table = list(open_table(path, columns.__contains__, list(columns.values())).rows)
    read = [(row, cells_of(row, columns)) for row in table]
    found = [(row, cells) for row, cells in read if cells or row.fault]
    wrong = reasons(pack, kind, found)
    good = [cells for row, cells in found if row.number not in wrong]
    bad = [
        {NUMBER: str(row.number), WHAT: wrong[row.number][0], CURE: wrong[row.number][1], **cells}
        for row, cells in found
        if row.number in wrong
    ]
    if not found:
        raise Unusable(f"{path.name} 里没有内容，请在栏目名称下面填写各行")
    told = {"kind": kind, "rows": good, "rejected": bad, "note": note}
    draft = administer("draft-register", agency, by, told, channel=channel) if good else None
    return Outcome(len(found), bad, draft)


def reasons(pack: Pack, kind: str, found: list[tuple[Row, dict[str, str]]]) -> dict[int, tuple[str, str]]:
    """By the number of each bad row what is wrong with it and what to do."""
    wrong = {row.number: ([row.fault], ["改好后重新上传"]) for row, _ in found if row.fault}
    numbers = [row.number for row, _ in found]
    for fault in faults_of(pack, kind, [cells for _, cells in found], numbers):
        texts, cures = wrong.setdefault(fault.number, ([], []))
        texts.append(fault.text)
        cures.append(fault.cure)
    return {
        number: ("；".join(texts), "；".join(dict.fromkeys(cures)))
        for number, (texts, cures) in wrong.items()
    }


def cells_of(row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    """One row with the columns under their own names; the three that an earlier run wrote beside it are left out."""
    texts = {str(header): as_text(value).strip() for header, value in row.cells.items()}
    named = {columns.get(plain(header), header): text for header, text in texts.items() if text and header}
    return {name: text for name, text in named.items() if name not in (NUMBER, WHAT, CURE)}


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Rejected rows as a table to take away, to be put right and uploaded again."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    target = io.StringIO()
    writer = csv.DictWriter(target, names)
    writer.writeheader()
    writer.writerows({name: guarded(row.get(name, "")) for name in names} for row in rows)
    return "\ufeff" + target.getvalue()


def guarded(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
