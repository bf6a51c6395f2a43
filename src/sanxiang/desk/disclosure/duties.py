"""公示职责分工: who answers for each stage of each kind of publication, which stages are nobody's, and how long each stage takes."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.desk.who import page, visitor_of
from sanxiang.door.registers.duties import Division, divisions
from sanxiang.law.disclosure.stages import STAGES
from sanxiang.ledger.models import Act
from sanxiang.people.models import Agency

YEAR = timedelta(days=365)
NAMES = {act: name for name, act in STAGES.values()}


@require_GET
def duties(request: HttpRequest) -> HttpResponse:
    """The table of duties with its gaps, and the median time of each stage in the last year."""
    visitor = visitor_of(request)
    agencies = list(Agency.objects.filter(pk__in=visitor.agencies, active=True).order_by("name"))
    found = divisions(agencies, visitor.on)
    context = {
        "table": table_of(found),
        "gaps": [one for one in found if one.lacking],
        "times": times_table(medians([agency.pk for agency in agencies], timezone.now())),
    }
    return page(request, visitor, "desk/duties.html", context, section="publications")


def table_of(found: list[Division]) -> dict[str, Any]:
    """Agency by agency, kind by kind; a stage that is nobody's is red."""
    columns = [{"label": name} for name in ("机关", "类别", *NAMES.values())]
    rows = [
        {
            "cells": [
                {"text": one.agency.name},
                {"text": one.category},
                *(
                    {"text": owner}
                    if owner
                    else {"text": "", "badge": {"label": "没有人负责", "tone": "red"}}
                    for owner in one.owners
                ),
            ]
        }
        for one in found
    ]
    empty = {"title": "没有机关", "text": "您今天的岗位看不到任何机关。"}
    return {"caption": "公示职责分工", "columns": columns, "rows": rows, "empty": empty}


def medians(agencies: Collection[UUID], now: datetime) -> dict[str, tuple[int, float]]:
    """By stage: how often it was taken in the last year, and the median hours since the step before it. Two queries."""
    took: dict[str, list[float]] = defaultdict(list)
    for name, hours in _waits(agencies, now):
        took[name].append(hours)
    return {name: (len(took[name]), median(took[name])) for name in NAMES.values() if took[name]}


def _waits(agencies: Collection[UUID], now: datetime) -> Iterator[tuple[str, float]]:
    acts = Act.objects.filter(kind="case", name__in=NAMES, at__gte=now - YEAR)
    cases = set(Case.objects.filter(agency__in=agencies).values_list("pk", flat=True))
    before: dict[UUID, datetime] = {}
    for case, name, at in acts.order_by("subject", "n").values_list("subject", "name", "at"):
        if case in cases and case in before:
            yield NAMES[name], (at - before[case]).total_seconds() / 3600
        before[case] = at
        if name == "publish":
            before.pop(case)


def times_table(found: dict[str, tuple[int, float]]) -> dict[str, Any]:
    """How long each stage took after the one before it."""
    rows = [
        {"cells": [{"text": name}, {"text": str(n)}, {"text": spoken(hours)}]}
        for name, (n, hours) in found.items()
    ]
    columns = [{"label": "环节"}, {"label": "次数", "num": True}, {"label": "用时中位数", "num": True}]
    empty = {"title": "还没有公示过", "text": "公示过决定以后，这里列出每个环节用了多久。"}
    return {"caption": "最近一年各环节用时", "columns": columns, "rows": rows, "empty": empty}


def spoken(hours: float) -> str:
    """Hours as people say them."""
    return f"{hours / 24:.1f}天" if hours >= 24 else f"{hours:.1f}小时"
