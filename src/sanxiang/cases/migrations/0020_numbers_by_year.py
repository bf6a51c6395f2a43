"""The numbers of what is published are summed by year and for all time as well; filled from the months. PostgreSQL gets an index for the walk."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.cases.search import tables

KEYS = "act_type, agency_id, party_type"
SUMS = f"""INSERT INTO cases_search_numbers (month, {KEYS}, n)
    SELECT %s, {KEYS}, sum(n) FROM cases_search_numbers WHERE month > 0 GROUP BY 1, {KEYS}"""


def walk(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(tables.WALK.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))


class Migration(migrations.Migration):
    dependencies = (("cases", "0019_display"),)
    operations = (
        *(migrations.RunSQL(SUMS % span, "DELETE FROM cases_search_numbers WHERE month <= 0") for span in ("-(month / 100)", "0 * month")),
        migrations.RunPython(walk, migrations.RunPython.noop),
    )
