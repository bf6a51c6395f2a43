"""What law asks about people changes only by `administer`: `n` must grow. A password is no such fact."""

from django.db import migrations

from sanxiang.ledger.triggers import growing

PERSON = (
    "username", "name", "phone", "active", "has_legal_qualification", "qualification_number", "started_review_on", "n",
)


class Migration(migrations.Migration):
    dependencies = (("door", "0001_initial"), ("people", "0002_triggers"), ("ledger", "0002_triggers"))
    operations = (
        growing("people_agency"),
        growing("people_unit"),
        growing("people_person", columns=PERSON),
        growing("people_post"),
        growing("people_leave"),
        growing("people_certificate"),
        growing("people_entrustment"),
        growing("people_granteditem"),
    )
