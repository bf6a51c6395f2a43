"""The one writer of the sequence: what waits gets gapless indexes in batches, and the tree's new root is written with them.

If we die between two batches, what is pending stays pending; if we die inside one, the batch rolls back whole. Nothing is
signed here: signing comes after the commit (`publish`).
"""

from collections.abc import Iterator
from collections.abc import Sequence as Row

from django.db import connection, transaction
from django.utils import timezone

from sanxiang.ledger.asking import ask_first
from sanxiang.ledger.clock import latest
from sanxiang.ledger.logs import ACTS, HASHES, Log
from sanxiang.ledger.models import Checkpoint, Entry, Pending, Sequence
from sanxiang.ledger.served import check_before
from sanxiang.ledger.tlog.tree import Frontier, frontier_root, grow, leaf_hash

BATCH = 2000
ADVISORY_KEY = 0x5A4E5841
"""The lock that a sequencer holds on PostgreSQL for one batch; SQLite has one writer anyway."""


class Overtaken(Exception):
    """Another sequencer moved the state first; this batch was given up and nothing is lost."""


def sequence_once(log: Log = ACTS) -> int:
    """Give one batch of what waits its indexes; returns how many. Raises Overtaken, and Halted where the database was set back."""
    if not Pending.objects.exists():
        return (
            0  # without a look first, an idle installation would take the writer's lock five times a second
        )
    ask_first()  # outside the transaction: whoever acts must not wait for the network
    with transaction.atomic():
        if not locked():
            return 0
        state = state_of(log)
        check_before(log, state.size)
        rows = list(
            Pending.objects.order_by("id").values_list("id", "act_id", "act__leaf", "act__leaf_hash")[:BATCH]
        )
        if not rows:
            return 0
        Entry.objects.bulk_create(
            [Entry(idx=state.size + i, act_id=row[1], leaf_hash=row[3]) for i, row in enumerate(rows)],
            batch_size=500,
        )
        Pending.objects.filter(id__in=[row[0] for row in rows]).delete()
        advance(log, state, [bytes(row[2]) for row in rows])
        return len(rows)


def state_of(log: Log) -> Sequence:
    """The log's row; made where there is none."""
    found = Sequence.objects.filter(id=log.row).first()
    return found or Sequence.objects.create(id=log.row, origin=log.origin)


def advance(log: Log, state: Sequence, leaves: Row[bytes]) -> None:
    """Move the log on by these leaves, within the caller's transaction: both frontiers and one checkpoint row, unsigned.

    Raises Overtaken.
    """
    size, grown = state.size + len(leaves), {}
    for hash in HASHES:
        grown[hash] = grow(frontier(state, hash), (leaf_hash(leaf, hash) for leaf in leaves))
    moved = Sequence.objects.filter(id=log.row, size=state.size).update(
        size=size, frontier={hash: one.peaks.hex() for hash, one in grown.items()}
    )
    if not moved:
        raise Overtaken
    roots = {hash: frontier_root(one).hex() for hash, one in grown.items()}
    # A clock that was set back must not make the log forget what time it was already.
    made = max(timezone.now(), latest(log.row) or timezone.now())
    Checkpoint.objects.create(
        log=log.row, size=size, root=roots["sha256"], root_sm3=roots["sm3"], created=made
    )


def frontier(state: Sequence, hash: str) -> Frontier:
    """Where one tree of a log ends. An installation from before the trees is read through once."""
    if state.size and hash not in (state.frontier or {}):
        return grow(Frontier(hash=hash), (leaf_hash(leaf, hash) for leaf in leaves_from(0)))
    peaks = (state.frontier or {}).get(hash, "")
    return Frontier(state.size, bytes.fromhex(peaks), hash)


def leaves_from(start: int, end: int | None = None) -> Iterator[bytes]:
    """The leaves of the acts' log in their order."""
    rows = Entry.objects.filter(idx__gte=start).order_by("idx")
    if end is not None:
        rows = rows.filter(idx__lt=end)
    for leaf in rows.values_list("act__leaf", flat=True).iterator(chunk_size=2000):
        yield bytes(leaf)


def sequence_all(log: Log = ACTS) -> int:
    """Sequence until nothing is pending; commands that promise to be findable afterwards call this."""
    total = 0
    while done := sequence_once(log):
        total += done
    return total


def locked() -> bool:
    """Take the writer's lock until the transaction ends; False where another process has it. SQLite's is taken already."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_KEY])
        return bool(cursor.fetchone()[0])
