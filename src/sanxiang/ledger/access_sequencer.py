"""Give the entries of the second log 调阅 their places, a tree a year, by the same rules as the acts'."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import connection, transaction

from sanxiang.ledger.access_row import Access
from sanxiang.ledger.halt import halted
from sanxiang.ledger.logs import accesses
from sanxiang.ledger.publish import publish
from sanxiang.ledger.sequencer import BATCH, advance, locked, state_of
from sanxiang.ledger.served import check_before

_PLACE = "UPDATE ledger_access SET idx = %s WHERE id = %s"


def sequence_accesses() -> list[int]:
    """One batch of every year that has entries waiting and does not stand still; the years. Raises Overtaken and Halted."""
    years = list(Access.objects.filter(idx=None).order_by().values_list("year", flat=True).distinct())
    return [year for year in sorted(years) if not halted(accesses(year)) and _sequence_year(year)]


def _sequence_year(year: int) -> int:
    log = accesses(year)
    with transaction.atomic():
        if not locked():
            return 0
        state = state_of(log)
        check_before(log, state.size)
        waiting = Access.objects.filter(idx=None, year=year).order_by("at", "id")
        rows = list(waiting.values_list("id", "leaf")[:BATCH])
        give_places((state.size + i, row[0]) for i, row in enumerate(rows))
        if rows:
            advance(log, state, [bytes(row[1]) for row in rows])
        return len(rows)


def give_places(places: Iterable[tuple[int, UUID]]) -> None:
    """Write down at which index an entry stands, in the caller's transaction."""
    key = Access._meta.pk
    rows = [(index, key.get_db_prep_value(entry, connection)) for index, entry in places]
    with connection.cursor() as cursor:
        cursor.executemany(_PLACE, rows)


def publish_accesses(year: int) -> int:
    """Serve what has been sequenced of a year; the size served. Raises like `publish`."""

    def leaves(start: int, end: int) -> Iterator[bytes]:
        rows = Access.objects.filter(year=year, idx__gte=start, idx__lt=end).order_by("idx")
        for leaf in rows.values_list("leaf", flat=True).iterator(chunk_size=2000):
            yield bytes(leaf)

    return publish(accesses(year), leaves)
