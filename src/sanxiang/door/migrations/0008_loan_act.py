"""Lending and taking back are acts: each entry names them. After that an entry only ends, once; it is never taken away."""

from django.db import migrations, models

from sanxiang.ledger.triggers import forever

RETURN = " AND ".join(
    [f"NEW.{name} = OLD.{name}" for name in ("id", "case_id", "borrower", "purpose", "due", "at", "by_name")]
    + ["OLD.returned_at IS NULL", "NEW.returned_at IS NOT NULL"]
)


class Migration(migrations.Migration):
    dependencies = (("door", "0007_installation"), ("ledger", "0002_triggers"))
    operations = (
        migrations.AlterField("loan", "by", models.UUIDField(null=True)),
        migrations.AddField("loan", "act", models.UUIDField(null=True)),
        migrations.AddField("loan", "returned_act", models.UUIDField(null=True)),
        forever("door_loan", but=RETURN),
    )
