"""On SQLite a row that may not be deleted may not be replaced either."""

from django.db import migrations

from sanxiang.ledger.triggers import unreplaced


class Migration(migrations.Migration):
    dependencies = (
        ("door", "0004_alert_printout"),
        ("ledger", "0002_triggers"),
        ("cases", "0006_old_key"),
        ("registers", "0002_triggers"),
    )
    operations = (
        unreplaced("ledger_act", "ledger_entry", "ledger_opening"),
        unreplaced("cases_case", "cases_paper", "cases_evidence", "cases_review", "cases_publication"),
        unreplaced("registers_register", "registers_release"),
        unreplaced(
            "people_agency",
            "people_unit",
            "people_person",
            "people_post",
            "people_leave",
            "people_certificate",
            "people_entrustment",
            "people_granteditem",
        ),
    )
