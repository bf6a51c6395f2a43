"""年度频次上限: how often in a year the list 检查事项与频次上限清单 allows an enterprise to be inspected."""

import re
from collections.abc import Iterable

from sanxiang.law.lists import Row, cell
from sanxiang.law.numerals import SIGNS, number

CAPS, CAP, CAPPED = "inspection-caps", "年度频次上限", ("检查事项",)
"""The list of what may be inspected and how often, the column of the cap, and that by which a row is asked for."""
TIMES = re.compile(rf"([{SIGNS}两]+|[0-9]+)\s*次")


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
    if text.isascii() and text.isdigit():
        return int(text)
    found = TIMES.search(text)
    if found is None:
        return None
    return int(found[1]) if found[1].isascii() else number(found[1])
