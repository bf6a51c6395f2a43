"""The log as outsiders read it (C2SP tlog-tiles): checkpoints and hash tiles for everybody, entries for supervisors alone.

A hash tells nothing; an entry tells when and in which role something was done, and so would betray unpublished cases (trust.md §1.5).
"""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import FileResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from sanxiang.door.reading import BUNDLE, reading_of
from sanxiang.door.reasons import Reason
from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS, Log, accesses
from sanxiang.ledger.proving import tile_file
from sanxiang.ledger.tlog.tiles import ENTRIES, WIDTH
from sanxiang.people.authority import duties_of
from sanxiang.people.roles import AUDIT_ADMIN, SUPERVISOR
from sanxiang.people.tokens import token_of
from sanxiang.square.page import unreadable

FOR_EVER = "public, max-age=31536000, immutable"
SECONDS = "public, max-age=2"
BUNDLES = f"{ENTRIES}/"
NO_TILE = "没有这个瓦片"
WATCHING = frozenset({SUPERVISOR, AUDIT_ADMIN})


@login_not_required
@require_safe
def checkpoint(request: HttpRequest, hash: str = "sha256", year: int | None = None) -> HttpResponse:
    """The newest signed checkpoint of a tree, with its witnesses' lines."""
    file = log_of(year).folder(hash) / "checkpoint"
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        raise Http404("账本还没有签署第一个检查点，请稍后再取") from None
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = SECONDS
    return answer


@login_not_required
@require_safe
def tile(request: HttpRequest, path: str, hash: str = "sha256", year: int | None = None) -> HttpResponseBase:
    """One tile of hashes."""
    file = None if path.startswith(BUNDLES) else tile_file(log_of(year).folder(hash), path)
    if file is None:
        raise Http404(NO_TILE)
    answer = FileResponse(file.open("rb"), content_type="application/octet-stream")
    answer["Cache-Control"] = FOR_EVER
    return answer


@login_not_required
@require_safe
def entries(request: HttpRequest, path: str, year: int | None = None) -> HttpResponse:
    """One bundle of entries, for whoever supervises: a look at what is not public. What is not there and what is not open look
    the same."""
    log = log_of(year)
    file = tile_file(log.folder("sha256"), BUNDLES + path) if watches(request) else None
    if file is None:
        raise Http404(NO_TILE)
    data = file.read_bytes()
    reading = reading_of(request)
    # One entry for each bundle, however much is in it: which entries of which log, and the digest of what was handed over.
    reading.beside(None, Reason("supervise", log.name), digest=hashlib.sha256(data).hexdigest())
    reading.kind, reading.part = BUNDLE, span_of(path)
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_not_required
@require_safe
def vkeys(request: HttpRequest) -> HttpResponse:
    """The verifier keys of every log: in force, of the twin, and those that signed before, one a line with what it is behind a #."""
    if not keys.made():
        raise Http404("账本还没有密钥")
    try:
        lines = keys.every_vkey_line()
    except keys.Unsound:
        # Its message names a place on our disk and a command; that is for the operator's own pages.
        return unreadable("账本的密钥暂时读不出来，请稍后再取，或者告知本平台的运维人员。")
    answer = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = SECONDS
    return answer


def log_of(year: int | None) -> Log:
    """The acts' log, or that of a year's reads."""
    return ACTS if year is None else accesses(year)


def span_of(path: str) -> tuple[int, int]:
    """The indices of the first and the last entry in a bundle, by the part of its address after `entries/`."""
    number, _, width = path.partition(".p/")
    first = int(number.replace("x", "").replace("/", "")) * WIDTH
    return first, first + int(width or WIDTH) - 1


def watches(request: HttpRequest) -> bool:
    """Has the visitor, or the machine behind a token, the supervisor's right? If so, it is told to the record of looks."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if bearer:
        row = token_of(bearer, timezone.now())
        if row is None or "read" not in row.scopes or row.post.role not in WATCHING:
            return False
        reading_of(request).by(row.post.person, [row.post])
        return True
    if not request.user.is_authenticated:
        return False
    duties = duties_of(request.user, timezone.localdate())
    posts = [post for post in duties.own + duties.borrowed if post.role in WATCHING]
    if posts:
        reading_of(request).by(request.user, posts)
    return bool(posts)
