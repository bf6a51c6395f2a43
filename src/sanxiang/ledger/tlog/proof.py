"""C2SP tlog-proof: one text that proves offline that an entry stands in a log."""

from collections.abc import Sequence
from dataclasses import dataclass

from sanxiang.ledger.tlog.note import (
    Checkpoint,
    Key,
    decode_base64,
    decode_decimal,
    encode_base64,
    open_checkpoint,
)
from sanxiang.ledger.tlog.tree import HASH_SIZE, check_inclusion, leaf_hash

_HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Proof:
    """A proof taken apart, nothing of it checked; `extra` is authenticated by nobody."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""


def format_proof(proof: Proof) -> str:
    """The text of a `.tlog-proof` file, the checkpoint verbatim at its end."""
    extra = [f"extra {encode_base64(proof.extra)}"] if proof.extra else []
    head = [_HEADER, *extra, f"index {proof.index}", *map(encode_base64, proof.hashes)]
    return "\n".join(head) + "\n\n" + proof.checkpoint


def parse_proof(text: str) -> Proof:
    """Take a `.tlog-proof` text apart; ValueError when it is malformed."""
    head, blank, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != _HEADER or not blank:
        raise ValueError(f"证明文件的首行应为 {_HEADER}，证明与检查点之间应有一个空行")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise ValueError("证明文件缺少 index 行")
    index = decode_decimal(lines.pop(0).removeprefix("index "))
    hashes = tuple(decode_base64(line) for line in lines)
    if any(len(value) != HASH_SIZE for value in hashes):
        raise ValueError("证明文件中的杂凑值应为 32 字节")
    return Proof(index, hashes, checkpoint, extra)


def open_proof(text: str, leaf: bytes, keys: Sequence[Key], hash: str = "sha256") -> tuple[int, Checkpoint]:
    """Index and checkpoint once the text proves that leaf data `leaf` is in the log; ValueError with the reason.

    The tree size comes from the signed checkpoint, never from the proof.
    """
    proof = parse_proof(text)
    checkpoint = open_checkpoint(proof.checkpoint, keys, hash)
    reached = leaf_hash(leaf, hash)
    if not check_inclusion(checkpoint.size, proof.index, reached, checkpoint.root, proof.hashes, hash):
        raise ValueError("条目与检查点的树根对不上")
    return proof.index, checkpoint
