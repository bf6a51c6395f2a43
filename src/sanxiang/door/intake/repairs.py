"""信用修复 by the party itself, without an account: asked for with the code of its case and its own number, followed by the receipt's code.

What the rules ask first is told at once with its article, and then nothing was taken in: the party does it and asks again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from sanxiang.cases.models import Case
from sanxiang.door.attempts import Unreadable
from sanxiang.door.intake import NOT_YOURS, NotTaken, case_of, look
from sanxiang.door.intake.knocks import CODE, knocked, too_many
from sanxiang.door.intake.receipts import code_of, flaw_of, key_of, read
from sanxiang.door.intake.voices import UNKNOWN
from sanxiang.door.models import Task
from sanxiang.door.perform import Unknown, by_the_party
from sanxiang.law.guards import Refused
from sanxiang.ledger.access import SERVED
from sanxiang.ledger.models import Act

APPLY = "apply-repair"
OUTCOMES = {"granted": "同意，已经提前停止公示", "refused": "不予修复"}
NOT_A_PENALTY = "这个查询码不是行政处罚案件的；只有行政处罚决定可以申请信用修复。"


@dataclass(frozen=True)
class Repair:
    """An application as its party sees it; neither who asked nor for which decision."""

    code: str
    agency: str
    received: str
    due: str
    outcome: str
    reason: str
    answered: str


def apply(code: str, number: str, told: Mapping[str, object], token: str, address: str) -> Repair:
    """Take an application in, once; the receipt. Raises NotTaken with everything that stands in its way."""
    receipt = code_of(token)
    key = key_of(receipt)
    if not Act.objects.filter(pk=key).exists():
        if flaw := flaw_of(token):
            raise NotTaken(flaw)
        case = case_of(code, number, address)
        if case is None:
            raise NotTaken(NOT_YOURS)
        look(case, address, case.party, SERVED, "当事人申请信用修复")
        _done(case, told, key)
    return _seen(Act.objects.get(pk=key, name=APPLY), receipt)


def _done(case: Case, told: Mapping[str, object], key: UUID) -> None:
    try:
        by_the_party(APPLY, case.pk, told, key)
    except Unknown as unknown:
        raise NotTaken(NOT_A_PENALTY) from unknown
    except Unreadable as unreadable:
        raise NotTaken(*unreadable.errors.values()) from unreadable
    except Refused as refused:
        unmet = [one for one in refused.verdicts if not one.met]
        raise NotTaken(*(f"{one.fact}（{one.citation}）。{one.cure}。" for one in unmet)) from refused
    except IntegrityError:
        pass  # the same form, sent twice at once


def repair_with(code: str, address: str) -> Repair:
    """How it stands. Raises NotTaken for a wrong code and for one tried after too many wrong ones: in the same words."""
    found = None if too_many(CODE, address) else Act.objects.filter(pk=key_of(code), name=APPLY).first()
    if found is None or not read(code):
        knocked(CODE, address)
        raise NotTaken(UNKNOWN)
    return _seen(found, code)


def _seen(act: Act, code: str) -> Repair:
    case = Case.objects.select_related("agency").get(pk=act.subject)
    row = next(one for one in case.state["repairs"] if one["n"] == act.n)
    due = (
        Task.objects.filter(case=case, kind="answer-repair", opened_n=act.n)
        .values_list("due", flat=True)
        .first()
    )
    return Repair(
        code,
        case.agency.name,
        row["on"],
        due.isoformat() if due else "",
        OUTCOMES.get(row["answer"], ""),
        row["reason"],
        row["answered_on"],
    )
