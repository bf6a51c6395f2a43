"""Of a look: the agency of whoever looked, beside that of the case, and which bytes of a file were opened.

Entries made before have neither; their leaves commit to what they said then, and go on verifying.
"""

import importlib
from typing import Any, cast

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.ledger.triggers import forever

before = importlib.import_module("sanxiang.ledger.migrations.0004_access")
NEW = ("own_agency", "first_byte", "last_byte")
PLACED = " AND ".join(
    [before.PLACED]
    + [
        f'COALESCE(NEW."{name}" = OLD."{name}", NEW."{name}" IS NULL AND OLD."{name}" IS NULL)'
        for name in NEW
    ]
)
OLD = forever("ledger_access", but=before.PLACED)


def lift(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the old trigger away: it knows nothing of the new columns."""
    cast(Any, OLD.reverse_code)(apps, editor)


def put_back(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Set the old trigger again."""
    cast(Any, OLD.code)(apps, editor)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_access"),
    ]

    operations = [
        # All columns may be empty: only so does SQLite add them without building the table anew, which would lose its triggers.
        migrations.RunPython(lift, put_back),
        migrations.AddField(
            "access", "own_agency", models.UUIDField(null=True, verbose_name="调阅人所属机关")
        ),
        migrations.AddField(
            "access", "first_byte", models.PositiveBigIntegerField(null=True, verbose_name="首字节")
        ),
        migrations.AddField(
            "access", "last_byte", models.PositiveBigIntegerField(null=True, verbose_name="末字节")
        ),
        forever("ledger_access", but=PLACED),
    ]
