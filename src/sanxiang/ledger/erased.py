"""What was erased by law stays erased after a restore: a list beside the database, without values (trust.md §1.5, R8).

A backup made before an erasure still has the value. Whoever restores it applies this list; therefore a copy of it belongs
wherever backups are kept.
"""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from sanxiang.ledger.files import held, sync, write

FILE = "erasures.jsonl"
MORE = ("what", "label", "basis", "on")


class Unreadable(ValueError):
    """A line of the list that is none; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Erasure:
    """Openings of one act that were erased, and the act that ordered it; of which case, what of it by its key, and how the case
    remembers it. Lists of the first releases have no more than the openings."""

    act: uuid.UUID
    names: tuple[str, ...]
    by: uuid.UUID
    case: uuid.UUID | None = None
    what: str = ""
    label: str = ""
    basis: str = ""
    on: str = ""

    def line(self) -> str:
        """As it stands in the list."""
        told: dict[str, Any] = {"act": str(self.act), "names": list(self.names), "by": str(self.by)}
        if self.case:
            told |= {"case": str(self.case), **{name: getattr(self, name) for name in MORE}}
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


def place() -> Path:
    """Where the list lies."""
    data: Path = settings.DATA
    return data / FILE


def add(erasures: Iterable[Erasure]) -> None:
    """Put into the list what it does not have yet. An empty list is one too: it says that nothing was erased."""
    file = place()
    with held(file.with_suffix(".lock")):
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        known = set(text.splitlines())
        fresh = [line for line in dict.fromkeys(one.line() for one in erasures) if line not in known]
        if fresh or not file.exists():
            write(file, (text + "".join(f"{line}\n" for line in fresh)).encode())
            sync(file.parent)


def listed(file: Path | None = None) -> Iterator[Erasure]:
    """The list, or another one; nothing where there is none. Raises Unreadable, OSError."""
    source = file or place()
    if file is None and not source.exists():
        return
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            case = uuid.UUID(told["case"]) if told.get("case") else None
            more = {name: str(told.get(name, "")) for name in MORE}
            names = tuple(map(str, told["names"]))
            yield Erasure(uuid.UUID(told["act"]), names, uuid.UUID(told["by"]), case, **more)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(f"删除清单 {source} 第 {number} 行读不懂，请换用完好的一份") from error
