"""/cases: list, open, look at, act upon."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Status

from sanxiang.api import schemas
from sanxiang.api.caller import ACT, READ, Caller, caller_of, case_for, case_listed
from sanxiang.api.casefile import (
    Json,
    acts_of,
    case_full,
    case_row,
    done_json,
    marked_facts,
    timeline_of,
)
from sanxiang.api.evidence import cited
from sanxiang.api.once import once
from sanxiang.api.paging import cursor_of, cut, moment_of, only
from sanxiang.api.problems import NOWHERE, Problem, unreadable
from sanxiang.cases import store
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.typeset import intact
from sanxiang.cases.papers.watermark import Unmarkable, mark_pdf, numbered
from sanxiang.door import gather, pinned
from sanxiang.door.perform import open_case, perform
from sanxiang.door.sight import HIDDEN, Sight
from sanxiang.door.signing import file_for
from sanxiang.law.rules import Act
from sanxiang.people.models import Agency, Unit

router = Router(tags=["cases"])
CHANNEL = "api"


@router.get("/cases", auth=READ, response=schemas.Cases, summary="案件列表")
def list_cases(request: HttpRequest, filters: Query[schemas.CaseFilters]) -> Json:
    """Cases of the agencies that the caller may see, the newest first."""
    only(request, schemas.CaseFilters)
    caller = caller_of(request)
    found = wanted(caller, filters)
    total = found.count()
    if filters.cursor:
        moment, identity = moment_of(filters.cursor)
        found = found.filter(Q(opened_at__lt=moment) | Q(opened_at=moment, id__gt=identity))
    rows, more = cut(list(found.order_by("-opened_at", "id")[: filters.limit + 1]), filters.limit)
    items = [case_row(case, gather.pack_of(case), caller.on) for case in rows]
    return {
        "items": items,
        "total": total,
        "cursor": cursor_of(rows[-1].opened_at, rows[-1].id) if more else None,
    }


def wanted(caller: Caller, filters: schemas.CaseFilters) -> QuerySet[Case]:
    """The cases that the filters leave."""
    found = Case.objects.filter(agency__in=caller.agencies).select_related("agency", "unit")
    if filters.agency:
        found = found.filter(agency=filters.agency)
    if filters.stage:
        found = found.filter(stage=filters.stage)
    if filters.closed is not None:
        found = found.exclude(closed="") if filters.closed else found.filter(closed="")
    if filters.overdue is not None:
        late = overdue(caller.on)
        found = found.filter(late) if filters.overdue else found.exclude(late)
    for word in filters.q.replace("\0", "").split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(party__icontains=word)
            | Q(respondent__icontains=word)
            | Q(number__icontains=word)
            | Q(code__iexact=word)
        )
    return found


def overdue(today: date) -> Q:
    """Open cases in which a duty of the agency fell due before today."""
    return Q(closed="", next_due__lt=today)


@router.post(
    "/cases", auth=ACT, response={201: schemas.ActDone, 200: schemas.ActDone}, summary="开始一个案件"
)
def start_case(request: HttpRequest, body: schemas.NewCase) -> Status[Any]:
    """Open a case by the first act of a procedure. 200 instead of 201: the stored answer of the same key."""
    caller = caller_of(request)
    agency = agency_for(caller, body.agency)
    first = first_act(agency, body.procedure)
    caller.may_try(first)
    data = cited(first, body.data, caller)
    unit = unit_for(agency, body.unit)
    act = partial(open_case, body.procedure, agency, caller.person, data, unit=unit, channel=CHANNEL)
    asked = {"address": "/cases", **body.model_dump(exclude={"idempotency_key"}, mode="json")}
    answer, again = once(caller.person, body.idempotency_key, asked, lambda: done_json(act()))
    return Status(200 if again else 201, answer)


def agency_for(caller: Caller, wanted: UUID | None) -> Agency:
    """Where the case is opened: the agency named, or the only one in which the caller works. Raises Problem."""
    places = caller.workplaces
    if wanted is None and len(places) == 1:
        return next(iter(places.values()))
    if not places:
        raise Problem("post", "当前没有办案岗位，不能办理案件")
    if wanted is None:
        names = "、".join(f"{agency.name}（{key}）" for key, agency in places.items())
        raise unreadable({"agency": f"agency：在多个机关任职，请写明一个：{names}"})
    if wanted not in places:
        raise unreadable({"agency": f"agency：没有编号为 {wanted} 的机关，或者不在那里任职"})
    return places[wanted]


def unit_for(agency: Agency, wanted: UUID | None) -> Unit | None:
    """The unit named, if it is the agency's. Raises Problem."""
    if wanted is None:
        return None
    found = Unit.objects.filter(agency=agency, pk=wanted).first()
    if found is None:
        raise unreadable({"unit": f"unit：{agency.name}没有编号为 {wanted} 的内设机构"})
    return found


def first_act(agency: Agency, procedure: str) -> Act:
    """The act that opens the procedure. Raises Problem when the locality has no such procedure."""
    pack = pinned.current(agency.locality)
    if procedure not in pack.procedures:
        known = "、".join(pack.procedures)
        raise unreadable({"procedure": f"procedure：没有“{procedure}”这种程序，可用：{known}"})
    return next(act for act in pack.acts_of(procedure) if act.first)


@router.get("/cases/{uuid:case}", auth=READ, response=schemas.CaseFull, summary="案件全貌")
def show_case(request: HttpRequest, case: UUID) -> Json:
    """State, flowchart, periods with their reckoning, tasks, papers, evidence, open acts."""
    caller = caller_of(request)
    return case_full(case_for(caller, case), caller)


@router.get(
    "/cases/{uuid:case}/acts", auth=READ, response=schemas.Acts, by_alias=True, summary="可以办理的步骤"
)
def list_acts(request: HttpRequest, case: UUID) -> Json:
    """Every act, open or closed with all reasons, with the JSON Schema of what it asks."""
    caller = caller_of(request)
    found = case_for(caller, case)
    items = acts_of(found, caller)
    return {"case": found.id, "stage": found.stage, "items": items, "total": len(items)}


@router.post(
    "/cases/{uuid:case}/acts/{act}",
    auth=ACT,
    response={201: schemas.ActDone, 200: schemas.ActDone},
    summary="办理一步",
)
def perform_act(request: HttpRequest, case: UUID, act: str, body: schemas.ActIn) -> Status[Any]:
    """Do one act through the door. 200 instead of 201: the stored answer of the same key."""
    caller = caller_of(request)
    found = case_listed(caller, case)
    rule = gather.pack_of(found).acts.get(act)
    if rule is not None:
        caller.may_try(rule)
    data = cited(rule, body.data, caller)
    knock = partial(perform, act, case, caller.person, data, channel=CHANNEL)
    asked: Mapping[str, Any] = {"address": f"/cases/{case}/acts/{act}", "data": body.data}
    answer, again = once(caller.person, body.idempotency_key, asked, lambda: done_json(knock()))
    return Status(200 if again else 201, answer)


@router.get("/cases/{uuid:case}/timeline", auth=READ, response=schemas.Timeline, summary="办案时间线")
def timeline(request: HttpRequest, case: UUID, filters: Query[schemas.TimelineFilters]) -> Json:
    """The acts in order with what was said in them; what the caller may not see is marked as withheld."""
    only(request, schemas.TimelineFilters)
    caller = caller_of(request)
    return timeline_of(case_for(caller, case), caller, filters.after, filters.limit)


@router.get("/cases/{uuid:case}/papers/{uuid:paper}.pdf", auth=READ, response={200: None}, summary="文书 PDF")
def paper_pdf(request: HttpRequest, case: UUID, paper: UUID) -> HttpResponse:
    """The frozen PDF of an issued paper, checked against its digest while it is read; the watermark is appended behind it."""
    caller = caller_of(request)
    row = readable(caller, case, paper)
    digest = file_for(row, row.case.state, sight_of(caller, row.case))
    found, locked, mark = bytes_of(row, digest), digest != row.pdf, caller.reading.mark
    try:  # under a signature or a seal no byte may be added: whoever checks it would call the file altered
        shown = found if locked else mark_pdf(found, mark)
        response = HttpResponse(shown, content_type="application/pdf")
    except Unmarkable as unmarkable:
        raise Problem("internal", str(unmarkable)) from None
    response["X-Original-Length"] = str(len(found))
    name = f"{row.label}{row.number}.pdf"
    name = numbered(name, mark) if locked else name
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["ETag"] = (
        f'W/"{digest}"'  # weak: the paper is the same, the watermark behind it is another each time
    )
    return response


def readable(caller: Caller, case: UUID, paper: UUID) -> Paper:
    """A paper that the caller may read. Raises Problem."""
    found = case_for(caller, case)
    row = Paper.objects.filter(case=found, id=paper).select_related("case__agency").first()
    if row is None:
        raise Problem("unknown", NOWHERE)
    caller.reading.of(row.id, row.pdf)
    if not sight_of(caller, found).paper(
        gather.pack_of(found), row.kind, marked_facts(found).get(row.act, {})
    ):
        raise Problem("post", f"这份文书{HIDDEN}")
    return row


def sight_of(caller: Caller, case: Case) -> Sight:
    """The caller's eyes on this case."""
    return Sight(caller.actor_in(case.agency), case.state, str(case.unit_id or ""))


def bytes_of(paper: Paper, digest: str) -> bytes:
    """The bytes of the paper's file. Raises Problem when the file is gone or is not what was issued."""
    found = intact(store.papers(), digest)
    if found is None:
        raise Problem(
            "internal",
            f"文书《{paper.label}》的文件丢失或被改动，与签发时的校验值不符，请运行 sanxiang ledger verify 查明",
        )
    return found
