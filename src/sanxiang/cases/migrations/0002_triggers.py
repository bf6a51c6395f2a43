"""Rows that acts make change only by acts: an update must bring a larger `n` (design.md §4)."""

from django.db import migrations

from sanxiang.ledger.triggers import forever, growing


class Migration(migrations.Migration):
    dependencies = (("cases", "0001_initial"),)
    operations = (
        growing("cases_case"),
        growing("cases_paper"),
        forever("cases_evidence"),
        growing("cases_review"),
        growing("cases_publication"),
    )
