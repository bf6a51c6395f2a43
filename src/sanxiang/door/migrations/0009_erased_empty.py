"""An opening that is erased keeps no value: the trigger on openings asks for that too."""

from django.db import migrations

from sanxiang.ledger.triggers import forever

BEFORE = (
    "NEW.act_id = OLD.act_id AND NEW.name = OLD.name AND NEW.secrecy = OLD.secrecy "
    "AND OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL AND NEW.salt = ''"
)
OLD = forever("ledger_opening", but=BEFORE)
NOW = forever("ledger_opening", but=f"{BEFORE} AND NEW.value IS NULL")


class Migration(migrations.Migration):
    dependencies = (("door", "0008_loan_act"), ("ledger", "0002_triggers"))
    operations = (migrations.RunPython(OLD.reverse_code or OLD.noop, OLD.code), NOW)
