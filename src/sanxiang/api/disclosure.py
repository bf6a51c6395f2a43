"""/disclosure/coverage: of what was decided in a year, what was published, withheld, still has time, or is explained by nobody."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from sanxiang.api.caller import READ, caller_of
from sanxiang.api.paging import only
from sanxiang.api.schemas import Strict
from sanxiang.door.disclosure.coverage import LABELS, OPEN, signed, still_up

router = Router(tags=["disclosure"])


class CoverageFilters(Strict):
    year: int | None = Field(None, ge=2000, le=2200, description="哪一年作出的决定；不写就是今年")


class Unexplained(Schema):
    id: UUID
    number: str
    title: str
    agency: UUID
    unit: str
    act_type: str
    decided_on: str
    due: date | None


class Elsewhere(Schema):
    id: UUID
    number: str
    title: str
    agency: UUID
    channel: str = Field(description="由人张贴、发布的渠道")
    due: date | None = Field(description="应当在哪天之前撤下或者换成更正后的文本")


class Coverage(Schema):
    year: int
    signed: int
    counts: dict[str, int] = Field(description="、".join(f"{key} {label}" for key, label in LABELS.items()))
    unexplained: list[Unexplained]
    still_up: list[Elsewhere] = Field(
        description="撤回、期满、停止公示或者正在更正，其他渠道还没有撤下的，不分年份"
    )


@router.get("/disclosure/coverage", auth=READ, response=Coverage, summary="公示覆盖")
def public_coverage(request: HttpRequest, filters: Query[CoverageFilters]) -> dict[str, Any]:
    """应当公示的决定有多少公示了、多少依法不公开、多少还在期限内，以及没有公示也没有说明的各是哪些。"""
    only(request, CoverageFilters)
    today = timezone.localdate()
    year = filters.year or today.year
    agencies = caller_of(request).agencies
    found = signed(agencies, year, today)
    names = ("number", "title", "agency", "unit", "act_type", "due")
    return {
        "year": year,
        "signed": len(found),
        "counts": {name: sum(one.standing == name for one in found) for name in LABELS},
        "unexplained": [
            {"id": one.case, "decided_on": one.on, **{name: getattr(one, name) for name in names}}
            for one in found
            if one.standing == OPEN
        ],
        "still_up": [{"id": one.case, **asdict(one)} for one in still_up(agencies)],
    }
