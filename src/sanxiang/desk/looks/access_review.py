"""调阅分析: what stands out in the record of looks by the pack's patterns, each with its entries and its answer; and the reviews signed."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.looks.accesses import listed, watched
from sanxiang.desk.who import Visitor, page
from sanxiang.door import gather
from sanxiang.door.looks.access_answers import (
    ANSWER,
    OUTCOMES,
    SIGN,
    VIOLATION,
    Answer,
    Review,
    answers,
    reviews,
    settled,
)
from sanxiang.door.looks.access_review import Finding, findings
from sanxiang.door.looks.accesses import Asked, looks_at
from sanxiang.door.pinned import current
from sanxiang.law.packs import load_pack
from sanxiang.law.patterns import WINDOW, Pattern, patterns_of
from sanxiang.law.places import NATIONAL

HERE = "/desk/accesses/review/"
MOST = 20


def patterns_for(visitor: Visitor) -> list[Pattern]:
    """The patterns of the visitor's own locality."""
    return patterns_of(current(visitor.home.locality) if visitor.home else load_pack(NATIONAL))


def found_for(visitor: Visitor, agencies: frozenset[UUID]) -> list[Finding]:
    """What stands out to the visitor today."""
    return findings(agencies, gather.calendar(), visitor.on, patterns_for(visitor))


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """What stands out, by pattern with its rule; then the reviews that were signed."""
    visitor, agencies = watched(request)
    found = found_for(visitor, agencies)
    known = settled(found, answers())
    groups = [
        {"pattern": pattern, "rows": [row_of(one, known) for one in found if one.pattern == pattern]}
        for pattern in patterns_for(visitor)
    ]
    signed = reviews(agencies | ({visitor.home.pk} if visitor.home else frozenset()))
    context = {
        "groups": groups,
        "window": WINDOW,
        "total": len(found),
        "open": sum(one.key not in known for one in found),
        "signed": signed_table(signed),
        "due": due_of(signed, visitor.on),
        "sign": f"/desk/admin/acts/{SIGN}/",
    }
    return page(request, visitor, "desk/access_review.html", context, section="ledger")


def row_of(one: Finding, known: dict[str, Answer]) -> dict[str, Any]:
    """One finding as a line of the list."""
    answer = known.get(one.key)
    return {
        "who": one.who,
        "text": one.text,
        "href": f"{HERE}{one.key}/",
        "label": OUTCOMES[answer.outcome] if answer else "待答复",
        "tone": tone_of(answer),
    }


def tone_of(answer: Answer | None) -> str:
    """How an answer is coloured."""
    if answer is None:
        return "amber"
    return "red" if answer.outcome == VIOLATION else "green"


def due_of(signed: list[Review], today: date) -> dict[str, Any]:
    """When the next review is due: what the last one that was signed says."""
    if not signed:
        return {
            "text": "未设定：还没有签署过复核，法律和方案没有规定间隔，首次签署时定下次日期",
            "late": False,
        }
    due = signed[0].next_due
    late = due < today.isoformat()
    return {
        "text": f"下次复核不晚于{cn_date(date.fromisoformat(due))}{'，已经超期' if late else ''}",
        "late": late,
    }


def signed_table(signed: list[Review]) -> dict[str, Any]:
    """The reviews that were signed."""
    rows = [
        {
            "cells": [
                {
                    "text": f"{cn_date(date.fromisoformat(one.first))}至{cn_date(date.fromisoformat(one.last))}"
                },
                {"text": f"{one.looks}"},
                {"text": f"{one.findings}", "sub": f"认定违规 {one.violations} 项"},
                {"text": one.conclusion},
                {"text": one.by, "sub": cn_datetime(timezone.localtime(one.at))},
                {"text": cn_date(date.fromisoformat(one.next_due))},
            ]
        }
        for one in signed[:MOST]
    ]
    labels = ("复核期间", "调阅次数", "异常情形", "意见", "签署", "下次")
    text = "异常情形逐项答复之后，由有监督职责的人员签署复核，并定下次日期。"
    return {
        "caption": "定期复核",
        "columns": [{"label": label, "num": label == "调阅次数"} for label in labels],
        "rows": rows,
        "total": len(signed),
        "empty": {"title": "还没有签署过定期复核", "text": text},
    }


@require_GET
def finding(request: HttpRequest, key: str) -> HttpResponse:
    """One finding with its entries, newest first, and what was answered about it."""
    visitor, agencies = watched(request)
    one = next((found for found in found_for(visitor, agencies) if found.key == key), None)
    if one is None:
        raise Http404("现在没有这一项异常情形，答复过的在账本里查。")
    given = answers().get(key, [])
    open_ = key not in settled([one], {key: given})
    rows = looks_at(agencies, Asked()).filter(one.entries)
    context = {
        "one": one,
        "given": [
            {"answer": answer, "label": OUTCOMES[answer.outcome], "tone": tone_of(answer)} for answer in given
        ],
        "answer": f"/desk/admin/acts/{ANSWER}/?{urlencode({'finding': key})}"
        if open_ and one.by != visitor.person.pk
        else "",
        **listed(rows, request.GET, Asked(), f"{HERE}{key}/"),
    }
    return page(request, visitor, "desk/access_finding.html", context, section="ledger")
