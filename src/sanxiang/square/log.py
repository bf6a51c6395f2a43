"""The log as outsiders read it (C2SP tlog-tiles): checkpoints and hash tiles for everybody, entries for supervisors alone.

A hash tells nothing; an entry tells when and in which role something was done, and so would betray unpublished cases (trust.md §1.5).
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import FileResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from sanxiang.ledger import keys
from sanxiang.ledger.logs import ACTS, Log, accesses
from sanxiang.ledger.proving import tile_file
from sanxiang.people.authority import duties_of
from sanxiang.people.roles import AUDIT_ADMIN, SUPERVISOR
from sanxiang.people.tokens import token_of
from sanxiang.square.page import unreadable

FOR_EVER = "public, max-age=31536000, immutable"
SECONDS = "public, max-age=2"
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
    """One tile; a bundle of entries only for whoever supervises. What is not there and what is not open look the same."""
    entries = path.startswith("entries/")
    file = None if entries and not watches(request) else tile_file(log_of(year).folder(hash), path)
    if file is None:
        raise Http404("没有这个瓦片")
    answer = FileResponse(file.open("rb"), content_type="application/octet-stream")
    answer["Cache-Control"] = "private, no-store" if entries else FOR_EVER
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


def watches(request: HttpRequest) -> bool:
    """Has the visitor, or the machine behind a token, the supervisor's right?"""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if bearer:
        row = token_of(bearer, timezone.now())
        return row is not None and "read" in row.scopes and row.post.role in WATCHING
    if not request.user.is_authenticated:
        return False
    duties = duties_of(request.user, timezone.localdate())
    return any(post.role in WATCHING for post in duties.own + duties.borrowed)
