"""`ledger verify` on a log that was handed over, against what the machine can hash.

raw      entries a second when each costs one leaf hash and one node hash over SHA-256 in memory, and nothing else
hashes   the same from files: bundles read, tiles held against them, up to the signed root (`--hashes-only`)
whole    everything: canonical entries, the chain of each subject, the twin over SM3; on one core, then on all
"""

import argparse
import hashlib
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bulk_log import leaves, make_bulk
from sanxiang.ledger.tlog.note import parse_vkey
from sanxiang.ledger.tlog.verify_export import Asked, verify_export

ENTRIES, ROUNDS = 200_000, 3


def raw(entries: list[bytes]) -> None:
    """Two hashes an entry: no tree does with less."""
    below = bytes(32)
    for entry in entries:
        below = hashlib.sha256(b"\x01" + below + hashlib.sha256(b"\x00" + entry).digest()).digest()


def seconds(task: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


def checked(folder: Path, asked: Asked) -> None:
    """A whole check that finds nothing, or the figure means nothing."""
    faults = verify_export(folder, asked).faults
    if faults:
        raise RuntimeError(faults[0])


def measure(size: int, rounds: int) -> dict[str, float]:
    """Interleaved rounds; medians."""
    entries = list(leaves(size, max(1, size // 20)))
    with tempfile.TemporaryDirectory() as place:
        bulk = make_bulk(Path(place) / "log", size)
        keys = parse_vkey(bulk.vkey), parse_vkey(bulk.vkey_sm3)
        tasks: dict[str, Callable[[], None]] = {
            "raw": lambda: raw(entries),
            "hashes": lambda: checked(bulk.folder, Asked(keys, hashes_only=True, jobs=1)),
            "whole": lambda: checked(bulk.folder, Asked(keys, jobs=1)),
            "whole_all_cores": lambda: checked(bulk.folder, Asked(keys)),
        }
        took = [{name: seconds(task) for name, task in tasks.items()} for _ in range(rounds)]
    rates = {
        f"{name}_per_second": round(size / statistics.median(one[name] for one in took)) for name in tasks
    }
    ratio = statistics.median(one["raw"] / one["hashes"] for one in took)
    return {"entries": size, "bytes": sum(map(len, entries)) // size, **rates, "ratio": round(ratio, 3)}


def main() -> None:
    """Measure; JSON on stdout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args = parser.parse_args()
    print(json.dumps(measure(args.entries, args.rounds)))


if __name__ == "__main__":
    main()
