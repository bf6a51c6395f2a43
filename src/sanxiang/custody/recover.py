"""After a restore: which entries of the logs the database lacks, and how their leaves come back (trust.md §1.3 I7).

A leaf says which act it was, of which subject, in which role and when, and commits to the rest without telling it; that of a
look says when. Brought back verbatim it completes the tree, so that the log goes on as one history; what was said is lost
with the database.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from sanxiang.custody import places, recover_rows
from sanxiang.custody.outside import (
    NOBODY,
    Sight,
    Source,
    Unusable,
    ask,
    heard,
    in_policy,
    inside,
    logs_since,
    own_files,
    sights_of,
    unheard,
    witnesses,
)
from sanxiang.custody.recover_rows import Missing
from sanxiang.door.log.installation import LABELS, record
from sanxiang.ledger.export import own_lines
from sanxiang.ledger.halt import WITNESS, halted, sentence
from sanxiang.ledger.logs import ACTS_ROW, Log, log_of
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.models import Sequence as Row
from sanxiang.ledger.sequencer import advance, frontier, locked, state_of
from sanxiang.ledger.tlog.leaf_form import read_leaf
from sanxiang.ledger.tlog.note import Checkpoint as Head
from sanxiang.ledger.tlog.tree import frontier_root, grow, leaf_hash
from sanxiang.ledger.verify import RECOVERED, RECOVERED_LOOKS

WITNESS_WRONG = "witness-wrong"
CONFIRMED = "nobody-saw-more"
"""The act of the installation by which an operator says that there is nobody to ask."""


class Busy(Exception):
    """Another process is giving out indexes; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Lack:
    """What is missing of one log: the entries whose leaves were found, and how many are known to exist at all."""

    log: Log
    inside: int
    outside: int
    missing: list[Missing] = field(default_factory=list)
    source: str = ""
    head: Head | None = None
    note: str = ""

    @property
    def unknown(self) -> tuple[int, int] | None:
        """First and last index of the entries of which nobody has given the leaf; None where there are none."""
        first = self.inside + len(self.missing)
        return (first, self.outside - 1) if first < self.outside else None


@dataclass(frozen=True)
class Found:
    """What everybody said, and what is missing: of the acts' log first, then of each year's looks."""

    sights: list[Sight]
    lacks: list[Lack]


def lack(named: Sequence[Source], wrong: str = "") -> Found:
    """Ask everybody, and read the leaves that the database has not; what the `wrong` witness said no longer counts.
    Raises Unusable, keys.Unsound."""
    logs, sources = logs_since(), [one.once() for one in (own_files(), *named)]
    for source in sources[1:]:
        if not source.top():
            raise Unusable(f"{source.name}里没有检查点（checkpoint 文件），请核对地址")
    sights = [*heard(wrong), *(one for source in sources for one in sights_of(source, logs))]
    sights += map(ask, witnesses())
    sights += unheard(sights)
    lacks = [_lack(log, sources, [one for one in sights if one.log == log.row]) for log in logs]
    return Found(sights, lacks)


def _lack(log: Log, sources: Iterable[Source], sights: list[Sight]) -> Lack:
    own = inside(log)
    outside = max([own, *(one.size for one in sights)])
    best: tuple[Source, Head, str, list[bytes]] | None = None
    for source in sources:
        if source.below(log) is None:
            continue
        head, note = source.head(log)
        leaves = source.leaves(log, own, head.size) if source.tiles and head.size > own else None
        if leaves and (best is None or head.size > best[1].size):
            best = (source, head, note, leaves)
    if best is None or any(one.fork for one in sights):
        return Lack(log, own, outside)
    source, head, note, leaves = best
    _check(log, source, head, leaves)
    return Lack(log, own, outside, list(_read(log, source, own, leaves)), source.name, head, note)


def _check(log: Log, source: Source, head: Head, leaves: list[bytes]) -> None:
    """Nothing is believed but what gives the root that we signed ourselves."""
    state = Row.objects.filter(id=log.row).first() or Row(id=log.row)
    grown = grow(frontier(state, "sha256"), (leaf_hash(leaf) for leaf in leaves))
    if frontier_root(grown) != head.root:
        raise Unusable(f"{source.name}的{log.name}第 {state.size} 条起的条目算不出它的检查点签过的根值：条目包有损坏，"
                       "或者它与本数据库的历史不同。请换一份完好的账本文件")  # fmt: skip


def _read(log: Log, source: Source, first: int, leaves: list[bytes]) -> Iterator[Missing]:
    try:
        told = [read_leaf(leaf) for leaf in leaves]
        ids = [uuid.UUID(one["id"]) for one in told]
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{source.name}里有读不懂的条目（{error}）") from error
    known = recover_rows.known(log, ids)
    for at, (leaf, one, key) in enumerate(zip(leaves, told, ids, strict=True)):
        if key in known and known[key] != leaf_hash(leaf).hex():
            raise Unusable(
                f"{log.name}第 {first + at} 条（{key}）与数据库里的同一条内容不同，请运行 sanxiang ledger verify 查明"
            )
        yield Missing(first + at, leaf, one, key in known)


def accept(found: Found) -> dict[int, int]:
    """Bring in the missing entries that were found, each log in one transaction, with the checkpoint that was signed over
    them and an act that names them. How many contents are lost, by the log's row. Raises Busy, Overtaken."""
    return {one.log.row: _accept(one) for one in found.lacks if one.head is not None}


def _accept(found: Lack) -> int:
    log, head = found.log, found.head
    assert head is not None
    lost = [one for one in found.missing if not one.known]
    with transaction.atomic():
        if not locked():
            raise Busy("另一个进程正在编号，请稍后再运行一次")
        state = state_of(log)
        recover_rows.put(log, found.missing)
        advance(log, state, [one.leaf for one in found.missing])
        Checkpoint.objects.filter(log=log.row, size=head.size).update(note=own_lines(found.note))
        told = {"first": found.inside, "last": head.size - 1, "root": head.root.hex(), "source": found.source}
        ids = [one.told["id"] for one in lost]
        if log.row == ACTS_ROW:
            record(RECOVERED, LABELS[RECOVERED], {"acts": ids, **told})
        else:
            record(RECOVERED_LOOKS, LABELS[RECOVERED_LOOKS], {"looks": ids, "year": log.row, **told})
    return len(lost)


def confirm(found: Found) -> Found:
    """An operator says, in an act of the installation, that nobody else has seen more of the logs of which nobody could be
    asked; what was found, without the question."""
    alone = [one.log for one in found.sights if one.source == NOBODY and halted(log_of(one.log))]
    if alone:
        sizes = {log_of(row).origin: inside(log_of(row)) for row in alone}
        record(CONFIRMED, LABELS[CONFIRMED], {"logs": sizes})
    answered = [Sight(CONFIRMED_BY, inside(log_of(row)), log=row) for row in alone]
    return Found([*(one for one in found.sights if one.source != NOBODY), *answered], found.lacks)


CONFIRMED_BY = "运维人员的确认"


def dismiss(name: str) -> None:
    """An operator says, in an act of the installation, that the log stands still by a witness's error. Raises Unusable.

    It must have left the policy before: whose lines strangers ask for may not be held to be wrong here.
    """
    told = halted()
    if told is None or told.get("unasked") or told["source"] != f"{WITNESS}{name}":
        why = sentence(told) if told else "办理账本没有停止签名"
        raise Unusable(f"账本不是因为见证人 {name} 停下的，不需要这一步：{why}")
    if name in in_policy():
        raise Unusable(
            f"见证人 {name} 还写在数据目录的 policy 里。查清是它错了的，先把它那一行删掉（quorum 也要改），再运行一次"
        )
    said = {"witness": name, "seen": told["outside"], "inside": inside(), "halted_at": told["at"]}
    record(WITNESS_WRONG, LABELS[WITNESS_WRONG], said)


def seen_at_restore() -> list[str]:
    """The places that the operator named when the database was restored."""
    return [str(one) for one in places.diary().get("restored", {}).get("seen", [])]


def dumps(found: Found) -> dict[str, Any]:
    """Everything as plain values: the acts' log first, that of each year's looks under `looks`."""
    labels = recover_rows.labels({one.told["a"] for one in found.lacks[0].missing})
    acts, *looks = (_dumped(one, labels) for one in found.lacks)
    asked = [json.loads(json.dumps(vars(one))) for one in found.sights]
    return {**acts, "looks": [one for one in looks if one["outside"] or one["inside"]], "asked": asked}


def _dumped(found: Lack, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "log": found.log.row,
        "inside": found.inside,
        "outside": found.outside,
        "source": found.source,
        "missing": [one.as_json(labels) for one in found.missing],
        "unknown": list(found.unknown) if found.unknown else [],
    }
