"""调阅记录: who looked at the records of the agencies that the visitor answers for; and for one case, who looked at it."""

from dataclasses import fields as columns_of
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.addresses import words_in
from sanxiang.desk.who import WATCHERS, Visitor, case_for, page, visitor_of
from sanxiang.door.looks.accesses import (
    CHANNELS,
    HEAD,
    Asked,
    Line,
    at_cases_of,
    cells,
    latest,
    lines_of,
    looks_at,
    why_of,
)
from sanxiang.door.reading import KINDS
from sanxiang.door.reasons import BY_DUTY
from sanxiang.ledger.access import RESULTS, SERVED
from sanxiang.ledger.access_row import Access
from sanxiang.people.authority import uuid_of
from sanxiang.speech import role_name

HERE = "/desk/accesses/"
ROWS = 50
LATEST = 5
"""So many looks stand on the page of a case; the list behind it has all."""
BATCH = 500
NOT_FOUND = {"title": "没有这样的调阅记录", "text": "换一个条件再查。"}
NOBODY = {"title": "还没有人调阅", "text": "不公开的案卷每被打开、下载或者打印一次，这里留下一条。"}


def watched(request: HttpRequest) -> tuple[Visitor, frozenset[UUID]]:
    """Who asks, and the agencies whose record of looks they read. PermissionDenied for everybody else."""
    visitor = visitor_of(request)
    agencies = visitor.agencies_as(WATCHERS)
    if not visitor.roles & WATCHERS or not agencies:
        raise PermissionDenied("调阅记录供行政执法监督人员、记录监督员、行政机关负责人和审计管理员查看。")
    return visitor, agencies


@require_GET
def accesses(request: HttpRequest) -> HttpResponse:
    """The record, newest first, a page at a time by key."""
    visitor, agencies = watched(request)
    asked = asked_of(request.GET)
    context = {
        "search": search_of(asked, HERE),
        **listed(looks_at(agencies, asked), request.GET, asked, HERE),
    }
    context["csv_href"] = f"{HERE}accesses.csv?{urlencode(told(asked))}"
    return page(request, visitor, "desk/accesses.html", context, section="ledger")


@require_GET
def case_accesses(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who looked at one case: for whoever may open it, its handlers first of all."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    rows = looks_at([case.agency_id], Asked(case=str(case.pk)))
    here = f"/desk/cases/{case.pk}/accesses/"
    context = {"case": case, **listed(rows, request.GET, Asked(), here)}
    return page(request, visitor, "desk/case_accesses.html", context)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Who else looked at the cases that the visitor handles, as one list."""
    visitor = visitor_of(request)
    visitor.reading.beside(visitor.home.pk if visitor.home else None, BY_DUTY)
    here = f"{HERE}mine/"
    context = listed(at_cases_of(visitor.person.pk), request.GET, Asked(), here)
    return page(request, visitor, "desk/my_accesses.html", context)


def seen_by(case: Case, visitor: Visitor) -> list[dict[str, Any]]:
    """The newest looks of others at a case, for its page. One query."""
    return [
        {
            "at": timezone.localtime(row.at),
            "who": row.by_name or "运维人员",
            "post": "，".join(
                filter(None, (role_name(row.role) if row.role else "", getattr(row, "own_name", "")))
            ),
            "what": KINDS.get(row.kind, row.kind),
            "why": why_of(row),
            "withheld": row.result != SERVED,
        }
        for row in latest(case, visitor.person.pk, LATEST)
    ]


@require_GET
def table(request: HttpRequest) -> HttpResponseBase:
    """The same as a table to take away; taking it away is a look too."""
    visitor, agencies = watched(request)
    visitor.reading.beside(visitor.home.pk if visitor.home else None, BY_DUTY)
    rows = looks_at(agencies, asked_of(request.GET))
    answer = StreamingHttpResponse(lines(HEAD, batched(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="accesses-{visitor.on}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def batched(rows: QuerySet[Access]) -> Any:
    """Line by line, so many at a time that their names are asked for together."""
    some: list[Access] = []
    for row in rows.iterator(BATCH):
        some.append(row)
        if len(some) == BATCH:
            yield from map(cells, lines_of(some))
            some = []
    yield from map(cells, lines_of(some))


def asked_of(given: QueryDict) -> Asked:
    """What the address asks; what makes no sense counts as not asked."""
    kind = given.get("kind", "")
    return Asked(
        person=words_in(given, "person"),
        case=words_in(given, "case"),
        kind=kind if kind in KINDS else "",
        since=day_in(given, "since"),
        until=day_in(given, "until"),
        mark=words_in(given, "q"),
    )


def day_in(given: QueryDict, name: str) -> date | None:
    """A day as browsers send it, of the years that a clock here may show."""
    try:
        found = date.fromisoformat(given.get(name, ""))
    except ValueError:
        return None
    return found if 1900 < found.year < 9000 else None


def told(asked: Asked) -> dict[str, str]:
    """The question as an address has it."""
    values = {one.name: getattr(asked, one.name) for one in columns_of(asked)}
    return {"q" if name == "mark" else name: str(value) for name, value in values.items() if value}


def listed(rows: QuerySet[Access], given: QueryDict, asked: Asked, here: str) -> dict[str, Any]:
    """One page of entries with the way on. Five queries."""
    total = rows.count()
    after = place_of(given.get("after", ""))
    if after:
        rows = rows.filter(Q(at__lt=after[0]) | Q(at=after[0], id__lt=after[1]))
    some = list(rows[: ROWS + 1])
    more, some = len(some) > ROWS, some[:ROWS]
    onward = (
        {**told(asked), "after": f"{some[-1].at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{some[-1].id.hex}"}
        if more
        else {}
    )
    pager = {
        "total_text": f"共 {total:,} 次",
        "first_href": f"{here}?{urlencode(told(asked))}" if after else None,
        "next_href": f"{here}?{urlencode(onward)}" if more else None,
    }
    return {"table": table_of(lines_of(some), bool(told(asked))), "pager": pager}


def place_of(text: str) -> tuple[datetime, UUID] | None:
    """After which entry the page begins; None for what no page of ours has given."""
    moment, _, key = text.partition("-")
    found = uuid_of(key) if len(key) == 32 else None
    try:
        at = datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return None
    return (at, found) if found else None


def table_of(entries: list[Line], narrowed: bool) -> dict[str, Any]:
    """The entries as a table; one that was withheld is marked. `narrowed`: somebody asked for some of them only."""
    labels = ("时间", "调阅人", "案件和内容", "事由", "渠道", "结果和水印编号")
    return {
        "caption": "调阅记录",
        "columns": [{"label": label} for label in labels],
        "rows": [row_of(entry) for entry in entries],
        "empty": NOT_FOUND if narrowed else NOBODY,
    }


def row_of(entry: Line) -> dict[str, Any]:
    """One entry."""
    row = entry.row
    result = {
        "label": RESULTS.get(row.result, row.result),
        "tone": "plain" if row.result == SERVED else "red",
    }
    of_agency = "，".join(filter(None, (entry.role, entry.own)))
    elsewhere = entry.agency if row.agency != row.own_agency else ""
    return {
        "cells": [
            {"text": cn_datetime(timezone.localtime(row.at))},
            {"text": row.by_name, "sub": of_agency},
            {
                "text": entry.case or "（不属于一个案件）",
                "sub": "，".join(filter(None, (entry.what, elsewhere))),
            },
            {"text": entry.why},
            {"text": CHANNELS.get(row.channel, row.channel), "sub": row.address},
            {"text": row.watermark, "badge": result},
        ]
    }


def search_of(asked: Asked, here: str) -> dict[str, Any]:
    """The form with the filters as they stand."""
    kinds = [{"value": kind, "label": label} for kind, label in KINDS.items()]
    return {
        "q": asked.mark,
        "action": here,
        "label": "水印编号",
        "hint": "文书页脚、文件名或者调阅说明里的十位编号，查是谁下载的；不知道编号的用下面的条件查",
        "fields": [
            {"kind": "text", "name": "person", "label": "调阅人", "value": asked.person},
            {"kind": "text", "name": "case", "label": "立案号或者查询码", "value": asked.case},
            {"kind": "choice", "draw": "select", "name": "kind", "label": "内容", "value": asked.kind}
            | {"choices": kinds, "blank_label": "全部", "required": True},
            {"kind": "date", "name": "since", "label": "自", "value": asked.since},
            {"kind": "date", "name": "until", "label": "至", "value": asked.until},
        ],
        "clear_href": here if asked != Asked() else None,
    }
