"""改进任务: what an agency undertakes about a weak link, until when, how it goes, and by what it is shown to be done.

The register of these tasks is the ledger itself. Beside it stands an open task of the desk for whoever answers for it, with its last
day, so that it reminds and is seen to be late like everything else.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from sanxiang.cases.models import Case
from sanxiang.door import gather
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.models import Task
from sanxiang.door.said import said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.clock import LONGEST, due
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act
from sanxiang.oversight.figures import sums
from sanxiang.oversight.figures.counting import count_changed
from sanxiang.oversight.figures.measures import MEASURES
from sanxiang.oversight.models import CaseFigures
from sanxiang.oversight.weak.links import LABELS
from sanxiang.people import roles
from sanxiang.people.models import Agency, Person, Post, Unit, in_force

OPEN, REPORT, CLOSE = "open-improvement", "report-improvement", "close-improvement"
ACTS = (OPEN, REPORT, CLOSE)
KIND = "improve"
"""The kind of the desk's task."""
DECIDERS = (roles.AGENCY_HEAD, roles.RECORDING_SUPERVISOR, roles.SUPERVISOR)
NORM = Citation("国办发〔2018〕118号", "三（十）", "norm")
UNITS = {"working": "工作日", "calendar": "日历日"}
LAST = 3660
"""Days: an improvement that takes longer than ten years is a slip of the pen."""


@dataclass(frozen=True)
class Step:
    """Something that was told of an improvement: on which day, by whom, what."""

    on: date
    by: str
    text: str


@dataclass(frozen=True)
class Improvement:
    """One task as the ledger has it."""

    agency: UUID
    number: str
    measure: str
    unit: str
    item: str
    finding: str
    demand: str
    owner_unit: str
    owner: str
    owner_id: str
    due: date
    days: int
    days_unit: str
    counted: str
    opened_n: int
    opened_on: date
    by: str
    closed_on: date | None = None
    closed_by: str = ""
    proof: str = ""
    counted_after: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def label(self) -> str:
        """What it is about."""
        return LABELS.get(self.measure, self.measure) + (f"：{self.item}" if self.item else "")

    @property
    def term(self) -> str:
        """How long there was, with the unit named."""
        return f"{self.days} 个{UNITS.get(self.days_unit, '日')}"

    def overdue(self, today: date) -> bool:
        """Is its day over, and it is not done?"""
        return self.closed_on is None and self.due < today


def improvements_in(agencies: Collection[UUID]) -> list[Improvement]:
    """The tasks of these agencies, open ones first by their last day. Two queries."""
    found: dict[tuple[UUID, str], Improvement] = {}
    for act, said in said_by(ACTS, agencies):
        key = (act.subject, str(said.get("number") or said.get("improvement") or ""))
        if act.name == OPEN:
            found[key] = _opened(act, said)
        elif key in found:
            found[key] = _after(found[key], act, said)
    return sorted(found.values(), key=lambda one: (one.closed_on is not None, one.due, one.number))


def _opened(act: Act, said: dict[str, Any]) -> Improvement:
    text = {
        name: str(said.get(name) or "")
        for name in ("number", "measure", "unit_name", "item", "finding", "demand", "owner_unit_name", "owner_name", "counted")
    }  # fmt: skip
    due_on, opened_on = date.fromisoformat(str(said["due"])), date.fromisoformat(act.on[:10])
    return Improvement(
        act.subject, text["number"], text["measure"], text["unit_name"], text["item"], text["finding"], text["demand"],
        text["owner_unit_name"], text["owner_name"], str(said.get("owner") or ""), due_on, int(said.get("days") or 0),
        str(said.get("days_unit") or ""), text["counted"], act.n, opened_on, act.by_name,
    )  # fmt: skip


def _after(one: Improvement, act: Act, said: dict[str, Any]) -> Improvement:
    on = date.fromisoformat(act.on[:10])
    if act.name == REPORT:
        return replace(one, steps=(*one.steps, Step(on, act.by_name, str(said.get("progress") or ""))))
    return replace(
        one,
        closed_on=on,
        closed_by=act.by_name,
        proof=str(said.get("proof") or ""),
        counted_after=str(said.get("counted") or ""),
    )


# What the program adds


def counted_now(agency: Agency, measure: str, unit: UUID | None, today: date) -> str:
    """How the share stands today over the cases of this year and the last, in words that the act keeps."""
    if measure not in MEASURES:
        return ""
    count_changed(Case.objects.filter(agency=agency))
    rows = CaseFigures.objects.filter(
        agency=agency, left_out=False, opened_on__gte=date(today.year - 1, 1, 1)
    )
    rows = rows.filter(unit=unit) if unit else rows
    whole, one = sums.total(sums.cube(rows, today).values()), MEASURES[measure]
    parts = f"{one.failing} {one.fails_of(whole)}，{one.of} {one.whole_of(whole)}"
    return f"{today.year - 1}年以来登记的案件，{one.label}：{parts}"


def opening(change: Change) -> dict[str, Any]:
    """Number, last day and the share as it stands: the program says them, nobody types them."""
    agency, day = change.agency, change.day
    before = Act.objects.filter(kind="agency", name=OPEN, subject=agency.pk, on__startswith=str(day.year))
    unit, owner, owner_unit = (change.found.get(name) for name in ("unit", "owner", "owner_unit"))
    last = due(gather.calendar(), day, int(change.data["days"]), str(change.data["days_unit"])).date
    return {
        "number": f"改进{day.year}-{before.count() + 1}",
        "due": last.isoformat(),
        "unit_name": unit.name if unit else "",
        "owner_unit_name": owner_unit.name if owner_unit else "",
        "owner_name": owner.name if owner else "",
        "counted": counted_now(agency, str(change.data["measure"]), unit.pk if unit else None, day),
    }


def named(change: Change) -> Improvement | None:
    """The task that is meant."""
    number = str(change.data.get("improvement") or "")
    return next((one for one in improvements_in([change.agency.pk]) if one.number == number), None)


# What stands in the way


def sound_opening(change: Change) -> list[Verdict]:
    """A term that makes sense, and somebody who will see the task."""
    verdicts, days = [], change.data.get("days")
    if days is not None and not 1 <= int(days) <= min(LAST, LONGEST):
        verdicts.append(unmet("days", NORM, f"完成期限 {days} 天", f"填写 1 到 {LAST} 之间的天数"))
    unit, owner = change.found.get("owner_unit"), change.found.get("owner")
    if isinstance(owner, Person) and not posts_of(change.agency, change.day).filter(person=owner).exists():
        fact = f"{owner.name}现在没有本机关的岗位"
        verdicts.append(unmet("owner", NORM, fact, "从本机关在岗的人员中选择责任人"))
    if isinstance(unit, Unit) and owner is None and not headed(unit, change):
        fact = f"{unit.name}现在没有机构负责人，没有人会看到这项任务"
        verdicts.append(unmet("owner", NORM, fact, "另外选定责任人"))
    return verdicts


def posts_of(agency: Agency, on: date) -> Any:
    """The posts of the agency that touch cases, that day."""
    return Post.objects.filter(in_force(on), agency=agency, role__in=roles.CASE_ROLES, person__active=True)


def headed(unit: Unit, change: Change) -> bool:
    """Does somebody head this unit, or every unit, that day?"""
    heads = posts_of(change.agency, change.day).filter(role=roles.UNIT_HEAD)
    return bool(heads.filter(Q(unit=unit) | Q(unit=None)).exists())


def still_open(change: Change) -> list[Verdict]:
    """There is such a task and it is not done."""
    text = str(change.data.get("improvement") or "")
    if not text:
        return []
    one = named(change)
    if one is None:
        return [unmet("improvement", NORM, f"本机关没有编号为“{text}”的改进任务", "照改进任务页填写编号")]
    if one.closed_on:
        return [unmet("improvement", NORM, f"{text}已经完成销号", "有新的问题，另立改进任务")]
    return []


def provable(change: Change) -> list[Verdict]:
    """Not closed by who answers for it, and the cases that prove it are there."""
    one, verdicts = named(change), still_open(change)
    owners = Task.objects.filter(agency=change.agency, kind=KIND, opened_n=one.opened_n if one else -1)
    if change.by and owners.filter(person=change.by).exists():
        fact = f"{change.by.name}是这项任务的责任人"
        verdicts.append(unmet("closer", NORM, fact, "请机关负责人、记录监督人员或者监督机关核实之后销号"))
    told = [str(text) for text in change.data.get("cases") or ()]
    known = Case.objects.filter(Q(number__in=told) | Q(code__in=told), agency=change.agency)
    there = {text for case in known.only("number", "code") for text in (case.number, case.code)}
    if missing := [text for text in told if text not in there]:
        fact = f"本机关没有编号为“{'、'.join(missing[:5])}”的案件"
        verdicts.append(unmet("cases", NORM, fact, "照案件页填写立案号或者查询码，多件用顿号隔开"))
    return verdicts


def closing(change: Change) -> dict[str, Any]:
    """The share as it stands on the day of closing, to be put beside that of the opening."""
    one = named(change)
    assert one is not None  # `provable` has refused
    unit = Unit.objects.filter(agency=change.agency, name=one.unit).first() if one.unit else None
    return {"counted": counted_now(change.agency, one.measure, unit.pk if unit else None, change.day)}


# The acts

NUMBER = asked("improvement", "改进任务编号", longest=30, help="改进任务页上的编号，例如“改进2026-1”")


@admin_act(
    OPEN,
    "确立改进任务",
    DECIDERS,
    (
        asked("measure", "薄弱环节", "choice", options=LABELS),
        asked("unit", "所在机构", "unit", required=False, help="涉及全机关的不选"),
        asked("item", "具体事项", required=False, longest=200),
        asked("finding", "发现的问题", "longtext"),
        asked("demand", "改进要求", "longtext", help="写明做到什么程度算完成"),
        asked("owner_unit", "责任机构", "unit"),
        asked("owner", "责任人", "person", required=False, help="不选的，由责任机构的负责人承担"),
        asked("days", "完成期限（天数）", "number", help="确立之日不计"),
        asked("days_unit", "天数按", "choice", options=UNITS),
    ),
    NORM,
    group="oversight",
    help="编号、届满日和现在的统计数由系统写入；责任人的待办里会出现这项任务，临近和超期都有提醒",
    checks=sound_opening,
    secrecy="case",
    adds=opening,
)
def open_improvement(change: Change) -> None:
    """A weak link becomes somebody's task."""
    data, owner = change.data, change.found.get("owner")
    post = posts_of(change.agency, change.day).filter(person=owner).order_by("pk").first() if owner else None
    Task.objects.create(
        agency=change.agency,
        kind=KIND,
        title=f"{data['number']}　{LABELS[data['measure']]}"[:200],
        role=post.role if post else roles.UNIT_HEAD,
        unit=change.found.get("owner_unit"),
        person=owner,
        due=date.fromisoformat(data["due"]),
        citation=str(NORM),
        opened_n=change.n,
        opened_at=change.now,
    )


@admin_act(
    REPORT,
    "登记改进进展",
    (roles.UNIT_HEAD, *DECIDERS),
    (NUMBER, asked("progress", "进展", "longtext")),
    NORM,
    group="oversight",
    checks=still_open,
    secrecy="case",
)
def report_improvement(change: Change) -> None:
    """How it goes: the act itself is the record."""


@admin_act(
    CLOSE,
    "改进任务销号",
    DECIDERS,
    (
        NUMBER,
        asked("proof", "完成情况和证明材料", "longtext", help="做了什么、凭什么说已经做到，材料放在哪里"),
        asked("cases", "可以证明的案件", "multi", required=False, help="立案号或者查询码，多件用顿号隔开"),
    ),
    NORM,
    group="oversight",
    help="责任人本人不能销号；销号之日的统计数由系统写入，与确立之日的放在一起",
    checks=provable,
    secrecy="case",
    adds=closing,
)
def close_improvement(change: Change) -> None:
    """Done, and by what it is shown."""
    one = named(change)
    assert one is not None  # `provable` has refused
    open_ = Task.objects.filter(agency=change.agency, kind=KIND, opened_n=one.opened_n, closed_n=None)
    open_.update(closed_n=change.n, closed_at=change.now)
