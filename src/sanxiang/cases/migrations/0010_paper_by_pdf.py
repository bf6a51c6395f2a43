"""A paper is asked for by the digest of its file, by anybody: without an index each question would read the whole table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_taken_over")]

    operations = [
        migrations.AddIndex("paper", models.Index(fields=["pdf"], name="cases_paper_pdf")),
    ]
