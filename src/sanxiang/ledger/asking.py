"""How much of our log have the witnesses seen? Each is asked before a process gives out its first number (trust.md §1.3 I7):
in the snapshot of a machine the database and our own files go back together, and only somebody outside knows."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from sanxiang.ledger import keys, witness_trouble
from sanxiang.ledger.halt import WITNESS, halt, halted
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.models import Sequence as Row
from sanxiang.ledger.standing import PolicyUnsound, policy_of
from sanxiang.ledger.tlog.note import parse_checkpoint, parse_note
from sanxiang.ledger.tlog.policy import Witness
from sanxiang.ledger.tlog.signing import CannotSign
from sanxiang.ledger.tlog.tile_proofs import consistency, folder_fetch, root_at
from sanxiang.ledger.tlog.tree import check_consistency
from sanxiang.ledger.tlog.witnesses import Ahead, Away, Forked, Prove, Refused, submit

SECONDS = 5.0
"""How long a witness may take to answer."""
AGAIN = 1.0
"""Seconds before one that is away is asked again, where there is time to wait for it."""

ASKED: set[Path] = set()
"""Logs whose witnesses this process has asked."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """How many entries a witness has seen; `fork`: other ones than ours; `why`: it did not tell; `away`: it may later."""

    witness: Witness
    size: int = 0
    fork: bool = False
    why: str = ""
    away: bool = False


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


def newest_note() -> str:
    """The newest signed checkpoint, or that of a log without entries. Raises keys.Unsound."""
    notes = Checkpoint.objects.filter(log=ACTS.row).exclude(note="").order_by("-size")
    return notes.values_list("note", flat=True).first() or keys.empty_checkpoint(ACTS.origin)


def ask(witness: Witness, note: str, seconds: float = SECONDS) -> Answer:
    """What a witness has seen: it is shown our newest signed checkpoint and says if it knows more. Asks no database."""
    size = parse_checkpoint(parse_note(note).text).size
    try:
        submit(witness.url, witness.key, note, size, prover(note), seconds)
    except Ahead as ahead:
        return Answer(witness, ahead.size)
    except Forked as fork:
        return Answer(witness, fork.size, fork=True)
    except (Refused, Away, ValueError) as error:
        return Answer(witness, why=str(error), away=isinstance(error, Away))
    return Answer(witness, size)


def ask_first(patience: float = 0.0) -> None:
    """Ask every witness of the policy, once in a process. `patience`: seconds to wait for one that is away.

    One that cannot be asked stops nothing, for an office cannot wait for ever; the log and `doctor` say so. Raises Halted.
    """
    place = ACTS.folder("sha256")
    if place in ASKED or halted():
        return
    end, left = monotonic() + patience, _to_ask()
    note = _note_to_show() if left else ""
    while left and note:
        with ThreadPoolExecutor(len(left)) as pool:
            answers = list(pool.map(lambda one: ask(one, note), left))
        last = monotonic() >= end
        for answer in answers:
            if not answer.why:
                heed(answer)
            elif last or not answer.away:
                _go_on_without(answer)
        left = [] if last else [one.witness for one in answers if one.away]
        sleep(AGAIN if left else 0)
    ASKED.add(place)


def _to_ask() -> list[Witness]:
    """Those with an address; none before the log has a key, for then nobody can have seen it."""
    try:
        witnesses = [one for one in policy_of().witnesses if one.url]
    except PolicyUnsound as error:
        log.warning("没有问见证人见过多少条，先继续编号和签名：%s", error)
        return []
    return witnesses if keys.made() else []


def _note_to_show() -> str:
    try:
        return newest_note()
    except (keys.Unsound, CannotSign) as error:
        log.warning("没有问见证人见过多少条，先继续编号：%s", error)
        return ""


def _go_on_without(answer: Answer) -> None:
    name = answer.witness.name
    log.warning("没有问到见证人 %s 见过多少条，先继续编号和签名：%s", name, answer.why)
    witness_trouble.keep(name, answer.why, refused=not answer.away, unasked=True)


def heed(answer: Answer) -> None:
    """What a witness told, held against the database. Raises Halted where it has seen more, or other."""
    if answer.fork:
        raise halt(f"{WITNESS}{answer.witness.name}", answer.size, answer.size)
    not_behind_witness(answer.witness, answer.size)
    witness_trouble.clear(answer.witness.name)


def not_behind_witness(witness: Witness, size: int) -> None:
    """A larger tree than ours: another process of ours was faster, or the database was set back. Raises Halted."""
    inside = Row.objects.filter(id=ACTS.row).values_list("size", flat=True).first() or 0
    if size > inside:
        raise halt(f"{WITNESS}{witness.name}", size, inside)
