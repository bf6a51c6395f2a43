"""Cases against one party are found by its code too: one firm is spelled in several ways."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.cases.parties import party_key


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    # The column follows from the state and is none of those that the trigger watches.
    case = apps.get_model("cases", "Case")
    for key, state in case.objects.values_list("pk", "state").iterator():
        if found := party_key(state["facts"].get("party")):
            case.objects.filter(pk=key).update(party_key=found)


class Migration(migrations.Migration):
    dependencies = (("cases", "0007_due_recounted"),)
    operations = (
        migrations.AddField("case", "party_key", models.CharField("当事人证件摘要", max_length=64, null=True)),
        migrations.RunPython(backfill, migrations.RunPython.noop),
        migrations.AddIndex("case", models.Index(fields=["party_key"], name="cases_party_key")),
    )
