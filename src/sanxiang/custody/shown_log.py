"""The logs' files as of a snapshot: the newest checkpoint signed by then, with the tiles and bundles of exactly that size.

What is on disk may be ahead of the snapshot; copied as it stands it would make a restored database look set back.
"""

from pathlib import Path
from typing import Any

from sanxiang.custody.archive import LOGS, Writer
from sanxiang.custody.snapshot import Snapshot
from sanxiang.ledger.logs import HASHES, Log, log_of
from sanxiang.ledger.tlog import tile_proofs
from sanxiang.ledger.tlog.tiles import places, tile_path

NEWEST = """SELECT id, size, root, root_sm3, note, note_sm3 FROM ledger_checkpoint
            WHERE log = %s AND note <> '' AND note_sm3 <> '' ORDER BY size DESC LIMIT 1"""


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


def _write_tree(writer: Writer, log: Log, hash: str, size: int) -> int:
    """The files of one tree; how many lack. They are made again from the database when it is restored (I8)."""
    folder, lacking = log.folder(hash), 0
    for level, n, width in places(size, entries=hash == "sha256"):
        data = part_of(folder, level, n, width)
        if data is None:
            lacking += 1
        else:
            writer.add(f"{LOGS}/{log.row}/{hash}/tile/{level}/{tile_path(n, width)}", data)
    return lacking


def part_of(folder: Path, level: str, n: int, width: int) -> bytes | None:
    """A tile or bundle of exactly that width; None where there is none, or only a part of one."""
    try:
        return tile_proofs.part_of(folder, level, n, width)
    except ValueError:
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
