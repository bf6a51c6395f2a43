"""Cases that have come to somebody's step without an act that opened a task: a term of the party ran out, all is paid."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from sanxiang.cases.models import Case
from sanxiang.desk.lacking import OF_THE_PERSON
from sanxiang.desk.next_acts import facts_of, way_of
from sanxiang.door import gather
from sanxiang.door.models import Task
from sanxiang.door.perform import obstacles
from sanxiang.door.pinned import pinned
from sanxiang.door.tasks import REQUESTED, due_day
from sanxiang.law.calendar import Calendar
from sanxiang.law.facts import Actor
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act
from sanxiang.people import roles
from sanxiang.people.models import Person, Post

STAGES = ("handling", "decided", "execution")
"""Where steps follow each other by what the case has come to; filing and archiving have tasks of their own."""
AFTER_DECISION = ("decided", "execution")
"""Where an officer's steps may come due by time alone; until the decision one task runs through the whole inquiry."""
LIMITS = {"handling": "decide", "execution": "court-application"}
"""The period that presses in a stage. After the three months the court takes no application (行政强制法第五十三条)."""
MOST = 100
"""So many cases are looked at, the most urgent first."""


def turns_of(person: Person, posts: Iterable[Post], now: datetime) -> list[Task]:
    """What is due now by a head in each open case, by an officer in each own case that is decided, as tasks that nobody stored.

    One query for each of the two roles, none for others.
    """
    held = list(posts)
    found = []
    if agencies := {post.agency_id for post in held if post.role == roles.AGENCY_HEAD}:
        steps = Task.objects.exclude(kind__in=REQUESTED)
        asked = steps.filter(case=OuterRef("pk"), role=roles.AGENCY_HEAD, closed_n=None)
        cases = Case.objects.filter(agency__in=agencies, stage__in=STAGES).exclude(Exists(asked))
        found += _due(cases, roles.AGENCY_HEAD, now)
    if agencies := {post.agency_id for post in held if post.role == roles.OFFICER}:
        own = Case.objects.filter(agency__in=agencies, stage__in=AFTER_DECISION, handler_rows__person=person)
        found += _due(own, roles.OFFICER, now)
    return found


def _due(cases: QuerySet[Case], role: str, now: datetime) -> list[Task]:
    """The turns of one role in these cases as far as they are open, the most urgent first."""
    calendar, found = gather.calendar(), []
    for case in cases.filter(closed="").order_by(F("next_due").asc(nulls_last=True), "opened_at")[:MOST]:
        pack = pinned(case.pack, case.pack_digest)
        if act := due_by(role, case, pack, calendar, now):
            found.append(_task(case, pack, act, role, calendar))
    return found


def due_by(role: str, case: Case, pack: Pack, calendar: Calendar, now: datetime) -> Act | None:
    """The first act that the present steps want of a role. What a task asks of an officer is not asked a second time."""
    due = (act for _, step in way_of(case, pack, calendar, now).steps for act in step.due)
    mine = (pack.acts[name] for name in due if name in pack.acts)
    free = (act for act in mine if role != roles.OFFICER or not act.closes)
    return next((act for act in free if role in act.by and case.stage in act.stages), None)


def elsewhere(task: Task, calendar: Calendar, now: datetime) -> str:
    """Whose turn it is in the case of an officer's task, where it is not the officer's; "" where it is.

    A task that runs through the whole case, such as 调查取证并作出处理, stays the officer's; while the head decides or the
    review is under way it waits for others. What the decision still lacks is the officer's again.
    """
    case = task.case
    if case is None or task.role != roles.OFFICER or case.stage not in STAGES:
        return ""
    pack = pinned(case.pack, case.pack_digest)
    way = way_of(case, pack, calendar, now)
    mine = [
        act for act in pack.acts_of(case.procedure) if roles.OFFICER in act.by and case.stage in act.stages
    ]
    if any(task.kind in act.closes for act in mine):
        return ""
    named = {act.id for act in mine}
    due = [name for _, step in way.steps for name in (*step.due, *step.heard)]
    missing = any(step.missing for _, step in way.steps)
    if not due or missing or named & set(due) or any(lacks(case, pack.acts[n], calendar, now) for n in due):
        return ""
    return f"现在由{'、'.join(dict.fromkeys(stage.actor for stage, _ in way.steps))}办理"


def lacks(case: Case, act: Act, calendar: Calendar, now: datetime) -> bool:
    """Does the case itself still lack something that the act asks for, whoever takes it?"""
    pack = pinned(case.pack, case.pack_digest)
    facts = replace(facts_of(case, pack, calendar, now), act=act, actor=ANYBODY)
    of_the_person = {rule.id for rule in pack.guards if rule.needs in OF_THE_PERSON}
    return any(verdict.guard not in of_the_person for verdict in obstacles(facts))


ANYBODY = Actor("", "", system=True)


def _task(case: Case, pack: Pack, act: Act, role: str, calendar: Calendar) -> Task:
    limit = LIMITS.get(case.stage, "")
    day, provisional, citation = due_day(pack, case.state, limit, calendar)
    return Task(
        case=case,
        agency_id=case.agency_id,
        kind=act.id,
        title=act.label,
        role=role,
        limit=limit,
        due=day,
        provisional=provisional,
        citation=citation or str(act.citation),
    )
