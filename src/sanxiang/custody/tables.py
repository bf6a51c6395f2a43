"""The tables of the database as lines that either database can write and read.

What a column holds is told by the model of the same moment, so that an older backup is read with the columns of its time.
Search tables are not among them: they are derived and made anew.
"""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps.registry import Apps
from django.db.models import Field

KINDS = {
    "UUIDField": "uuid",
    "DateTimeField": "moment",
    "DateField": "day",
    "JSONField": "json",
    "BooleanField": "bool",
    "BinaryField": "bytes",
    "GenericIPAddressField": "address",
    "CharField": "plain",
    "TextField": "plain",
    "AutoField": "plain",
    "BigAutoField": "plain",
    "IntegerField": "plain",
    "BigIntegerField": "plain",
    "PositiveIntegerField": "plain",
    "PositiveSmallIntegerField": "plain",
    "PositiveBigIntegerField": "plain",
    "SmallIntegerField": "plain",
}
"""How the value of a field is written. A field that is not named here stops a backup: better than a backup that lacks it."""

Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Table:
    """A table: its columns in order with what each holds."""

    name: str
    columns: tuple[tuple[str, str], ...]
    model: Any

    @property
    def names(self) -> str:
        """The columns, as SQL lists them."""
        return ", ".join(f'"{name}"' for name, _ in self.columns)


def tables_of(apps: Apps) -> list[Table]:
    """Every table that a model of these apps has, by name."""
    models = apps.get_models(include_auto_created=True)
    found = [
        Table(model._meta.db_table, tuple((str(f.column), kind_of(f)) for f in model._meta.local_concrete_fields), model)
        for model in models
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]  # fmt: skip
    return sorted(found, key=lambda table: table.name)


def kind_of(field: "Field[Any, Any]") -> str:
    """What a column holds; a foreign key holds what it points at. Raises KeyError."""
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[attr-defined]  # foreign keys have one
    return KINDS[field.get_internal_type()]


POSTGRES_READS = {
    "uuid": '"{}"::text',
    "moment": "to_char(\"{}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "day": '"{}"::text',
    "json": '"{}"::text',
    "address": 'host("{}")',
}


def select(table: Table, postgres: bool) -> str:
    """The statement that reads the table."""
    forms = POSTGRES_READS if postgres else {}
    columns = ", ".join(forms.get(kind, '"{}"').format(name) for name, kind in table.columns)
    return f'SELECT {columns} FROM "{table.name}"'


def _base64(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()


def _whole_second(value: str) -> str:
    # SQLite compares moments as texts, and Django writes none of the zeros.
    return value.removesuffix(".000000")


FROM_SQLITE: dict[str, Change] = {"uuid": lambda v: str(uuid.UUID(v)), "bool": bool, "bytes": _base64}
FROM_POSTGRES: dict[str, Change] = {"moment": _whole_second, "bytes": _base64}
TO_SQLITE: dict[str, Change] = {"uuid": lambda v: v.replace("-", ""), "bool": int, "bytes": base64.b64decode}
TO_POSTGRES: dict[str, Change] = {"moment": lambda v: f"{v}+00", "bytes": base64.b64decode}


def changed(rows: list[Any], table: Table, changes: dict[str, Change]) -> list[list[Any]]:
    """Rows in the other writing."""
    places = [(at, changes[kind]) for at, (_, kind) in enumerate(table.columns) if kind in changes]
    out = []
    for row in rows:
        cells = list(row)
        for at, change in places:
            if cells[at] is not None:
                cells[at] = change(cells[at])
        out.append(cells)
    return out
