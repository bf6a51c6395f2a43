"""The whole database as it was at one moment, read while others write: one read transaction on either database."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection, transaction

from sanxiang.custody.tables import FROM_POSTGRES, FROM_SQLITE, Table, changed, select

BATCH = 2000


@dataclass(frozen=True)
class Snapshot:
    """An open read transaction; what is asked of it is answered as of its beginning."""

    raw: Any
    postgres: bool

    def ask(self, sql: str, *values: Any) -> list[Sequence[Any]]:
        """A few rows. Placeholders are %s."""
        with closing(self.raw.cursor()) as cursor:
            cursor.execute(sql if self.postgres else sql.replace("%s", "?"), values)
            return list(cursor.fetchall())

    def rows(self, table: Table) -> Iterator[list[list[Any]]]:
        """All rows in batches, in the writing of a backup."""
        changes = FROM_POSTGRES if self.postgres else FROM_SQLITE
        for batch in self.batches(select(table, self.postgres)):
            yield changed(batch, table, changes)

    def batches(self, sql: str) -> Iterator[list[Any]]:
        """What a statement finds, a batch at a time: the server keeps the rest."""
        name = {"name": "backup"} if self.postgres else {}
        with closing(self.raw.cursor(**name)) as cursor:
            cursor.execute(sql)
            while batch := cursor.fetchmany(BATCH):
                yield batch


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The database at this moment. On SQLite the write-ahead log grows as long as this lasts; nobody waits for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield Snapshot(connection.connection, True)
        return
    place = quote(str(settings.DATABASES["default"]["NAME"]))
    with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True, isolation_level=None)) as raw:
        raw.execute("BEGIN DEFERRED")
        raw.execute(
            "SELECT count(*) FROM django_migrations"
        ).fetchone()  # the snapshot begins with the first read
        yield Snapshot(raw, False)
