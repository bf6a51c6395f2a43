"""Registers change only by acts; a release once made is never touched."""

from django.db import migrations

from sanxiang.ledger.triggers import forever, growing


class Migration(migrations.Migration):
    dependencies = (("registers", "0001_initial"),)
    operations = (growing("registers_register"), forever("registers_release"))
