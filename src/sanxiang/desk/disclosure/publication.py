"""Publication: what waits to be published or withdrawn, and one decision as the public would see it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.disclosure.channels import channels_of, post_text
from sanxiang.cases.disclosure.masked import SUMMARY, PublicText, natural
from sanxiang.cases.models import Case, Publication
from sanxiang.desk import case_parts as parts
from sanxiang.desk.bench import bench_of
from sanxiang.desk.clocks import clocks_of
from sanxiang.desk.historical import waiting_of
from sanxiang.desk.next_acts import act_of
from sanxiang.desk.who import EDITORIAL, Visitor, case_for, page, visitor_of
from sanxiang.desk.words import COLUMNS, PARTY_TYPES, PUBLICATION, TONES
from sanxiang.door import gather
from sanxiang.door.disclosure import public_files
from sanxiang.door.perform import OpenAct, open_acts
from sanxiang.law.disclosure.plain import warnings
from sanxiang.law.disclosure.texts import rule_of
from sanxiang.law.packs import Pack

GROUP = "公示"
RECENT = 30


@require_GET
def publications(request: HttpRequest) -> HttpResponse:
    """What waits, and what was published or withdrawn last."""
    visitor = visitor_of(request)
    context = bench_of(visitor, EDITORIAL, "/desk/publications/")
    for line in context["tasks"]:
        line["whose"] = line["role"]
    rows = Publication.objects.filter(agency__in=visitor.agencies).exclude(case=None)
    recent = rows.select_related("agency").order_by("-sort_on", "-pk")[:RECENT]
    context |= {"table": table_of(recent), "imported": waiting_of(visitor)}
    return page(request, visitor, "desk/publications.html", context, section="publications")


def table_of(rows: Any) -> dict[str, Any]:
    """What is or was public, newest first."""
    drawn = [
        {
            "cells": [
                {
                    "text": row.title or row.number or "（内容已撤回）",
                    "href": f"/desk/publications/{row.case_id}/",
                    "sub": row.number,
                },
                {"text": row.party or "—"},
                {"text": row.published_on or row.withdrawn_on or "—"},
                {
                    "text": "",
                    "badge": {
                        "label": PUBLICATION.get(row.status, row.status),
                        "tone": TONES.get(row.status, "plain"),
                    },
                },
            ]
        }
        for row in rows
    ]
    columns = [{"label": label} for label in ("决定", "当事人（公示形式）", "日期", "状态")]
    empty = {"title": "还没有公示过决定", "text": "作出处罚决定后，公示任务会自动出现在上面。"}
    return {
        "caption": f"最近公示、撤回的决定（最多 {RECENT} 件）",
        "columns": columns,
        "rows": drawn,
        "empty": empty,
    }


@require_GET
def publication(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One decision side by side: what the public will see, what is hidden and why, what is missing, what leaks."""
    visitor = visitor_of(request)
    case = case_for(visitor, case_id)
    pack = gather.pack_of(case)
    text = public_files.text_of(case, pack)
    row = Publication.objects.filter(case=case).first()
    clocks = clocks_of(pack, case.state, gather.calendar(), visitor.on)
    context = {
        "case": case,
        "stage": parts.stage_label(case, pack),
        "decided": rule_of(pack, case.state) is not None,
        "warnings": warnings(text.fields.get(SUMMARY, "")),
        "notes": case.state["publication"].get("notes", []),
        "rows": rows_of(text, natural(case.state["facts"].get("party") or {})),
        "text": text,
        "state": parts.publication_of(case),
        "row": row,
        "prepared": prepared_of(case, text),
        "acts": acts_of(visitor, case),
        "clocks": [c for c in clocks if "公示" in c["label"]],
        **shown_where(case, pack, row),
    }
    return page(request, visitor, "desk/publication.html", context, section="publications")


def shown_where(case: Case, pack: Pack, row: Publication | None) -> dict[str, Any]:
    """The channels, with what still hangs there; the text for new media; and whether another text waits for its receipt."""
    told = case.state["publication"]
    return {
        "channels": channels_of(pack, told) if row else [],
        "post": post_text(row) if row and row.status == "published" else "",
        "waiting": row is not None and row.status != "submitted" and "handed" in told,
    }


OF_A_PERSON = ("party_code", "address")
"""Columns that stay empty where the party is a natural person."""


def rows_of(text: PublicText, person: bool = False) -> list[dict[str, Any]]:
    """Each public column beside what was hidden in it."""
    masks: dict[str, list[Any]] = {}
    for mask in text.masks:
        masks.setdefault(mask.field, []).append(mask)
    rows = []
    for name, label in COLUMNS.items():
        value = text.fields.get(name, "")
        shown = PARTY_TYPES.get(value, value) if name == "party_type" else value
        empty = "自然人的住址和证件号码不公示" if person and name in OF_A_PERSON else "案件里没有这一项"
        rows.append(
            {"label": label, "value": shown, "masks": masks.get(name, []), "empty": "" if value else empty}
        )
    return rows


def prepared_of(case: Case, text: PublicText) -> str:
    """Whether what was handed in is still what the case gives: the approver must know before confirming."""
    digest = case.state["publication"].get("digest")
    if case.state["publication"].get("status") != "prepared":
        return ""
    return "same" if digest == text.digest else "changed"


def acts_of(visitor: Visitor, case: Case) -> list[dict[str, Any]]:
    """The acts about publication, open or with what stands in their way."""
    if not visitor.works_in(case.agency_id):
        return []
    actor = gather.actor_in(visitor.person, case.agency, visitor.on, duties=visitor.duties)
    found: list[OpenAct] = open_acts(case, visitor.person, timezone.now(), actor=actor)
    drawn = [act_of(case, one, None) for one in found if one.act.group == GROUP]
    first = next((one for one in drawn if one["open"]), None)
    if first is not None:
        first["primary"] = True
    return sorted(drawn, key=lambda one: not one["open"])
