"""Where the chain of the installation's own acts ends."""

from django.db import migrations, models

from sanxiang.ledger.triggers import growing, unreplaced


class Migration(migrations.Migration):
    dependencies = (("door", "0006_loan"),)
    operations = (
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("n", models.PositiveBigIntegerField(default=0)),
                ("head", models.CharField(default="", max_length=64)),
            ],
            options={"verbose_name": "本安装", "verbose_name_plural": "本安装"},
        ),
        growing("door_installation"),
        unreplaced("door_installation"),
    )
