"""Of a list that should never have been public nobody reads any version up to this one. Null, as SQLite would make the table anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("registers", "0005_period"),)
    operations = (
        migrations.AddField(
            "register", "closed_through", models.PositiveIntegerField("这一版以及以前各版不应公开", null=True)
        ),
    )
