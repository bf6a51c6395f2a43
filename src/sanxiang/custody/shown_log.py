"""The logs' files as of a snapshot: the newest checkpoint signed by then, with the tiles and bundles of exactly that size.

What is on disk may be ahead of the snapshot; copied as it stands it would make a restored database look set back.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sanxiang.custody.archive import LOGS, Writer
from sanxiang.custody.snapshot import Snapshot
from sanxiang.ledger.logs import ACTS, ACTS_ROW, HASHES, Log, accesses
from sanxiang.ledger.tile_proofs import folder_fetch
from sanxiang.ledger.tiles import WIDTH, tile_path
from sanxiang.ledger.tree import HASH_SIZE

ENTRIES = "entries"

NEWEST = """SELECT id, size, root, root_sm3, note, note_sm3 FROM ledger_checkpoint
            WHERE log = %s AND note <> '' AND note_sm3 <> '' ORDER BY size DESC LIMIT 1"""


def log_of(row: int) -> Log:
    """The log whose row that is."""
    return ACTS if row == ACTS_ROW else accesses(row)


def write_logs(writer: Writer, moment: Snapshot) -> list[dict[str, Any]]:
    """Put every log's files into a backup; what each log was then: entries in the database, size and root signed."""
    told = []
    for row, size in moment.ask("SELECT id, size FROM ledger_state ORDER BY id"):
        found = moment.ask(NEWEST, row)
        if not found:
            told.append({"log": row, "entries": size, "size": 0, "root": "", "root_sm3": "", "lacking": 0})
            continue
        key, signed, root, root_sm3, note, note_sm3 = found[0]
        lines = moment.ask(
            "SELECT line FROM ledger_cosignature WHERE checkpoint_id = %s ORDER BY witness", key
        )
        notes = {"sha256": note + "".join(f"{line}\n" for (line,) in lines), "sm3": note_sm3}
        log, lacking = log_of(row), 0
        for hash in HASHES:
            lacking += _write_tree(writer, log, hash, signed)
            writer.add(f"{LOGS}/{row}/{hash}/checkpoint", notes[hash].encode())
        told.append(
            {
                "log": row,
                "entries": size,
                "size": signed,
                "root": root,
                "root_sm3": root_sm3,
                "lacking": lacking,
            }
        )
    return told


def positions(size: int, entries: bool) -> Iterator[tuple[str, int, int]]:
    """Level (or `entries`), number and width of every tile of a tree of that size."""
    level, left = 0, size
    while left:
        full, width = divmod(left, WIDTH)
        for name in [str(level), ENTRIES] if level == 0 and entries else [str(level)]:
            yield from ((name, n, WIDTH) for n in range(full))
            if width:
                yield name, full, width
        level, left = level + 1, full


def _write_tree(writer: Writer, log: Log, hash: str, size: int) -> int:
    """The files of one tree; how many lack. They are made again from the database when it is restored (I8)."""
    folder, lacking = log.folder(hash), 0
    for level, n, width in positions(size, entries=hash == "sha256"):
        data = part_of(folder, level, n, width)
        if data is None:
            lacking += 1
        else:
            writer.add(f"{LOGS}/{log.row}/{hash}/tile/{level}/{tile_path(n, width)}", data)
    return lacking


def part_of(folder: Path, level: str, n: int, width: int) -> bytes | None:
    """A tile or bundle of exactly that width, cut from a wider one where only that is left; None where there is none."""
    if level != ENTRIES:
        try:
            return folder_fetch(folder)(int(level), n, width)[: width * HASH_SIZE]
        except ValueError:
            return None
    place = folder / "tile" / ENTRIES
    for wide in range(width, WIDTH + 1):
        file = place / tile_path(n, wide)
        if file.is_file():
            return b"".join(
                len(entry).to_bytes(2, "big") + entry for entry in entries_of(file.read_bytes())[:width]
            )
    return None


def entries_of(data: bytes) -> list[bytes]:
    """The entries of a bundle. ValueError for one that is cut off."""
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + size]
        if len(entry) != size or at + 2 > len(data):
            raise ValueError("条目包不完整")
        found.append(entry)
        at += 2 + size
    return found
