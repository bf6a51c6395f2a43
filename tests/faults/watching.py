"""An outsider who reads the checkpoint all the time and keeps every one; at the end they must all fit one history."""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crowd import LOST
from installation import Installation
from sanxiang.ledger.tlog import note, tree
from sanxiang.ledger.tlog.tiles import tile_path

TREES = (("sha256", "log", ""), ("sm3", "log-sm3", "-sm3"))


@dataclass
class Watcher:
    """The checkpoints of both trees in the order seen."""

    address: str
    seen: dict[str, list[str]] = field(default_factory=lambda: {name: [] for _, name, _ in TREES})
    looks: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look until told to stop; a server that is away is looked at again."""
        while not self.over.wait(0.02):
            for _, name, _ in TREES:
                try:
                    with urllib.request.urlopen(f"{self.address}/{name}/checkpoint", timeout=10) as answer:
                        text = answer.read().decode()
                except (urllib.error.HTTPError, *LOST):
                    continue
                self.looks += 1
                if not self.seen[name] or self.seen[name][-1] != text:
                    self.seen[name].append(text)


@contextmanager
def watching(address: str) -> Iterator[Watcher]:
    """Somebody looks for the time of the block."""
    one = Watcher(address)
    thread = threading.Thread(target=one.watch, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        one.over.set()
        thread.join(30)


def check_history(place: Installation, watcher: Watcher, acts: set[str]) -> dict[str, int]:
    """No fork, no step back, every act of `acts` in a bundle under the final checkpoint; the figures."""
    leaves = entries(place.data / "log")
    found = {}
    for hash, name, below in TREES:
        keys = [key for key in vkeys(place) if key.name == origin(place) + below]
        last = note.open_checkpoint((place.data / name / "checkpoint").read_text(), keys, hash)
        heads = [note.open_checkpoint(text, keys, hash) for text in watcher.seen[name]]
        assert heads, f"{name}: nobody saw a checkpoint"
        sizes = [head.size for head in heads]
        assert sizes == sorted(sizes), f"{name}: a smaller checkpoint after a larger one"
        assert last.size >= sizes[-1]
        roots = roots_at({head.size for head in [*heads, last]}, leaves, hash)
        forks = [head.size for head in [*heads, last] if roots[head.size] != head.root]
        assert not forks, f"{name}: other roots were shown for {forks[:5]}"
        found[f"checkpoints_seen_{hash}"] = len({head.size for head in heads})
        assert last.size == len(leaves)
    proved = {act_of(leaf) for leaf in leaves}
    assert acts <= proved, f"{len(acts - proved)} acknowledged acts are not in the log"
    return {**found, "looks": watcher.looks, "entries": len(leaves), "proved": len(acts), "forks": 0}


def act_of(leaf: bytes) -> str:
    """The act that a leaf is of."""
    return leaf.split(b'"id":"', 1)[1][:36].decode()


def vkeys(place: Installation) -> list[note.Key]:
    """Every key of the installation: in force, the twin's, retired."""
    told = place.json("ledger", "vkey")
    texts = [told["vkey"], told["sm3"], *(row["vkey"] for row in told["retired"])]
    return [note.parse_vkey(text) for text in texts]


def origin(place: Installation) -> str:
    """The log's name."""
    return (place.data / "keys" / "origin").read_text(encoding="utf-8").strip()


def entries(log: Path, size: int | None = None) -> list[bytes]:
    """All leaves out of the bundles, as many as asked for or as the served checkpoint says."""
    if size is None:
        size = int((log / "checkpoint").read_text().split("\n")[1])
    leaves: list[bytes] = []
    for at in range(0, size, 256):
        width = min(256, size - at)
        data = (log / "tile" / "entries" / tile_path(at // 256, width)).read_bytes()
        spot = 0
        while spot < len(data):
            length = int.from_bytes(data[spot : spot + 2], "big")
            leaves.append(data[spot + 2 : spot + 2 + length])
            spot += 2 + length
    assert len(leaves) == size
    return leaves


def roots_at(sizes: set[int], leaves: list[bytes], hash: str) -> dict[int, bytes]:
    """The root of the tree at each of these sizes, from the leaves alone."""
    found, frontier = {}, tree.Frontier(hash=hash)
    for size in sorted(sizes):
        frontier = tree.grow(frontier, (tree.leaf_hash(leaf, hash) for leaf in leaves[frontier.size : size]))
        found[size] = tree.frontier_root(frontier)
    return found


def metric(address: str, name: str) -> int:
    """A number of /metrics."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"sanxiang_{name} ")))


def signed_up_to(address: str, seconds: float = 60) -> float:
    """Wait until everything that was done has its place and is signed; the seconds that it took."""
    began = time.monotonic()
    names = ("ledger_waiting", "ledger_entries", "ledger_signed")
    while time.monotonic() - began < seconds:
        waiting, entries, signed = (metric(address, name) for name in names)
        if waiting == 0 and entries == signed:
            return time.monotonic() - began
        time.sleep(0.05)
    raise AssertionError(f"{waiting} wait, {entries} have their place, {signed} are signed")
