"""A paper and the scan of its signed original, side by side, and the form that matches a scan to the paper."""

import base64
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from sanxiang.cases import store
from sanxiang.cases.dossier.sheets import pictures
from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.papers.typeset import Content
from sanxiang.cases.shelves import contents
from sanxiang.desk.papers import readable, rows_of, sight_of
from sanxiang.desk.posted import raw_of, take_files
from sanxiang.desk.who import Visitor, page
from sanxiang.door import gather
from sanxiang.door.attempts import Unreadable
from sanxiang.door.perform import perform
from sanxiang.law.guards import Refused
from sanxiang.law.signatures import scans_of

ACT = "attach-scan"
MOST = 12
"""Pages of a scan that are shown beside the paper; the file itself has all."""
LARGEST = 30 << 20


@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """Both side by side, or a scan that was sent."""
    visitor, case, paper = readable(request, case_id, paper_id)
    if not sight_of(visitor, case).may("identity"):
        raise PermissionDenied("扫描件上有签名，只有办理本案的人员可以打开。")
    if request.method == "GET":
        return drawn(request, visitor, case, paper)
    rule = gather.pack_of(case).acts[ACT]
    files, errors = take_files(rule, request.POST, request.FILES, visitor.person.pk)
    if errors:
        return drawn(request, visitor, case, paper, list(errors.values()))
    raw = raw_of(rule, request.POST) | files | {"paper_id": str(paper.pk)}
    try:
        perform(ACT, case.pk, visitor.person, raw)
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
        "blocks": [(block, rows_of(block), []) for block in content.blocks],
        "scans": [shown(case, digest, row) for row in rows for digest in row["files"]],
    }  # fmt: skip
    return page(request, visitor, "desk/scan.html", context, status=422 if errors else 200)


def shown(case: Case, digest: str, row: Any) -> dict[str, Any]:
    """A scan with its pages as pictures; none of a file that is gone, too large or cannot be drawn."""
    kept = Evidence.objects.filter(case=case, digest=digest).first()
    told = {"digest": digest, "n": row["n"], "on": row["on"], "pages": [], "href": ""}
    if kept is None:
        return told
    told["href"] = f"/desk/cases/{case.pk}/evidence/{kept.pk}/"
    return told | {"pages": pages_of(digest)} if kept.size <= LARGEST else told


def pages_of(digest: str) -> list[str]:
    """The first pages as `data:` pictures, drawn in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file, room = Path(folder) / "scan", Path(folder) / "pages"
        try:
            file.write_bytes(contents(store.evidence(), digest))
        except (FileNotFoundError, ValueError):
            return []
        room.mkdir()
        made = pictures([(file, room)])[0]
        texts = [base64.b64encode(path.read_bytes()).decode() for path, _, _ in made[:MOST]]
    return [f"data:image/jpeg;base64,{text}" for text in texts]
