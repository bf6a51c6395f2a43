"""音像: a recording is played with its pictures and marks, and a second of it is tied to a paragraph of a paper.

One viewing is one look: the page enters it, naming the whole file, and hands the player a ticket with its number. The bytes that the
player fetches by that ticket stand under that look; see docs/media.md.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sanxiang.cases.models import Case, Evidence, Film
from sanxiang.cases.recording.films import recording
from sanxiang.desk.looks.taking import takes
from sanxiang.desk.media_parts import VIEWING, card_of, kind_of, marks_on, pictures_of, places_in
from sanxiang.desk.papers import sight_of
from sanxiang.desk.recording.evidence import HIDDEN, beyond, described, etag_of, sent
from sanxiang.desk.who import Visitor, case_for, page, visitor_of
from sanxiang.door import gather
from sanxiang.door.attempts import Unreadable
from sanxiang.door.looks.stretches import Beyond, stretch_of
from sanxiang.door.perform import Unknown, perform
from sanxiang.door.reasons import is_outside
from sanxiang.door.registers.marking import MARK, WITHDRAW
from sanxiang.door.registers.recorded import released
from sanxiang.law.guards import Refused
from sanxiang.law.recording.means import means_of
from sanxiang.law.recording.metadata import ARCHIVE, RETENTION, STANDARD, STORAGE, standards_in
from sanxiang.ledger.access import SERVED
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Act

SALT = "desk.viewing"
FILM = "film"
CLOCK = re.compile(r"(?:(\d{1,2})[:：])?(\d{1,4})[:：](\d{1,2})")
WHOLE = "其他机关案件的音像在线播放；要把整个文件带走的，先申请调取副本，获准之后在证据页下载。"
OVER = "这次观看已经结束，请刷新播放页面后再看。"


def found(request: HttpRequest, case_id: UUID, evidence_id: UUID) -> tuple[Visitor, Case, Evidence]:
    """A recording of a case that the visitor may see and hear. Http404 or PermissionDenied otherwise."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    row = get_object_or_404(Evidence, pk=evidence_id, case=case)
    visitor.reading.of(row.pk, row.digest)
    if not sight_of(visitor, case).may(row.secrecy):
        raise PermissionDenied(HIDDEN)
    if not recording(row.mime, row.filename):
        raise Http404("这份证据不是音像文件。")
    return visitor, case, row


@require_http_methods(["GET", "POST"])
def film(request: HttpRequest, case_id: UUID, evidence_id: UUID) -> HttpResponse:
    """The page on which a recording is played; a POST marks a second of it."""
    visitor, case, row = found(request, case_id, evidence_id)
    if request.method == "GET":
        return draw(request, visitor, case, row)
    try:
        mark(request, visitor, case, row)
    except Unreadable as unreadable:
        return draw(request, visitor, case, row, list(unreadable.errors.values()))
    except Refused as refused:
        return draw(request, visitor, case, row, [f"{v.fact}。{v.cure}" for v in refused.verdicts])
    except Unknown as unknown:
        return draw(request, visitor, case, row, [str(unknown)])
    return redirect(f"{request.path}#marks")


def mark(request: HttpRequest, visitor: Visitor, case: Case, row: Evidence) -> None:
    """Knock at the door with what one of the page's forms says. A second click finds the first one's act. Raises Unreadable, Refused."""
    kind, _, paragraph = request.POST.get("place", "").partition(":")
    raw = {
        "clip": row.digest,
        "second": seconds_in(request.POST.get("second", "")),
        "marked_paper": kind,
        "paragraph": paragraph,
        "mark_note": request.POST.get("note", ""),
    }
    nonce = request.POST.get("nonce") or secrets.token_urlsafe(16)
    act = MARK
    if request.POST.get("withdraw"):
        act, raw = WITHDRAW, {"mark_no": request.POST["withdraw"], "reason": request.POST.get("reason", "")}
    key = uuid5(visitor.person.pk, f"{act} {nonce}")
    if Act.objects.filter(pk=key).exists():
        return
    try:
        perform(act, case.pk, visitor.person, raw, act_id=key)
    except IntegrityError:
        return


def seconds_in(typed: str) -> str:
    """Seconds as the act takes them, of 75, 1:15 or 0:01:15; what is neither goes on as it is, to be told wrong."""
    text = typed.strip()
    match = CLOCK.fullmatch(text)
    if match is None:
        return text.partition(".")[0] if re.fullmatch(r"\d{1,6}\.\d{1,6}", text) else text
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return str((hours * 60 + minutes) * 60 + seconds)


def draw(
    request: HttpRequest, visitor: Visitor, case: Case, row: Evidence, wrong: list[str] | None = None
) -> HttpResponse:
    """The page; 422 where a mark was refused, with what was typed."""
    context = {
        **shown(visitor, case, row),
        "begin": begin_in(request.GET.get("t", "")),
        "typed": request.POST,
        "errors": wrong or [],
        "nonce": secrets.token_urlsafe(16),
    }
    return page(request, visitor, "desk/film.html", context, status=422 if wrong else 200)


def begin_in(asked: str) -> str:
    """The second at which an address has the player begin."""
    return asked if asked.isascii() and asked.isdecimal() and len(asked) < 7 else "0"


def shown(visitor: Visitor, case: Case, row: Evidence) -> dict[str, Any]:
    """What there is to see: the recording, its pictures, its marks, and what it may be tied to."""
    known, pack = Film.objects.filter(pk=row.digest).first(), gather.pack_of(case)
    ticket = signing.dumps([visitor.reading.mark, str(row.pk)], salt=SALT)
    here = f"/desk/cases/{case.pk}/evidence/{row.pk}"
    works = visitor.works_in(case.agency_id) and not case.closed
    return {
        "case": case,
        "row": row,
        "title": row.title or row.filename,
        "file_href": f"{here}/" if "evidence" in takes(visitor, case) else "",
        "stream": f"{here}/stream/?viewing={ticket}",
        "film": card_of(known),
        "kept": kept_as(case, row, visitor.on),
        "pictures": pictures_of(known),
        "marks": marks_on(case, row, pack),
        "places": places_in(case, pack, sight_of(visitor, case)) if works else [],
    }


def kept_as(case: Case, row: Evidence, on: date) -> list[tuple[str, str]]:
    """How the agency's standard of record information keeps this kind of recording; nothing where there is none. One query."""
    standard = released(case.agency, STANDARD, on)
    means = means_of({"mime": row.mime, "name": row.filename})
    found = standards_in(standard.rows).get(means) if standard else None
    return (
        [(name, found.row[name]) for name in (STORAGE, RETENTION, ARCHIVE) if found.row[name]]
        if found
        else []
    )


@require_safe
def stream(request: HttpRequest, case_id: UUID, evidence_id: UUID) -> HttpResponseBase:
    """The bytes of a recording, or the part that the player seeks to, under the look that the page has entered."""
    visitor, case, row = found(request, case_id, evidence_id)
    entry = viewing_of(request, visitor, row)
    if entry is None:
        raise PermissionDenied(OVER)
    asked, condition = (request.headers.get(name, "") for name in ("Range", "If-Range"))
    try:
        part = stretch_of(asked, condition, etag_of(row), row.size)
    except Beyond:
        return beyond(row)
    if part is None and request.method == "GET" and is_outside(case, visitor.posts):
        raise PermissionDenied(WHOLE)
    visitor.reading.entry, visitor.reading.mark = entry, entry.watermark
    known = Film.objects.filter(pk=row.digest).first()
    answer: HttpResponseBase = HttpResponse() if request.method == "HEAD" else sent(row, part)
    answer = described(answer, row, entry.watermark, part)
    answer["Content-Type"] = kind_of(known)
    return answer


def viewing_of(request: HttpRequest, visitor: Visitor, row: Evidence) -> Access | None:
    """The look that the ticket names: this person's, at this recording, from this address, within the last hours."""
    try:
        number, key = signing.loads(request.GET.get("viewing", ""), salt=SALT, max_age=VIEWING)
    except (signing.BadSignature, ValueError):
        return None
    told = visitor.reading.read(FILM, SERVED)
    looks: Mapping[str, Any] = {
        "watermark": number,
        "by": visitor.person.pk,
        "object": row.pk,
        "digest": row.digest,
        "kind": FILM,
        "result": SERVED,
        "address": told.address,
        "at__gte": timezone.now() - VIEWING,
    }
    return Access.objects.filter(**looks).first() if key == str(row.pk) else None
