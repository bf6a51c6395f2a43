"""The calendar against the notices, against an independent library, and against bad files."""

import re
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanxiang.law.calendar import (
    NATIONAL,
    CalendarError,
    calendar_faults,
    installation_calendar,
    load_calendar,
    national_calendar,
)

YEARS = range(2019, 2027)
NOTICED = st.dates(date(2019, 1, 1), date(2026, 12, 31))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=k) for k in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-04-06", False),
        ("2026-05-09", True),
        ("2026-06-19", False),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2020-01-31", False),
        ("2020-02-01", False),
        ("2020-02-03", True),
        ("2019-05-02", False),
        ("2019-05-05", True),
        ("2018-12-29", True),
        ("2018-12-31", False),
    ],
)
def test_days_of_the_notices(day: str, works: bool) -> None:
    assert national_calendar().is_workday(date.fromisoformat(day)) is works


def test_agrees_with_an_independent_calendar() -> None:
    other = holidays.country_holidays("CN", years=YEARS)
    ours = national_calendar()
    wrong = [
        day
        for day in days(date(2019, 1, 1), date(2026, 12, 31))
        if ours.is_workday(day) != other.is_working_day(day)
    ]
    assert wrong == []


def test_statutory_days_agree_with_an_independent_calendar() -> None:
    # From 2027 on that library knows the statutory days only, which is what we take for a year without a notice.
    other = holidays.country_holidays("CN", years=range(2027, 2051), observed=False)
    ours = national_calendar()
    wrong = [
        day
        for day in days(date(2027, 1, 1), date(2050, 12, 31))
        if bool(ours.legal_holiday(day)) != (day in other)
    ]
    assert wrong == []


def test_statutory_days_differ_from_bridged_days() -> None:
    calendar = national_calendar()
    assert calendar.legal_holiday(date(2026, 10, 3)) == "国庆节"
    assert calendar.legal_holiday(date(2026, 10, 4)) == ""
    assert calendar.legal_holiday(date(2024, 2, 9)) == ""  # the eve became a holiday in 2025
    assert calendar.legal_holiday(date(2025, 1, 28)) == "春节"
    assert calendar.legal_holiday(date(2024, 5, 2)) == ""
    assert calendar.legal_holiday(date(2025, 5, 2)) == "劳动节"


def test_each_year_has_as_many_statutory_days_as_the_decree_says() -> None:
    calendar = national_calendar()
    for year in range(2019, 2051):
        count = sum(bool(calendar.legal_holiday(day)) for day in days(date(year, 1, 1), date(year, 12, 31)))
        met = {2020: 10, 2028: 12, 2031: 12, 2047: 13, 2044: 13, 2039: 12}  # 中秋 within the national days
        full = 11 if year < 2025 else 13
        assert count == met.get(year, full), year


def test_only_published_years_are_certain() -> None:
    calendar = national_calendar()
    assert [year for year in range(2017, 2030) if not calendar.provisional(date(year, 6, 1))] == list(YEARS)
    assert calendar.is_workday(date(2027, 1, 4))
    assert not calendar.is_workday(date(2027, 1, 1))


@given(NOTICED)
@settings(deadline=None)
def test_a_make_up_day_is_a_weekend_and_a_weekday_off_is_named(day: date) -> None:
    calendar = national_calendar()
    if calendar.is_workday(day) and day.weekday() > 4:
        assert calendar.kind(day) == "调休上班"
    if not calendar.is_workday(day) and day.weekday() < 5:
        assert calendar.kind(day) not in ("工作日", "周末")


def test_a_published_notice_replaces_the_guess(tmp_path: Path) -> None:
    own = tmp_path / "calendar"
    own.mkdir()
    (own / "2027.toml").write_text(
        'year = 2027\nnotice = "试字〔2026〕1号"\nstatus = "published"\noff = [2027-01-01, 2027-01-04]\nwork = [2027-01-09]\n'
    )
    before, after = national_calendar(), installation_calendar(tmp_path)
    assert before.is_workday(date(2027, 1, 4)) and not after.is_workday(date(2027, 1, 4))
    assert after.is_workday(date(2027, 1, 9))
    assert before.provisional(date(2027, 1, 4)) and not after.provisional(date(2027, 1, 4))
    assert after.is_workday(date(2026, 10, 10))


def test_own_years_are_read_once_and_again_when_they_change(tmp_path: Path) -> None:
    own = tmp_path / "calendar"
    own.mkdir()
    file, text = own / "2027.toml", 'year = 2027\nstatus = "provisional"\noff = [{}]\n'
    file.write_text(text.format("2027-01-04"))
    first = installation_calendar(tmp_path)
    assert installation_calendar(tmp_path) is first and not first.is_workday(date(2027, 1, 4))
    file.write_text(text.format("2027-01-05, 2027-01-06"))
    second = installation_calendar(tmp_path)
    assert second.is_workday(date(2027, 1, 4)) and not second.is_workday(date(2027, 1, 6))
    file.unlink()
    assert installation_calendar(tmp_path).is_workday(date(2027, 1, 6))


def test_a_file_that_cannot_be_read_leaves_the_others_and_is_named(tmp_path: Path) -> None:
    own = tmp_path / "calendar"
    own.mkdir()
    (own / "2028.toml").write_text('year = 2028\nstatus = "provisional"\noff = [2028-01-04]\n')
    assert calendar_faults(tmp_path) == ()
    (own / "2027.toml").write_text("year = 2027\nissued_on = 2026-02-30\n")
    standing = installation_calendar(tmp_path)
    assert not standing.is_workday(date(2028, 1, 4)) and standing.provisional(date(2027, 1, 4))
    (fault,) = calendar_faults(tmp_path)
    assert (
        "2027.toml" in fault and "第 2 行" in fault and not re.search("[A-Za-z]{4,}", fault.split("：", 1)[1])
    )
    (own / "2027.toml").write_text('year = 2027\nstatus = "provisional"\n')
    assert calendar_faults(tmp_path) == ()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("2027.toml", "year = 2026\nstatus = 'published'", "year 应为 2027"),
        ("2027.toml", "year = 2027\nstatus = 'maybe'", "status"),
        ("2027.toml", "year = 2027\nstatus = 'published'", "文号"),
        ("2027.toml", "year = 2027\nstatus = 'provisional'\noff = ['2027-01-01']", "不是日期"),
        ("2027.toml", "year = 2027\nstatus = 'provisional'\noff = [2029-01-01]", "不属于 2027 年"),
        (
            "2027.toml",
            "year = 2027\nstatus = 'provisional'\noff = [2027-01-02]\nwork = [2027-01-02]",
            "删去一处",
        ),
        ("2027.toml", "year = = 2", "读不懂"),
        ("extra.toml", "", "名字"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(CalendarError, match=says) as caught:
        load_calendar(NATIONAL, tmp_path)
    assert name in str(caught.value)
