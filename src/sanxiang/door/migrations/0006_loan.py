"""Archived files that were taken out."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("door", "0005_unreplaced"), ("cases", "0009_taken_over"))
    operations = (
        migrations.CreateModel(
            name="Loan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("borrower", models.CharField(max_length=60, verbose_name="借阅人")),
                ("purpose", models.CharField(max_length=500, verbose_name="用途")),
                ("due", models.DateField(verbose_name="归还期限")),
                ("at", models.DateTimeField(verbose_name="借出时间")),
                ("by", models.UUIDField()),
                ("by_name", models.CharField(max_length=60, verbose_name="经手人")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="归还时间")),
                ("returned_to", models.CharField(blank=True, max_length=60, verbose_name="接收人")),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="loans", to="cases.case")),
            ],
            options={
                "verbose_name": "案卷借阅登记",
                "verbose_name_plural": "案卷借阅登记",
                "indexes": [models.Index(fields=["case", "id"], name="door_loan_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("returned_at__isnull", True)), fields=("case",), name="door_loan_out_once"
                    )
                ],
            },
        ),
    )  # fmt: skip
