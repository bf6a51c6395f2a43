"""公示信息抽查: a supervisor opens what was published and files a finding; its owner puts it right; the supervisor looks again and closes.

东营区的方案 二（一）1 and 桓台县的 二（一）3 name supervision beside vetting and correction.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sanxiang.door import gather
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.models import Task
from sanxiang.door.pinned import current
from sanxiang.door.said import Told, said_by
from sanxiang.door.voices.subjects import ABOUT, COMPLAINT, DECISION, LIST, desk_of, subject_of
from sanxiang.law.blocks import Citation
from sanxiang.law.clock import due
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act
from sanxiang.people import roles

FILE, SETTLE, CLOSE = "file-spot-check", "settle-spot-check", "close-spot-check"
NAMES = (FILE, SETTLE, CLOSE)
ACCURATE = Citation("政府信息公开条例", "第六条")
DUTY = Citation("政府信息公开条例", "第四十七条")
OWNERS = {DECISION: roles.DISCLOSURE_EDITOR, LIST: roles.LEGAL_REVIEWER}
"""Whose task it is: who prepares the texts of decisions, and who issues lists."""
TO_FIX = "改正抽查发现的问题"
FIXED, RIGHT = "fixed", "right"
SETTLED = {FIXED: "已经更正", RIGHT: "经核对无误，说明理由"}
ACCEPTED, AGAIN = "accepted", "again"
CLOSED = {ACCEPTED: "认可，销号", AGAIN: "没有改好，退回重办"}


@dataclass(frozen=True)
class SpotCheck:
    """A finding with all that was done about it."""

    id: UUID
    number: str
    agency: UUID
    about: str
    key: str
    title: str
    version: str
    finding: str
    on: date
    by: str
    due: str
    outcome: str = ""
    told: str = ""
    settled_on: date | None = None
    closed_on: date | None = None

    @property
    def state(self) -> str:
        """待改正, 待复核, 已销号."""
        return "已销号" if self.closed_on else "待复核" if self.outcome else "待改正"

    def late(self, today: date) -> bool:
        """Was its owner late, or is?"""
        return bool(self.due) and not self.closed_on and self.due < (self.settled_on or today).isoformat()


def checks_in(agencies: Collection[UUID]) -> list[SpotCheck]:
    """The findings about these agencies, newest first. Two queries."""
    return folded(said_by(NAMES, agencies))


def folded(told: Iterable[Told]) -> list[SpotCheck]:
    """Each finding as the acts in their order made it, newest first."""
    found: dict[tuple[UUID, str], SpotCheck] = {}
    for act, said in told:
        on = date.fromisoformat(act.on[:10])
        key = (act.subject, str(said.get("number") or said.get("check") or ""))
        if act.name == FILE:
            found[key] = _filed(act, said, on)
        elif act.name == SETTLE and key in found:
            outcome, text = str(said.get("outcome")), str(said.get("told") or "")
            found[key] = replace(found[key], outcome=outcome, told=text, settled_on=on)
        elif key in found:
            accepted = said.get("result") == ACCEPTED
            found[key] = replace(found[key], closed_on=on) if accepted else replace(found[key], outcome="")
    return list(found.values())[::-1]


def _filed(act: Act, said: Mapping[str, Any], on: date) -> SpotCheck:
    names = ("number", "about", "key", "title", "version", "finding", "due")
    number, about, key, title, version, finding, last = (str(said.get(name) or "") for name in names)
    return SpotCheck(act.id, number, act.subject, about, key, title, version, finding, on, act.by_name, last)


def sound_finding(change: Change) -> list[Verdict]:
    """It is about something of this agency's that stands in public."""
    about, key = (str(change.data.get(name) or "") for name in ("about", "key"))
    found = subject_of(about, key, change.day) if about and key else None
    if about and key and (found is None or found.agency.pk != change.agency.pk):
        fact = f"{change.agency.name}没有公示过这一{ABOUT.get(about, '内容')}"
        return [unmet("key", ACCURATE, fact, "从“公示抽查”页的清单里选，或者照公示页面的网址填写编号")]
    return []


def numbered(change: Change) -> dict[str, Any]:
    """Number, the item as it stands, and until when it is put right, where the scheme says."""
    about, key = str(change.data["about"]), str(change.data["key"])
    found = subject_of(about, key, change.day)
    assert found is not None  # `sound_finding` has refused
    rows = Act.objects.filter(kind="agency", subject=change.agency.pk, name=FILE)
    before = rows.filter(on__startswith=str(change.day.year)).count()
    days = int(current(change.agency.locality).setting("correction.limit", 0) or 0)
    last = due(gather.calendar(), change.day, days, "working").date.isoformat() if days else ""
    return {
        "number": f"抽查{change.day.year}-{before + 1}", "key": found.key, "title": found.title,
        "version": found.version, "due": last,
    }  # fmt: skip


@admin_act(
    FILE,
    "登记公示抽查意见",
    (roles.SUPERVISOR,),
    (
        asked("about", "抽查的内容", "choice", options={kind: ABOUT[kind] for kind in OWNERS}),
        asked("key", "编号", longest=120, help="公示页面网址里的编号"),
        asked(
            "finding", "发现的问题", "longtext", longest=1000, help="哪一处不准确、不完整、不及时，应当是什么"
        ),
    ),
    DUTY,
    group="voices",
    checks=sound_finding,
    secrecy="case",
    adds=numbered,
)
def file_check(change: Change) -> None:
    """The finding is its owner's task."""
    owner = change.agency.pk, OWNERS[change.data["about"]]
    _waits(change, change.act_id, change.data, owner, TO_FIX)


def _waits(change: Change, key: UUID, told: Any, whose: tuple[UUID, str], title: str) -> None:
    agency, role = whose
    last = str(told.get("due") or "")
    Task.objects.update_or_create(
        id=key,
        defaults={
            "agency_id": agency, "kind": FILE, "title": f"{title}：{told['number']}", "role": role,
            "due": date.fromisoformat(last) if last else None, "citation": str(ACCURATE)[:120],
            "opened_n": change.n, "opened_at": change.now, "closed_n": None, "closed_at": None,
        },
    )  # fmt: skip


def named(change: Change) -> SpotCheck | None:
    """The finding that an act names."""
    text = str(change.data.get("check") or "")
    return next((one for one in checks_in([change.agency.pk]) if one.number == text), None)


def _there(change: Change, state: str) -> list[Verdict]:
    text, one = str(change.data.get("check") or ""), named(change)
    if text and one is None:
        return [unmet("check", DUTY, f"本机关没有编号为“{text}”的抽查意见", "照“公示抽查”页填写编号")]
    if one and one.state != state:
        return [unmet("state", DUTY, f"{text}现在{one.state}", f"{state}的才能办理这一步")]
    return []


def may_settle(change: Change) -> list[Verdict]:
    """By its owner, and what is said to be put right stands otherwise than it stood."""
    verdicts, one = _there(change, "待改正"), named(change)
    if one is None or verdicts:
        return verdicts
    if change.actor is not None and OWNERS[one.about] not in change.actor.roles:
        fact = "这一内容不归您的岗位改正"
        verdicts.append(unmet("owner", DUTY, fact, "请负责公示这一内容的人员办理"))
    found = subject_of(one.about, one.key, change.day)
    if change.data.get("outcome") == FIXED and found is not None and found.version == one.version:
        fact = f"“{one.title}”与抽查时一样，没有改动"
        verdicts.append(unmet("fixed", ACCURATE, fact, "先撤回后重新公示，或者发布清单的新版本"))
    return verdicts


def after(change: Change) -> dict[str, Any]:
    """How the item stands now."""
    one = named(change)
    assert one is not None
    found = subject_of(one.about, one.key, change.day)
    return {"version": found.version if found else ""}


@admin_act(
    SETTLE,
    "回复公示抽查意见",
    tuple(dict.fromkeys(OWNERS.values())),
    (
        asked("check", "抽查编号", longest=30),
        asked("outcome", "结果", "choice", options=SETTLED),
        asked("told", "怎样改正的，或者为什么无误", "longtext", longest=1000),
    ),
    ACCURATE,
    group="voices",
    checks=may_settle,
    secrecy="case",
    adds=after,
)
def settle_check(change: Change) -> None:
    """The supervisor looks again."""
    one = named(change)
    assert one is not None
    _waits(
        change,
        one.id,
        {"number": one.number},
        desk_of(COMPLAINT, change.agency, change.day),
        "复核抽查意见的改正",
    )


def may_close(change: Change) -> list[Verdict]:
    """Its owner has answered."""
    return _there(change, "待复核")


@admin_act(
    CLOSE,
    "复核公示抽查意见",
    (roles.SUPERVISOR,),
    (asked("check", "抽查编号", longest=30), asked("result", "复核", "choice", options=CLOSED)),
    DUTY,
    group="voices",
    checks=may_close,
    secrecy="case",
)
def close_check(change: Change) -> None:
    """Accepted, or back to its owner."""
    one = named(change)
    assert one is not None
    if change.data["result"] == ACCEPTED:
        Task.objects.filter(pk=one.id, closed_n=None).update(closed_n=change.n, closed_at=change.now)
    else:
        owner = change.agency.pk, OWNERS[one.about]
        _waits(change, one.id, {"number": one.number, "due": one.due}, owner, TO_FIX)
