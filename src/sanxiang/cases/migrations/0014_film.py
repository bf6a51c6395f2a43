"""What was read out of recordings. Made from their files, and made again at any time, so rows change without an act."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0013_case_link"),)
    operations = (
        migrations.CreateModel(
            name="Film",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "等待读取"), ("read", "已读取"), ("unreadable", "读不出")], max_length=10
                    ),
                ),
                ("found", models.JSONField(default=dict, verbose_name="时长、开始时间、编码、画面")),
                ("poster", models.BinaryField(default=b"")),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("tool", models.CharField(blank=True, max_length=120, verbose_name="工具和版本")),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "音像信息",
                "verbose_name_plural": "音像信息",
                "indexes": [models.Index(fields=["state", "tries"], name="cases_film_state")],
            },
        ),
    )
