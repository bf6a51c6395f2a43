"""Papers: read on the page, or taken away as a file. Whoever may not read gets no file either."""

from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from sanxiang.cases import store
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.docx import to_docx
from sanxiang.cases.papers.markup import Block
from sanxiang.cases.papers.typeset import Content, intact
from sanxiang.cases.papers.watermark import mark_pdf, numbered
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.case_parts import paper_of
from sanxiang.desk.looks.taking import papers_offered, takes
from sanxiang.desk.media_parts import marks_in
from sanxiang.desk.room import onlooker
from sanxiang.desk.who import Visitor, case_for, page, visitor_of
from sanxiang.door import gather
from sanxiang.door.printing import PRINT, counted, printouts
from sanxiang.door.sight import ORDINARY, Sight
from sanxiang.door.signing import file_for, places_told
from sanxiang.law.signatures import scans_of
from sanxiang.ledger.models import Opening

Answer = TypeVar("Answer", bound=HttpResponseBase)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SANDBOX = "sandbox; default-src 'none'"
WITHHELD = "文书中有应当隐去的内容，只有本案承办人和负责人等有权查看的人员可以打开。"
LOST = "文件丢失或者被改动，与制作时的校验值不符。请系统管理员核对账本查明原因，并从备份恢复。"


def readable(request: HttpRequest, case_id: UUID, paper_id: UUID) -> tuple[Visitor, Case, Paper]:
    """A paper of a case that the visitor may read. Http404 or PermissionDenied otherwise."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    paper = get_object_or_404(Paper, pk=paper_id, case=case)
    visitor.reading.of(paper.pk, paper.pdf)
    said = Opening.objects.filter(act=paper.act).exclude(secrecy__in=ORDINARY).values_list("name", "secrecy")
    if not sight_of(visitor, case).paper(gather.pack_of(case), paper.kind, dict(said)):
        raise PermissionDenied(WITHHELD)
    return visitor, case, paper


def sight_of(visitor: Visitor, case: Case) -> Sight:
    """The visitor's eyes on this case."""
    inside = visitor.works_in(case.agency_id)
    person = visitor.person
    actor = (
        gather.actor_in(person, case.agency, visitor.on, duties=visitor.duties)
        if inside
        else onlooker(visitor)
    )
    return Sight(actor, case.state, str(case.unit_id or ""))


@require_GET
def preview(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """The paper as it is printed, in serif, on the page."""
    visitor, case, paper = readable(request, case_id, paper_id)
    content = Content.from_json(paper.content)
    marks, may = marks_in(case, paper, sight_of(visitor, case)), takes(visitor, case)
    blocks = [(block, rows_of(block), marks.get(n, [])) for n, block in enumerate(content.blocks, start=1)]
    context = {
        "case": case,
        "paper": paper,
        "card": papers_offered([paper_of(case, paper, True)], may)[0],
        "takes": may,
        "works": visitor.works_in(case.agency_id),
        "content": content,
        "blocks": blocks,
        "printed": printed_of(paper),
        "places": places_told(paper, case.state, gather.pack_of(case)),
        "before": signed_before(case, paper),
        "scans": len(scans_of(case.state, str(paper.pk), paper.digest)),
    }
    return page(request, visitor, "desk/paper.html", context)


def signed_before(case: Case, paper: Paper) -> int:
    """How many signatures stand on another text of the same kind, none of which holds for this one."""
    rows = case.state.get("signatures", ())
    return sum(row["kind"] == paper.kind and row["paper"] != str(paper.pk) for row in rows)


def rows_of(block: Block) -> list[list[dict[str, Any]]]:
    """A table's rows for the page: the last cell of a short row is stretched, cells that name others are marked."""
    rows = []
    for cells in block.rows:
        spans = [1] * (len(cells) - 1) + [len(block.widths) - len(cells) + 1]
        drawn = zip(cells, spans, block.labels, strict=False)
        rows.append(
            [{"text": c.text, "foot": c.foot, "span": span, "label": label} for c, span, label in drawn]
        )
    return rows


@require_GET
def pdf(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """The PDF as it was frozen when it was issued; a file that is something else by now is nobody's paper."""
    visitor, case, paper = readable(request, case_id, paper_id)
    return frozen(paper, visitor.reading.mark, file_for(paper, case.state, sight_of(visitor, case)))


@require_POST
def printed(request: HttpRequest, case_id: UUID, printed_id: UUID) -> HttpResponse:
    """The frozen PDF to be printed, and on record who took how many copies. The paper itself is only read (see kept.py)."""
    visitor, case, paper = readable(request, case_id, printed_id)
    shown = file_for(paper, case.state, sight_of(visitor, case))
    answer = frozen(
        paper, visitor.reading.mark, shown
    )  # before anything is on record: of a lost file nobody took copies
    try:
        visitor.reading.copies = counted(request.POST.get("copies", ""))
    except ValueError as wrong:
        return HttpResponse(
            f"{wrong}，请返回后重新填写。", status=422, content_type="text/plain; charset=utf-8"
        )
    visitor.reading.enter(PRINT)
    return answer


def frozen(paper: Paper, mark: str, digest: str) -> HttpResponse:
    """The PDF of an issued paper, signed and sealed or as it was issued, byte for byte, and the watermark behind what is not locked.

    Http404 when the file is gone or altered; Unmarkable, which the desk answers with 503, when it takes no mark.
    """
    found = intact(store.papers(), digest)
    if found is None:
        raise Http404(LOST)
    # Under a seal no byte may be added: whoever checks it would call the file altered. The name alone bears the number.
    locked = digest != paper.pdf
    shown = found if locked else mark_pdf(found, mark)
    answer = HttpResponse(shown, content_type="application/pdf")
    answer["X-Original-Length"] = str(len(found))
    name = f"{name_of(paper)}.pdf"
    return guarded(answer, numbered(name, mark) if locked else name)


def printed_of(paper: Paper) -> dict[str, Any]:
    """How many copies were taken, and by whom."""
    rows = printouts(paper)
    lines = [f"{cn_datetime(timezone.localtime(row.at))}，{row.by_name}，{row.copies}份" for row in rows]
    return {"total": sum(row.copies for row in rows), "lines": lines}


@require_GET
def docx(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """The same content for a word processor. It is a copy to work with, never the paper itself."""
    visitor, _, paper = readable(request, case_id, paper_id)
    content = Content.from_json(paper.content)
    answer = HttpResponse(to_docx(content, visitor.reading.mark), content_type=DOCX)
    return guarded(answer, f"{name_of(paper)}.docx")


def name_of(paper: Paper) -> str:
    """What the file is called on the reader's disk."""
    return f"{paper.label}{paper.number}"


def guarded(answer: Answer, name: str) -> Answer:
    """Headers that keep a browser from showing the file as a page of this site."""
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cache-Control"] = "private, no-store"
    return answer
