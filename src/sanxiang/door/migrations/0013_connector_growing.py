"""Where records go changes only by `administer`: `n` must grow. What the other side said it has is no such fact."""

from django.db import migrations

from sanxiang.ledger.triggers import growing

TOLD = ("agency_id", "code", "name", "platform", "url", "credential", "fields", "carries", "below", "active", "n")


class Migration(migrations.Migration):
    dependencies = (("door", "0012_outgoing"),)
    operations = (growing("door_connector", columns=TOLD),)
