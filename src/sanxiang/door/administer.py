"""The same door for acts on the agency itself: people, posts, certificates, units, registers.

Each act is judged, written to the agency's own chain in the ledger, and only then are rows changed, in one transaction.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from sanxiang.door.gather import actor_in
from sanxiang.law.facts import Actor
from sanxiang.law.forms import clean
from sanxiang.law.guards import Refused, Verdict, role_name
from sanxiang.ledger.leaf import Entry, Signed, append, digest_of
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people import roles
from sanxiang.people.models import (
    Agency,
    Certificate,
    Entrustment,
    GrantedItem,
    Leave,
    Person,
    Post,
    Unit,
)
from sanxiang.people.signin import fold_username
from sanxiang.registers.models import Register, Release

CERTIFICATE_ARTICLE = "《行政处罚法》第四十二条"
SEPARATION = "GB/T 22239-2019 8.1.4.2（管理权限分离）"


@dataclass(frozen=True)
class Change:
    """What one administrative act is about to write."""

    agency: Agency
    data: Mapping[str, Any]
    n: int
    day: date


Writer = Callable[[Change], Any]


@dataclass(frozen=True)
class AdminAct:
    """An act on an agency: who may do it, what it must be told, and what it writes."""

    id: str
    label: str
    by: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]
    citation: str
    write: Writer
    secrecy: str = "person"


ACTS: dict[str, AdminAct] = {}


def admin_act(
    name: str, label: str, by: tuple[str, ...], needs: dict[str, str], citation: str, secrecy: str = "person"
) -> Callable[[Writer], Writer]:
    """Register a writer as an administrative act."""

    def register(write: Writer) -> Writer:
        ACTS[name] = AdminAct(name, label, by, tuple(needs.items()), citation, write, secrecy)
        return write

    return register


def administer(
    act: str, on: Agency, by: Person | None, data: Mapping[str, Any], *, now: datetime | None = None
) -> Any:
    """Do one act on an agency; returns the row it made or changed.

    `by` None is the operator at the console (set-up, imports). Raises Refused with every unmet verdict.
    """
    moment = now or timezone.now()
    rule = ACTS[act]
    with transaction.atomic():
        agency = Agency.objects.select_for_update().get(id=on.id)
        told = {k: clean(v) if isinstance(v, str) else v for k, v in data.items()}
        actor = actor_in(by, agency, timezone.localtime(moment).date()) if by else None
        verdicts = _judge(rule, actor, told)
        if any(not v.met for v in verdicts):
            raise Refused(verdicts)
        row = _write(rule, Change(agency, told, agency.n + 1, timezone.localtime(moment).date()))
        _append(rule, agency, by, actor, told, moment, row)
        return row


def _judge(rule: AdminAct, actor: Actor | None, data: Mapping[str, Any]) -> list[Verdict]:
    verdicts = [
        Verdict(
            f"field:{name}",
            data.get(name) not in (None, "", []),
            rule.citation,
            f"没有填写“{label}”",
            f"填写“{label}”",
        )
        for name, label in rule.needs
    ]
    if actor is not None:
        named = "、".join(map(role_name, rule.by))
        met = bool(actor.roles & set(rule.by))
        verdicts.append(
            Verdict(
                "role",
                met,
                SEPARATION,
                f"{rule.label}由{named}办理，{actor.name}没有这一岗位",
                f"请{named}办理",
            )
        )
    return verdicts


def _write(rule: AdminAct, change: Change) -> Any:
    """Write the rows; what the database refuses comes back as a refusal with its reason."""
    try:
        with transaction.atomic():
            return rule.write(change)
    except (IntegrityError, ValidationError) as error:
        text = "；".join(error.messages) if isinstance(error, ValidationError) else str(error).split("\n")[0]
        raise Refused(
            [
                Verdict(
                    "database",
                    False,
                    rule.citation,
                    f"{rule.label}与现有记录抵触：{text}",
                    "核对编号、期间和岗位是否重复",
                )
            ]
        ) from error


def _append(
    rule: AdminAct,
    agency: Agency,
    by: Person | None,
    actor: Actor | None,
    data: Mapping[str, Any],
    now: datetime,
    row: Any,
) -> LedgerAct:
    """Append to the agency's chain and move its head."""
    content: dict[str, tuple[Any, str]] = {
        k: (_plain(v), rule.secrecy) for k, v in data.items() if k != "password"
    }
    content["row"] = (str(getattr(row, "pk", "")), "case")
    role = next((r for r in rule.by if actor and r in actor.roles), "operator")
    who = Signed(
        by.id if by else None,
        by.name if by else "运维人员",
        role,
        timezone.localtime(now).date().isoformat(),
        now,
    )
    done = append(Entry("agency", agency.id, agency.n + 1, agency.head, rule.id, rule.label, content), who)
    agency.n, agency.head = done.n, done.leaf_hash
    agency.save()
    return done


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime, uuid.UUID)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value if isinstance(value, (str, int, bool, dict, type(None))) else str(value)


def day(value: Any) -> date | None:
    """A day given as text or as a date; blank is none."""
    return given_day(value) if value else None


def given_day(value: Any) -> date:
    """A day that must be there. Raises ValidationError, which comes back as a refusal."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValidationError(f"“{value}”不是有效的日期，请写成 2026-11-21 的形式") from None


def create_agency(
    data: Mapping[str, Any], *, by: Person | None = None, now: datetime | None = None
) -> Agency:
    """A new agency, its chain beginning with its own registration."""
    moment = now or timezone.now()
    with transaction.atomic():
        agency = Agency.objects.create(**data)
        content = {k: (_plain(v.pk if isinstance(v, Agency) else v), "case") for k, v in data.items()}
        who = Signed(
            by.id if by else None,
            by.name if by else "运维人员",
            "operator",
            timezone.localtime(moment).date().isoformat(),
            moment,
        )
        done = append(Entry("agency", agency.id, 1, "", "register-agency", "登记执法机关", content), who)
        Agency.objects.filter(id=agency.id).update(n=done.n, head=done.leaf_hash)
    agency.refresh_from_db()
    return agency


@admin_act("change-agency", "变更执法机关信息", (roles.SYSTEM_ADMIN,), {}, SEPARATION, "case")
def change_agency(change: Change) -> Agency:
    """Change what the agency's papers print: address, phones, account, remedies."""
    allowed = {
        "name",
        "short",
        "address",
        "phone",
        "complaint_phone",
        "account",
        "review_body",
        "court",
        "uscc",
        "active",
        "locality",
    }
    values = {k: v for k, v in change.data.items() if k in allowed}
    # `_append` saves the agency with its new number: the database takes a change only together with that.
    for name, value in values.items():
        setattr(change.agency, name, value)
    return change.agency


@admin_act("add-unit", "设立内设机构", (roles.SYSTEM_ADMIN,), {"name": "名称"}, SEPARATION, "case")
def add_unit(change: Change) -> Unit:
    """A unit of the agency."""
    keys = ("name", "kind", "is_legal_organ", "is_enforcement", "parent")
    return Unit.objects.create(
        agency=change.agency, n=change.n, **{k: change.data[k] for k in keys if k in change.data}
    )


@admin_act(
    "add-person", "建立人员账号", (roles.SYSTEM_ADMIN,), {"username": "账号", "name": "姓名"}, SEPARATION
)
def add_person(change: Change) -> Person:
    """An account without any post: it can sign in and do nothing until the security administrator grants a post."""
    data = change.data
    person = Person(
        username=fold_username(data["username"]), name=data["name"], phone=data.get("phone", ""), n=change.n
    )
    if data.get("password_hash"):
        person.password = data["password_hash"]
    else:
        person.set_password(data.get("password"))
    if data.get("qualification_number"):
        person.has_legal_qualification, person.qualification_number = True, data["qualification_number"]
    person.save(force_insert=True)
    return person


@admin_act(
    "grant-post",
    "授予岗位",
    (roles.SECURITY_ADMIN,),
    {"person": "人员", "role": "岗位", "valid_from": "任职起"},
    SEPARATION,
)
def grant_post(change: Change) -> Post:
    """A role in the agency, with dates."""
    data = change.data
    return Post.objects.create(
        person_id=_id(data["person"]),
        agency=change.agency,
        unit_id=_id(data.get("unit")),
        role=data["role"],
        title=data.get("title", ""),
        valid_from=given_day(data["valid_from"]),
        valid_until=day(data.get("valid_until")),
        n=change.n,
    )


@admin_act(
    "end-post", "免去岗位", (roles.SECURITY_ADMIN,), {"post": "任职", "valid_until": "任职止"}, SEPARATION
)
def end_post(change: Change) -> Post:
    """A post ends on a day."""
    post = Post.objects.get(id=_id(change.data["post"]), agency=change.agency)
    Post.objects.filter(id=post.id).update(
        valid_until=day(change.data["valid_until"]), n=max(change.n, post.n + 1)
    )
    post.refresh_from_db()
    return post


@admin_act(
    "record-leave",
    "登记离岗代理",
    (roles.SECURITY_ADMIN, roles.UNIT_HEAD),
    {"person": "人员", "valid_from": "离岗起"},
    SEPARATION,
)
def record_leave(change: Change) -> Leave:
    """Days off duty, with a deputy."""
    data = change.data
    return Leave.objects.create(
        person_id=_id(data["person"]),
        deputy_id=_id(data.get("deputy")),
        valid_from=given_day(data["valid_from"]),
        valid_until=day(data.get("valid_until")),
        n=change.n,
    )


@admin_act(
    "issue-certificate",
    "登记执法证件",
    (roles.SECURITY_ADMIN, roles.SUPERVISOR),
    {
        "person": "人员",
        "number": "证件编号",
        "kind": "证件名称",
        "valid_from": "有效期起",
        "valid_until": "有效期止",
    },
    CERTIFICATE_ARTICLE,
)
def issue_certificate(change: Change) -> Certificate:
    """A certificate as issued."""
    data = change.data
    return Certificate.objects.create(
        person_id=_id(data["person"]),
        number=data["number"],
        kind=data["kind"],
        categories=list(data.get("categories") or []),
        area=list(data.get("area") or []),
        valid_from=given_day(data["valid_from"]),
        valid_until=given_day(data["valid_until"]),
        inspected_until=day(data.get("inspected_until")),
        exam_passed_on=day(data.get("exam_passed_on")),
        n=change.n,
    )


@admin_act(
    "change-certificate",
    "变更执法证件状态",
    (roles.SECURITY_ADMIN, roles.SUPERVISOR),
    {"certificate": "证件"},
    CERTIFICATE_ARTICLE,
)
def change_certificate(change: Change) -> Certificate:
    """Annual inspection, suspension, revocation, renewal."""
    row = Certificate.objects.get(id=_id(change.data["certificate"]))
    keys = ("valid_until", "inspected_until", "suspended_from", "suspended_until", "revoked_on")
    values = {k: day(change.data[k]) for k in keys if k in change.data}
    Certificate.objects.filter(id=row.id).update(**values, n=max(change.n, row.n + 1))
    row.refresh_from_db()
    return row


@admin_act(
    "entrust",
    "登记委托执法",
    (roles.AGENCY_HEAD, roles.SYSTEM_ADMIN),
    {"agreement_number": "委托协议编号", "valid_from": "委托起"},
    "《行政处罚法》第二十条",
    "case",
)
def entrust(change: Change) -> Entrustment:
    """A written entrustment with items and a time."""
    data = change.data
    return Entrustment.objects.create(
        agency=change.agency,
        body_id=_id(data.get("body")),
        unit_id=_id(data.get("unit")),
        agreement_number=data["agreement_number"],
        items=list(data.get("items") or []),
        valid_from=given_day(data["valid_from"]),
        valid_until=day(data.get("valid_until")),
        n=change.n,
    )


@admin_act(
    "grant-item",
    "登记赋权事项",
    (roles.SYSTEM_ADMIN,),
    {"item_code": "事项编码", "label": "事项名称", "basis": "赋权依据", "valid_from": "赋权起"},
    "《行政处罚法》第二十四条",
    "case",
)
def grant_item(change: Change) -> GrantedItem:
    """An item that the province gave to a town."""
    data = change.data
    return GrantedItem.objects.create(
        agency=change.agency,
        item_code=data["item_code"],
        label=data["label"],
        basis=data["basis"],
        valid_from=given_day(data["valid_from"]),
        valid_until=day(data.get("valid_until")),
        n=change.n,
    )


@admin_act(
    "release-register",
    "发布清单版本",
    (roles.LEGAL_REVIEWER, roles.SYSTEM_ADMIN, roles.SUPERVISOR),
    {"kind": "清单", "label": "清单名称", "rows": "内容", "in_force_from": "施行日期"},
    "《行政处罚法》第三十九条",
    "case",
)
def release_register(change: Change) -> Release:
    """A dated release of a register; the releases before it stay."""
    data = change.data
    register, _ = Register.objects.get_or_create(
        agency=change.agency,
        kind=data["kind"],
        defaults={"label": data["label"], "n": change.n, "head": change.agency.head},
    )
    version = Release.objects.filter(register=register).count() + 1
    release = Release.objects.create(
        register=register,
        version=version,
        in_force_from=given_day(data["in_force_from"]),
        rows=list(data["rows"]),
        digest=digest_of(list(data["rows"])),
        note=data.get("note", ""),
        act=uuid.uuid4(),
        n=change.n,
    )
    if register.n < change.n:
        Register.objects.filter(id=register.id).update(n=change.n, label=data["label"])
    return release


def _id(value: Any) -> Any:
    return getattr(value, "pk", value) or None
