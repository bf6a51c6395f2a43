"""The second log 调阅 (trust.md §2.3): every look at a record that is not public, in a tree of its own for each year.

An entry's leaf says when, and nothing else: who looked, at which case and why stand in it as one salted digest among
decoys, so that the log may be published without telling that a case exists.
"""

import json
import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from sanxiang.ledger.access_row import LOST_LOOK, Access
from sanxiang.ledger.keys import origin
from sanxiang.ledger.leaf import stamp
from sanxiang.ledger.tlog.disclosure import field_digest, new_salt, pad
from sanxiang.ledger.tlog.jcs import canonical
from sanxiang.ledger.tlog.tree import leaf_hash
from sanxiang.ledger.verify import Fault

SERVED, WITHHELD, MISSING = "served", "withheld", "missing"
RESULTS = {SERVED: "已提供", WITHHELD: "未提供", MISSING: "未找到"}

MARK_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 1 I L O: the mark is read from paper and typed in again."""
MARK_LENGTH = 10

RECORD = "access"
"""The name of the one opening of an entry."""

LATER = ("own_agency", "first_byte", "last_byte")
"""Columns that entries had from the second release on: told only where they say something, so that older entries go on
verifying; to fill one in afterwards, or to empty it, is found."""


@dataclass(frozen=True)
class Read:
    """What is to be recorded: who, in which role, which record, why, from where, and what came of it.

    `agency` is whose record it is, `own_agency` that of the post in which one looked; `part` the first and the last byte
    of a file that were opened, counted from 0, None for all of it.
    """

    by: uuid.UUID | None
    by_name: str
    kind: str
    channel: str
    result: str
    reason: str
    role: str = ""
    own_agency: uuid.UUID | None = None
    agency: uuid.UUID | None = None
    case: uuid.UUID | None = None
    object: uuid.UUID | None = None
    digest: str = ""
    part: tuple[int, int] | None = None
    copies: int = 0
    text: str = ""
    ticket: str = ""
    address: str = ""
    watermark: str = ""


def new_mark() -> str:
    """A fresh watermark id: ten letters and digits that cannot be mistaken for one another, 49 random bits."""
    return "".join(secrets.choice(MARK_LETTERS) for _ in range(MARK_LENGTH))


def access_origin(year: int) -> str:
    """The name of one year's log of looks."""
    return f"{origin()}/access/{year}"


def record(read: Read, at: datetime) -> Access:
    """Write one entry: one INSERT, committed when this returns unless the caller has a transaction open.

    What is to be shown may be shown only after that. Raises django.db.Error when the entry cannot be written.
    """
    first, last = read.part or (None, None)
    row = Access(
        id=uuid.uuid4(),
        year=timezone.localtime(at).year,
        at=at,
        by=read.by,
        by_name=read.by_name,
        role=read.role,
        own_agency=read.own_agency,
        agency=read.agency,
        case=read.case,
        kind=read.kind,
        object=read.object,
        digest=read.digest,
        first_byte=first,
        last_byte=last,
        copies=read.copies,
        reason=read.reason,
        text=read.text,
        ticket=read.ticket,
        address=read.address,
        channel=read.channel,
        result=read.result,
        watermark=read.watermark or new_mark(),
        salt=new_salt(),
    )
    row.leaf = leaf_of(row)
    row.leaf_hash = leaf_hash(row.leaf).hex()
    row.save(force_insert=True)
    return row


def told(row: Access) -> dict[str, Any]:
    """Everything that the entry commits to."""
    names = ("kind", "role", "digest", "copies", "reason", "text", "ticket", "address", "channel", "result")
    keys = ("by", "agency", "case", "object")
    return {
        **{name: getattr(row, name) for name in names},
        **{name: str(getattr(row, name) or "") for name in keys},
        "by_name": row.by_name,
        "watermark": row.watermark,
        # A migration of the first release writes entries while the table has none of these columns yet.
        **{name: str(value) for name in LATER if (value := getattr(row, name, None)) is not None},
    }


def leaf_of(row: Access) -> bytes:
    """The canonical leaf v1 of an entry."""
    digest = field_digest(row.salt, RECORD, told(row))
    said = {"at": stamp(row.at), "d": pad([digest]), "id": str(row.id), "o": access_origin(row.year), "v": 1}
    return canonical(said)


def check_access(rows: Iterable[Access] | None = None) -> Iterator[Fault]:
    """Faults of the second log: each entry's leaf hashes to what is recorded and commits to what its columns say."""
    found = Access.objects.order_by("at", "id").iterator(chunk_size=2000) if rows is None else rows
    for row in found:
        why = fault_of(row)
        if why:
            yield Fault("access", f"调阅记录 {row.watermark}（{row.id}）", why)


def fault_of(row: Access) -> str:
    """What does not fit in one entry; "" where all does."""
    data = bytes(row.leaf)
    if leaf_hash(data).hex() != row.leaf_hash:
        return "叶子内容与记录的哈希不符"
    try:
        leaf = json.loads(data)
    except ValueError:
        return "叶子不是 JSON"
    if not isinstance(leaf, dict) or canonical(leaf) != data:
        return "叶子不是规范的写法"
    same = {"at": stamp(row.at), "id": str(row.id), "v": 1}
    different = [name for name, value in same.items() if leaf.get(name) != value]
    # The log's name may have been another when the entry was made; its year may not.
    if not str(leaf.get("o", "")).endswith(f"/access/{row.year}"):
        different.append("year")
    if different:
        return f"数据库里的{'、'.join(different)}与叶子不同"
    if row.kind == LOST_LOOK:
        return _fault_of_lost(row)
    if field_digest(row.salt, RECORD, told(row)) not in leaf.get("d", ()):
        return "内容与叶子里的校验值不符"
    return ""


def lost_mark(year: int, index: int) -> str:
    """What stands for the watermark of an entry of which only the leaf is left; its first letter occurs in no real one."""
    return f"L{year % 100:02}{index:07X}"


def _fault_of_lost(row: Access) -> str:
    """Beside what the leaf says nothing is known; that an act named it as lost, `verify.check_lost` asks."""
    said = {name for name, value in told(row).items() if value} - {"kind", "watermark"}
    marked = row.idx is not None and row.watermark == lost_mark(row.year, row.idx)
    return "" if marked and not said and not row.salt else "与补回的叶子不符"
