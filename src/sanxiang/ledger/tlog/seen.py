"""What somebody outside has seen of a log, held against what the log says now: a fork or a rollback shows here only.

A history that was rewritten and signed anew with the log's own key fits itself. It does not fit what a witness has
cosigned, nor a checkpoint or proof that anybody kept from before (trust.md §1.2).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sanxiang.ledger.tlog.fault import RECEIPT, WITNESS, Fault
from sanxiang.ledger.tlog.note import Checkpoint, Key, parse_note
from sanxiang.ledger.tlog.proof import Proof, parse_proof
from sanxiang.ledger.tlog.tree import check_inclusion
from sanxiang.ledger.tlog.verify_lines import Ring, opened

TWIN = "-sm3"
"""What stands behind the origin of a log in that of its twin."""


@dataclass(frozen=True)
class Seen:
    """A signed checkpoint from elsewhere, and the proof of one entry if it came in one."""

    source: str
    by: str
    checkpoint: Checkpoint
    proof: Proof | None = None

    @property
    def hash(self) -> str:
        """Over which of the two trees it is."""
        return "sm3" if self.checkpoint.origin.endswith(TWIN) else "sha256"


def _hash_of(text: str) -> str:
    """Only the checkpoint of an empty tree depends on it."""
    return "sm3" if parse_note(_note_in(text)[0]).text.split("\n", 1)[0].endswith(TWIN) else "sha256"


def _note_in(text: str) -> tuple[str, Proof | None]:
    if text.startswith("c2sp.org/tlog-proof"):
        proof = parse_proof(text)
        return proof.checkpoint, proof
    return text, None


def read_seen(text: str, source: str, keys: Mapping[Key, int | None]) -> Seen:
    """A checkpoint or `.tlog-proof` that somebody kept, once one of the log's keys is found to have signed it, no further than
    up to the size after which it was retired. ValueError otherwise."""
    note, proof = _note_in(text)
    checkpoint = opened(note, Ring("", _hash_of(text), [*keys], keys)).checkpoint
    others = {line.name for line in parse_note(note).signatures} - {checkpoint.origin}
    return Seen(source, WITNESS if others else RECEIPT, checkpoint, proof)


def compare(
    seen: Seen, size: int, root_at: Callable[[int], bytes], leaf_at: Callable[[int], bytes]
) -> Iterator[Fault]:
    """What was seen against a log of this size; `root_at` tells the root of its first so many entries, `leaf_at` the hash of one."""
    kept = seen.checkpoint
    where = f"{seen.source}（{kept.size} 条处的检查点）"
    if kept.size > size:
        why = f"那时已有 {kept.size} 条，现在只有 {size} 条：账本被截短或者退回过"
        yield Fault("rollback", where, why, seen.by)
    elif root_at(kept.size) != kept.root:
        why = f"现在账本的前 {kept.size} 条与当时签名的不同：历史被改写后重新签过名"
        yield Fault("fork", where, why, seen.by)
    proof = seen.proof
    if proof is None or proof.index >= size:
        return
    leaf = leaf_at(proof.index)
    if not check_inclusion(kept.size, proof.index, leaf, kept.root, proof.hashes, seen.hash):
        yield Fault(
            "entry", f"条目 {proof.index}（{seen.source}）", "现在这一条已经不是当时证明的那一条", seen.by
        )
