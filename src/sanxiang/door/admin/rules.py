"""What an act on an agency is made of: who may do it, what it asks, under which article, what it checks and writes.

The form is that of the acts on cases (`law.rules.Act`), so that one parser and one page serve both. The acts themselves
stand in `admin_agency`, `admin_certificates`, `admin_numbers`, `admin_people`, `admin_registers`, `lending` and `machine`, one
idea a module.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from sanxiang.law.blocks import Citation
from sanxiang.law.facts import Actor
from sanxiang.law.guards import Verdict
from sanxiang.law.rules import Act, Field
from sanxiang.people import roles
from sanxiang.people.models import Agency, Person
from sanxiang.speech import cn_day, role_name

CERTIFICATES = Citation("行政处罚法", "第四十二条")
PUBLICITY = Citation("行政处罚法", "第四十八条")
SEPARATION = Citation("GB/T 22239-2019", " 8.1.4.2（管理权限分离）", "operator")

GROUPS = {
    "agency": "机关与机构",
    "people": "人员与账号",
    "posts": "岗位与离岗",
    "certificates": "执法证件",
    "registers": "清单",
    "numbers": "文号",
    "archives": "案卷保管",
    "devices": "音像设备",
    "venues": "音像记录场所",
    "evaluation": "案卷评查",
    "accesses": "调阅监督",
    "oversight": "监督和改进",
    "requests": "查阅、复制申请",
    "exchange": "数据交换",
    "voices": "投诉和意见",
    "inspection": "双随机抽查",
    "information": "依申请公开",
}
"""Under these headings pages list the acts."""

SECRETS = ("password", "password_hash")
"""What an act may be told and the ledger must never hear."""


@dataclass(frozen=True)
class Change:
    """What one administrative act is about to write."""

    agency: Agency
    data: Mapping[str, Any]
    n: int
    now: datetime
    act_id: uuid.UUID
    found: Mapping[str, Any] = field(default_factory=dict)
    """The rows that the references in `data` lead to, by field."""
    secret: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    """What a change starts from."""
    by: Person | None = None
    actor: Actor | None = None
    stranger: str = ""
    """The name of somebody without an account who acts through the intake."""
    channel: str = ""
    """The way by which it came, where that matters: `inbound` is another system that hands in what it says itself."""

    @property
    def day(self) -> date:
        """The day of the act."""
        return timezone.localtime(self.now).date()

    def value(self, name: str) -> Any:
        """How a field will stand after the act."""
        return self.data[name] if name in self.data else self.before.get(name)


Writer = Callable[[Change], Any]
Check = Callable[[Change], list[Verdict]]
Current = Callable[[Agency, Mapping[str, Any]], dict[str, Any]]
Adds = Callable[[Change], Mapping[str, Any]]


@dataclass(frozen=True)
class AdminAct:
    """An act on an agency.

    `checks` says everything that stands in its way beyond roles and blanks; it must bear missing data. `current` gives
    the values that a change starts from: what is told again unchanged is no change. `target` names the field that says
    which row is meant; a page asks for it first. `adds` is what the program itself finds and the ledger keeps beside what was said.
    """

    rule: Act
    write: Writer
    checks: Check
    current: Current | None
    target: str
    secrecy: str
    takes_secret: bool
    adds: Adds | None = None
    public: tuple[str, ...] = ()
    """What of it anybody may read, where the rest is under `secrecy`."""

    @property
    def id(self) -> str:
        """Its name in the ledger and on the command line."""
        return self.rule.id

    @property
    def label(self) -> str:
        """What people call it."""
        return self.rule.label

    @property
    def by(self) -> tuple[str, ...]:
        """The roles that may do it."""
        return self.rule.by

    @property
    def citation(self) -> str:
        """Under which article."""
        return str(self.rule.citation)

    @property
    def group(self) -> str:
        """The heading under which pages list it."""
        return self.rule.group


ACTS: dict[str, AdminAct] = {}

INBOUND = "inbound"
"""The channel of what another system hands in."""

PREPARE, RELEASE, WITHDRAW = "prepare-imported", "release-imported", "withdraw-imported"
RECORD_ACTS: dict[str, Act] = {
    name: Act(name, label, (), ("*",), PUBLICITY, by=by, today_only=True, group="公示")
    for name, label, by in (
        (PREPARE, "提交核对后的历史公示文本", (roles.DISCLOSURE_EDITOR,)),
        (RELEASE, "确认并公示历史记录", (roles.DISCLOSURE_APPROVER,)),
        # An organ that was wronged by an old publication asks its head, who need not wait for the editors.
        (WITHDRAW, "撤回历史公示信息", (roles.DISCLOSURE_APPROVER, roles.AGENCY_HEAD)),
    )
}
"""What is done to imported records: `imported` and `historical` do it, this says who may."""


def nothing_more(change: Change) -> list[Verdict]:
    """No check beyond roles and blanks."""
    return []


def admin_act(
    name: str,
    label: str,
    by: tuple[str, ...],
    fields: tuple[Field, ...],
    citation: Citation,
    *,
    group: str,
    help: str = "",
    checks: Check = nothing_more,
    current: Current | None = None,
    target: str = "",
    secrecy: str = "person",
    takes_secret: bool = False,
    adds: Adds | None = None,
    public: tuple[str, ...] = (),
) -> Callable[[Writer], Writer]:
    """Register a writer as an administrative act."""
    rule = Act(
        name, label, (), ("*",), citation, by=by, fields=fields, today_only=True, group=group, help=help
    )

    def register(write: Writer) -> Writer:
        ACTS[name] = AdminAct(rule, write, checks, current, target, secrecy, takes_secret, adds, public)
        return write

    return register


def role_held(rule: Act, actor: Actor, citation: str) -> Verdict:
    """Does the actor hold one of the roles that may do this?"""
    named = "、".join(map(role_name, rule.by))
    met = bool(actor.roles & set(rule.by))
    fact = f"{rule.label}由{named}办理，{actor.name}{'有' if met else '在本机关没有'}这一岗位"
    return Verdict("role", met, citation, fact, f"请{named}办理")


def role_in(rule: Act, actor: Actor) -> str:
    """The role in which the actor does it, the first that the rule names; empty without one."""
    return next((role for role in rule.by if role in actor.roles), "")


def asked(
    name: str,
    label: str,
    type: str = "text",
    *,
    required: bool = True,
    options: Mapping[str, str] | None = None,
    help: str = "",
    default: Any = None,
    longest: int = 0,
) -> Field:
    """A field of an administrative act. Types beyond those of packs are references: unit, post, certificate …"""
    return Field(
        name,
        label,
        type,
        required,
        tuple((options or {}).items()),
        help=help,
        default=default,
        max_length=longest,
    )


def unmet(guard: str, citation: Citation, fact: str, cure: str) -> Verdict:
    """Something that stands in the way."""
    return Verdict(guard, False, str(citation), fact, cure)


def day(value: Any) -> date | None:
    """A day given as ISO text or as a date; blank is none."""
    return given_day(value) if value else None


def given_day(value: Any) -> date:
    """A day that must be there. Raises ValidationError, which comes back as a refusal."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValidationError(f"“{value}”不是有效的日期，请写成 2026-11-21 的形式") from None


def backwards(
    change: Change, citation: Citation, what: str, first: str = "valid_from", last: str = "valid_until"
) -> list[Verdict]:
    """A period that would end before it begins; `what` is how its days are called ("任职")."""
    begins, ends = change.value(first), change.value(last)
    if not begins or not ends or str(begins) <= str(ends):
        return []
    return [unmet("period", citation, f"{what}止{cn_day(ends)}早于{what}起{cn_day(begins)}", "核对起止日期")]
