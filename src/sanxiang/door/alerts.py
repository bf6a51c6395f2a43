"""Reminders 期限提醒: a task whose last day comes near or is over is told of once, and that it was told stays on record."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from sanxiang.door import gather
from sanxiang.door.models import Alert, Task
from sanxiang.law import clocks
from sanxiang.law.blocks import PackError
from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import Due, working_days_left
from sanxiang.law.rules import LimitRule

AHEAD = timedelta(days=60)
"""No period warns earlier than this."""

WARN = 3
"""Days before the last day of a task that no period of the law stands behind."""


def remind(now: datetime) -> int:
    """Record a reminder for each open task that came near its last day or passed it since the last look; how many."""
    today = timezone.localtime(now).date()
    calendar = gather.calendar()
    fresh = [
        Alert(task=task, agency_id=task.agency_id, kind=kind, due=task.due, at=now)
        for task, warned in _untold(today)
        if task.due is not None
        and (kind := urgency(task, calendar, today))
        and not (warned and kind == "soon")
    ]
    Alert.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _untold(today: date) -> Iterator[tuple[Task, bool]]:
    """Open tasks near or past their last day of whose lateness nobody was told yet; and whether of its nearness."""
    told = Alert.objects.filter(task=OuterRef("pk"), due=OuterRef("due"))
    rows = Task.objects.filter(closed_n=None, due__lt=today + AHEAD).exclude(Exists(told.filter(kind="late")))
    for task in rows.annotate(warned=Exists(told.filter(kind="soon"))).select_related("case").iterator(500):
        yield task, task.warned


def urgency(task: Task, calendar: Calendar, today: date) -> str:
    """late once the last day is over, soon when it is near, "" otherwise and while the period stands still."""
    if task.due is None:
        return ""
    rule = rule_of(task)
    if task.case and (task.case.state["clocks"].get(task.limit) or {}).get("suspended"):
        return ""
    if task.due < today:
        return "late"
    left = (task.due - today).days
    if rule is not None and rule.unit == "working":
        left = working_days_left(calendar, Due(task.due, False, ()), today)
    return "soon" if left <= (rule.warn if rule else WARN) else ""


def rule_of(task: Task) -> LimitRule | None:
    """The period behind a task, by the pack of its case; None where there is neither, or the pack cannot be read any more."""
    if not (task.case and task.limit):
        return None
    try:
        return clocks.rule_of(gather.pack_of(task.case), task.limit)
    except PackError:
        return None
