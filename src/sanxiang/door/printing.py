"""Copies of issued papers 打印: who took how many, when. The paper is frozen; that it was printed is an entry of the log of looks."""

from datetime import datetime

from sanxiang.cases.models import Paper
from sanxiang.ledger.access import SERVED, Read, record
from sanxiang.ledger.access_row import Access
from sanxiang.people.models import Person

PRINT = "print"
"""What kind of look it is to take copies."""

MOST = 99
"""Copies at a time; more is a slip of the finger."""


def print_paper(paper: Paper, by: Person, copies: int, now: datetime) -> Access:
    """Keep that copies of a paper were taken. Raises ValueError, in Chinese, for a number that cannot be meant."""
    if not 1 <= copies <= MOST:
        raise ValueError(f"打印份数应在 1 到 {MOST} 之间，填的是 {copies}")
    told = Read(
        by=by.pk,
        by_name=by.name,
        kind=PRINT,
        channel="page",
        result=SERVED,
        reason="",
        agency=paper.case.agency_id,
        case=paper.case_id,
        object=paper.pk,
        digest=paper.pdf,
        copies=copies,
    )
    return record(told, now)


def printouts(paper: Paper) -> list[Access]:
    """All copies taken of a paper, newest first."""
    rows = Access.objects.filter(case=paper.case_id, kind=PRINT, object=paper.pk, result=SERVED)
    return list(rows.order_by("-at", "-id"))
