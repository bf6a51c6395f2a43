"""Copies that were taken become entries of the log of looks, where they are verified; the table beside it goes."""

import uuid

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

from sanxiang.ledger.access import SERVED, leaf_of, new_mark
from sanxiang.ledger.tlog.disclosure import new_salt
from sanxiang.ledger.tlog.tree import leaf_hash

MOVED = "升级前的打印登记转入"


def move(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """One entry a row, said to be moved: until now nobody could have noticed a change to it."""
    access = apps.get_model("ledger", "Access")
    rows = apps.get_model("door", "Printout").objects.select_related("paper__case").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        made = access(
            id=uuid.uuid4(),
            year=timezone.localtime(row.at).year,
            at=row.at,
            by=row.by,
            by_name=row.by_name,
            agency=row.paper.case.agency_id,
            case=row.paper.case_id,
            kind="print",
            object=row.paper_id,
            digest=row.paper.pdf,
            copies=row.copies,
            text=MOVED,
            channel="page",
            result=SERVED,
            watermark=new_mark(),
            salt=new_salt(),
        )
        made.leaf = leaf_of(made)
        made.leaf_hash = leaf_hash(made.leaf).hex()
        made.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = (("door", "0009_erased_empty"), ("ledger", "0004_access"), ("cases", "0009_taken_over"))
    operations = (migrations.RunPython(move, migrations.RunPython.noop), migrations.DeleteModel("Printout"))
