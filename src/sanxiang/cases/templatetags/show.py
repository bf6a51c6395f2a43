"""How dates, money and days are written for people. Plain functions, also registered as template filters."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

from sanxiang.speech import amount_of, yuan

register = template.Library()
register.filter(yuan)

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
LARGEST = 10**16
DAY_UNITS = {"working": "个工作日", "calendar": "日"}


@register.filter
def cn_date(value: date | str | None) -> str:
    """2026年11月21日, the date form of official documents. Unreadable text is shown as it stands."""
    moment = _moment(value)
    if not isinstance(moment, date):
        return moment
    return f"{moment.year}年{moment.month}月{moment.day}日"


WHOLE = re.compile(
    r"(?P<whole>\d{4}年\d{1,2}月(?:\d{1,2}日)?(?: ?\d{1,2}:\d{2})?|\d{1,2}:\d{2}|[\d,]+(?:\.\d+)?\s?[元%日件天次个台]?)"
    r"|(?P<serial>[^\s〔]{1,12}〔\d{4}〕\d+号|(?=[0-9-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+)"
)
"""What is read in one piece: a day with its time, a number, an amount; numbers of papers and serials, which are longer."""


@register.filter
def whole(value: Any) -> str:
    """The class of a cell that says a date, a time, a number or an amount and nothing else: it is not broken in the middle."""
    found = WHOLE.fullmatch(str(value).strip()) if value not in (None, "") else None
    return (found.lastgroup or "") if found else ""


@register.filter
def cn_year(value: date | str | None) -> str:
    """2026年 alone, so that a narrow place can keep the year for screen readers only; "" for unreadable text."""
    moment = _moment(value)
    return f"{moment.year}年" if isinstance(moment, date) else ""


@register.filter
def cn_day(value: date | str | None) -> str:
    """11月21日, what follows the year; unreadable text as it stands."""
    return cn_date(value).removeprefix(cn_year(value))


@register.filter
def cn_datetime(value: date | str | None) -> str:
    """2026年11月21日 14:05; aware times are shown in the time zone of the installation."""
    moment = _moment(value)
    if isinstance(moment, datetime):
        return f"{cn_date(moment)} {moment:%H:%M}"
    return cn_date(value)


@register.filter
def iso(value: date | str | None) -> str:
    """For <time datetime> and date inputs: 2026-11-21 or 2026-11-21T14:05; "" if unreadable."""
    moment = _moment(value)
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%dT%H:%M}"
    return moment.isoformat() if isinstance(moment, date) else ""


def _moment(value: date | str | None) -> date | str:
    """A date, a local datetime, or the text itself: imported records hold dates like 2026-02-30."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            return text
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def capital(value: Decimal | int | str | None) -> str:
    """叁仟元整: the amount in capital figures, by the zero rules of 支付结算办法; 整 after yuan only."""
    amount = amount_of(value)
    if amount is None:
        return "" if value is None else str(value)
    if abs(amount) >= LARGEST:
        raise ValueError(f"大写金额最多十六位整数：{value}")
    cents = int(abs(amount) * 100)
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    sign = "负" if amount < 0 else ""
    return sign + (_whole(whole) + "元" if whole else "") + _small(whole, jiao, fen)


def _whole(number: int) -> str:
    """A whole number; wherever a place right below is empty and something follows, one 零 stands."""
    for worth, name in PLACES:
        if number >= worth:
            high, low = divmod(number, worth)
            gap = "零" if 0 < low < worth // 10 else ""
            return _whole(high) + name + gap + (_whole(low) if low else "")
    return DIGITS[number]


def _small(whole: int, jiao: int, fen: int) -> str:
    """What follows 元: 整, or jiao and fen with the 零 that separates them from an empty place."""
    if not jiao and not fen:
        return "整" if whole else "零元整"
    gap = bool(whole) and (whole % 10 == 0 or jiao == 0)
    return ("零" if gap else "") + (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[fen]}分" if fen else "")


@register.filter
def days_text(left: int | None, unit: str = "working") -> str:
    """还剩3个工作日, 今日到期 or 已超期2日; `unit` is "working" or "calendar"."""
    if left is None:
        return ""
    word = DAY_UNITS[unit]
    if left == 0:
        return "今日到期"
    return f"还剩{left}{word}" if left > 0 else f"已超期{-left}{word}"


@register.filter
def day_unit(unit: str) -> str:
    """个工作日 or 日, for a count that stands in its own type size."""
    return DAY_UNITS[unit]


@register.filter
def size(value: Any) -> int:
    """The absolute value, so that an overdue count can be shown without its sign."""
    return abs(int(value))


@register.filter
def at(items: Sequence[Any], index: int) -> Any:
    """The item at `index`, so that a row can name the column it stands under; "" beyond the end."""
    return items[index] if index < len(items) else ""


COLUMN = {"label": "", "num": False}
CELL = {"text": "", "sub": "", "href": "", "links": (), "strong": False, "badge": None}


@register.filter
def under(cells: Iterable[Mapping[str, Any]], columns: Sequence[Mapping[str, Any]]) -> list[tuple[Any, Any]]:
    """The column that each cell of a row stands under, and the cell; of both everything that a table asks.

    What a template asks for and does not find costs it twenty times what it finds, and of long tables that is most of the time.
    """
    named = [{**COLUMN, **column} for column in columns]
    return [(named[n] if n < len(named) else COLUMN, {**CELL, **cell}) for n, cell in enumerate(cells)]


@register.filter
def unmet(verdicts: Iterable[Any] | None) -> list[Any]:
    """The verdicts that stand in the way; a verdict is any object or mapping with `met`."""
    return [verdict for verdict in verdicts or () if not _is_met(verdict)]


@register.filter
def met(verdicts: Iterable[Any] | None) -> list[Any]:
    """The verdicts that are fulfilled."""
    return [verdict for verdict in verdicts or () if _is_met(verdict)]


def _is_met(verdict: Any) -> bool:
    return bool(verdict["met"] if isinstance(verdict, Mapping) else verdict.met)


@register.filter
def chosen(fields: Iterable[Mapping[str, Any]]) -> str:
    """Which filters of a form are set, and to what: 行为种类 行政处罚，决定日期起 2026年1月1日. "" when none is."""
    return "，".join(f"{field['label']} {_worded(field)}".strip() for field in fields if field.get("value"))


def _worded(field: Mapping[str, Any]) -> str:
    """A filter's value in words; a box that is ticked says all by its label."""
    if field["kind"] == "bool":
        return ""
    labels = {str(one["value"]): str(one["label"]) for one in field.get("choices", ())}
    value = str(field["value"])
    return cn_date(value) if field["kind"] == "date" else labels.get(value, value)


@register.filter
def faulty(fields: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the fields has to be corrected, and so must be seen."""
    return any(field.get("error") for field in fields)
