"""The portal's search learns the kind of party and the day of publication, and counts by month. Derived data, filled from the rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.cases.search import numbers, tables

ORDINAL = {
    "postgresql": "published_on - DATE '0001-01-01' + 1",
    "sqlite": "CAST(julianday(published_on) - 1721424.5 AS integer)",
}
MONTH = {
    "postgresql": "to_char(DATE '0001-01-01' + (((-place) >> 32)::integer - 1), 'YYYYMM')::integer",
    "sqlite": "CAST(strftime('%Y%m', ((-place) >> 32) + 1721424.5) AS integer)",
}


def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    database = editor.connection
    with database.cursor() as cursor:
        columns = {column.name for column in database.introspection.get_table_description(cursor, "cases_search")}
    if "party_type" in columns:  # made by 0003 of this version
        return
    for column in ("party_type varchar(20) NOT NULL DEFAULT ''", "published integer"):
        editor.execute(f"ALTER TABLE cases_search ADD COLUMN {column}")
    told = f"SELECT party_type, {ORDINAL[database.vendor]} FROM cases_publication WHERE id = publication_id"
    editor.execute(f"UPDATE cases_search SET (party_type, published) = ({told})")
    for statement in (*tables.LATER, numbers.table(database)):
        editor.execute(statement)
    keys = "act_type, agency_id, party_type"
    month = MONTH[database.vendor]
    editor.execute(
        f"INSERT INTO cases_search_numbers (month, {keys}, n) SELECT {month}, {keys}, count(*) FROM cases_search GROUP BY 1, 2, 3, 4",
        None,
    )


class Migration(migrations.Migration):
    dependencies = (("cases", "0016_respondent"),)
    operations = (migrations.RunPython(install, migrations.RunPython.noop),)
