"""查阅、复制申请: who asked for which file and until when the answer is due; one request with what a copy would hold; its papers."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases import store
from sanxiang.cases.models import Case
from sanxiang.cases.papers.typeset import intact
from sanxiang.cases.papers.watermark import mark_pdf, numbered
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.looks.taking import takes
from sanxiang.desk.papers import LOST, guarded, sight_of
from sanxiang.desk.who import OVERSEERS, Visitor, case_for, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.files import file_copy
from sanxiang.door.files.asked_files import (
    ANSWER,
    CONSULT,
    EXTEND,
    HAND_OVER,
    REGISTER,
    THIRD_ANSWER,
    FileRequest,
    requests_in,
    requests_of,
)
from sanxiang.door.files.file_requests import (
    FILES,
    FORMS,
    OUTCOMES,
    PROVIDE,
    ROUTES,
    STANDINGS,
    VIA,
    WINDOW,
    file_of,
)
from sanxiang.door.files.third_parties import SAID
from sanxiang.door.sight import HIDDEN
from sanxiang.law.file_requests import Consulted

BARRED = "“查阅、复制申请”由受理、答复的人员和监督人员查看，您目前没有这样的岗位。"
HERE = "/desk/accesses/requests/"
MOST = 200
UNSET = "未设定"
READERS = frozenset(WINDOW) | OVERSEERS
"""Who takes requests in, answers them or watches over that; the list names every applicant."""


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The requests to the agencies in which the visitor takes them in, answers or watches, newest first. Four queries."""
    visitor = visitor_of(request)
    if not visitor.roles & READERS:
        raise PermissionDenied(BARRED)
    found = requests_in(visitor.agencies_as(READERS))
    context = {
        "table": table_of(found, visitor),
        "late": sum(1 for one in found if not one.outcome and one.late(visitor.on)),
        "may": bool(visitor.roles & set(ACTS[REGISTER].by)),
        "register": f"/desk/admin/acts/{REGISTER}/",
    }
    return page(request, visitor, "desk/file_requests.html", context, section="ledger")


def table_of(found: list[FileRequest], visitor: Visitor) -> dict[str, Any]:
    """The first of them as the page's table. One query."""
    shown = found[:MOST]
    cases = Case.objects.filter(pk__in=[one.case for one in shown if one.case]).only("number", "code")
    named = {case.pk: case.number or f"查询码 {case.code}" for case in cases}
    labels = ("编号", "申请人", "案件和内容", "答复期限", "答复", "交付")
    text = (
        "当事人和公众要求查阅、复制案卷材料的，在这里登记、答复和交付；当事人也可以凭查询码在公示平台提出。"
    )
    return {
        "caption": "查阅、复制申请，新的在前",
        "columns": [{"label": label} for label in labels],
        "rows": [row_of(one, named, visitor) for one in shown],
        "total": len(found),
        "empty": {"title": "没有查阅、复制申请", "text": text},
    }


def row_of(one: FileRequest, cases: dict[UUID, str], visitor: Visitor) -> dict[str, Any]:
    """One request as a line."""
    answer: dict[str, Any] = {"text": "", "badge": {"label": "待答复", "tone": "amber"}}
    if one.outcome:
        tone = "green" if one.outcome == PROVIDE else "plain"
        answer = {
            "text": str(one.answer.get("answer_no") or ""),
            "badge": {"label": OUTCOMES[one.outcome], "tone": tone},
        }
    elif one.late(visitor.on):
        answer["badge"] = {"label": "超期未答复", "tone": "red"}
    due = cn_date(one.due) if one.due else UNSET
    return {
        "cells": [
            {"text": one.number, "href": address(one), "sub": f"{cn_date(one.told.get('received'))}收到"},
            {
                "text": str(one.told.get("applicant") or ""),
                "sub": STANDINGS.get(str(one.told.get("standing")), ""),
            },
            {"text": cases.get(one.case, "") if one.case else "", "sub": ROUTES.get(one.route, one.route)},
            {"text": due, "sub": str(one.told.get("limit") or "")},
            answer,
            {
                "text": cn_date(one.handed.get("handed_on")) if one.handed else "",
                "sub": str(one.handed.get("receiver") or ""),
            },
        ]
    }


def address(one: FileRequest) -> str:
    """Where one request stands."""
    return f"/desk/cases/{one.case}/requests/{one.id}/"


def found(request: HttpRequest, case_id: UUID, request_id: UUID) -> tuple[Visitor, Case, FileRequest]:
    """A request about a case that the visitor may open. Http404 otherwise."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    one = next((row for row in requests_of(case.pk) if row.id == request_id), None)
    if one is None or one.case != case.pk:
        raise Http404("没有这件申请")
    visitor.reading.of(one.id, file_of(one, "answer"))
    return visitor, case, one


@require_GET
def one(request: HttpRequest, case_id: UUID, request_id: UUID) -> HttpResponse:
    """One request: what was asked, what a copy would hold and hide, what was answered, and what is to do."""
    visitor, case, row = found(request, case_id, request_id)
    may = takes(visitor, case)
    answers = not row.outcome and bool(visitor.roles_in(case.agency_id) & set(ACTS[ANSWER].by))
    context = {
        "case": case,
        "row": row,
        "told": told_of(row, sight_of(visitor, case).may(ACTS[REGISTER].secrecy)),
        "late": row.late(visitor.on),
        "outcome": OUTCOMES.get(row.outcome, ""),
        "preview": file_copy.prepared(case, row.told, {}) if answers else None,
        "withheld": row.answer.get("withheld") or (),
        "files": [
            {"label": label, "href": f"{address(row)}{part}.pdf"}
            for part, label in FILES.items()
            if file_of(row, part) and "request-pdf" in may
        ],
        "acts": acts_of(row, case, visitor),
    }
    return page(request, visitor, "desk/file_request.html", context)


def told_of(row: FileRequest, known: bool) -> list[dict[str, str]]:
    """What was asked and by whom; how the applicant proved itself and is reached, for whom that is `known`."""
    told = row.told if known else {**row.told, "identity": HIDDEN, "contact": HIDDEN}
    pairs = (
        ("申请人", f"{told.get('applicant')}（{STANDINGS.get(str(told.get('standing')), '')}）"),
        ("身份证明", told.get("identity")),
        ("联系方式", told.get("contact")),
        ("申请的内容", told.get("wants")),
        ("获取方式", FORMS.get(str(told.get("form")), "")),
        ("提出方式", f"{VIA.get(str(told.get('via')), '')}，{cn_date(told.get('received'))}收到"),
        ("按哪一法律", ROUTES.get(row.route, row.route)),
        ("答复期限", f"{cn_date(row.due) if row.due else UNSET}。{told.get('limit') or ''}"),
        ("延长的理由", row.extended.get("reason")),
        ("征求第三方意见", "；".join(third_told(one, known) for one in row.consulted)),
    )
    return [{"label": label, "value": str(value)} for label, value in pairs if value]


def third_told(one: Consulted, known: bool) -> str:
    """One third party that was asked, and what it said."""
    said = f"{cn_date(one.answered)}{SAID.get(one.said, '')}" if one.said else "还没有答复"
    return f"{one.third if known else '第三方'}{cn_date(one.asked)}收到征求意见书，{said}，所需时间不计入答复期限"


def acts_of(row: FileRequest, case: Case, visitor: Visitor) -> list[dict[str, str]]:
    """What the visitor may do about it now."""
    held = visitor.roles_in(case.agency_id)
    wanted = (ANSWER, EXTEND, CONSULT, THIRD_ANSWER) if not row.outcome else (HAND_OVER,)
    if row.outcome not in ("", PROVIDE) or row.handed:
        return []
    query = urlencode({"agency": str(case.agency_id), "request": row.number})
    return [
        {"label": ACTS[name].label, "href": f"/desk/admin/acts/{name}/?{query}"}
        for name in wanted
        if held & set(ACTS[name].by)
        and not (name == EXTEND and (row.extended or not row.due))
        and not (name == CONSULT and not row.due)
        and not (name == THIRD_ANSWER and all(one.said for one in row.consulted))
    ]


@require_GET
def sheet(request: HttpRequest, case_id: UUID, request_id: UUID, sheet: str) -> HttpResponse:
    """The answer, the copy or the receipt, with the number of the look. Http404 for what there is not."""
    visitor, _, row = found(request, case_id, request_id)
    digest = file_of(row, sheet) if sheet in FILES else ""
    if not digest:
        raise Http404("没有这份文书")
    visitor.reading.of(row.id, digest)
    data = intact(store.papers(), digest)
    if data is None:
        raise Http404(LOST)
    answer = HttpResponse(mark_pdf(data, visitor.reading.mark), content_type="application/pdf")
    answer["X-Original-Length"] = str(len(data))
    day = timezone.localtime(row.at).date()
    return guarded(answer, numbered(f"{FILES[sheet]}{day}.pdf", visitor.reading.mark))
