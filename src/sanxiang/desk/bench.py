"""A bench: what waits in the agencies in sight for whoever has certain roles, the most urgent first."""

from collections.abc import Collection
from typing import Any

from django.db.models import F

from sanxiang.desk.clocks import task_lines
from sanxiang.desk.today import href_of
from sanxiang.desk.who import Visitor
from sanxiang.door import gather
from sanxiang.door.models import Task

MOST = 500
"""Tasks on one page; the heading gives their total."""


def bench_of(visitor: Visitor, held: Collection[str], address: str) -> dict[str, Any]:
    """The tasks of these roles as the part draws them, each leading below `address`, and how many there are. Two queries at most."""
    rows = Task.objects.filter(agency__in=visitor.agencies, role__in=held, closed_n=None)
    urgent = rows.select_related("case").defer("case__state")
    found = list(urgent.order_by(F("due").asc(nulls_last=True), "opened_n")[: MOST + 1])
    total = len(found) if len(found) <= MOST else rows.count()
    lines = task_lines(found[:MOST], gather.calendar(), visitor.on)
    for line, task in zip(lines, found, strict=False):
        line["href"] = f"{address}{task.case_id}/" if task.case_id else href_of(task)
    return {"tasks": lines, "total": total}
