"""案卷保管与借阅: the register of one archived file, with the forms to lend it and to take it back."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.files import dossier
from sanxiang.desk.looks.taking import takes
from sanxiang.desk.who import Visitor, case_for, page, visitor_of
from sanxiang.door import gather
from sanxiang.door.administer import Unreadable, administer
from sanxiang.door.files.lending import ARCHIVED, KEEPERS, LEND, TAKE_BACK, loans
from sanxiang.door.models import Loan
from sanxiang.law.guards import Refused
from sanxiang.speech import role_name

LATE = {"label": "逾期未还", "tone": "red"}
THEIRS = "、".join(map(role_name, KEEPERS))


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Where the file is, and every time that it was out. Only people of the agency lend it."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    wrong = entered(request, visitor, case) if request.method == "POST" else []
    if request.method == "POST" and not wrong:
        return redirect("desk-case-file", case_id=case.pk)
    rows = loans(case)
    context = {
        "case": case,
        "archived": case.stage == ARCHIVED,
        "keeps": bool(visitor.roles_in(case.agency_id) & set(KEEPERS)),
        "theirs": THEIRS,
        "out": next((row for row in rows if row.returned_at is None), None),
        "table": table_of(rows, visitor.on),
        "wrong": wrong,
        "told": request.POST,
        "takes": takes(visitor, case),
        "dossier": dossier.context_of(case, gather.pack_of(case)),
    }
    return page(
        request, visitor, "desk/case_file.html", context, section="cases", status=422 if wrong else 200
    )


def entered(request: HttpRequest, visitor: Visitor, case: Case) -> list[str]:
    """Do what the form asks; what is wrong with it, nothing where nothing is. The door keeps what it refuses."""
    if not visitor.works_in(case.agency_id):
        raise PermissionDenied("案卷由本机关的人员登记借出和归还。")
    act, names = (TAKE_BACK, ()) if "back" in request.POST else (LEND, ("borrower", "purpose", "due"))
    told = {name: request.POST.get(name, "") for name in names}
    try:
        administer(act, case.agency, visitor.person, {**told, "case": str(case.pk)})
    except Unreadable as unreadable:
        return list(unreadable.errors.values())
    except Refused as refused:
        return [f"{verdict.fact}，{verdict.cure}" for verdict in refused.verdicts]
    return []


def table_of(rows: list[Loan], today: date) -> dict[str, Any]:
    """The register, the newest first; a file that should be back and is not is marked."""
    lines = [
        {
            "cells": [
                {"text": row.borrower, "strong": True, "sub": row.purpose},
                {"text": cn_datetime(timezone.localtime(row.at)), "sub": f"经手 {row.by_name}"},
                {"text": cn_date(row.due)},
                back_of(row, today),
            ]
        }
        for row in rows
    ]
    return {
        "caption": "借阅登记",
        "columns": [{"label": x} for x in ("借阅人和用途", "借出", "归还期限", "归还")],
        "rows": lines,
        "empty": {"title": "没有借出过", "text": "案卷借出时在这里登记借阅人、用途和归还期限。"},
    }


def lent_table(rows: Iterable[Loan], today: date) -> dict[str, Any]:
    """The files that are out, as the archivist's first page has them."""
    lines = [
        {
            "cells": [
                {"text": row.case.number or row.case.title, "href": f"/desk/cases/{row.case_id}/file/"},
                {"text": row.borrower, "sub": row.purpose},
                {"text": cn_datetime(timezone.localtime(row.at))},
                {"text": cn_date(row.due), **({"badge": LATE} if row.due < today else {})},
            ]
        }
        for row in rows
    ]
    return {
        "caption": "借出未还的案卷，先到期的在前",
        "columns": [{"label": x} for x in ("案卷", "借阅人和用途", "借出", "归还期限")],
        "rows": lines,
        "empty": {"title": "没有借出未还的案卷", "text": "归档的案卷借出后、归还前列在这里。"},
    }


def back_of(row: Loan, today: date) -> dict[str, Any]:
    """When it came back, or that it is still out."""
    if row.returned_at:
        return {"text": cn_datetime(timezone.localtime(row.returned_at)), "sub": f"接收 {row.returned_to}"}
    return {"text": "", "badge": LATE if row.due < today else {"label": "借出中", "tone": "amber"}}
