"""The witness's side of C2SP tlog-witness: what may be cosigned, and what is answered when it may not."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from sanxiang.ledger.tlog import witness_store
from sanxiang.ledger.tlog.note import (
    Checkpoint,
    Key,
    Note,
    cosign,
    decode_base64,
    decode_decimal,
    parse_checkpoint,
    parse_note,
    verified,
)
from sanxiang.ledger.tlog.tree import HASH_SIZE, check_consistency, empty_root
from sanxiang.ledger.tlog.witness_store import Refusal, Seen, Store
from sanxiang.ledger.tlog.witnesses import PROOF_LIMIT, SIZE_TYPE, with_lines

BODY_LIMIT = 65_536
"""Most bytes of a request: 63 hashes and a checkpoint with many signatures."""

_TEXT = "text/plain; charset=utf-8"
WHY = {
    "fork": "同一大小有两个根值：账本签了两份互相矛盾的检查点",
    "rollback": "比已见证的小，且当时没有见证过：可能是账本退回，也可能是有人重发旧检查点",
    "unproven": "与已见证的内容接不上：没有成立的一致性证明",
}
"""What each sort of refusal says about the log."""

Answer = tuple[int, str, bytes]
"""HTTP status, content type, body."""


@dataclass(frozen=True)
class _Request:
    old: int
    proof: tuple[bytes, ...]
    text: str
    note: Note
    checkpoint: Checkpoint


def add_checkpoint(store: Store, body: bytes, now: int) -> Answer:
    """Answer an add-checkpoint request; `now` in seconds since 1970.

    What a 200 rests on is on disk when this returns. Of two requests for one log only one at a time is looked at.
    Raises sqlite3.Error and OSError when nothing could be recorded: then nothing was cosigned.
    """
    try:
        request = _parse(body)
    except ValueError as error:
        return _refused(400, f"请求有误：{error}")
    keys = witness_store.log_keys(store, request.checkpoint.origin)
    if not keys:
        return _refused(404, f"这里没有登记账本 {request.checkpoint.origin}")
    try:
        verified(request.note, keys)
    except ValueError as error:
        return _refused(403, f"检查点没有登记的密钥的有效签名：{error}")
    if request.old > request.checkpoint.size:
        return _refused(400, f"请求有误：old {request.old} 大于检查点的大小 {request.checkpoint.size}")
    with witness_store.database(store, write=True) as rows:
        return _decide(store, rows, request, keys, now)


def _parse(body: bytes) -> _Request:
    """Take the body apart. ValueError says what is wrong with it."""
    if len(body) > BODY_LIMIT:
        raise ValueError(f"至多 {BODY_LIMIT} 字节")
    try:
        head, blank, text = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise ValueError("不是合法的 UTF-8") from error
    first, *lines = head.split("\n")
    if not blank or not first.startswith("old "):
        raise ValueError("应为 old 行、证明各行、空行、检查点")
    if len(lines) > PROOF_LIMIT:
        raise ValueError(f"一致性证明至多 {PROOF_LIMIT} 行")
    proof = tuple(decode_base64(line) for line in lines)
    if any(len(value) != HASH_SIZE for value in proof):
        raise ValueError("一致性证明每行应为 32 字节的校验值")
    note = parse_note(text)
    return _Request(decode_decimal(first[4:]), proof, text, note, parse_checkpoint(note.text))


def _decide(store: Store, rows: sqlite3.Connection, request: _Request, keys: list[Key], now: int) -> Answer:
    """Hold a signed checkpoint against what was seen of its log; cosign it when it only grew."""
    asked = request.checkpoint
    before = witness_store.latest(rows, asked.origin)
    size, root = (before.size, before.root) if before else (0, empty_root())
    seen = witness_store.seen_at(rows, asked.origin, asked.size)
    forked = seen is not None and seen.root != asked.root
    if forked:
        _keep(store, rows, request, seen, "fork", now)
    elif seen is None and asked.size < size:
        _keep(store, rows, request, before, "rollback", now)
    elif request.old == size and not check_consistency(size, asked.size, root, asked.root, request.proof):
        if asked.size != size:  # else only the proof was wrong: it has to be empty
            _keep(store, rows, request, before, "unproven", now)
        return _refused(422, "一致性证明不成立")
    if request.old != size or forked:
        return 409, SIZE_TYPE, f"{size}\n".encode()
    line = cosign(request.text, store.name, store.seed, now)
    kept = with_lines(_known_lines(request, keys), [line])
    witness_store.advance(rows, asked.origin, Seen(asked.size, asked.root, kept, now))
    return 200, _TEXT, f"{line}\n".encode()


def _keep(
    store: Store, rows: sqlite3.Connection, request: _Request, against: Seen | None, why: str, now: int
) -> None:
    """Keep a signed checkpoint that was refused, with the one cosigned earlier that it does not fit."""
    asked = request.checkpoint
    evidence = {
        "at": datetime.fromtimestamp(now, UTC).isoformat(),
        "origin": asked.origin,
        "why": why,
        "meaning": WHY[why],
        "checkpoint": request.text,
        "cosigned": against.note if against else None,
    }
    refusal = Refusal(why, asked.size, asked.root, now)
    witness_store.keep_refusal(rows, store, asked.origin, refusal, evidence)


def _known_lines(request: _Request, keys: list[Key]) -> str:
    """The checkpoint with the log's own signatures only: what strangers added is not ours to keep."""
    known = {(key.name, key.id) for key in keys}
    lines = request.text[len(request.note.text) + 1 :].split("\n")
    pairs = zip(request.note.signatures, lines, strict=False)
    kept = "".join(f"{line}\n" for signature, line in pairs if (signature.name, signature.id) in known)
    return f"{request.note.text}\n{kept}"


def _refused(status: int, why: str) -> Answer:
    return status, _TEXT, f"{why}\n".encode()
