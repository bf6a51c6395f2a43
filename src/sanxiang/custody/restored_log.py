"""The logs' files after a restore: those that were kept stay where they know more, and all are held against the database."""

import shutil
from collections.abc import Iterator
from typing import Any

from sanxiang.custody.archive import Damaged
from sanxiang.custody.shown_log import entries_of, part_of
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.logs import ACTS, ACTS_ROW, HASHES, Log, log_of
from sanxiang.ledger.sequencer import leaves_from
from sanxiang.ledger.tlog.tiles import ENTRIES, WIDTH, tiles
from sanxiang.ledger.tlog.tree import Frontier, frontier_root, grow, leaf_hash


def kept_logs() -> set[int]:
    """The logs of which files lie in the folder: what was kept when the database was lost."""
    top = ACTS.folder("sha256")
    years = {
        int(one.parent.name) for one in top.glob("access/[0-9]*/checkpoint") if one.parent.name.isdigit()
    }
    return years | ({ACTS_ROW} if (top / "checkpoint").exists() else set())


def leaves_of(row: int, size: int) -> Iterator[bytes]:
    """The first leaves of a log, out of the database."""
    if row == ACTS_ROW:
        yield from leaves_from(0, size)
        return
    rows = Access.objects.filter(year=row, idx__lt=size).order_by("idx")
    for leaf in rows.values_list("leaf", flat=True).iterator(chunk_size=2000):
        yield bytes(leaf)


def check_files(logs: list[dict[str, Any]], put: set[int]) -> list[str]:
    """Hold each log's files against the restored rows; the trees whose files did not fit and will be made again.

    Only what came out of the backup (`put`) is taken away: files that were kept are evidence of what was lost.

    Raises Damaged where the rows themselves do not have the root that was signed.
    """
    again = []
    for told in logs:
        row, size = told["log"], told["size"]
        log = log_of(row)
        for hash, root in zip(HASHES, (told["root"], told["root_sm3"]), strict=True):
            grown = grow(Frontier(hash=hash), (leaf_hash(leaf, hash) for leaf in leaves_of(row, size)))
            if size and (grown.size != size or frontier_root(grown).hex() != root):
                raise Damaged(f"备份里账本 {log.origin} 的前 {size} 条算不出签过的根值，备份不可信，没有恢复")
            if row in put and not _files_fit(log, hash, size):
                shutil.rmtree(log.folder(hash) / "tile", ignore_errors=True)
                again.append(log.origin_of(hash))
    return again


def _files_fit(log: Log, hash: str, size: int) -> bool:
    folder = log.folder(hash)
    for tile in tiles((leaf_hash(leaf, hash) for leaf in leaves_of(log.row, size)), hash):
        if part_of(folder, str(tile.level), tile.n, len(tile.hashes)) != b"".join(tile.hashes):
            return False
    return hash != "sha256" or _bundles_fit(log, size)


def _bundles_fit(log: Log, size: int) -> bool:
    leaves = leaves_of(log.row, size)
    for n in range(-(-size // WIDTH)):
        width = min(WIDTH, size - n * WIDTH)
        data = part_of(log.folder("sha256"), ENTRIES, n, width)
        if data is None or entries_of(data) != [next(leaves) for _ in range(width)]:
            return False
    return True
