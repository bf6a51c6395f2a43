"""Tiles and bundles against the definitions of C2SP tlog-tiles."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.ledger.tlog import tree
from sanxiang.ledger.tlog.tiles import bundle, tile_path, tiles, write_tiles


@pytest.mark.parametrize(
    ("n", "width", "path"),
    [
        (1234067, 256, "x001/x234/067"),
        (0, 256, "000"),
        (999, 256, "999"),
        (1000, 256, "x001/000"),
        (1_000_000, 256, "x001/x000/000"),
        (273, 112, "273.p/112"),
        (1234067, 1, "x001/x234/067.p/1"),
        (2**63 - 1, 255, "x009/x223/x372/x036/x854/x775/807.p/255"),
    ],
)
def test_paths_as_the_specification_writes_them(n: int, width: int, path: str) -> None:
    assert tile_path(n, width) == path


@pytest.mark.parametrize(("n", "width"), [(-1, 256), (2**63, 256), (0, 0), (0, 257), (0, -1)])
def test_there_is_no_such_tile(n: int, width: int) -> None:
    with pytest.raises(ValueError, match="超出范围"):
        tile_path(n, width)


@given(st.integers(0, 2**63 - 1))
def test_paths_read_back(n: int) -> None:
    path = tile_path(n)
    assert re.fullmatch(r"(x\d{3}/)*\d{3}", path)
    assert int(path.replace("x", "").replace("/", "")) == n
    assert not path.startswith("x000/")


def test_a_bundle_puts_each_length_in_two_bytes() -> None:
    assert bundle([]) == b""
    assert bundle([b"", b"ab"]).hex() == "0000" + "00026162"
    longest = b"z" * 65_535
    assert bundle([longest] * 256) == (b"\xff\xff" + longest) * 256


def test_a_bundle_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"第 2 条有 65536 字节"):
        bundle([b"", b"z" * 65_536])
    with pytest.raises(ValueError, match="至多 256 条"):
        bundle([b""] * 257)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_each_position_has_the_width_that_the_size_demands(size: int) -> None:
    leaf = tree.leaf_hash(b"x")
    widths: dict[int, list[int]] = {}
    for tile in tiles([leaf] * size):
        assert tile.n == len(widths.setdefault(tile.level, []))
        widths[tile.level].append(len(tile.hashes))
    expected = {}
    level = 0
    while size // 256**level:
        full, rest = divmod(size // 256**level, 256)
        expected[level] = [256] * full + [rest] * bool(rest)
        level += 1
    assert widths == expected


def test_seventy_thousand_leaves_make_the_files_of_the_specification(tmp_path: Path) -> None:
    known = [tree.leaf_hash(b"entry %d" % at) for at in range(70_000)]
    root, files = write_tiles(known, tmp_path)
    assert root == tree.root(known)
    written = {path.relative_to(tmp_path).as_posix(): path for path in tmp_path.rglob("*") if path.is_file()}
    assert set(written) == {
        *(f"tile/0/{n:03}" for n in range(273)),
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    }
    assert files == len(written) == 277
    # MTH(D[(n·256+i)·256^l : (n·256+i+1)·256^l]) for one hash of each level
    assert hash_in(written["tile/0/273.p/112"], 111) == known[69_999]
    assert hash_in(written["tile/1/001.p/17"], 3) == tree.root(known[259 * 256 : 260 * 256])
    assert hash_in(written["tile/2/000.p/1"], 0) == tree.root(known[:65_536])
    assert {len(path.read_bytes()) for name, path in written.items() if ".p/" not in name} == {8192}


def hash_in(path: Path, at: int) -> bytes:
    return path.read_bytes()[at * 32 : at * 32 + 32]


@given(st.integers(0, 1200), st.sampled_from(["sha256", "sm3"]))
def test_tiles_lead_to_the_root(size: int, hash: str) -> None:
    known = [tree.leaf_hash(b"%d" % at, hash) for at in range(size)]
    hashes = {(tile.level, tile.n): tile.hashes for tile in tiles(known, hash)}
    frontier = b""
    for level in sorted({level for level, _ in hashes}, reverse=True):
        width = size // 256**level % 256
        edge = hashes.get((level, size // 256 ** (level + 1)), [])
        assert len(edge) == width
        frontier += tree.grow(tree.Frontier(hash=hash), edge).peaks
    assert tree.frontier_root(tree.Frontier(size, frontier, hash)) == tree.root(known, hash)
