"""Files on their way in by pieces. No record of anything, so rows come and go without an act."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0011_derivative"), migrations.swappable_dependency(settings.AUTH_USER_MODEL))
    operations = (
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("mime", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField(verbose_name="应有字节数")),
                ("received", models.PositiveBigIntegerField(default=0, verbose_name="已收字节数")),
                (
                    "promised",
                    models.CharField(blank=True, max_length=64, verbose_name="发送方所称的 SHA-256"),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("sm3", models.CharField(blank=True, max_length=64)),
                ("kept", models.BooleanField(default=False, verbose_name="已存入")),
                ("begun_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "分段上传",
                "verbose_name_plural": "分段上传",
                "indexes": [
                    models.Index(fields=["person", "kept"], name="cases_upload_person"),
                    models.Index(fields=["expires_at"], name="cases_upload_expiry"),
                ],
            },
        ),
    )
