"""Counting of periods: fixed examples, laws that counting obeys, and the sentences that explain it."""

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanxiang.law.calendar import national_calendar
from sanxiang.law.clock import (
    ClockError,
    Excluded,
    Extension,
    Limit,
    days_between,
    due,
    earliest_event,
    explain,
    limit_from,
    resume,
    working_days_left,
)
from sanxiang.law.conditions.steps import days_before
from sanxiang.law.facts import Actor, Facts, empty_state
from sanxiang.law.packs import load_pack

CALENDAR = national_calendar()
DAYS = st.dates(date(2019, 1, 1), date(2025, 12, 31))
COUNTS = st.integers(0, 120)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "n", "unit", "roll", "end"),
    [
        (
            "2026-09-28",
            7,
            "working",
            False,
            "2026-10-13",
        ),  # the national days, then Saturday 10 October worked
        ("2026-02-13", 1, "working", False, "2026-02-14"),
        ("2026-02-14", 1, "working", False, "2026-02-24"),
        ("2026-09-19", 1, "working", False, "2026-09-20"),
        ("2026-09-01", 30, "calendar", False, "2026-10-01"),
        ("2026-09-01", 30, "calendar", True, "2026-10-08"),
        ("2026-09-05", 15, "calendar", True, "2026-09-20"),  # a Sunday, but worked
        ("2026-01-31", 1, "month", False, "2026-02-28"),
        ("2024-02-29", 1, "year", False, "2025-02-28"),
        ("2026-08-31", 6, "month", True, "2027-03-01"),
        ("2026-03-02", 0, "working", False, "2026-03-02"),
    ],
)
def test_ends(start: str, n: int, unit: str, roll: bool, end: str) -> None:
    assert due(CALENDAR, d(start), n, unit, roll).date == d(end)


@given(DAYS, COUNTS, COUNTS)
@settings(deadline=None)
def test_working_days_add_up(start: date, first: int, second: int) -> None:
    halfway = due(CALENDAR, start, first, "working").date
    assert (
        due(CALENDAR, halfway, second, "working").date == due(CALENDAR, start, first + second, "working").date
    )


@given(DAYS, st.integers(1, 200))
@settings(deadline=None)
def test_a_working_period_holds_exactly_its_number_of_working_days(start: date, n: int) -> None:
    end = due(CALENDAR, start, n, "working").date
    assert CALENDAR.is_workday(end)
    assert days_between(CALENDAR, start, end) == n - 1


@given(DAYS, COUNTS, st.sampled_from(["working", "calendar", "month", "year"]))
@settings(deadline=None)
def test_rolling_never_shortens_and_ends_on_a_working_day(start: date, n: int, unit: str) -> None:
    plain, rolled = due(CALENDAR, start, n, unit), due(CALENDAR, start, n, unit, True)
    assert rolled.date >= plain.date
    if unit != "working":
        assert CALENDAR.is_workday(rolled.date)


@given(DAYS, st.integers(1, 120), st.integers(1, 60), st.integers(0, 30))
@settings(deadline=None)
def test_excluded_calendar_days_push_the_end_by_their_number(
    start: date, n: int, after: int, length: int
) -> None:
    first = start + timedelta(days=after)
    away = Excluded(first, first + timedelta(days=length), "鉴定")
    end = due(CALENDAR, Limit("立案", start, n, "calendar", excluded=(away,))).date
    assert (end - start).days == n + (length + 1 if after <= n else 0)


@given(DAYS, st.integers(1, 60), st.integers(1, 40), st.integers(0, 30))
@settings(deadline=None)
def test_excluded_days_push_a_working_period_by_their_working_days(
    start: date, n: int, after: int, length: int
) -> None:
    first = start + timedelta(days=after)
    last = first + timedelta(days=length)
    end = due(CALENDAR, Limit("立案", start, n, "working", excluded=((first, last, "公告"),))).date
    counted = [start + timedelta(days=k) for k in range(1, (end - start).days + 1)]
    assert sum(CALENDAR.is_workday(day) and not first <= day <= last for day in counted) == n


@given(DAYS, st.integers(1, 60), st.integers(1, 40), st.integers(0, 20))
@settings(deadline=None)
def test_overlapping_intervals_count_once(start: date, n: int, after: int, length: int) -> None:
    first = start + timedelta(days=after)
    whole = (first, first + timedelta(days=length), "听证")
    once = Limit("立案", start, n, "calendar", excluded=(whole,))
    twice = Limit("立案", start, n, "calendar", excluded=(whole, (first, first, "检测"), whole))
    assert due(CALENDAR, once).date == due(CALENDAR, twice).date


def test_months_are_pushed_by_excluded_days_met_on_the_way() -> None:
    limit = Limit(
        "受理",
        d("2026-01-10"),
        1,
        "month",
        excluded=((d("2026-02-01"), d("2026-02-05"), "检验"), (d("2026-02-12"), d("2026-02-13"), "公告")),
    )
    assert due(CALENDAR, limit).date == d("2026-02-17")


def test_extensions_of_one_unit_are_one_period() -> None:
    limit = Limit("立案", d("2026-01-31"), 1, "month", extensions=(Extension(1, "month", "案情复杂"),))
    assert due(CALENDAR, limit).date == d("2026-03-31")
    mixed = Limit("立案", d("2026-01-31"), 1, "month", extensions=((3, "working", "案情复杂"),))
    assert due(CALENDAR, mixed).date == due(CALENDAR, d("2026-02-28"), 3, "working").date


def test_a_suspended_clock_stands_still_and_resumes() -> None:
    limit = Limit("立案", d("2026-03-02"), 30, "calendar", suspended_from=d("2026-03-12"))
    still = due(CALENDAR, limit, today=d("2026-03-21"))
    assert still.suspended and still.date == d("2026-04-01") + timedelta(days=10)
    running = due(CALENDAR, resume(limit, d("2026-03-21"), "中止"))
    assert not running.suspended and running.date == still.date
    over = Limit("立案", d("2026-03-02"), 3, "calendar", suspended_from=d("2026-03-12"))
    assert not due(CALENDAR, over, today=d("2026-03-21")).suspended
    with pytest.raises(ClockError, match="没有中止"):
        resume(Limit("立案", d("2026-03-02"), 3, "calendar"), d("2026-03-12"), "中止")


def test_hours_run_from_the_moment() -> None:
    start = datetime(2026, 9, 30, 22, 15)
    end = due(CALENDAR, start, 24, "hours")
    assert end.at == datetime(2026, 10, 1, 22, 15) and end.date == d("2026-10-01") and not end.provisional


@pytest.mark.parametrize(
    ("start", "n", "unit", "roll", "provisional"),
    [
        ("2026-12-20", 5, "working", False, False),
        ("2026-12-20", 15, "working", False, True),
        ("2026-12-20", 30, "calendar", False, False),  # no calendar is asked
        ("2026-12-20", 30, "calendar", True, True),
        ("2026-12-01", 30, "calendar", True, False),
    ],
)
def test_a_deadline_that_leans_on_an_unpublished_year_says_so(
    start: str, n: int, unit: str, roll: bool, provisional: bool
) -> None:
    result = due(CALENDAR, d(start), n, unit, roll)
    assert result.provisional is provisional
    assert any("暂定" in step for step in result.steps) is provisional


def test_explanation_names_what_was_skipped() -> None:
    text = "".join(due(CALENDAR, d("2026-09-28"), 7, "working").steps)
    for part in (
        "2026年9月28日（星期一）起算，当日不计入",
        "2026年10月1日至10月7日放假",
        "2026年10月10日（星期六）调休上班",
        "届满日为2026年10月13日",
    ):
        assert part in text
    rolled = "".join(due(CALENDAR, d("2026-09-01"), 30, "calendar", True).steps)
    assert "国庆节" in rolled and "顺延" in rolled and "2026年10月8日" in rolled


def test_explanation_tells_what_is_left() -> None:
    limit = Limit("送达", d("2026-09-28"), 7, "working", extensions=((1, "working", "案情复杂"),))
    assert explain(CALENDAR, limit, d("2026-10-09"))[-1] == "还剩5日，其中工作日4日。"
    assert explain(CALENDAR, limit, d("2026-10-14"))[-1] == "今天届满。"
    assert explain(CALENDAR, limit, d("2026-10-16"))[-1] == "已逾期2日。"
    assert "经批准延长1个工作日（案情复杂）" in "".join(explain(CALENDAR, limit))
    assert working_days_left(CALENDAR, due(CALENDAR, limit), d("2026-10-16")) == -2


@given(DAYS, st.integers(1, 20))
@settings(deadline=None)
def test_notice_before_an_event(notice: date, n: int) -> None:
    event = earliest_event(CALENDAR, notice, n)
    assert days_between(CALENDAR, notice, event) >= n and CALENDAR.is_workday(event)
    sooner = event - timedelta(days=1)
    assert days_between(CALENDAR, notice, sooner) < n or not CALENDAR.is_workday(sooner)


def test_seven_days_before_counts_only_the_days_between() -> None:
    assert days_between(CALENDAR, d("2026-03-02"), d("2026-03-11")) == 6
    assert earliest_event(CALENDAR, d("2026-03-02"), 7) == d("2026-03-12")


@pytest.mark.parametrize("told", [{}, {"hearing_at": "2026-03-19T09:00"}])
def test_a_hearing_too_early_is_told_its_first_lawful_day(told: dict[str, str]) -> None:
    pack = load_pack("kaiyuan")
    facts = Facts(
        pack=pack,
        act=pack.acts["notify-hearing"],
        state=empty_state("ordinary", "told"),
        data=told,
        actor=Actor("", ""),
        on=d("2026-03-10"),
        now=datetime(2026, 3, 10, 9),
        calendar=CALENDAR,
    )
    found = days_before(facts, {"field": "hearing_at", "n": 7})
    assert not found.met and "2026年3月20日" in found.cure


def test_a_limit_survives_json() -> None:
    limit = Limit(
        "立案",
        datetime(2026, 3, 2, 9, 30),
        24,
        "hours",
        True,
        (Excluded(d("2026-03-03"), d("2026-03-04"), "鉴定"),),
        (Extension(24, "hours", "批准"),),
        d("2026-03-05"),
    )
    assert limit_from(json.loads(json.dumps(limit.as_data()))) == limit
    assert limit_from(Limit("a", d("2026-03-02"), 3, "working").as_data()) == Limit(
        "a", d("2026-03-02"), 3, "working"
    )


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (Limit("", d("2026-03-02"), -1, "working"), "0 到"),
        (Limit("", d("2026-03-02"), 99999, "calendar"), "0 到"),
        (Limit("", d("2026-03-02"), 3, "weeks"), "单位"),  # type: ignore[arg-type]
        (Limit("", d("2026-03-02"), 3, "hours"), "时刻"),
        (Limit("", d("9999-12-30"), 3, "working"), "超出"),
        (Limit("", d("9999-12-30"), 3, "month"), "超出"),
        (
            Limit("", d("2026-03-02"), 3, "working", excluded=((d("2026-03-04"), d("2026-03-03"), "鉴定"),)),
            "早于",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(limit: Limit, says: str) -> None:
    with pytest.raises(ClockError, match=says):
        due(CALENDAR, limit)
