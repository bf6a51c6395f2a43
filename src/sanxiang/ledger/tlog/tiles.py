"""C2SP tlog-tiles: the tree and its entries as static files of 256 hashes or entries each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sanxiang.ledger.tlog.tree import HASH_SIZE, SIZE_LIMIT, empty_root, root

WIDTH = 256
ENTRIES = "entries"
"""What stands for the level in a bundle's address."""
ENTRY_LIMIT = 65_535
"""Most bytes an entry may have: the bundle's length prefix is an unsigned 16-bit number."""


@dataclass(frozen=True)
class Tile:
    """Up to 256 consecutive hashes of one level; `n` counts tiles within the level."""

    level: int
    n: int
    hashes: Sequence[bytes]

    @property
    def path(self) -> str:
        """Where the tile is served, below the log's prefix."""
        return f"tile/{self.level}/{tile_path(self.n, len(self.hashes))}"


def tile_path(n: int, width: int = WIDTH) -> str:
    """The part of a tile's or bundle's path after `tile/<L>/`: groups of three digits, `.p/<W>` when partial.

    ValueError for a negative or oversized `n` and for a width outside 1–256.
    """
    if not 0 <= n < SIZE_LIMIT:
        raise ValueError(f"瓦片序号 {n} 超出范围，应为 0 到 2^63−1")
    if not 1 <= width <= WIDTH:
        raise ValueError(f"瓦片宽度 {width} 超出范围，应为 1 到 {WIDTH}")
    digits = str(n)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*("x" + group for group in groups[:-1]), groups[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entry bundle: each entry behind its length in two bytes; ValueError for a long entry or more than 256."""
    if len(entries) > WIDTH:
        raise ValueError(f"一个条目包至多 {WIDTH} 条，收到 {len(entries)} 条")
    for at, entry in enumerate(entries):
        if len(entry) > ENTRY_LIMIT:
            raise ValueError(f"第 {at + 1} 条有 {len(entry)} 字节，每条至多 {ENTRY_LIMIT} 字节")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def tiles(leaf_hashes: Iterable[bytes], hash: str = "sha256") -> Iterator[Tile]:
    """Every tile of the tree, level by level; only full tiles are hashed into the level above."""
    level, hashes = 0, iter(leaf_hashes)
    while True:
        above = []
        n = 0
        while batch := list(islice(hashes, WIDTH)):
            yield Tile(level, n, batch)
            n += 1
            if len(batch) == WIDTH:
                above.append(root(batch, hash))
        if not above:
            return
        level, hashes = level + 1, iter(above)


def write_tiles(leaf_hashes: Iterable[bytes], folder: Path, hash: str = "sha256") -> tuple[bytes, int]:
    """Write `tile/…` under `folder`; the tree's root and the number of files written."""
    files = 0
    edge: list[bytes] = []
    for tile in tiles(leaf_hashes, hash):
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(tile.hashes))
        files += 1
        if len(tile.hashes) < WIDTH:
            # Partial tiles come lowest level first, and what lies right of a level's complete subtrees is one
            # smaller subtree: so the root so far is simply the last child.
            edge = [root([*tile.hashes, *edge], hash)]
    return (edge[0] if edge else empty_root(hash)), files


def places(size: int, entries: bool) -> Iterator[tuple[str, int, int]]:
    """Level (or `entries`), number and width of every tile of a tree of that size; with its bundles if they are asked for."""
    level, left = 0, size
    while left:
        full, width = divmod(left, WIDTH)
        for name in [str(level), ENTRIES] if level == 0 and entries else [str(level)]:
            yield from ((name, n, WIDTH) for n in range(full))
            if width:
                yield name, full, width
        level, left = level + 1, full


def positions(size: int, entries: bool) -> Iterator[str]:
    """The address of every tile of a tree of that size, behind `tile/`; with its bundles if they are asked for."""
    return (f"{name}/{tile_path(n, width)}" for name, n, width in places(size, entries))


@dataclass
class Edge:
    """A tree's right edge: at each level the hashes of the tile that is not yet full. What appending tiles needs."""

    hash: str = "sha256"
    size: int = 0
    levels: list[list[bytes]] = field(default_factory=list)

    def append(self, leaf_hashes: Iterable[bytes]) -> list[Tile]:
        """Grow by these leaf hashes: every tile that changed, full ones in the order in which they filled."""
        full: list[Tile] = []
        for reached in leaf_hashes:
            self._push(0, reached, full)
            self.size += 1
        touched = {0, *(tile.level + 1 for tile in full)}
        partial = [
            Tile(level, self.size >> 8 * (level + 1), tuple(hashes))
            for level, hashes in enumerate(self.levels)
            if hashes and level in touched
        ]
        return full + partial

    def _push(self, level: int, reached: bytes, full: list[Tile]) -> None:
        if level == len(self.levels):
            self.levels.append([])
        hashes = self.levels[level]
        hashes.append(reached)
        if len(hashes) == WIDTH:
            full.append(Tile(level, ((self.size + 1) >> 8 * (level + 1)) - 1, tuple(hashes)))
            self.levels[level] = []
            self._push(level + 1, root(hashes, self.hash), full)

    @property
    def root(self) -> bytes:
        """The tree's root."""
        reached: list[bytes] = []
        for hashes in self.levels:
            if hashes:
                reached = [root([*hashes, *reached], self.hash)]
        return reached[0] if reached else empty_root(self.hash)


def read_edge(folder: Path, size: int, root: bytes, hash: str = "sha256") -> Edge | None:
    """The edge of a tree of that size and root out of its tile files; None where a file lacks or does not fit."""
    edge = Edge(hash, size)
    level, left = 0, size
    while left:
        width, n = left % WIDTH, left // WIDTH
        found = b""
        if width:
            try:
                found = (folder / f"tile/{level}/{tile_path(n, width)}").read_bytes()
            except FileNotFoundError:
                return None
        if len(found) != width * HASH_SIZE:
            return None
        edge.levels.append([found[at : at + HASH_SIZE] for at in range(0, len(found), HASH_SIZE)])
        level, left = level + 1, n
    return edge if edge.root == root else None
