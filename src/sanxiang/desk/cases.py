"""Cases: the list, the choice of a procedure, the page of one case and its timeline."""

from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Subquery, Window
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case, Evidence, Film, Paper
from sanxiang.cases.papers.code import address_code
from sanxiang.desk import case_parts as parts
from sanxiang.desk import history, listing, record_table
from sanxiang.desk.addresses import number_in
from sanxiang.desk.awaiting import awaiting, steps_in
from sanxiang.desk.clocks import clocks_of, task_lines
from sanxiang.desk.files import dossier
from sanxiang.desk.footage import astray_lines
from sanxiang.desk.looks.accesses import seen_by
from sanxiang.desk.looks.taking import evidence_offered, papers_offered, takes
from sanxiang.desk.next_acts import next_of, way_of
from sanxiang.desk.opening import code_path
from sanxiang.desk.recording import coverage, record_quality
from sanxiang.desk.related import related_of
from sanxiang.desk.room import Room, room_of
from sanxiang.desk.venues import case_bookings
from sanxiang.desk.who import case_for, case_with_badges, page, visitor_of
from sanxiang.door.models import Task
from sanxiang.door.perform import open_acts
from sanxiang.door.recording import footage
from sanxiang.law.recording.book import devices_in

MOST = 30
"""Papers, pieces of evidence and acts that the page of a case shows of each; of longer lists the newest, with a link to all."""


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The cases one may see, filtered, newest first."""
    visitor = visitor_of(request)
    asked = listing.asked_of(request.GET)
    return page(request, visitor, "desk/cases.html", listing.page_of(visitor, asked))


@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: where it stands, what is next, every clock, paper, piece of evidence and act."""
    visitor = visitor_of(request)
    found, badges = case_with_badges(visitor, case_id)
    asked = request.GET.get("all", "")
    room = room_of(visitor, found, most=MOST, also=made_by(found, asked))
    context = case_context(room, asked)
    return page(request, visitor, "desk/case.html", context, badges=badges)


def made_by(case: Case, asked: str) -> frozenset[int]:
    """The acts that made the pieces of evidence that the page lists, however long ago: it must know them besides those it draws."""
    most = 0 if asked == "evidence" else MOST
    return frozenset(int(piece["n"]) for piece in case.state["evidence"][-most:])


def case_context(room: Room, asked: str = "") -> dict[str, Any]:
    """Everything on the case page, of long lists the newest; `asked` is the list that is wanted whole. Five queries: tasks,
    papers and what of them is marked, evidence, who looked."""
    case, pack = room.case, room.pack
    tasks = list(
        Task.objects.filter(case=case, closed_n=None).order_by(F("due").asc(nulls_last=True), "opened_n")
    )
    for task in tasks:
        task.case = case
    clocks = clocks_of(pack, case.state, room.calendar, room.visitor.on)
    way = way_of(case, pack, room.calendar, room.now)
    works = room.visitor.works_in(case.agency_id)
    acts = (
        steps_in(open_acts(case, room.visitor.person, room.now, actor=room.actor, officers=room.handlers))
        if works
        else []
    )
    return {
        "case": case,
        "stage": parts.stage_label(case, pack),
        "flow": way.flow,
        "works": works,
        "code": address_code(code_path(case.code)),
        "next": next_of(case, acts, tasks, way, room.actor.roles if works else None, handles(room)),
        "clocks": [clock for clock in clocks if clock["state"] != "done"],
        "ended": [clock for clock in clocks if clock["state"] == "done"],
        "tasks": task_lines(tasks, room.calendar, room.visitor.on),
        "summary": parts.summary_of(case, pack, room.words, room.sight),
        "gate": parts.gate_of(case, pack, room.visitor.on),
        **files_of(room, asked),
        "dossier": dossier.lacks_line(case, pack),
        "property": parts.property_of(case),
        "money": parts.money_of(case),
        "publication": parts.publication_of(case),
        "related": related_of(room),
        "looks": seen_by(case, room.visitor),
        "entries": history.entries(room.steps[:MOST], room.words, room.sight),
        "pager": history.pages(case, None, MOST),
    }


def handles(room: Room) -> bool:
    """Is the case in the visitor's hands: as one of its handlers, or standing in for one; anybody's while nobody handles it."""
    named = room.case.state["handlers"]
    mine = {str(post.person_id) for post in room.visitor.posts if post.agency_id == room.case.agency_id}
    return not named or bool(mine & set(named))


def files_of(room: Room, asked: str = "") -> dict[str, Any]:
    """Papers and evidence, the newest or all of what is asked for, and what does not fit the register of devices. None for that
    where the case names none."""
    case, rest = room.case, (room.pack, room.sight)
    papers = Paper.objects.filter(case=case).order_by("-n", "label").annotate(whole=Window(Count("pk")))
    film = Film.objects.filter(pk=OuterRef("digest"))
    read = {f"film_{name}": Subquery(film.values(name)[:1]) for name in ("state", "found", "poster")}
    most = 0 if asked == "evidence" else MOST
    begin = min((piece["n"] for piece in case.state["evidence"][-most:]), default=0)
    rows = Evidence.objects.filter(case=case, n__gte=begin).annotate(**read).order_by("n", "title")
    shown = list(papers if asked == "papers" else papers[:MOST])
    cards = parts.papers_of(case, shown, history.marks_in(case), *rest)
    may = takes(room.visitor, case)
    return {
        "takes": may,
        "astray": astray_in(case),
        "booked": case_bookings(case) if set(HEARD) & set(case.state["last"]) else [],
        "papers": papers_offered(cards, may),
        "awaiting": awaiting(room, shown, cards) if room.visitor.works_in(case.agency_id) else None,
        "papers_count": shown[0].whole if shown else 0,
        "evidence": evidence_offered(
            parts.evidence_of(case, rows, room.steps, *rest, room.calendar, most), may
        ),
        "evidence_count": len(case.state["evidence"]),
    }


def astray_in(case: Case) -> list[str]:
    """Footage of the case whose device was not with its officers then."""
    own = Case.objects.filter(pk=case.pk)
    return astray_lines(footage.astray(own)) if devices_in(case.state) else []


HEARD = ("request-hearing", "notify-hearing", "hold-hearing")
"""Acts after which a case may have a room booked for its hearing; others are told on the timeline."""


@require_GET
def timeline(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The whole timeline: a page at a time, or with ?all=1 every act at once, for printing and for searching in the page."""
    visitor = visitor_of(request)
    found = case_for(visitor, case_id)
    whole = "all" in request.GET
    newest, most = (None, history.ALL) if whole else (number_in(request.GET, "from"), history.PAGE)
    room = room_of(visitor, found, newest, most)
    entries = history.entries(room.steps, room.words, room.sight)
    for entry in entries:
        entry["fields"] += (
            [{"label": "制作文书", "value": "\n".join(entry["papers"])}] if entry["papers"] else []
        )
    pager = history.pages(found, newest, most)
    late = record_quality.late_in(found)
    pager = {**pager, "total_text": f"{pager['total_text']}，其中补录 {len(late)} 步"} if late else pager
    context = {
        "case": found,
        "entries": entries,
        "pager": pager,
        "booked": case_bookings(found),
        "links": record_table.table_of(found, room.pack),
        "recordings": coverage.case_table(found.state),
        "quality": record_quality.table_of(late),
    }
    return page(request, visitor, "desk/timeline.html", context)
