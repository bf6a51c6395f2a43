"""What a release says beside its rows: a rule document has a title, an owner and a basis.

Null, not {} by default: SQLite would make the table anew, without its triggers.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("registers", "0002_triggers"),)
    operations = (migrations.AddField("release", "told", models.JSONField(null=True)),)
