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
    return _both(f"{table}_forever", table, [("UPDATE", when), ("DELETE", "")], f"{table}：账本只增不改")


def growing(table: str, columns: tuple[str, ...] = ()) -> RunPython:
    """Refuse an UPDATE (of these columns, or any) that does not bring a larger `n`, and every DELETE."""
    of = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    return _both(
        f"{table}_growing", table, [(of, "NEW.n <= OLD.n"), ("DELETE", "")], f"{table}：不经办理动作不得改动"
    )


def unreplaced(*tables: str) -> RunPython:
    """Refuse `INSERT OR REPLACE`, by which SQLite would take the old row away without asking a DELETE trigger.

    To come after every unique index of these tables; the sentence is SQLite's own, which callers know. PostgreSQL has no
    such statement: there an upsert is an UPDATE.
    """

    def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables if editor.connection.vendor == "sqlite" else ():
            for position, (columns, condition) in enumerate(_unique(editor, table)):
                same = " AND ".join([*(f'"{name}" = NEW."{name}"' for name in columns), *condition])
                said = ", ".join(f"{table}.{name}" for name in columns)
                editor.execute(
                    f"CREATE TRIGGER {table}_forever_row_{position} BEFORE INSERT ON {table} FOR EACH ROW "
                    f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
                    f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {said}'); END"
                )

    def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables if editor.connection.vendor == "sqlite" else ():
            for position in range(len(_unique(editor, table))):
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_forever_row_{position}")

    return RunPython(install, remove)


def _unique(editor: BaseDatabaseSchemaEditor, table: str) -> list[tuple[list[str], list[str]]]:
    """The columns of each unique index and of the primary key; for an index over some rows the condition, once."""
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, table)
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s", [table])
        conditions = {name: (sql or "").partition(" WHERE ")[2] for name, sql in cursor.fetchall()}
    keys = {
        tuple(one["columns"]): conditions.get(name, "")
        for name, one in found.items()
        if (one["unique"] or one["primary_key"]) and one["columns"]
    }
    return [(list(columns), [condition] if condition else []) for columns, condition in sorted(keys.items())]


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
