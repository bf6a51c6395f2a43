"""Bring a log's files up to its newest checkpoint row: tiles and bundles first, the signed checkpoint last (I5).

Every step may be the last one before a crash: what is half written is written again, and a checkpoint is served only
after everything that it promises is on disk. Two publishers at once do the same work one after the other (I6).
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from sanxiang.ledger import keys
from sanxiang.ledger.asking import ask_first
from sanxiang.ledger.files import held, sync, write_all
from sanxiang.ledger.halt import Halted, halt, halted, sentence
from sanxiang.ledger.logs import ACTS, HASHES, Log
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.sequencer import leaves_from
from sanxiang.ledger.served import FILES, not_behind, root_of, served_head, served_size
from sanxiang.ledger.tlog.note import Checkpoint as Head
from sanxiang.ledger.tlog.note import checkpoint_text, parse_note, signed
from sanxiang.ledger.tlog.signing import CannotSign
from sanxiang.ledger.tlog.tiles import WIDTH, Edge, Tile, bundle, read_edge, tile_path
from sanxiang.ledger.tlog.tree import leaf_hash

Leaves = Callable[[int, int], Iterable[bytes]]
"""The leaves of a log from one index up to another."""

TROUBLES = (Halted, keys.Unsound, CannotSign)
"""Why a log may not be signed for now; each says in Chinese what to do."""

AT_ONCE = 16 * WIDTH
EDGES: dict[tuple[Path, str], Edge] = {}
"""Where each tree ended when this process last wrote it; read from the files again where another one was faster."""

SERVED: dict[int, int] = {}
"""The size that this process saw served last: five times a second nothing has happened, and no file need be read."""


def publish(log: Log = ACTS, leaves: Leaves = leaves_from) -> int:
    """Serve what has been sequenced; the size that is served now. Raises Halted where the files know more than the database."""
    if told := halted(log):
        raise Halted(sentence(told))
    newest = Checkpoint.objects.filter(log=log.row).order_by("-size").values_list("size", flat=True).first()
    if newest is not None and SERVED.get(log.row) == newest and _stands(log):
        return int(newest)
    if log.row == ACTS.row:  # no witness sees the looks
        ask_first()
    with held(log.folder("sha256") / ".lock"):
        row = Checkpoint.objects.filter(log=log.row).order_by("-size").first()
        served = {hash: served_head(log, hash) for hash in HASHES}
        signed_before = any(served.values()) or Checkpoint.objects.exclude(note="").exists()
        keys.make_missing(unsigned=not signed_before)
        for hash in HASHES:
            if row is None or not _goes_on(log, hash, served[hash], row):
                not_behind(log, hash, served[hash], row)
        if row is None or all(head and head.size == row.size for head in served.values()):
            SERVED[log.row] = row.size if row else 0
            return SERVED[log.row]
        edges = {hash: _edge(log, hash, served[hash], leaves) for hash in HASHES}
        leaves = _read_once(leaves, _start(edges), row.size)
        for hash in HASHES:
            # Before a file is written: a history that does not go on from the served one must not lie beside it.
            if _grown(edges[hash], row.size, leaves).hex() != root_of(row, hash):
                raise halt(FILES, served_size(served[hash]), row.size, log=log)
        _write_trees(log, edges, row.size, leaves)
        _sign(log, row)
        SERVED[log.row] = row.size
        return row.size


def _goes_on(log: Log, hash: str, head: Head | None, row: Checkpoint) -> bool:
    """Did this process write the served tree? Then the root of the longer row, computed from here on, answers for it too."""
    known = EDGES.get((log.folder(hash), hash))
    return bool(
        head and known and head.size < row.size and (known.size, known.root) == (head.size, head.root)
    )


def _stands(log: Log) -> bool:
    """Are the served checkpoints still there? Somebody may have deleted the files while nothing happened."""
    return all((log.folder(hash) / "checkpoint").exists() for hash in HASHES)


def _grown(edge: Edge, size: int, leaves: Leaves) -> bytes:
    """The root that this edge has once it is as long as that, without keeping anything of it."""
    grown = Edge(edge.hash, edge.size, [list(level) for level in edge.levels])
    stream = iter(leaves(edge.size, size))
    while batch := list(islice(stream, AT_ONCE)):
        grown.append(leaf_hash(leaf, edge.hash) for leaf in batch)
    return grown.root


def _edge(log: Log, hash: str, head: Head | None, leaves: Leaves) -> Edge:
    """Where the tree's files end: as remembered, as read from them, or made again from the first leaf (I8)."""
    if head is None:
        return Edge(hash)
    known = EDGES.get((log.folder(hash), hash))
    if known is not None and known.size == head.size and known.root == head.root:
        return known
    return read_edge(log.folder(hash), head.size, head.root, hash) or Edge(hash)


def _start(edges: dict[str, Edge]) -> int:
    """The first leaf of the first bundle that is written again."""
    size = min(edge.size for edge in edges.values())
    return size - size % WIDTH


def _read_once(leaves: Leaves, start: int, size: int) -> Leaves:
    """What both trees and the bundles want of the leaves is asked of the database once, unless a whole log is made again."""
    if size - start > AT_ONCE:
        return leaves
    read = list(leaves(start, size))
    return lambda first, end: read[first - start : end - start]


def _write_trees(log: Log, edges: dict[str, Edge], size: int, leaves: Leaves) -> None:
    """Grow both trees to this size, one pass over the leaves. A tree whose files were lost begins at the first leaf."""
    start = _start(edges)
    stream = iter(leaves(start, size))
    while batch := list(islice(stream, AT_ONCE)):
        files = list(_bundles(log.folder("sha256"), start, batch))
        for hash, edge in edges.items():
            fresh = batch[max(0, edge.size - start) :]
            files += _tiles(log.folder(hash), edge.append(leaf_hash(leaf, hash) for leaf in fresh))
        _write(log, files)
        start += len(batch)
    for hash, edge in edges.items():
        EDGES[log.folder(hash), hash] = edge


def _tiles(folder: Path, tiles: Iterable[Tile]) -> Iterator[tuple[Path, bytes]]:
    return ((folder / tile.path, b"".join(tile.hashes)) for tile in tiles)


def _bundles(folder: Path, start: int, batch: list[bytes]) -> Iterator[tuple[Path, bytes]]:
    """Bundles are entries, so the twin needs none of its own."""
    for at in range(0, len(batch), WIDTH):
        entries = batch[at : at + WIDTH]
        yield folder / f"tile/entries/{tile_path((start + at) // WIDTH, len(entries))}", bundle(entries)


def _write(log: Log, files: list[tuple[Path, bytes]]) -> None:
    """Put these files and their names on disk; only then take away what a tile was while it was not full."""
    touched = {path.parent for path, _ in files}
    roots = {log.folder(hash) for hash in HASHES}
    for parent in [one for one in touched if not one.is_dir()]:  # a new folder is a name in the one above it
        touched.update(above for above in parent.parents if roots & {above, *above.parents})
    write_all(files)
    sync(*sorted(touched))
    for path, _ in files:
        shutil.rmtree(f"{path}.p", ignore_errors=True)


def _sign(log: Log, row: Checkpoint) -> None:
    """Sign what is committed and on disk, keep the notes, serve them. A note that is kept is served again as it was.

    Both keys sign before either note is kept: while one of them cannot, nothing counts as signed and no witness is asked.
    """
    made = {}
    for hash, column in (("sha256", "note"), ("sm3", "note_sm3")):
        if not getattr(row, column):
            name = log.origin_of(hash)
            text = checkpoint_text(name, row.size, bytes.fromhex(root_of(row, hash)))
            made[column] = signed(text, [keys.signer(name, hash)])
    before = dict.fromkeys(made, "")
    if made and Checkpoint.objects.filter(pk=row.pk, **before).update(**made):
        row.note, row.note_sm3 = made.get("note", row.note), made.get("note_sm3", row.note_sm3)
    else:  # somebody was faster
        row.refresh_from_db()
    serve(log, {"sm3": row.note_sm3, "sha256": row.note})


def serve(log: Log, notes: Mapping[str, str]) -> None:
    """Put signed checkpoints, by their tree, where outsiders read them, in this order."""
    for note in notes.values():
        parse_note(note)
    write_all((log.folder(hash) / "checkpoint", note.encode()) for hash, note in notes.items())
    sync(*map(log.folder, notes))
