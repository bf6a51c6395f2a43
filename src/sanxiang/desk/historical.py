"""Imported records on the disclosure desk: what is held and why, what the public would see, withdrawal with its notice."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from sanxiang.cases.models import Publication
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.addresses import number_in, words_in
from sanxiang.desk.who import EDITORIAL, Visitor, page, visitor_of
from sanxiang.desk.words import COLUMNS, PARTY_TYPES, PUBLICATION, TONES
from sanxiang.door.admin.rules import PREPARE, RECORD_ACTS, RELEASE, WITHDRAW
from sanxiang.door.arriving import historical, imported
from sanxiang.door.reasons import BY_DUTY, Reason
from sanxiang.exchange.flags import label
from sanxiang.law.guards import Refused, Verdict
from sanxiang.people import roles

HERE = "/desk/publications/imported/"
PAGE = 50
HIDDEN_ROWS = 3
ROW = re.compile(r"hide-(\d{1,3})-")
SHOWN = ("held", "prepared", "published", "withdrawn")
READERS = frozenset({*EDITORIAL, roles.AGENCY_HEAD, roles.SUPERVISOR})
"""A held record shows what the public must not see: only those who work on it, and those who answer for it."""


def records_of(visitor: Visitor) -> QuerySet[Publication]:
    """The imported records of the agencies in which the visitor may read them."""
    return Publication.objects.filter(origin=imported.ORIGIN, agency__in=visitor.agencies_as(READERS))


def waiting_of(visitor: Visitor) -> dict[str, int]:
    """How many records stand where. One query."""
    counts = {status: Count("pk", filter=Q(status=status)) for status in SHOWN}
    return records_of(visitor).aggregate(**counts)


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """The list, by where the records stand; those that wait come first."""
    visitor = visitor_of(request)
    counts = waiting_of(visitor)
    if not any(counts.values()):
        raise Http404
    first = next(status for status in SHOWN if counts[status])
    status = request.GET.get("show", first)
    words = words_in(request.GET, "q")
    found = records_of(visitor).filter(status=status if status in SHOWN else first)
    if words:
        inside = Q(number__icontains=words) | Q(title__icontains=words) | Q(party__icontains=words)
        found = found.filter(inside | Q(external_id__icontains=words))
    context = {
        "tabs": tabs_of(counts, status),
        "table": table_of(found, number_in(request.GET, "page"), status, words),
        "q": words,
        "show": status,
    }
    return page(request, visitor, "desk/historical.html", context, section="publications")


def tabs_of(counts: Mapping[str, int], status: str) -> list[dict[str, Any]]:
    """Where records may stand, each with how many there are."""
    return [
        {
            "label": PUBLICATION[one],
            "href": f"{HERE}?show={one}",
            "count": counts[one],
            "current": one == status,
        }
        for one in SHOWN
    ]


def table_of(found: QuerySet[Publication], number: int | None, status: str, words: str) -> dict[str, Any]:
    """One page of the list."""
    total = found.count()
    last = max(1, -(-total // PAGE))
    here = min(max(number or 1, 1), last)
    some = found.select_related("agency").order_by("-sort_on", "-pk")[(here - 1) * PAGE : here * PAGE]
    address = f"{HERE}?{urlencode({'show': status, **({'q': words} if words else {})})}"
    return {
        "caption": "历史导入的记录",
        "columns": [{"label": name} for name in ("记录", "当事人", "决定日期", "情况")],
        "rows": [{"cells": cells_of(row)} for row in some],
        "total": f"{total:,}",
        "pager": {
            "total_text": f"共 {total:,} 条",
            "prev_href": f"{address}&page={here - 1}" if here > 1 else None,
            "next_href": f"{address}&page={here + 1}" if here < last else None,
            "page_text": f"第 {here} 页，共 {last} 页",
        },
        "empty": {"title": "没有这样的记录", "text": "换一个条件再查。"},
    }


def cells_of(row: Publication) -> list[dict[str, Any]]:
    """One record in the list; why it is held stands beside it."""
    why = "、".join(label(flag) for flag in row.flags if flag.startswith(historical.WAITED_FOR))
    name = (row.title or row.number or row.external_id or "")[:80]
    note = row.withdrawal_reason[:80] if row.status == "withdrawn" else why
    return [
        {
            "text": name,
            "href": f"{HERE}{row.pk}/",
            "sub": (row.number if row.title else row.external_id or "")[:80],
        },
        {"text": row.party[:60] or "—"},
        {"text": cn_date(row.decided_on) or "—"},
        {
            "text": "",
            "badge": {"label": PUBLICATION[row.status], "tone": TONES.get(row.status, "plain")},
            "sub": note,
        },
    ]


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, publication: UUID) -> HttpResponse:
    """One record: its text as the public sees or would see it, and what this person may do with it."""
    visitor = visitor_of(request)
    row = get_object_or_404(records_of(visitor).select_related("agency"), pk=publication)
    own = visitor.works_in(row.agency_id)
    why = BY_DUTY if own else Reason("supervise", "历史导入的记录")
    visitor.reading.beside(row.agency_id, why, row.pk, row.head)
    if request.method == "GET":
        return draw(request, visitor, row)
    name = request.POST.get("act", "")
    if name not in ACTS:
        raise Http404(name)
    try:
        done = ACTS[name](row, visitor, request.POST)
    except Refused as refused:
        return draw(request, visitor, row, refused.verdicts)
    messages.success(request, SAID[done.status])
    return redirect(f"{HERE}{row.pk}/")


ACTS: Mapping[str, Callable[[Publication, Visitor, QueryDict], Publication]] = {
    PREPARE: lambda row, visitor, post: historical.prepare(row.pk, visitor.person, hidden_in(post)),
    RELEASE: lambda row, visitor, post: historical.release(row.pk, visitor.person, post.get("digest", "")),
    WITHDRAW: lambda row, visitor, post: imported.withdraw(row.pk, visitor.person, post.get("reason", "")),
}
SAID = {
    "prepared": "已提交，等另一名公示审核人确认。",
    "published": "已公示。",
    "withdrawn": "已撤回，公告留在公示平台。",
}


def hidden_in(post: QueryDict) -> list[dict[str, str]]:
    """The rows of what else is to be hidden."""
    numbers = sorted({int(match[1]) for key in post if (match := ROW.match(key))})
    rows = [{key: post.get(f"hide-{n}-{key}", "").strip() for key in ("text", "why")} for n in numbers]
    return [row for row in rows if any(row.values())]


def draw(
    request: HttpRequest, visitor: Visitor, row: Publication, verdicts: list[Verdict] | None = None
) -> HttpResponse:
    """The page; what was typed comes back when the door refused it."""
    context = record_of(visitor, row, hidden_in(request.POST)) | {
        "reason": reason_field(request.POST.get("reason", "")),
        "verdicts": verdicts,
    }
    status = 422 if verdicts else 200
    return page(
        request, visitor, "desk/historical_record.html", context, section="publications", status=status
    )


def record_of(visitor: Visitor, row: Publication, typed: list[dict[str, str]]) -> dict[str, Any]:
    """What the page shows, and which of its forms are this visitor's."""
    waits = row.status in ("held", "prepared")
    found = historical.reviewed(row, [one for one in typed if one["text"]]) if waits else None
    held = visitor.roles_in(row.agency_id)
    return {
        "row": row,
        "badge": {"label": PUBLICATION[row.status], "tone": TONES.get(row.status, "plain")},
        "rows": rows_of(row, found),
        "holds": [label(flag) for flag in row.flags if flag.startswith(historical.WAITED_FOR)],
        "flags": [label(flag) for flag in row.flags if not flag.startswith(historical.WAITED_FOR)],
        "leaks": [COLUMNS.get(name, name) for name in found.leaks] if found else [],
        "edits": waits and may(PREPARE, held),
        "releases": row.status == "prepared" and may(RELEASE, held),
        "withdraws": row.status == "published" and may(WITHDRAW, held),
        "hide": hide_field(typed),
        "fields": row.status != "withdrawn",
    }


def may(act: str, held: frozenset[str]) -> bool:
    """Is this one of their acts?"""
    return bool(held & set(RECORD_ACTS[act].by))


def rows_of(row: Publication, found: historical.Reviewed | None) -> list[dict[str, Any]]:
    """Each column as it stands, and while the record waits as the public would see it."""
    rows = []
    for name, title in COLUMNS.items():
        if name not in imported.TEXTS:
            continue
        now = str(getattr(row, name))
        then = found.texts[name] if found else now
        why = [(text, reason) for field, text, reason in found.hidden if field == name] if found else []
        plain = PARTY_TYPES if name == "party_type" else {}
        rows.append(
            {"label": title, "now": plain.get(now, now), "then": plain.get(then, then), "hidden": why}
        )
    return rows


def hide_field(typed: list[dict[str, str]]) -> dict[str, Any]:
    """What else is to be hidden, row by row."""
    labels = {"text": "要隐去的文字", "why": "理由"}

    def cells(number: str, row: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {"kind": "text", "name": f"hide-{number}-{key}", "label": text, "value": row.get(key, "")}
            for key, text in labels.items()
        ]

    blanks = max(1, HIDDEN_ROWS - len(typed))
    return {
        "kind": "table",
        "name": "hide",
        "label": "另外隐去",
        "hint": "照“现有内容”里的原文填写；系统已经找到的不用再填",
        "columns": [{"label": text} for text in labels.values()],
        "rows": [cells(str(n), row) for n, row in enumerate([*typed, *({} for _ in range(blanks))])],
        "blank": cells("__i__", {}),
    }


def reason_field(typed: str) -> dict[str, Any]:
    """The reason that stays with the notice."""
    return {
        "kind": "longtext",
        "name": "reason",
        "label": "向社会说明的理由",
        "value": typed,
        "rows": 4,
        "maxlength": 2000,
        "required": True,
        "hint": "撤回后原文从页面、查询、订阅和接口中移除，公告里留下日期和这段理由",
    }
