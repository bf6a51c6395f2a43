"""社会反映强烈的问题: what several people spoke about becomes a task of a unit, with a last day, and is closed with what was done.

桓台县的方案 四（二）asks to tackle what people complain of most; what is listed is counted from the register of voices, and anything on
it, also a single complaint, may be made a task.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from sanxiang.door import gather
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.models import Task
from sanxiang.door.said import said_by
from sanxiang.door.voices.bases import NORM
from sanxiang.door.voices.register import Voice, voices_in
from sanxiang.door.voices.subjects import ABOUT, AGENCY, ERROR
from sanxiang.law.clock import due
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.models import Agency, Post, Unit, in_force
from sanxiang.speech import cn_day

OPEN, CLOSE, KIND = "open-concern", "close-concern", "concern"
DECIDERS = (roles.SUPERVISOR, roles.AGENCY_HEAD)
MANY, SPAN, LONGEST = 3, timedelta(days=365), 366
"""So many voices within a year make a matter of wide concern."""


@dataclass(frozen=True)
class Group:
    """Voices about one thing, or about one agency."""

    agency: UUID
    about: str
    key: str
    title: str
    voices: tuple[Voice, ...]

    @property
    def label(self) -> str:
        """What they have in common, in words."""
        return f"{ABOUT.get(self.about, '')}：{self.title}"


@dataclass(frozen=True)
class Concern:
    """A matter that was made a task."""

    id: UUID
    number: str
    agency: UUID
    title: str
    demand: str
    owner: str
    voices: tuple[str, ...]
    opened: date
    by: str
    due: date
    closed: date | None = None
    closed_by: str = ""
    result: str = ""

    def late(self, today: date) -> bool:
        """Is its day over, and it is not done?"""
        return self.closed is None and self.due < today


def groups_of(voices: Iterable[Voice], names: dict[UUID, str], today: date) -> list[Group]:
    """What at least `MANY` people spoke about within the span, most first. Errors found in texts are no concern of this list."""
    recent = [one for one in voices if one.kind != ERROR and one.received >= today - SPAN]
    found: dict[tuple[str, str], list[Voice]] = {}
    for one in recent:
        about, key = one.subject
        found.setdefault((about, key), []).append(one)
        if about != AGENCY:
            found.setdefault((AGENCY, str(one.agency)), []).append(one)
    groups = [
        Group(
            some[0].agency,
            about,
            key,
            names.get(some[0].agency, "") if about == AGENCY else some[0].title,
            tuple(some),
        )
        for (about, key), some in found.items()
        if len(some) >= MANY
    ]
    return sorted(groups, key=lambda one: (-len(one.voices), one.title))


def concerns_in(agencies: Collection[UUID]) -> list[Concern]:
    """The tasks of these agencies, open ones first by their last day. Two queries."""
    found: dict[tuple[UUID, str], Concern] = {}
    for act, said in said_by((OPEN, CLOSE), agencies):
        on = date.fromisoformat(act.on[:10])
        key = (act.subject, str(said.get("number") or said.get("concern") or ""))
        if act.name == OPEN:
            found[key] = _opened(act, said, on)
        elif key in found:
            result = str(said.get("result") or "")
            found[key] = replace(found[key], closed=on, closed_by=act.by_name, result=result)
    return sorted(found.values(), key=lambda one: (one.closed is not None, one.due, one.number))


def _opened(act: Act, said: dict[str, Any], on: date) -> Concern:
    last = date.fromisoformat(str(said["due"]))
    numbers = tuple(str(number) for number in said.get("voices") or ())
    title, demand, owner = (str(said.get(name) or "") for name in ("title", "demand", "owner_name"))
    return Concern(
        act.id, str(said["number"]), act.subject, title, demand, owner, numbers, on, act.by_name, last
    )  # fmt: skip


def sound_opening(change: Change) -> list[Verdict]:
    """The voices are there, there is time, and somebody heads the unit that answers."""
    told = [str(number) for number in change.data.get("voices") or ()]
    known = {one.number for one in voices_in([change.agency.pk])}
    verdicts = []
    if missing := [number for number in told if number not in known]:
        fact = f"没有编号为“{'、'.join(missing[:5])}”的投诉、意见"
        verdicts.append(unmet("voices", NORM, fact, "照“投诉和意见”页上的编号填写"))
    days, unit = change.data.get("days"), change.found.get("owner_unit")
    if days is not None and not 1 <= int(days) <= LONGEST:
        verdicts.append(unmet("days", NORM, f"办理期限 {days} 个工作日", f"填写 1 到 {LONGEST} 之间的数"))
    if isinstance(unit, Unit) and not headed(unit, change.agency, change.day):
        fact = f"{unit.name}现在没有机构负责人，没有人会看到这项任务"
        verdicts.append(unmet("owner_unit", NORM, fact, "选择有负责人的机构"))
    return verdicts


def headed(unit: Unit, agency: Agency, on: date) -> bool:
    """Does somebody head this unit, or every unit, that day?"""
    heads = Post.objects.filter(in_force(on), agency=agency, role=roles.UNIT_HEAD, person__active=True)
    return bool(heads.filter(Q(unit=unit) | Q(unit=None)).exists())


def opening(change: Change) -> dict[str, Any]:
    """Number, last day and the unit by name."""
    rows = Act.objects.filter(kind="agency", subject=change.agency.pk, name=OPEN)
    before = rows.filter(on__startswith=str(change.day.year)).count()
    last = due(gather.calendar(), change.day, int(change.data["days"]), "working").date
    owner = change.found["owner_unit"]
    return {
        "number": f"反映{change.day.year}-{before + 1}", "due": last.isoformat(), "owner_name": owner.name,
    }  # fmt: skip


@admin_act(
    OPEN,
    "把反映强烈的问题列为任务",
    DECIDERS,
    (
        asked("title", "反映的问题", longest=120),
        asked("voices", "依据的投诉、意见", "multi", help="编号，多件用顿号隔开"),
        asked("demand", "办理要求", "longtext", longest=1000, help="写明做到什么程度算解决，不写提出人是谁"),
        asked("owner_unit", "责任机构", "unit"),
        asked("days", "办理期限（工作日）", "number", help="列为任务之日不计"),
    ),
    NORM,
    group="voices",
    help="任务进责任机构负责人的待办，临近和超期都有提醒",
    checks=sound_opening,
    secrecy="case",
    adds=opening,
)
def open_concern(change: Change) -> None:
    """What many spoke about is somebody's task."""
    Task.objects.create(
        id=change.act_id,
        agency=change.agency,
        kind=KIND,
        title=f"{change.data['number']}　{change.data['title']}"[:200],
        role=roles.UNIT_HEAD,
        unit=change.found["owner_unit"],
        due=date.fromisoformat(change.data["due"]),
        citation=str(NORM),
        opened_n=change.n,
        opened_at=change.now,
    )


def still_open(change: Change) -> list[Verdict]:
    """There is such a task and it is not done."""
    text = str(change.data.get("concern") or "")
    one = _named(change)
    if text and one is None:
        return [unmet("concern", NORM, f"本机关没有编号为“{text}”的任务", "照“反映强烈的问题”页填写编号")]
    if one and one.closed:
        fact = f"{text}已经在{cn_day(one.closed.isoformat())}销号"
        return [unmet("once", NORM, fact, "有新的问题，另列任务")]
    return []


def _named(change: Change) -> Concern | None:
    text = str(change.data.get("concern") or "")
    return next((one for one in concerns_in([change.agency.pk]) if one.number == text), None)


@admin_act(
    CLOSE,
    "反映强烈的问题销号",
    DECIDERS,
    (
        asked("concern", "任务编号", longest=30),
        asked("result", "怎样解决的", "longtext", longest=1000, help="做了什么，凭什么说已经解决"),
    ),
    NORM,
    group="voices",
    checks=still_open,
    secrecy="case",
)
def close_concern(change: Change) -> None:
    """Done, and how."""
    one = _named(change)
    assert one is not None  # `still_open` has refused
    Task.objects.filter(pk=one.id, closed_n=None).update(closed_n=change.n, closed_at=change.now)
