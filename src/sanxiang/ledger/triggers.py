"""Database triggers: rows of the ledger never change; rows that acts make change only with a growing number.

Against forgetting, not against malice: an owner of the database can drop a trigger. Against malice stands `verify`.
"""

from collections.abc import Callable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

Code = Callable[[StateApps, BaseDatabaseSchemaEditor], None]


def forever(table: str, but: str = "") -> RunPython:
    """Refuse every UPDATE and DELETE on the table; `but` is an SQL condition on OLD and NEW that lets an update pass."""
    when = f"NOT ({but})" if but else ""
    return _both(f"{table}_forever", table, [("UPDATE", when), ("DELETE", "")], f"{table}：台账只增不改")


def growing(table: str, columns: tuple[str, ...] = ()) -> RunPython:
    """Refuse an UPDATE (of these columns, or any) that does not bring a larger `n`, and every DELETE."""
    of = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    return _both(
        f"{table}_growing", table, [(of, "NEW.n <= OLD.n"), ("DELETE", "")], f"{table}：不经办理动作不得改动"
    )


def _both(name: str, table: str, events: list[tuple[str, str]], message: str) -> RunPython:
    def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        postgres = editor.connection.vendor == "postgresql"
        if postgres:
            editor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{message}'; END $$"
            )
        for position, (event, when) in enumerate(events):
            editor.execute(_statement(f"{name}_{position}", name, table, event, when, message, postgres))
        if postgres:
            editor.execute(f"CREATE TRIGGER {name}_t BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}()")

    def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        postgres = editor.connection.vendor == "postgresql"
        for position in range(len(events)):
            editor.execute(f"DROP TRIGGER IF EXISTS {name}_{position}" + (f" ON {table}" if postgres else ""))
        if postgres:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}_t ON {table}")
            editor.execute(f"DROP FUNCTION IF EXISTS {name}()")

    return RunPython(install, remove)


def _statement(
    trigger: str, function: str, table: str, event: str, when: str, message: str, postgres: bool
) -> str:
    clause = f"WHEN ({when})" if when else ""
    if postgres:
        return f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW {clause} EXECUTE FUNCTION {function}()"
    return (
        f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW {clause} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
