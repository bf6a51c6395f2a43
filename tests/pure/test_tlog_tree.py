"""The tree against RFC 6962's own recursive definitions and the reference tree of Certificate Transparency."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.ledger.tlog import tree

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
MOST = 24

hash_names = st.sampled_from(["sha256", "sm3"])


def digest(data: bytes, hash: str) -> bytes:
    return hashlib.new(hash, data).digest()


def split(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def naive_root(data: list[bytes], hash: str = "sha256") -> bytes:
    """MTH of RFC 6962 §2.1."""
    if not data:
        return digest(b"", hash)
    if len(data) == 1:
        return digest(b"\x00" + data[0], hash)
    half = split(len(data))
    return digest(b"\x01" + naive_root(data[:half], hash) + naive_root(data[half:], hash), hash)


def naive_path(index: int, data: list[bytes], hash: str = "sha256") -> list[bytes]:
    """PATH of RFC 6962 §2.1.1."""
    if len(data) == 1:
        return []
    half = split(len(data))
    if index < half:
        return [*naive_path(index, data[:half], hash), naive_root(data[half:], hash)]
    return [*naive_path(index - half, data[half:], hash), naive_root(data[:half], hash)]


def naive_proof(old: int, data: list[bytes], known: bool = True, hash: str = "sha256") -> list[bytes]:
    """PROOF and SUBPROOF of RFC 6962 §2.1.2."""
    if old == len(data):
        return [] if known else [naive_root(data, hash)]
    half = split(len(data))
    if old <= half:
        return [*naive_proof(old, data[:half], known, hash), naive_root(data[half:], hash)]
    return [*naive_proof(old - half, data[half:], False, hash), naive_root(data[:half], hash)]


def some_leaves(count: int) -> list[bytes]:
    return [b"entry %d" % at for at in range(count)]


def hashes(data: list[bytes], hash: str = "sha256") -> list[bytes]:
    return [tree.leaf_hash(leaf, hash) for leaf in data]


@pytest.mark.parametrize("size", range(9))
def test_the_reference_tree_has_its_known_roots(size: int) -> None:
    assert tree.root(hashes(LEAVES[:size])).hex() == ROOTS[size]


def test_the_reference_proofs_are_the_known_ones() -> None:
    known = hashes(LEAVES)
    assert [node.hex() for node in tree.inclusion_proof(known, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [node.hex() for node in tree.consistency_proof(known[:7], 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_sm3_is_the_standard_digest() -> None:
    # GB/T 32905-2016, annex A.1: the digest of "abc".
    assert tree.digest_function("sm3")(b"abc").hex() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    with pytest.raises(ValueError, match="sha256 或 sm3"):
        tree.digest_function("md5")


@pytest.mark.parametrize("hash", ["sha256", "sm3"])
@pytest.mark.parametrize("size", range(1, MOST))
def test_every_inclusion_proof_of_a_small_tree(size: int, hash: str) -> None:
    data = some_leaves(size)
    known, top = hashes(data, hash), naive_root(data, hash)
    assert tree.root(known, hash) == top
    for index in range(size):
        proof = tree.inclusion_proof(known, index, hash)
        assert proof == naive_path(index, data, hash)
        accepted = [
            at for at in range(size) if tree.check_inclusion(size, at, known[index], top, proof, hash)
        ]
        assert accepted == [index]
        assert not tree.check_inclusion(size, index, known[index], top, [*proof, top], hash)
        assert not proof or not tree.check_inclusion(size, index, known[index], top, proof[:-1], hash)


@pytest.mark.parametrize("hash", ["sha256", "sm3"])
@pytest.mark.parametrize("new", range(1, MOST))
def test_every_consistency_proof_of_a_small_tree(new: int, hash: str) -> None:
    data = some_leaves(new)
    known, top = hashes(data, hash), naive_root(data, hash)
    for old in range(1, new + 1):
        proof = tree.consistency_proof(known, old, hash)
        assert proof == naive_proof(old, data, hash=hash)
        old_root = naive_root(data[:old], hash)
        assert tree.check_consistency(old, new, old_root, top, proof, hash)
        assert not tree.check_consistency(old, new, old_root, top, [*proof, top], hash)
        assert not tree.check_consistency(old, new, old_root, top, [old_root, *proof], hash)
        assert not proof or not tree.check_consistency(old, new, old_root, top, proof[:-1], hash)
        assert old == new or not tree.check_consistency(old, new, top, old_root, proof, hash)


def test_every_tree_extends_the_empty_one() -> None:
    data = hashes(some_leaves(5))
    empty, top = tree.root([]), tree.root(data)
    assert tree.consistency_proof(data, 0) == tree.consistency_proof([], 0) == []
    assert tree.check_consistency(0, 5, empty, top, [])
    assert tree.check_consistency(0, 0, empty, empty, [])
    assert not tree.check_consistency(0, 5, top, top, [])
    assert not tree.check_consistency(0, 5, empty, top, [empty])
    assert not tree.check_consistency(0, 0, top, top, [])
    assert not tree.check_consistency(5, 0, top, empty, [])


def test_a_tree_is_consistent_with_itself_by_an_empty_proof_only() -> None:
    top = tree.root(hashes(some_leaves(6)))
    assert tree.check_consistency(6, 6, top, top, [])
    assert not tree.check_consistency(6, 6, top, top, [top])
    assert not tree.check_consistency(6, 6, top, tree.root([]), [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (5, 3), (-1, 1), (0, 2**63), (2**63, 2**63 + 1)])
def test_nothing_is_included_outside_the_tree(index: int, size: int) -> None:
    leaf = tree.leaf_hash(b"x")
    assert not tree.check_inclusion(size, index, leaf, leaf, [])


def test_a_proof_works_at_the_largest_sizes() -> None:
    # Nobody can build this tree, but its right edge can be: entry 2^62 is the first beyond 2^62 entries.
    left, leaf = b"\x11" * 32, tree.leaf_hash(b"x")
    top = tree.node_hash(left, leaf)
    assert tree.check_inclusion(2**62 + 1, 2**62, leaf, top, [left])
    assert tree.check_consistency(2**62, 2**62 + 1, left, top, [leaf])


@pytest.mark.parametrize("length", [0, 31, 33])
def test_hashes_of_another_length_are_refused(length: int) -> None:
    data = hashes(some_leaves(2))
    top, wrong = tree.root(data), b"\x00" * length
    assert not tree.check_inclusion(2, 0, data[0], top, [wrong])
    assert not tree.check_inclusion(1, 0, wrong, wrong, [])
    assert not tree.check_consistency(1, 2, data[0], top, [wrong])
    assert not tree.check_consistency(1, 1, wrong, wrong, [])


@pytest.mark.parametrize("index", [-1, 3, 4])
def test_no_proof_is_made_outside_the_tree(index: int) -> None:
    with pytest.raises(ValueError, match="不在树内"):
        tree.inclusion_proof(hashes(some_leaves(3)), index)


@pytest.mark.parametrize("old", [-1, 4])
def test_no_proof_is_made_from_a_larger_tree(old: int) -> None:
    with pytest.raises(ValueError, match="超出范围"):
        tree.consistency_proof(hashes(some_leaves(3)), old)


@given(st.integers(1, 400), st.data(), hash_names)
def test_any_flipped_bit_breaks_an_inclusion_proof(size: int, data: st.DataObject, hash: str) -> None:
    known = hashes(some_leaves(size), hash)
    index = data.draw(st.integers(0, size - 1))
    parts = [known[index], tree.root(known, hash), *tree.inclusion_proof(known, index, hash)]
    assert tree.check_inclusion(size, index, parts[0], parts[1], parts[2:], hash)
    flip(parts, data)
    assert not tree.check_inclusion(size, index, parts[0], parts[1], parts[2:], hash)


@given(st.integers(1, 400), st.data(), hash_names)
def test_any_flipped_bit_breaks_a_consistency_proof(new: int, data: st.DataObject, hash: str) -> None:
    known = hashes(some_leaves(new), hash)
    old = data.draw(st.integers(1, new))
    parts = [tree.root(known[:old], hash), tree.root(known, hash), *tree.consistency_proof(known, old, hash)]
    assert tree.check_consistency(old, new, parts[0], parts[1], parts[2:], hash)
    flip(parts, data)
    assert not tree.check_consistency(old, new, parts[0], parts[1], parts[2:], hash)


def flip(parts: list[bytes], data: st.DataObject) -> None:
    at, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    changed = bytearray(parts[at])
    changed[bit // 8] ^= 1 << bit % 8
    parts[at] = bytes(changed)


@given(st.integers(0, 300), st.integers(0, 300), hash_names)
def test_the_frontier_grows_to_the_same_root(first: int, second: int, hash: str) -> None:
    known = hashes(some_leaves(first + second), hash)
    half_way = tree.grow(tree.Frontier(hash=hash), known[:first])
    assert tree.frontier_root(half_way) == tree.root(known[:first], hash)
    stored = tree.Frontier(half_way.size, bytes(half_way.peaks), hash)  # as after a restart
    whole = tree.grow(stored, known[first:])
    assert whole == tree.grow(tree.Frontier(hash=hash), known)
    assert (whole.size, tree.frontier_root(whole)) == (first + second, tree.root(known, hash))


@pytest.mark.parametrize(("size", "peaks"), [(1, b""), (0, b"\x00" * 32), (3, b"\x00" * 32), (-1, b"")])
def test_a_damaged_frontier_is_refused(size: int, peaks: bytes) -> None:
    with pytest.raises(ValueError, match="账本前沿损坏"):
        tree.Frontier(size, peaks)
