"""Let outsiders see each checkpoint: hand it to the witnesses of the policy, keep their lines, serve them with it.

A witness that is away is asked again later, less and less often; the log goes on being signed, and its page says up to where
it was witnessed. A witness that has seen more than we have, or other than we have, stops the signing (trust.md §1.3 I7).
"""

import logging
from dataclasses import dataclass, field
from time import monotonic

from django.utils import timezone

from sanxiang.ledger import witness_trouble
from sanxiang.ledger.asking import SECONDS, ask, heed, not_behind_witness, prover
from sanxiang.ledger.files import held, held_if_free
from sanxiang.ledger.halt import WITNESS, halt, halted
from sanxiang.ledger.logs import ACTS
from sanxiang.ledger.models import Checkpoint, Cosignature
from sanxiang.ledger.proving import cosigned
from sanxiang.ledger.publish import serve
from sanxiang.ledger.standing import last_lines, policy_of
from sanxiang.ledger.tlog.policy import Witness
from sanxiang.ledger.tlog.witnesses import Ahead, Away, Forked, Refused, submit

LONGEST_REST = 60.0

log = logging.getLogger(__name__)


@dataclass
class Rest:
    """Until when each witness is left alone, and how long the next rest is."""

    until: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def over(self, name: str) -> bool:
        """May the witness be asked again?"""
        return monotonic() >= self.until.get(name, 0.0)

    def take(self, name: str) -> None:
        """It did not help: rest twice as long as last time."""
        self.seconds[name] = min(self.seconds.get(name, 0.5) * 2, LONGEST_REST)
        self.until[name] = monotonic() + self.seconds[name]

    def end(self, name: str) -> None:
        """It answered."""
        self.seconds.pop(name, None)
        self.until.pop(name, None)


def witness_once(rest: Rest) -> int:
    """Bring the newest signed checkpoint to every witness that has not seen it; how many lines came home."""
    witnesses = [one for one in policy_of().witnesses if one.url and rest.over(one.name)]
    if not witnesses or halted():
        return 0
    with held_if_free(ACTS.folder("sha256") / ".witnessing") as free:
        row = (
            Checkpoint.objects.filter(log=ACTS.row).exclude(note="").order_by("-size").first()
            if free
            else None
        )
        if row is None:
            return 0
        seen = set(Cosignature.objects.filter(checkpoint=row).values_list("witness", flat=True))
        unasked = {name for name, told in witness_trouble.troubles().items() if told["unasked"]} & seen
        for one in witnesses:
            if one.name in unasked:
                _ask_late(one, row.note, rest)
        done = sum(_ask(one, row, rest) for one in witnesses if one.name not in seen)
        if done:
            _serve(row)
        return done


def _ask_late(witness: Witness, note: str, rest: Rest) -> None:
    """It was away when we began to sign, and has seen this checkpoint before that: has it seen more? Raises Halted."""
    answer = ask(witness, note)
    if answer.why:
        rest.take(witness.name)
    else:
        heed(answer)
        rest.end(witness.name)


def _ask(witness: Witness, row: Checkpoint, rest: Rest) -> int:
    last = last_lines(ACTS, witness.name, limit=1)
    old = last[0].checkpoint.size if last else 0
    try:
        lines = submit(witness.url, witness.key, row.note, old, prover(row.note), SECONDS)
    except Ahead as ahead:
        not_behind_witness(witness, ahead.size)
        return 0
    except Forked as fork:
        raise halt(f"{WITNESS}{witness.name}", fork.size, row.size) from None
    except (Refused, Away, ValueError) as trouble:
        log.warning("见证人 %s 没有签署第 %s 条处的检查点：%s", witness.name, row.size, trouble)
        if isinstance(trouble, Refused):
            witness_trouble.keep(witness.name, str(trouble), refused=True)
        rest.take(witness.name)
        return 0
    rest.end(witness.name)
    witness_trouble.clear(witness.name)
    Cosignature.objects.bulk_create(
        [Cosignature(checkpoint=row, witness=witness.name, line="\n".join(lines), at=timezone.now())]
    )
    return 1


def _serve(row: Checkpoint) -> None:
    """Serve the newest checkpoint with the lines that it has by now, unless a newer one is served already."""
    with held(ACTS.folder("sha256") / ".lock"):
        newest = Checkpoint.objects.filter(log=ACTS.row).exclude(note="").order_by("-size").first()
        if newest is not None and newest.size == row.size:
            serve(ACTS, {"sha256": cosigned(row)})
