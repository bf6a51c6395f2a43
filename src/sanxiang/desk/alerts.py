"""期限提醒记录: which tasks came near their last day or passed it, when that was told, and whether they are done by now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.addresses import number_in
from sanxiang.desk.who import page, visitor_of
from sanxiang.door.models import Alert
from sanxiang.speech import role_name

ROWS = 50
KINDS = {"soon": ("就要到期", "amber"), "late": ("已经超期", "red")}


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """Reminders in the agencies in sight, newest first."""
    visitor = visitor_of(request)
    rows = Alert.objects.filter(agency__in=visitor.agencies).select_related("task", "task__case", "agency")
    before = number_in(request.GET, "before")
    wanted = rows if before is None else rows.filter(pk__lt=before)
    some = list(wanted.defer("task__case__state").order_by("-pk")[: ROWS + 1])
    more, some = len(some) > ROWS, some[:ROWS]
    pager = {
        "total_text": f"共 {rows.count():,} 次",
        "first_href": "/desk/alerts/" if before is not None else None,
        "next_href": f"/desk/alerts/?before={some[-1].pk}" if more else None,
    }
    table = {
        "caption": "新的在前",
        "columns": [{"label": x} for x in ("提醒时间", "事项", "期限", "由谁办", "现在", "机关")],
        "rows": [{"cells": cells_of(row), "state": KINDS[row.kind][1]} for row in some],
        "pager": pager,
        "empty": {"title": "没有提醒", "text": "事项临近期限或者超期时，这里逐次留下记录。"},
    }
    return page(request, visitor, "desk/alerts.html", {"table": table}, section="tasks")


def cells_of(row: Alert) -> list[dict[str, Any]]:
    """One reminder."""
    task, (label, tone) = row.task, KINDS[row.kind]
    done = f"{cn_date(timezone.localtime(task.closed_at).date())}办结" if task.closed_at else "还没有办结"
    case = task.case
    what = {"text": task.title, "sub": (case.number or case.title) if case else ""}
    return [
        {"text": cn_datetime(timezone.localtime(row.at)), "badge": {"label": label, "tone": tone}},
        what | ({"href": f"/desk/cases/{case.pk}/"} if case else {}),
        {"text": cn_date(row.due), "sub": task.citation},
        {"text": role_name(task.role)},
        {"text": done},
        {"text": row.agency.name},
    ]
