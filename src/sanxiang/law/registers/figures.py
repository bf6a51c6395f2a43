"""Ratio and frequency of random inspections as numbers: what a draw is held against."""

import re
from decimal import Decimal, InvalidOperation

from sanxiang.law.numerals import number

PERCENT = re.compile(
    r"百分之([零〇一二三四五六七八九十百点.0-9]+)|([0-9]+(?:[.][0-9]+)?)\s*[%％]|([0-9]+(?:[.][0-9]+)?)‰"
)
PLAIN = re.compile(r"0?[.][0-9]+|[01]")
WHOLE = ("全部", "全覆盖", "逐户")
EVERY = re.compile(
    r"每?\s*([0-9零〇一二两三四五六七八九十]+)?\s*(?:个)?\s*(年|季度|季|半年|月|周)度?[^0-9零〇一二两三四五六七八九十]*"
    r"([0-9零〇一二两三四五六七八九十]+)\s*次"
)
YEARLY = {
    "年": Decimal(1),
    "半年": Decimal(2),
    "季度": Decimal(4),
    "季": Decimal(4),
    "月": Decimal(12),
    "周": Decimal(52),
}
BARE = re.compile(r"每?([1-9一二两三四五])?个?(年|半年|季度|季|月|周)度?")
TIMES = re.compile(r"([0-9零〇一二两三四五六七八九十]+)\s*次\s*[/／每]\s*(年|季度|季|半年|月|周)")


def ratio_of(text: str) -> float | None:
    """The part of the objects that is drawn, between 0 and 1; None where the words say none."""
    plain = str(text).strip()
    if any(word in plain for word in WHOLE):
        return 1.0
    if PLAIN.fullmatch(plain):
        return float(plain)
    hit = PERCENT.search(plain)
    if not hit:
        return None
    value = figure(hit[1] or hit[2] or hit[3])
    part = value / (1000 if hit[3] else 100) if value is not None else None
    return float(part) if part is not None and 0 < part <= 1 else None


def yearly_of(text: str) -> float | None:
    """How often a year; 每两年一次 is a half. None where the words say none."""
    plain = str(text).strip()
    if hit := TIMES.search(plain):
        times, span, unit = figure(hit[1]), Decimal(1), hit[2]
    elif hit := EVERY.search(plain):
        times, span, unit = figure(hit[3]), figure(hit[1] or "1") or Decimal(1), hit[2]
    elif hit := BARE.fullmatch(plain):
        times, span, unit = Decimal(1), figure(hit[1] or "1") or Decimal(1), hit[2]
    else:
        return None
    return float(times * YEARLY[unit] / span) if times else None


def figure(text: str) -> Decimal | None:
    """A number in figures or in Chinese, with a point or without."""
    try:
        return Decimal(text)
    except InvalidOperation:
        pass
    whole, _, part = text.replace("两", "二").partition("点")
    try:
        return Decimal(str(number(whole)) + (f".{''.join(str(number(one)) for one in part)}" if part else ""))
    except ValueError:
        return None
