"""What was erased by law stays erased after a restore: a list beside the database, without values (trust.md §1.5, R8).

A backup made before an erasure still has the value. Whoever restores it applies this list; therefore a copy of it belongs
wherever backups are kept.
"""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from sanxiang.ledger.files import held, sync, write
from sanxiang.ledger.models import Act, Opening

FILE = "erasures.jsonl"


class Unreadable(ValueError):
    """A line of the list that is none; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Erasure:
    """Openings of one act that were erased, and the act that ordered it."""

    act: uuid.UUID
    names: tuple[str, ...]
    by: uuid.UUID

    def line(self) -> str:
        """As it stands in the list."""
        told = {"act": str(self.act), "names": list(self.names), "by": str(self.by)}
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


def place() -> Path:
    """Where the list lies."""
    data: Path = settings.DATA
    return data / FILE


def note(act_id: uuid.UUID, names: Iterable[str], by_act: uuid.UUID) -> None:
    """Keep that these openings of an act were erased by another. On disk when this returns: call it last in the transaction
    that erases, so that nothing is erased without standing here."""
    add([Erasure(act_id, tuple(names), by_act)])


def add(erasures: Iterable[Erasure]) -> None:
    """Put into the list what it does not have yet."""
    file = place()
    with held(file.with_suffix(".lock")):
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        known = set(text.splitlines())
        fresh = [line for line in dict.fromkeys(one.line() for one in erasures) if line not in known]
        if fresh:
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
            yield Erasure(uuid.UUID(told["act"]), tuple(map(str, told["names"])), uuid.UUID(told["by"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(f"删除清单 {source} 第 {number} 行读不懂，请换用完好的一份") from error


def replay(erasures: Iterable[Erasure] | None = None, instead: uuid.UUID | None = None) -> int:
    """Erase again what the list (or another one) names and the database still has; how many openings were erased.

    Where the act that ordered it is not in the database, `instead` stands for it: `verify` asks that there is one.
    """
    count = 0
    for one in listed() if erasures is None else erasures:
        known = instead is None or Act.objects.filter(id=one.by).exists()
        rows = Opening.objects.filter(act=one.act, name__in=one.names, erased_by=None)
        count += rows.update(salt="", value=None, erased_by=one.by if known else instead)
    return count
