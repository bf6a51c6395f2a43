"""How far a witness has come is asked at every look at the log: found at once, however many lines it has given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0005_access_part"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="cosignature",
            index=models.Index(fields=["witness", "checkpoint"], name="ledger_cosignature_last"),
        ),
    ]
