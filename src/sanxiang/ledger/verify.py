"""Recompute everything and name the first thing that does not fit (trust.md §1.3 invariants I1 to I3)."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from sanxiang.ledger.access_row import LOST_LOOK, Access
from sanxiang.ledger.leaf import BY, RECORD, stamp
from sanxiang.ledger.models import Act, Entry, Opening, Pending, Sequence
from sanxiang.ledger.tlog.disclosure import field_digest
from sanxiang.ledger.tlog.fault import Fault as Fault
from sanxiang.ledger.tlog.jcs import canonical
from sanxiang.ledger.tlog.tree import leaf_hash


@dataclass(frozen=True)
class Subject:
    """What the rows of another room say about one subject, to be held against its chain."""

    id: str
    kind: str
    n: int
    head: str
    state_digest: str | None = None
    label: str = ""


@dataclass(frozen=True)
class Head:
    """Where a chain ends: its kind, its last number and hash, the state that the last act committed to."""

    kind: str
    n: int
    leaf_hash: str
    state: str | None
    where: str


Heads = dict[str, Head]

KEPT = ("state", "case", "pack", "act.", "paper:", "evidence:", "erased:")
"""Openings, by the beginning of their names, that hold digests and names of officials: no law asks for their erasure."""

ERASING, OPENINGS = "erase-data", "erased:openings"
"""The act that erases by law, and the opening in which it names each opening that it empties."""

FORGETTING = "forget-contact"
"""The act of an agency that deletes, when their time is over, names and contacts of whoever spoke to it."""

LOST, LOST_LABEL, RECOVERED = "lost", "恢复时缺失内容的办理", "recovered"
"""Kind and label of an act of which a restored database has the leaf alone, and the act of the installation that names them."""

RECOVERED_LOOKS, LOST_LOOK_LABEL = "recovered-looks", "恢复时缺失内容的调阅"
"""The act of the installation that names entries of the second log of which only the leaf is left."""

INSTALLATION = "installation"
"""The kind of acts on the installation itself."""

AGAIN, AGAIN_LABEL = "erase-again", "恢复备份后再次依法删除"
"""The act of a case, or of the installation, that erases after a restore what an act had erased that was lost."""

CONFIRMED, CONFIRMED_LABEL = "confirm-publication", "公示平台回执，公示生效"
"""The act of a case by the machine: the platform whose receipt counts has taken the decision."""

ANCHOR, ANCHOR_LABEL = "anchor", "两树互锚"
"""The act of the installation that names, once a day, the newest checkpoint of each tree: each tree vouches for the other."""

UNORDERED = "erasure"
"""The fault that nobody is known to have ordered an erasure."""

ORDERS = "erasure"
"""The opening in which it names the lost acts that had ordered it."""


def verify(
    subjects: Iterable[Subject], checks: Iterable[Callable[[], Iterator[Fault]]] = ()
) -> Iterator[Fault]:
    """Every fault found: entries, chains, openings, then the rows of other rooms, then their own checks."""
    heads: Heads = {}
    yield from check_acts(heads, Act.objects.all())
    yield from check_sequence()
    yield from check_lost()
    yield from check_erasures()
    yield from check_orders()
    yield from check_subjects(subjects, heads)
    for check in checks:
        yield from check()


def check_acts(heads: Heads, acts: QuerySet[Act]) -> Iterator[Fault]:
    """Each act's leaf hashes to what is recorded, says what its columns say, and follows its subject's last leaf.

    `acts` are those of whole subjects; where each chain ends is noted in `heads`.
    """
    for batch in _batches(acts.order_by("subject", "n").iterator(chunk_size=2000), 1000):
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


def _check_act(act: Act, openings: list[Opening], heads: Heads) -> Iterator[Fault]:
    if act.kind == LOST:
        yield from _check_lost(act, openings)
        return
    where = f"{act.kind} {act.subject} 第{act.n}步“{act.label}”（{act.id}）"
    before = heads.get(str(act.subject), Head(act.kind, 0, "", None, ""))
    state = next((str(o.value) for o in openings if o.name == "state"), None)
    heads[str(act.subject)] = Head(before.kind, act.n, act.leaf_hash, state, where)
    data = bytes(act.leaf)
    leaf = _leaf(data)
    if leaf_hash(data).hex() != act.leaf_hash or leaf is None:
        yield Fault("act", where, "叶子内容与记录的哈希不符")
        return
    told = {
        "a": act.name,
        "c": str(act.subject),
        "id": str(act.id),
        "n": act.n,
        "r": act.role,
        "at": stamp(act.at),
    }
    different = [key for key, value in told.items() if leaf.get(key) != value]
    if act.kind != before.kind:
        different.append("kind")
    if different:
        yield Fault("act", where, f"数据库里的{'、'.join(different)}与叶子不同")
    if act.n != before.n + 1 or leaf.get("p") != before.leaf_hash:
        yield Fault("chain", where, "与上一步的链接断开")
    by_name = {o.name: o for o in openings}
    if len(by_name) != len(openings):
        yield Fault("opening", where, "同一项内容记了两次")
    yield from _check_openings(act, by_name, leaf, where)


def _leaf(data: bytes) -> dict[str, Any] | None:
    """The leaf as an object; None when it is none, or not in its one canonical form."""
    try:
        found = json.loads(data)
        return found if isinstance(found, dict) and canonical(found) == data else None
    except ValueError:
        return None


def _check_openings(
    act: Act, openings: dict[str, Opening], leaf: dict[str, Any], where: str
) -> Iterator[Fault]:
    """Every field of the act is there, unchanged, or erased by an act; and the act's columns say what it committed to."""
    for name, opening in openings.items():
        if opening.erased_by is not None:
            yield from _check_erasure(act, opening, leaf, where)
        elif not opening.salt or field_digest(opening.salt, name, opening.value) not in leaf.get("d", ()):
            yield Fault("opening", f"{where} 的“{name}”", "内容与叶子里的校验值不符")
    record, by = (openings[name].value if name in openings else None for name in (RECORD, BY))
    if not isinstance(record, dict) or not isinstance(by, dict):
        yield Fault("opening", f"{where} 的“{BY if record else RECORD}”", "不见了")
        return
    fields = {**record.get("fields", {}), RECORD: "case", BY: "person"}
    for name, secrecy in fields.items():
        if name not in openings:
            yield Fault("opening", f"{where} 的“{name}”", "不见了")
        elif openings[name].secrecy != secrecy:
            yield Fault("opening", f"{where} 的“{name}”", "密级被改动")
    columns = {
        "label": (act.label, record.get("label")),
        "on": (act.on, record.get("on")),
        "back_dated": (act.back_dated, record.get("back_dated")),
        "by": (str(act.by or ""), by.get("id")),
        "by_name": (act.by_name, by.get("name")),
    }
    different = [name for name, (column, truth) in columns.items() if column != truth]
    if different:
        yield Fault("act", where, f"{'、'.join(different)}与叶子里的校验值不符")


def _check_erasure(act: Act, opening: Opening, leaf: dict[str, Any], where: str) -> Iterator[Fault]:
    """Erased is what a later act of the same subject ordered, naming this very digest, and nothing of it is left.

    What is kept is never erased, but for the digests of states before: from them a short value could be guessed.
    """
    kept = opening.name.startswith(KEPT) and opening.name != "state"
    if opening.salt or opening.value is not None or kept or not _ordered(act, opening, leaf):
        yield Fault("opening", f"{where} 的“{opening.name}”", "不是由办理动作依法删除的")


def _ordered(act: Act, opening: Opening, leaf: dict[str, Any]) -> bool:
    by = Act.objects.filter(id=str(opening.erased_by)).first()
    if by is None:
        return False
    told = Opening.objects.filter(act=by, name=OPENINGS).values_list("value", flat=True).first() or []
    named = any(
        one["act"] == str(act.id) and one["name"] == opening.name and one["digest"] in leaf.get("d", ())
        for one in told
    )
    if by.kind == INSTALLATION:  # known from a list that does not say of which case
        return named and by.name == AGAIN
    return named and by.name in (ERASING, FORGETTING, AGAIN) and by.subject == act.subject and by.n > act.n


def _check_lost(act: Act, openings: list[Opening]) -> Iterator[Fault]:
    """Of an act that was lost the leaf stands here verbatim, and nothing that the leaf does not say."""
    data = bytes(act.leaf)
    leaf = _leaf(data)
    told = {"a": act.name, "id": str(act.id), "r": act.role, "at": stamp(act.at)}
    same = leaf is not None and all(leaf.get(key) == value for key, value in told.items())
    blank = (act.by, act.by_name, act.on, act.back_dated) == (None, "", stamp(act.at)[:10], False)
    bare = blank and (act.subject, act.n, act.label) == (act.id, 1, LOST_LABEL)
    if leaf_hash(data).hex() != act.leaf_hash or not same or not bare or openings:
        yield Fault("act", f"{LOST_LABEL}（{act.id}）", "与补回的叶子不符")


def lost_named(by: str = RECOVERED, what: str = "acts") -> set[str]:
    """The acts, or looks, that an act of the installation says were lost when a backup was restored."""
    rows = Opening.objects.filter(act__kind=INSTALLATION, act__name=by, name=what)
    return {str(one) for told in rows.values_list("value", flat=True) for one in told or ()}


def check_lost() -> Iterator[Fault]:
    """Exactly those acts and looks lack their content which an act of the installation names."""
    acts = Act.objects.filter(kind=LOST).values_list("id", flat=True)
    looks = Access.objects.filter(kind=LOST_LOOK).values_list("id", flat=True)
    for what, label, named, rows in (
        ("act", LOST_LABEL, lost_named(), acts),
        ("access", LOST_LOOK_LABEL, lost_named(RECOVERED_LOOKS, "looks"), looks),
    ):
        there = {str(key) for key in rows}
        yield from (Fault(what, f"{label}（{key}）", "没有恢复的记录提到它") for key in sorted(there - named))
        yield from (
            Fault(what, f"{label}（{key}）", "恢复的记录提到它，却不在了") for key in sorted(named - there)
        )


def check_erasures() -> Iterator[Fault]:
    """What acts ordered to be erased is: nobody has put it back."""
    rows = Opening.objects.filter(name=OPENINGS, act__name__in=(ERASING, FORGETTING, AGAIN)).exclude(
        value=None
    )
    for by, told in rows.values_list("act", "value").iterator(chunk_size=500):
        for one in told or ():
            back = Opening.objects.filter(act=one["act"], name=one["name"]).exclude(erased_by=by).exists()
            if back:
                yield Fault("opening", f"{one['act']} 的“{one['name']}”", f"应当已由 {by} 依法删除，内容还在")


def check_orders() -> Iterator[Fault]:
    """What was erased again after a restore an act of erasure had ordered, that stands in the log, be it by its leaf alone.

    The list that a restore is given is a file: only an act that this log has signed proves that two people decided.
    """
    for act in Act.objects.filter(name=AGAIN).exclude(kind=LOST).order_by("at", "id"):
        told = Opening.objects.filter(act=act, name=ORDERS).values_list("value", flat=True).first()
        where = f"{act.kind} {act.subject} 第{act.n}步“{act.label}”（{act.id}）"
        named = told if isinstance(told, list) else []
        if not named:
            yield Fault(UNORDERED, where, "没有写明依据哪一次依法删除")
        for by in named:
            if not _orders(str(by), act):
                yield Fault(
                    UNORDERED, where, f"它所依据的删除决定 {by} 不在账本里：请运行 sanxiang ledger recover --from "
                    "从原来的账本文件补回；补不回的，删除清单的来历须查明"
                )  # fmt: skip


def _orders(by: str, again: Act) -> bool:
    """Is this an act of erasure of the same subject, whole or as a leaf?"""
    try:
        act = Act.objects.filter(id=UUID(by), name__in=(ERASING, AGAIN)).exclude(id=again.id).first()
    except ValueError:
        return False
    if act is None:
        return False
    leaf = (_leaf(bytes(act.leaf)) or {}) if act.kind == LOST else {"c": str(act.subject)}
    return again.kind == INSTALLATION or leaf.get("c") == str(again.subject)


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
        yield Fault("sequence", "账本规模", f"应有 {size} 条，实有 {expected} 条")
    lost = Act.objects.filter(entry=None, pending=None).values_list("id", "label")[:10]
    yield from (Fault("sequence", f"{label}（{act}）", "既没有序号也没有在排队") for act, label in lost)
    twice = Pending.objects.filter(act__entry__isnull=False).values_list("act_id", flat=True)[:10]
    yield from (Fault("sequence", str(act), "已有序号却还在排队") for act in twice)


def check_places(acts: QuerySet[Act]) -> Iterator[Fault]:
    """Each of these acts has its place in the sequence, with its own hash, or waits for one."""
    lost = acts.filter(entry=None, pending=None).values_list("id", "label")
    yield from (Fault("sequence", f"{label}（{act}）", "既没有序号也没有在排队") for act, label in lost)
    other = acts.exclude(entry=None).exclude(entry__leaf_hash=F("leaf_hash")).values_list("id", "entry__idx")
    yield from (Fault("sequence", f"条目 {idx}（{act}）", "条目的哈希与办理动作不同") for act, idx in other)


def check_subjects(subjects: Iterable[Subject], heads: Heads) -> Iterator[Fault]:
    """The rows stand where their chains ended, and their state is the one that the last act committed to."""
    seen = set()
    for subject in subjects:
        seen.add(subject.id)
        head = heads.get(subject.id, Head(subject.kind, 0, "", None, ""))
        label = subject.label or subject.id
        if (subject.n, subject.head) != (head.n, head.leaf_hash):
            yield Fault("row", label, f"停在第 {subject.n} 步，账本记到第 {head.n} 步，或者链首不同")
        elif subject.kind != head.kind:
            yield Fault("row", label, f"账本里记的是 {head.kind}")
        elif subject.state_digest is not None and subject.state_digest != head.state:
            yield Fault("row", label, f"内容与最后一步记录的状态不符（{head.where}）")
    for missing in sorted(set(heads) - seen):
        yield Fault("row", heads[missing].where, "账本里有这个对象，数据库里没有")
