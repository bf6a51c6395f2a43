"""The database itself renews the edition's token when people change, so that no writer can forget it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("people_person", "people_post", "people_leave", "people_certificate", "people_unit")
EVENTS = ("INSERT", "UPDATE", "DELETE")


def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    postgres = editor.connection.vendor == "postgresql"
    fresh = "gen_random_uuid()::text" if postgres else "hex(randomblob(16))"
    renew = f"UPDATE people_edition SET token = {fresh} WHERE id = 1"
    editor.execute(f"INSERT INTO people_edition (id, token) VALUES (1, {fresh})")
    if postgres:
        editor.execute(
            "CREATE OR REPLACE FUNCTION people_edition_renew() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {renew}; RETURN NULL; END $$"
        )
    for table in TABLES:
        if postgres:
            editor.execute(
                f"CREATE TRIGGER {table}_edition AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION people_edition_renew()"
            )
            continue
        for event in EVENTS:
            editor.execute(
                f"CREATE TRIGGER {table}_edition_{event.lower()} AFTER {event} ON {table} BEGIN {renew}; END"
            )


class Migration(migrations.Migration):
    dependencies = (("people", "0003_edition"),)
    operations = (migrations.RunPython(install, migrations.RunPython.noop),)
