"""Tiles held against what the entries hash to; where they differ, the signed root says which of them was changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sanxiang.ledger.tlog.fault import FILES, Fault
from sanxiang.ledger.tlog.tiles import WIDTH, tile_path
from sanxiang.ledger.tlog.tree import empty_root, root
from sanxiang.ledger.tlog.verify_bundles import differing, split

Levels = list[list[bytes]]
Disputed = dict[int, tuple[list[bytes] | None, bytes | None]]
CHANGED, GONE = "文件被改动", "文件不见了"


@dataclass(frozen=True)
class Tree:
    """One tree as files, and what the entries make of its two lowest levels. `place` stands before the paths told."""

    folder: Path
    hash: str
    size: int
    signed: bytes
    tiles: list[bytes | None]
    last: list[bytes] | None
    disputed: Disputed
    place: str = ""

    @property
    def whole(self) -> bool:
        """Is every entry there?"""
        return None not in self.tiles and (self.last is not None or self.size % WIDTH == 0)

    def path(self, level: int, n: int) -> str:
        """The address of a tile in a tree of this size."""
        return f"tile/{level}/{tile_path(n, min(WIDTH, (self.size >> 8 * level) - n * WIDTH))}"

    def read(self, level: int, n: int) -> bytes | None:
        """A tile's file."""
        try:
            return (self.folder / self.path(level, n)).read_bytes()
        except OSError:
            return None


def levels_of(tree: Tree) -> Levels:
    """Every level above the lowest as the entries make it: all hashes of level 1, of level 2, and so on. Only for a whole tree."""
    levels = [[one for one in tree.tiles if one is not None]]
    while len(levels[-1]) >= WIDTH:
        below = levels[-1]
        full = range(0, len(below) - len(below) % WIDTH, WIDTH)
        levels.append([root(below[at : at + WIDTH], tree.hash) for at in full])
    return levels


def root_of(levels: Levels, last: list[bytes], hash: str) -> bytes:
    """The root: what lies right of the full tiles at each level is one smaller subtree."""
    reached: list[bytes] = []
    for hashes in (last, *(level[len(level) - len(level) % WIDTH :] for level in levels)):
        if hashes:
            reached = [root([*hashes, *reached], hash)]
    return reached[0] if reached else empty_root(hash)


def check_tree(tree: Tree) -> Iterator[Fault]:
    """Every tile that is missing or changed, every entry that was; nothing where all fits under the signed root."""
    if tree.whole:
        levels = levels_of(tree)
        if root_of(levels, tree.last or [], tree.hash) == tree.signed:
            yield from _files_wrong(tree, levels)
            return
    yield from _entries_wrong(tree)


def _told(tree: Tree, level: int, n: int, why: str) -> Fault:
    return Fault("tile", tree.place + tree.path(level, n), why, FILES)


def _files_wrong(tree: Tree, levels: Levels) -> Iterator[Fault]:
    """The entries lead to the signed root, so whatever differs from them was changed."""
    for n, (_, file) in sorted(tree.disputed.items()):
        yield _told(tree, 0, n, GONE if file is None else CHANGED)
    for level, hashes in enumerate(levels, 1):
        for n in range(-(-len(hashes) // WIDTH)):
            file = tree.read(level, n)
            if file != b"".join(hashes[n * WIDTH : (n + 1) * WIDTH]):
                yield _told(tree, level, n, GONE if file is None else CHANGED)


def _entries_wrong(tree: Tree) -> Iterator[Fault]:
    """The entries do not lead to the signed root, or some lack: down from the root by the tiles, to what was changed."""
    edge = _edge(tree)
    if edge is None:
        why = "全部条目重算的树根与签名的检查点不符"
        yield Fault("root", f"{tree.place}checkpoint", why, FILES)
        for n, (own, file) in sorted(tree.disputed.items()):
            yield _told(
                tree, 0, n, GONE if file is None else f"与条目{'' if own else '（条目包不见了）'}不符"
            )
        return
    above = edge
    for level in range(len(edge) - 2, 0, -1):  # each level from the one above, which is true
        full = _below(tree, level, above[level + 1])
        found: list[bytes] = []
        for n, (hashes, why) in enumerate(full):
            if why:
                yield _told(tree, level, n, why)
            found += hashes
        above[level] = found + edge[level]
    if len(edge) > 1:
        for n, truth in enumerate(above[1]):
            yield from _lowest(tree, n, truth)
    yield from _partial(tree, edge[0])


def _edge(tree: Tree) -> Levels | None:
    """The partial tile of each level, lowest first, if together they lead to the signed root; else None."""
    edge: Levels = []
    size, level, reached = tree.size, 0, list[bytes]()
    while size:
        width = size % WIDTH
        hashes = split(tree.read(level, size // WIDTH) or b"") if width else []
        edge.append(hashes)
        if len(hashes) != width:
            return None
        if hashes:
            reached = [root([*hashes, *reached], tree.hash)]
        size, level = size // WIDTH, level + 1
    return edge if reached and reached[0] == tree.signed else None


def _below(tree: Tree, level: int, parents: list[bytes]) -> Iterator[tuple[list[bytes], str]]:
    """The hashes of each full tile of a level whose parents are true, and what is wrong with its file."""
    for n, parent in enumerate(parents):
        file = tree.read(level, n)
        hashes = split(file or b"")
        if file is not None and len(hashes) == WIDTH and root(hashes, tree.hash) == parent:
            yield hashes, ""
            continue
        again = [_again(tree, level - 1, n * WIDTH + at) for at in range(WIDTH)]
        yield again, GONE if file is None else CHANGED


def _again(tree: Tree, level: int, n: int) -> bytes:
    """What a tile's parent says of it, made again from the tile or, at the lowest level, from the entries."""
    own = tree.tiles[n] if level == 0 else None
    hashes = split(tree.read(level, n) or b"")
    return own or (root(hashes, tree.hash) if hashes else b"")


def _lowest(tree: Tree, n: int, truth: bytes) -> Iterator[Fault]:
    """A full tile of the lowest level and its bundle, held against what its true parent says."""
    own, file = tree.disputed.get(n, (None, None))
    if n not in tree.disputed:
        if tree.tiles[n] != truth:
            yield Fault(
                "entry", f"条目 {n * WIDTH} 至 {(n + 1) * WIDTH - 1}", "条目和瓦片都与上层的瓦片不符", FILES
            )
        return
    hashes = split(file or b"")
    good = len(hashes) == WIDTH and root(hashes, tree.hash) == truth
    if not good:
        yield _told(tree, 0, n, GONE if file is None else CHANGED)
    if own is not None and root(own, tree.hash) != truth:
        yield from _bundle(tree, n, own, hashes if good else [])


def _partial(tree: Tree, truth: list[bytes]) -> Iterator[Fault]:
    n = tree.size // WIDTH
    if truth and tree.last is not None and tree.last != truth:
        yield from _bundle(tree, n, tree.last, truth)


def _bundle(tree: Tree, n: int, own: list[bytes], truth: list[bytes]) -> Iterator[Fault]:
    """A bundle that was changed: which of its entries, where the true hashes are known."""
    if tree.hash != "sha256":  # both trees are over the same bundles, and one telling is enough
        return
    path = f"tile/entries/{tile_path(n, min(WIDTH, tree.size - n * WIDTH))}"
    places = "、".join(str(n * WIDTH + at) for at in differing(own, truth)) if truth else ""
    yield Fault("bundle", path, f"条目 {places} 被改动" if places else CHANGED, FILES)
