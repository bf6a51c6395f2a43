"""On SQLite the search counts hits by one small number for act type, agency and kind of party. Derived data, filled from the rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.cases.search import tables

KEY = "act_type, agency_id, party_type"


def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    database = editor.connection
    if database.vendor == "postgresql":
        return
    with database.cursor() as cursor:
        columns = {column.name for column in database.introspection.get_table_description(cursor, "cases_search")}
    if "kind" in columns:  # made by 0003 of this version
        return
    editor.execute("ALTER TABLE cases_search ADD COLUMN kind integer NOT NULL DEFAULT 0")
    editor.execute(tables.NARROW[0])
    editor.execute(f"INSERT INTO cases_search_kinds ({KEY}) SELECT DISTINCT {KEY} FROM cases_search")
    own = f"({KEY}) = (cases_search.act_type, cases_search.agency_id, cases_search.party_type)"
    editor.execute(f"UPDATE cases_search SET kind = (SELECT kind FROM cases_search_kinds WHERE {own})")
    editor.execute(tables.NARROW[1])


class Migration(migrations.Migration):
    dependencies = (("cases", "0020_numbers_by_year"),)
    operations = (migrations.RunPython(install, migrations.RunPython.noop),)
