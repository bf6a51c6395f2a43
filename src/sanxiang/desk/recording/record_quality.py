"""记录质量: what was put on record late, how late, and what that takes from a case's score.

Blanks, single officers, missing records and signatures are refused by the door, so that only lateness is left to be scored.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.addresses import number_in
from sanxiang.desk.who import cases_of, page, visitor_of
from sanxiang.door.offline import MARK
from sanxiang.ledger.models import Act, Opening

WHOLE = 100
MOST = 20
"""Points: a case has all of them, and loses one for each day that an act came late on record, so many at most for one act."""

ROWS = 50
RULE = f"满分 {WHOLE} 分；每步补录比发生晚一日扣 1 分，一步最多扣 {MOST} 分。缺项、缺签名、人数不足的步骤不予办理，不再另扣分。"


def days_late(act: Act) -> int:
    """Days between what happened and its coming on record."""
    return (timezone.localtime(act.at).date() - date.fromisoformat(act.on[:10])).days


def score_of(late: Iterable[Act]) -> int:
    """The score of the case that these are the late acts of."""
    return max(WHOLE - sum(min(days_late(act), MOST) for act in late), 0)


def late_in(case: Case) -> list[Act]:
    """The acts of a case that came late on record. One query."""
    return list(Act.objects.filter(subject=case.pk, back_dated=True).order_by("n"))


def table_of(late: list[Act]) -> dict[str, Any]:
    """A case's score, and each act that lowered it."""
    rows = [
        {
            "cells": [
                {"text": f"第{act.n}步，{act.label}", "strong": True},
                {"text": cn_date(act.on[:10])},
                {"text": cn_datetime(timezone.localtime(act.at)), "sub": act.by_name},
                {"text": f"{days_late(act)}日"},
                {"text": f"−{min(days_late(act), MOST)}"},
            ]
        }
        for act in late
    ]
    columns = [{"label": x} for x in ("步骤", "发生", "补录", "晚", "扣分")]
    empty = {"title": "没有补录的步骤", "text": f"记录质量 {WHOLE} 分。"}
    return {"caption": f"记录质量 {score_of(late)} 分", "columns": columns, "rows": rows, "empty": empty}


@require_GET
def late_entries(request: HttpRequest) -> HttpResponse:
    """Acts that came late on record in the cases in sight, newest first, each with its case's score."""
    visitor = visitor_of(request)
    rows = Act.objects.filter(kind="case", back_dated=True, subject__in=cases_of(visitor).values("pk"))
    start = number_in(request.GET, "page") or 1
    some = list(rows.order_by("-at", "-n")[(start - 1) * ROWS : start * ROWS + 1])
    more, some = len(some) > ROWS, some[:ROWS]
    cases = Case.objects.defer("state").select_related("agency").in_bulk({act.subject for act in some})
    scores, offline = scores_of(cases), came_offline(some)
    table = {
        "caption": "补录的步骤，新的在前",
        "columns": [{"label": x} for x in ("案件", "记录质量", "步骤", "晚", "补录")],
        "rows": [
            {"cells": cells_of(act, cases[act.subject], scores[act.subject], act.pk in offline)}
            for act in some
        ],
        "total": rows.count(),
        "pager": {
            "total_text": f"第 {start} 页",
            "first_href": "/desk/late-entries/" if start > 1 else None,
            "next_href": f"/desk/late-entries/?page={start + 1}" if more else None,
        },
        "empty": {"title": "没有补录的步骤", "text": "发生之后才记入的步骤，会连同晚了几日列在这里。"},
    }
    return page(request, visitor, "desk/late_entries.html", {"table": table, "rule": RULE}, section="cases")


def scores_of(cases: Iterable[UUID]) -> dict[UUID, int]:
    """The scores of these cases. One query."""
    late: dict[UUID, list[Act]] = {key: [] for key in cases}
    for act in Act.objects.filter(subject__in=late, back_dated=True).only("subject", "at", "on"):
        late[act.subject].append(act)
    return {key: score_of(acts) for key, acts in late.items()}


def came_offline(acts: Iterable[Act]) -> set[UUID]:
    """Which of these were filled in without a network. One query."""
    rows = Opening.objects.filter(act__in=[act.pk for act in acts], name=MARK)
    return set(rows.values_list("act_id", flat=True))


def cells_of(act: Act, case: Case, score: int, offline: bool) -> list[dict[str, Any]]:
    """One late act."""
    href = f"/desk/cases/{case.pk}/timeline/"
    return [
        {"text": case.number or case.title, "href": href, "sub": case.agency.name},
        {"text": f"{score}分"},
        {"text": f"第{act.n}步，{act.label}", "sub": act.by_name},
        {"text": f"{days_late(act)}日", "sub": "离线补报" if offline else ""},
        {"text": cn_datetime(timezone.localtime(act.at)), "sub": f"发生于{cn_date(act.on[:10])}"},
    ]
