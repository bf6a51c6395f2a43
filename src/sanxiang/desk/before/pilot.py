"""试点任务: the tasks with which each organ was registered, as its own chain in the ledger keeps them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.desk.who import page, visitor_of
from sanxiang.door.admin.agency import PILOT
from sanxiang.door.pinned import current
from sanxiang.door.said import said_by
from sanxiang.people.models import Agency
from sanxiang.registers.before.pilot import PilotTask, tasks_of
from sanxiang.speech import cn_day


@require_GET
def pilot(request: HttpRequest) -> HttpResponse:
    """The organs in sight with their tasks. Four queries, whatever their number."""
    visitor = visitor_of(request)
    organs = Agency.objects.filter(pk__in=visitor.agencies | visitor.administered, active=True)
    given = {
        act.subject: said.get(PILOT) or [] for act, said in said_by(("register-agency",), visitor.agencies)
    }
    rows = [
        {"cells": cells_of(organ, task, task.id in given.get(organ.pk, ()))}
        for organ in organs.order_by("name")
        for task in tasks_of(current(organ.locality), organ.name)
    ]
    table = {
        "caption": "各执法主体的试点任务",
        "total": f"{len(rows):,}",
        "columns": [{"label": name} for name in ("执法主体", "任务", "期限", "依据", "登记")],
        "rows": rows,
        "empty": {"title": "没有试点任务", "text": "适用的方案不是试点方案，或者没有给执法主体定任务。"},
    }
    return page(request, visitor, "desk/pilot.html", {"table": table}, section="registers")


def cells_of(organ: Agency, task: PilotTask, kept: bool) -> list[dict[str, Any]]:
    """One task of one organ."""
    due = cn_day(task.due) if task.due[:1].isdigit() else task.printed or "未写明"
    badge = (
        {"tone": "green", "label": "登记机关时已建"} if kept else {"tone": "amber", "label": "登记早于任务"}
    )
    return [
        {"text": organ.name, "strong": True},
        {"text": task.title, "sub": task.id},
        {"text": due},
        {"text": task.citation},
        {"text": "", "badge": badge},
    ]
