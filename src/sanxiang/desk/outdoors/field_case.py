"""What is taken along of a case: its lines, the forms of the steps that are open, and the articles that these rest on.

No papers and no evidence, only that they are there: what lies on a device can be lost with it.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from sanxiang.cases.models import Evidence, Paper
from sanxiang.desk import case_parts as parts
from sanxiang.desk.acts import Sheet, blank_case, draw_context, sheet_of
from sanxiang.desk.awaiting import awaiting, steps_in
from sanxiang.desk.clocks import clocks_of, task_lines
from sanxiang.desk.history import marks_in
from sanxiang.desk.law import blocks_under as blocks
from sanxiang.desk.law import instrument_of, statute_of, told_of
from sanxiang.desk.room import Room
from sanxiang.desk.starting import procedures_of
from sanxiang.desk.who import Visitor
from sanxiang.door.models import Task
from sanxiang.door.perform import open_acts
from sanxiang.door.pinned import current
from sanxiang.law.articles import bare_article
from sanxiang.law.blocks import Citation, Instrument
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act
from sanxiang.people.models import Agency
from sanxiang.registers.models import Statute


def taken_along(room: Room) -> dict[str, Any]:
    """The case as a device keeps it. Its queries grow with the steps that are open, of which a procedure has some dozens."""
    case, visitor = room.case, room.visitor
    found = open_acts(case, visitor.person, room.now, actor=room.actor, officers=room.handlers)
    acts = [one.act for one in steps_in(found) if one.is_open]
    sheets = [sheet_of(visitor, case, act, visitor.on) for act in acts]
    return {
        "case": str(case.pk),
        "title": case.title,
        "number": case.number or case.code,
        "html": case_html(room),
        "forms": [form_of(one, f"/desk/cases/{case.pk}/acts/{one.act.id}/") for one in sheets],
        "articles": articles_of(room.pack, case.procedure, acts, visitor.on),
        **span(),
    }


def blank_forms(visitor: Visitor, agency: Agency) -> dict[str, Any]:
    """The first form of every procedure that this officer may open in the agency: of no case, so no look."""
    pack = current(agency.locality)
    doors = [one for one in procedures_of(visitor, agency) if one["open"]]
    forms: list[dict[str, Any]] = []
    articles: dict[str, dict[str, str]] = {}
    for door in doors:
        procedure = str(door["href"]).split("/")[4]
        case = blank_case(visitor, agency, procedure)
        rule = next(act for act in pack.acts_of(procedure) if act.first)
        sheet = sheet_of(visitor, case, rule, visitor.on, fresh=True)
        told = form_of(sheet, str(door["href"]))
        forms.append(told | {"act": procedure, "label": f"{door['label']}：{rule.label}"})
        articles |= {one["name"]: one for one in articles_of(pack, procedure, [rule], visitor.on)}
    return {
        "case": "new",
        "title": "新案件的空白表单",
        "number": agency.name,
        "html": "",
        "forms": forms,
        "articles": list(articles.values()),
        **span(),
    }


def span() -> dict[str, str]:
    """From when until when it may lie on the device."""
    now = timezone.now()
    return {"taken": now.isoformat(), "until": (now + timedelta(days=settings.FIELD_DAYS)).isoformat()}


def case_html(room: Room) -> str:
    """The lines of the case: what it is about, what waits, which periods run, what is in the file by name."""
    case, pack = room.case, room.pack
    tasks = list(
        Task.objects.filter(case=case, closed_n=None).order_by(F("due").asc(nulls_last=True), "opened_n")
    )
    for task in tasks:
        task.case = case
    clocks = clocks_of(pack, case.state, room.calendar, room.visitor.on)
    papers = list(Paper.objects.filter(case=case).order_by("-n", "label"))
    cards = parts.papers_of(case, papers, marks_in(case), pack, room.sight)
    pieces = Evidence.objects.filter(case=case).order_by("n", "title")
    context = {
        "case": case,
        "stage": parts.stage_label(case, pack),
        "summary": parts.summary_of(case, pack, room.words, room.sight),
        "clocks": [clock for clock in clocks if clock["state"] != "done"],
        "tasks": task_lines(tasks, room.calendar, room.visitor.on),
        "awaiting": awaiting(room, papers, cards),
        "papers": [f"{paper.label} {paper.number}".strip() for paper in papers],
        "evidence": [piece.title for piece in pieces if room.sight.may(piece.secrecy)],
    }
    return render_to_string("desk/field_case.html", context)


def form_of(sheet: Sheet, address: str) -> dict[str, Any]:
    """One form, as the desk draws it, to be filled in without a network and sent to its address."""
    act = sheet.act
    return {
        "act": act.id,
        "label": act.label,
        "citation": str(act.citation),
        "help": act.help,
        "today_only": act.today_only,
        "notices": list(sheet.offer.notices),
        "address": address,
        "html": render_to_string("desk/field_form.html", draw_context(sheet)),
    }


def articles_of(pack: Pack, procedure: str, acts: list[Act], on: date) -> list[dict[str, str]]:
    """The texts behind the steps and what is asked of them, each once; where a law was not imported, the pack's own words."""
    cited = [act.citation for act in acts]
    cited += [rule.citation for act in acts for rule in pack.guards_of(act.id, procedure)]
    named = {one.instrument: instrument_of(pack, one.instrument) for one in cited}
    texts = {name: statute_of(known, on) for name, known in named.items() if known}
    told = (
        article_of(pack, one, named[one.instrument], texts.get(one.instrument))
        for one in dict.fromkeys(cited)
    )
    return [one for one in told if one["text"]]


def article_of(
    pack: Pack, citation: Citation, known: Instrument | None, statute: Statute | None
) -> dict[str, str]:
    """One article by name, with its text."""
    bare = bare_article(citation.article)
    text = str(statute.articles.get(bare, "")) if statute and bare else ""
    if not text and known:
        text = "\n".join(told_of(blocks(pack, known, bare or citation.article)))
    return {"name": str(citation), "text": text}
