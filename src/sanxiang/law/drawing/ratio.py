"""比例 and 频次 of the list 随机抽查事项清单 as numbers, so that a plan can be held against them."""

import re
from collections.abc import Iterable
from decimal import Decimal

from sanxiang.law.lists import Row, cell
from sanxiang.law.numerals import SIGNS, number

CAPS, CAP, CAPPED = "inspection-caps", "年度频次上限", ("检查事项",)
"""The list of what may be inspected and how often, the column of the cap, and that by which a row is asked for."""
PERCENT = re.compile(rf"百分之([{SIGNS}]+|[0-9]+(?:[.][0-9]+)?)|([0-9]+(?:[.][0-9]+)?)\s*[%％]")
TIMES = re.compile(rf"([{SIGNS}两]+|[0-9]+)\s*次")
YEARLY = re.compile("年")


def percent_of(text: str) -> Decimal | None:
    """5 of “不低于百分之五”, “5%”; None where no per cent is told."""
    found = PERCENT.search(text)
    if found is None:
        return None
    words = found[1] or found[2]
    return Decimal(words) if words[0].isascii() else Decimal(number(words))


def cap_of(rows: Iterable[Row], item: str) -> int | None:
    """How often in a year this item allows an enterprise to be inspected; None where the list tells nothing of it."""
    row = next((row for row in rows if cell(row, CAPPED) == item), {})
    return most_a_year(cell(row, (CAP,)))


def cap_fault(row: Row) -> str:
    """What is wrong with a row of 检查事项与频次上限清单."""
    text = cell(row, (CAP,))
    return (
        f"“{CAP}”写的“{text[:20]}”不是次数，填写如 2 或者“每年两次”"
        if text and most_a_year(text) is None
        else ""
    )


def most_a_year(text: str) -> int | None:
    """2 of “2”, “2次”, “每年不超过两次”; None where it tells no number."""
    return int(text) if text.isascii() and text.isdigit() else _times(text)


def _times(text: str) -> int | None:
    found = TIMES.search(text)
    if found is None:
        return None
    return int(found[1]) if found[1].isascii() else number(found[1])


def times_a_year(text: str) -> int | None:
    """1 of “每年一次”; None where it tells no number of times a year."""
    return _times(text) if YEARLY.search(text) else None
