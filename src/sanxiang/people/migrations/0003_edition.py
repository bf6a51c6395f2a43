"""A row whose token changes whenever people change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("people", "0002_triggers"),)
    operations = (
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("token", models.CharField(default="", max_length=40)),
            ],
            options={"verbose_name": "人员信息版本", "verbose_name_plural": "人员信息版本"},
        ),
    )
