"""What a case published while its decision was an old system's says so."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from sanxiang.ledger.triggers import growing

KEPT = growing("cases_publication")
DECIDING = ("decide", "decide-on-spot", "decide-no-penalty")


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("cases", "Publication").objects.filter(origin="case", case__origin="taken-over")
    theirs = [key for key, state in rows.values_list("pk", "case__state").iterator() if taken_over(state)]
    if not theirs:
        return
    # The column repeats what the act has said long ago: no act, so the rows stand still for the trigger.
    KEPT.reverse_code(apps, editor)  # type: ignore[misc]  # `growing` has one
    for key in theirs:
        rows.model.objects.filter(pk=key).update(origin="taken-over")
    KEPT.code(apps, editor)


def taken_over(state: dict[str, Any]) -> bool:
    done = [state["last"][act] for act in DECIDING if act in state.get("last", {})]
    return bool(done) and max(done, key=lambda act: int(act["n"])).get("origin") == "taken-over"


class Migration(migrations.Migration):
    dependencies = (("cases", "0008_party_key"),)
    operations = (migrations.RunPython(backfill, migrations.RunPython.noop),)
