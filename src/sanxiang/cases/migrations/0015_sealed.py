"""Papers that bear the agency's electronic seal: the sealed file beside the one that was issued.

Null, not "" by default: SQLite would make the table anew, without its triggers.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0014_film"),)
    operations = (
        migrations.AddField(
            "paper", "sealed", models.CharField("盖章后的 PDF 摘要", max_length=64, null=True, blank=True, db_index=True)
        ),
    )
