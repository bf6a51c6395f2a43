"""Put the rows of a backup into an empty database: the schema of the backup's time, its rows, then this version's schema.

Triggers and foreign keys are taken away and put back inside the one transaction that loads: whoever looks sees either nothing
or everything, and the triggers are never off.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

from sanxiang.cases.search import asking
from sanxiang.custody.archive import Member, unpacked
from sanxiang.custody.tables import TO_POSTGRES, TO_SQLITE, Table, changed, tables_of

MIGRATIONS = "django_migrations"


class Unfit(Exception):
    """The backup does not fit this program or this database; the message says in Chinese what to do."""


def targets_of(migrations: list[list[str]]) -> list[tuple[str, str]]:
    """The last migration of each app that the backup had. Raises Unfit where this program does not know one."""
    graph = MigrationExecutor(connection).loader.graph
    applied = {(app, name) for app, name in migrations}
    if unknown := sorted(applied - set(graph.nodes)):
        names = "、".join(".".join(one) for one in unknown[:3])
        raise Unfit(f"备份由更新的程序建立（本程序没有 {names}），请换用建立备份时的版本或者更新的版本")
    return sorted(node for node in applied if not any(child in applied for child in _children(graph, node)))


def _children(graph: Any, node: tuple[str, str]) -> list[tuple[str, str]]:
    return [child.key for child in graph.node_map[node].children if child.key[0] == node[0]]


def occupied() -> int:
    """How many tables the database has already."""
    return len(connection.introspection.table_names())


def make_schema(migrations: list[list[str]]) -> list[Table]:
    """Bring an empty database to the state of the backup; its tables. Raises Unfit."""
    targets = targets_of(migrations)
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    executor = MigrationExecutor(connection)
    if set(executor.loader.applied_migrations) != {(app, name) for app, name in migrations}:
        raise Unfit("备份的数据库结构与本程序的升级步骤对不上，请换用建立备份时的版本")
    return tables_of(executor.loader.project_state(targets).apps)


def fit(tables: list[Table], columns: dict[str, list[str]]) -> None:
    """Raises Unfit where the backup's tables are not those of its migrations."""
    ours = {table.name: sorted(name for name, _ in table.columns) for table in tables}
    theirs = {name: sorted(there) for name, there in columns.items()}
    for name in sorted(ours.keys() ^ theirs.keys()):
        raise Unfit(f"备份里的表与本程序不同：{name}。请换用建立备份时的版本")
    for name, there in theirs.items():
        if ours[name] != there:
            raise Unfit(f"备份里表 {name} 的栏目与本程序不同。请换用建立备份时的版本")


def load(tables: list[Table], columns: dict[str, list[str]], pieces: Iterator[Member]) -> dict[str, int]:
    """Fill the tables from the pieces, all or nothing; how many rows each got. Raises IntegrityError, DataError."""
    ordered = {table.name: _as_written(table, columns[table.name]) for table in tables}
    count = dict.fromkeys(ordered, 0)
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        with _guards_away(cursor):
            for name in ordered:
                cursor.execute(f'DELETE FROM "{name}"')  # what migrations put in stands in the backup too
            for piece in pieces:
                table = ordered[piece.parts[1]]
                count[table.name] += _insert(cursor, table, unpacked(piece))
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables]):
            cursor.execute(statement)
        connection.check_constraints()
    return count


def _as_written(table: Table, columns: list[str]) -> Table:
    """The table with its columns in the backup's order."""
    kinds = dict(table.columns)
    return Table(table.name, tuple((name, kinds[name]) for name in columns), table.model)


def _insert(cursor: CursorWrapper, table: Table, rows: list[Any]) -> int:
    if connection.vendor == "postgresql":
        with cursor.copy(f'COPY "{table.name}" ({table.names}) FROM STDIN') as copy:
            for row in changed(rows, table, TO_POSTGRES):
                copy.write_row(row)
    else:
        marks = ", ".join(["?"] * len(table.columns))
        # Django's own placeholders would be looked for in every statement anew.
        connection.connection.executemany(
            f'INSERT INTO "{table.name}" ({table.names}) VALUES ({marks})', changed(rows, table, TO_SQLITE)
        )
    return len(rows)


@contextmanager
def _guards_away(cursor: CursorWrapper) -> Iterator[None]:
    """No trigger and no foreign key inside; both are back afterwards, or the transaction is rolled back with everything."""
    away, back = _postgres(cursor) if connection.vendor == "postgresql" else _sqlite(cursor)
    for statement in away:
        cursor.execute(statement)
    yield
    for statement in back:
        cursor.execute(statement)


def _sqlite(cursor: CursorWrapper) -> tuple[list[str], list[str]]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = cursor.fetchall()
    return [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]


def _postgres(cursor: CursorWrapper) -> tuple[list[str], list[str]]:
    """Foreign keys are dropped and added again: added, they are checked once over the whole table, not row by row."""
    cursor.execute(
        """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
           WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"""
    )
    foreign = cursor.fetchall()
    cursor.execute(
        """SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
           WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"""
    )
    guarded = [table for (table,) in cursor.fetchall()]
    away = [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in foreign]
    away += [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded]
    back = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded]
    back += [f"ALTER TABLE {table} ADD CONSTRAINT {name} {told}" for table, name, told in foreign]
    return away, back


def bring_forward() -> None:
    """From the backup's schema to this version's, and the derived tables anew."""
    call_command("migrate", verbosity=0, interactive=False)
    asking.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def clear() -> None:
    """Take everything out of a database that was empty before a restore that did not succeed."""
    connection.close()
    if connection.vendor != "postgresql":
        return  # the file goes with the folder
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name} CASCADE")
        cursor.execute(
            "SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = current_schema()"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP SEQUENCE {name} CASCADE")
        cursor.execute(
            """SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
               AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {name} CASCADE")


ERASED_FROM = ("ledger_opening", "cases_case", "cases_publication")


def tidy() -> None:
    """Let the database give up the pages on which erased values still stand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ERASED_FROM:
                cursor.execute(f"VACUUM FULL {table}")
            return
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
