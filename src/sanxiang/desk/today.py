"""Today: what waits for me, by how soon it is due; my open cases; and for those above, what is late below them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.desk.clocks import WARN, task_lines
from sanxiang.desk.files.lending import lent_table
from sanxiang.desk.listing import handlers_of, table_of
from sanxiang.desk.more import daily_of
from sanxiang.desk.starting import may_open
from sanxiang.desk.turns import elsewhere
from sanxiang.desk.who import EDITORIAL, Visitor, cases_of, page, visitor_of
from sanxiang.door import gather
from sanxiang.door.asking.register import ANSWER as ANSWER_APPLICATION
from sanxiang.door.files.asked_files import ANSWER
from sanxiang.door.files.copies import DECIDE
from sanxiang.door.files.lending import out_in
from sanxiang.door.inspection.tasks import INSPECT, PUBLICIZE
from sanxiang.door.models import Task
from sanxiang.door.pinned import pinned
from sanxiang.door.registers.changing import RECHECK
from sanxiang.door.tasks import waiting_for
from sanxiang.door.voices.concerns import KIND as CONCERN
from sanxiang.door.voices.register import ANSWER as ANSWER_VOICE
from sanxiang.door.voices.spot_checks import FILE as SPOT_CHECK
from sanxiang.oversight.weak.improvements import KIND as IMPROVE
from sanxiang.people import roles

BOARDS = {CONCERN: "/desk/concerns/", SPOT_CHECK: "/desk/spot-checks/"}
"""Tasks whose whole register stands on one page."""
SOON = 20
"""So many tasks and cases stand on the first page; the lists behind it have all."""

TONES = (("red", "已经超期"), ("amber", "就要到期"), ("calm", "还有时间"))


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The first page of the day."""
    visitor = visitor_of(request)
    lines, total = tasks_of(visitor, SOON)
    context = {
        "day": visitor.on,
        "home": visitor.home,
        **waiting_of(lines, total),
        "table": own_cases(visitor),
        "lent": lent_of(visitor),
        "figures": figures_of(visitor, total - away_in(lines), beside(lines, total)),
        "daily": daily_of(visitor),
        **posts_of(visitor),
    }
    editorial = sum(line["role_code"] in EDITORIAL for line in lines)
    stored = total - len(visitor.turns)
    badges = {"tasks": stored, "publications": editorial} if total <= SOON else None
    return page(request, visitor, "desk/today.html", context, section="today", badges=badges)


def posts_of(visitor: Visitor) -> dict[str, bool]:
    """What kind of work the visitor's posts make this day's."""
    held = visitor.roles
    return {
        "may_open": may_open(visitor),
        "admin": bool(held & roles.ADMIN_ROLES),
        "only_watches": held == {roles.SUPERVISOR},
    }


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Everything that waits for me."""
    visitor = visitor_of(request)
    lines, total = tasks_of(visitor, 500)
    context = {
        **waiting_of(lines, total),
        "reviews": bool(visitor.roles & {roles.LEGAL_REVIEWER, roles.COUNSEL}),
    }
    return page(request, visitor, "desk/tasks.html", context, section="tasks")


def away_in(lines: Iterable[dict[str, Any]]) -> int:
    """How many of these wait for somebody else first."""
    return sum(bool(line["elsewhere"]) for line in lines)


def waiting_of(lines: list[dict[str, Any]], total: int) -> dict[str, Any]:
    """What waits for me by urgency, and apart from it what is mine but waits for somebody else first."""
    return {
        "groups": by_tone(line for line in lines if not line["elsewhere"]),
        "away": [line for line in lines if line["elsewhere"]],
        "total": total - away_in(lines),
        "shown": len(lines) - away_in(lines),
    }


def tasks_of(visitor: Visitor, most: int) -> tuple[list[dict[str, Any]], int]:
    """My open tasks and turns, the most urgent first, and how many there are. Two queries at most, and one for each of head and officer."""
    rows = Task.objects.filter(waiting_for(visitor.person, visitor.posts)).select_related("case")
    found = list(rows.order_by(F("due").asc(nulls_last=True), "opened_at")[: most + 1])
    total = len(found) if len(found) <= most else rows.count()
    total += len(visitor.turns)
    found = sorted([*found[:most], *visitor.turns], key=lambda task: task.due or date.max)[:most]
    calendar, now = gather.calendar(), timezone.now()
    lines = task_lines(found, calendar, visitor.on)
    for line, task in zip(lines, found, strict=True):
        line["role_code"], line["elsewhere"] = task.role, elsewhere(task, calendar, now)
        line["href"] = href_of(task) or line["href"]
    return lines, total


def href_of(task: Task) -> str:
    """Reviewers and editors go to their own bench, heads to the request; everybody else to the case, or to what is to be improved."""
    if task.kind == IMPROVE:
        return "/desk/improvements/"
    if task.kind in (INSPECT, PUBLICIZE):
        return "/desk/inspection/"
    if task.kind == RECHECK:
        return f"/desk/registers/rechecks/{task.pk}/"
    if task.kind == ANSWER:
        return f"/desk/cases/{task.case_id}/requests/{task.pk}/"
    if task.kind in BOARDS:
        return BOARDS[task.kind]
    if task.kind == ANSWER_APPLICATION:
        return f"/desk/information/{task.pk}/"
    if task.kind == ANSWER_VOICE:
        return f"/desk/voices/{task.pk}/"
    if task.kind == DECIDE:
        return f"/desk/accesses/copies/{task.pk}/"
    if task.case_id and task.role in EDITORIAL:
        return f"/desk/publications/{task.case_id}/"
    if task.case_id and task.role in (roles.LEGAL_REVIEWER, roles.COUNSEL) and task.kind == "review":
        return f"/desk/reviews/{task.case_id}/"
    return ""


def by_tone(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Overdue, near, calm; empty groups are left out."""
    many = list(lines)
    groups = [
        {"tone": tone, "label": label, "tasks": [x for x in many if x["state"] == tone]}
        for tone, label in TONES
    ]
    return [group for group in groups if group["tasks"]]


def own_cases(visitor: Visitor) -> dict[str, Any] | None:
    """My open cases; for those who handle none, the most urgent ones in sight. Two queries."""
    handles = roles.OFFICER in visitor.roles
    rows = cases_of(visitor).filter(closed="")
    rows = rows.filter(handler_rows__person=visitor.person) if handles else rows
    some: list[Case] = list(
        rows.select_related("agency")
        .defer("state")
        .order_by(F("next_due").asc(nulls_last=True), "-opened_at")[:SOON]
    )
    packs = {case.pack_digest: pinned(case.pack, case.pack_digest) for case in some}
    many = len(visitor.agencies) > 1
    caption = "我承办的案件" if handles else "期限最紧的在办案件"
    return table_of(some, packs, handlers_of(some), visitor.on, many) | {"caption": caption} if some else None


def lent_of(visitor: Visitor) -> dict[str, Any] | None:
    """For archivists: the files that are out, the ones due first on top. One query, none for others."""
    agencies = visitor.agencies_as({roles.ARCHIVIST})
    if not agencies:
        return None
    rows = out_in(agencies)[:SOON]
    return lent_table(rows, visitor.on)


def beside(lines: list[dict[str, Any]], total: int) -> str:
    """What the number of what waits does not tell: how much of it is late, and how much is another's turn."""
    away = away_in(lines)
    late = sum(line["state"] == "red" and not line["elsewhere"] for line in lines)
    least = "至少" if len(lines) < total else ""
    told = (f"其中{least}{late}件已超期" if late else "", f"另有{away}件现在轮到别人办" if away else "")
    return "，".join(filter(None, told))


def figures_of(visitor: Visitor, waiting: int, beside: str) -> list[dict[str, Any]]:
    """The numbers of the day; with what waits for others first, the tasks are as many as the navigation counts. One query."""
    late, today = Q(next_due__lt=visitor.on), visitor.on
    soon = Q(next_due__gte=today, next_due__lte=today.fromordinal(today.toordinal() + WARN))
    found = (
        cases_of(visitor)
        .filter(closed="")
        .aggregate(open=Count("pk"), late=Count("pk", filter=late), soon=Count("pk", filter=soon))
    )
    return [
        {
            "label": "等我办的",
            "value": waiting,
            "unit": "件",
            "href": "/desk/tasks/",
            "sub": beside,
        },
        {"label": "在办案件", "value": found["open"], "unit": "件", "href": "/desk/cases/"},
        {
            "label": "案件已超期",
            "value": found["late"],
            "unit": "件",
            "href": "/desk/cases/?overdue=1",
            "state": "red" if found["late"] else "calm",
        },
        {
            "label": f"案件{WARN}日内到期",
            "value": found["soon"],
            "unit": "件",
            "state": "amber" if found["soon"] else "calm",
        },
    ]
