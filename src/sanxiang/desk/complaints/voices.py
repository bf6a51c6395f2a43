"""投诉和意见: what the public said about the agencies of the desk, who answers it until when, and one of them with its answer."""

from statistics import median
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.recording.receiving import open_evidence
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.leafing import leaf, waiting_first
from sanxiang.desk.who import OVERSEERS, Visitor, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.reasons import BY_DUTY
from sanxiang.door.voices.acts import ANSWERERS, OUTCOMES, VIA, WINDOW
from sanxiang.door.voices.register import (
    ANSWER,
    ANSWERED,
    FORWARD,
    FORWARDED,
    REGISTER,
    Voice,
    voice_of,
    voices_in,
)
from sanxiang.door.voices.retention import forgotten
from sanxiang.door.voices.subjects import ABOUT, KINDS
from sanxiang.people.models import Agency
from sanxiang.speech import role_name

BARRED = "“投诉和意见”由受理、答复的人员和监督人员查看，您目前没有这样的岗位。"
HERE = "/desk/voices/"
READERS = frozenset({*WINDOW, *ANSWERERS}) | OVERSEERS
STATES = {ANSWERED: ("已答复", "green"), FORWARDED: ("已转交", "blue")}


@require_GET
def voices(request: HttpRequest) -> HttpResponse:
    """What was said, what waits the longest first, and how fast it is answered: neither who spoke nor what."""
    visitor = visitor_of(request)
    if not visitor.roles & READERS:
        raise PermissionDenied(BARRED)
    found = voices_in(visitor.agencies_as(READERS))
    names = dict(Agency.objects.filter(pk__in={one.agency for one in found}).values_list("pk", "name"))
    context = {
        "table": table_of(found, names, visitor, request.GET.get("after", "")),
        "counts": counted(found, visitor),
        "late": sum(1 for one in found if one.state != ANSWERED and one.late(visitor.on)),
        "register": f"/desk/admin/acts/{REGISTER}/" if visitor.roles & set(ACTS[REGISTER].by) else "",
    }
    return page(request, visitor, "desk/complaints/voices.html", context, section="ledger")


def key_of(one: Voice) -> str:
    """Where it stands in the list."""
    return waiting_first(one.state not in STATES, one.due, one.received, f"{one.number} {one.id}")


def table_of(found: list[Voice], names: dict[UUID, str], visitor: Visitor, after: str) -> dict[str, Any]:
    """A leaf of them as the page's table."""
    shown, told = leaf(found, key_of, after, HERE)
    text = "公众在公示平台上投诉、纠错、提意见的，和窗口登记的，都列在这里。"
    return {
        "caption": "投诉和意见，没有答复的、期限早的在前",
        "columns": [
            {"label": label} for label in ("编号", "类别和对象", "机关", "由谁答复", "答复期限", "情况")
        ],
        "rows": [row_of(one, names.get(one.agency, ""), visitor) for one in shown],
        "empty": {"title": "还没有投诉和意见", "text": text},
        **told,
    }


def row_of(one: Voice, agency: str, visitor: Visitor) -> dict[str, Any]:
    """One as a line; a link for who may open it."""
    label, tone = STATES.get(one.state, ("待答复", "amber"))
    if one.state not in STATES and one.late(visitor.on):
        label, tone = "超期未答复", "red"
    href = {"href": f"/desk/voices/{one.id}/"} if may_open(visitor, one) else {}
    days = one.days()
    return {
        "cells": [
            {"text": one.number, "sub": f"{cn_date(one.received)}收到", **href},
            {"text": one.label, "sub": f"{ABOUT.get(one.subject[0], '')}：{one.title}"},
            {"text": agency},
            {"text": role_name(one.role) if one.role else ""},
            {"text": cn_date(one.due) if one.due else "未设定"},
            {
                "text": "",
                "badge": {"label": label, "tone": tone},
                "sub": "" if days is None else f"用了 {days} 天",
            },
        ]
    }


def counted(found: list[Voice], visitor: Visitor) -> dict[str, Any]:
    """By kind: how many there are, how many wait, how long answers took (calendar days, the middle one)."""
    rows = []
    for kind, label in KINDS.items():
        some = [one for one in found if one.kind == kind]
        days = [number for one in some if (number := one.days()) is not None]
        late = sum(one.late(visitor.on) for one in some)
        numbers = (len(some), len(days), sum(one.state == "open" for one in some), late)
        middle = f"{median(days):g}" if days else "—"
        cells = [{"text": label}, *({"text": f"{number:,}"} for number in numbers), {"text": middle}]
        rows.append({"cells": cells})
    labels = ("类别", "收到（件）", "已答复（件）", "待答复（件）", "超期（件）", "答复用时中位数（日历日）")
    columns = [{"label": label, "num": bool(place)} for place, label in enumerate(labels)]
    return {"caption": "按类别统计", "columns": columns, "rows": rows}


def may_open(visitor: Visitor, one: Voice) -> bool:
    """Who answers it now or answered it, and the supervisors over its agency: nobody else learns who spoke."""
    if one.agency in visitor.agencies_as({"supervisor"}):
        return True
    if one.desk is None:
        return False
    return one.desk in visitor.agencies_as({one.role})


def opened(request: HttpRequest, voice_id: UUID) -> tuple[Visitor, Voice]:
    """One that the visitor may read, with the look at it on its way into the record. Http404 otherwise."""
    visitor = visitor_of(request)
    found = voice_of(voice_id)
    if found is None or not may_open(visitor, found):
        raise Http404("没有这件投诉、意见")
    visitor.reading.beside(found.agency, BY_DUTY, found.id)
    return visitor, found


@require_GET
def one(request: HttpRequest, voice_id: UUID) -> HttpResponse:
    """One with all that was said and done, and what is to do."""
    visitor, found = opened(request, voice_id)
    context = {
        "voice": found,
        "rows": told_of(found),
        "files": [
            {"name": file["name"], "href": f"/desk/voices/{found.id}/files/{place}/"}
            for place, file in enumerate(found.told.get("files") or [])
        ],
        "outcome": OUTCOMES.get(str(found.answer.get("outcome")), ""),
        "late": found.late(visitor.on),
        "acts": acts_of(found, visitor),
    }
    return page(request, visitor, "desk/complaints/voice.html", context, section="ledger")


def told_of(found: Voice) -> list[dict[str, str]]:
    """What was said, by whom, and until when it is answered."""
    told = found.told
    agency = Agency.objects.filter(pk=found.agency).values_list("name", flat=True).first()
    gone = "保存期限届满，已经删除" if forgotten(found.id) else ""
    pairs = (
        ("类别", found.label),
        ("反映的对象", f"{ABOUT.get(found.subject[0], '')}：{found.title}"),
        ("有关机关", agency),
        ("收到", f"{cn_date(found.received)}，{VIA.get(str(told.get('via')), '')}"),
        ("提出人", told.get("name") or gone or "匿名"),
        ("联系方式", told.get("contact") or gone or "没有留"),
        ("由谁答复", role_name(found.role) if found.role else "已经转出"),
        ("答复期限", f"{cn_date(found.due) if found.due else ''} {told.get('limit') or ''}".strip()),
    )
    return [{"label": label, "value": str(value)} for label, value in pairs if value]


def acts_of(found: Voice, visitor: Visitor) -> list[dict[str, str]]:
    """What the visitor may do about it now."""
    if found.desk is None or found.state == ANSWERED or found.desk not in visitor.agencies_as({found.role}):
        return []
    on = found.desk if found.forwards else found.agency
    query = urlencode({"agency": str(on), "voice": found.number})
    return [
        {"label": ACTS[name].label, "href": f"/desk/admin/acts/{name}/?{query}"} for name in (ANSWER, FORWARD)
    ]


@require_GET
def attached(request: HttpRequest, voice_id: UUID, place: int) -> HttpResponse | FileResponse:
    """One of the files, to be kept and never shown by the browser. Http404 for what there is not."""
    visitor, found = opened(request, voice_id)
    files = found.told.get("files") or []
    if place >= len(files):
        raise Http404("没有这个附件")
    file = files[place]
    visitor.reading.of(found.id, str(file["digest"]))
    answer = FileResponse(open_evidence(file["digest"]), content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(str(file['name']))}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
