"""Chains that step back: what a restored installation did anew, beside the entries that were brought back after a restore.

A backup knows less than the log. Whoever restored it goes on from where it ends, and the entries that it lacked are brought
back besides (`recovered`, an act of the installation): then a subject has two steps of one number, both in the log for all
to see. That is all that is let pass: without such an act, or onto a step that is not in the log, a chain is broken.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sanxiang.ledger.tlog.fault import FILES, Fault
from sanxiang.ledger.tlog.leaf_form import step_of
from sanxiang.ledger.tlog.tree import leaf_hash

INSTALLATION = b"00000000-0000-4000-8000-000000000003"
"""The subject of an installation's own acts; the same in every installation."""

RECOVERED = b'{"a":"recovered",'
"""How the leaf of the act begins that brought entries back."""

MOST = 100_000


class Branch(NamedTuple):
    """An entry whose number is not above the one before in its chain; `place` is its index, `previous` the link that it states."""

    place: int
    subject: bytes
    before: int
    n: int
    previous: bytes


def broken(index: int, subject: bytes, before: int, n: int) -> Fault:
    """A link that does not hold."""
    where = f"条目 {index}（对象 {subject.decode()} 第 {n} 步）"
    return Fault("chain", where, f"与第 {before} 步接不上：序号不连续或者上一步的校验值不符", FILES)


def check_branches(entries: Iterable[bytes], branches: list[Branch], recovered: list[int]) -> Iterator[Fault]:
    """The branches that nothing stands behind; `entries` is the whole log, read only where there are any."""
    last = max(recovered, default=-1)
    wanted = {(one.subject, one.n - 1, one.previous) for one in branches if last >= 0 and one.n > 1}
    there = set(_found(entries, wanted)) if wanted else set()
    for one in branches:
        rooted = not one.previous if one.n == 1 else (one.subject, one.n - 1, one.previous) in there
        if last < 0 or not rooted:
            yield broken(one.place, one.subject, one.before, one.n)


def _found(
    entries: Iterable[bytes], wanted: set[tuple[bytes, int, bytes]]
) -> Iterator[tuple[bytes, int, bytes]]:
    subjects = {subject for subject, _n, _hash in wanted}
    for entry in entries:
        try:
            step = step_of(entry)
        except ValueError:
            continue  # told already
        if step is not None and step[0] in subjects:
            mine = (step[0], step[1], leaf_hash(entry).hex().encode())
            if mine in wanted:
                yield mine
