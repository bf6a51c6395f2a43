"""A case as JSON: the row in a list, the whole file, its acts and its timeline, each as far as the caller may see."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from sanxiang.api.caller import Caller
from sanxiang.api.schemas import Json
from sanxiang.cases.models import Case, Derivative, Evidence, Paper, Review
from sanxiang.door import gather
from sanxiang.door.benchmarks import offered, with_tiers
from sanxiang.door.models import Task
from sanxiang.door.perform import Done, OpenAct, open_acts
from sanxiang.door.registers.items import choosing, items_offered
from sanxiang.door.registers.notices import lists_of, notices
from sanxiang.door.sight import MACHINERY, ORDINARY, Sight
from sanxiang.law.calendar import Calendar
from sanxiang.law.clocks import due_of, label_of, rule_of
from sanxiang.law.course import stage_picture
from sanxiang.law.describe import act_schema
from sanxiang.law.facts import Actor, Facts, State
from sanxiang.law.forms import asked_one_by_one, carried
from sanxiang.law.hours import told_hours
from sanxiang.law.links import links_of
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, LimitRule
from sanxiang.law.rules import people_in as named_in
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.ledger.models import Opening
from sanxiang.people.authority import names_of
from sanxiang.speech import role_name

OURS = "act."
"""How the names of openings begin that the ledger itself adds."""


def case_row(case: Case, pack: Pack, today: date) -> Json:
    """A case in a list."""
    stages = dict(pack.procedures[case.procedure].stages)
    plain = (
        "id",
        "number",
        "title",
        "party",
        "act_type",
        "procedure",
        "stage",
        "closed",
        "agency",
        "unit",
        "filed_on",
        "decided_on",
    )
    return {
        **{name: getattr(case, name) for name in plain},
        "stage_label": stages.get(case.stage, case.stage),
        "next_due": case.next_due,
        "overdue": is_overdue(case, today),
        "opened_at": case.opened_at,
        "n": case.n,
    }


def is_overdue(case: Case, today: date) -> bool:
    """Has a duty of the agency fallen due before today in a case that is not closed?"""
    return not case.closed and case.next_due is not None and case.next_due < today


def case_full(case: Case, caller: Caller) -> Json:
    """The whole file of a case. The number of queries does not depend on its size."""
    pack, state, today, calendar = gather.pack_of(case), case.state, caller.on, gather.calendar()
    actor = caller.actor_in(case.agency)
    sight = Sight(actor, state, str(case.unit_id or ""))
    facts, withheld = sight.facts(pack)
    people = names_of(gather.people_named(state))
    named = {
        key: [{"id": i, "name": people.get(i, "")} for i in state[key]]
        for key in ("handlers", "former_handlers", "recused")
    }
    acts = open_acts(case, caller.person, actor=actor)
    return {
        **case_row(case, pack, today),
        **named,
        "code": case.code,
        "pack": case.pack,
        "pack_digest": case.pack_digest,
        "head": case.head,
        "facts": facts,
        "withheld": withheld,
        "stages": stage_picture(pack.stages_of(case.procedure), any_facts(case, pack, actor, calendar)),
        "links": [asdict(link) | {"recorded": link.recorded} for link in links_of(pack, state)],
        "clocks": clocks_of(case, pack, calendar, today),
        "tasks": [
            task_row(t, today)
            for t in Task.objects.filter(case=case, closed_n=None).order_by(
                F("due").asc(nulls_last=True), "opened_at", "pk"
            )
        ],
        "papers": papers_of(case, pack, sight),
        "evidence": [evidence_row(e, sight) for e in evidence_of(case)],
        "reviews": list(Review.objects.filter(case=case).order_by("round")),
        "publication": state["publication"],
        "payments": state["payments"],
        "remedies": state["remedies"],
        "property": state["property"],
        "open_acts": [{"id": a.act.id, "label": a.act.label} for a in acts if a.is_open],
    }


def any_facts(case: Case, pack: Pack, actor: Actor, calendar: Calendar) -> Facts:
    """Facts for questions about the case as it stands, whichever the act."""
    now = timezone.localtime()
    return Facts(
        pack=pack,
        act=pack.acts_of(case.procedure)[0],
        state=case.state,
        data={},
        actor=actor,
        on=now.date(),
        now=now,
        calendar=calendar,
        region=case.agency.region,
    )


def clocks_of(case: Case, pack: Pack, calendar: Calendar, today: date) -> list[Json]:
    """Every period of the case with its due day and how it was counted; running ones first, the nearest first."""
    found = [
        {**clock_row(clock, rule, pack, calendar, today), "id": name, "label": label_of(pack, name)}
        for name, clock in case.state["clocks"].items()
        if (rule := rule_of(pack, name))
    ]
    return sorted(found, key=lambda c: (c["ended"] is not None, c["due"] or date.max))


def clock_row(clock: Mapping[str, Any], rule: LimitRule, pack: Pack, calendar: Calendar, today: date) -> Json:
    """One period. Where the locality has set no length there is no due day, and the explanation says so."""
    due = due_of(dict(clock), rule, pack, calendar)
    running = due is not None and not clock["ended"] and not due.suspended
    return {
        "id": rule.id,
        "label": rule.label,
        "citation": str(rule.citation),
        "side": rule.side,
        "event": clock["event"],
        "start": clock["start"][:10],
        "n": clock["n"],
        "unit": clock["unit"],
        "due": due.date if due else None,
        "at": due.at if due else None,
        "days_left": due.days_left(today) if due and running else None,
        "provisional": bool(due and due.provisional),
        "suspended": bool(due and due.suspended and not clock["ended"]),
        "ended": clock["ended"][:10] or None,
        "explanation": list(due.steps) if due else ["方案未定：本地方案没有规定天数"],
    }


def task_row(task: Task, today: date) -> Json:
    """One open task."""
    plain = ("id", "kind", "title", "role", "due", "provisional", "citation", "opened_at")
    return {
        **{name: getattr(task, name) for name in plain},
        "role_label": role_name(task.role),
        "overdue": task.due is not None and task.due < today,
    }


def papers_of(case: Case, pack: Pack, sight: Sight) -> list[Json]:
    """The papers in order; the address of the PDF only for those that the caller may read."""
    said = marked_facts(case)
    rows = Paper.objects.filter(case=case).defer("content").order_by("n", "label")
    return [paper_row(p, sight.paper(pack, p.kind, said.get(p.act, {}))) for p in rows]


def paper_row(paper: Paper, may: bool) -> Json:
    """One paper."""
    plain = ("id", "kind", "label", "number", "issued_on", "status", "digest", "pdf", "n")
    address = f"/api/v1/cases/{paper.case_id}/papers/{paper.id}.pdf" if may else None
    return {**{name: getattr(paper, name) for name in plain}, "address": address}


def marked_facts(case: Case) -> dict[UUID, dict[str, str]]:
    """By act, what was said there and is not for everybody's eyes: names with their marks. One query."""
    found: dict[UUID, dict[str, str]] = {}
    rows = (
        Opening.objects.filter(act__subject=case.id)
        .exclude(secrecy__in=ORDINARY)
        .values_list("act_id", "name", "secrecy")
    )
    for act, name, secrecy in rows:
        found.setdefault(act, {})[name] = secrecy
    return found


def evidence_of(case: Case) -> Iterable[Evidence]:
    """The files of the case in order."""
    return Evidence.objects.filter(case=case).order_by("n", "pk").prefetch_related("derivatives")


def evidence_row(piece: Evidence, sight: Sight) -> Json:
    """One file; what it is called is hidden with it, its digest is in the ledger anyway."""
    may = sight.may(piece.secrecy)
    plain = ("id", "mime", "size", "digest", "sm3", "n")
    return {
        **{name: getattr(piece, name) for name in plain},
        "title": piece.title if may else None,
        "filename": piece.filename if may else None,
        "withheld": not may,
        "derivatives": [derivative_row(one) for one in piece.derivatives.all()] if may else [],
    }


def derivative_row(made: Derivative) -> Json:
    """A file made from evidence: how, when, by which act, and its digests."""
    names = ("id", "kind", "tool", "parameters", "mime", "size", "digest", "sm3", "made_at", "n")
    return {name: getattr(made, name) for name in names}


def acts_of(case: Case, caller: Caller) -> list[Json]:
    """Every act of the procedure, open or with all that stands in its way, and the schema of what it asks."""
    actor = caller.actor_in(case.agency)
    sight = Sight(actor, case.state, str(case.unit_id or ""))
    known, _withheld = sight.facts(gather.pack_of(case))
    items, stated = items_offered(case.agency, caller.on), str(known.get("item") or "")

    def asked(act: Act) -> Act:
        return with_tiers(choosing(act, items, stated), offered(act, case, caller.on))

    handlers = gather.officers_in(case.state["handlers"], caller.on)
    pack, lists = gather.pack_of(case), lists_of(case.agency, caller.on)
    calendar = gather.calendar()
    return [
        act_row(found, known, asked(found.act), case.state)
        | {
            "notices": [
                *notices(lists, case, pack, found.act, actor, handlers),
                *told_hours(pack, case.state, found.act, caller.on, calendar),
            ]
            if case.stage in found.act.stages
            else []
        }
        for found in open_acts(case, caller.person, actor=actor, officers=handlers)
    ]


def act_row(found: OpenAct, known: Mapping[str, Any], act: Act, state: State) -> Json:
    """One act as a client may offer it; `act` is the one found, with what can be chosen today."""
    schema = act_schema(act, defaults(act, known))
    for item in act.fields:
        if item.each and (asked := asked_one_by_one(item, state)):
            schema["properties"][item.name]["x-asked"] = dict(enumerate(asked, 1))
    return {
        "id": act.id,
        "label": act.label,
        "group": act.group,
        "help": act.help,
        "citation": str(act.citation),
        "by": list(act.by),
        "open": found.is_open,
        "unmet": [v.as_json() for v in found.unmet],
        "schema": schema,
    }


def defaults(act: Act, known: Mapping[str, Any]) -> Json:
    """What the case already knows of what the act asks, so that nobody types it twice."""
    found = {item.name: carried(item, known) or known.get(item.name) for item in act.fields}
    asked = {item.name for item in act.fields if item.from_fact or item.fact}
    return {name: value for name, value in found.items() if name in asked and value is not None}


def done_json(done: Done) -> Json:
    """What is answered when an act has been done; plain JSON, because it may be stored."""
    act, case = done.act, done.case
    issued = [
        (kind, paper)
        for kind, paper in case.state["papers"].items()
        if paper.get("n") == act.n and paper.get("id")
    ]
    labels = gather.pack_of(case).papers
    return {
        "case": str(case.id),
        "act": str(act.id),
        "name": act.name,
        "n": act.n,
        "leaf_hash": act.leaf_hash,
        "stage": case.stage,
        "closed": case.closed,
        "papers": [
            {
                "id": paper["id"],
                "kind": kind,
                "label": labels[kind].label if kind in labels else kind,
                "number": paper.get("number", ""),
            }
            for kind, paper in issued
        ],
    }


def timeline_of(case: Case, caller: Caller, after: int, limit: int) -> Json:
    """The acts of a case in order, opened as far as the caller may see."""
    pack = gather.pack_of(case)
    sight = Sight(caller.actor_in(case.agency), case.state, str(case.unit_id or ""))
    rows = (
        LedgerAct.objects.filter(subject=case.id, n__gt=after)
        .select_related("entry")
        .defer("leaf")
        .order_by("n")
    )
    acts = list(rows[:limit])
    said: dict[UUID, list[Opening]] = {act.id: [] for act in acts}
    for opening in Opening.objects.filter(act__in=list(said)).order_by("pk"):
        said[opening.act_id].append(opening)
    entries = [entry_row(act, said[act.id], pack, sight) for act in acts]
    people = names_of(i for act in acts for i in people_in(pack.acts.get(act.name), said[act.id], sight))
    return {
        "case": case.id,
        "items": entries,
        "total": case.n,
        "back_dated": LedgerAct.objects.filter(subject=case.id, back_dated=True).count(),
        "people": people,
        "more": after + len(acts) < case.n,
    }


def entry_row(act: LedgerAct, openings: list[Opening], pack: Pack, sight: Sight) -> Json:
    """One act: who, when, what was said, which papers were made."""
    rule = pack.acts.get(act.name)
    plain = ("n", "id", "name", "label", "at", "on", "by", "by_name", "role", "back_dated", "leaf_hash")
    made = [o for o in openings if o.name.startswith("paper:")]
    told = [
        o for o in openings if o.name not in MACHINERY and not o.name.startswith(OURS) and ":" not in o.name
    ]
    return {
        **{name: getattr(act, name) for name in plain},
        "index": act.entry.idx if hasattr(act, "entry") else None,
        "fields": [said_row(o, rule, sight) for o in told],
        "papers": [{"kind": o.name[6:], **(o.value or {})} for o in made],
    }


def said_row(opening: Opening, rule: Act | None, sight: Sight) -> Json:
    """One field of an act: its value, or that it is withheld, or that it was lawfully erased."""
    item = rule.field(opening.name) if rule else None
    row = {"name": opening.name, "label": item.label if item else opening.name, "value": None}
    if opening.erased_by is not None:
        return {**row, "erased": True}
    if not sight.may(opening.secrecy):
        return {**row, "withheld": True}
    return {**row, "value": sight.of(item, opening.value) if item else opening.value}


def people_in(rule: Act | None, openings: Iterable[Opening], sight: Sight) -> list[str]:
    """Ids of the people whom an act names in fields that the caller may see."""
    told = {opening.name: opening.value for opening in openings if sight.may(opening.secrecy)}
    return named_in(rule, told) if rule else []
