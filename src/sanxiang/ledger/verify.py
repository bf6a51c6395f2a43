"""Recompute everything and name the first thing that does not fit (trust.md §1.3 invariants I1 to I3)."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sanxiang.ledger.disclosure import field_digest
from sanxiang.ledger.jcs import canonical
from sanxiang.ledger.models import Act, Entry, Opening, Pending, Sequence
from sanxiang.ledger.tree import leaf_hash


@dataclass(frozen=True)
class Fault:
    """Something that does not fit: which thing, and how."""

    what: str
    where: str
    why: str

    def as_json(self) -> dict[str, str]:
        """Plain values."""
        return {"what": self.what, "where": self.where, "why": self.why}


@dataclass(frozen=True)
class Subject:
    """What the rows of another room say about one subject, to be held against its chain."""

    id: str
    n: int
    head: str
    state_digest: str | None = None
    label: str = ""


def verify(
    subjects: Iterable[Subject], checks: Iterable[Callable[[], Iterator[Fault]]] = ()
) -> Iterator[Fault]:
    """Every fault found: entries, chains, openings, then the rows of other rooms, then their own checks."""
    heads: dict[str, tuple[int, str, str | None, str]] = {}
    yield from check_acts(heads)
    yield from check_sequence()
    yield from check_subjects(subjects, heads)
    for check in checks:
        yield from check()


def check_acts(heads: dict[str, tuple[int, str, str | None, str]]) -> Iterator[Fault]:
    """Each act's leaf hashes to what is recorded, says what its columns say, and follows its subject's last leaf."""
    acts = Act.objects.order_by("subject", "n").iterator(chunk_size=2000)
    for batch in _batches(acts, 1000):
        openings = _openings([a.id for a in batch])
        for act in batch:
            yield from _check_act(act, openings.get(act.id, []), heads)


def _batches(acts: Iterable[Act], size: int) -> Iterator[list[Act]]:
    batch: list[Act] = []
    for act in acts:
        batch.append(act)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _openings(ids: list[Any]) -> dict[Any, list[Opening]]:
    found: dict[Any, list[Opening]] = {}
    for opening in Opening.objects.filter(act_id__in=ids):
        found.setdefault(opening.act_id, []).append(opening)
    return found


def _check_act(
    act: Act, openings: list[Opening], heads: dict[str, tuple[int, str, str | None, str]]
) -> Iterator[Fault]:
    where = f"{act.kind} {act.subject} 第{act.n}步“{act.label}”（{act.id}）"
    data = bytes(act.leaf)
    if leaf_hash(data).hex() != act.leaf_hash:
        yield Fault("act", where, "叶子内容与记录的哈希不符")
        return
    leaf = json.loads(data)
    if canonical(leaf) != data:
        yield Fault("act", where, "叶子不是规范形式")
    told = {"a": act.name, "c": str(act.subject), "id": str(act.id), "n": act.n, "r": act.role}
    different = [key for key, value in told.items() if leaf.get(key) != value]
    if leaf.get("at", "")[:19] != act.at.strftime("%Y-%m-%dT%H:%M:%S"):
        different.append("at")
    if different:
        yield Fault("act", where, f"数据库里的{'、'.join(different)}与叶子不同")
    before = heads.get(str(act.subject), (0, "", None, ""))
    if act.n != before[0] + 1 or leaf.get("p") != before[1]:
        yield Fault("chain", where, "与上一步的链接断开")
    state = None
    for opening in openings:
        if opening.erased_by is None:
            if field_digest(opening.salt, opening.name, opening.value) not in leaf["d"]:
                yield Fault("opening", f"{where} 的“{opening.name}”", "内容与叶子里的摘要不符")
            state = opening.value if opening.name == "state" else state
            yield from _check_columns(act, opening, where)
    heads[str(act.subject)] = (act.n, act.leaf_hash, state, where)


def _check_columns(act: Act, opening: Opening, where: str) -> Iterator[Fault]:
    """The columns that lists show are what the act committed to."""
    columns: dict[str, Any] = {
        "act.by": str(act.by or ""),
        "act.by_name": act.by_name,
        "act.label": act.label,
    }
    columns |= {"act.on": act.on, "act.back_dated": act.back_dated}
    if opening.name in columns and columns[opening.name] != opening.value:
        yield Fault("act", where, f"{opening.name.removeprefix('act.')}与叶子里的摘要不符")


def check_sequence() -> Iterator[Fault]:
    """Indexes run from 0 without a gap; every act has exactly one place or is pending."""
    state = Sequence.objects.filter(id=1).first()
    size = state.size if state else 0
    expected = 0
    rows = (
        Entry.objects.order_by("idx")
        .values_list("idx", "leaf_hash", "act__leaf_hash", "act_id")
        .iterator(chunk_size=5000)
    )
    for idx, digest, own, act in rows:
        if idx != expected:
            yield Fault("sequence", f"条目 {expected}", "序号有缺口")
            expected = idx
        if digest != own:
            yield Fault("sequence", f"条目 {idx}（{act}）", "条目的哈希与办理动作不同")
        expected += 1
    if expected != size:
        yield Fault("sequence", "台账规模", f"应有 {size} 条，实有 {expected} 条")
    lost = Act.objects.filter(entry=None, pending=None).values_list("id", "label")[:10]
    yield from (Fault("sequence", f"{label}（{act}）", "既没有序号也没有在排队") for act, label in lost)
    twice = Pending.objects.filter(act__entry__isnull=False).values_list("act_id", flat=True)[:10]
    yield from (Fault("sequence", str(act), "已有序号却还在排队") for act in twice)


def check_subjects(
    subjects: Iterable[Subject], heads: dict[str, tuple[int, str, str | None, str]]
) -> Iterator[Fault]:
    """The rows stand where their chains ended, and their state is the one that the last act committed to."""
    seen = set()
    for subject in subjects:
        seen.add(subject.id)
        n, head, state, where = heads.get(subject.id, (0, "", None, ""))
        if (subject.n, subject.head) != (n, head):
            yield Fault("row", subject.label or subject.id, f"停在第 {subject.n} 步，台账记到第 {n} 步")
        elif subject.state_digest is not None and state is not None and subject.state_digest != state:
            yield Fault("row", subject.label or subject.id, f"内容与最后一步记录的状态不符（{where}）")
    for missing in sorted(set(heads) - seen):
        yield Fault("row", heads[missing][3], "台账里有这个对象，数据库里没有")
