"""Custody of archived files 案卷保管与借阅: who took a file out of the archive, for what, until when, and when it came back.

行政处罚法 第四十七条 has the whole course of an enforcement filed and kept; a file that is out must be known to be out.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.models import Loan
from sanxiang.people.models import Person
from sanxiang.speech import cn_day

ARCHIVED = "archived"
LONGEST = {"借阅人": 60, "用途": 500}


def lend(case: Case, by: Person, borrower: str, purpose: str, due: date | None, now: datetime) -> Loan:
    """Enter that the file of a case was taken out. Raises ValueError, in Chinese, with what to do."""
    if case.stage != ARCHIVED:
        raise ValueError("案卷还没有归档，不能借阅，归档之后再登记")
    for label, text in (("借阅人", borrower), ("用途", purpose)):
        if not text:
            raise ValueError(f"没有填写“{label}”，请补填")
        if len(text) > LONGEST[label]:
            raise ValueError(f"“{label}”最多 {LONGEST[label]} 个字，填了 {len(text)} 个，请精简")
    today = timezone.localdate(now)
    if due is None or due < today:
        raise ValueError(f"归还期限应为{cn_day(today.isoformat())}或者以后的日期，请重新填写")
    told = {"borrower": borrower, "purpose": purpose, "due": due}
    try:
        with transaction.atomic():
            return Loan.objects.create(case=case, at=now, by=by.pk, by_name=by.name, **told)
    except IntegrityError:
        out = Loan.objects.get(case=case, returned_at=None)
        raise ValueError(f"案卷已由{out.borrower}借出，归还登记之后才能再借") from None


def take_back(case: Case, by: Person, now: datetime) -> Loan:
    """Enter that the file came back. Raises ValueError where it is not out."""
    with transaction.atomic():
        out = Loan.objects.select_for_update().filter(case=case, returned_at=None).first()
        if out is None:
            raise ValueError("案卷没有借出，不需要登记归还")
        out.returned_at, out.returned_to = now, by.name
        out.save(update_fields=["returned_at", "returned_to"])
    return out


def loans(case: Case) -> list[Loan]:
    """Every time that the file was out, the newest first."""
    return list(Loan.objects.filter(case=case).order_by("-pk"))
