"""案卷移交: which sealed files are still here, handed over in batches; each batch with its list and its package."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from sanxiang.cases.dossier.bundle import Lost
from sanxiang.cases.dossier.package import package as packed
from sanxiang.cases.models import Case
from sanxiang.cases.papers.watermark import numbered
from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.papers import guarded
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.administer import Unreadable
from sanxiang.door.batches import ARCHIVED, finished, handed_over, still_here
from sanxiang.door.files.handing_over import (
    COPIES,
    KEEPERS,
    MOST,
    PLACES,
    RECEIVE,
    Transfer,
    transfers_in,
)
from sanxiang.door.files.transfer import bags_of, lists_of
from sanxiang.door.pinned import current
from sanxiang.door.reasons import BY_DUTY
from sanxiang.law.casefile import RETENTIONS
from sanxiang.law.guards import Refused
from sanxiang.ledger.access import SERVED, Read, record
from sanxiang.people import roles
from sanxiang.people.models import Agency, Unit

READERS = frozenset({roles.ARCHIVIST, roles.AGENCY_HEAD})
BARRED = "“案卷移交”由本机关的档案员办理、负责人查看，您目前没有这样的岗位。"


def agency_of(visitor: Visitor) -> Agency:
    """The agency whose archive the visitor keeps or answers for. PermissionDenied for everybody else."""
    post = next((one for one in visitor.posts if one.role in READERS), None)
    if post is None:
        raise PermissionDenied(BARRED)
    return post.agency


@require_http_methods(["GET", "POST"])
def transfers(request: HttpRequest) -> HttpResponse:
    """The files that are still here by year, kind and unit, to be handed over together; and the batches so far."""
    visitor = visitor_of(request)
    agency = agency_of(visitor)
    wrong: list[str] = []
    if request.method == "POST":
        made, wrong = handed(request, visitor, agency)
        if made:
            return redirect("desk-transfer", transfer_id=made)
    asked = {name: request.GET.get(name, "") for name in ("year", "type", "unit")}
    rows = list(still_here(agency, asked)[: MOST + 1])
    lines = [file_of(case) for case in rows[:MOST]]
    context = {
        "rows": lines, "more": len(rows) > MOST, "most": MOST, "asked": asked, "wrong": wrong, **choices(agency),
        "keeps": keeps(visitor, agency), "fields": fields_of(lines, request.POST), "table": table_of(transfers_in([agency.pk])),
    }  # fmt: skip
    return page(
        request, visitor, "desk/transfers.html", context, section="cases", status=422 if wrong else 200
    )


def keeps(visitor: Visitor, agency: Agency) -> bool:
    """Is the visitor the one who hands over?"""
    return bool(visitor.roles_in(agency.pk) & set(KEEPERS))


def choices(agency: Agency) -> dict[str, Any]:
    """Years, kinds and units of what is archived. Two queries."""
    rows = Case.objects.filter(agency=agency, stage=ARCHIVED).order_by()
    found = list(rows.values_list("opened_at__year", "act_type", "pack", "pack_digest").distinct())
    labels = {kind: label_of(kind, agency) for _, kind, _, _ in found}
    units = Unit.objects.filter(agency=agency).order_by("name").values_list("pk", "name")
    return {
        "years": sorted({year for year, _, _, _ in found}, reverse=True),
        "types": sorted(labels.items()),
        "units": [(str(key), name) for key, name in units],
    }


def label_of(kind: str, agency: Agency) -> str:
    """What the locality calls this kind of act."""
    pack = current(agency.locality)
    return next((str(row["label"]) for row in pack.act_types() if row["code"] == kind), kind)


def file_of(case: Case) -> dict[str, str]:
    """One file as a line to choose."""
    facts = case.state["facts"]
    unit, kept = case.unit.name if case.unit else "", RETENTIONS.get(str(facts.get("retention") or ""), "")
    day = cn_date(str((case.state["last"].get("archive") or {}).get("on") or ""))
    label = f"{facts.get('archive_no') or '没有档号'} {case.title}"
    return {"value": case.code, "label": label, "hint": f"{unit} {kept} {day}归档"}


def fields_of(lines: list[dict[str, str]], told: QueryDict) -> list[dict[str, Any]]:
    """The form: everything chosen at first; once sent, as it was sent."""
    cases = told.getlist("case") if told else [line["value"] for line in lines]
    copies = told.getlist("copies") if told else ["electronic"]
    places, parts = ([{"value": key, "label": text} for key, text in of.items()] for of in (PLACES, COPIES))
    shown = (
        ("case", "multichoice", f"待移交的案卷（{len(lines)} 件）", cases, {"choices": lines}),
        ("handed_to", "choice", "移交到", told.get("handed_to"), {"choices": places}),
        ("receiver", "text", "接收单位和接收人", told.get("receiver"), {"maxlength": 200}),
        ("copies", "multichoice", "移交内容", copies, {"choices": parts}),
        ("note", "longtext", "说明", told.get("note"), {"rows": 2, "maxlength": 1000, "required": False}),
    )
    return [
        {"name": name, "kind": kind, "label": label, "value": value, "required": True, **more}
        for name, kind, label, value, more in shown
    ]


def handed(request: HttpRequest, visitor: Visitor, agency: Agency) -> tuple[str, list[str]]:
    """Open the batch, hand over each file, draw up the list: its key, or what is wrong."""
    told = {name: request.POST.get(name, "") for name in ("handed_to", "receiver", "note")}
    several = {"copies": request.POST.getlist("copies"), "cases": " ".join(request.POST.getlist("case"))}
    person = visitor.person
    try:
        return str(handed_over(agency, person, {**told, **several}, "page").id), []
    except Unreadable as unreadable:
        return "", list(unreadable.errors.values())
    except Refused as refused:
        return "", [f"{verdict.fact}。{verdict.cure}" for verdict in refused.verdicts if not verdict.met]


def table_of(found: list[Transfer]) -> dict[str, Any]:
    """The batches."""
    labels = ("编号", "接收方", "移交", "没有移交", "签收")
    rows = [
        {
            "cells": [
                {"text": one.number, "href": f"/desk/transfers/{one.id}/", "sub": cn_datetime(timezone.localtime(one.at))},
                {"text": PLACES.get(str(one.told.get("handed_to")), ""), "sub": str(one.told.get("receiver") or "")},
                {"text": f"{len(one.rows)} 件" if one.listed else "清单还没有确定"},
                {"text": f"{len(one.listed.get('left') or ())} 件"},
                {"text": str(one.received.get("receiver") or "待签收"), "sub": cn_date(one.received.get("received_on"))},
            ]
        }
        for one in found
    ]  # fmt: skip
    return {
        "caption": "移交的批次，新的在前",
        "columns": [{"label": label} for label in labels],
        "rows": rows,
        "total": len(found),
        "empty": {"title": "还没有成批移交过", "text": "在上面选取案卷，写明接收方，一次移交。"},
    }


def batch_for(request: HttpRequest, transfer_id: UUID) -> tuple[Visitor, Agency, Transfer]:
    """One batch of the visitor's agency, opened to be looked at. Http404 otherwise."""
    visitor = visitor_of(request)
    agency = agency_of(visitor)
    one = next((row for row in transfers_in([agency.pk]) if row.id == transfer_id), None)
    if one is None:
        raise Http404("没有这一批移交")
    visitor.reading.beside(agency.pk, BY_DUTY, one.id, str(one.listed.get("list_pdf") or ""))
    return visitor, agency, one


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """The list of one batch, what was not handed over and why, and both to take away; a batch that stopped half-way goes on."""
    visitor, agency, found = batch_for(request, transfer_id)
    wrong: list[str] = []
    if request.method == "POST" and not found.listed:
        try:
            finished(agency, found, visitor.person, "page")
            return redirect("desk-transfer", transfer_id=found.id)
        except Refused as refused:
            wrong = [f"{verdict.fact}。{verdict.cure}" for verdict in refused.verdicts if not verdict.met]
    context = {
        "one": found,
        "wrong": wrong,
        "may_finish": keeps(visitor, agency) and not found.listed,
        "place": PLACES.get(str(found.told.get("handed_to")), ""),
        "left": found.listed.get("left") or (),
        "digest": found.listed.get("list_pdf") or "",
        "receive": f"/desk/admin/acts/{RECEIVE}/?agency={agency.pk}&number={found.number}"
        if keeps(visitor, agency) and found.listed and not found.received
        else "",
    }
    return page(
        request, visitor, "desk/transfer.html", context, section="cases", status=422 if wrong else 200
    )


@require_GET
def sheet(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """The list as it was signed, byte for byte: under a signature the name alone bears the number of the look."""
    visitor, _, found = batch_for(request, transfer_id)
    try:
        pdf = lists_of(found)["移交清单.pdf"]
    except Lost as lost:
        raise Http404(f"{lost}的文件不见了") from lost
    return guarded(
        HttpResponse(pdf, content_type="application/pdf"), numbered("移交清单.pdf", visitor.reading.mark)
    )


@require_GET
def package(request: HttpRequest, transfer_id: UUID) -> HttpResponseBase:
    """List and bags as one zip that leaves while it is made; each case in it is a look of its own, entered before the first byte."""
    visitor, agency, found = batch_for(request, transfer_id)
    try:
        lists = lists_of(found)
    except Lost as lost:
        raise Http404(f"{lost}的文件不见了") from lost
    reading = visitor.reading
    for row in found.rows:
        looked(visitor, agency, row)
    pieces = packed(found.number, lists, bags_of(found, visitor.person.name), reading.mark)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    return guarded(answer, numbered("移交包.zip", reading.mark))


def looked(visitor: Visitor, agency: Agency, row: Any) -> None:
    """The entry of one case in the package."""
    read = Read(
        by=visitor.person.pk,
        by_name=visitor.person.name,
        kind="dossier",
        channel="page",
        result=SERVED,
        reason=BY_DUTY.code,
        role=visitor.reading.role,
        own_agency=agency.pk,
        agency=agency.pk,
        case=UUID(row["id"]),
        object=UUID(row["id"]),
        digest=row["digest"],
        text=f"移交包（水印 {visitor.reading.mark}）",
    )
    record(read, timezone.now())
