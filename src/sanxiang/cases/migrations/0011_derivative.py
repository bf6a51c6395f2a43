"""Files made from evidence, kept for ever like it; and how far the nightly look over all files has come."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from sanxiang.ledger.triggers import forever, unreplaced


class Migration(migrations.Migration):
    dependencies = (("cases", "0010_paper_by_pdf"),)
    operations = (
        migrations.CreateModel(
            name="Derivative",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("act", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("thumbnail", "缩略图"), ("redacted", "遮盖副本"), ("transcode", "转换格式")],
                        max_length=12,
                    ),
                ),
                ("tool", models.CharField(max_length=120, verbose_name="工具和版本")),
                ("parameters", models.JSONField(default=dict, verbose_name="参数")),
                ("mime", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("sm3", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("n", models.PositiveBigIntegerField()),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="derivatives",
                        to="cases.evidence",
                    ),
                ),
            ],
            options={
                "verbose_name": "衍生文件",
                "verbose_name_plural": "衍生文件",
                "indexes": [models.Index(fields=["evidence", "n"], name="cases_derivative_evidence")],
            },
        ),
        migrations.CreateModel(
            name="Scrub",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shelf", models.CharField(blank=True, max_length=10)),
                ("after", models.CharField(blank=True, max_length=64, verbose_name="已核到")),
                ("round_on", models.DateField(null=True, verbose_name="本轮开始")),
                ("ran_on", models.DateField(null=True, verbose_name="最近完成")),
                ("busy_until", models.DateTimeField(null=True)),
                ("tally", models.JSONField(default=dict, verbose_name="未报告的结果")),
                ("last", models.JSONField(default=dict, verbose_name="最近的报告")),
            ],
            options={"verbose_name": "文件巡检", "verbose_name_plural": "文件巡检"},
        ),
        # A scrub asks for digests in order, and who cites one.
        migrations.AddIndex("evidence", models.Index(fields=["digest"], name="cases_evidence_digest")),
        forever("cases_derivative"),
        unreplaced("cases_derivative"),
    )
