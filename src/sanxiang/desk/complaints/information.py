"""依申请公开: who asked for which government information, until when it is answered, what was answered; and the year in numbers."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases import store
from sanxiang.cases.papers.typeset import intact
from sanxiang.cases.papers.watermark import mark_pdf, numbered
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.leafing import leaf, waiting_first
from sanxiang.desk.papers import LOST, guarded
from sanxiang.desk.who import OVERSEERS, Visitor, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.asking.acts import OUTCOMES, SUPPLEMENT, VIA, WHO
from sanxiang.door.asking.register import (
    ANSWER,
    CONSULT,
    EXTEND,
    RECEIVE,
    REGISTER,
    THIRD,
    Application,
    application_of,
    applications_in,
)
from sanxiang.door.files.file_requests import FORMS, GROUNDS
from sanxiang.door.files.third_parties import SAID
from sanxiang.door.reasons import BY_DUTY

READERS = frozenset(WHO) | OVERSEERS
BARRED = "“依申请公开”由受理、答复的人员和监督人员查看，您目前没有这样的岗位。"
ANSWERING_ONLY = "已填写，只有答复的机关能看到"
HERE = "/desk/information/"


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """The applications to the visitor's agencies, what waits the longest first, and this year's numbers. Two queries."""
    visitor = visitor_of(request)
    if not visitor.roles & READERS:
        raise PermissionDenied(BARRED)
    found = applications_in(visitor.agencies_as(READERS))
    shown, told = leaf(found, key_of, request.GET.get("after", ""), HERE)
    labels = ("编号", "获取方式", "答复期限", "答复")
    context = {
        "table": {
            "caption": "申请，没有答复的、期限早的在前",
            "columns": [{"label": label} for label in labels],
            "rows": [row_of(one, visitor) for one in shown],
            "empty": {
                "title": "没有政府信息公开申请",
                "text": "公众在公示平台上申请的，和窗口登记的，都列在这里。",
            },
            **told,
        },
        "year": year_of([one for one in found if one.received.year == visitor.on.year], visitor),
        "late": sum(1 for one in found if not one.outcome and one.late(visitor.on)),
        "register": f"/desk/admin/acts/{REGISTER}/" if visitor.roles & set(ACTS[REGISTER].by) else "",
    }
    return page(request, visitor, "desk/complaints/applications.html", context, section="ledger")


def key_of(one: Application) -> str:
    """Where it stands in the list: what the applicant has still to complete waits behind what the agency has to answer."""
    return waiting_first(not one.outcome, one.due, one.received, f"{one.number} {one.id}")


def row_of(one: Application, visitor: Visitor) -> dict[str, Any]:
    """One application as a line."""
    badge = {"label": "待答复", "tone": "amber"}
    if one.outcome:
        badge = {"label": OUTCOMES[one.outcome], "tone": "plain"}
    elif one.late(visitor.on):
        badge = {"label": "超期未答复", "tone": "red"}
    return {
        "cells": [
            {
                "text": one.number,
                "href": f"/desk/information/{one.id}/",
                "sub": f"{cn_date(one.received)}收到",
            },
            {"text": FORMS.get(str(one.told.get("form")), ""), "sub": VIA.get(str(one.told.get("via")), "")},
            {"text": cn_date(one.due), "sub": "已延长" if one.extended else ""},
            {"text": str(one.answer.get("answer_no") or ""), "badge": badge},
        ]
    }


def year_of(found: list[Application], visitor: Visitor) -> dict[str, Any]:
    """What the yearly report tells of applications (政府信息公开条例 第五十条): how many, and how they were answered."""
    outcomes = Counter(one.outcome for one in found)
    grounds = Counter(str(one.answer.get("ground")) for one in found if one.answer.get("ground"))
    lines = [
        ("收到申请", len(found)),
        ("正在办理", outcomes[""]),
        *(
            (f"{'等申请人' if name == SUPPLEMENT else '答复'}：{label}", outcomes[name])
            for name, label in OUTCOMES.items()
        ),
        *((f"情形：{label}", grounds[name]) for name, label in GROUNDS.items() if grounds[name]),
        ("延长答复期限", sum(bool(one.extended) for one in found)),
        ("超过期限", sum(one.late(visitor.on) for one in found)),
    ]
    return {
        "caption": f"{visitor.on.year}年的申请（件，按收到日期）",
        "columns": [{"label": "项目"}, {"label": "件数", "num": True}],
        "rows": [{"cells": [{"text": label}, {"text": f"{number:,}"}]} for label, number in lines],
    }


def opened(request: HttpRequest, key: UUID, digest: str = "") -> tuple[Visitor, Application]:
    """One that the visitor may read, with the look at it on its way into the record. Http404 otherwise."""
    visitor, found = visitor_of(request), application_of(key)
    if found is None or found.agency not in visitor.agencies_as(READERS):
        raise Http404("没有这件申请")
    visitor.reading.beside(
        found.agency, BY_DUTY, found.id, str(found.answer.get("answer_pdf") or "") if digest else ""
    )
    return visitor, found


@require_GET
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One application with all that was done, and what is to do."""
    visitor, found = opened(request, key)
    readable = found.answer.get("answer_pdf") and not hidden_from(visitor, found)
    context = {
        "row": found,
        "rows": [{"label": label, "value": str(value)} for label, value in told_of(found, visitor) if value],
        "late": found.late(visitor.on),
        "pdf": f"/desk/information/{found.id}/answer.pdf" if readable else "",
        "acts": acts_of(found, visitor),
    }
    return page(request, visitor, "desk/complaints/application.html", context, section="ledger")


def told_of(found: Application, visitor: Visitor) -> tuple[tuple[str, Any], ...]:
    """What is known of it, as far as the visitor may know it."""
    told, answer = {**found.told, **hidden_from(visitor, found)}, found.answer
    third = "；".join(
        f"{row.third}{cn_date(row.asked)}收到，{SAID.get(row.said, '还没有提出意见')}"
        for row in found.consulted
    )
    return (
        ("申请人", told.get("applicant")), ("身份证明", told.get("identity")), ("联系方式", told.get("contact")),
        ("获取方式", FORMS.get(str(told.get("form")), "")),
        ("收到", f"{cn_date(found.received)}，{VIA.get(str(told.get('via')), '')}"),
        ("答复期限", f"{cn_date(found.due)}。{told.get('limit') or ''}"), ("征求第三方意见", third),
        ("延长的理由", found.extended.get("why_longer")), ("答复", OUTCOMES.get(found.outcome, "")),
        ("情形", GROUNDS.get(str(answer.get("ground")), "")), ("理由", answer.get("reason")),
        ("获取的方式、途径", answer.get("where")),
    )  # fmt: skip


def hidden_from(visitor: Visitor, found: Application) -> dict[str, str]:
    """What the form promises that nobody but the answering agency sees: who supervises it learns that it was given, not what."""
    if found.agency in visitor.agencies_as(WHO):
        return {}
    return dict.fromkeys(("applicant", "identity", "contact"), ANSWERING_ONLY)


def acts_of(found: Application, visitor: Visitor) -> list[dict[str, str]]:
    """What the visitor may do about it now."""
    query = urlencode({"agency": str(found.agency), "request": found.number})
    wanted = [RECEIVE] if found.outcome == SUPPLEMENT else [] if found.outcome else [ANSWER, CONSULT]
    wanted += [THIRD] if any(not one.said for one in found.consulted) and not found.outcome else []
    wanted += [] if found.outcome or found.extended else [EXTEND]
    return [
        {"label": ACTS[name].label, "href": f"/desk/admin/acts/{name}/?{query}"}
        for name in wanted
        if found.agency in visitor.agencies_as(ACTS[name].by)
    ]


@require_GET
def answer_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The answer as a paper, with the number of the look."""
    visitor, found = opened(request, key, "answer")
    digest = str(found.answer.get("answer_pdf") or "")
    if not digest or hidden_from(visitor, found):
        raise Http404("没有答复书，或者只有答复的机关能看到")
    data = intact(store.papers(), digest)
    if data is None:
        raise Http404(LOST)
    response = HttpResponse(mark_pdf(data, visitor.reading.mark), content_type="application/pdf")
    return guarded(response, numbered(f"答复书{visitor.on}.pdf", visitor.reading.mark))
