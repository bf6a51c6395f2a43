"""The one writer of the sequence: pending acts get gapless indexes, in batches.

If we die between two batches, what is pending stays pending; if we die inside one, the batch rolls back whole.
"""

from django.db import connection, transaction

from sanxiang.ledger.leaf import origin
from sanxiang.ledger.models import Entry, Pending, Sequence

BATCH = 2000
ADVISORY_KEY = 0x5A4E5841
"""The lock that a sequencer holds on PostgreSQL for one batch; SQLite has one writer anyway."""


class Overtaken(Exception):
    """Another sequencer moved the state first; this batch was given up and nothing is lost."""


def sequence_once() -> int:
    """Give one batch of pending acts their indexes; returns how many. Raises Overtaken."""
    with transaction.atomic():
        if connection.vendor == "postgresql" and not _lock():
            return 0
        state = Sequence.objects.filter(id=1).first() or Sequence.objects.create(id=1, origin=origin())
        rows = list(Pending.objects.order_by("id").values_list("id", "act_id", "act__leaf_hash")[:BATCH])
        if not rows:
            return 0
        entries = [
            Entry(idx=state.size + i, act_id=act, leaf_hash=digest) for i, (_, act, digest) in enumerate(rows)
        ]
        Entry.objects.bulk_create(entries, batch_size=500)
        Pending.objects.filter(id__in=[row[0] for row in rows]).delete()
        moved = Sequence.objects.filter(id=1, size=state.size).update(size=state.size + len(rows))
        if not moved:
            raise Overtaken
        return len(rows)


def sequence_all() -> int:
    """Sequence until nothing is pending; commands that promise to be findable afterwards call this."""
    total = 0
    while done := sequence_once():
        total += done
    return total


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_KEY])
        return bool(cursor.fetchone()[0])
