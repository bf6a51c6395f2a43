"""The Merkle tree of RFC 6962 §2 and RFC 9162 §2.1, over SHA-256 or SM3: roots, proofs, checks, frontier.

Everything here works on leaf hashes; only `leaf_hash` sees leaf data. Proofs list the lowest hash first.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

HASH_SIZE = 32
SIZE_LIMIT = 2**63
"""Sizes and indexes stay below this: outside verifiers hold them in signed 64-bit integers."""


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@cache
def _empty_sm3() -> "hashlib._Hash":
    return hashlib.new("sm3")


def _sm3(data: bytes) -> bytes:
    # Looking the algorithm up by its name takes OpenSSL longer than hashing a node: it is looked up once, and copied.
    hasher = _empty_sm3().copy()
    hasher.update(data)
    return hasher.digest()


_DIGESTS: dict[str, Callable[[bytes], bytes]] = {"sha256": _sha256, "sm3": _sm3}


def digest_function(hash: str) -> Callable[[bytes], bytes]:
    """The digest named "sha256" or "sm3"; ValueError for any other name."""
    if hash not in _DIGESTS:
        raise ValueError("hash 只能是 sha256 或 sm3")
    return _DIGESTS[hash]


def leaf_hash(data: bytes, hash: str = "sha256") -> bytes:
    """H(0x00 ‖ data)."""
    return digest_function(hash)(b"\x00" + data)


def leaf_hashes(leaves: Iterable[bytes], hash: str = "sha256") -> list[bytes]:
    """The leaf hashes of many leaves; for millions a call less for each counts."""
    if hash == "sha256":
        return [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    digest = digest_function(hash)
    return [digest(b"\x00" + leaf) for leaf in leaves]


def node_hash(left: bytes, right: bytes, hash: str = "sha256") -> bytes:
    """H(0x01 ‖ left ‖ right)."""
    return digest_function(hash)(b"\x01" + left + right)


def empty_root(hash: str = "sha256") -> bytes:
    """The root of the tree without leaves: H("")."""
    return digest_function(hash)(b"")


def root(leaf_hashes: Sequence[bytes], hash: str = "sha256") -> bytes:
    """Merkle Tree Hash of the leaves, in order."""
    if not leaf_hashes:
        return empty_root(hash)
    digest = digest_function(hash)
    level = leaf_hashes
    while len(level) > 1:
        level = _parents(level, digest)
    return level[0]


def _parents(level: Sequence[bytes], digest: Callable[[bytes], bytes]) -> list[bytes]:
    """The next level up. An odd last node rises unchanged, which is the RFC's split at a power of two."""
    pairs = zip(level[::2], level[1::2], strict=False)
    if digest is _sha256:  # likewise
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
    else:
        above = [digest(b"\x01" + left + right) for left, right in pairs]
    if len(level) % 2:
        above.append(level[-1])
    return above


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, hash: str = "sha256") -> list[bytes]:
    """Audit path of leaf `index` (RFC 9162 §2.1.3.1), the leaf's sibling first; ValueError outside the tree."""
    if not 0 <= index < len(leaf_hashes):
        raise ValueError(f"序号 {index} 不在树内，树有 {len(leaf_hashes)} 个叶子，序号从 0 数起")
    digest = digest_function(hash)
    level, proof = leaf_hashes, []
    while len(level) > 1:
        if index ^ 1 < len(level):
            proof.append(level[index ^ 1])
        level, index = _parents(level, digest), index >> 1
    return proof


def consistency_proof(leaf_hashes: Sequence[bytes], old: int, hash: str = "sha256") -> list[bytes]:
    """Proof that the tree extends its first `old` leaves (RFC 9162 §2.1.4.1).

    Empty for `old` 0 (every tree extends the empty one) and for `old` equal to the size; ValueError beyond it.
    """
    if not 0 <= old <= len(leaf_hashes):
        raise ValueError(f"旧树大小 {old} 超出范围，树有 {len(leaf_hashes)} 个叶子")
    return _subproof(leaf_hashes, old, True, hash) if old else []


def _subproof(leaf_hashes: Sequence[bytes], old: int, whole: bool, hash: str) -> list[bytes]:
    """SUBPROOF of the RFC; `whole` while the old tree is a prefix whose root the verifier already has."""
    size = len(leaf_hashes)
    if old == size:
        return [] if whole else [root(leaf_hashes, hash)]
    split = 1 << (size - 1).bit_length() - 1
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if old <= split:
        return [*_subproof(left, old, whole, hash), root(right, hash)]
    return [*_subproof(right, old - split, False, hash), root(left, hash)]


def check_inclusion(
    size: int, index: int, leaf: bytes, root: bytes, proof: Sequence[bytes], hash: str = "sha256"
) -> bool:
    """Whether leaf hash `leaf` is entry `index` of the tree of that size and root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size < SIZE_LIMIT or not _are_hashes(leaf, root, *proof):
        return False
    digest = digest_function(hash)
    at, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            reached = digest(b"\x01" + sibling + reached)
            at, last = _past_left_children(at, last)
        else:
            reached = digest(b"\x01" + reached + sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and reached == root


def check_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes], hash: str = "sha256"
) -> bool:
    """Whether the tree of size `new` extends the tree of size `old` (RFC 9162 §2.1.4.2).

    From size 0 only the empty root with an empty proof is accepted, as a witness does on first sight of a log.
    """
    if not 0 <= old <= new < SIZE_LIMIT or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == 0 and old_root != empty_root(hash):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    return bool(path) and _climb(old, new, path, digest_function(hash)) == (old_root, new_root)


def _climb(
    old: int, new: int, path: Sequence[bytes], digest: Callable[[bytes], bytes]
) -> tuple[bytes, bytes] | None:
    """Both roots that the path leads to, or None when its length does not fit the sizes."""
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_reached = new_reached = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old_reached = digest(b"\x01" + sibling + old_reached)
            new_reached = digest(b"\x01" + sibling + new_reached)
            at, last = _past_left_children(at, last)
        else:
            new_reached = digest(b"\x01" + new_reached + sibling)
        at, last = at >> 1, last >> 1
    return (old_reached, new_reached) if last == 0 else None


def _past_left_children(at: int, last: int) -> tuple[int, int]:
    """Skip the levels on which a node of the right border has no sibling."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)


@dataclass(frozen=True)
class Frontier:
    """A tree reduced to what appending needs: the roots of its complete subtrees, largest first, joined.

    `peaks` has 32 bytes for each 1 in the binary form of `size`, so a database column can hold it as it is.
    """

    size: int = 0
    peaks: bytes = b""
    hash: str = "sha256"

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != HASH_SIZE * self.size.bit_count():
            raise ValueError(f"账本前沿损坏：大小 {self.size} 与 {len(self.peaks)} 字节的子树根不符")


def grow(frontier: Frontier, leaf_hashes: Iterable[bytes]) -> Frontier:
    """The frontier after appending these leaf hashes."""
    digest = digest_function(frontier.hash)
    size, stack = frontier.size, _split(frontier.peaks)
    for reached in leaf_hashes:
        full = size
        while full & 1:  # each trailing 1 is a complete subtree of the height just reached
            reached, full = digest(b"\x01" + stack.pop() + reached), full >> 1
        stack.append(reached)
        size += 1
    return Frontier(size, b"".join(stack), frontier.hash)


def frontier_root(frontier: Frontier) -> bytes:
    """The root of the tree at this frontier."""
    peaks = _split(frontier.peaks)
    if not peaks:
        return empty_root(frontier.hash)
    reached = peaks.pop()
    while peaks:
        reached = node_hash(peaks.pop(), reached, frontier.hash)
    return reached


def _split(peaks: bytes) -> list[bytes]:
    return [peaks[at : at + HASH_SIZE] for at in range(0, len(peaks), HASH_SIZE)]
