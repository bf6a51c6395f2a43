"""What a witness needs in order to tell how much of our log it has seen."""

from collections.abc import Sequence

from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.note import parse_checkpoint, parse_note
from sanxiang.ledger.tile_proofs import consistency, folder_fetch, root_at
from sanxiang.ledger.tree import check_consistency
from sanxiang.ledger.witnesses import Prove


def prover(note: str) -> Prove:
    """Proofs that the log of this signed checkpoint extends an older size of it, out of our own tiles.

    Each is held against the signed root before it leaves: a tile that rotted here must not look like another history there.
    """
    head = parse_checkpoint(parse_note(note).text)
    fetch = folder_fetch(ACTS.folder("sha256"))

    def prove(old: int) -> Sequence[bytes]:
        proof = consistency(fetch, old, head.size)
        if old and not check_consistency(old, head.size, root_at(fetch, old), head.root, proof):
            raise ValueError(
                "本机的账本文件算不出签过的根值，请运行 sanxiang ledger verify 查明是哪个文件坏了"
            )
        return proof

    return prove
