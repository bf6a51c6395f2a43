"""Who must wear a uniform by the state's rules. Null, not false by default: SQLite would make the table anew, without its triggers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("people", "0004_edition_triggers"),)
    operations = (
        migrations.AddField("person", "uniformed", models.BooleanField("国家规定统一着装", null=True)),
    )
