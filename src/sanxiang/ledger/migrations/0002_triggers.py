"""Acts, entries and openings are added to and never changed; an opening may be erased, once, by an act."""

from django.db import migrations

from sanxiang.ledger.triggers import forever

ERASURE = (
    "NEW.act_id = OLD.act_id AND NEW.name = OLD.name AND NEW.secrecy = OLD.secrecy "
    "AND OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL AND NEW.salt = ''"
)


class Migration(migrations.Migration):
    dependencies = (("ledger", "0001_initial"),)
    operations = (forever("ledger_act"), forever("ledger_entry"), forever("ledger_opening", but=ERASURE))
