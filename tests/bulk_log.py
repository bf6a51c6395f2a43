"""A large log as its owner would hand it over, made set-wise: what is to be measured is the reading, not the acts."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sanxiang.ledger.tlog import note
from sanxiang.ledger.tlog.note import checkpoint_text, format_vkey
from sanxiang.ledger.tlog.signing import ed25519_signer, sm2_signer
from sanxiang.ledger.tlog.tiles import WIDTH, Edge, Tile, bundle, tile_path
from sanxiang.ledger.tlog.tree import leaf_hash

ORIGIN = "zfj.example.test/log"
DIGESTS = 16


@dataclass(frozen=True)
class Bulk:
    """Where it lies, and the keys that verify it."""

    folder: Path
    vkey: str
    vkey_sm3: str


def leaves(size: int, subjects: int, seed: int = 1) -> Iterator[bytes]:
    """So many acts of so many subjects in random order, each behind the last of its own."""
    chance = random.Random(seed)
    heads: dict[int, tuple[int, str]] = {}
    digests = ",".join(f'"{chance.randbytes(32).hex()[:43]}"' for _ in range(DIGESTS))
    for at in range(size):
        subject = chance.randrange(subjects)
        n, previous = heads.get(subject, (0, ""))
        key = f"{subject:08x}-0000-4000-8000-000000000000"
        own = f"{at:08x}-0000-4000-8000-000000000001"
        text = (
            f'{{"a":"decide","at":"2026-01-05T01:02:03.{at % 1_000_000:06d}Z","c":"{key}","d":[{digests}],'
            f'"id":"{own}","n":{n + 1},"o":"{ORIGIN}","p":"{previous}","r":"officer","v":1}}'
        )
        leaf = text.encode()
        heads[subject] = (n + 1, hashlib.sha256(b"\x00" + leaf).hexdigest())
        yield leaf


def make_bulk(folder: Path, size: int, subjects: int = 0, twin: bool = True, seed: int = 1) -> Bulk:
    """Write it: tiles, bundles, checkpoints, and the twin under extra/."""
    places = {"sha256": folder} | ({"sm3": folder / "extra" / "log-sm3"} if twin else {})
    edges = {hash: Edge(hash) for hash in places}
    batch: list[bytes] = []
    made: set[Path] = set()

    def put(path: Path, data: bytes) -> None:
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(data)

    def flush(n: int) -> None:
        put(folder / f"tile/entries/{tile_path(n, len(batch))}", bundle(batch))
        for hash, place in places.items():
            for tile in edges[hash].append(leaf_hash(leaf, hash) for leaf in batch):
                if len(tile.hashes) == WIDTH:
                    put(place / tile.path, b"".join(tile.hashes))
        batch.clear()

    for at, leaf in enumerate(leaves(size, subjects or max(1, size // 20), seed)):
        batch.append(leaf)
        if len(batch) == WIDTH:
            flush(at // WIDTH)
    if batch:
        flush(size // WIDTH)
    for hash, place in places.items():
        for level, hashes in enumerate(edges[hash].levels):
            if hashes:
                put(place / Tile(level, size >> 8 * (level + 1), hashes).path, b"".join(hashes))
    ours, theirs = ed25519_signer(ORIGIN, b"\x07" * 32), sm2_signer(f"{ORIGIN}-sm3", b"\x08" * 32)
    for hash, signer in (("sha256", ours), ("sm3", theirs)):
        if hash in places:
            text = checkpoint_text(signer.key.name, size, edges[hash].root)
            put(places[hash] / "checkpoint", note.signed(text, [signer]).encode())
    put(folder / "extra" / "vkeys", f"{format_vkey(ours.key)}\n{format_vkey(theirs.key)}\n".encode())
    return Bulk(folder, format_vkey(ours.key), format_vkey(theirs.key))
