"""A case among others: what it came from, what came of it, and which cases may be started from it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.room import Room
from sanxiang.desk.who import Visitor, case_for
from sanxiang.desk.words import CLOSED
from sanxiang.door import gather, linking
from sanxiang.door.pinned import current
from sanxiang.door.sight import Sight
from sanxiang.law.relations import BACK, HOW
from sanxiang.law.rules import Act
from sanxiang.people.authority import uuid_of


def related_of(room: Room) -> dict[str, Any]:
    """The table of ties both ways, and the doors to what may follow. One query."""
    ties = linking.around(room.case)
    rows = [row_of(room, tie) for tie in ties]
    columns = [{"label": x} for x in ("关系", "案件", "办理机关", "进度")]
    return {
        "table": {"caption": "关联案件", "columns": columns, "rows": rows, "total": len(rows)},
        "follow": follow_of(room),
    }


def row_of(room: Room, tie: linking.Around) -> dict[str, Any]:
    """One tie; a case that the visitor may not see is named by its number alone."""
    case, pack = tie.case, room.pack
    how = (HOW if tie.mine else BACK)[tie.how]
    kind = pack.procedures[case.procedure].label if case.procedure in pack.procedures else ""
    known: dict[str, Any] = {"text": linking.called(case), "sub": kind}
    if case.agency_id in room.visitor.agencies:
        known |= {"text": case.title, "href": f"/desk/cases/{case.pk}/"}
        known["sub"] = "，".join(filter(None, (case.number, kind)))
    stages = dict(pack.procedures[case.procedure].stages) if case.procedure in pack.procedures else {}
    now = CLOSED.get(case.closed, "") or stages.get(case.stage, case.stage)
    since = f"{cn_date(case.filed_on)}立案" if case.filed_on else ""
    cells = [{"text": how}, known, {"text": case.agency.name}, {"text": now, "sub": since}]
    return {"cells": cells}


def follow_of(room: Room) -> list[dict[str, str]]:
    """Procedures that may be started from this case, for who works in its agency; void cases lead nowhere."""
    case = room.case
    if not room.visitor.works_in(case.agency_id):
        return []
    law = current(case.agency.locality)
    held = room.visitor.roles_in(case.agency_id)
    return [
        {
            "label": one["label"],
            "href": f"/desk/cases/new/{one['procedure']}/?agency={case.agency_id}&from={case.pk}",
        }
        for one in linking.follow_ups(law, case, held)
    ]


def brought_over(request: HttpRequest, visitor: Visitor, fresh: Case, first: Act) -> dict[str, Any]:
    """What the form of a first act takes over from the case that it was started from, as far as the visitor may see it."""
    key = uuid_of(request.GET.get("from", ""))
    if key is None:
        return {}
    source = case_for(visitor, UUID(str(key)))
    if source.agency_id != fresh.agency_id:
        return {}
    actor = gather.actor_in(visitor.person, source.agency, visitor.on, duties=visitor.duties)
    sight = Sight(actor, source.state, str(source.unit_id or ""))
    known = sight.facts(gather.pack_of(source))[0]
    return linking.brought(current(fresh.agency.locality), first, fresh.procedure, source, known)
