"""Roots and proofs of a log that is at hand only as tiles: a few tiles are read for each, never a whole level."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sanxiang.ledger.tlog.tiles import ENTRIES, WIDTH, tile_path
from sanxiang.ledger.tlog.tree import HASH_SIZE, SIZE_LIMIT, empty_root, node_hash, root

Fetch = Callable[[int, int, int], bytes]
"""(level, n, width) → the tile's bytes. More than `width` hashes may come: a wider tile begins with the narrower one."""

_HEIGHT = 8
"""A tile spans eight levels of the tree: 2^8 hashes."""


def root_at(fetch: Fetch, size: int, hash: str = "sha256") -> bytes:
    """The root of the log's first `size` leaves. ValueError for an impossible size and for a tile that falls short."""
    _check_size(size)
    return _Log(fetch, size, hash).over(0, size) if size else empty_root(hash)


def inclusion(fetch: Fetch, size: int, index: int, hash: str = "sha256") -> list[bytes]:
    """Audit path of leaf `index` in the tree of that size (RFC 9162 §2.1.3.1), the leaf's sibling first.

    ValueError when the leaf is not in the tree or a tile falls short. The tiles are believed: who does not trust
    them holds the answer against a signed root with `tree.check_inclusion`.
    """
    _check_size(size)
    if not 0 <= index < size:
        raise ValueError(f"序号 {index} 不在树内，树有 {size} 个叶子，序号从 0 数起")
    log, low, high = _Log(fetch, size, hash), 0, size
    proof: list[bytes] = []
    while high - low > 1:
        split = low + _half(high - low)
        if index < split:
            proof.append(log.over(split, high))
            high = split
        else:
            proof.append(log.over(low, split))
            low = split
    return proof[::-1]


def consistency(fetch: Fetch, old: int, new: int, hash: str = "sha256") -> list[bytes]:
    """Proof that the log of size `new` extends its first `old` leaves (RFC 9162 §2.1.4.1).

    Empty for `old` 0 and for equal sizes. ValueError when `old` is beyond `new` or a tile falls short.
    """
    _check_size(new)
    if not 0 <= old <= new:
        raise ValueError(f"旧树大小 {old} 超出范围，树有 {new} 个叶子")
    if old in (0, new):
        return []
    log, low, high = _Log(fetch, new, hash), 0, new
    proof: list[bytes] = []
    while old != high:
        split = low + _half(high - low)
        if old <= split:
            proof.append(log.over(split, high))
            high = split
        else:
            proof.append(log.over(low, split))
            low = split
    if low:  # else the old tree is itself a complete subtree, and the verifier has its root already
        proof.append(log.over(low, high))
    return proof[::-1]


def folder_fetch(folder: Path) -> Fetch:
    """Reads tiles from files under `folder/tile/`.

    A partial tile may have been removed once a wider one stood there, so the wider ones are taken too. ValueError
    when there is none.
    """

    return lambda level, n, width: _read(folder, str(level), n, width)


def part_of(folder: Path, level: str, n: int, width: int) -> bytes:
    """The file of a tile, or of a bundle (`entries`), of exactly that width: cut from a wider one where only that is left.

    A file that is there at that width comes as it is. ValueError where there is none, or a bundle is cut off.
    """
    if (exact := _bytes(folder / "tile" / level / tile_path(n, width))) is not None:
        return exact
    data = _read(folder, level, n, width)
    if level != ENTRIES:
        return data[: width * HASH_SIZE]
    at = 0
    for _ in range(width):
        at += 2 + int.from_bytes(data[at : at + 2], "big")
    if at > len(data):
        raise ValueError(f"条目包 tile/{level}/{tile_path(n, width)} 不完整")
    return data[:at]


def _read(folder: Path, level: str, n: int, width: int) -> bytes:
    """The narrowest file that holds it. Publishing writes the wider one before it removes the narrower."""
    place = folder / "tile" / level
    if (data := _bytes(place / tile_path(n, width))) is not None:
        return data
    for path in _wider(place / tile_path(n), width):
        if (data := _bytes(path)) is not None:
            return data
    raise ValueError(f"缺少瓦片 tile/{level}/{tile_path(n, width)}")


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _wider(full: Path, width: int) -> list[Path]:
    """Partial tiles wider than this, the narrowest first; last the full one, which outlives them."""
    if width == WIDTH:
        return []
    partial = full.with_name(full.name + ".p")
    try:
        names = [path.name for path in partial.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        names = []
    widths = sorted(int(name) for name in names if name.isascii() and name.isdecimal())
    return [*(partial / str(other) for other in widths if width < other < WIDTH), full]


def _check_size(size: int) -> None:
    if not 0 <= size < SIZE_LIMIT:
        raise ValueError(f"树的大小 {size} 超出范围，应为 0 到 2^63−1")


def _half(size: int) -> int:
    """The largest power of two below `size`, where the RFC splits a tree."""
    return 1 << (size - 1).bit_length() - 1


@dataclass(frozen=True)
class _Log:
    """The tiles of a log of one size; each is fetched once."""

    fetch: Fetch
    size: int
    hash: str
    read: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def over(self, low: int, high: int) -> bytes:
        """Root of the subtree over leaves `low` to `high`, as a proof names them: `low` is aligned to its height."""
        height = (high - low).bit_length() - 1
        if high - low == 1 << height:
            return self._complete(height, low >> height)
        peaks = []
        while low < high:
            height = (high - low).bit_length() - 1
            peaks.append(self._complete(height, low >> height))
            low += 1 << height
        reached = peaks.pop()
        while peaks:
            reached = node_hash(peaks.pop(), reached, self.hash)
        return reached

    def _complete(self, height: int, at: int) -> bytes:
        """Root of the `at`-th complete subtree of 2^height leaves, out of the highest tile that holds its parts."""
        level, rest = divmod(height, _HEIGHT)
        n, first = divmod(at << rest, WIDTH)
        tile = self._tile(level, n)
        parts = [
            tile[place * HASH_SIZE : (place + 1) * HASH_SIZE] for place in range(first, first + (1 << rest))
        ]
        return root(parts, self.hash)

    def _tile(self, level: int, n: int) -> bytes:
        if (level, n) not in self.read:
            width = min(WIDTH, (self.size >> _HEIGHT * level) - n * WIDTH)
            tile = self.fetch(level, n, width)
            if len(tile) < width * HASH_SIZE:
                path = f"tile/{level}/{tile_path(n, width)}"
                raise ValueError(
                    f"瓦片 {path} 应有 {width * HASH_SIZE} 字节，只有 {len(tile)} 字节，请由账本重新生成"
                )
            self.read[level, n] = tile
        return self.read[level, n]
