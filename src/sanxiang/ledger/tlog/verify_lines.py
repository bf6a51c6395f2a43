"""Kept signatures held against keys: no database and no clock, so a whole log's go over several processes."""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice

from sanxiang.ledger.tlog import note
from sanxiang.ledger.tlog.note import Key

AT_ONCE = 500
"""So many lines go to a process together."""
_UNTIL = re.compile("\\s#.*第 ([0-9]{1,18}) 条以前")


@dataclass(frozen=True)
class Ring:
    """The keys of one tree, and up to which size each of the retired ones signed."""

    name: str
    hash: str
    keys: Sequence[Key]
    until: Mapping[Key, int | None]
    lost: str = ""
    """Why the key in force cannot be read: then nothing that it signed can be told from a forgery."""


@dataclass(frozen=True)
class Kept:
    """A note that was kept, and what its row says of it: size and root in hex."""

    text: str
    size: int
    root: str
    ring: Ring


@dataclass(frozen=True)
class Line:
    """A witness's line that was kept under a note; `key` None: the policy knows this witness no longer."""

    text: str
    line: str
    key: Key | None


Told = tuple[str, Kept | Line]
"""One of them, and how it is named to people."""


def key_line(line: str) -> tuple[Key, int | None]:
    """A verifier key as it is published, and up to which size it signed where the remark behind it says so. ValueError."""
    until = _UNTIL.search(line)
    return note.parse_vkey(line.split(" ")[0]), int(until[1]) if until else None


def opened(text: str, ring: Ring) -> note.Opened:
    """The note once a key of ours has signed it that was in force then. ValueError otherwise."""
    try:
        found = note.open_signed(text, ring.keys, ring.hash)
    except ValueError as error:
        raise ValueError(ring.lost or str(error)) from error
    size = found.checkpoint.size
    ends = [ring.until.get(key) for key in found.signers]
    known = [end for end in ends if end is not None and end < size]
    if known and len(known) == len(ends):
        raise ValueError(
            f"签名的密钥在第 {max(known)} 条之后已经停用，却签了 {size} 条的检查点：密钥可能失窃，不能作数"
        )
    return found


def fault_of_note(kept: Kept) -> str:
    """What does not fit in a kept note; "" where all does."""
    ring = kept.ring
    try:
        found = opened(kept.text, ring)
    except ValueError as error:
        return str(error)
    head = found.checkpoint
    if (head.origin, head.size, head.root.hex()) != (ring.name, kept.size, kept.root):
        return "签名的内容与这一行的大小、树根或者账本名称不符"
    if len(found.note.signatures) != len(found.signers):
        return "夹有别人的签名行"
    return ""


def fault_of_line(kept: Line) -> str:
    """What does not fit in a witness's line; of a witness that is known no longer it must at least be a line."""
    try:
        text = note.parse_note(kept.text).text if kept.text else ""
        lines = note.parse_note(f"{text}\n{kept.line}\n")
        if kept.key is not None:
            note.verified(lines, [kept.key])
    except ValueError as error:
        return str(error)
    return ""


def _faults(batch: Sequence[Kept | Line]) -> list[str]:
    return [fault_of_note(one) if isinstance(one, Kept) else fault_of_line(one) for one in batch]


def faults_in(kept: Iterable[Told], jobs: int = 0) -> Iterator[tuple[str, str]]:
    """What is wrong, and where, in the order in which they came. The processes are given work only a little ahead, for there
    may be hundreds of thousands; a log of few does without them."""
    rest = iter(kept)
    workers = jobs or os.cpu_count() or 1
    first = list(islice(rest, AT_ONCE))
    if workers < 2 or len(first) < AT_ONCE:
        while first:
            yield from _named(first, _faults([one for _where, one in first]))
            first = list(islice(rest, AT_ONCE))
        return
    waiting: deque[tuple[list[Told], Future[list[str]]]] = deque()
    with ProcessPoolExecutor(workers) as pool:
        while first or waiting:
            if first:
                waiting.append((first, pool.submit(_faults, [one for _where, one in first])))
                first = list(islice(rest, AT_ONCE))
            if not first or len(waiting) > 2 * workers:
                batch, answer = waiting.popleft()
                yield from _named(batch, answer.result())


def _named(batch: Iterable[Told], told: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((where, why) for (where, _one), why in zip(batch, told, strict=True) if why)
