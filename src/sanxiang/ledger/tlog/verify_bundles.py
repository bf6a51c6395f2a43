"""One stretch of a log's bundles read once: entry hashes over both trees, tiles held against them, and links of the chains.

Made for workers in processes of their own: what comes back is small, and the stretches are joined in `verify_export`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sanxiang.ledger.tlog.fault import FILES, Fault
from sanxiang.ledger.tlog.leaf_form import step_of
from sanxiang.ledger.tlog.tiles import WIDTH, tile_path
from sanxiang.ledger.tlog.tree import HASH_SIZE, leaf_hashes, root
from sanxiang.ledger.tlog.verify_branches import INSTALLATION, RECOVERED, Branch, broken
from sanxiang.ledger.tlog.verify_branches import MOST as MOST_BRANCHES

MOST = 100
"""Faults that one stretch tells: whoever holds another log altogether need not read a million lines."""

MOST_CHANGED = 10_000

Chain = tuple[int, bytes, int, int, str]
"""A chain within a stretch: number, link and index of its first entry; number and leaf hash of its last."""


@dataclass(frozen=True)
class Stretch:
    """Which bundles to read: from tile `first` up to `end`, of a log of `size` entries under `folder`."""

    folder: Path
    first: int
    end: int
    size: int
    twin: Path | None = None
    chains: bool = True


@dataclass
class Read:
    """What a stretch holds: by tree the roots of its full tiles and the hashes of the partial one, None where a bundle lacks.

    `disputed`: by tree, tiles whose files say otherwise than the bundles: number → (hashes by the bundle, the file's bytes).
    """

    roots: dict[str, list[bytes | None]] = field(default_factory=dict)
    last: dict[str, list[bytes] | None] = field(default_factory=dict)
    disputed: dict[str, dict[int, tuple[list[bytes] | None, bytes | None]]] = field(default_factory=dict)
    chains: dict[bytes, Chain] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    recovered: list[int] = field(default_factory=list)
    changed: dict[bytes, int] = field(default_factory=dict)
    """What changed entries hashed to by the tiles, in hex, and by which tile: whoever links to one of these is not to blame."""
    excused: list[tuple[int, Fault]] = field(default_factory=list)
    """Links that such a tile explains. It does so only if the signed root bears it out, which is known when all is read."""


def width_at(n: int, size: int) -> int:
    """How many entries or hashes tile `n` of the lowest level has in a log of that size."""
    return min(WIDTH, size - n * WIDTH)


def entries_of(data: bytes) -> list[bytes]:
    """A bundle taken apart. ValueError where a length leads beyond its end."""
    found, at, end = [], 0, len(data)
    try:
        while at < end:
            start = at + 2
            at = start + (data[at] << 8) + data[at + 1]
            found.append(data[start:at])
    except IndexError:
        at = -1
    if at != end:
        raise ValueError("条目包的长度对不上")
    return found


def read_stretch(task: Stretch) -> Read:
    """Read it all."""
    trees = {"sha256": task.folder} | ({"sm3": task.twin} if task.twin else {})
    read = Read({hash: [] for hash in trees}, {}, {hash: {} for hash in trees})
    for n in range(task.first, task.end):
        entries = _entries(task, n, read)
        hashes: list[bytes] | None = None
        for hash, folder in trees.items():
            own = leaf_hashes(entries, hash) if entries is not None else None
            _hold(read, hash, folder, n, width_at(n, task.size), own)
            hashes = own if hash == "sha256" else hashes
        if entries is not None and hashes is not None and task.chains:
            _follow(read, n * WIDTH, entries, hashes)
    return read


def _entries(task: Stretch, n: int, read: Read) -> list[bytes] | None:
    """The entries of one bundle; None, with a fault, where there is no such bundle."""
    width = width_at(n, task.size)
    path = f"tile/entries/{tile_path(n, width)}"
    try:
        entries = entries_of((task.folder / path).read_bytes())
    except OSError:
        read.faults.append(Fault("bundle", path, "条目包不见了", FILES))
    except ValueError as error:
        read.faults.append(Fault("bundle", path, f"{error}，文件被改动", FILES))
    else:
        if len(entries) == width:
            return entries
        read.faults.append(Fault("bundle", path, f"应有 {width} 条，实有 {len(entries)} 条", FILES))
    read.missing.append(n)
    return None


def _hold(read: Read, hash: str, folder: Path, n: int, width: int, own: list[bytes] | None) -> None:
    """Keep what the entries hash to, and the tile's file beside it where it says otherwise."""
    try:
        file: bytes | None = (folder / f"tile/0/{tile_path(n, width)}").read_bytes()
    except OSError:
        file = None
    if own is None or file != b"".join(own):
        read.disputed[hash][n] = (own, file)
        if hash == "sha256":  # by which the links are made
            _excuse(read, n, own, file)
    if width == WIDTH:
        read.roots[hash].append(root(own, hash) if own is not None else None)
    else:
        read.last[hash] = own


def _excuse(read: Read, n: int, own: list[bytes] | None, file: bytes | None) -> None:
    if own is not None and file is not None and len(read.changed) < MOST_CHANGED:
        told = split(file)
        read.changed.update((told[at].hex().encode(), n) for at in differing(own, told) if at < len(told))


def _follow(read: Read, start: int, entries: list[bytes], hashes: list[bytes]) -> None:
    """Each entry is canonical, and comes behind the last one of its subject in this stretch."""
    chains = read.chains
    for at, entry in enumerate(entries):
        try:
            step = step_of(entry)
        except ValueError as error:
            _tell(read, Fault("entry", f"条目 {start + at}", str(error), FILES))
            continue
        if step is None:
            continue
        subject, n, previous = step
        if subject == INSTALLATION and entry.startswith(RECOVERED):
            read.recovered.append(start + at)
        before, reached = chains.get(subject), hashes[at].hex()
        if before is None:
            chains[subject] = (n, previous, start + at, n, reached)
            continue
        if n != before[3] + 1 or previous.decode() != before[4]:
            if previous in read.changed:  # the one before it was changed, and is told
                excuse_for_now(read, previous, broken(start + at, subject, before[3], n))
            elif n <= before[3] and len(read.branches) < MOST_BRANCHES:
                read.branches.append(Branch(start + at, subject, before[3], n, previous))
            else:
                _tell(read, broken(start + at, subject, before[3], n))
        chains[subject] = (*before[:3], n, reached)


def _tell(read: Read, fault: Fault) -> None:
    if len(read.faults) < MOST:
        read.faults.append(fault)


def excuse_for_now(read: Read, previous: bytes, fault: Fault) -> None:
    """Tell a link that does not hold only if the tile by which it would is not the signed one."""
    if len(read.excused) < MOST_BRANCHES:
        read.excused.append((read.changed[previous], fault))


def split(data: bytes) -> list[bytes]:
    """The hashes of a tile; what is left over at the end is one of its own."""
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def differing(ours: list[bytes], theirs: list[bytes]) -> Iterator[int]:
    """The places at which two lists differ, those that only one has included."""
    for at in range(max(len(ours), len(theirs))):
        if ours[at : at + 1] != theirs[at : at + 1]:
            yield at
