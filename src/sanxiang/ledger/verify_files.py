"""The files of one tree on disk, each held against what the entries in the database make of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanxiang.ledger.tlog.fault import FILES, Fault
from sanxiang.ledger.tlog.tiles import WIDTH, tile_path
from sanxiang.ledger.tlog.verify_bundles import differing, entries_of, split

Make = Callable[[Any], bytes]


@dataclass
class Inventory:
    """Which files lie under `tile/` of one tree, by their paths behind it; each is taken out once it was looked at."""

    folder: Path
    paths: set[str] = field(default_factory=set)
    partial: dict[str, list[int]] = field(default_factory=dict)


def look_at(folder: Path) -> Inventory:
    """List the files. What is being written at this moment, or was when the power went, is nothing that is served."""
    found = Inventory(folder)
    place = folder / "tile"
    for file in place.rglob("*"):
        if file.name.startswith(".new-") or not file.is_file():
            continue
        path = file.relative_to(place).as_posix()
        found.paths.add(path)
        full, dot, width = path.rpartition(".p/")
        if dot and width.isascii() and width.isdecimal():
            found.partial.setdefault(full, []).append(int(width))
    return found


@dataclass(frozen=True)
class Wrong:
    """A file that says something else than the entries, and where."""

    path: str
    kind: str
    n: int
    places: tuple[int, ...]


@dataclass
class Look:
    """The look through one tree's files. `served` is the size of the checkpoint that outsiders get; `place` names the folder."""

    inventory: Inventory
    hash: str
    served: int
    place: str
    wrong: list[Wrong] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def hold(self, kind: str, n: int, parts: Sequence[bytes], make: Make) -> None:
        """Look at the full file of a position and at each narrower one; `kind` is the level or `entries`."""
        path = f"{kind}/{tile_path(n)}"
        level = 0 if kind == "entries" else int(kind)
        due = min(WIDTH, max(0, (self.served >> 8 * level) - n * WIDTH))
        widths = self.inventory.partial.get(path, [])
        full = len(parts) == WIDTH and path in self.inventory.paths
        if due == WIDTH and not full:
            self.missing.append(path)
        elif 0 < due < WIDTH and not full and not any(width >= due for width in widths):
            self.missing.append(f"{path}.p/{due}")
        for width in sorted(widths):
            if width <= min(len(parts), WIDTH - 1):
                self._compare(f"{path}.p/{width}", kind, n, parts[:width], make)
        if full:
            self._compare(path, kind, n, parts, make)

    def _compare(self, path: str, kind: str, n: int, parts: Sequence[bytes], make: Make) -> None:
        if path not in self.inventory.paths:
            return  # spelled otherwise: 007 for 7
        self.inventory.paths.discard(path)
        try:
            data = (self.inventory.folder / "tile" / path).read_bytes()
        except FileNotFoundError:
            return  # a wider one has taken its place since
        if data != make(parts):
            self.wrong.append(Wrong(path, kind, n, tuple(_places(kind, n, data, list(parts)))))

    def told(self, fits: bool, name: Callable[[int], str]) -> Iterator[Fault]:
        """What was found; `fits` when the entries lead to the root that is served: then it is the file that was changed."""
        for path in self.missing:
            yield Fault(
                "bundle" if path.startswith("entries") else "tile",
                f"{self.place}/tile/{path}",
                "文件不见了",
                FILES,
            )
        for one in self.wrong:
            what = "bundle" if one.kind == "entries" else "tile"
            entries = "、".join(name(index) for index in one.places[:3])
            why = "文件被改动" if fits else "文件与数据库的条目不同，树根也不符"
            yield Fault(
                what, f"{self.place}/tile/{one.path}", f"{why}{'：' + entries if entries else ''}", FILES
            )

    def left(self, size: int) -> Iterator[Fault]:
        """What no entry of ours stands behind."""
        for path in sorted(self.inventory.paths):
            yield Fault(
                "tile", f"{self.place}/tile/{path}", f"多出来的文件：{size} 条的账本里没有它的位置", FILES
            )


def _places(kind: str, n: int, data: bytes, parts: list[bytes]) -> Iterator[int]:
    """The entries at which a bundle or a tile of the lowest level differs."""
    if kind not in ("0", "entries"):
        return
    try:
        theirs = split(data) if kind == "0" else entries_of(data)
    except ValueError:
        return
    yield from (n * WIDTH + at for at in differing(parts, theirs))
