"""Write a backup while the installation works: the database as of one moment first, then the files that it may cite.

Papers and evidence lie in the store before the act that cites them is committed, packs likewise: what is copied after the
snapshot lacks nothing of it. What came later is in the copy too and harms nobody.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from sanxiang.cases import store
from sanxiang.custody import places
from sanxiang.custody.archive import (
    DATA,
    FORMAT,
    HEAD,
    KEYS,
    LISTED,
    STORE,
    TABLES,
    VERSION,
    Hashing,
    Writer,
    packed,
)
from sanxiang.custody.shown_log import write_logs
from sanxiang.custody.snapshot import Snapshot, snapshot
from sanxiang.custody.tables import tables_of
from sanxiang.door.erasing import rebuild
from sanxiang.door.log.taking import begin_backup
from sanxiang.ledger import keys
from sanxiang.ledger.files import sync

Tell = Callable[[str, int, int], None]
"""Told how far it is: what is being written, how much of it is done, of how much (0 when nobody knows)."""

CITED = (
    (store.PAPERS, 'SELECT DISTINCT pdf FROM "cases_paper"'),
    (store.EVIDENCE, 'SELECT DISTINCT digest FROM "cases_evidence"'),
)
LINES = 10_000


class Unready(Exception):
    """No backup can be made as things stand; the message says in Chinese what to do."""


@dataclass
class Making:
    """A backup as far as it has come."""

    writer: Writer
    tell: Tell
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    names: Any = field(default_factory=hashlib.sha256)
    count: int = 0
    bytes: int = 0
    altered: list[str] = field(default_factory=list)


def backup(target: Path, with_files: bool, with_keys: bool, tell: Tell) -> dict[str, Any]:
    """Write a backup to a file that is not there yet; what it holds. `with_files`: fetch papers and evidence also from S3.

    Written beside under another name, synced, renamed: under its own name it is whole. Raises Unready, OSError, StoreFault.
    """
    if target.exists():
        raise Unready(f"{target} 已经存在，请换一个文件名；旧备份不会被覆盖")
    if settings.DATA in target.resolve().parents:
        raise Unready(f"备份不能放在数据目录 {settings.DATA} 里面：目录坏了，备份跟着坏。请放到另一块磁盘上")
    rebuild()  # a crash between an act of erasure and its line in the list is made good here
    began = datetime.now(UTC)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            unrecorded = begin_backup(_intent(target, with_files, with_keys))
            hashing = Hashing(out)
            manifest = _write(Making(Writer(hashing), tell), began, with_files, with_keys)
            out.flush()
            os.fsync(out.fileno())
        os.rename(fresh, target)
        sync(target.resolve().parent)
    finally:
        fresh.unlink(missing_ok=True)
    told = {
        "file": str(target.resolve()),
        "at": began.isoformat(),
        "bytes": hashing.size,
        "sha256": hashing.digest.hexdigest(),
    }
    places.remember("backup", told)
    return {
        **manifest,
        **told,
        "unrecorded": unrecorded,
        "seconds": round((datetime.now(UTC) - began).total_seconds(), 2),
    }


def _intent(target: Path, with_files: bool, with_keys: bool) -> dict[str, Any]:
    """What the act of a backup says. The act is inside it, so its digest stands in the act of the next one, and beside it."""
    last = places.diary().get("backup", {})
    before = {name: last[name] for name in ("file", "at", "bytes", "sha256") if name in last}
    return {"file": str(target.resolve()), "files": with_files, "keys": with_keys, "before": before}


def _write(making: Making, began: datetime, with_files: bool, with_keys: bool) -> dict[str, Any]:
    head = {"format": FORMAT, "version": VERSION, "software": version("sanxiang"), "made": began.isoformat()}
    making.writer.add(HEAD, json.dumps(head).encode())
    listed = settings.STORE is not None and not with_files
    with snapshot() as moment:
        migrations = sorted(
            [app, name] for app, name in moment.ask("SELECT app, name FROM django_migrations")
        )
        _write_tables(making, moment)
        logs = write_logs(making.writer, moment)
        _write_keys(making, with_keys)
        _write_data(making)
        missing = _missing(moment)
    for kind in store.KINDS:
        _list_shelf(making, kind) if listed else _write_shelf(making, kind)
    names, count = making.names.hexdigest(), 0 if listed else making.count
    manifest = {
        **head,
        "database": connection.vendor,
        "migrations": migrations,
        "rows": making.rows,
        "columns": making.columns,
        "logs": logs,
        "origin": keys.origin(),
        "keys": with_keys,
        "listed": making.count if listed else 0,
        "missing": missing,
        "altered": making.altered,
        "files": {"names": names, "count": count, "bytes": making.bytes, "altered": len(making.altered)},
    }
    making.writer.finish(manifest)
    return manifest


def _write_tables(making: Making, moment: Snapshot) -> None:
    tables = tables_of(apps)
    for number, table in enumerate(tables):
        making.tell("数据库", number, len(tables))
        count = piece = 0
        lines: list[str] = []
        for rows in moment.rows(table):
            lines += [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
            if len(lines) >= LINES:
                piece, count, lines = _piece(making, table.name, piece, lines), count + len(lines), []
        if lines:
            _piece(making, table.name, piece, lines)
        making.rows[table.name] = count + len(lines)
        making.columns[table.name] = [name for name, _ in table.columns]
    making.tell("数据库", len(tables), len(tables))


def _piece(making: Making, table: str, number: int, lines: list[str]) -> int:
    making.writer.add(f"{TABLES}/{table}/{number:06}.jsonl.gz", packed(lines))
    return number + 1


def _write_keys(making: Making, private: bool) -> None:
    for name, path in places.key_files(private):
        making.writer.add(f"{KEYS}/{name}", path.read_bytes())


def _write_data(making: Making) -> None:
    for name, path in places.data_files():
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue  # somebody's draft, renamed or thrown away meanwhile
        making.writer.add(f"{DATA}/{name}", data)


def _missing(moment: Snapshot) -> list[str]:
    """What the database cites and the store has not: the backup cannot be better than what there is, but it says so."""
    found = []
    for kind, sql in CITED:
        shelf = store.shelf(kind)
        for rows in moment.batches(sql):
            found += [f"{kind}/{row[0]}" for row in rows if row[0] and not shelf.exists(row[0])]
    return found


def _write_shelf(making: Making, kind: str) -> None:
    shelf = store.shelf(kind)
    for digest in shelf.digests():
        size = shelf.size(digest)
        with shelf.open(digest) as file:
            found = making.writer.stream(f"{STORE}/{kind}/{digest}", file, size)
        making.names.update(f"{kind}/{digest}\n".encode())
        making.count, making.bytes = making.count + 1, making.bytes + size
        if found != digest:
            making.altered.append(f"{kind}/{digest}")
        making.tell("文书和证据", making.count, 0)


def _list_shelf(making: Making, kind: str) -> None:
    lines = io.StringIO()
    for digest in store.shelf(kind).digests():
        lines.write(f"{digest}\n")
        making.count += 1
    making.writer.add(f"{LISTED}/{kind}", lines.getvalue().encode())
