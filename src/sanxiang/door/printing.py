"""Copies of issued papers 打印: who took how many, when. The paper is frozen; that it was printed is an entry of the log of looks."""

from sanxiang.cases.models import Paper
from sanxiang.ledger.access import SERVED
from sanxiang.ledger.access_row import Access

PRINT = "print"
"""What kind of look it is to take copies."""

MOST = 99
"""Copies at a time; more is a slip of the finger."""


def counted(text: str) -> int:
    """A number of copies as it was typed. Raises ValueError, in Chinese, for one that cannot be meant."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError("打印份数应为整数")
    if not 1 <= int(text) <= MOST:
        raise ValueError(f"打印份数应在 1 到 {MOST} 之间，填的是 {int(text)}")
    return int(text)


def printouts(paper: Paper) -> list[Access]:
    """All copies taken of a paper, newest first."""
    rows = Access.objects.filter(case=paper.case_id, kind=PRINT, object=paper.pk, result=SERVED)
    return list(rows.order_by("-at", "-id"))
