"""Where an attempt was made: of a case its agency; else the one agency that the person who tried can have meant.

The attempts of people whose post reaches into other agencies stay without one, unless there is but one agency here.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery

REACHING = ("supervisor", "system-admin", "security-admin", "audit-admin")


def backfill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    refusal, post = apps.get_model("door", "Refusal"), apps.get_model("people", "Post")
    of_case = apps.get_model("cases", "Case").objects.filter(pk=OuterRef("case")).values("agency")[:1]
    refusal.objects.exclude(case=None).update(agency=Subquery(of_case))
    agencies = list(apps.get_model("people", "Agency").objects.values_list("pk", flat=True)[:2])
    if len(agencies) == 1:
        refusal.objects.filter(agency=None).update(agency=agencies[0])
        return
    for person in refusal.objects.filter(agency=None).exclude(by=None).values_list("by", flat=True).distinct():
        held = list(post.objects.filter(person=person).values_list("agency", "role"))
        if len({agency for agency, _ in held}) == 1 and not any(role in REACHING for _, role in held):
            refusal.objects.filter(agency=None, by=person).update(agency=held[0][0])


class Migration(migrations.Migration):
    dependencies = (("door", "0002_people_growing"), ("cases", "0005_same_party"), ("people", "0004_edition_triggers"))
    operations = (
        migrations.AddField(
            "refusal",
            "agency",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="refusals", to="people.agency"
            ),
        ),
        migrations.RunPython(backfill, migrations.RunPython.noop),
    )
