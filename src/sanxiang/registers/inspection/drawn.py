"""Plans of random inspection with what became of each: approved, committed to, drawn, its results. Read from the ledger's public
fields alone, so that a page of the portal can show nothing else."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

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
PUBLIC = (PLAN, APPROVE, DECLINE, COMMIT, DRAW, PUBLISH)
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
    draw: UUID | None = None
    drawn: dict[str, Any] = field(default_factory=dict)
    drawn_at: datetime | None = None
    results: tuple[Result, ...] = ()

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
    acts = Act.objects.filter(kind="agency", name__in=names, **whose).defer("leaf").order_by("at", "n")
    found = {act.pk: act for act in acts}
    told: dict[UUID, dict[str, Any]] = {key: {} for key in found}
    rows = Opening.objects.filter(act__kind="agency", act__name__in=names, secrecy="public", erased_by=None)
    for key, name, value in rows.values_list("act", "name", "value"):
        if key in told:
            told[key][name] = value
    return [(act, told[key]) for key, act in found.items()]


def plans_in(agencies: Collection[UUID] | None = None) -> list[Plan]:
    """The plans of these agencies, or of all, the newest first. Two queries."""
    return sorted(folded(said_publicly(PUBLIC, agencies)).values(), key=lambda one: one.at, reverse=True)


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
    if act.name == DRAW:
        return replace(plan, draw=act.pk, drawn=said, drawn_at=act.at)
    names = ("target", "name", "inspected_on", "code", "label", "finding", "handling")
    told = {name: str(said.get(name) or "") for name in names}
    result = Result(**told, act=act.pk, at=act.at)
    kept = tuple(one for one in plan.results if one.target != result.target)
    return replace(plan, results=(*kept, result))
