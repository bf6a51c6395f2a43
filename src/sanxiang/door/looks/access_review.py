"""What stands out in the record of looks 调阅分析, by the patterns of the pack: each finding with its rule and its entries.

Nothing here accuses anybody: it says what a supervisor should ask about.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate

from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.door.looks.accesses import Asked, looks_at, midnight
from sanxiang.door.reasons import DUTY
from sanxiang.law.calendar import Calendar
from sanxiang.law.patterns import BEFORE, WINDOW, Pattern
from sanxiang.ledger.access import SERVED, WITHHELD
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Opening

CLOSED = ("witness", "informant", "confined")
"""Marks of what is not for everybody who may see a case."""


@dataclass(frozen=True)
class Finding:
    """Something to ask about: by which pattern, who, what was found, and which entries show it."""

    pattern: Pattern
    by: UUID
    who: str
    about: str
    """What beside the person tells it from others of the pattern: a day, a party."""
    text: str
    last: datetime
    """The newest of its entries: an answer given later settles it, one given before does not."""
    entries: Q = field(compare=False)

    @property
    def key(self) -> str:
        """By what an answer names it; stays the same while entries are added."""
        return hashlib.sha256(f"{self.pattern.id} {self.by} {self.about}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Day:
    """One person's hour of a day: how many looks, and the newest."""

    by: UUID
    name: str
    on: date
    hour: int
    looks: int
    last: datetime


def findings(
    agencies: Collection[UUID], calendar: Calendar, today: date, patterns: Iterable[Pattern]
) -> list[Finding]:
    """What stands out in the last thirty days, in the order of the patterns. Nine queries at most."""
    since = today - timedelta(days=WINDOW - 1)
    hours = hours_of(agencies, since - timedelta(days=BEFORE), today)
    strange = strange_of(agencies, since, today)
    asked = {
        "volume": lambda one: volume(one, hours, since),
        "hours": lambda one: odd_hours(one, hours, since, calendar),
        "outside": lambda one: outside(one, strange, since),
        "party": lambda one: same_party(one, strange, since),
        "closed": lambda one: closed_parts(one, agencies, since, today),
        "refused": lambda one: refused(one, agencies, since, today),
    }
    return [found for one in patterns for found in asked[one.id](one)]


def hours_of(agencies: Collection[UUID], since: date, until: date) -> list[Day]:
    """Each person's looks by day and hour. One query."""
    rows = (
        looks_at(agencies, Asked(since=since, until=until)).filter(result=SERVED, by__isnull=False).order_by()
    )
    told = rows.annotate(day=TruncDate("at"), hour=ExtractHour("at")).values("by", "by_name", "day", "hour")
    counted = told.annotate(looks=Count("pk"), last=Max("at")).order_by("day", "by_name", "hour")
    return [
        Day(UUID(str(row["by"])), row["by_name"], row["day"], row["hour"], row["looks"], row["last"])
        for row in counted
    ]


def within(by: UUID, first: date, last: date) -> Q:
    """One person's entries of some days, both included."""
    return Q(by=by, at__gte=midnight(first), at__lt=midnight(last + timedelta(days=1)))


def volume(pattern: Pattern, hours: list[Day], since: date) -> list[Finding]:
    """Days on which somebody looked much more often than on their own median day."""
    own: dict[UUID, dict[date, list[Day]]] = defaultdict(lambda: defaultdict(list))
    for hour in hours:
        own[hour.by][hour.on].append(hour)
    found = []
    for by, days in own.items():
        looks = {on: sum(hour.looks for hour in one) for on, one in days.items()}
        for on, n in looks.items():
            others = [count for other, count in looks.items() if other != on]
            usual = median(others) if len(others) >= 3 else pattern.newcomer
            if on >= since and pattern.stands_out({"looks": n, "usual": usual}):
                text = f"{cn_date(on)}调阅 {n} 次，平时每天 {usual:g} 次"
                last = max(hour.last for hour in days[on])
                name = days[on][0].name
                entries = within(by, on, on) & Q(result=SERVED)
                found.append(Finding(pattern, by, name, on.isoformat(), text, last, entries))
    return found


def odd_hours(pattern: Pattern, hours: list[Day], since: date, calendar: Calendar) -> list[Finding]:
    """Looks before work begins, after it ends, or on a day off; told once a day."""
    odd: dict[tuple[UUID, date], list[Day]] = defaultdict(list)
    for hour in hours:
        told = {"hour": hour.hour, "workday": calendar.is_workday(hour.on)}
        if hour.on >= since and pattern.stands_out(told):
            odd[hour.by, hour.on].append(hour)
    found = []
    for (by, on), some in odd.items():
        off = not calendar.is_workday(on)
        when = "休息日" if off else f"{pattern.begin} 时之前或者 {pattern.end} 时之后"
        text = f"{cn_date(on)}（{when}）调阅 {sum(hour.looks for hour in some)} 次"
        entries = within(by, on, on) & Q(result=SERVED)
        if not off:
            entries &= Q(at__hour__lt=pattern.begin) | Q(at__hour__gte=pattern.end)
        last = max(hour.last for hour in some)
        found.append(Finding(pattern, by, some[0].name, on.isoformat(), text, last, entries))
    return found


@dataclass(frozen=True)
class Strange:
    """Somebody and a case that they opened without a duty."""

    by: UUID
    name: str
    case: UUID
    number: str
    party: str
    last: datetime


def undutiful(agencies: Collection[UUID], since: date, until: date) -> QuerySet[Access]:
    """Looks at cases for a reason that is no duty."""
    rows = looks_at(agencies, Asked(since=since, until=until)).filter(by__isnull=False)
    return rows.exclude(reason=DUTY).exclude(case=None).order_by()


def strange_of(agencies: Collection[UUID], since: date, until: date) -> list[Strange]:
    """Who opened which case without a duty, each once. Two queries."""
    rows = undutiful(agencies, since, until).filter(result=SERVED)
    pairs = list(rows.values("by", "by_name", "case").annotate(last=Max("at")).order_by("by_name", "last"))
    cases = {
        key: (number or f"查询码 {code}", party_key or party)
        for key, number, code, party_key, party in Case.objects.filter(
            pk__in={pair["case"] for pair in pairs}
        ).values_list("pk", "number", "code", "party_key", "party")
    }
    return [
        Strange(UUID(str(pair["by"])), pair["by_name"], pair["case"], *cases[pair["case"]], pair["last"])
        for pair in pairs
        if pair["case"] in cases
    ]


def told_of(pattern: Pattern, some: list[Strange], about: str, text: str, since: date) -> Finding:
    """A finding over some cases that one person opened without a duty."""
    entries = Q(by=some[0].by, case__in=[one.case for one in some], at__gte=midnight(since), result=SERVED)
    last = max(one.last for one in some)
    return Finding(pattern, some[0].by, some[0].name, about, text, last, entries & ~Q(reason=DUTY))


def outside(pattern: Pattern, strange: list[Strange], since: date) -> list[Finding]:
    """Who opened many cases in which they have no duty."""
    of: dict[UUID, list[Strange]] = defaultdict(list)
    for one in strange:
        of[one.by].append(one)
    return [
        told_of(
            pattern,
            some,
            "",
            f"{WINDOW} 日内调阅非承办、非经办的案件 {len(some)} 件：{listed(one.number for one in some)}",
            since,
        )
        for some in of.values()
        if pattern.stands_out({"cases": len(some)})
    ]


def same_party(pattern: Pattern, strange: list[Strange], since: date) -> list[Finding]:
    """Who opened several cases of one party in which they have no duty. The party is not named: the list says less than the case."""
    of: dict[tuple[UUID, str], list[Strange]] = defaultdict(list)
    for one in strange:
        if one.party:
            of[one.by, one.party].append(one)
    return [
        told_of(
            pattern,
            some,
            party,
            f"{WINDOW} 日内调阅同一当事人的 {len(some)} 个案件：{listed(one.number for one in some)}",
            since,
        )
        for (_, party), some in of.items()
        if pattern.stands_out({"cases": len(some)})
    ]


def closed_parts(pattern: Pattern, agencies: Collection[UUID], since: date, until: date) -> list[Finding]:
    """Who opened, or tried to open, what only some may see, without a duty. Four queries."""
    rows = undutiful(agencies, since, until).exclude(object=None).filter(result__in=(SERVED, WITHHELD))
    keys = {key for key in rows.values_list("object", flat=True) if key is not None}
    shut = set(Evidence.objects.filter(pk__in=keys, secrecy__in=CLOSED).values_list("pk", flat=True))
    marked = Opening.objects.filter(secrecy__in=CLOSED).values("act")
    shut |= set(Paper.objects.filter(pk__in=keys, act__in=marked).values_list("pk", flat=True))
    text = "{window} 日内打开或者试图打开限定知悉的内容 {n} 次"
    return counted(pattern, rows.filter(object__in=shut), Q(object__in=shut) & ~Q(reason=DUTY), since, text)


def refused(pattern: Pattern, agencies: Collection[UUID], since: date, until: date) -> list[Finding]:
    """Who asked again and again for what was not shown. One query."""
    rows = looks_at(agencies, Asked(since=since, until=until)).filter(result=WITHHELD, by__isnull=False)
    text = "{window} 日内 {n} 次没有获得提供"
    return counted(pattern, rows.order_by(), Q(result=WITHHELD), since, text)


def counted(pattern: Pattern, rows: QuerySet[Access], which: Q, since: date, text: str) -> list[Finding]:
    """One finding for each person with enough of these entries. One query."""
    people: Iterable[Mapping[str, Any]] = (
        rows.values("by", "by_name").annotate(n=Count("pk"), last=Max("at")).order_by("by_name")
    )
    return [
        Finding(
            pattern,
            UUID(str(row["by"])),
            row["by_name"],
            "",
            text.format(window=WINDOW, n=row["n"]),
            row["last"],
            which & Q(by=row["by"], at__gte=midnight(since)),
        )
        for row in people
        if pattern.stands_out({"looks": row["n"]})
    ]


def listed(numbers: Iterable[str]) -> str:
    """The first few of many."""
    some = list(numbers)
    return "、".join(some[:5]) + ("等" if len(some) > 5 else "")
