"""Checking one act offline: how long it takes and how big the proof is, in a log of ten million acts.

No tree of that size is needed: drawn siblings lead from the leaf to a root, which is then signed and cosigned.
"""

import json
import secrets
import statistics
import time

from sanxiang.ledger.tlog import note
from sanxiang.ledger.tlog.proof import Proof, format_proof, open_proof
from sanxiang.ledger.tlog.tree import leaf_hash, node_hash

SIZE = 10_000_000
ROUNDS = 200
LOG, WITNESS = "zfj.example.test/log", "witness.sfj.example.test"


def proof(leaf: bytes, index: int) -> tuple[str, list[note.Key]]:
    """A proof of this leaf at that index, under one witness's line."""
    path, root = climbed(leaf_hash(leaf), index, SIZE)
    seeds = secrets.token_bytes(32), secrets.token_bytes(32)
    signed = note.sign(note.checkpoint_text(LOG, SIZE, root), LOG, seeds[0])
    signed += note.cosign(signed, WITNESS, seeds[1], int(time.time())) + "\n"
    kinds = (LOG, note.ED25519), (WITNESS, note.COSIGNATURE_V1)
    keys = [
        note.Key(name, kind, note.public_key(seed)) for (name, kind), seed in zip(kinds, seeds, strict=True)
    ]
    return format_proof(Proof(index, tuple(path), signed)), keys


def climbed(reached: bytes, index: int, size: int) -> tuple[list[bytes], bytes]:
    """Drawn siblings for each level on which the node has one, and the root that they lead to."""
    path, last = [], size - 1
    while last:
        if index & 1 or index != last:
            path.append(secrets.token_bytes(32))
            reached = node_hash(path[-1], reached) if index & 1 else node_hash(reached, path[-1])
        index, last = index >> 1, last >> 1
    return path, reached


def measure() -> dict[str, float]:
    """The longest proof's bytes, hashes, and the median milliseconds to take it apart and check all of it."""
    leaf = secrets.token_bytes(680)
    text, keys = proof(leaf, 1)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        open_proof(text, leaf, keys)
        times.append(time.perf_counter() - began)
    hashes = text.partition("\n\n")[0].count("\n") - 1
    return {
        "entries": SIZE,
        "hashes": hashes,
        "bytes": len(text.encode()),
        "check_ms": round(1000 * statistics.median(times), 3),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
