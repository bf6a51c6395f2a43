"""Custody of archived files 案卷保管与借阅: who took a file out of the archive, for what, until when, and when it came back.

行政处罚法 第四十七条 has the whole course of an enforcement filed and kept; 档案法 第十九条 has whoever keeps archives order how
they are used and keep them safe. A file that is out must be known to be out, so lending and taking back are acts of the agency.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from sanxiang.cases.models import Case
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.attempts import OPERATOR
from sanxiang.door.models import Loan
from sanxiang.door.said import said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act
from sanxiang.ledger.verify import Fault
from sanxiang.people import roles
from sanxiang.speech import cn_day

LEND, TAKE_BACK = "lend-file", "return-file"
ARCHIVED = "archived"
CUSTODY = Citation("档案法", "第十九条")
KEEPERS = (roles.ARCHIVIST, roles.AGENCY_HEAD)


def loans(case: Case) -> list[Loan]:
    """Every time that the file was out, the newest first."""
    return list(Loan.objects.filter(case=case).order_by("-pk"))


def out_now(case: Case) -> Loan | None:
    """The loan that has not ended."""
    return Loan.objects.filter(case=case, returned_at=None).first()


def out_in(agencies: Collection[UUID]) -> QuerySet[Loan]:
    """The loans of these agencies' files that have not ended, the ones due first on top."""
    rows = Loan.objects.filter(case__agency__in=agencies, returned_at=None)
    return rows.select_related("case").defer("case__state").order_by("due", "pk")


def may_leave(change: Change) -> list[Verdict]:
    """Filed, not out already, and to come back on a day that is still to come."""
    verdicts, case, due = [], change.found.get("case"), change.data.get("due")
    if case is not None and case.stage != ARCHIVED:
        fact = "案卷还没有归档，不能借阅"
        verdicts.append(unmet("archived", CUSTODY, fact, "归档之后再登记借出"))
    if case is not None and (out := out_now(case)):
        fact = f"案卷已由{out.borrower}借出，应于{cn_day(out.due.isoformat())}归还"
        verdicts.append(unmet("in-place", CUSTODY, fact, "归还登记之后才能再借"))
    if due and due < change.day.isoformat():
        fact = f"归还期限{cn_day(due)}已经过去"
        verdicts.append(
            unmet("due", CUSTODY, fact, f"归还期限填{cn_day(change.day.isoformat())}或者以后的日期")
        )
    return verdicts


@admin_act(
    LEND,
    "登记案卷借出",
    KEEPERS,
    (
        asked("case", "案卷", "archived-case"),
        asked("borrower", "借阅人", longest=60, help="写明单位和姓名"),
        asked("purpose", "用途", "longtext", longest=500),
        asked("due", "归还期限", "date"),
    ),
    CUSTODY,
    group="archives",
    help="归档后的案卷离开档案室之前登记",
    checks=may_leave,
    target="case",
)
def lend(change: Change) -> Loan:
    """The file of a case leaves the archive."""
    told = {name: change.data[name] for name in ("borrower", "purpose", "due")}
    by, name = (change.by.pk, change.by.name) if change.by else (None, OPERATOR)
    case: Case = change.found["case"]
    return Loan.objects.create(case=case, at=change.now, by=by, by_name=name, act=change.act_id, **told)


def is_out(change: Change) -> list[Verdict]:
    """What never left does not come back."""
    case = change.found.get("case")
    if case is None or out_now(case):
        return []
    return [unmet("out", CUSTODY, "案卷没有借出", "不需要登记归还；核对是哪一件案卷")]


@admin_act(
    TAKE_BACK,
    "登记案卷归还",
    KEEPERS,
    (asked("case", "案卷", "lent-case"),),
    CUSTODY,
    group="archives",
    help="借出的案卷交回、清点无误后登记",
    checks=is_out,
    target="case",
)
def take_back(change: Change) -> Loan:
    """The file of a case is back. Raises ValidationError where somebody entered that a moment ago."""
    out = Loan.objects.select_for_update().filter(case=change.found["case"], returned_at=None).first()
    if out is None:
        raise ValidationError("案卷刚刚登记归还")
    out.returned_at, out.returned_act = change.now, change.act_id
    out.returned_to = change.by.name if change.by else OPERATOR
    out.save(update_fields=["returned_at", "returned_to", "returned_act"])
    return out


def check_loans() -> Iterator[Fault]:
    """The register of loans is what the acts say; entries made before loans were acts are known by having none."""
    said = said_by((LEND, TAKE_BACK))
    lent = {told.get("row"): (act, told) for act, told in said if act.name == LEND}
    back = {told.get("row"): act for act, told in said if act.name == TAKE_BACK}
    for loan in Loan.objects.order_by("pk").iterator(chunk_size=2000):
        act, told = lent.pop(str(loan.pk), (None, {}))
        wrong = [*_lent_otherwise(loan, act, told), *_back_otherwise(loan, back.pop(str(loan.pk), None))]
        if wrong:
            yield Fault("loan", _label(loan), f"{'、'.join(wrong)}与账本不符")
    for key in [*lent, *back]:
        yield Fault("loan", f"案卷借阅登记 {key}", "不见了")


def _lent_otherwise(loan: Loan, act: Act | None, told: dict[str, Any]) -> list[str]:
    if act is None:
        return [] if loan.act is None else ["act"]
    pairs = {
        "act": (loan.act, act.id),
        "case": (str(loan.case_id), told.get("case")),
        "borrower": (loan.borrower, told.get("borrower")),
        "purpose": (loan.purpose, told.get("purpose")),
        "due": (loan.due.isoformat(), told.get("due")),
        "at": (loan.at, act.at),
        "by": (loan.by, act.by),
        "by_name": (loan.by_name, act.by_name),
    }
    return [name for name, (column, truth) in pairs.items() if column != truth]


def _back_otherwise(loan: Loan, act: Act | None) -> list[str]:
    if act is None:
        old = loan.act is None and loan.returned_act is None
        return [] if old or loan.returned_at is None else ["returned_at"]
    pairs = {
        "returned_act": (loan.returned_act, act.id),
        "returned_at": (loan.returned_at, act.at),
        "returned_to": (loan.returned_to, act.by_name),
    }
    return [name for name, (column, truth) in pairs.items() if column != truth]


def _label(loan: Loan) -> str:
    return f"案卷借阅登记 {loan.borrower}（{loan.pk}）"
