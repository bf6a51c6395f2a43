"""在线查看: the pages of a picture or a PDF of evidence, drawn with the number of the look across them; no file leaves."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from sanxiang.cases import store
from sanxiang.cases.dossier import sheets
from sanxiang.cases.models import Evidence
from sanxiang.desk.addresses import number_in
from sanxiang.desk.looks.taking import takes
from sanxiang.desk.media_parts import inline
from sanxiang.desk.papers import LOST, sight_of
from sanxiang.desk.recording.evidence import HIDDEN
from sanxiang.desk.who import case_for, page, visitor_of
from sanxiang.door.casefile import head_of, local

AT_ONCE = 5
"""Pages on one screen: each is a few hundred kilobytes."""


@require_GET
def look(request: HttpRequest, case_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Some pages of one piece of evidence."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    row = get_object_or_404(Evidence, pk=evidence_id, case=case)
    visitor.reading.of(row.pk, row.digest)
    if not sight_of(visitor, case).may(row.secrecy):
        raise PermissionDenied(HIDDEN)
    total, first, pages = drawn(row, number_in(request.GET, "page") or 1, visitor.reading.mark)
    context = {
        "case": case,
        "row": row,
        "title": row.title or row.filename,
        "pages": pages,
        "total": total,
        "mark": visitor.reading.mark,
        "takes": "evidence" in takes(visitor, case),
        "pager": pager_of(request.path, first, total),
    }
    return page(request, visitor, "desk/look.html", context)


def drawn(row: Evidence, asked: int, mark: str) -> tuple[int, int, list[dict[str, Any]]]:
    """How many pages there are, the first that is shown, and those shown. Http404 where the file is lost."""
    shelf = store.evidence()
    with ExitStack() as stack:
        try:
            if not sheets.form_of(head_of(shelf, row.digest)):
                return 0, 0, []
            file = local(stack, shelf, row.digest)
        except FileNotFoundError:
            raise Http404(LOST) from None
        (total,) = sheets.counts([file])
        first = min(max(asked, 1), max(total, 1))
        room = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = sheets.shown(file, room, first - 1, AT_ONCE, mark) if total else []
    return total, first, [{"n": first + n, "src": inline(one)} for n, one in enumerate(found)]


def pager_of(here: str, first: int, total: int) -> dict[str, Any]:
    """The way to the other pages."""
    onward, back = first + AT_ONCE, max(first - AT_ONCE, 1)
    return {
        "total_text": f"共 {total} 页",
        "first_href": f"{here}?{urlencode({'page': back})}" if first > 1 else None,
        "next_href": f"{here}?{urlencode({'page': onward})}" if onward <= total else None,
    }
