"""Copies of issued papers 打印: who took how many, when. The paper itself is frozen; that it was printed is kept beside it."""

from datetime import datetime

from sanxiang.cases.models import Paper
from sanxiang.door.models import Printout
from sanxiang.people.models import Person

MOST = 99
"""Copies at a time; more is a slip of the finger."""


def print_paper(paper: Paper, by: Person, copies: int, now: datetime) -> Printout:
    """Keep that copies of a paper were taken. Raises ValueError, in Chinese, for a number that cannot be meant."""
    if not 1 <= copies <= MOST:
        raise ValueError(f"打印份数应在 1 到 {MOST} 之间，填的是 {copies}")
    return Printout.objects.create(paper=paper, by=by.pk, by_name=by.name, at=now, copies=copies)


def printouts(paper: Paper) -> list[Printout]:
    """All copies taken of a paper, newest first."""
    return list(Printout.objects.filter(paper=paper).order_by("-pk"))
