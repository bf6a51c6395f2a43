"""A drawn object is inspected like every other: the form of a new inspection takes over what the draw knows of it."""

from typing import Any

from django.http import HttpRequest

from sanxiang.door.inspection.tasks import inside, roster_of
from sanxiang.law.rules import Act
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency
from sanxiang.registers.inspection.drawn import plans_in

FIELD = "origin"
DRAWN = "double-random"


def brought_from_draw(request: HttpRequest, agency: Agency, first: Act) -> dict[str, Any]:
    """What the plan and the library say of the object that the address names; nothing of another agency's, or where none is drawn."""
    key, target = uuid_of(request.GET.get("draw", "")), request.GET.get("target", "")
    if key is None or first.field(FIELD) is None:
        return {}
    plan = next((one for one in plans_in([agency.pk]) if one.id == key), None)
    row = next((row for row in plan.pairs if row[0] == target), None) if plan else None
    if plan is None or row is None:
        return {}
    known = roster_of(inside(plan))[target]
    kind = "org" if known["code"] else "citizen"
    party = {"kind": kind, "name": known["name"], "code": known["code"], "address": known["address"]}
    told = {
        FIELD: DRAWN,
        "origin_text": f"双随机抽查计划 {plan.number}（{plan.told.get('name')}）抽到，检查人员 {'、'.join(row[1:])}",
        "inspection_kind": "daily",
        "party": party,
        "cause": "、".join(plan.items),
        "inspection_place": known["address"],
        "planned_from": str(plan.told.get("begins"))[:10],
        "planned_to": str(plan.told.get("ends"))[:10],
        "joint_with": "、".join(plan.told.get("joint") or ()),
    }
    return {name: value for name, value in told.items() if first.field(name)}
