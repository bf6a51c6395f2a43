"""案卷评查表: one result as it was put on record, to look at, to print and to sign; as a page and as a PDF."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.cases.papers.typeset import Content, PaperContext, compose, to_pdf
from sanxiang.desk.files.evaluation import PREVIEW, next_of, told
from sanxiang.desk.papers import guarded
from sanxiang.desk.who import case_for, page, visitor_of
from sanxiang.door.pinned import current
from sanxiang.oversight.evaluation.results import Result, draft, of_case

PAPER = "file-evaluation-sheet"
UNGRADED = {"parts": [], "score": "不评分", "grade": "不评等次（未结案件只作预检）"}


@require_GET
def sheet(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The result of one batch, or the newest."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    result = result_of(request, case)
    context = {
        "case": case,
        "result": result,
        "figures": figures_of(result, graded(case, result)),
        "open": not graded(case, result),
        "told": told(result),
        "links": next_of(result, visitor)[1:] if result.n else [],
    }
    return page(request, visitor, "desk/evaluation_sheet.html", context, section="cases")


@require_GET
def sheet_pdf(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The same as 案卷评查表 on A4, with lines to sign on."""
    case = case_for(visitor_of(request), case_id)
    result = result_of(request, case)
    answer = HttpResponse(to_pdf(printed(case, result)), content_type="application/pdf")
    guarded(answer, f"案卷评查表-{result.case}.pdf")
    return answer


def result_of(request: HttpRequest, case: Case) -> Result:
    """The result that is asked for; of a case that nobody has evaluated, what the program finds today."""
    return of_case(case.agency_id, case.pk, request.GET.get("batch", "")) or draft(case)


def graded(case: Case, result: Result) -> bool:
    """Has the file a score and a grade: was it evaluated, or could it be? What is not finished is only looked over."""
    return bool(case.closed or result.n)


def figures_of(result: Result, grade: bool) -> list[dict[str, Any]]:
    """Score, grade, how much was found."""
    state = "red" if result.failed else "calm"
    score = {"label": "得分", "value": f"{result.score.normalize():f}", "unit": "分", "state": state}
    return [
        *([score, {"label": "等次", "value": result.grade}] if grade else [PREVIEW]),
        {"label": "不合格项", "value": len(result.failed), "unit": "项"},
        {"label": "存在的问题", "value": len(result.findings), "unit": "处"},
    ]


def printed(case: Case, result: Result) -> Content:
    """The paper, by the template of the pack in force today."""
    pack, unit = current(case.pack), case.unit.name if case.unit else ""
    context = PaperContext(
        pack=pack,
        agency={"name": case.agency.name},
        case={"number": case.number, "code": case.code, "title": case.title, "unit": unit},
        state=case.state,
        data=data_of(result) | ({} if graded(case, result) else UNGRADED),
        act={},
        date=date.fromisoformat(result.on),
    )
    return compose(pack.papers[PAPER], context)


def data_of(result: Result) -> dict[str, Any]:
    """What the table prints."""
    groups = [
        {
            "item": group["item"],
            "facts": "；".join(str(flaw["fact"]) for flaw in group["flaws"]),
            "articles": "；".join(dict.fromkeys(str(flaw["article"]) for flaw in group["flaws"])),
            "taken": "不合格" if group["fails"] else group["taken"],
        }
        for group in result.groups
    ]
    return {
        "batch": result.batch,
        "score": f"{result.score.normalize():f} 分",
        "grade": result.grade,
        "failed": list(result.failed),
        "parts": [f"{one['part']} {one['left']}/{one['points']}" for one in result.parts],
        "groups": groups,
        "opinions": list(result.opinions),
        "conclusion": result.conclusion,
        "by": result.by,
        "appeal": result.appeal,
        "answer": result.answer,
        "n": result.n,
    }
