"""Legal review: the queue by due day, and one dossier with draft, evidence, defence and what the house has checked itself."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Evidence, Paper, Review
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk import case_parts as parts
from sanxiang.desk.bench import bench_of
from sanxiang.desk.history import marks_in, opened
from sanxiang.desk.looks.taking import evidence_offered, papers_offered, takes
from sanxiang.desk.next_acts import act_of
from sanxiang.desk.room import Room, room_of
from sanxiang.desk.who import case_for, page, visitor_of
from sanxiang.desk.words import OUTCOMES, Words
from sanxiang.door import gather
from sanxiang.door.perform import open_acts
from sanxiang.law.guards import judge
from sanxiang.law.scope import major_reasons, proposal
from sanxiang.people import roles

REVIEWERS = (roles.LEGAL_REVIEWER, roles.COUNSEL)
GROUP = "审核"
RECENT = 30


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for review, the most urgent first, and what was reviewed last."""
    visitor = visitor_of(request)
    done = (
        Review.objects.filter(case__agency__in=visitor.agencies)
        .exclude(outcome="")
        .select_related("case")
        .defer("case__state")
    )
    context = bench_of(visitor, REVIEWERS, "/desk/reviews/")
    context["table"] = table_of(done.order_by("-given_on", "-n")[:RECENT])
    return page(request, visitor, "desk/reviews.html", context, section="tasks")


def table_of(rows: Any) -> dict[str, Any]:
    """Opinions given, newest first."""
    drawn = [
        {
            "cells": [
                {"text": row.case.title, "href": f"/desk/reviews/{row.case_id}/", "sub": row.case.number},
                {"text": f"第{row.round}轮"},
                {"text": OUTCOMES.get(row.outcome, row.outcome)},
                {"text": row.reviewer},
                {"text": cn_date(row.given_on)},
            ]
        }
        for row in rows
    ]
    columns = [{"label": label} for label in ("案件", "轮次", "结论", "审核人", "日期")]
    empty = {"title": "还没有出具过审核意见"}
    return {
        "caption": f"最近的审核意见（最多 {RECENT} 件）",
        "columns": columns,
        "rows": drawn,
        "empty": empty,
    }


@require_GET
def review(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The dossier of one case: exactly what an opinion covers."""
    visitor = visitor_of(request)
    room = room_of(visitor, case_for(visitor, case_id))
    case = room.case
    rest, may = (room.pack, room.sight), takes(visitor, case)
    papers = Paper.objects.filter(case=case).defer("content").order_by("-n", "label")
    context = {
        "case": case,
        "stage": parts.stage_label(case, room.pack),
        "gate": parts.gate_of(case, room.pack, visitor.on),
        "reasons": major_reasons(room.pack, case.state, visitor.on),
        "draft": draft_of(room),
        "papers": papers_offered(parts.papers_of(case, papers, marks_in(case), *rest), may),
        "evidence": evidence_offered(
            parts.evidence_of(case, Evidence.objects.filter(case=case), room.steps, *rest, room.calendar),
            may,
        ),
        "rounds": rounds_of(room),
        "outcomes": OUTCOMES,
        "acts": acts_of(room),
        "checks": checks_of(room),
        "summary": parts.summary_of(case, room.pack, room.words, room.sight)[:6],
    }
    return page(request, visitor, "desk/review.html", context, section="tasks")


def rounds_of(room: Room) -> list[dict[str, Any]]:
    """The rounds, newest first: what was found, and what the handlers answered to it one by one when they came again."""
    said: dict[int, dict[str, str]] = {}
    number = int(room.case.state["review"].get("round", 0))
    for step in room.steps:
        rule = room.pack.acts.get(step.act.name)
        told = {o.name: opened(o, rule, room.words, room.sight) for o in step.openings if o.name in LISTED}
        said.setdefault(number, {}).update(told)
        number -= step.act.name == "submit-for-review"
    rows = Review.objects.filter(case=room.case).order_by("-round")
    return [{"row": row, **said.get(row.round, {})} for row in rows]


LISTED = ("problems", "answers")
"""What a round says in numbered rows."""


def draft_of(room: Room) -> list[dict[str, str]]:
    """What is to be decided, line by line."""
    words: Words = room.words
    item = parts.pack_field(room.pack, room.case.procedure, "decision")
    plan = proposal(room.case.state)
    columns = item.columns if item else ()
    return [
        {"label": c.label, "value": words.value(c, plan[c.name])}
        for c in columns
        if plan.get(c.name) not in (None, "", [], False)
    ]


def acts_of(room: Room) -> list[dict[str, Any]]:
    """The acts of review, open or with what stands in their way."""
    if not room.visitor.works_in(room.case.agency_id):
        return []
    found = open_acts(room.case, room.visitor.person, room.now, actor=room.actor, officers=room.handlers)
    drawn = [
        act_of(room.case, one, None) | {"primary": one.is_open and bool(one.act.papers)}
        for one in found
        if one.act.group == GROUP
    ]
    return sorted(drawn, key=lambda one: not one["open"])


def checks_of(room: Room) -> list[Any]:
    """What the house has checked about the decision itself, met or not: the reviewer need not look it up.

    Left out are those who decide, the blanks of their form, and the review that is being made.
    """
    act = next((a for a in room.pack.acts_of(room.case.procedure) if "decision" in facts_copied(a)), None)
    if act is None:
        return []
    facts = gather.facts_for(room.case, act, room.actor, {}, room.now, officers=room.handlers)
    skipped = ("role", "stage", "once", "today-only")
    return [
        v
        for v in judge(facts)
        if v.guard not in skipped and not v.guard.startswith(("field:", "decide.reviewed"))
    ]


def facts_copied(act: Any) -> set[str]:
    """The facts that an act makes final."""
    return {str(e["from"]) for e in act.effects if e["do"] == "copy"}
