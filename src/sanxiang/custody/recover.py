"""After a restore: which entries of the log the database lacks, and how their leaves come back (trust.md §1.3 I7).

A leaf says which act it was, of which subject, in which role and when, and commits to the rest without telling it. Brought
back verbatim it completes the tree, so that the log goes on as one history; what the act said is lost with the database.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from sanxiang.custody.outside import (
    Sight,
    Source,
    Unusable,
    ask,
    heard,
    inside,
    judge,
    own_files,
    sight_of,
    witnesses,
)
from sanxiang.door.installation import record
from sanxiang.ledger.export import own_lines
from sanxiang.ledger.leaf_form import read_leaf
from sanxiang.ledger.logs import ACTS, ACTS_ROW
from sanxiang.ledger.models import Act, Checkpoint, Entry, Pending
from sanxiang.ledger.models import Sequence as Row
from sanxiang.ledger.note import Checkpoint as Head
from sanxiang.ledger.sequencer import advance, frontier, locked
from sanxiang.ledger.tree import frontier_root, grow, leaf_hash
from sanxiang.ledger.verify import LOST, LOST_LABEL, RECOVERED

BATCH = 500


class Busy(Exception):
    """Another process is giving out indexes; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Missing:
    """An entry that the database lacks, as its leaf tells it. `known`: the act is here and only waits for its place."""

    index: int
    leaf: bytes
    told: dict[str, Any]
    known: bool

    def as_json(self) -> dict[str, Any]:
        """For the operator."""
        leaf = self.told
        return {
            "index": self.index, "act": leaf["id"], "subject": leaf["c"], "n": leaf["n"],
            "name": leaf["a"], "role": leaf["r"], "at": leaf["at"], "known": self.known,
        }  # fmt: skip


@dataclass(frozen=True)
class Lack:
    """What is missing: the sights, the entries whose leaves were found, and how many entries are known to exist at all."""

    sights: list[Sight]
    inside: int
    outside: int
    missing: list[Missing]
    source: str = ""
    head: Head | None = None
    note: str = ""

    @property
    def unknown(self) -> tuple[int, int] | None:
        """First and last index of the entries of which nobody has given the leaf; None where there are none."""
        first = self.inside + len(self.missing)
        return (first, self.outside - 1) if first < self.outside else None


def lack(named: Sequence[Source]) -> Lack:
    """Ask everybody, and read the leaves that the database has not. Raises Unusable, keys.Unsound."""
    own = inside()
    sources = [source for source in (own_files(), *named) if source.read("checkpoint") is not None]
    for source in named:
        if source not in sources:
            raise Unusable(f"{source.name}里没有检查点（checkpoint 文件），请核对地址")
    sights = [*heard(), *map(sight_of, sources), *map(ask, witnesses())]
    outside = max([own, *(one.size for one in sights)])
    best: tuple[Source, Head, str, list[bytes]] | None = None
    for source in sources:
        head, note = source.head()
        leaves = source.leaves(own, head.size) if source.tiles and head.size > own else None
        if leaves and (best is None or head.size > best[1].size):
            best = (source, head, note, leaves)
    if best is None or any(one.fork for one in sights):
        return Lack(sights, own, outside, [])
    source, head, note, leaves = best
    _check(source, head, leaves)
    return Lack(sights, own, outside, list(_read(source, own, leaves)), source.name, head, note)


def _check(source: Source, head: Head, leaves: list[bytes]) -> None:
    """Nothing is believed but what gives the root that we signed ourselves."""
    state = Row.objects.filter(id=ACTS_ROW).first() or Row(id=ACTS_ROW)
    grown = grow(frontier(state, "sha256"), (leaf_hash(leaf) for leaf in leaves))
    if frontier_root(grown) != head.root:
        raise Unusable(f"{source.name}第 {state.size} 条起的条目算不出它的检查点签过的根值：条目包有损坏，"
                       "或者它与本数据库的历史不同。请换一份完好的账本文件")  # fmt: skip


def _read(source: Source, first: int, leaves: list[bytes]) -> Iterator[Missing]:
    try:
        told = [read_leaf(leaf) for leaf in leaves]
        ids = [uuid.UUID(one["id"]) for one in told]
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{source.name}里有读不懂的条目（{error}）") from error
    known = dict(Act.objects.filter(id__in=ids).values_list("id", "leaf_hash"))
    for at, (leaf, one, key) in enumerate(zip(leaves, told, ids, strict=True)):
        if key in known and known[key] != leaf_hash(leaf).hex():
            raise Unusable(
                f"第 {first + at} 条（{key}）与数据库里的同一办理动作内容不同，请运行 sanxiang ledger verify 查明"
            )
        yield Missing(first + at, leaf, one, key in known)


def accept(found: Lack) -> int:
    """Bring the missing entries in, in one transaction, with the checkpoint that was signed over them and an act that
    names them; then sign again, if nobody has seen more. How many acts' contents are lost. Raises Busy, Overtaken."""
    head = found.head
    if head is None:
        return 0
    lost = [one for one in found.missing if not one.known]
    with transaction.atomic():
        if not locked():
            raise Busy("另一个进程正在编号，请稍后再运行一次")
        state = Row.objects.filter(id=ACTS_ROW).first() or Row.objects.create(id=ACTS_ROW, origin=ACTS.origin)
        Act.objects.bulk_create([_act(one) for one in lost], batch_size=BATCH)
        entries = [
            Entry(idx=one.index, act_id=one.told["id"], leaf_hash=leaf_hash(one.leaf).hex())
            for one in found.missing
        ]
        Entry.objects.bulk_create(entries, batch_size=BATCH)
        for at in range(0, len(found.missing), BATCH):
            Pending.objects.filter(
                act__in=[one.told["id"] for one in found.missing[at : at + BATCH]]
            ).delete()
        advance(ACTS, state, [one.leaf for one in found.missing])
        Checkpoint.objects.filter(log=ACTS_ROW, size=head.size).update(note=own_lines(found.note))
        told = {"acts": [one.told["id"] for one in lost], "first": found.inside, "last": head.size - 1}
        record(
            RECOVERED, "补回恢复时缺失的账本条目", {**told, "root": head.root.hex(), "source": found.source}
        )
    judge(found.sights)
    return len(lost)


def _act(one: Missing) -> Act:
    """The row of an act of which only the leaf is left. It belongs to no chain: what its subject says now may go on without it."""
    leaf, key = one.told, uuid.UUID(one.told["id"])
    return Act(
        id=key, kind=LOST, subject=key, n=1, name=leaf["a"], label=LOST_LABEL,
        at=datetime.fromisoformat(leaf["at"]), on=leaf["at"][:10], by=None, by_name="", role=leaf["r"],
        leaf=one.leaf, leaf_hash=leaf_hash(one.leaf).hex(),
    )  # fmt: skip


def dumps(found: Lack) -> dict[str, Any]:
    """Everything as plain values."""
    return {
        "inside": found.inside,
        "outside": found.outside,
        "source": found.source,
        "missing": [one.as_json() for one in found.missing],
        "unknown": list(found.unknown) if found.unknown else [],
        "asked": [json.loads(json.dumps(vars(one))) for one in found.sights],
    }
