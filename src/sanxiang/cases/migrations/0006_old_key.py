"""A case that was taken over is found by what the old system called it, without reading the state of every other."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.ledger.triggers import growing

KEPT = growing("cases_case")


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    case = apps.get_model("cases", "Case")
    known = {
        key: state["facts"]["taken_over"]["key"]
        for key, state in case.objects.filter(origin="taken-over").values_list("pk", "state").iterator()
    }
    if not known:
        return
    # The column repeats what the act has said long ago: no act, so the rows stand still for the trigger.
    KEPT.reverse_code(apps, editor)  # type: ignore[misc]  # `growing` has one
    for key, old in known.items():
        case.objects.filter(pk=key).update(old_key=old)
    KEPT.code(apps, editor)


class Migration(migrations.Migration):
    dependencies = (("cases", "0005_same_party"),)
    operations = (
        migrations.AddField("case", "old_key", models.CharField("旧系统标识", max_length=120, null=True)),
        migrations.RunPython(backfill, migrations.RunPython.noop),
        migrations.AddConstraint(
            "case",
            models.UniqueConstraint(
                fields=["agency", "old_key"], condition=models.Q(old_key__isnull=False), name="cases_old_key"
            ),
        ),
    )
