"""Reminders that were given, and copies of papers that were taken."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (
        ("door", "0003_refusal_agency"),
        ("cases", "0005_same_party"),
        ("people", "0004_edition_triggers"),
    )
    operations = (
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("soon", "就要到期"), ("late", "已经超期")], max_length=4)),
                ("due", models.DateField()),
                ("at", models.DateTimeField()),
                ("agency", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="people.agency")),
                ("task", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="door.task")),
            ],
            options={
                "verbose_name": "期限提醒",
                "verbose_name_plural": "期限提醒",
                "indexes": [models.Index(fields=["agency", "-id"], name="door_alert_agency")],
                "constraints": [models.UniqueConstraint(fields=("task", "kind", "due"), name="door_alert_once")],
            },
        ),
        migrations.CreateModel(
            name="Printout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.UUIDField()),
                ("by_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("copies", models.PositiveSmallIntegerField(default=1)),
                ("paper", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="printouts", to="cases.paper")),
            ],
            options={
                "verbose_name": "文书打印记录",
                "verbose_name_plural": "文书打印记录",
                "indexes": [models.Index(fields=["paper", "id"], name="door_printout_paper")],
            },
        ),
    )  # fmt: skip
