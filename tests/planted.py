"""An office that was built once in this process is put back row by row into the empty database of the next test.

To build one through the door takes a tenth of a second, and more than a thousand tests begin with one. The rows are those that
the door wrote, in the same order of tables; what processes remember of persons and agencies by their keys is forgotten, for the
same keys come again with another history. `further` does the same with a case that a story brings to some stage.
"""

import copy
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from sanxiang.cases.search.asking import rebuild
from sanxiang.demo.people import Office
from sanxiang.people.models import Edition

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Kept:
    """The office as it was built, and the rows that stood in each table afterwards."""

    office: Office
    rows: dict[str, Rows]
    stood: "Stood"


_KEPT: dict[Hashable, Kept] = {}


def tables() -> list[str]:
    """Every table of a model, but that whose triggers write it whenever people change."""
    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models if model is not Edition]


def rows_of(table: str) -> Rows:
    """All its rows, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {connection.ops.quote_name(table)}")
        return cursor.fetchall()


def empty(names: list[str]) -> bool:
    """Whether none of these tables has a row."""
    asked = " or ".join(f"exists(select 1 from {connection.ops.quote_name(name)})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"select {asked}")
        return not cursor.fetchone()[0]


def forget() -> None:
    """What this process remembers by keys and editions: the door calls such functions `remembered…`."""
    for name, module in list(sys.modules.items()):
        if name.startswith("sanxiang.") and name not in _REMEMBERING:
            kept = [one for called, one in vars(module).items() if called.startswith("remembered")]
            _REMEMBERING[name] = [one for one in kept if hasattr(one, "cache_clear")]
    for one in chain.from_iterable(_REMEMBERING.values()):
        one.cache_clear()


_REMEMBERING: dict[str, list[Any]] = {}
"""Those functions by module; most modules have none."""


def office(key: Hashable, build: Callable[[], Office]) -> Office:
    """The office of that key: built the first time, put back afterwards; built again where the database has other rows.

    On SQLite alone: PostgreSQL gives keys from sequences, which rows put in by hand would not move on.
    """
    if connection.vendor != "sqlite":
        return build()
    forget()
    kept = _KEPT.get(key)
    if kept is not None and empty(list(kept.rows)):
        for table, rows in kept.rows.items():
            insert(table, rows)
        _stand(kept.stood)
        return copy.deepcopy(kept.office)
    before = {} if kept else all_rows()
    made = build()
    if kept is None:
        after = all_rows()
        grown = {table: rows for table, rows in after.items() if rows != before[table]}
        if not any(before[table] for table in grown):
            _KEPT[key] = Kept(copy.deepcopy(made), grown, Stood(after))
            _stand(_KEPT[key].stood)
    return made


def all_rows() -> dict[str, Rows]:
    """Every row of every such table."""
    return {table: rows_of(table) for table in tables()}


def insert(table: str, rows: Rows) -> None:
    """Put rows in as they were read."""
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"insert into {connection.ops.quote_name(table)} values ({marks})", rows)


# How far a story has come


Way = tuple[Any, ...]
"""Where a story stands: what its player must know to go on."""
MOST = 40
"""So many stages are kept: tests of one file follow one another."""


@dataclass(eq=False)
class Stood:
    """All rows as they stood, what stood outside the database, and what stood after each way on from here."""

    rows: dict[str, Rows]
    outside: Hashable = None
    further: "OrderedDict[Hashable, tuple[Stood, Way] | None]" = field(default_factory=OrderedDict)


@dataclass(frozen=True)
class Standing:
    """What the database holds now, told by how many rows this connection has changed, and by the case at its end."""

    stood: Stood
    connection: Any
    changes: int
    last: tuple[Any, ...] | None


_HERE: list[Standing] = []


def _changes() -> int:
    return int(connection.connection.total_changes)


def _last() -> tuple[Any, ...] | None:
    """The newest act: it is gone when a branch was forgotten, which counts as no change."""
    with connection.cursor() as cursor:
        cursor.execute("select id from ledger_act order by rowid desc limit 1")
        return cursor.fetchone()


def _stand(stood: Stood) -> None:
    _HERE[:] = [Standing(stood, connection.connection, _changes(), _last())]


def further(key: Hashable, walk: Callable[[], Way], outside: Callable[[], Hashable]) -> Way:
    """Walk on from what was put back, or put back what this walk wrote when it was first walked from here.

    `outside` tells what else there is, files above all: where it is not as it was, or where a test did anything of its own since,
    the story is walked.
    """
    if connection.vendor != "sqlite" or not _HERE:
        return walk()
    here = _HERE[0]
    if (here.connection, here.changes, here.last) != (connection.connection, _changes(), _last()):
        return walk()
    ways = here.stood.further
    if key in ways:
        ways.move_to_end(key)
        kept = ways[key]
        if kept is None or not moved(here.stood, kept[0], outside):
            ways[key] = None
            return walk()
        _stand(kept[0])
        return kept[1]
    way = walk()
    stood = Stood(all_rows(), outside())
    ways[key] = (stood, way)
    if len(ways) > MOST:
        ways.popitem(last=False)
    _stand(stood)
    return way


def moved(now: Stood, then: Stood, outside: Callable[[], Hashable]) -> bool:
    """Bring every table from the one to the other; nothing is changed where rows went, may not be changed, or files are others."""
    for table, rows in now.rows.items():
        if [row[0] for row in rows] != [row[0] for row in then.rows[table][: len(rows)]]:
            return False
    forget()
    try:
        with transaction.atomic():
            for table, rows in then.rows.items():
                change(table, now.rows[table], rows)
                if more := rows[len(now.rows[table]) :]:
                    insert(table, more)
            if then.rows["cases_publication"] != now.rows["cases_publication"]:
                rebuild()
            same = outside() == then.outside
            transaction.set_rollback(not same)
    except DatabaseError:
        return False
    return same


def change(table: str, now: Rows, then: Rows) -> None:
    """Overwrite the rows that were changed; a table's first column is its key."""
    changed = [after for before, after in zip(now, then, strict=False) if before != after]
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {connection.ops.quote_name(table)} limit 0")
        names = [connection.ops.quote_name(column[0]) for column in cursor.description]
        told = ", ".join(f"{name} = %s" for name in names)
        asked = f"update {connection.ops.quote_name(table)} set {told} where {names[0]} = %s"
        cursor.executemany(asked, [[*row, row[0]] for row in changed])
