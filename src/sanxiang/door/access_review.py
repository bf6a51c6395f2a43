"""What stands out in the record of looks 调阅分析: much more than usual, outside hours, without a duty, one party again and again.

Nothing here accuses anybody: it says what a supervisor should ask about.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour, TruncDate

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.door.accesses import Asked, looks_at
from sanxiang.door.reasons import DUTY
from sanxiang.law.calendar import Calendar
from sanxiang.ledger.access import SERVED

WINDOW, BEFORE = 30, 60
"""Days that are looked at, and days before them that say what is usual."""
MANY, TIMES, NEWCOMER = 20, 3, 30
"""Fewer looks a day than MANY are never much; more than TIMES the person's own median day are. Who has worked on fewer than
three other days is held against NEWCOMER."""
BEGIN, END = 7, 20
"""Hours of the day between which work is done."""
OUTSIDE = 5
"""Cases that somebody may open without a duty before it is told."""
ALIKE = 2
"""Cases of one party that somebody opened without a duty."""


@dataclass(frozen=True)
class Finding:
    """Something to ask about: which kind, who, and what was found."""

    kind: str
    who: str
    text: str


KINDS = {"volume": "数量异常", "hours": "非工作时间", "outside": "非经办调阅", "party": "同一当事人"}


@dataclass(frozen=True)
class Day:
    """One person's day: how many looks, how many of them early or late."""

    by: UUID
    name: str
    on: date
    looks: int
    late: int


def findings(agencies: Collection[UUID], calendar: Calendar, today: date) -> list[Finding]:
    """What stands out in the last thirty days. Three queries."""
    since = today - timedelta(days=WINDOW - 1)
    days = days_of(agencies, since - timedelta(days=BEFORE), today)
    strange = strange_of(agencies, since, today)
    return [
        *volume(days, since),
        *hours(days, since, calendar),
        *outside(strange),
        *same_party(strange),
    ]


def days_of(agencies: Collection[UUID], since: date, until: date) -> list[Day]:
    """Each person's days with the looks of that day. One query."""
    rows = (
        looks_at(agencies, Asked(since=since, until=until)).filter(result=SERVED, by__isnull=False).order_by()
    )
    late = Count("pk", filter=Q(hour__lt=BEGIN) | Q(hour__gte=END))
    told = rows.annotate(day=TruncDate("at"), hour=ExtractHour("at")).values("by", "by_name", "day")
    counted = told.annotate(looks=Count("pk"), late=late).order_by("day", "by_name")
    return [
        Day(UUID(str(row["by"])), row["by_name"], row["day"], row["looks"], row["late"]) for row in counted
    ]


def volume(days: list[Day], since: date) -> list[Finding]:
    """Days on which somebody looked much more often than on their own median day."""
    own: dict[UUID, list[Day]] = defaultdict(list)
    for day in days:
        own[day.by].append(day)
    found = []
    for day in days:
        others = [other.looks for other in own[day.by] if other.on != day.on]
        usual = median(others) if len(others) >= 3 else NEWCOMER
        if day.on >= since and day.looks >= MANY and day.looks >= TIMES * usual:
            text = f"{cn_date(day.on)}调阅 {day.looks} 次，平时每天 {usual:g} 次"
            found.append(Finding("volume", day.name, text))
    return found


def hours(days: list[Day], since: date, calendar: Calendar) -> list[Finding]:
    """Looks before seven, after twenty, or on a day off."""
    found = []
    for day in days:
        off = not calendar.is_workday(day.on)
        count = day.looks if off else day.late
        if day.on >= since and count:
            when = "休息日" if off else f"{BEGIN} 时之前或者 {END} 时之后"
            found.append(Finding("hours", day.name, f"{cn_date(day.on)}（{when}）调阅 {count} 次"))
    return found


Strange = list[tuple[Mapping[str, Any], str, str]]
"""Somebody and a case that they opened without a duty, with the case's number and its party's key."""


def strange_of(agencies: Collection[UUID], since: date, until: date) -> Strange:
    """Who opened which case without a duty, each once. Two queries."""
    rows = looks_at(agencies, Asked(since=since, until=until)).filter(result=SERVED, by__isnull=False)
    rows = rows.exclude(reason=DUTY).exclude(case=None).order_by()
    pairs = list(rows.values("by", "by_name", "case").annotate(looks=Count("pk")).order_by("by_name"))
    cases = {
        key: (number or f"查询码 {code}", party_key or party)
        for key, number, code, party_key, party in Case.objects.filter(
            pk__in=rows.values("case")
        ).values_list("pk", "number", "code", "party_key", "party")
    }
    return [(pair, *cases[pair["case"]]) for pair in pairs if pair["case"] in cases]


def outside(strange: Strange) -> list[Finding]:
    """Who opened many cases in which they have no duty."""
    of: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for pair, number, _ in strange:
        of[pair["by"], pair["by_name"]].append(number)
    return [
        Finding(
            "outside", name, f"{WINDOW} 日内调阅非承办、非经办的案件 {len(numbers)} 件：{listed(numbers)}"
        )
        for (_, name), numbers in of.items()
        if len(numbers) >= OUTSIDE
    ]


def same_party(strange: Strange) -> list[Finding]:
    """Who opened several cases of one party in which they have no duty. The party is not named: the list says less than the case."""
    of: dict[tuple[UUID, str, str], list[str]] = defaultdict(list)
    for pair, number, party in strange:
        if party:
            of[pair["by"], pair["by_name"], party].append(number)
    return [
        Finding("party", name, f"{WINDOW} 日内调阅同一当事人的 {len(numbers)} 个案件：{listed(numbers)}")
        for (_, name, _), numbers in of.items()
        if len(numbers) >= ALIKE
    ]


def listed(numbers: list[str]) -> str:
    """The first few of many."""
    return "、".join(numbers[:5]) + ("等" if len(numbers) > 5 else "")
