"""Filing and deciding ask for the other cases against the same party; that must not read every case of the agency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0004_leaf_hash"),)
    operations = (
        migrations.AddIndex(
            "case", models.Index(fields=["agency", "party", "closed"], name="cases_agency_party")
        ),
    )
