"""The tables of the portal's search. No models: they are written and read by `cases.search.grams` alone."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.cases.search import tables


def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in tables.create(editor.connection):
        editor.execute(statement)


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in tables.remove(editor.connection):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = (("cases", "0002_triggers"),)
    operations = (migrations.RunPython(install, remove),)
