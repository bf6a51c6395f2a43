"""What differs between two versions of a list: entries that came, went, or say something else."""

from collections.abc import Iterable
from dataclasses import dataclass

from sanxiang.law.lists import Row, cell
from sanxiang.law.registers.kinds import KEYS, name_of


@dataclass(frozen=True)
class Changed:
    """One column of one entry, before and after."""

    entry: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Differences:
    """Between two versions."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Changed, ...]

    @property
    def told(self) -> str:
        """In a line."""
        many = len({one.entry for one in self.changed})
        parts = ((len(self.added), "新增"), (len(self.removed), "删除"), (many, "修改"))
        return "，".join(f"{word} {n} 项" for n, word in parts if n) or "内容没有变化"


def differences(kind: str, old: Iterable[Row], new: Iterable[Row]) -> Differences:
    """Old against new. An entry is the same where its code is, else its name; a third of the same name is a third entry."""
    was, now = keyed(kind, old), keyed(kind, new)
    changed = [
        Changed(name_of(kind, now[key]), column, said(was[key], column), said(now[key], column))
        for key in now
        if key in was
        for column in dict.fromkeys((*was[key], *now[key]))
        if said(was[key], column) != said(now[key], column)
    ]
    added = tuple(name_of(kind, row) for key, row in now.items() if key not in was)
    removed = tuple(name_of(kind, row) for key, row in was.items() if key not in now)
    return Differences(added, removed, tuple(changed))


def keyed(kind: str, rows: Iterable[Row]) -> dict[tuple[str, int], Row]:
    """Rows by what identifies them, and by how often that came before."""
    found: dict[tuple[str, int], Row] = {}
    for row in rows:
        key, times = cell(row, KEYS.get(kind, ())) or name_of(kind, row), 0
        while (key, times) in found:
            times += 1
        found[key, times] = row
    return found


def said(row: Row, column: str) -> str:
    """What a column says; "" where it is not there."""
    value = row.get(column)
    return "" if value is None else str(value)
