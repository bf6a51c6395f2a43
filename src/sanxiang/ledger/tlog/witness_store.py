"""What a witness keeps in its folder: its key, the logs it watches, how far it has seen each, and what it refused.

One folder is one witness. The database is written in one transaction at a time and is on disk before anybody is
answered. A witness whose database is lost must not go on under its old key: it would cosign what it once refused.
"""

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sanxiang.ledger.tlog.note import (
    COSIGNATURE_V1,
    ED25519,
    Key,
    check_name,
    format_vkey,
    parse_vkey,
    public_key,
)

KEY, DATABASE, REFUSALS = "key.json", "witness.sqlite3", "refusals.jsonl"
REFUSAL_LIMIT = 1000
"""Refusals of one sort kept for one log: anybody can hand in old checkpoints, and must not fill the disk with them."""

_BUSY_SECONDS = 20
_TABLES = """
create table if not exists log (
  origin text not null, vkey text not null unique, added integer not null, believed integer not null);
create table if not exists seen (
  origin text not null, size integer not null, root blob not null, note text not null, at integer not null,
  primary key (origin, size)) without rowid;
create table if not exists refusal (
  id integer primary key, origin text not null, why text not null, size integer not null, root blob not null,
  at integer not null, unique (origin, why, size, root));
"""
_SEEN = "select size, root, note, at from seen where origin = ?"


class Unusable(Exception):
    """The folder is no witness's, or has been damaged; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Store:
    """An opened witness."""

    folder: Path
    name: str
    seed: bytes = field(repr=False)

    @property
    def key(self) -> Key:
        """The key with which its cosignatures verify."""
        return Key(self.name, COSIGNATURE_V1, public_key(self.seed))

    @property
    def vkey(self) -> str:
        """The same, as logs and readers are given it."""
        return format_vkey(self.key)


@dataclass(frozen=True)
class Seen:
    """A checkpoint that was cosigned: `note` with the log's own lines and ours, `at` seconds since 1970.

    All are kept, some 500 bytes each: should the log sign another root for one of these sizes, both of its signatures
    are at hand.
    """

    size: int
    root: bytes
    note: str
    at: int


@dataclass(frozen=True)
class Refusal:
    """A signed checkpoint that did not fit what was seen before: `why` is fork, rollback or unproven."""

    why: str
    size: int
    root: bytes
    at: int


@dataclass(frozen=True)
class Watched:
    """A log under watch."""

    origin: str
    vkeys: tuple[str, ...]
    latest: Seen | None
    refusals: tuple[Refusal, ...]
    """The newest first."""


def make_store(folder: Path, name: str) -> Store:
    """A new witness with a key of its own. ValueError for a name that keys cannot bear, Unusable where one is already."""
    check_name(name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The key comes last: a key without its database is a witness that has lost its memory.
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.execute("pragma synchronous = extra")
        database.executescript(_TABLES)
    (folder / DATABASE).chmod(0o600)
    seed = secrets.token_bytes(32)
    _write_once(folder / KEY, json.dumps({"name": name, "seed": seed.hex()}, ensure_ascii=False) + "\n")
    return Store(folder, name, seed)


def _write_once(file: Path, text: str) -> None:
    """A file for the owner alone, whole or not at all, on disk when this returns. Unusable when it is there already."""
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError as error:
        raise Unusable(f"{file.parent} 里已经有见证人，不再新建") from error
    finally:
        fresh.unlink()
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_store(folder: Path) -> Store:
    """The witness in a folder. Raises Unusable."""
    try:
        kept = json.loads((folder / KEY).read_text(encoding="utf-8"))
        name, seed = str(kept["name"]), bytes.fromhex(kept["seed"])
        check_name(name)
        public_key(seed)
    except FileNotFoundError as error:
        raise Unusable(f"{folder} 里还没有见证人，请先运行 sanxiang witness init --name 名称") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"见证人密钥 {folder / KEY} 读不出来，请从备份放回") from error
    if not (folder / DATABASE).exists():
        raise Unusable(
            f"见证记录 {folder / DATABASE} 不见了。没有它就不知道见证过什么，不能再用这把密钥："
            "请另建文件夹重新 init，并请各账本改用新的验证密钥"
        )
    store = Store(folder, name, seed)
    try:
        with database(store) as rows:
            rows.execute("select count(*) from log").fetchone()
    except sqlite3.Error as error:
        raise Unusable(f"见证记录 {folder / DATABASE} 打不开（{error}），请检查磁盘和权限") from error
    return store


@contextmanager
def database(store: Store, write: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection for one request. To write is to be alone: whoever else wants to write waits until this block has ended
    and all of it is on disk, or nothing of it."""
    address = (store.folder / DATABASE).absolute().as_uri() + "?mode=rw"
    with closing(sqlite3.connect(address, _BUSY_SECONDS, isolation_level=None, uri=True)) as connection:
        connection.execute("pragma synchronous = extra")
        connection.execute("begin immediate" if write else "begin")
        yield connection
        connection.execute("commit")  # closed without it, nothing was written


def add_log(store: Store, vkey: str, now: int, origin: str = "") -> str:
    """Watch a log by its verifier key, or take a further key of it; its origin, which is the key's name unless told.

    ValueError for a key that is none or not a log's, and for one that already stands for another origin.
    """
    key = parse_vkey(vkey)
    if key.kind != ED25519:
        raise ValueError(f"{key.name} 的密钥不能用来见证：只见证以 Ed25519（类型 01）签名的账本")
    origin = origin or key.name
    if "\n" in origin:
        raise ValueError("账本名称不能换行")
    with database(store, write=True) as rows:
        held = rows.execute("select origin from log where vkey = ?", (vkey,)).fetchone()
        if held and held[0] != origin:
            raise ValueError(f"这把验证密钥已经登记给账本 {held[0]}")
        rows.execute("insert or ignore into log values (?, ?, ?, 1)", (origin, vkey, now))
        rows.execute("update log set believed = 1 where vkey = ?", (vkey,))
    return origin


def remove_log(store: Store, vkey: str) -> bool:
    """Believe this key no longer, as after a theft; what was seen of the log stays. False when it was not believed."""
    with database(store, write=True) as rows:
        return rows.execute("update log set believed = 0 where vkey = ? and believed", (vkey,)).rowcount > 0


def removed(store: Store, vkey: str) -> bool:
    """Was this key believed once, and then no longer?"""
    with database(store) as rows:
        return (
            rows.execute("select 1 from log where vkey = ? and not believed", (vkey,)).fetchone() is not None
        )


def log_keys(store: Store, origin: str) -> list[Key]:
    """The keys that may sign for a log; none for a log that is not watched."""
    with database(store) as rows:
        found = rows.execute("select vkey from log where origin = ? and believed", (origin,))
        return [parse_vkey(vkey) for (vkey,) in found]


def latest(rows: sqlite3.Connection, origin: str) -> Seen | None:
    """The last checkpoint cosigned for this log."""
    row = rows.execute(f"{_SEEN} order by size desc limit 1", (origin,)).fetchone()
    return Seen(*row) if row else None


def seen_at(rows: sqlite3.Connection, origin: str, size: int) -> Seen | None:
    """The checkpoint that was cosigned at that size, if one was."""
    row = rows.execute(f"{_SEEN} and size = ?", (origin, size)).fetchone()
    return Seen(*row) if row else None


def advance(rows: sqlite3.Connection, origin: str, reached: Seen) -> None:
    """Take this as the last checkpoint cosigned."""
    values = (origin, reached.size, reached.root, reached.note, reached.at)
    rows.execute("insert or replace into seen values (?, ?, ?, ?, ?)", values)


def keep_refusal(
    rows: sqlite3.Connection, store: Store, origin: str, refusal: Refusal, evidence: Mapping[str, object]
) -> None:
    """Keep what was refused, once, and append the evidence to the plain file; beyond REFUSAL_LIMIT nothing is kept."""
    sort = (origin, refusal.why)
    (kept,) = rows.execute("select count(*) from refusal where origin = ? and why = ?", sort).fetchone()
    values = (*sort, refusal.size, refusal.root, refusal.at)
    if kept >= REFUSAL_LIMIT:
        return
    fresh = rows.execute(
        "insert or ignore into refusal (origin, why, size, root, at) values (?, ?, ?, ?, ?)", values
    )
    if not fresh.rowcount:
        return
    # Before the commit: after a crash the line may stand there twice, but never not at all.
    with (store.folder / REFUSALS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(evidence, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(store.folder)


def watched(store: Store) -> list[Watched]:
    """Every log that is watched or was once, by name."""
    with database(store) as rows:
        keys: dict[str, list[str]] = {}
        for origin, vkey, believed in rows.execute(
            "select origin, vkey, believed from log order by added, vkey"
        ):
            keys.setdefault(origin, []).extend([vkey] * believed)
        found = []
        for origin in sorted(keys):
            refused = rows.execute(
                "select why, size, root, at from refusal where origin = ? order by id desc", (origin,)
            )
            refusals = tuple(Refusal(*row) for row in refused)
            found.append(Watched(origin, tuple(keys[origin]), latest(rows, origin), refusals))
        return found
