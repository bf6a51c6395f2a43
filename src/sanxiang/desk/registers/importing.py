"""A list from a table: the good rows become the draft, the bad ones are named and can be taken away."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from sanxiang.desk.admin.rows import stored
from sanxiang.desk.registers.sought import in_sight, may
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.attempts import Unreadable
from sanxiang.door.pinned import current
from sanxiang.door.registers.standing import chain_of_agency
from sanxiang.exchange.lists import CURE, NUMBER, WHAT, Outcome, as_csv, load_list
from sanxiang.exchange.reading import Unusable
from sanxiang.law.guards import Refused
from sanxiang.law.registers.kinds import KINDS, columns_of, label_of
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency

NONE_CHOSEN = "没有选择文件，请先选择 Excel 或 CSV 文件"


@require_http_methods(["GET", "POST"])
def importing(request: HttpRequest) -> HttpResponse:
    """The upload form; after it the draft, or what is wrong."""
    visitor = visitor_of(request)
    agency, kind = place_of(request, visitor)
    wrong, verdicts, outcome = "", None, None
    if kind and (taken_away := table_to_take(request, agency, kind)):
        return taken_away
    if request.method == "POST" and kind:
        try:
            outcome = taken(request, agency, kind, visitor)
        except (Unusable, Unreadable) as error:
            wrong = str(error)
        except Refused as refused:
            verdicts = refused.verdicts
        if outcome and outcome.draft:
            return redirect(f"/desk/registers/drafts/{outcome.draft.pk}/")
    context = frame_of(visitor, agency, kind, wrong) | {"verdicts": verdicts, "outcome": bad_rows(outcome)}
    status = 422 if wrong or verdicts or outcome else 200
    return page(request, visitor, "desk/register_import.html", context, section="registers", status=status)


def table_to_take(request: HttpRequest, agency: Agency, kind: str) -> HttpResponse | None:
    """The columns as an empty table, or the rows that were all refused, as the page gave them."""
    if request.method == "POST" and "rejected" in request.POST:
        name, text = "rejected.csv", request.POST["rejected"]
    elif "template" in request.GET:
        names = [column for column, _ in columns_of(current(agency.locality), kind)]
        name, text = f"{kind}.csv", as_csv([dict.fromkeys(names, "")]).splitlines()[0] + "\r\n"
    else:
        return None
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def place_of(request: HttpRequest, visitor: Visitor) -> tuple[Agency, str]:
    """The agency and the list that are meant. Http404 where the visitor drafts nothing."""
    asked = uuid_of(request.GET.get("agency", "")) or (visitor.home.pk if visitor.home else UUID(int=0))
    agency = Agency.objects.filter(pk=asked).first()
    if agency is None or asked not in in_sight(visitor) or not may(visitor, "draft-register", asked):
        raise Http404("没有可以起草清单的机关")
    kind = request.GET.get("kind", "")
    return agency, kind if kind in KINDS else ""


def taken(request: HttpRequest, agency: Agency, kind: str, visitor: Visitor) -> Outcome:
    """The import, on a copy of the upload that is gone afterwards."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Unusable(NONE_CHOSEN)
    with tempfile.TemporaryDirectory() as folder:
        path = stored(upload, Path(folder))
        return load_list(path, agency, kind, visitor.person, request.POST.get("note", ""))


def frame_of(visitor: Visitor, agency: Agency, kind: str, wrong: str) -> dict[str, Any]:
    """What stands on the page: the lists to choose from, else the form."""
    pack = current(agency.locality)
    base = f"?agency={agency.pk}"
    fields = [
        {
            "kind": "file",
            "name": "file",
            "label": "清单文件",
            "accept": ".xlsx,.xls,.csv",
            "hint": "Excel 或 CSV，首行写栏目名称。没有问题的行存为草稿，有问题的行列出行号和改法，可以下载改好再导入",
            "required": True,
            "error": wrong,
        },
        {"kind": "longtext", "name": "note", "label": "更新说明", "hint": "这一版改了什么，公开时一并显示"},
    ]
    return {
        "agency": agency,
        "kind": kind,
        "label": label_of(pack, kind),
        "columns": columns_of(pack, kind) if kind else (),
        "chain": chain_of_agency(agency, kind) if kind else None,
        "fields": fields,
        "errors": [{"text": wrong, "href": "#id_file"}] if wrong else [],
        "submit": {"label": "导入为草稿", "cancel_href": "/desk/registers/"},
        "kinds": [] if kind else kinds_here(agency, base),
    }


def kinds_here(agency: Agency, base: str) -> list[dict[str, str]]:
    """Every kind of list with the way that the scheme prescribes for it."""
    pack = current(agency.locality)
    return [
        {
            "href": f"/desk/registers/import/{base}&kind={kind}",
            "label": label_of(pack, kind),
            "text": chain_of_agency(agency, kind).label,
        }
        for kind in KINDS
    ]


def bad_rows(outcome: Outcome | None) -> dict[str, Any] | None:
    """The rows of a table of which none could be taken."""
    if outcome is None:
        return None
    rows = [
        {"state": "red", "cells": [{"text": row[NUMBER]}, {"text": row[WHAT], "sub": row[CURE]}]}
        for row in outcome.rejected
    ]
    return {
        "caption": "没有收进来的行",
        "columns": [{"label": NUMBER, "num": True}, {"label": WHAT}],
        "rows": rows,
        "total": len(rows),
        "file": as_csv(outcome.rejected),
    }
