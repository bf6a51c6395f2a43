"""Signatures of an installation: the notes that are kept, what is served of them, witnesses' lines, time stamps."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from django.conf import settings

from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS, HASHES, Log
from sanxiang.ledger.models import Checkpoint, Cosignature, Opening
from sanxiang.ledger.served import root_of
from sanxiang.ledger.standing import POLICY, ROOTS, STAMPS, PolicyUnsound, policy_of, stamps_folder
from sanxiang.ledger.tlog import note
from sanxiang.ledger.tlog.fault import FILES, Fault
from sanxiang.ledger.tlog.note import Key
from sanxiang.ledger.tlog.policy import Policy
from sanxiang.ledger.tlog.stamping import check
from sanxiang.ledger.tlog.verify_lines import Kept, Line, Ring, faults_in, opened
from sanxiang.ledger.verify import ANCHOR, ANCHOR_LABEL, INSTALLATION

COLUMNS = {"sha256": "note", "sm3": "note_sm3"}
MOST = 2**63
"""No column of a database holds so large a number."""


def ring_of(log: Log, hash: str) -> Ring:
    """Read them once: thousands of notes are held against them."""
    name = log.origin_of(hash)
    until = keys.retired_sizes(name, log.row, hash)
    try:
        return Ring(name, hash, keys.known_keys(name, hash), until)
    except keys.Unsound as error:
        return Ring(name, hash, list(until), until, str(error))


def check_notes(log: Log) -> Iterator[Fault]:
    """Every note that was kept is signed by a key of ours that was in force, and says what its row says. A key that cannot
    be read is told once, not of each note that cannot be judged for it."""
    rings = {hash: ring_of(log, hash) for hash in HASHES}
    lost = {ring.lost: ring.name for ring in rings.values() if ring.lost}
    told: set[str] = set()
    for where, why in faults_in(_notes(log, rings)):
        if why not in told:
            yield Fault("signature", lost.get(why, where), why)
        told |= {why} & {*lost}
    yield from check_cosignatures(log)
    yield from check_anchors(log)


def check_anchors(log: Log) -> Iterator[Fault]:
    """What each day's anchor wrote down of the checkpoints of both trees still is what they are (trust.md §1.6). Two queries."""
    name = "log" if log.row == ACTS.row else f"access-{log.row}"
    anchors = Opening.objects.filter(act__kind=INSTALLATION, act__name=ANCHOR, name=name)
    told = list(anchors.order_by("act__n").values_list("act", "act__n", "value"))
    sizes = {value["size"] for *_, value in told if _readable(value)}
    rows = {row.size: row for row in Checkpoint.objects.filter(log=log.row, size__in=sizes)}
    for act, n, value in told:
        if not _readable(value):
            yield Fault(
                "anchor", f"{ANCHOR_LABEL} 第{n}步（{act}）的“{name}”", "读不出当时的检查点：内容被改动过"
            )
        elif value["size"] in rows:
            yield from _anchored(log, rows[value["size"]], value)


def _readable(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether it names a size, one that a database can be asked for."""
    size = value.get("size") if isinstance(value, dict) else None
    return type(size) is int and 0 <= size < MOST


def _anchored(log: Log, row: Checkpoint, told: Mapping[str, Any]) -> Iterator[Fault]:
    for hash, column in COLUMNS.items():
        text = getattr(row, column)
        if text and hashlib.new(hash, text.encode()).hexdigest() != told.get(hash):
            where = f"{log.origin_of(hash)} 在 {row.size} 条处的检查点"
            yield Fault("anchor", where, "与当天两树互锚时记下的不同：检查点后来重新签过，或者换过")


def _notes(log: Log, rings: Mapping[str, Ring]) -> Iterator[tuple[str, Kept]]:
    for row in Checkpoint.objects.filter(log=log.row).order_by("size").iterator(chunk_size=500):
        for hash, ring in rings.items():
            if text := getattr(row, COLUMNS[hash]):
                yield f"{ring.name} 在 {row.size} 条处的签名", Kept(text, row.size, root_of(row, hash), ring)


def policy() -> tuple[Policy, list[Fault]]:
    """The installation's policy, and what is wrong with its file."""
    try:
        return policy_of(), []
    except PolicyUnsound as error:
        return Policy(), [Fault("policy", POLICY, str(error), FILES)]


def check_cosignatures(log: Log) -> Iterator[Fault]:
    """Every line of a witness whom the policy knows verifies; one whom it no longer knows must at least be a line."""
    rules, faults = policy()
    yield from faults if log.row == ACTS.row else []  # one file for all logs
    known = {one.name: one.key for one in rules.witnesses}
    for where, why in faults_in(_lines(log, known)):
        yield Fault("cosignature", where, why)


def _lines(log: Log, known: Mapping[str, Key]) -> Iterator[tuple[str, Line]]:
    rows = Cosignature.objects.filter(checkpoint__log=log.row).select_related("checkpoint")
    for row in rows.order_by("checkpoint__size", "witness").iterator(chunk_size=500):
        where = f"{row.witness} 在 {row.checkpoint.size} 条处的见证"
        yield where, Line(row.checkpoint.note, row.line, known.get(row.witness))


def place_of(log: Log, hash: str) -> str:
    """How the folder of a tree's files is named: below the data folder."""
    return log.folder(hash).relative_to(settings.DATA).as_posix()


def check_served(log: Log) -> tuple[dict[str, note.Checkpoint], list[Fault]]:
    """The checkpoint files that outsiders get: what each promises, and what is wrong with them."""
    heads: dict[str, note.Checkpoint] = {}
    faults: list[Fault] = []
    for hash in HASHES:
        file = log.folder(hash) / "checkpoint"
        where = f"{place_of(log, hash)}/checkpoint"
        try:
            text = file.read_bytes().decode()
        except FileNotFoundError:
            if Checkpoint.objects.filter(log=log.row).exclude(**{COLUMNS[hash]: ""}).exists():
                faults.append(Fault("checkpoint", where, "文件不见了，签名还在数据库里：重新公布即可", FILES))
            continue
        except ValueError:
            faults.append(Fault("checkpoint", where, "不是 UTF-8 文本", FILES))
            continue
        head, why = _served(log, hash, text)
        heads |= {hash: head} if head is not None else {}
        faults += [Fault("checkpoint", where, why, FILES)] if why else []
    return heads, faults


def _served(log: Log, hash: str, text: str) -> tuple[note.Checkpoint | None, str]:
    """What a served checkpoint promises, and what does not fit in it: it is a kept note, with kept lines below."""
    try:
        head = opened(text, ring_of(log, hash)).checkpoint
    except ValueError as error:
        return None, str(error)
    row = Checkpoint.objects.filter(log=log.row, size=head.size).first()
    if row is None:
        sizes = Checkpoint.objects.filter(log=log.row).order_by("-size").values_list("size", flat=True)
        newest = sizes.first() or 0
        rolled = "：数据库被退回过" if newest < head.size else ""
        return head, f"签到 {head.size} 条，数据库里没有这一条处的检查点，最新的是 {newest} 条{rolled}"
    if root_of(row, hash) != head.root.hex():
        return head, f"在 {head.size} 条处的树根与数据库的不同"
    kept = getattr(row, COLUMNS[hash])
    if not text.startswith(kept) or not kept:
        return head, "与数据库里留存的签名不同"
    lines = set(text.removeprefix(kept).split("\n")) - {""}
    known = "\n".join(Cosignature.objects.filter(checkpoint=row).values_list("line", flat=True)).split("\n")
    return head, "" if lines <= set(known) else "夹有没有留存的签名行"


def check_stamps() -> Iterator[Fault]:
    """Each time stamp is over the note of its checkpoint, by an authority whose certificates are configured."""
    place = stamps_folder()
    if not place.is_dir():
        return
    roots = [file.read_text(encoding="utf-8") for file in sorted((settings.DATA / ROOTS).glob("*.pem"))]
    for file in sorted(place.iterdir()):
        if file.name.startswith(".new-"):
            continue
        where = f"{STAMPS}/{file.name}"
        size = (
            int(file.stem)
            if file.suffix == ".tsr" and file.stem.isdecimal() and file.stem.isascii()
            else None
        )
        row = Checkpoint.objects.filter(log=ACTS.row, size=size).exclude(note="").first() if size else None
        if row is None:
            yield Fault("stamp", where, "没有对应的签名检查点", FILES)
            continue
        try:
            check(file.read_bytes(), row.note.encode(), roots)
        except (ValueError, OSError) as error:
            yield Fault("stamp", where, str(error), FILES)
