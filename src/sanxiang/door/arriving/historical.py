"""Imported records that wait for somebody to look: what is hidden in them, a second person's yes, and they are public.

Held are records that hold an identity number or the like. An editor says what else must go, an approver who is another
person lets it out; the text as imported stays in the ledger, closed. Withdrawal is in `imported`.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from sanxiang.cases.disclosure.masked import WHY, bare_name, natural
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.door.admin.rules import PREPARE, RECORD_ACTS, RELEASE, role_held, role_in
from sanxiang.door.arriving.imported import (
    ARTICLE,
    KIND,
    ORIGIN,
    REVIEWED,
    TEXTS,
    agency_of,
    state_digest,
    text_digest,
)
from sanxiang.door.attempts import attempt
from sanxiang.door.exchange import outbox
from sanxiang.door.gather import actor_in
from sanxiang.law.facts import Actor
from sanxiang.law.forms import clean
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.redact import Known, holds_protected, redact_parts
from sanxiang.law.redact import Person as Named
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Act
from sanxiang.people.models import Person

PLAIN = ("number", "party_type", "authority")
"""Columns in which nothing is looked for: whoever wants something hidden there names it."""
STARS = "***"
WAITED_FOR = ("holds-", "too-long")
"""Beginnings of the flags that hold a record; once somebody has looked they are over."""


@dataclass(frozen=True)
class Reviewed:
    """A record as the public would see it: its texts, what was hidden (column, what stands there, why), what still leaks."""

    texts: dict[str, str]
    hidden: tuple[tuple[str, str, str], ...]
    leaks: tuple[str, ...]
    idle: tuple[str, ...] = ()
    """What was to be hidden and stands nowhere."""


def reviewed(row: Publication, hide: Sequence[dict[str, str]] = ()) -> Reviewed:
    """The record masked by the rules and by what the editor names; nothing is written."""
    texts = {name: str(getattr(row, name)) for name in TEXTS}
    person = bool(row.party) and natural({"kind": row.party_type, "name": row.party})
    people = (Named(row.party if row.party_type == "citizen" else bare_name(row.party)),) if person else ()
    looked = {name: text for name, text in texts.items() if text and name not in PLAIN}
    hidden: list[tuple[str, str, str]] = []
    for name, result in redact_parts(looked, Known(people=people)).items():
        texts[name] = result.text
        hidden += [(name, span.replacement, WHY.get(span.type, span.type)) for span in result.spans]
    idle = []
    for extra in hide:
        places = [name for name, text in texts.items() if name != "party_type" and extra["text"] in text]
        idle += [] if places else [extra["text"]]
        for name in places:
            texts[name] = texts[name].replace(extra["text"], STARS)
            hidden.append((name, STARS, extra["why"]))
    leaks = tuple(name for name, text in texts.items() if holds_protected(text))
    return Reviewed(texts, tuple(hidden), leaks, tuple(idle))


def prepare(
    publication: uuid.UUID, by: Person, hide: Sequence[dict[str, str]] = (), *, now: datetime | None = None
) -> Publication:
    """Put the masked text in the place of what was imported, to be confirmed by another person. Raises Refused."""
    moment = now or timezone.now()
    told = [{key: clean(one.get(key, "")) for key in ("text", "why")} for one in hide]
    with attempt(PREPARE, by, now=moment, agency=agency_of(publication)):
        row, actor = _locked(publication, by, moment)
        found = reviewed(row, [one for one in told if one["text"]])
        idle = [str(n) for n, one in enumerate(told, 1) if one["text"] in found.idle]
        _refuse(
            role_held(RECORD_ACTS[PREPARE], actor, ARTICLE),
            _is(row, ("held", "prepared"), "imported.waits", "这条记录没有在等待核对"),
            _named(told),
            Verdict(
                "imported.idle",
                not idle,
                ARTICLE,
                f"第 {'、'.join(idle)} 项要隐去的文字在记录里找不到",
                "照原文填写，或者删去这一行",
            ),
            _clean(found.leaks),
        )
        for name, text in found.texts.items():
            setattr(row, name, text)
        row.flags = [*(f for f in row.flags if not f.startswith((*WAITED_FOR, REVIEWED))), REVIEWED]
        row.status, row.text_digest = "prepared", text_digest(found.texts)
        content = {name: (text, "public") for name, text in found.texts.items() if text}
        more = [{"field": field, "now": now_, "why": why} for field, now_, why in found.hidden]
        return _done(PREPARE, row, by, actor, moment, {**content, "hidden": (more, "case")})


def release(publication: uuid.UUID, by: Person, digest: str, *, now: datetime | None = None) -> Publication:
    """Let a prepared record out. `digest` is that of the text which the approver has seen. Raises Refused."""
    moment = now or timezone.now()
    with attempt(RELEASE, by, now=moment, agency=agency_of(publication)):
        row, actor = _locked(publication, by, moment)
        before = Act.objects.filter(id__in=[row.act]).values_list("name", "by").first() or ("", None)
        texts = {name: str(getattr(row, name)) for name in TEXTS}
        _refuse(
            role_held(RECORD_ACTS[RELEASE], actor, ARTICLE),
            _is(row, ("prepared",), "imported.prepared", "这条记录没有在等待确认"),
            Verdict(
                "imported.second",
                before != (PREPARE, by.id),
                ARTICLE,
                f"文本是{by.name}自己提交的，提交和确认不能是同一人",
                "由另一名公示审核人确认",
            ),
            Verdict(
                "imported.same-text",
                digest == row.text_digest,
                ARTICLE,
                "文本在查看之后有变动",
                "重新查看后再确认",
            ),
            _clean(tuple(name for name, text in texts.items() if holds_protected(text))),
        )
        row.status, row.published_on = "published", timezone.localtime(moment).date()
        return _done(RELEASE, row, by, actor, moment, {"digest": (digest, "public")})


def _locked(publication: uuid.UUID, by: Person, moment: datetime) -> tuple[Publication, Actor]:
    row = Publication.objects.select_for_update().get(id=publication, origin=ORIGIN)
    return row, actor_in(by, row.agency, timezone.localtime(moment).date())


def _refuse(*verdicts: Verdict) -> None:
    if any(not verdict.met for verdict in verdicts):
        raise Refused(list(verdicts))


def _is(row: Publication, wanted: Sequence[str], guard: str, fact: str) -> Verdict:
    return Verdict(guard, row.status in wanted, ARTICLE, fact, "刷新页面，核对记录现在的状态")


def _named(told: Sequence[dict[str, str]]) -> Verdict:
    blank = [one for one in told if bool(one["text"]) != bool(one["why"])]
    return Verdict("field:hide", not blank, ARTICLE, "隐去的文字和理由要一并填写", "补填，或者把这一行清空")


def _clean(leaks: Sequence[str]) -> Verdict:
    fact = "文本里还有身份证件号码等应当隐去的内容" if leaks else "文本里没有发现应当隐去的内容"
    return Verdict("imported.leaks", not leaks, ARTICLE, fact, "在“另外隐去”里填写要隐去的文字")


def _done(
    name: str,
    row: Publication,
    by: Person,
    actor: Actor,
    moment: datetime,
    content: dict[str, tuple[Any, str]],
) -> Publication:
    """The act, and the row with it."""
    rule = RECORD_ACTS[name]
    row.n += 1
    content["state"] = (state_digest(row), "case")
    who = Signed(by.id, by.name, role_in(rule, actor), timezone.localtime(moment).date().isoformat(), moment)
    act = append(Entry(KIND, row.id, row.n, row.head, name, rule.label, content), who)
    row.act, row.leaf_hash, row.head = act.id, act.leaf_hash, act.leaf_hash
    row.save(force_update=True)
    if row.status == "published":
        asking.index([row])
        outbox.decisions([row])
    return row
