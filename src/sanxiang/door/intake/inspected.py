"""入企检查查询: an enterprise sees all inspections that it had in a year, by the code of one and its own number, and rates that one.

What is shown is the enterprise's own; it is a look that leaves an entry like every other.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.administer import administer
from sanxiang.door.attempts import Unreadable
from sanxiang.door.gather import pack_of
from sanxiang.door.inspection.ratings import MARKS, NOBODY, RATE, Rating, key_of, ratings_of
from sanxiang.door.intake import NOT_YOURS, NotTaken, case_of, look
from sanxiang.law.rules import Act as Rule
from sanxiang.ledger.access import SERVED
from sanxiang.ledger.models import Act
from sanxiang.people.models import Agency

__all__ = ["MARKS", "Inspected", "Rating", "inspected", "rate", "ratings_of"]

ACT = "inspection"
ALREADY = "这次检查已经评价过，一次检查评价一次。"
NOT_YET = "检查结果告知以后才能评价。"
NO_INSPECTION = "这个查询码不是行政检查的，请填写检查案件的查询码。"


@dataclass(frozen=True)
class Inspection:
    """One inspection as the enterprise may know it."""

    case: UUID
    number: str
    agency: UUID
    agency_name: str
    item: str
    origin: str
    counted: bool
    on: date | None
    result: str
    state: str


@dataclass(frozen=True)
class Inspected:
    """All inspections of a party in a year; `here` is the one whose code was given."""

    party: str
    year: int
    rows: tuple[Inspection, ...]
    here: Inspection
    may_rate: bool
    told: str


def entitled(code: str, number: str, address: str) -> Case:
    """The inspection that has this code, whose party has this number. Raises NotTaken."""
    case = case_of(code, number, address)
    if case is None:
        raise NotTaken(NOT_YOURS)
    if case.act_type != ACT:
        raise NotTaken(NO_INSPECTION)
    return case


def inspected(code: str, number: str, address: str) -> Inspected:
    """The inspections of this year by any agency. Raises NotTaken. The queries do not grow with their number."""
    case = entitled(code, number, address)
    look(case, address, case.party, SERVED, "企业查询本年度对自己的检查")
    year = timezone.localdate().year
    told = Q(filed_on__year=year) | Q(filed_on=None, opened_at__year=year) | Q(pk=case.pk)
    rows = Case.objects.filter(told, party_key=case.party_key, act_type=ACT).exclude(
        closed__in=("void", "declined")
    )
    found = tuple(_inspection(one) for one in rows.select_related("agency").order_by("-opened_at"))
    here = next(one for one in found if one.case == case.pk)
    why = _why_not(here)
    return Inspected(case.party, year, found, here, not why, why)


def _why_not(here: Inspection) -> str:
    """Why the inspection cannot be rated now; "" where it can."""
    if Act.objects.filter(pk=key_of(here.case)).exists():
        return ALREADY
    return "" if here.result else NOT_YET


def _inspection(case: Case) -> Inspection:
    pack, facts = pack_of(case), case.state["facts"]
    origin = str(facts.get("origin") or "")
    free = origin in (pack.setting("inspection.exempt") or ()) or bool(facts.get("urgent_reason"))
    stage = next((label for name, label in pack.procedures[case.procedure].stages if name == case.stage), "")
    # What became of it is the enterprise's to know once it was told, not while officers still write.
    told = "conclude-inspection" in case.state["last"]
    result = _label(pack.acts["conclude-inspection"], "result_code", facts) if told else ""
    shown = CLUE if origin in CLUES else _label(pack.acts["register-inspection"], "origin", facts)
    item = str(facts.get("item") or facts.get("cause") or "")
    agency: Agency = case.agency
    return Inspection(
        case.pk, case.number or case.code, agency.pk, agency.name, item, shown or CLUE, not free, case.filed_on, result, stage
    )  # fmt: skip


CLUE, CLUES = "线索核查", ("complaint", "assigned", "transfer", "monitoring")
"""That somebody complained is told to nobody: one word for all that follows a clue, else the word itself would tell it."""


def _label(rule: Rule, name: str, facts: dict[str, Any]) -> str:
    field, value = rule.field(name), str(facts.get(name) or "")
    return dict(field.options).get(value, value) if field else value


def rate(code: str, number: str, address: str, marks: str) -> Agency:
    """Take in what the enterprise thinks of the inspection, once; the agency. Raises NotTaken."""
    case = entitled(code, number, address)
    if why := _why_not(_inspection(case)):
        raise NotTaken(why)
    if marks not in MARKS:
        raise NotTaken("请选择评价。")
    try:
        administer(
            RATE, case.agency, None, {"marks": marks}, channel="page", act_id=key_of(case.pk), stranger=NOBODY
        )
    except Unreadable as unreadable:
        raise NotTaken(*unreadable.errors.values()) from unreadable
    except IntegrityError as twice:
        raise NotTaken(ALREADY) from twice
    return case.agency
