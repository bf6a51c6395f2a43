"""A case's next due day follows from its state and the calendar: a new holiday notice moves it without an act."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.ledger.triggers import growing

BY_ACTS = (
    "id",
    "agency_id",
    "unit_id",
    "code",
    "number",
    "title",
    "party",
    "act_type",
    "procedure",
    "stage",
    "closed",
    "pack",
    "pack_digest",
    "origin",
    "old_key",
    "filed_on",
    "decided_on",
    "opened_at",
    "state",
    "n",
    "head",
)


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    postgres = editor.connection.vendor == "postgresql"
    on = " ON cases_case" if postgres else ""
    for name in (
        "cases_case_growing_0",
        "cases_case_growing_1",
        *(["cases_case_growing_t"] if postgres else []),
    ):
        editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


class Migration(migrations.Migration):
    dependencies = (("cases", "0006_old_key"),)
    operations = (
        migrations.RunPython(remove, migrations.RunPython.noop),
        growing("cases_case", columns=BY_ACTS),
    )
