"""Tasks: opened and closed by acts, due by the case's clocks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from sanxiang.cases.models import Case, Handler
from sanxiang.door.models import Task
from sanxiang.law.calendar import Calendar
from sanxiang.law.clocks import due_of, label_of, rule_of
from sanxiang.law.disclosure.channels import EACH
from sanxiang.law.facts import Facts, State
from sanxiang.law.money import unpaid
from sanxiang.law.packs import Pack
from sanxiang.law.rules import as_tuple
from sanxiang.law.scope import holds
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people import roles
from sanxiang.people.models import Person, Post

REQUESTED = ("answer-file-request", "decide-copy")
"""What was asked about the file of a case: no step of the case, and there whether it is open or closed."""

OUTLIVING = (
    "archive",
    "publish",
    "withdraw-publication",
    "take-down-channel",
    "forward-application",
    "erase-data",
    "answer-repair",
    *REQUESTED,
)
"""What the closing of a case leaves to be done."""


SERVE = "serve"
"""To serve a paper. One such task for each paper: serving one of them leaves the others."""

ELSEWHERE = "take-down-channel"
"""To take a publication down in one of the places where hands put it up; one such task for each period of that kind."""

TAKING_DOWN = ("withdraw-publication", "expire-publication", "grant-repair")
"""After these there is nothing public to be put right, and a text that was handed in has to be handed in anew."""

MENDING = ("", "correct-publication")
"""Limits of tasks to publish that end with them; what a changed decision asks for has another one, and stays."""

CALLS = {"payment-notice"}
"""Papers that ask for nothing but the money, and need not have been served when the case is closed."""


def settle(case: Case, facts: Facts, act: LedgerAct, now: datetime) -> None:
    """Close the tasks that the act satisfies, open those it causes, and move due dates that it moved."""
    kinds = [kind for kind in facts.act.closes if kind not in (SERVE, ELSEWHERE)]
    open_ = Task.objects.filter(case=case, closed_n=None)
    if facts.extra.get("awaits"):  # handed in, not public: the duty with its last day stays
        open_.filter(kind__in=kinds, limit="").update(closed_n=act.n, closed_at=now)
        kinds = []
    if case.closed and not facts.state["closed"]:
        open_.exclude(kind__in=OUTLIVING).update(closed_n=act.n, closed_at=now)
    if kinds:
        open_.filter(kind__in=kinds).update(closed_n=act.n, closed_at=now)
    if facts.act.id in TAKING_DOWN:
        open_.filter(kind="publish", limit__in=MENDING).update(closed_n=act.n, closed_at=now)
    if SERVE in facts.act.closes or unpaid(case.state) <= 0 < unpaid(facts.state):
        _reached(case, facts, open_).update(closed_n=act.n, closed_at=now)
    wanted = [w for w in facts.act.opens if all(holds(name, facts) for name in as_tuple(w.get("when")))]
    Task.objects.bulk_create([_task(case, facts, dict(w), act, now) for w in wanted])
    if case.state["clocks"] != facts.state["clocks"]:
        _elsewhere(case, facts, act, now)
        _move(case, facts)


def _elsewhere(case: Case, facts: Facts, act: LedgerAct, now: datetime) -> None:
    """Each channel that shows what is public no more has its task as long as its period runs. No query where there is none."""
    for limit, clock in case.state["clocks"].items():
        rule, was = rule_of(facts.pack, limit), facts.state["clocks"].get(limit)
        if rule is None or rule.each != EACH or clock == was:
            continue
        if clock["ended"]:
            Task.objects.filter(case=case, limit=limit, closed_n=None).update(closed_n=act.n, closed_at=now)
        else:
            role, title = facts.pack.acts[ELSEWHERE].by[0], label_of(facts.pack, limit)
            wanted = {"task": ELSEWHERE, "limit": limit, "role": role, "title": title}
            _task(case, facts, wanted, act, now).save(force_insert=True)


def _reached(case: Case, facts: Facts, open_: QuerySet[Task]) -> QuerySet[Task]:
    """What was asked to be served and is: by this act, or else there is no such paper any more that waits.

    Papers for the file, and those that are put up, stay issued for ever and are nobody's to serve; nor is a call to pay what
    is paid.
    """
    named = facts.data.get("paper") or next((e["paper"] for e in facts.act.effects if "paper" in e), "")
    papers, rules = case.state["papers"], facts.pack.papers
    served = (papers.get(named) or {}).get("n")
    to_serve = {kind for kind, rule in rules.items() if rule.kind == "external" and not rule.posted}
    if unpaid(case.state) <= 0:
        to_serve -= CALLS
    going_out = [papers[kind] for kind in to_serve & papers.keys()]
    waiting = {paper["n"] for paper in going_out if paper.get("status") == "issued"} - {served}
    return open_.filter(kind=SERVE).exclude(opened_n__in=waiting)


def _task(case: Case, facts: Facts, wanted: dict[str, str], act: LedgerAct, now: datetime) -> Task:
    limit = str(wanted.get("limit", ""))
    day, provisional, citation = due_day(facts.pack, case.state, limit, facts.calendar)
    if "due_field" in wanted:
        day = date.fromisoformat(str(facts.fact(wanted["due_field"]))[:10])
    return Task(
        case=case,
        agency=case.agency,
        kind=wanted["task"],
        title=wanted["title"],
        role=wanted["role"],
        limit=limit,
        due=day,
        provisional=provisional,
        citation=citation,
        opened_n=act.n,
        opened_at=now,
    )


def due_day(pack: Pack, state: State, limit: str, calendar: Calendar) -> tuple[date | None, bool, str]:
    """A running clock's due day, whether it is provisional, and its article."""
    clock, rule = state["clocks"].get(limit), rule_of(pack, limit)
    if clock is None or rule is None:
        return None, False, ""
    due = due_of(clock, rule, pack, calendar)
    return (due.date, due.provisional, str(rule.citation)) if due else (None, False, str(rule.citation))


def _move(case: Case, facts: Facts) -> None:
    """Extensions, exclusions and suspensions move the dates of tasks that are still open."""
    for task in Task.objects.filter(case=case, closed_n=None).exclude(limit=""):
        day, provisional, _ = due_day(facts.pack, case.state, task.limit, facts.calendar)
        if day != task.due or provisional != task.provisional:
            Task.objects.filter(id=task.id).update(due=day, provisional=provisional)


@dataclass(frozen=True)
class Promise:
    """Something to be done by a day that an act named, such as looking again after an order to correct."""

    title: str
    act: str
    day: date
    citation: str


def promised(pack: Pack, state: State) -> list[Promise]:
    """What acts have put off to a day of their own choice, as long as nothing done since has settled it."""
    found = []
    for act in pack.acts.values():
        for opened in act.opens:
            done, field = state["last"].get(act.id), str(opened.get("due_field", ""))
            given = state["facts"].get(field) if field and done else None
            if done is None or not given or state["closed"]:
                continue
            closers = [one.id for one in pack.acts.values() if opened["task"] in one.closes]
            if not any(int(state["last"][a]["n"]) > int(done["n"]) for a in closers if a in state["last"]):
                day = date.fromisoformat(str(given)[:10])
                found.append(Promise(str(opened["title"]), act.label, day, str(act.citation)))
    return found


def next_due(pack: Pack, state: State, calendar: Calendar) -> date | None:
    """The earliest day on which a duty of the agency falls due, by law or by what an act of its own named."""
    days = [promise.day for promise in promised(pack, state)]
    for name, clock in state["clocks"].items():
        rule = rule_of(pack, name)
        if rule is None or clock["ended"] or rule.side != "agency":
            continue
        due = due_of(clock, rule, pack, calendar)
        if due is not None and not due.suspended:
            days.append(due.date)
    return min(days, default=None)


def waiting_for(person: Person, posts: Collection[Post]) -> Q:
    """Which open tasks wait for somebody with these posts; an officer's only in own cases and those that nobody handles yet.

    What is for one person waits for nobody else, what is for one unit for those who hold the role there or above all units.
    """
    handlers = Handler.objects.filter(case=OuterRef("case"))
    mine = Exists(handlers.filter(person=person)) | ~Exists(handlers)
    wanted = Q(person=person, agency__in={post.agency_id for post in posts})
    for post in posts:
        one = Q(agency=post.agency_id, role=post.role, person=None)
        if post.unit_id:
            one &= Q(unit=None) | Q(unit=post.unit_id)
        wanted |= one & mine if post.role == roles.OFFICER else one
    return Q(closed_n=None) & wanted
