"""三员分立 and tenancy inside an agency, kept by the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.people.triggers import install


def install_triggers(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    install(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(install_triggers, migrations.RunPython.noop)]
