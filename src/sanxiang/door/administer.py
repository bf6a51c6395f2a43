"""The same door for acts on the agency itself: people, posts, certificates, units, registers.

Each act is read, judged, written to the rows and to the agency's own chain in the ledger, in one transaction. What an
act asks and writes stands in the modules imported here; this one says in which order.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from sanxiang.door import machine
from sanxiang.door.admin import certificates as admin_certificates
from sanxiang.door.admin import maps
from sanxiang.door.admin import numbers as admin_numbers
from sanxiang.door.admin import people as admin_people
from sanxiang.door.admin.agency import create_agency
from sanxiang.door.admin.references import REFERENCES, Scope
from sanxiang.door.admin.rules import ACTS, SECRETS, SEPARATION, AdminAct, Change, role_held
from sanxiang.door.arriving import going_live
from sanxiang.door.asking import acts as asking
from sanxiang.door.attempts import OPERATOR, Unreadable, attempt
from sanxiang.door.before import annual
from sanxiang.door.before import charts as before_charts
from sanxiang.door.exchange import connectors, mirrors, online, receipts
from sanxiang.door.exchange import items as outgoing_items
from sanxiang.door.exchange import roster as outgoing_roster
from sanxiang.door.files import copies, file_requests, handing_over, lending, third_parties
from sanxiang.door.gather import actor_in
from sanxiang.door.inspection import drawing, plans, ratings, results, taking_back
from sanxiang.door.looks import access_answers
from sanxiang.door.perform import Unknown
from sanxiang.door.recording import defence, docking, equipment, explained, field_devices, record_uses, venues
from sanxiang.door.registers import changing, drafting, filing, releasing, reviewing, rule_documents
from sanxiang.door.voices import acts as voices
from sanxiang.door.voices import concerns, retention, spot_checks
from sanxiang.law import forms
from sanxiang.law.facts import Actor
from sanxiang.law.guards import Refused, Verdict
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.authority import Duties, agencies_reached, duties_of
from sanxiang.people.models import Agency, Person

__all__ = ["ACTS", "AdminAct", "Unknown", "Unreadable", "actor_over", "administer", "create_agency"]

MODULES = (
    access_answers,
    changing,
    drafting,
    filing,
    admin_certificates,
    admin_numbers,
    admin_people,
    connectors,
    releasing,
    copies,
    defence,
    docking,
    drawing,
    equipment,
    explained,
    file_requests,
    field_devices,
    going_live,
    handing_over,
    lending,
    machine,
    maps,
    mirrors,
    online,
    outgoing_items,
    receipts,
    plans,
    ratings,
    record_uses,
    results,
    reviewing,
    rule_documents,
    taking_back,
    third_parties,
    venues,
    annual,
    before_charts,
    voices,
    asking,
    concerns,
    retention,
    spot_checks,
)
"""Imported so that their acts are known."""

PARTS = re.compile(r"[、，,;；\s]+")
BLANK: tuple[Any, ...] = (None, "", [], {})
LONGEST_CELL = 2000

CLASHES = {
    "people_person.username": "账号已经有人使用",
    "people_person_username": "账号已经有人使用",
    "people_person_qualification": "没有法律职业资格证号",
    "people_agency.name": "机关名称已由其他机关使用",
    "people_agency_name": "机关名称已由其他机关使用",
    "people_agency.short": "机关代字已由其他机关使用",
    "people_agency_short": "机关代字已由其他机关使用",
    "people_agency.uscc": "统一社会信用代码已由其他机关使用",
    "people_agency_uscc": "统一社会信用代码已由其他机关使用",
    "people_unit.name": "本机关已有同名机构",
    "people_unit_name": "本机关已有同名机构",
    "people_certificate.number": "证件编号已经登记过",
    "people_certificate_number": "证件编号已经登记过",
    "people_granteditem.item_code": "这一事项同日已经登记过",
    "people_granted_item": "这一事项同日已经登记过",
    "people_post_no_deputy_admin": "管理岗位不能由他人代理",
    "_period": "止期早于起期",
    "people_certificate_suspension": "暂扣止早于暂扣起",
}
"""What the database objects to, by a word of its message on either database; the checks before it say most of it first."""


@dataclass(frozen=True)
class Told:
    """What somebody said, read: plain data, the rows it points at, what must stay out of the ledger."""

    data: dict[str, Any]
    found: dict[str, Any] = field(default_factory=dict)
    secret: dict[str, str] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)


def administer(
    act: str,
    on: Agency,
    by: Person | None,
    data: Mapping[str, Any],
    *,
    now: datetime | None = None,
    channel: str = "",
    act_id: uuid.UUID | None = None,
    stranger: str = "",
) -> Any:
    """Do one act on an agency; returns the row it made or changed.

    `stranger` is the name of somebody without an account, for whom the intake knocks.

    `by` None is the operator at the console (set-up, imports). Raises Unreadable (input by field), Refused (every unmet
    verdict, kept as a refused attempt) or Unknown. A caller who may knock twice gives the act its id: the second knock
    then ends in IntegrityError, or in the refusal that the first one brought about, and writes nothing.
    """
    rule, moment = known(act), now or timezone.now()
    with attempt(rule.id, by, now=moment, channel=channel or ("page" if by else "command"), agency=on.id):
        change = _read(rule, on, by, data, moment, act_id or uuid.uuid4())
        change = replace(change, stranger=stranger, channel=channel)
        verdicts = judge(rule, change)
        if any(not v.met for v in verdicts):
            raise Refused(verdicts)
        if rule.adds:
            change = replace(change, data={**change.data, **rule.adds(change)})
        row = _write(rule, change)
        _append(rule, change, row)
        outgoing_roster.after(rule.id, change.agency, row, change.act_id)
        return row


def _read(
    rule: AdminAct, on: Agency, by: Person | None, data: Mapping[str, Any], now: datetime, act_id: uuid.UUID
) -> Change:
    """The agency, locked, with what is to be done to it. Two acts at once must not take the same number."""
    agency = Agency.objects.select_for_update().get(id=on.id)
    actor, scope = actor_over(by, agency, timezone.localtime(now).date()) if by else (None, None)
    told = read(rule, agency, scope, data)
    return Change(
        agency, told.data, agency.n + 1, now, act_id, told.found, told.secret, told.before, by, actor
    )


def known(act: str) -> AdminAct:
    """The act of that name. Raises Unknown with the names there are."""
    if act not in ACTS:
        raise Unknown(f"没有“{act}”这个管理动作；可用：{'、'.join(ACTS)}")
    return ACTS[act]


def actor_over(
    by: Person, agency: Agency, on: date, duties: Duties | None = None
) -> tuple[Actor, frozenset[uuid.UUID]]:
    """The person with every role that counts over this agency, and the agencies in which they have a say."""
    duties = duties or duties_of(by, on)
    reached = agencies_reached(by, on, duties)
    here = actor_in(by, agency, on, duties=duties)
    above = frozenset(role for role, keys in reached.items() if agency.pk in keys)
    scope = frozenset({agency.pk}).union(*(keys for role, keys in reached.items() if role in above))
    return Actor(**{**vars(here), "roles": here.roles | above}), scope


# Reading.


def read(rule: AdminAct, agency: Agency, scope: Scope, data: Mapping[str, Any]) -> Told:
    """What was said, in canonical form. Raises Unreadable with every field that cannot be read."""
    secret = {k: str(data[k]) for k in SECRETS if rule.takes_secret and data.get(k)}
    raw = {k: plain(v) for k, v in data.items() if not (rule.takes_secret and k in SECRETS)}
    rows = {f.name: raw.pop(f.name, None) for f in rule.rule.fields if f.type == "rows"}
    parsed, errors = forms.parse(rule.rule, raw)
    errors |= {k: f"{rule.label}没有“{k}”这一项，请删去" for k in ("on", "reason_for_access") if k in raw}
    for item in rule.rule.fields:
        # One text lists several with signs between them; what comes as a list is several already.
        if (
            item.type == "multi"
            and not item.options
            and isinstance(raw.get(item.name), str)
            and item.name in parsed
        ):
            parsed[item.name] = [part for text in parsed[item.name] for part in PARTS.split(text) if part]
        if item.type == "rows" and rows[item.name] not in BLANK:
            parsed[item.name], wrong = rows_of(rows[item.name])
            errors |= {item.name: f"{item.label}：{wrong}"} if wrong else {}
    found = pointed_at(rule, agency, scope, data, parsed, errors)
    if errors:
        raise Unreadable(errors)
    before: dict[str, Any] = {}
    if rule.current and (not rule.target or rule.target in found):
        before = rule.current(agency, found)
        parsed = differing(rule, raw, parsed, before)
    return Told(parsed, found, secret, before)


def plain(value: Any) -> Any:
    """Rows as their keys, days and keys as text."""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, (date, uuid.UUID)):
        return value.isoformat() if isinstance(value, date) else str(value)
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def rows_of(value: Any) -> tuple[list[dict[str, Any]], str]:
    """The rows of a register: any columns, plain values; and what is wrong with them."""
    if not isinstance(value, list) or any(not isinstance(row, Mapping) for row in value):
        return [], "应为若干行，每行是“栏目: 值”"
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(value, 1):
        cells = {forms.clean(str(k)): v for k, v in row.items()}
        if any(v is not None and not isinstance(v, (str, int, float, bool)) for v in cells.values()):
            return [], f"第 {number} 行有的栏目不是文字或数字"
        texts = {k: forms.clean(v) if isinstance(v, str) else v for k, v in cells.items()}
        if any(isinstance(v, str) and len(v) > LONGEST_CELL for v in texts.values()):
            return [], f"第 {number} 行有一格超过 {LONGEST_CELL} 个字"
        if filled := {
            k: str(v) if isinstance(v, float) else v for k, v in texts.items() if k and v not in BLANK
        }:
            rows.append(filled)
    return rows, ""


def pointed_at(
    rule: AdminAct,
    agency: Agency,
    scope: Scope,
    data: Mapping[str, Any],
    parsed: dict[str, Any],
    errors: dict[str, str],
) -> dict[str, Any]:
    """The rows that references lead to; `parsed` gets their keys, `errors` a sentence for what is not there."""
    found: dict[str, Any] = {}
    for item in rule.rule.fields:
        value = parsed.get(item.name)
        if item.type not in REFERENCES or not value:
            continue
        given = data[item.name]
        row = (
            given
            if scope is None and isinstance(given, models.Model)
            else REFERENCES[item.type].find(str(value), agency, scope)
        )
        if row is None:
            errors[item.name] = f"{item.label}：没有“{value}”，或不在管理范围之内，请重新选择"
        else:
            found[item.name] = row
            parsed[item.name] = str(row.pk) if isinstance(row, models.Model) else row
    return found


def differing(
    rule: AdminAct, raw: Mapping[str, Any], parsed: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Only what changes; a value that was there and is now told blank is cleared."""
    kept = {rule.target: parsed[rule.target]} if rule.target else {}
    for item in rule.rule.fields:
        if item.name == rule.target or item.name not in raw:
            continue
        value, was = parsed.get(item.name), before.get(item.name)
        if value != was and not (value in BLANK and was in BLANK):
            kept[item.name] = value
    return kept


# Judging.


def judge(rule: AdminAct, change: Change) -> list[Verdict]:
    """Every verdict: blanks, who may do it, and what the act itself checks."""
    verdicts = [
        Verdict(f"field:{f.name}", False, rule.citation, f"没有填写“{f.label}”", f"填写“{f.label}”")
        for f in rule.rule.fields
        if f.required and change.value(f.name) in BLANK and f.name not in change.found
    ]
    if rule.current and set(change.data) <= {rule.target}:
        verdicts.append(
            Verdict("nothing", False, rule.citation, "与现有登记相同，没有任何改动", "改动有变化的项再提交")
        )
    if change.actor is not None:
        verdicts.append(role_held(rule.rule, change.actor, str(SEPARATION)))
    return verdicts + rule.checks(change)


# Writing.


def _write(rule: AdminAct, change: Change) -> Any:
    """Write the rows; what the database refuses comes back as a refusal with its reason."""
    try:
        with transaction.atomic():
            return rule.write(change)
    except (IntegrityError, ValidationError) as error:
        fact = f"{rule.label}与现有记录抵触：{reason_of(error)}"
        raise Refused(
            [Verdict("database", False, rule.citation, fact, "核对编号、期间和岗位是否重复")]
        ) from error


def reason_of(error: IntegrityError | ValidationError) -> str:
    """What the database or a rule of a row objects to, in Chinese."""
    if isinstance(error, ValidationError):
        return "；".join(error.messages)
    text = str(error).split("\n")[0]
    return next((said for word, said in CLASHES.items() if word in text), text)


def _append(rule: AdminAct, change: Change, row: Any) -> LedgerAct:
    """Append to the agency's chain and move its head. Secrets are not in the data, so never in the leaf."""
    content: dict[str, tuple[Any, str]] = {
        k: (v, "public" if k in rule.public else rule.secrecy) for k, v in change.data.items()
    }
    content["row"] = (str(getattr(row, "pk", "")), "case")
    agency, by, actor = change.agency, change.by, change.actor
    role = next(
        (r for r in rule.by if actor and r in actor.roles), "party" if change.stranger else "operator"
    )
    name = by.name if by else change.stranger[:60] or OPERATOR
    who = Signed(by.id if by else None, name, role, change.day.isoformat(), change.now)
    entry = Entry("agency", agency.id, change.n, agency.head, rule.id, rule.label, content, change.act_id)
    done = append(entry, who)
    agency.n, agency.head = done.n, done.leaf_hash
    agency.save()
    return done
