"""Proofs out of tiles are those that the whole tree gives, and few tiles are read for each."""

import functools
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanxiang.ledger.tlog import tile_proofs, tree
from sanxiang.ledger.tlog.tile_proofs import Fetch
from sanxiang.ledger.tlog.tiles import tile_path, tiles, write_tiles

LARGEST = 70_000
EDGES = (1, 2, 3, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_793, 69_999, LARGEST)
Levels = list[list[bytes]]


@functools.cache
def leaves(hash: str = "sha256") -> Sequence[bytes]:
    return [tree.leaf_hash(b"entry %d" % at, hash) for at in range(LARGEST)]


@functools.cache
def levels(hash: str = "sha256") -> Levels:
    """All hashes of each tile level of the largest log; a smaller log's tiles are prefixes of these."""
    made: Levels = []
    for tile in tiles(leaves(hash), hash):
        if tile.level == len(made):
            made.append([])
        made[tile.level] += tile.hashes
    return made


def fetch_from(known: Levels, asked: list[tuple[int, int, int]], spare: int = 0) -> Fetch:
    """Serves exactly the hashes asked for, and `spare` more where the log has them."""

    def fetch(level: int, n: int, width: int) -> bytes:
        asked.append((level, n, width))
        return b"".join(known[level][n * 256 : n * 256 + min(256, width + spare)])

    return fetch


sizes = st.one_of(st.sampled_from(EDGES), st.integers(1, 1500), st.integers(1, LARGEST))


@settings(max_examples=60, deadline=None)
@given(sizes, st.data(), st.sampled_from([0, 7, 256]))
def test_an_inclusion_proof_is_the_trees_own(size: int, data: st.DataObject, spare: int) -> None:
    index = data.draw(st.one_of(st.integers(0, size - 1), st.sampled_from([0, size - 1, size // 2])))
    asked: list[tuple[int, int, int]] = []
    proof = tile_proofs.inclusion(fetch_from(levels(), asked, spare), size, index)
    root = tile_proofs.root_at(fetch_from(levels(), [], spare), size)
    assert tree.check_inclusion(size, index, leaves()[index], root, proof)
    if size <= 1500:
        assert proof == tree.inclusion_proof(leaves()[:size], index)
        assert root == tree.root(leaves()[:size])
    assert len(asked) == len(set(asked)) <= 2 * 3


@settings(max_examples=60, deadline=None)
@given(sizes, st.data(), st.sampled_from([0, 7, 256]))
def test_a_consistency_proof_is_the_trees_own(new: int, data: st.DataObject, spare: int) -> None:
    near = [edge for edge in (1, new - 1, new, new // 2, *EDGES) if 0 <= edge <= new]
    old = data.draw(st.one_of(st.integers(0, new), st.sampled_from(near)))
    asked: list[tuple[int, int, int]] = []
    proof = tile_proofs.consistency(fetch_from(levels(), asked, spare), old, new)
    before, after = (tile_proofs.root_at(fetch_from(levels(), []), size) for size in (old, new))
    assert tree.check_consistency(old, new, before, after, proof)
    if new <= 1500:
        assert proof == tree.consistency_proof(leaves()[:new], old)
    assert len(asked) == len(set(asked)) <= 2 * 3


@pytest.mark.parametrize("size", EDGES)
def test_the_edges_of_tiles(size: int) -> None:
    """Every size at which a level begins or a tile fills, against the tree itself."""
    fetch, known = fetch_from(levels(), []), leaves()[:size]
    root = tree.root(known)
    assert tile_proofs.root_at(fetch, size) == root
    for index in {0, size // 2, size - 1, min(255, size - 1), min(256, size - 1), min(65_536, size - 1)}:
        proof = tile_proofs.inclusion(fetch, size, index)
        assert proof == tree.inclusion_proof(known, index)
    for old in {0, 1, size // 2, size - 1, size, min(256, size), min(65_536, size)}:
        assert tile_proofs.consistency(fetch, old, size) == tree.consistency_proof(known, old)


def test_the_twin_tree_goes_the_same_way() -> None:
    fetch, known = fetch_from(levels("sm3"), []), leaves("sm3")[:65_793]
    assert tile_proofs.root_at(fetch, 65_793, "sm3") == tree.root(known, "sm3")
    assert tile_proofs.inclusion(fetch, 65_793, 300, "sm3") == tree.inclusion_proof(known, 300, "sm3")
    assert tile_proofs.consistency(fetch, 300, 65_793, "sm3") == tree.consistency_proof(known, 300, "sm3")


def test_a_log_of_a_million_million_is_read_by_a_few_tiles() -> None:
    """No such log can be built here; what matters is which tiles are asked for and how wide."""
    asked: list[tuple[int, int, int]] = []

    def fetch(level: int, n: int, width: int) -> bytes:
        asked.append((level, n, width))
        return bytes([level]) * 32 * width

    size = 10**12
    assert len(tile_proofs.inclusion(fetch, size, 123_456_789_012)) == 40
    assert len(asked) <= 2 * 5
    for level, n, width in asked:
        assert width == min(256, size // 256**level - 256 * n)
    asked.clear()
    assert len(tile_proofs.consistency(fetch, 123_456_789_012, size)) <= 41
    assert len(asked) <= 2 * 5


def test_the_tree_without_leaves_needs_no_tile() -> None:
    def none(level: int, n: int, width: int) -> bytes:
        raise AssertionError("no tile is needed")

    assert tile_proofs.root_at(none, 0) == tree.empty_root()
    assert tile_proofs.consistency(none, 0, 0) == tile_proofs.consistency(none, 0, 9) == []
    assert tile_proofs.consistency(none, 9, 9) == []
    assert tile_proofs.inclusion(none, 1, 0) == []


@pytest.mark.parametrize(("size", "index"), [(0, 0), (5, 5), (5, -1), (-1, 0), (2**63, 0)])
def test_an_entry_outside_the_tree_has_no_proof(size: int, index: int) -> None:
    with pytest.raises(ValueError, match=r"不在树内|超出范围"):
        tile_proofs.inclusion(fetch_from(levels(), []), size, index)


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5), (0, 2**63), (0, -1)])
def test_a_log_never_extends_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="超出范围"):
        tile_proofs.consistency(fetch_from(levels(), []), old, new)
    with pytest.raises(ValueError, match="sha256 或 sm3"):
        tile_proofs.root_at(fetch_from(levels(), []), 5, "md5")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of 600 entries as files: two full tiles and a partial one, and their level above."""
    write_tiles(leaves()[:600], tmp_path)
    return tmp_path


def test_files_give_the_same_proofs(folder: Path) -> None:
    fetch = tile_proofs.folder_fetch(folder)
    assert tile_proofs.root_at(fetch, 600) == tree.root(leaves()[:600])
    for index in range(0, 600, 37):
        assert tile_proofs.inclusion(fetch, 600, index) == tree.inclusion_proof(leaves()[:600], index)


def test_wider_tiles_serve_for_an_older_size(folder: Path) -> None:
    """Size 520 asks for 002.p/8, size 300 for 001.p/44: neither was written, wider ones were."""
    fetch = tile_proofs.folder_fetch(folder)
    for size in (520, 300, 256, 255, 1):
        assert tile_proofs.root_at(fetch, size) == tree.root(leaves()[:size])
    assert tile_proofs.consistency(fetch, 300, 520) == tree.consistency_proof(leaves()[:520], 300)


def test_a_partial_tile_is_not_needed_beside_the_full_one(folder: Path) -> None:
    (folder / "tile/0" / f"{tile_path(1)}.p").mkdir()
    (folder / "tile/0/001.p/nonsense").write_bytes(b"")
    (folder / "tile/0/001.p/4").write_bytes(b"narrow")
    fetch = tile_proofs.folder_fetch(folder)
    assert tile_proofs.root_at(fetch, 300) == tree.root(leaves()[:300])


def test_a_missing_or_short_tile_is_named(folder: Path) -> None:
    fetch = tile_proofs.folder_fetch(folder)
    with pytest.raises(ValueError, match=r"缺少瓦片 tile/0/002\.p/89"):
        tile_proofs.root_at(fetch, 601)
    edge = folder / "tile/0/002.p/88"
    edge.write_bytes(edge.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"tile/0/002\.p/88 应有 2816 字节，只有 2815 字节"):
        tile_proofs.root_at(fetch, 600)
    (folder / "tile/0/000").unlink()
    with pytest.raises(ValueError, match="缺少瓦片 tile/0/000"):
        tile_proofs.inclusion(fetch, 512, 5)
    assert tile_proofs.inclusion(fetch, 512, 300) == tree.inclusion_proof(leaves()[:512], 300)
