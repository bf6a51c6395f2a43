"""Counting of legal periods: when they end, and why, in sentences that a page can show.

Articles: the day (or hour) of the starting event is not counted and a last day that is a rest day may roll over
(民事诉讼法 第八十五条); which periods are working days is said by each statute and stands in the packs.
"""

import calendar as months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple, cast, overload

from sanxiang.law.calendar import WEEKDAYS, Calendar, plain

Unit = Literal["working", "calendar", "month", "year", "hours"]
UNITS: Mapping[str, str] = {
    "working": "个工作日",
    "calendar": "日",
    "month": "个月",
    "year": "年",
    "hours": "小时",
}
LONGEST = 36500
"""Periods longer than a century are taken for slips of the pen."""
DAY = timedelta(days=1)
Day = date
"""For annotations inside a class that has a field called date."""


class ClockError(ValueError):
    """A period that cannot be counted; the message is a Chinese sentence."""


class Excluded(NamedTuple):
    """Days that do not count (鉴定, 公告, 听证 …), both ends included."""

    first: date
    last: date
    reason: str


class Extension(NamedTuple):
    """A lawful lengthening, counted on from where the period would have ended."""

    n: int
    unit: Unit
    reason: str


@dataclass(frozen=True)
class Due:
    """The end of a period. `at` is set for hours only; `suspended` means that the clock stands still."""

    date: Day
    provisional: bool
    steps: tuple[str, ...]
    at: datetime | None = None
    suspended: bool = False

    def days_left(self, today: Day) -> int:
        """Calendar days from `today` to the due date; 0 on the day itself, negative when overdue."""
        return (self.date - plain(today)).days


@dataclass(frozen=True)
class Limit:
    """What a deadline is stored as: never only a date, so that it can be counted again when facts or calendar change."""

    event: str
    start: date
    n: int
    unit: Unit
    roll: bool = False
    excluded: tuple[tuple[date, date, str], ...] = ()
    extensions: tuple[tuple[int, Unit, str], ...] = ()
    suspended_from: date | None = None

    def as_data(self) -> dict[str, Any]:
        """Plain JSON values; `limit_from` reads them back."""
        return {
            "event": self.event,
            "start": self.start.isoformat(),
            "n": self.n,
            "unit": self.unit,
            "roll": self.roll,
            "excluded": [[first.isoformat(), last.isoformat(), why] for first, last, why in self.excluded],
            "extensions": [list(extension) for extension in self.extensions],
            "suspended_from": self.suspended_from.isoformat() if self.suspended_from else None,
        }


def limit_from(data: Mapping[str, Any]) -> Limit:
    """A Limit from the JSON values of `as_data`."""
    start = data["start"]
    return Limit(
        event=data["event"],
        n=data["n"],
        unit=data["unit"],
        roll=data["roll"],
        start=datetime.fromisoformat(start) if "T" in start else date.fromisoformat(start),
        excluded=tuple(
            Excluded(date.fromisoformat(a), date.fromisoformat(b), why) for a, b, why in data["excluded"]
        ),
        extensions=tuple(Extension(n, unit, why) for n, unit, why in data["extensions"]),
        suspended_from=date.fromisoformat(data["suspended_from"]) if data["suspended_from"] else None,
    )


@overload
def due(calendar: Calendar, start: Limit, *, today: date | None = None) -> Due: ...
@overload
def due(calendar: Calendar, start: date, n: int, unit: str, roll: bool = False) -> Due: ...


def due(
    calendar: Calendar,
    start: Limit | date,
    n: int = 0,
    unit: str = "calendar",
    roll: bool = False,
    *,
    today: date | None = None,
) -> Due:
    """The last day of a period of `n` units after `start`, which is not counted itself; or of a stored Limit.

    With `roll` a calendar, month or year period that ends on a rest day ends on the next working day.
    Hours need a datetime. Raises ClockError for an unknown unit, a negative or absurd length, or the end of dates.
    """
    limit = start if isinstance(start, Limit) else Limit("", start, n, checked_unit(unit), roll)
    return limit_due(calendar, limit, today)


def limit_due(calendar: Calendar, limit: Limit, today: date | None) -> Due:
    """The end of a stored limit, counted afresh.

    A suspended limit stands still from `suspended_from` on: the date answered is the one that would hold if the
    suspension ended `today` (without `today`: on its first day), and `suspended` says so.
    """
    check(limit)
    try:
        end, steps, leaned = run(calendar, limit, today)
    except OverflowError:
        raise ClockError("期限超出了可以计算的日期，请检查起算日和天数") from None
    standing = limit.suspended_from is not None and plain(limit.suspended_from) <= plain(end)
    if standing and limit.suspended_from:
        steps.append(f"自{say_date(limit.suspended_from)}起中止计算，恢复后继续；现届满日只是推算。")
    provisional = any(calendar.provisional(day) for day in leaned)
    if provisional:
        years = sorted({day.year for day in leaned if calendar.provisional(day)})
        steps.append(f"{'、'.join(map(str, years))}年放假安排尚无通知，按周末和法定节假日推算，结果暂定。")
    at = end if isinstance(end, datetime) else None
    return Due(plain(end), provisional, tuple(steps), at, standing)


def run(calendar: Calendar, limit: Limit, today: date | None) -> tuple[date, list[str], set[date]]:
    """Count all parts of a limit: the end, the sentences, and the days on which the calendar was asked."""
    event = f"（{limit.event}）" if limit.event else ""
    steps = [f"自{say_date(limit.start)}{event}起算，当日不计入。"]
    if limit.unit == "hours":
        steps = [f"自{limit.start:%Y年%m月%d日 %H:%M}{event}起算。"]
    leaned: set[date] = set()
    excluded = excluded_days(limit, today)
    end: date = limit.start
    for part in parts(limit):
        end, seen = advance(calendar, end, part.n, part.unit, excluded)
        leaned |= seen
    steps += describe(calendar, limit, plain(end), excluded)
    if limit.roll and limit.unit not in ("working", "hours"):
        leaned.add(plain(end))
        rolled = calendar.next_workday(end)
        if rolled != end:
            steps.append(
                f"届满日{say_date(end)}是休息日（{calendar.kind(end)}），顺延至其后第一个工作日{say_date(rolled)}。"
            )
            leaned |= set(between(end, rolled))
            end = rolled
    return end, steps, leaned


def parts(limit: Limit) -> list[Extension]:
    """The period and its extensions, neighbours of one unit added together: 1月31日 + 1 + 1 months is 3月31日."""
    result = [Extension(limit.n, limit.unit, "")]
    for extension in map(Extension._make, limit.extensions):
        if extension.unit == result[-1].unit:
            result[-1] = result[-1]._replace(n=result[-1].n + extension.n)
        else:
            result.append(extension)
    return result


def advance(
    calendar: Calendar, start: date, n: int, unit: Unit, excluded: frozenset[date]
) -> tuple[date, set[date]]:
    """The last day of one part, and the days on which the calendar was asked."""
    if unit == "working":
        return advance_working(calendar, start, n, excluded)
    if unit == "hours":
        end: date = start + timedelta(hours=n)
    elif unit == "calendar":
        end = start + timedelta(days=n)
    else:
        end = add_months(start, n * 12 if unit == "year" else n)
    return push(start, end, excluded), set()


def advance_working(
    calendar: Calendar, start: date, n: int, excluded: frozenset[date]
) -> tuple[date, set[date]]:
    """The n-th working day after `start` that is not excluded."""
    seen: set[date] = set()
    end = start
    while n:
        end += DAY
        seen.add(plain(end))
        n -= calendar.is_workday(end) and plain(end) not in excluded
    return end, seen


def push(start: date, end: date, excluded: frozenset[date]) -> date:
    """Move `end` on by the excluded days that lie within the period, those met while moving included."""
    first = plain(start) + DAY
    while True:
        inside = sum(1 for day in excluded if first <= day <= plain(end))
        if not inside:
            return end
        first, end = plain(end) + DAY, end + timedelta(days=inside)


def add_months(start: date, count: int) -> date:
    """The day of the same number `count` months on, or that month's last day where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return start.replace(
        year=year, month=month + 1, day=min(start.day, months.monthrange(year, month + 1)[1])
    )


def excluded_days(limit: Limit, today: date | None) -> frozenset[date]:
    """All excluded days once, however the intervals overlap; a running suspension counts up to `today`."""
    intervals = [Excluded._make(item) for item in limit.excluded]
    if limit.suspended_from:
        first = plain(limit.suspended_from)
        intervals.append(Excluded(first, max(first, plain(today)) if today else first, "中止"))
    return frozenset(day for item in intervals for day in between(plain(item.first) - DAY, plain(item.last)))


def between(after: date, to: date) -> list[date]:
    """The days after `after`, up to and including `to`."""
    return [after + timedelta(days=k) for k in range(1, (to - after).days + 1)]


def describe(calendar: Calendar, limit: Limit, end: date, excluded: frozenset[date]) -> list[str]:
    """The sentences between the start and the end."""
    steps = [f"期限{limit.n}{UNITS[limit.unit]}。"]
    steps += [f"经批准延长{n}{UNITS[unit]}（{why}）。" for n, unit, why in limit.extensions]
    for first, last, why in limit.excluded:
        steps.append(
            f"{say_range(first, last)}（{why}）共{len(between(plain(first) - DAY, plain(last)))}日不计入。"
        )
    if any(part.unit == "working" for part in parts(limit)):
        steps += skipped(calendar, plain(limit.start), end)
    steps.append(f"届满日为{say_date(end)}。")
    return steps


def skipped(calendar: Calendar, start: date, end: date) -> list[str]:
    """Which rest days were passed over and which rest days were worked."""
    days = between(start, end)
    rest = [day for day in days if not calendar.is_workday(day)]
    weekend = [day for day in rest if calendar.kind(day) == "周末"]
    holidays = [day for day in rest if calendar.kind(day) != "周末"]
    worked = [day for day in days if calendar.is_workday(day) and day.weekday() > 4]
    steps = []
    if holidays:
        steps.append(f"{'、'.join(say_range(a, b) for a, b in runs(holidays))}放假，不计入。")
    if weekend:
        steps.append(f"其间周末{len(weekend)}日不计入。")
    if worked:
        steps.append(f"{'、'.join(say_date(day) for day in worked)}调休上班，计入。")
    return steps


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Neighbouring days drawn together."""
    result: list[tuple[date, date]] = []
    for day in days:
        if result and day - result[-1][1] == DAY:
            result[-1] = (result[-1][0], day)
        else:
            result.append((day, day))
    return result


def explain(calendar: Calendar, limit: Limit, today: date | None = None) -> list[str]:
    """How the due date comes about, sentence by sentence, and with `today` how much is left."""
    result = limit_due(calendar, limit, today)
    sentences = list(result.steps)
    if today is not None and not result.suspended:
        left = result.days_left(today)
        if left < 0:
            sentences.append(f"已逾期{-left}日。")
        elif left == 0:
            sentences.append("今天届满。")
        else:
            sentences.append(f"还剩{left}日，其中工作日{working_days_left(calendar, result, today)}日。")
    return sentences


def working_days_left(calendar: Calendar, result: Due, today: date) -> int:
    """Working days after `today` up to the due date; negative when overdue."""
    today = plain(today)
    if result.date >= today:
        return sum(calendar.is_workday(day) for day in between(today, result.date))
    return -sum(calendar.is_workday(day) for day in between(result.date, today))


def days_between(calendar: Calendar, earlier: date, later: date, unit: str = "working") -> int:
    """Days strictly between two days, neither of them counted: what “七日前” measures (行政处罚法 第六十四条)."""
    inside = between(plain(earlier), plain(later) - DAY)
    return sum(calendar.is_workday(day) for day in inside) if checked_unit(unit) == "working" else len(inside)


def earliest_event(calendar: Calendar, notice: date, n: int, unit: str = "working") -> date:
    """The first working day on which an event may be held that needs `n` days' notice."""
    return calendar.next_workday(due(calendar, plain(notice), n, unit).date + DAY)


def check(limit: Limit) -> None:
    """Refuse what cannot be a period."""
    for n, unit, _ in ((limit.n, limit.unit, ""), *limit.extensions):
        checked_unit(unit)
        if not 0 <= n <= LONGEST:
            raise ClockError(f"期限的长度应在 0 到 {LONGEST} 之间，现在是 {n}")
    if any(part.unit == "hours" for part in parts(limit)) and not isinstance(limit.start, datetime):
        raise ClockError("以小时计的期限要有起算的时刻，不能只有日期")
    for first, last, _ in limit.excluded:
        if plain(last) < plain(first):
            raise ClockError(f"不计入的期间从{say_date(first)}到{say_date(last)}，止日早于起日")


def checked_unit(unit: str) -> Unit:
    """`unit` if it is one, else ClockError."""
    if unit not in UNITS:
        raise ClockError(f"期限单位“{unit}”不认识，只能是 {'、'.join(UNITS)}")
    return cast(Unit, unit)


def resume(limit: Limit, last: date, reason: str) -> Limit:
    """End a suspension: its days up to and including `last` become an excluded interval."""
    if limit.suspended_from is None:
        raise ClockError("期限没有中止，不能恢复")
    interval = Excluded(plain(limit.suspended_from), plain(last), reason)
    return replace(limit, suspended_from=None, excluded=(*limit.excluded, interval))


def say_date(day: date) -> str:
    """2026年10月10日（星期六）."""
    return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def say_range(first: date, last: date) -> str:
    """A run of days, or the single day."""
    first, last = plain(first), plain(last)
    if first == last:
        return f"{first.year}年{first.month}月{first.day}日"
    end = (
        f"{last.month}月{last.day}日"
        if first.year == last.year
        else f"{last.year}年{last.month}月{last.day}日"
    )
    return f"{first.year}年{first.month}月{first.day}日至{end}"
