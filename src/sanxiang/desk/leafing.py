"""A list that the desk folds from acts, a leaf at a time by key: nothing is cut without a word, and the total is that of all."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

ROWS = 100
One = TypeVar("One")


def leaf(
    found: Sequence[One], key: Callable[[One], str], after: str, here: str, name: str = "after"
) -> tuple[list[One], dict[str, Any]]:
    """The rows behind that key in the order of their keys, and for their table the total of all and the way on.

    A key that nothing bears any more still says where to go on; behind the last line the list begins anew.
    `name` is the list's own word in the address.
    """
    rows = sorted(found, key=key)
    begin = bisect_right([key(one) for one in rows], after) if after else 0
    begin = begin if begin < len(rows) else 0
    shown = rows[begin : begin + ROWS]
    told: dict[str, Any] = {"total": f"{len(rows):,}"}
    if len(rows) > ROWS:
        last = begin + len(shown)
        told["pager"] = {
            "total_text": f"共 {len(rows):,} 条",
            "range_text": f"本页第 {begin + 1:,}–{last:,} 条",
            "first_href": here if begin else None,
            "next_href": f"{here}?{urlencode({name: key(shown[-1])})}" if last < len(rows) else None,
        }
    return shown, told


def waiting_first(open_: bool, due: str, received: date, number: str) -> str:
    """A key that puts what is not answered first, the longest due before all; then what is done, the newest first."""
    if open_:
        return f"0 {due or '9999'} {number}"
    return f"1 {9_999_999 - received.toordinal()} {number}"
