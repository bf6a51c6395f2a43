"""Anybody may ask for a decision by its leaf hash; that must not read the whole table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0003_search"),)
    operations = (
        migrations.AddIndex("publication", models.Index(fields=["leaf_hash"], name="cases_pub_leaf")),
    )
