"""The list of decisions with its search, each decision, and the notices of those withdrawn."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from sanxiang.cases.disclosure import published
from sanxiang.cases.disclosure.files.beside import files_of
from sanxiang.cases.disclosure.published import ACT_TYPES, MARKS, origin_of
from sanxiang.cases.models import Publication
from sanxiang.cases.papers.code import address_code
from sanxiang.cases.search import asking
from sanxiang.cases.search.folding import rewritings, terms
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.door.intake.subscriptions import offered
from sanxiang.ledger.models import Entry
from sanxiang.people.models import Agency
from sanxiang.square import asked, on_request, showing
from sanxiang.square.log_acts import act_address, links_of
from sanxiang.square.page import FRESH, address, beyond, page, page_number, pager, public
from sanxiang.square.remedy import remedies_of

HINT = "可查文号、标题、当事人、统一社会信用代码、地址、事实、依据、结果和机关。几个词之间用空格隔开，须同时出现。"
PER_PAGE = 50


def organs() -> list[Agency]:
    """Agencies by which the list can be narrowed: those at work, and those that are no more but have decisions here."""
    past = asking.numbers_by("agency")
    found = Agency.objects.only("name", "kind", "region", "active").order_by("name")
    return [agency for agency in found if agency.active or past.get(agency.pk)]


@public
def decisions(request: HttpRequest) -> HttpResponse:
    """The list, newest first, narrowed by words and filters."""
    agencies = organs()
    question = asked.read(request.GET, agencies)
    form = {
        "q": question.typed["q"], "action": reverse("decisions"), "hint": HINT, "fields": asked.fields(question, agencies),
        "chips": [] if question.errors else asked.chips(question, agencies, reverse("decisions")),
        "clear_href": reverse("decisions") if any(question.typed.values()) else "",
    }  # fmt: skip
    context = {
        "section": "decisions",
        "search": form,
        "errors": question.summary,
        **_found(question, agencies),
    }
    return page(request, "square/decisions.html", context, status=422 if question.errors else 200)


def _found(question: asked.Asked, agencies: list[Agency]) -> dict[str, Any]:
    """The hits and what surrounds them; nothing while the question cannot be read."""
    if question.errors:
        return {}
    query, words = question.query, terms(question.query.q)
    found = asking.find(query)
    path = reverse("decisions")
    turning = pager(path, question.typed, query.page, query.limit, found.total, len(found.rows), found.cursor)
    return {
        "results": [showing.hit(row, words) for row in found.rows],
        "pager": turning,
        "empty": {} if found.rows else _nothing(question, found.total),
        "narrowed": any(question.typed.values()),
        "order": asked.ORDERS["oldest" if query.oldest else ""],
        "facets": asked.facets(question, agencies, found.numbers, path),
        "partly": found.total is None,
        "forms": forms(question.typed),
    }


def forms(typed: Mapping[str, str]) -> list[dict[str, str]]:
    """Where the same list is given out otherwise."""
    names = {"feed": "订阅（Atom）", "decisions-csv": "表格（CSV）", "decisions-json": "数据（JSON）"}
    if offered():
        names["letters"] = "邮件提醒"
    return [{"text": text, "href": address(reverse(name), typed)} for name, text in names.items()]


def _nothing(question: asked.Asked, total: int | None) -> dict[str, Any]:
    """Why the page shows no decision, and where to go from here."""
    path, query = reverse("decisions"), question.query
    if gone := beyond(path, question.typed, query.page, query.limit, total):
        return gone
    everything = {"label": "查看全部决定", "href": path}
    if not any(question.typed.values()):
        text = "各机关作出的决定，依法公示后列在这里。"
        return {
            "title": "还没有公示的决定",
            "text": text,
            "actions": [everything] if query.page > 1 else [],
        }
    if offered := _otherwise(question):
        return {**offered, "actions": [*offered["actions"], everything]}
    text = "可以减少查询词、放宽日期，或者改用文号、当事人名称查询。"
    return {"title": "没有符合条件的决定", "text": text, "actions": [everything]}


def _otherwise(question: asked.Asked) -> dict[str, Any]:
    """The same question in other words, with the number of decisions that it finds; {} where none finds any."""
    for words in rewritings(question.query.q):
        total = asking.find(replace(question.query, q=words, page=1, after=None, limit=1)).total
        if total == 0:
            continue
        number = "超过 10,000" if total is None else f"{total:,}"
        text = f"书名号、标点或者文号的写法不同，也会查不到。改查“{words}”，有 {number} 条。"
        href = address(reverse("decisions"), {**question.typed, "q": words})
        action = {"label": f"查看这 {number} 条", "href": href, "primary": True}
        return {"title": "没有逐字写着这些词的决定", "text": text, "actions": [action]}
    return {}


def shown(identity: UUID) -> Publication:
    """The row that the public may see, see the notice of, or ask for. All others do not exist (Http404), whatever they are."""
    rows = Publication.objects.select_related("agency", "case").defer("case__state")
    told = published.shown() | on_request.ASKED
    row = rows.filter(told, pk=identity).first()
    if row is None:
        raise Http404
    return row


def canonical(request: HttpRequest, identity: UUID) -> str:
    """The one address of a decision, whichever name of this site it was opened by, where it has one."""
    here = reverse("decision", args=[identity])
    return f"{settings.PUBLIC_ADDRESS}{here}" if settings.ADDRESS_TOLD else request.build_absolute_uri(here)


@public
def decision(request: HttpRequest, identity: UUID) -> HttpResponse:
    """One decision; of a withdrawn one the notice, with status 410; of one given on request how to ask."""
    row = shown(identity)
    if row.status == "exempt":
        return on_request.shown(request, row)
    if row.status == "withdrawn":
        return page(request, "410.html", withdrawal(row), status=410)
    entry = Entry.objects.filter(act_id=row.act).values_list("idx", flat=True).first() if row.act else None
    context = {
        "section": "decisions", "row": row, "repairable": row.act_type == "penalty" and row.case is not None,
        "heading": showing.heading_of(row), "imported": origin_of(row) == "import",
        "taken_over": row.origin == "taken-over", "mark": MARKS.get(origin_of(row), ""),
        "canonical": canonical(request, row.pk),
        "kind": ACT_TYPES.get(row.act_type, row.act_type), "facts": showing.facts_of(row), "texts": showing.texts_of(row),
        "files": files_of(row), "flags": showing.flags_of(row), "remedies": remedies_of(row), "own": row.case is not None,
        "corrections": showing.corrections_of(row), "version": len(row.notes or ()) + 1,
        "proof": {"act_id": row.act, "leaf_hash": row.leaf_hash, "index": entry, "state": "pending" if entry is None else "logged",
                  "verify_href": address(reverse("verify"), {"record": str(row.act)}) if row.act else ""},
        "code": address_code(act_address(row.act)) if row.act else "", "links": links_of(row.act) if row.act else {},
        "print_head": {"agency": row.agency.name, "title": "执法决定公示", "number": row.number, "act_id": row.act},
    }  # fmt: skip
    response = page(request, "square/decision.html", context)
    # A copy in a search engine would outlive the withdrawal.
    response["X-Robots-Tag"] = "noarchive"
    return response


@public
def decision_json(request: HttpRequest, identity: UUID) -> HttpResponse:
    """The same for programs."""
    row = shown(identity)
    if row.status == "published":
        plain = {**published.record(row), "files": files_of(row)}
    else:
        plain = (
            {**withdrawal(row), "status": "withdrawn"}
            if row.status == "withdrawn"
            else on_request.plain_of(row)
        )
    utf8 = {"ensure_ascii": False, "indent": 1}
    response = JsonResponse(plain, status=410 if row.status == "withdrawn" else 200, json_dumps_params=utf8)
    response["Cache-Control"], response["X-Robots-Tag"] = FRESH, "noarchive"
    return response


def withdrawal(row: Publication) -> dict[str, Any]:
    """What stays of a withdrawn publication: who, when, why, and the act that did it. None of the text."""
    return {
        "agency": row.agency.name,
        "withdrawn_on": row.withdrawn_on,
        "reason": row.withdrawal_reason,
        "act_id": row.act,
    }


@public
def withdrawn(request: HttpRequest) -> HttpResponse:
    """All notices of withdrawal, newest first."""
    number = page_number(request.GET.get("page", ""))
    if number is None:
        raise Http404
    rows = (
        Publication.objects.filter(published.shown(), status="withdrawn")
        .order_by("-withdrawn_on", "-pk")
        .select_related("agency")
    )
    total, begin = rows.count(), (number - 1) * PER_PAGE
    notices = list(rows[begin : begin + PER_PAGE])
    path = reverse("withdrawn")
    table = {
        "caption": "撤回公告", "columns": [{"label": name} for name in ("撤回日期", "公示机关", "行为种类", "撤回理由", "公告")],
        "rows": [{"cells": _notice(row)} for row in notices], "total": f"{total:,}",
        "pager": pager(path, {}, number, PER_PAGE, total, len(notices)) if total > PER_PAGE else None,
        "empty": beyond(path, {}, number, PER_PAGE, total)
        or {"title": "没有撤回的公示", "text": "公示撤回后，本页会列出撤回的机关、日期和理由。"},
    }  # fmt: skip
    return page(request, "square/withdrawn.html", {"section": "decisions", "table": table})


def _notice(row: Publication) -> list[dict[str, Any]]:
    kind = ACT_TYPES.get(row.act_type, row.act_type)
    texts = (cn_date(row.withdrawn_on), row.agency.name, kind, row.withdrawal_reason)
    return [*({"text": text} for text in texts), {"text": "查看", "href": reverse("decision", args=[row.pk])}]
