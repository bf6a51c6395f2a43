"""Bring a log's files up to its newest checkpoint row: tiles and bundles first, the signed checkpoint last (I5).

Every step may be the last one before a crash: what is half written is written again, and a checkpoint is served only
after everything that it promises is on disk. Two publishers at once do the same work one after the other (I6).
"""

import shutil
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from sanxiang.ledger import keys
from sanxiang.ledger.files import held, sync, write
from sanxiang.ledger.halt import Halted, halt, halted, sentence
from sanxiang.ledger.logs import ACTS, HASHES, Log
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.note import Checkpoint as Head
from sanxiang.ledger.note import checkpoint_text, parse_note, signed
from sanxiang.ledger.sequencer import leaves_from
from sanxiang.ledger.served import not_behind, root_of, served_head, served_size
from sanxiang.ledger.signing import CannotSign
from sanxiang.ledger.tiles import WIDTH, Edge, Tile, bundle, read_edge, tile_path
from sanxiang.ledger.tree import leaf_hash

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
    if told := halted():
        raise Halted(sentence(told))
    newest = Checkpoint.objects.filter(log=log.row).order_by("-size").values_list("size", flat=True).first()
    if newest is not None and SERVED.get(log.row) == newest and _stands(log):
        return int(newest)
    with held(log.folder("sha256") / ".lock"):
        row = Checkpoint.objects.filter(log=log.row).order_by("-size").first()
        served = {hash: served_head(log, hash) for hash in HASHES}
        signed_before = any(served.values()) or Checkpoint.objects.exclude(note="").exists()
        keys.make_missing(unsigned=not signed_before)
        for hash in HASHES:
            not_behind(log, hash, served[hash], row)
        if row is None or all(head and head.size == row.size for head in served.values()):
            SERVED[log.row] = row.size if row else 0
            return SERVED[log.row]
        edges = {hash: _edge(log, hash, served[hash], leaves) for hash in HASHES}
        for hash in HASHES:
            # Before a file is written: a history that does not go on from the served one must not lie beside it.
            if _grown(edges[hash], row.size, leaves).hex() != root_of(row, hash):
                raise halt("本机的账本文件", served_size(served[hash]), row.size)
        _write_trees(log, edges, row.size, leaves)
        _sign(log, row)
        SERVED[log.row] = row.size
        return row.size


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


def _write_trees(log: Log, edges: dict[str, Edge], size: int, leaves: Leaves) -> None:
    """Grow both trees to this size, one pass over the leaves. A tree whose files were lost begins at the first leaf."""
    start = min(edge.size for edge in edges.values())
    start -= start % WIDTH
    touched: set[Path] = set()
    stream = iter(leaves(start, size))
    while batch := list(islice(stream, AT_ONCE)):
        _write_bundles(log.folder("sha256"), start, batch, touched)
        for hash, edge in edges.items():
            fresh = batch[max(0, edge.size - start) :]
            tiles = edge.append(leaf_hash(leaf, hash) for leaf in fresh)
            _write_tiles(log.folder(hash), tiles, touched)
        start += len(batch)
    for folder in sorted(touched):
        # That of a tile's partial forms is gone once the tile is full, and many entries fill it in one pass.
        if folder.is_dir():
            sync(folder)
    for hash, edge in edges.items():
        EDGES[log.folder(hash), hash] = edge


def _write_tiles(folder: Path, tiles: Iterable[Tile], touched: set[Path]) -> None:
    for tile in tiles:
        _write(folder, folder / tile.path, b"".join(tile.hashes), touched)
        if len(tile.hashes) == WIDTH:
            shutil.rmtree(folder / f"{tile.path}.p", ignore_errors=True)


def _write_bundles(folder: Path, start: int, batch: list[bytes], touched: set[Path]) -> None:
    """Bundles are entries, so the twin needs none of its own."""
    for at in range(0, len(batch), WIDTH):
        entries = batch[at : at + WIDTH]
        path = folder / f"tile/entries/{tile_path((start + at) // WIDTH, len(entries))}"
        _write(folder, path, bundle(entries), touched)
        if len(entries) == WIDTH:
            shutil.rmtree(f"{path}.p", ignore_errors=True)


def _write(root: Path, path: Path, data: bytes, touched: set[Path]) -> None:
    fresh = not path.parent.is_dir()
    write(path, data)
    touched.add(path.parent)
    if fresh:  # a new folder is a name in the one above it
        touched.update(above for above in path.parents if root in (above, *above.parents))


def _sign(log: Log, row: Checkpoint) -> None:
    """Sign what is committed and on disk, keep the notes, serve them. A note that is kept is served again as it was.

    Both keys sign before either note is kept: while one of them cannot, nothing counts as signed and no witness is asked.
    """
    row.refresh_from_db()
    made = {}
    for hash, column in (("sha256", "note"), ("sm3", "note_sm3")):
        if not getattr(row, column):
            name = log.origin_of(hash)
            text = checkpoint_text(name, row.size, bytes.fromhex(root_of(row, hash)))
            made[column] = signed(text, [keys.signer(name, hash)])
    for column, note in made.items():
        Checkpoint.objects.filter(pk=row.pk, **{column: ""}).update(**{column: note})
    row.refresh_from_db()
    for hash, column in (("sm3", "note_sm3"), ("sha256", "note")):
        serve(log, hash, getattr(row, column))


def serve(log: Log, hash: str, note: str) -> None:
    """Put a signed checkpoint where outsiders read it."""
    parse_note(note)
    write(log.folder(hash) / "checkpoint", note.encode())
    sync(log.folder(hash))
