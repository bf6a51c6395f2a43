"""Days counted again when the calendar has changed: a published holiday notice makes a provisional day certain, or moves it.

Nothing of a case changes: its clocks keep start, rule and excluded intervals, and what is written here follows from them.
"""

from sanxiang.cases.models import Case
from sanxiang.door import gather, tasks
from sanxiang.door.models import Task
from sanxiang.law.blocks import PackError


def recount() -> int:
    """Put right the due day of every open task and open case that counts otherwise by today's calendar; how many moved.

    A row that an act changes meanwhile is left to that act, which counts by the same calendar. A case whose pack cannot
    be read any more keeps its days: its page says so.
    """
    return _tasks() + _cases()


def _tasks() -> int:
    calendar, moved = gather.calendar(), 0
    rows = Task.objects.filter(closed_n=None, case__isnull=False).exclude(limit="")
    for task in rows.select_related("case").iterator(500):
        case = task.case
        assert case is not None  # asked for above
        try:
            pack = gather.pack_of(case)
        except PackError:
            continue
        day, provisional, _ = tasks.due_day(pack, case.state, task.limit, calendar)
        if (day, provisional) != (task.due, task.provisional):
            unchanged = Task.objects.filter(pk=task.pk, closed_n=None, case__n=case.n)
            moved += unchanged.update(due=day, provisional=provisional)
    return moved


def _cases() -> int:
    calendar, moved = gather.calendar(), 0
    for case in Case.objects.filter(closed="").iterator(500):
        try:
            day = tasks.next_due(gather.pack_of(case), case.state, calendar)
        except PackError:
            continue
        if day != case.next_due:
            moved += Case.objects.filter(pk=case.pk, n=case.n).update(next_due=day)
    return moved
