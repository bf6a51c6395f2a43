"""Dates, money and days as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.cases.templatetags.show import (
    at,
    capital,
    cn_date,
    cn_datetime,
    cn_day,
    cn_year,
    days_text,
    iso,
    met,
    unmet,
    yuan,
)

DIGITS = {figure: value for value, figure in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_capital(text: str) -> Decimal:
    """Read capital figures back by their meaning, knowing nothing of how they were written."""
    sign, text = (-1, text[1:]) if text.startswith("负") else (1, text)
    whole, _, small = text.rpartition("元") if "元" in text else ("", "", text)
    total = group = digit = 0
    for figure in whole:
        if figure in DIGITS:
            digit = DIGITS[figure]
        elif figure in PLACES:
            group, digit = group + digit * PLACES[figure], 0
        elif figure == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        elif figure == "亿":
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    yuan_part = Decimal(total + group + digit)
    for figure in small:
        if figure in DIGITS:
            digit = DIGITS[figure]
        elif figure == "角":
            yuan_part, digit = yuan_part + Decimal(digit) / 10, 0
        elif figure == "分":
            yuan_part, digit = yuan_part + Decimal(digit) / 100, 0
    return sign * yuan_part


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "零元整"),
        ("0.05", "伍分"),
        ("0.30", "叁角"),
        (10, "壹拾元整"),
        (200, "贰佰元整"),
        (3000, "叁仟元整"),
        (10000, "壹万元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        (100001, "壹拾万零壹元整"),
        (100000000, "壹亿元整"),
        (100000001, "壹亿零壹元整"),
        (100010000, "壹亿零壹万元整"),
        (1000000010000, "壹万亿零壹万元整"),
        (1000100000000, "壹万零壹亿元整"),
        ("-20.5", "负贰拾元零伍角"),
        ("2.005", "贰元零壹分"),
    ],
)
def test_capital_follows_the_rules_for_zero_and_zheng(amount: str | int, text: str) -> None:
    assert capital(amount) == text


@given(st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2))
def test_capital_reads_back_as_the_same_amount(amount: Decimal) -> None:
    text = capital(amount)
    assert read_capital(text) == amount
    assert "零零" not in text and "零元" not in text.replace("零元整", "", 1 if amount == 0 else 0)


def test_capital_refuses_what_it_has_no_places_for() -> None:
    with pytest.raises(ValueError, match="十六位"):
        capital(10**16)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (200, "200元"),
        (1234567, "1,234,567元"),
        ("3000.5", "3,000.50元"),
        ("0.005", "0.01元"),
        ("1,500", "1,500元"),
        (Decimal("-20"), "-20元"),
        (None, ""),
        ("", ""),
        ("约三千", "约三千"),
        ("NaN", "NaN"),
    ],
)
def test_yuan(amount: Decimal | int | str | None, text: str) -> None:
    assert yuan(amount) == text


@pytest.mark.parametrize(
    ("value", "day", "moment"),
    [
        (date(2026, 11, 1), "2026年11月1日", "2026年11月1日"),
        ("2026-11-21", "2026年11月21日", "2026年11月21日"),
        ("2026-11-21T14:05", "2026年11月21日", "2026年11月21日 14:05"),
        (datetime(2026, 11, 20, 17, 30, tzinfo=UTC), "2026年11月21日", "2026年11月21日 01:30"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
        ("不详", "不详", "不详"),
        (None, "", ""),
    ],
)
def test_dates_in_document_form(value: date | str | None, day: str, moment: str) -> None:
    assert (cn_date(value), cn_datetime(value)) == (day, moment)


def test_year_and_day_together_are_the_date() -> None:
    assert (cn_year("2026-11-21"), cn_day("2026-11-21")) == ("2026年", "11月21日")
    assert (cn_year("2026-02-30"), cn_day("2026-02-30")) == ("", "2026-02-30")
    assert (cn_year(None), cn_day(None)) == ("", "")


def test_verdicts_are_parted_whatever_their_type() -> None:
    lacking, fulfilled = {"met": False}, SimpleNamespace(met=True)
    assert unmet([fulfilled, lacking]) == [lacking]
    assert met([fulfilled, lacking]) == [fulfilled]
    assert unmet(None) == []


def test_iso_is_what_inputs_and_time_elements_need() -> None:
    assert iso(date(2026, 11, 21)) == "2026-11-21"
    assert iso(datetime(2026, 11, 20, 17, 30, tzinfo=UTC)) == "2026-11-21T01:30"
    assert iso("2026-02-30") == iso(None) == ""


@pytest.mark.parametrize(
    ("left", "unit", "text"),
    [
        (3, "working", "还剩3个工作日"),
        (1, "calendar", "还剩1日"),
        (0, "working", "今日到期"),
        (-2, "calendar", "已超期2日"),
        (-1, "working", "已超期1个工作日"),
        (None, "working", ""),
    ],
)
def test_days_text(left: int | None, unit: str, text: str) -> None:
    assert days_text(left, unit) == text


def test_a_cell_beyond_the_columns_has_no_name() -> None:
    assert at(["案号", "当事人"], 1) == "当事人"
    assert at(["案号"], 1) == ""
