"""Papers that bear the agency's electronic seal: the sealed file beside the one that was issued."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0014_film"),)
    operations = (
        migrations.AddField(
            "paper", "sealed", models.CharField("盖章后的 PDF 摘要", max_length=64, blank=True, default="", db_index=True), preserve_default=False
        ),
    )
