"""Periods as pages draw them: how much is left, under which article, and how the day was counted."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.law import href_of
from sanxiang.door.models import Task
from sanxiang.door.pinned import pinned
from sanxiang.door.tasks import Promise, promised
from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import Due, working_days_left
from sanxiang.law.clocks import due_of, label_of, length, rule_of
from sanxiang.law.facts import State
from sanxiang.law.last_days import GENERAL, LastDay, covered, last_days
from sanxiang.law.packs import Pack
from sanxiang.law.rules import LimitRule
from sanxiang.speech import role_name

WARN = 3
"""Days before a task without a period of its own turns amber."""


def tone(left: int | None, warn: int) -> str:
    """red once the day has passed, amber when it is near, calm otherwise."""
    if left is None or left > warn:
        return "calm"
    return "red" if left < 0 else "amber"


def days_left(due: Due, unit: str, calendar: Calendar, today: date) -> tuple[int, str]:
    """How many days and of which kind: working days where the period is counted in them, until it is over.

    What is late is late by days: on the Saturday after, no working day has passed and yet the day is gone.
    """
    if unit == "working" and due.date >= today:
        return working_days_left(calendar, due, today), "working"
    return due.days_left(today), "calendar"


def clocks_of(pack: Pack, state: State, calendar: Calendar, today: date) -> list[dict[str, Any]]:
    """All periods of a case: the running ones by urgency, the agency's own first, then those that have ended."""
    drawn = [promise_of(one, today) for one in promised(pack, state)]
    drawn += [contest_of(one, today) for one in last_days(pack, state, calendar)]
    for name, clock in state["clocks"].items():
        rule = rule_of(pack, name)
        told = name in GENERAL and not clock["ended"] and covered(pack, state, clock)
        if rule is not None and not told:
            drawn.append(draw(clock, rule, pack, calendar, today) | {"label": label_of(pack, name)})
    return sorted(drawn, key=lambda c: (c["state"] == "done", c["side"] != "agency", c["due"] or date.max))


def promise_of(one: Promise, today: date) -> dict[str, Any]:
    """A day that an act named, drawn like a period."""
    left = (one.day - today).days
    return {
        "label": one.title,
        "href": "",
        "article": one.citation,
        "due": one.day,
        "unit": "calendar",
        "days_left": left,
        "state": tone(left, WARN),
        "provisional": False,
        "side": "agency",
        "explanation": [f"办理“{one.act}”时填写的日期"],
        "left_text": "",
        "ended": "",
    }


def contest_of(one: LastDay, today: date) -> dict[str, Any]:
    """Until when the party may contest one paper, drawn like a period: what it lets pass is nobody's lateness here."""
    left = (one.due - today).days
    return {
        "label": one.label,
        "href": "",
        "article": f"{one.citation}，当事人的期限",
        "due": one.due,
        "unit": "calendar",
        "days_left": left,
        "state": "calm",
        "provisional": one.provisional,
        "side": "party",
        "explanation": list(one.steps),
        "left_text": "已届满" if left < 0 else "",
        "ended": "",
    }


def draw(
    clock: dict[str, Any], rule: LimitRule, pack: Pack, calendar: Calendar, today: date
) -> dict[str, Any]:
    """One period."""
    due = due_of(clock, rule, pack, calendar)
    unit = "working" if rule.unit == "working" else "calendar"
    left, unit = days_left(due, unit, calendar, today) if due else (None, unit)
    state = "done" if clock["ended"] else tone(left, rule.warn)
    if due and due.provisional and state == "calm":
        state = "provisional"
    article = f"{rule.citation}，当事人的期限" if rule.side == "party" else str(rule.citation)
    if instead := clock.get("instead"):
        article = f"法定例外：{instead['basis']}"
    drawn = {
        "label": rule.label,
        "href": href_of(rule.citation),
        "article": article,
        "due": due.date if due else None,
        "unit": unit,
        "days_left": left,
        "state": state,
        "provisional": bool(due and due.provisional and not clock["ended"]),
        "side": rule.side,
        "explanation": explained(clock, rule, due),
        "left_text": "",
        "ended": ended_text(clock),
    }
    if clock["ended"]:
        drawn |= {"left_text": "不再计算" if rule.side == "party" else "已办结"}
    elif due is None:
        drawn |= {"left_text": "方案未定"}
    elif due.suspended:
        drawn |= {"left_text": "中止计算", "state": "calm"}
    elif rule.side != "agency" and left is not None and left < 0:
        drawn |= {"left_text": "已届满", "state": "calm"}  # what the party let pass is nobody's lateness here
    return drawn


def ended_text(clock: dict[str, Any]) -> str:
    """When the period ended and by which act; "" while it runs."""
    if not clock["ended"]:
        return ""
    why = f"，因办理“{clock['ended_by']}”" if clock.get("ended_by") else ""
    return f"{cn_date(clock['ended'])}结束{why}"


def explained(clock: dict[str, Any], rule: LimitRule, due: Due | None) -> list[str]:
    """How the day came about, and the pack's own remark on the rule."""
    if due is None:
        return [f"自{cn_date(clock['start'])}起算；本地方案没有规定天数，由本机关确定后再计算。"]
    return [*due.steps, *([rule.note] if rule.note else [])]


def task_lines(tasks: Iterable[Task], calendar: Calendar, today: date) -> list[dict[str, Any]]:
    """Tasks as the part draws them, each by the pack that its own case has pinned; the query must bring the cases along."""
    return [
        task_line(task, pinned(task.case.pack, task.case.pack_digest) if task.case else None, calendar, today)
        for task in tasks
    ]


def task_line(task: Task, pack: Pack | None, calendar: Calendar, today: date) -> dict[str, Any]:
    """One task: what, in which case, how long still."""
    rule = rule_of(pack, task.limit) if pack else None
    unit = "working" if rule and rule.unit == "working" else "calendar"
    due = Due(task.due, task.provisional, ()) if task.due else None
    left, unit = days_left(due, unit, calendar, today) if due else (None, unit)
    case = task.case
    drawn = {
        "label": task.title,
        "href": "/desk/",
        "due": task.due,
        "provisional": task.provisional,
        "days_left": left,
        "unit": unit,
        "kind": task.kind,
        "state": tone(left, rule.warn if rule else WARN),
        "whose": task.citation or role_name(task.role),
        "role": role_name(task.role),
        "left_text": "方案未定" if rule and pack and not due and length(rule, pack) is None else "",
    }
    if case is not None:
        drawn |= {
            "href": f"/desk/cases/{case.id}/#next",
            "case": case.number or case.title,
            "party": case.party if case.number else "",  # a title says the party's name already
        }
    return drawn
