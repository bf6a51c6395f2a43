"""An office that was built once in this process is put back row by row into the empty database of the next test.

To build one through the door takes a tenth of a second, and more than a thousand tests begin with one. The rows are those that
the door wrote, in the same order of tables; what processes remember of persons and agencies by their keys is forgotten, for the
same keys come again with another history.
"""

import copy
import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import connection

from sanxiang.demo.people import Office
from sanxiang.people.models import Edition

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Kept:
    """The office as it was built, and the rows that stood in each table afterwards."""

    office: Office
    rows: dict[str, Rows]


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
            with connection.cursor() as cursor:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"insert into {connection.ops.quote_name(table)} values ({marks})", rows)
        return copy.deepcopy(kept.office)
    before = {} if kept else {table: rows_of(table) for table in tables()}
    made = build()
    if kept is None:
        after = {table: rows_of(table) for table in tables()}
        grown = {table: rows for table, rows in after.items() if rows != before[table]}
        if not any(before[table] for table in grown):
            _KEPT[key] = Kept(copy.deepcopy(made), grown)
    return made
