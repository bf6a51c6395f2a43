"""Working days and statutory holidays: a table of years, read from folders of TOML files.

One file a year (`2026.toml`) holds what the State Council's notice for that year says. `festivals.toml` holds the
statutory holidays and where the moveable ones fall, for years whose notice is not out yet: there weekends and
statutory days are taken, and everything that leans on them is called provisional.
"""

import logging
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanxiang.law.places import packs_root
from sanxiang.speech import trouble_of

PACKS = packs_root()
NATIONAL = PACKS / "national" / "calendar"
CHINA = timezone(timedelta(hours=8), "CST")
WEEKDAYS = "一二三四五六日"
log = logging.getLogger(__name__)
MOVEABLE = {"qingming": "清明节", "dragonboat": "端午节", "midautumn": "中秋节"}


class CalendarError(ValueError):
    """A calendar file cannot be used; the message names the file and the reason in Chinese."""


@dataclass(frozen=True)
class Year:
    """One year's notice: its number and date, days off, and rest days that are worked instead."""

    year: int
    notice: str
    issued_on: date | None
    published: bool
    off: frozenset[date]
    work: frozenset[date]
    file: str = ""


@dataclass(frozen=True)
class StatutoryRule:
    """The statutory holidays of one text of 全国年节及纪念日放假办法; `spring` counts days from 正月初一."""

    effective_from: date
    effective_to: date | None
    fixed: Mapping[str, str]
    spring: tuple[int, ...]

    def holds_on(self, day: date) -> bool:
        """Whether this text was in force on `day`."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True)
class Calendar:
    """Answers for single days. Equal folders give equal calendars; nothing here reads the clock."""

    years: Mapping[int, Year]
    rules: tuple[StatutoryRule, ...] = ()
    moveable: Mapping[date, str] = field(default_factory=dict)
    springs: Mapping[int, date] = field(default_factory=dict)
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`, make-up days included."""
        day = plain(day)
        if day in self.work:
            return True
        if day in self.off or day.weekday() > 4:
            return False
        return not (self.provisional(day) and self.legal_holiday(day))

    def provisional(self, day: date) -> bool:
        """Whether the notice for that year is not out, so that the answer may still change."""
        year = self.years.get(day.year)
        return year is None or not year.published

    def legal_holiday(self, day: date) -> str:
        """The name of the statutory holiday (法定节假日 proper, not the days bridged by 调休), or an empty string."""
        day = plain(day)
        for rule in self.rules:
            if rule.holds_on(day):
                return rule.fixed.get(f"{day:%m-%d}") or self.moveable.get(day) or self._spring(day, rule)
        return ""

    def _spring(self, day: date, rule: StatutoryRule) -> str:
        first = self.springs.get(day.year)
        return "春节" if first and (day - first).days in rule.spring else ""

    def next_workday(self, day: date) -> date:
        """`day` itself if it is a working day, else the first working day after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def kind(self, day: date) -> str:
        """What kind of day it is, in Chinese, for explanations."""
        day = plain(day)
        if day in self.work:
            return "调休上班"
        if self.is_workday(day):
            return "工作日"
        return self.legal_holiday(day) or ("放假调休" if day in self.off else "周末")


def plain(day: date) -> date:
    """A date without its time: datetimes are dates too, but never equal to one."""
    return day.date() if isinstance(day, datetime) else day


def china_today() -> date:
    """Today by the clock of China, whatever the machine's zone is."""
    return datetime.now(CHINA).date()


def load_calendar(*folders: Path, without: frozenset[str] = frozenset()) -> Calendar:
    """Read the years of all folders; a year in a later folder replaces the same year of an earlier one.

    A folder that does not exist counts as empty; files `without` which to read are named whole. Raises CalendarError
    naming the file.
    """
    years: dict[int, Year] = {}
    rules: tuple[StatutoryRule, ...] = ()
    moveable: dict[date, str] = {}
    springs: dict[int, date] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.toml")):
            if str(file) in without:
                continue
            if re.fullmatch(r"\d{4}", file.stem):
                years[int(file.stem)] = read_year(file)
            elif file.stem == "festivals":
                data = read_toml(file)
                rules = tuple(statutory_rule(file, item) for item in data.get("rule", []))
                springs, moveable = read_moveable(file, data.get("moveable", {}))
            else:
                raise CalendarError(f"日历文件 {file} 的名字应是年份（如 2027.toml）或 festivals.toml")
    return assemble(years, rules, moveable, springs)


def assemble(
    years: Mapping[int, Year],
    rules: tuple[StatutoryRule, ...],
    moveable: Mapping[date, str],
    springs: Mapping[int, date],
) -> Calendar:
    """Lay all years over each other; where two notices speak of one day the later year's notice wins."""
    off: set[date] = set()
    work: set[date] = set()
    for number in sorted(years):
        off = (off - years[number].work) | years[number].off
        work = (work - years[number].off) | years[number].work
    return Calendar(dict(years), rules, dict(moveable), dict(springs), frozenset(off), frozenset(work))


def read_year(file: Path) -> Year:
    """One year's file, checked: dates are dates, near the year, and no day both off and worked."""
    data = read_toml(file)
    year, status = data.get("year"), data.get("status")
    if year != int(file.stem):
        raise CalendarError(f"日历文件 {file}：year 应为 {file.stem}，现在是 {year}")
    if status not in ("published", "provisional"):
        raise CalendarError(f"日历文件 {file}：status 只能是 published（已公布）或 provisional（暂定）")
    if status == "published" and not data.get("notice"):
        raise CalendarError(f"日历文件 {file}：已公布的年份要写明通知文号 notice")
    off, work = (dates(file, key, data.get(key, []), year) for key in ("off", "work"))
    if off & work:
        raise CalendarError(f"日历文件 {file}：{min(off & work)} 既写在 off 又写在 work，请删去一处")
    return Year(
        year, data.get("notice", ""), data.get("issued_on"), status == "published", off, work, str(file)
    )


def read_moveable(file: Path, table: Mapping[str, Any]) -> tuple[dict[int, date], dict[date, str]]:
    """Where the first of the lunar year and the other moveable days fall."""
    springs: dict[int, date] = {}
    named: dict[date, str] = {}
    for year, entry in table.items():
        for key, day in entry.items():
            if type(day) is not date:
                raise CalendarError(f"日历文件 {file}：{year} 年的 {key} 应是日期，写作 2027-02-06")
            if key == "spring":
                springs[int(year)] = day
            else:
                named[day] = MOVEABLE[key]
    return springs, named


def statutory_rule(file: Path, item: Mapping[str, Any]) -> StatutoryRule:
    """One `[[rule]]` of festivals.toml."""
    try:
        return StatutoryRule(
            item["effective_from"], item.get("effective_to"), item["fixed"], tuple(item["spring"])
        )
    except KeyError as missing:
        raise CalendarError(f"日历文件 {file}：[[rule]] 缺少 {missing}") from None


def dates(file: Path, key: str, values: Iterable[Any], year: int) -> frozenset[date]:
    """The dates of one list; a day more than a month outside the year is a slip of the pen."""
    result = set()
    for value in values:
        if type(value) is not date:
            raise CalendarError(
                f"日历文件 {file}：{key} 里的 {value!r} 不是日期，应写作 {year}-01-01（不加引号）"
            )
        if not date(year - 1, 12, 1) <= value <= date(year + 1, 1, 31):
            raise CalendarError(f"日历文件 {file}：{key} 里的 {value} 不属于 {year} 年")
        result.add(value)
    return frozenset(result)


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file, or CalendarError."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        spot = f"第 {where[1]} 行" if where else "末尾"
        raise CalendarError(
            f"日历文件 {file} 读不懂：{spot}写法有误，日期要是真实的，方括号和引号要成对，请改正"
        ) from None
    except UnicodeDecodeError:
        raise CalendarError(f"日历文件 {file} 读不懂：不是 UTF-8 编码，请用 UTF-8 另存") from None
    except OSError as error:
        raise CalendarError(f"日历文件 {file} 打不开（{trouble_of(error)}），请核对文件权限") from None


@lru_cache(maxsize=1)
def national_calendar() -> Calendar:
    """The calendar shipped in packs/national, read once."""
    return load_calendar(NATIONAL)


def installation_calendar(data: Path) -> Calendar:
    """The national calendar with this installation's own years (DATA/calendar/*.toml) laid over it.

    Read again only when one of those files has changed: a case page asks once for each of its seventy acts. A file that
    cannot be read counts as not there, so that its year stays provisional and work goes on; `calendar_faults` names it.
    """
    own = data / "calendar"
    if not own.is_dir():
        return national_calendar()
    return _with_years(own, _stamp(own))[0]


def calendar_faults(data: Path) -> tuple[str, ...]:
    """What is wrong with this installation's own years, a sentence a file; empty when all of them count."""
    own = data / "calendar"
    return _with_years(own, _stamp(own))[1] if own.is_dir() else ()


def _stamp(own: Path) -> tuple[tuple[str, int, int], ...]:
    files = ((file.name, file.stat()) for file in sorted(own.glob("*.toml")))
    return tuple((name, told.st_mtime_ns, told.st_size) for name, told in files)


@lru_cache(maxsize=4)
def _with_years(own: Path, stamp: tuple[tuple[str, int, int], ...]) -> tuple[Calendar, tuple[str, ...]]:
    faults: dict[str, str] = {}
    for name, _, _ in stamp:
        others = frozenset(str(own / other) for other, _, _ in stamp if other != name)
        try:
            load_calendar(own, without=others)
        except CalendarError as error:
            faults[str(own / name)] = str(error)
            log.warning("%s", error)
    return load_calendar(NATIONAL, own, without=frozenset(faults)), tuple(faults.values())
