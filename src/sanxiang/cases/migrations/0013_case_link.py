"""Ties between cases: a row for each, so that both cases find it; made once, never changed."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from sanxiang.ledger.triggers import forever, unreplaced


class Migration(migrations.Migration):
    dependencies = (("cases", "0012_upload"),)
    operations = (
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "how",
                    models.CharField(
                        choices=[("source", "来源"), ("derived", "派生"), ("basis", "依据")],
                        max_length=10,
                        verbose_name="关系",
                    ),
                ),
                ("act", models.UUIDField()),
                ("n", models.PositiveBigIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="cases.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_from",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "案件关联",
                "verbose_name_plural": "案件关联",
                "constraints": [
                    models.UniqueConstraint(fields=("case", "other", "how"), name="cases_link_once")
                ],
            },
        ),
        forever("cases_caselink"),
        unreplaced("cases_caselink"),
    )
