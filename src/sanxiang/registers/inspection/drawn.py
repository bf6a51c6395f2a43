"""Plans of random inspection with what became of each: approved, committed to, drawn, its results, what was taken back. Read from
the ledger's public fields alone; the portal shows of them what `open_plans` and `telling` say: nothing before the head approved."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from sanxiang.law.drawing.order import told_in
from sanxiang.ledger.models import Act, Opening

PLAN, APPROVE, DECLINE, COMMIT, DRAW, RECORD, PUBLISH = (
    "plan-draw",
    "approve-draw-plan",
    "decline-draw-plan",
    "commit-draw",
    "hold-draw",
    "record-random-result",
    "publish-random-result",
)
OPEN = "open-draw"
"""The stated time has come: nobody's act, so that the log signs a checkpoint then."""
CORRECT, WITHDRAW, WITHDRAW_PLAN = "correct-random-result", "withdraw-random-result", "withdraw-draw-plan"
LOG_VALUE, OUTSIDE = "log", "outside"
"""Whence the public value of a draw may come."""
TAKEN_BACK = "已撤回"
PUBLIC = (PLAN, APPROVE, DECLINE, COMMIT, OPEN, DRAW, PUBLISH, CORRECT, WITHDRAW, WITHDRAW_PLAN)
"""Acts of which the public may know, each with the fields that say so."""

Told = tuple[Act, dict[str, Any]]


@dataclass(frozen=True)
class Result:
    """What an inspection of one object came to, as it was made public."""

    target: str
    name: str
    inspected_on: str
    code: str
    label: str
    finding: str
    handling: str
    act: UUID
    at: datetime
    notes: tuple[tuple[str, str], ...] = ()
    """What was corrected: the day and what the public was told of it."""
    withdrawn: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """One plan. `id` is the act that made it; `commit` and `draw` are the acts that followed."""

    id: UUID
    agency: UUID
    number: str
    told: dict[str, Any]
    at: datetime
    approved: str = ""
    declined: str = ""
    commit: UUID | None = None
    committed: dict[str, Any] = field(default_factory=dict)
    committed_at: datetime | None = None
    opened_at: datetime | None = None
    """When the ledger noted that the time for the draw had come."""
    draw: UUID | None = None
    drawn: dict[str, Any] = field(default_factory=dict)
    drawn_at: datetime | None = None
    told_of: tuple[Result, ...] = ()
    """Every result that was ever public; of one withdrawn the day and the reason, no text."""
    withdrawn: str = ""
    reason: str = ""
    withdrawal: UUID | None = None

    @property
    def results(self) -> tuple[Result, ...]:
        """Those that are public now."""
        return tuple(one for one in self.told_of if not one.withdrawn)

    @property
    def idle(self) -> bool:
        """Nobody goes anywhere by this plan: not approved, or taken back before it was drawn."""
        return bool(self.declined or (self.withdrawn and not self.draw))

    @property
    def items(self) -> list[str]:
        """What is inspected."""
        return [str(one) for one in self.told.get("items") or ()]

    @property
    def commitment(self) -> dict[str, str]:
        """The lines of the commitment."""
        return told_in(str(self.committed.get("commitment") or ""))

    @property
    def state(self) -> str:
        """How far it is, in a word."""
        if self.withdrawn:
            return TAKEN_BACK
        if self.declined:
            return "没有批准"
        if self.draw:
            return "已抽取"
        if self.commit:
            return "已封存，等待抽取"
        return "已批准" if self.approved else "等待批准"

    @property
    def pairs(self) -> list[list[str]]:
        """The drawn objects, each with its officers."""
        return [[str(token) for token in line] for line in self.drawn.get("result") or ()]

    def name_of(self, token: str) -> str:
        """What the public may call an object."""
        return str((self.committed.get("names") or {}).get(token) or "（自然人、个体工商户，姓名隐去）")


def said_publicly(names: Collection[str], agencies: Collection[UUID] | None = None) -> list[Told]:
    """Acts of these names with their public fields, in the order in which they were done. Two queries."""
    whose = {} if agencies is None else {"subject__in": agencies}
    return _told(Act.objects.filter(kind="agency", name__in=names, **whose))


def _told(acts: QuerySet[Act], without: Collection[str] = ()) -> list[Told]:
    """These acts with their public fields, but for those that nobody asks for. Two queries."""
    found = {act.pk: act for act in acts.defer("leaf").order_by("at", "n")}
    told: dict[UUID, dict[str, Any]] = {key: {} for key in found}
    rows = Opening.objects.filter(act__in=acts.values("pk"), secrecy="public", erased_by=None)
    for key, name, value in rows.exclude(name__in=without).values_list("act", "name", "value"):
        told[key][name] = value
    return [(act, told[key]) for key, act in found.items()]


def plans_in(agencies: Collection[UUID] | None = None) -> list[Plan]:
    """The plans of these agencies, or of all, the newest first. Two queries."""
    return sorted(folded(said_publicly(PUBLIC, agencies)).values(), key=lambda one: one.at, reverse=True)


LISTS = ("objects", "officers", "barred", "names")
"""What is long in a commitment, and stands on the plan's own page alone."""


def open_plans(begin: int, size: int) -> tuple[list[Plan], int]:
    """Some of the plans of which the public knows, without their lists, the latest approval first; and how many there are.

    The public knows of a plan from the head's approval on. Five queries, whatever there is.
    """
    approvals = Act.objects.filter(kind="agency", name=APPROVE).defer("leaf").order_by("-at", "-n", "pk")
    shown = list(approvals[begin : begin + size])
    keys = {act.pk: act.subject for act in shown}
    said = Opening.objects.filter(act__in=keys, name="plan", erased_by=None).values_list("act", "value")
    wanted = {act: (keys[act], str(number)) for act, number in said}
    found = folded(_told(_acts_of(wanted.values()), LISTS))
    return [found[wanted[act.pk]] for act in shown if wanted.get(act.pk) in found], approvals.count()


def waiting_for_log() -> set[tuple[UUID, str]]:
    """Plans, by agency and number, whose value the log is to give, and of which nothing came after the commitment. Two queries."""
    said = Opening.objects.filter(name="plan", erased_by=None).order_by()
    asking = Opening.objects.filter(name="source", value=LOG_VALUE).values("act")
    found = said.filter(act__name=COMMIT, act__in=asking).values_list("act__subject", "value")
    over = said.filter(act__name__in=(OPEN, DRAW, WITHDRAW_PLAN)).values_list("act__subject", "value")
    return {(key, str(number)) for key, number in found} - {(key, str(number)) for key, number in over}


def plan_known(identity: UUID) -> Plan | None:
    """The plan that this act made, with all its lists, where the public knows of it. Four queries."""
    act = Act.objects.filter(pk=identity, kind="agency", name=PLAN).defer("leaf").first()
    found = _plan_with(act) if act else None
    return found if found and found.approved else None


def _plan_with(act: Act) -> Plan | None:
    """The plan that this act made or is about. Three queries."""
    said = Opening.objects.filter(act=act, name__in=("plan", "number"), erased_by=None)
    number = str(said.order_by("-name").values_list("value", flat=True).first() or "")
    return folded(_told(_acts_of([(act.subject, number)]))).get((act.subject, number))


def _acts_of(plans: Iterable[tuple[UUID, str]]) -> QuerySet[Act]:
    """The acts on these plans, each by its agency and its number."""
    acts = Act.objects.filter(kind="agency", name__in=PUBLIC)
    asked = [
        Q(subject=agency)
        & Q(pk__in=Opening.objects.filter(name__in=("plan", "number"), value=number).values("act"))
        for agency, number in plans
    ]
    return acts.filter(reduce(or_, asked)) if asked else acts.none()


def telling(act: Act) -> bool | None:
    """Is what an act on a plan told public now? None where nobody outside may know of the act: the plan was never approved."""
    plan = _plan_with(act)
    if plan is None or not plan.approved:
        return None
    if plan.withdrawn:
        return act.pk == plan.withdrawal
    return act.name not in (PUBLISH, CORRECT) or act.pk in {one.act for one in plan.results}


def folded(told: Iterable[Told]) -> dict[tuple[UUID, str], Plan]:
    """Each plan by agency and number, as the acts in their order made it."""
    found: dict[tuple[UUID, str], Plan] = {}
    for act, said in told:
        key = (act.subject, str(said.get("plan") or said.get("number") or ""))
        if act.name == PLAN:
            found[key] = Plan(act.pk, act.subject, key[1], said, act.at)
        elif key in found:
            found[key] = after(found[key], act, said)
    return found


def after(plan: Plan, act: Act, said: dict[str, Any]) -> Plan:
    """The plan, one act later."""
    if act.name == APPROVE:
        return replace(plan, approved=act.on[:10])
    if act.name == DECLINE:
        return replace(plan, declined=act.on[:10])
    if act.name == COMMIT:
        return replace(plan, commit=act.pk, committed=said, committed_at=act.at)
    if act.name == OPEN:
        return replace(plan, opened_at=act.at)
    if act.name == DRAW:
        return replace(plan, draw=act.pk, drawn=said, drawn_at=act.at)
    if act.name == WITHDRAW_PLAN:
        return replace(
            plan, withdrawn=act.on[:10], reason=str(said.get("public_reason") or ""), withdrawal=act.pk
        )
    return replace(plan, told_of=results_after(plan, act, said))


def results_after(plan: Plan, act: Act, said: dict[str, Any]) -> tuple[Result, ...]:
    """The results that are or were public, one act later: told, told anew with a note, or taken back with a reason."""
    target = str(said.get("target") or "")
    before = next((one for one in plan.told_of if one.target == target), None)
    kept = tuple(one for one in plan.told_of if one.target != target)
    if act.name == WITHDRAW:
        gone = Result(target, "", "", "", "", "", "", act.pk, act.at)
        reason = str(said.get("public_reason") or "")
        return (*kept, replace(gone, withdrawn=act.on[:10], reason=reason))
    names = ("target", "name", "inspected_on", "code", "label", "finding", "handling")
    told = {name: str(said.get(name) or "") for name in names}
    notes = before.notes if before and act.name == CORRECT else ()
    if act.name == CORRECT:
        notes = (*notes, (act.on[:10], str(said.get("public_note") or "")))
    return (*kept, Result(**told, act=act.pk, at=act.at, notes=notes))
