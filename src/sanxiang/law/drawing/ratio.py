"""比例 and 频次 of the list 随机抽查事项清单 as numbers, so that a plan can be held against them."""

import re
from decimal import Decimal

from sanxiang.law.numerals import SIGNS, number

PERCENT = re.compile(rf"百分之([{SIGNS}]+|[0-9]+(?:[.][0-9]+)?)|([0-9]+(?:[.][0-9]+)?)\s*[%％]")
TIMES = re.compile(rf"([{SIGNS}两]+|[0-9]+)\s*次")
YEARLY = re.compile("(?:每|一)?年度?(?:内)?|每年")


def percent_of(text: str) -> Decimal | None:
    """5 of “不低于百分之五”, “5%”; None where no per cent is told."""
    found = PERCENT.search(text)
    if found is None:
        return None
    words = found[1] or found[2]
    return Decimal(words) if words[0].isascii() else Decimal(number(words))


def times_a_year(text: str) -> int | None:
    """1 of “每年一次”; None where it tells no number of times a year."""
    found = TIMES.search(text)
    if found is None or not YEARLY.search(text):
        return None
    return int(found[1]) if found[1].isascii() else number(found[1])
