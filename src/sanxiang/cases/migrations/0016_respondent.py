"""Cases are found by the respondent too. The columns follow from the state and are none of those that the trigger watches."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.cases.parties import party_key


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    case = apps.get_model("cases", "Case")
    rows = case.objects.filter(procedure="adjudication").values_list("pk", "state")
    for key, state in rows.iterator():
        if side := state["facts"].get("respondent"):
            told = {"respondent": str(side.get("name", "")), "respondent_key": party_key(side)}
            case.objects.filter(pk=key).update(**told)


class Migration(migrations.Migration):
    dependencies = (("cases", "0015_sealed"),)
    operations = (
        migrations.AddField("case", "respondent", models.TextField("被申请人", null=True)),
        migrations.AddField(
            "case", "respondent_key", models.CharField("被申请人证件摘要", max_length=64, null=True)
        ),
        migrations.RunPython(backfill, migrations.RunPython.noop),
        migrations.AddIndex("case", models.Index(fields=["respondent_key"], name="cases_respondent_key")),
    )
