"""The one door. `perform` judges every guard, changes the state, appends to the ledger, saves, and sets tasks,
in one transaction; nothing else writes a case."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Subquery
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.cases.recording import receiving
from sanxiang.door import erasing, gather, issue, linking, pinned, rows, sealing, signing, tasks
from sanxiang.door.attempts import Unreadable, attempt
from sanxiang.door.before.entrusted import lapsed
from sanxiang.door.exchange import outbox
from sanxiang.door.exchange.routing import refused_here
from sanxiang.door.offline import MARK, Offline, in_order
from sanxiang.law import forms
from sanxiang.law.dossier import digest
from sanxiang.law.facts import Actor, Facts, Officer, State, empty_state
from sanxiang.law.guards import ROLE, Refused, Verdict, judge, only_form
from sanxiang.law.packs import Pack
from sanxiang.law.procedure import transition
from sanxiang.law.rules import Act
from sanxiang.law.scope import papers_of
from sanxiang.law.taking_part import never_handled
from sanxiang.law.wording import used, warnings
from sanxiang.ledger.leaf import Entry, Signed, append
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.models import Agency, Edition, Person, Unit

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 1 I L O: the code is read aloud and copied from paper."""


@dataclass(frozen=True)
class Done:
    """An act that has been done: the case as it now stands and the ledger's act."""

    case: Case
    act: LedgerAct


class Unknown(Exception):
    """No such case, act or procedure here; the message is a Chinese sentence."""


def perform(
    act: str,
    on: uuid.UUID,
    by: Person,
    data: Mapping[str, Any],
    *,
    channel: str = "page",
    now: datetime | None = None,
    act_id: uuid.UUID | None = None,
    offline: Offline | None = None,
) -> Done:
    """Do one act on one case.

    Raises Unreadable (input by field), Refused (every unmet guard, kept as a refused attempt) or Unknown. Either
    everything of the act is saved or nothing. A caller who may knock twice gives the act its id: the second knock
    then ends in IntegrityError, or in the refusal that the first one brought about, and writes nothing.
    """
    moment = now or timezone.now()
    with attempt(act, by, now=moment, channel=channel, case=on):
        case = locked(on)
        rule = _act(gather.pack_of(case), act, case.procedure)
        return _do(case, rule, by, data, moment, act_id=act_id, offline=offline)


def by_the_clock(act: str, on: uuid.UUID, now: datetime) -> Done:
    """An act that nobody does: its day has come. Raises Refused or Unknown; refused, it leaves no attempt."""
    with transaction.atomic():
        case = locked(on)
        return _do(case, _act(gather.pack_of(case), act, case.procedure), CLOCK, {}, now)


def by_the_party(act: str, on: uuid.UUID, data: Mapping[str, Any], act_id: uuid.UUID) -> Done:
    """An act that is the party's own and no post's, with the id that its receipt stands for. Raises Unreadable, Refused or Unknown."""
    with transaction.atomic():
        case = locked(on)
        rule = _act(gather.pack_of(case), act, case.procedure)
        return _do(case, rule, PARTY, data, timezone.now(), act_id=act_id)


CLOCK = Actor(id="", name="系统", system=True)
"""Who does it then."""

PARTY = Actor(id="", name="当事人（网上）", system=True)
"""The party itself, who has no post; who it is the case says."""


def open_case(
    procedure: str,
    agency: Agency,
    by: Person,
    data: Mapping[str, Any],
    *,
    unit: Unit | None = None,
    channel: str = "page",
    now: datetime | None = None,
    pack: str = "",
    act_id: uuid.UUID | None = None,
    offline: Offline | None = None,
) -> Done:
    """Open a case by the first act of a procedure. Raises like `perform`."""
    moment = now or timezone.now()
    law = pinned.current(pack or agency.locality)
    if procedure not in law.procedures:
        raise Unknown(f"没有“{procedure}”这种程序；可用：{'、'.join(law.procedures)}")
    first = next(a for a in law.acts_of(procedure) if a.first)
    with attempt(first.id, by, now=moment, channel=channel, agency=agency.id):
        if verdicts := lapsed(agency, unit, by, timezone.localtime(moment).date()):
            raise Refused(verdicts)
        case = new_case(law, procedure, agency, unit, moment)
        return _do(case, first, by, data, moment, fresh=True, act_id=act_id, offline=offline)


def locked(case_id: uuid.UUID) -> Case:
    """The case, locked: two officers may act at once, the second must see what the first did. Raises Unknown.

    Locked first and read afterwards: a statement that waits on PostgreSQL goes on seeing people, units and agency as they
    stood before it waited. SQLite is locked as a whole since the transaction began.
    """
    if connection.features.has_select_for_update:
        list(Case.objects.select_for_update().filter(id=case_id).values_list("n"))
    found = (
        Case.objects.select_related("agency", "unit")
        .annotate(people_edition=Subquery(Edition.objects.values("token")[:1]))
        .filter(id=case_id)
        .first()
    )
    if found is None:
        raise Unknown(f"没有编号为 {case_id} 的案件，请核对案件编号")
    return found


def new_case(pack: Pack, procedure: str, agency: Agency, unit: Unit | None, now: datetime) -> Case:
    """A case before its first act, not saved. Raises Refused where the scheme does not list this kind of act."""
    rule = pack.procedures[procedure]
    if elsewhere := refused_here(pack, agency, rule.act_type):
        raise Refused([elsewhere])
    offered = [str(t["code"]) for t in pack.act_types()]
    if offered and not pack.printed_type(rule.act_type):
        names = "、".join(str(t["label"]) for t in pack.act_types())
        number = str(pack.manifest["identity"]["doc_no"])
        cite = pack.name if number == "not-stated" else number
        raise Refused(
            [
                Verdict(
                    "act-type",
                    False,
                    cite,
                    f"本方案没有列出“{rule.label}”所属的行为种类",
                    f"可办理的种类：{names}",
                )
            ]
        )
    return Case(
        id=uuid.uuid4(),
        agency=agency,
        unit=unit,
        code="".join(secrets.choice(CODE_LETTERS) for _ in range(10)),
        act_type=rule.act_type,
        procedure=procedure,
        stage=rule.start,
        pack=pack.id,
        pack_digest=pinned.pin(pack),
        opened_at=now,
        state=empty_state(procedure, rule.start),
        n=0,
        head="",
    )


def _act(pack: Pack, act: str, procedure: str) -> Act:
    found = pack.acts.get(act)
    if found is None or procedure not in found.procedures:
        known = "、".join(a.id for a in pack.acts_of(procedure))
        raise Unknown(f"本程序没有“{act}”这一步；可用：{known}")
    return found


def _do(
    case: Case,
    act: Act,
    by: Person | Actor,
    raw: Mapping[str, Any],
    now: datetime,
    fresh: bool = False,
    act_id: uuid.UUID | None = None,
    offline: Offline | None = None,
) -> Done:
    """Parse, judge, move, render, append, save: the order of writes is the design.

    Papers' files are durable before the act that cites them commits; dying in between leaves an uncited file.
    """
    facts = signing.marked(_judged(case, act, by, raw, now, offline))
    act_id = act_id or uuid.uuid4()
    outcome: dict[str, Any] = {
        "papers": issue.allot(case, facts),
        "act_id": str(act_id),
        "evidence": rows.evidence_of(facts, act_id),
    }
    if act.id == "adopt-pack":
        outcome["pack_digest"] = pinned.pin(pinned.current(case.pack))
    facts = replace(facts, extra={**facts.extra, **outcome, **sealing.sealed(case, facts)})
    facts = replace(facts, extra={**facts.extra, **signing.signed(case, facts)})
    state = transition(facts)
    papers = issue.render(case, facts, state, act_id)
    content = _content(case, facts, state)
    ledger_act = append(
        Entry("case", case.id, case.n + 1, case.head, act.id, act.label, content, act_id),
        _signed(facts, by, now),
    )
    _save(case, state, ledger_act, facts, now, fresh)
    rows.write(case, facts, ledger_act, papers)
    sealing.write(facts, ledger_act)
    signing.write(facts, ledger_act)
    erasing.empty(facts, ledger_act)
    tasks.settle(case, facts, ledger_act, now)
    outbox.moved(case, facts, ledger_act)
    return Done(case, ledger_act)


def _judged(
    case: Case,
    act: Act,
    by: Person | Actor,
    raw: Mapping[str, Any],
    now: datetime,
    offline: Offline | None,
) -> Facts:
    """The facts of an act that every guard lets pass. Raises Unreadable or Refused.

    Who does not hold the act's role is told that alone: what else stands in its way is for those who may take it.
    """
    data, errors = forms.parse(act, offline.dated(raw, now) if offline else raw)
    if errors := errors | _unkept(act, data):
        raise Unreadable(errors)
    moment = offline.judged_at(now) if offline else now
    day, edition = gather.event_day(data, moment), getattr(case, "people_edition", None)
    if isinstance(by, Actor):
        actor = by
    elif edition:
        actor = gather.remembered_actor(remembered_person(by.id, edition), case.agency, day, edition)
    else:
        actor = gather.actor_in(by, case.agency, day)
    facts = gather.facts_for(case, act, actor, data, moment)
    if offline:
        facts = replace(facts, extra={**facts.extra, MARK: offline.told(now)})
    unmet = [verdict for verdict in judge(facts) if not verdict.met]
    if unmet := unmet + (in_order(facts) if offline else []):
        raise Refused([verdict for verdict in unmet if verdict.guard == ROLE] or unmet)
    return facts


@lru_cache(maxsize=4096)
def remembered_person(person: uuid.UUID, edition: str) -> Person:
    """The person as of this edition: whoever knocks was read before the wait, and would be remembered as they were then."""
    return Person.objects.get(id=person)


def _unkept(act: Act, data: Mapping[str, Any]) -> dict[str, str]:
    """Files that the store does not have as they are told, by field."""
    return {
        item.name: f"{item.label}：{wrong}"
        for item in act.fields
        if item.type == "file"
        for file in data.get(item.name) or ()
        if (wrong := receiving.misstated(file))
    }


def _signed(facts: Facts, by: Person | Actor, now: datetime) -> Signed:
    role = next((r for r in facts.act.by if r in facts.roles), "")
    day = str(facts.data.get("on") or facts.on.isoformat())
    if isinstance(by, Actor):
        return Signed(None, by.name, "operator", day[:16], now)
    return Signed(by.id, by.name, role, day[:16], now, facts.on < timezone.localtime(now).date())


def _content(case: Case, facts: Facts, state: State) -> dict[str, tuple[Any, str]]:
    """What the leaf commits to: each field, who acted, the papers' digests, and the state that results."""
    content: dict[str, tuple[Any, str]] = {"on": (facts.on.isoformat(), "case")}
    for item in facts.act.fields:
        if item.name in facts.data:
            content[item.name] = (facts.data[item.name], item.mark(facts.data))
    for kind in papers_of(facts):
        paper, rule = state["papers"][kind], facts.pack.papers[kind]
        told = {k: paper.get(k, "") for k in ("id", "number", "content", "pdf")}
        told |= {"label": rule.label, "external": rule.kind == "external"}
        content[f"paper:{kind}"] = (told, "case")
    if facts.act.id in gather.PUBLICATION_ACTS:
        content["public_text"] = (facts.extra["public"].fields, "public")
    if facts.extra.get("awaits"):
        content["awaits"] = (facts.extra["awaits"], "public")
    for piece in facts.extra.get("evidence", ()):
        content[f"evidence:{piece['id']}"] = (piece["digest"], "case")
    if facts.act.first:
        content["case"] = (rows.identity(case), "case")
    if facts.act.id == "adopt-pack":
        content["pack_digest"] = (facts.extra["pack_digest"], "case")
    content |= wording_of(facts)
    content |= erasing.told(facts) | linking.content(state) | sealing.told(facts) | signing.told(facts)
    if MARK in facts.extra:
        content[MARK] = (facts.extra[MARK], "case")
    content["state"] = (digest(state), "case")
    return content


def wording_of(facts: Facts) -> dict[str, tuple[Any, str]]:
    """The phrases of the pack that stand in what was said, with their versions, and what its guides found wrong."""
    phrases = [
        f"{one.scene}（{one.id} 第{one.version}版）" for one in used(facts.pack, facts.act, facts.data)
    ]
    found = {"phrases": phrases, "warnings": warnings(facts.pack, facts.act, facts.data)}
    return {name: ("；".join(texts), "case") for name, texts in found.items() if texts}


def _save(case: Case, state: State, act: LedgerAct, facts: Facts, now: datetime, fresh: bool) -> None:
    """The case's columns: those that follow from the state, and those that this act alone sets."""
    rows.follow(case, facts.pack, state, act)
    case.number = rows.number_in(facts.pack, state) or case.number
    if facts.act.milestone == "filed":
        case.filed_on = facts.on
    if facts.act.milestone == "decided":
        case.decided_on = facts.on
    if facts.act.id == "adopt-pack":
        case.pack_digest = facts.extra["pack_digest"]
    case.next_due = tasks.next_due(facts.pack, state, facts.calendar)
    case.save(force_insert=fresh)


@dataclass(frozen=True)
class OpenAct:
    """An act as a page draws it: open, or closed with the reasons."""

    act: Act
    unmet: tuple[Verdict, ...]

    @property
    def is_open(self) -> bool:
        """May it be tried now?"""
        return not self.unmet


def open_acts(
    case: Case,
    by: Person,
    now: datetime | None = None,
    *,
    actor: Actor | None = None,
    officers: tuple[Officer, ...] | None = None,
) -> list[OpenAct]:
    """Every act of the case's procedure with what stands in its way today for this person; none that only the clock does.

    Blanks in forms and officers not yet named are no obstacle: they are filled in on the act's page. The number of
    queries does not depend on the number of acts; who has actor and handlers already hands them in.
    """
    moment = now or timezone.now()
    pack = gather.pack_of(case)
    actor = actor or gather.actor_in(by, case.agency, timezone.localtime(moment).date())
    if officers is None:
        officers = gather.officers_in(case.state["handlers"], timezone.localtime(moment).date())
    found = []
    for act in pack.acts_of(case.procedure):
        if act.first or not act.by:
            continue
        facts = gather.facts_for(case, act, actor, {}, moment, officers=officers)
        found.append(OpenAct(act, obstacles(facts)))
    return found


def obstacles(facts: Facts) -> tuple[Verdict, ...]:
    """What stands in an act's way before its form is filled in."""
    return (
        *_nobody_to_name(facts),
        *_nobody_cleared(facts),
        *(v for v in judge(facts) if not v.met and not _form_blank(v, facts)),
    )


def _nobody_to_name(facts: Facts) -> tuple[Verdict, ...]:
    """An act that only the case's own handlers may take leads nowhere while nobody handles the case: before 立案, or once
    all have withdrawn."""
    if facts.state["handlers"]:
        return ()
    rules = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    rule = next((rule for rule in rules if rule.needs == "officers-are-handlers"), None)
    if rule is None:
        return ()
    if not never_handled(facts.state):
        cure = "先办理“变更承办人”，确定新的承办人"
        return (Verdict(rule.id, False, str(rule.citation), "本案原来的承办人都不再承办", cure),)
    if rule.args.get("once_named"):
        return ()
    cure = rule.cure or "先批准立案，确定承办人；立案前依法核查线索的，办理“初步核查”"
    return (Verdict(rule.id, False, str(rule.citation), "本案还没有确定承办人", cure),)


def _nobody_cleared(facts: Facts) -> tuple[Verdict, ...]:
    """Nobody has to be struck off who was never on the list."""
    strikes = any(effect["do"] == "unclear-person" for effect in facts.act.effects)
    if not strikes or facts.state.get("cleared"):
        return ()
    cite = str(facts.act.citation)
    return (Verdict("cleared", False, cite, "本案没有批准过谁知悉限定范围的材料", "没有批准过的不用取消"),)


def _form_blank(verdict: Verdict, facts: Facts) -> bool:
    """Is this verdict only about a form that nobody has filled in yet?"""
    if verdict.guard.startswith("field:"):
        return True
    rules = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    rule = next((g for g in rules if g.id == verdict.guard), None)
    return rule is not None and only_form(rule, facts)
