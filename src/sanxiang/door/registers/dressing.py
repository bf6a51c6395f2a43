"""Which of the officers in the field the state puts in uniform."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.rules import Act
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Person

DRESS = "dress"
"""The field in which the answers stand."""


def outside(act: Act, data: Mapping[str, Any]) -> dict[str, Any]:
    """The officers named who must wear a uniform. One query for a form that asks and names somebody, else none."""
    named = [key for key in map(uuid_of, data.get("officers") or ()) if key]
    if not named or act.field(DRESS) is None:
        return {}
    found = Person.objects.filter(pk__in=named, uniformed=True).values_list("pk", flat=True)
    return {"uniformed": [str(key) for key in found]}
