"""A paper and the scan of its signed original, side by side, and the form that matches a scan to the paper."""

import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.papers.typeset import Content
from sanxiang.desk import look
from sanxiang.desk.papers import readable, rows_of, sight_of
from sanxiang.desk.posted import raw_of, take_files
from sanxiang.desk.signing import OLDER, once
from sanxiang.desk.who import Visitor, page
from sanxiang.door import gather
from sanxiang.door.attempts import Unreadable
from sanxiang.law.guards import Refused
from sanxiang.law.signatures import scans_of

ACT = "attach-scan"
LARGEST = 30 << 20
CLOSED = "扫描件上有签名，只有本机关办理本案的人员可以打开。"


@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """Both side by side, or a scan that was sent."""
    visitor, case, paper = readable(request, case_id, paper_id)
    if not (visitor.works_in(case.agency_id) and sight_of(visitor, case).may("identity")):
        raise PermissionDenied(CLOSED)
    if request.method == "GET":
        return drawn(request, visitor, case, paper)
    rule = gather.pack_of(case).acts.get(ACT)
    if rule is None:
        return drawn(request, visitor, case, paper, [OLDER])
    files, errors = take_files(rule, request.POST, request.FILES, visitor.person.pk)
    if errors:
        return drawn(request, visitor, case, paper, list(errors.values()))
    try:
        once(request, visitor, case, rule, raw_of(rule, request.POST) | files | {"paper_id": str(paper.pk)})
    except Unreadable as unreadable:
        return drawn(request, visitor, case, paper, list(unreadable.errors.values()))
    except Refused as refused:
        return drawn(request, visitor, case, paper, [f"{v.fact}。{v.cure}" for v in refused.verdicts])
    messages.success(request, "已登记签名原件的扫描件。")
    return redirect(f"/desk/cases/{case.pk}/papers/{paper.pk}/scan/")


def drawn(
    request: HttpRequest, visitor: Visitor, case: Case, paper: Paper, errors: list[str] | None = None
) -> HttpResponse:
    """The page; 422 with what was wrong."""
    content = Content.from_json(paper.content)
    rows = scans_of(case.state, str(paper.pk), paper.digest)
    context = {
        "case": case, "paper": paper, "content": content, "errors": errors or [], "typed": request.POST, "today": visitor.on,
        "blocks": [(block, rows_of(block), []) for block in content.blocks], "nonce": secrets.token_urlsafe(16),
        "scans": [shown(visitor, case, digest, row) for row in rows for digest in row["files"]],
    }  # fmt: skip
    return page(request, visitor, "desk/scan.html", context, status=422 if errors else 200)


def shown(visitor: Visitor, case: Case, digest: str, row: Any) -> dict[str, Any]:
    """A scan with its first pages as pictures that bear the number of the look; none of a file that is gone, too large, or
    not for these eyes. The entry of the look names it."""
    told = {"digest": digest, "n": row["n"], "on": row["on"], "pages": [], "href": "", "closed": False}
    kept = Evidence.objects.filter(case=case, digest=digest).order_by("-n").first()
    if kept is None:
        return told
    if not sight_of(visitor, case).may(kept.secrecy):
        return told | {"closed": True}
    told["href"] = f"/desk/cases/{case.pk}/evidence/{kept.pk}/"
    if kept.size > LARGEST:
        return told
    visitor.reading.of(kept.pk, kept.digest)
    visitor.reading.carried_by(f"扫描件 {digest}")
    try:
        _, _, pages = look.drawn(kept, 1, visitor.reading.mark)
    except Http404:
        pages = []
    return told | {"pages": [one["src"] for one in pages]}
