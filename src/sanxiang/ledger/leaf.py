"""Append one act to the ledger, inside the transaction that makes it true (trust.md §1.3, §1.5)."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from sanxiang.ledger.keys import origin
from sanxiang.ledger.models import Act, Pending
from sanxiang.ledger.tlog.disclosure import field_digest, new_salt, pad
from sanxiang.ledger.tlog.jcs import canonical
from sanxiang.ledger.tlog.tree import leaf_hash

RECORD, BY = "act.record", "act.by"
"""Openings that every act has besides its content."""

LONGEST = 65_535
"""An entry bundle writes a leaf's length in two bytes; a longer act is refused before it is acknowledged."""


class TooLong(ValueError):
    """A leaf over 65,535 bytes. Cannot happen while content enters as digests; checked all the same."""


@dataclass(frozen=True)
class Signed:
    """Who acted, in which role, when it happened and when it was recorded."""

    by: uuid.UUID | None
    name: str
    role: str
    on: str
    at: datetime
    back_dated: bool = False


@dataclass(frozen=True)
class Entry:
    """An act ready to be appended: where it belongs, what it is called, what it says."""

    kind: str
    subject: uuid.UUID
    n: int
    previous: str
    name: str
    label: str
    content: Mapping[str, tuple[Any, str]]
    act_id: uuid.UUID | None = None


def build(entry: Entry, who: Signed) -> tuple[Act, list[tuple[str, str, Any, str]]]:
    """The act's row, unsaved, with leaf and hash; and name, salt, value and secrecy of each content field."""
    act_id = entry.act_id or uuid.uuid4()
    openings, digests = [], []
    for name, (value, secrecy) in {**entry.content, **shown(entry, who)}.items():
        salt = new_salt()
        digests.append(field_digest(salt, name, value))
        openings.append((name, salt, value, secrecy))
    leaf = leaf_of(entry, who, act_id, digests)
    act = Act(
        id=act_id,
        kind=entry.kind,
        subject=entry.subject,
        n=entry.n,
        name=entry.name,
        label=entry.label,
        at=who.at,
        on=who.on,
        by=who.by,
        by_name=who.name,
        role=who.role,
        back_dated=who.back_dated,
        leaf=leaf,
        leaf_hash=leaf_hash(leaf).hex(),
    )
    return act, openings


def shown(entry: Entry, who: Signed) -> dict[str, tuple[Any, str]]:
    """What lists show of every act, and which fields it has with which secrecy, committed to as well: neither a column
    nor an opening can then be changed or taken away unnoticed. Names with a dot are ours; a form has none."""
    fields = {name: secrecy for name, (_, secrecy) in entry.content.items()}
    record = {"label": entry.label, "on": who.on, "back_dated": who.back_dated, "fields": fields}
    return {RECORD: (record, "case"), BY: ({"id": str(who.by or ""), "name": who.name}, "person")}


def leaf_of(entry: Entry, who: Signed, act_id: uuid.UUID, digests: list[str]) -> bytes:
    """The canonical leaf v1 (trust.md §1.5). Raises TooLong."""
    value: dict[str, Any] = {
        "a": entry.name,
        "at": stamp(who.at),
        "c": str(entry.subject),
        "d": pad(digests),
        "id": str(act_id),
    }
    value.update({"n": entry.n, "o": origin(), "p": entry.previous, "r": who.role, "v": 1})
    leaf = canonical(value)
    if len(leaf) > LONGEST:
        raise TooLong(f"这一步的内容太多（{len(leaf)} 字节），请把长内容作为附件提交")
    return leaf


def append(entry: Entry, who: Signed) -> Act:
    """Write act, openings and the place in the queue. The caller holds the transaction and the subject's lock."""
    act, openings = build(entry, who)
    act.save(force_insert=True)
    rows = _opening_rows(act, openings)
    with connection.cursor() as cursor:
        marks = ", ".join([_OPENING_MARKS] * len(rows))
        cursor.execute(_OPENINGS + marks, [cell for row in rows for cell in row])
        cursor.execute(_PENDING, rows[0][:1])
    return act


def append_many(entries: list[tuple[Entry, Signed]]) -> list[Act]:
    """The same for many subjects at once: imports and generators."""
    built = [build(entry, who) for entry, who in entries]
    Act.objects.bulk_create([act for act, _ in built], batch_size=500)
    rows = [_opening_rows(act, openings) for act, openings in built]
    with connection.cursor() as cursor:
        cursor.executemany(_OPENINGS + _OPENING_MARKS, [row for of_act in rows for row in of_act])
        cursor.executemany(_PENDING, [of_act[0][:1] for of_act in rows])
    return [act for act, _ in built]


# An act has a dozen openings, and a model instance costs more than all the hashing of its row: SQL writes them.
_OPENINGS = "INSERT INTO ledger_opening (act_id, name, salt, value, secrecy) VALUES "
_OPENING_MARKS = "(%s, %s, %s, %s, %s)"
_PENDING = "INSERT INTO ledger_pending (act_id) VALUES (%s)"


def _opening_rows(act: Act, openings: list[tuple[str, str, Any, str]]) -> list[tuple[Any, ...]]:
    """The openings as their table's cells; never none, for every act has those of `shown`."""
    key = Pending._meta.get_field("act").get_db_prep_save(act.id, connection)
    adapt = connection.ops.adapt_json_value
    return [(key, name, salt, adapt(value, None), secrecy) for name, salt, value, secrecy in openings]


def stamp(at: datetime) -> str:
    """UTC with microseconds and a Z, as leaves carry it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest_of(value: Any) -> str:
    """SHA-256 over the value's canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()
