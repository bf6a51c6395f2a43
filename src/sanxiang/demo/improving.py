"""What the demonstration's offices do about their weak links: key acts marked, one task closed, one overdue, one begun."""

from datetime import datetime, timedelta
from typing import Any

from sanxiang.demo.matters import matter
from sanxiang.demo.people import Office
from sanxiang.demo.registers import item_of
from sanxiang.door.administer import administer

DECIDER = "agency-head"
RECORDED = (
    ("recordings", "询问和送达没有音像记录，说明久未批准"),
    ("periods", "送达和公示多在最后两天才办，容易超期"),
)
FOUND = dict.fromkeys(("dongying", "kaiyuan"), (RECORDED[1], ("papers", "归档之前才补齐材料")))
"""What was found: where no recording is lacking, something else."""


def improve(office: Office, now: datetime) -> None:
    """Marks and tasks, all through the door, on the days on which they would have been set."""
    item = item_of(matter("2000", 2, office.remit).cause, office.remit)
    marks: tuple[dict[str, Any], ...] = (
        {"scope": "item", "name": item, "reason": "群众反映集中，列为今年重点（演示）"},
        {
            "scope": "step",
            "name": "现场检查（勘验）",
            "reason": "现场检查的音像记录容易缺漏，逐件核对（演示）",
        },
    )
    for mark in marks:
        _done(office, "tag-key-act", mark, now - timedelta(days=60))
    _closed(office, now)
    (first, found), (second, other) = FOUND.get(office.agency.locality, RECORDED)
    _open(office, first, found, 10, "working", now - timedelta(days=25))
    number = 2 if _year(now, 25) == _year(now, 45) else 1
    told = {
        "improvement": f"改进{_year(now, 25)}-{number}",
        "progress": "已逐件列出有问题的案件，三件已经改正（演示）",
    }
    _done(office, "report-improvement", told, now - timedelta(days=15), "unit-head")
    _open(office, second, other, 20, "calendar", now - timedelta(days=2))


def _closed(office: Office, now: datetime) -> None:
    """A task that was done and shown to be."""
    _open(office, "evaluation", "上半年评查发现询问笔录缺少起止时间", 10, "working", now - timedelta(days=45))
    told = {
        "improvement": f"改进{_year(now, 45)}-1",
        "proof": "笔录改用系统模板，起止时间必填；抽查本月笔录五份都已写明，抽查表存政策法规股（演示）",
    }
    _done(office, "close-improvement", told, now - timedelta(days=32))


def _open(office: Office, measure: str, finding: str, days: int, unit: str, now: datetime) -> None:
    told = {
        "measure": measure,
        "unit": office.brigade,
        "finding": f"{office.brigade.name}{finding}（演示）",
        "demand": "期限之内补齐；此后每月抽查五件，没有同样的问题（演示）",
        "owner_unit": office.brigade,
        "owner": office.people["unit-head"],
        "days": days,
        "days_unit": unit,
    }
    _done(office, "open-improvement", told, now)


def _done(office: Office, act: str, told: dict[str, Any], now: datetime, who: str = DECIDER) -> None:
    administer(act, office.agency, office.people[who], told, now=now, channel="demo")


def _year(now: datetime, days_ago: int) -> int:
    """In which year a day lies: numbers begin anew with each."""
    return (now - timedelta(days=days_ago)).year
