"""A list of officers uploaded from the page: the same reader as the command, each administrator's own part of the work.

Every row that can be taken is taken; each that cannot is shown with its number, its reasons and its text.
"""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sanxiang.desk.admin.place import Place, admin_place, switch_of
from sanxiang.desk.admin.rows import stored
from sanxiang.desk.who import page
from sanxiang.exchange.officers import ACCOUNTS, POSTS, Outcome, load_officers
from sanxiang.exchange.reading import Unusable
from sanxiang.people import roles
from sanxiang.people.roster import HEADERS

COLUMNS = ("姓名", "证件编号", "执法类别", "执法区域", "证件有效期")
NONE_CHOSEN = "没有选择文件，请先选择 Excel 或 CSV 文件"


@require_http_methods(["GET", "POST"])
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """The upload form, and after it what became of each row."""
    place = admin_place(request)
    context: dict[str, Any] = {"place": place, "switch": switch_of(place), "accounts": makes_accounts(place)}
    wrong = ""
    if request.method == "POST":
        try:
            return done(request, place, context)
        except Unusable as unusable:
            wrong = str(unusable)
    context |= {
        "field": field_of(wrong),
        "errors": [{"text": wrong, "href": "#id_file"}] if wrong else [],
        "submit": {"label": "导入", "cancel_href": place.href("people/")},
        "columns": [(names[0], names[0] in COLUMNS) for names in HEADERS.values()],
    }
    return page(
        request,
        place.visitor,
        "desk/admin/import.html",
        context,
        section="admin",
        status=422 if wrong else 200,
    )


def makes_accounts(place: Place) -> bool:
    """The system administrator makes accounts; the security administrator gives posts and certificates."""
    return roles.SYSTEM_ADMIN in place.roles


def field_of(wrong: str) -> dict[str, Any]:
    """The file to choose."""
    return {
        "kind": "file",
        "name": "file",
        "label": "人员清单",
        "accept": ".xlsx,.xls,.csv",
        "required": True,
        "error": wrong,
    }


def done(request: HttpRequest, place: Place, context: dict[str, Any]) -> HttpResponse:
    """Take the list in and tell what became of it. First passwords stand on this answer and nowhere else."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Unusable(NONE_CHOSEN)
    words = io.StringIO()
    outcome = taken(upload, place, words)
    new = {account["username"] for account in outcome.accounts if account["new"] == "是"}
    passwords = [row for row in csv.reader(io.StringIO(words.getvalue())) if row[1] in new]
    columns = [{"label": label} for label in ("姓名", "账号", "初始密码")]
    slips = [{"cells": [{"text": text} for text in row]} for row in passwords]
    context |= {
        "outcome": outcome,
        "figures": figures_of(outcome),
        "passwords": {"caption": "新账号", "columns": columns, "rows": slips, "total": len(slips)},
        "rejected": rejected_table(outcome),
    }
    answer = page(request, place.visitor, "desk/admin/imported.html", context, section="admin")
    answer["Cache-Control"] = "no-store"
    return answer


def taken(upload: UploadedFile, place: Place, words: io.StringIO) -> Outcome:
    """The import itself, on a copy of the upload that is gone afterwards."""
    accounts = makes_accounts(place)
    with tempfile.TemporaryDirectory() as folder:
        return load_officers(
            stored(upload, Path(folder)),
            place.agency,
            passwords=words if accounts else None,
            by=place.visitor.person,
            makes=frozenset({ACCOUNTS if accounts else POSTS}),
        )


def figures_of(outcome: Outcome) -> list[dict[str, Any]]:
    """How many rows went where."""
    return [
        {"label": "共", "value": outcome.rows, "unit": "行"},
        {"label": "新增", "value": outcome.added, "unit": "人"},
        {
            "label": "已有",
            "value": outcome.existing + outcome.updated,
            "unit": "人",
            "sub": f"其中更新 {outcome.updated} 人",
        },
        {
            "label": "退回",
            "value": outcome.rejected,
            "unit": "行",
            "state": "red" if outcome.rejected else "calm",
        },
    ]


def rejected_table(outcome: Outcome) -> dict[str, Any] | None:
    """The rows that were not taken."""
    rows = [
        {
            "cells": [
                {"text": f"{row['sheet']} {row['row']}".strip()},
                {"text": row["reason"], "sub": row["raw"]},
            ],
            "state": "red",
        }
        for row in outcome.rejected_rows
    ]
    columns = [{"label": "行号", "num": True}, {"label": "原因和原文"}]
    return {"caption": "退回的行", "columns": columns, "rows": rows, "total": len(rows)} if rows else None
