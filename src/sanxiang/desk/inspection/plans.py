"""双随机抽查: the plans in sight with what can be done next, and the drawn objects with their officers and what became of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_date, cn_datetime
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.inspection.results import codes_of, records_in
from sanxiang.door.inspection.tasks import inside, key_of, roster_of
from sanxiang.door.models import Task
from sanxiang.door.pinned import current
from sanxiang.people import roles
from sanxiang.people.models import Agency
from sanxiang.registers.inspection.drawn import (
    APPROVE,
    COMMIT,
    CORRECT,
    DECLINE,
    DRAW,
    PLAN,
    PUBLISH,
    RECORD,
    WITHDRAW,
    WITHDRAW_PLAN,
    Plan,
    plans_in,
)

NEXT = {
    "等待批准": (APPROVE, DECLINE),
    "已批准": (COMMIT, WITHDRAW_PLAN),
    "已封存，等待抽取": (DRAW, WITHDRAW_PLAN),
    "已抽取": (WITHDRAW_PLAN,),
}
"""What can be done to a plan at that point."""


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The plans in sight and what was drawn."""
    visitor = visitor_of(request)
    found = plans_in(visitor.agencies)
    names = dict(Agency.objects.filter(pk__in=visitor.agencies).values_list("pk", "name"))
    context = {
        "may_plan": bool(frozenset(ACTS[PLAN].by) & visitor.roles),
        "table": plans_table(found, names, visitor),
        "drawn": [drawn_of(one, visitor) for one in found if one.draw],
    }
    return page(request, visitor, "desk/inspection.html", context, section="more")


def plans_table(found: list[Plan], names: dict[Any, str], visitor: Visitor) -> dict[str, Any]:
    """One line a plan."""
    rows = [
        {
            "cells": [
                {"text": str(one.told.get("name")), "strong": True, "sub": one.number},
                {"text": names.get(one.agency, "")},
                {"text": "、".join(one.items), "sub": f"抽 {one.told.get('ratio')}%"},
                {"text": f"{cn_date(one.told.get('begins'))}至{cn_date(one.told.get('ends'))}"},
                {"text": one.state, "sub": waiting_for(one)},
                {"links": links_of(one, visitor)},
            ]
        }
        for one in found
    ]
    columns = [{"label": x} for x in ("计划", "机关", "抽查事项", "期间", "进度", "办理")]
    text = "先发布检查对象库、检查人员库和随机抽查事项清单，再制定抽查计划。"
    empty = {"title": "还没有抽查计划", "text": text}
    return {"caption": "抽查计划", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}


def waiting_for(one: Plan) -> str:
    """From when on a committed plan can be drawn."""
    if one.commit is None or one.draw:
        return ""
    return f"{cn_datetime(str(one.committed.get('not_before')))}以后抽取"


def links_of(one: Plan, visitor: Visitor) -> list[dict[str, str]]:
    """The acts that the visitor may do next, and the public page."""
    found = [
        {"text": ACTS[name].label, "href": f"/desk/admin/acts/{name}/?agency={one.agency}&plan={one.number}"}
        for name in NEXT.get(one.state, ())
        if frozenset(ACTS[name].by) & visitor.roles
    ]
    return [*found, {"text": "公示页面", "href": f"/inspection/{one.id}/"}] if one.approved else found


def drawn_of(one: Plan, visitor: Visitor) -> dict[str, Any]:
    """What was drawn under a plan: with names, for these are the agency's own pages. Six queries."""
    told, agency = inside(one), Agency.objects.get(pk=one.agency)
    names, people, records = roster_of(told), told.get("people") or {}, records_in(agency)
    public = {result.target for result in one.results}
    late = late_of(one)
    codes = codes_of(current(agency.locality))
    rows = []
    for target, *officers in one.pairs:
        said = records.get((one.number, target))
        state = "已公开" if target in public else "没有公开" if said else "没有登记结果"
        badge = {"label": "超过公开期限", "tone": "red"} if target in late else None
        code = str(said["code"]) if said else ""
        rows.append(
            {
                "cells": [
                    {"text": names[target]["name"], "strong": True, "sub": names[target]["address"]},
                    {"text": "、".join(str(people.get(card, card)) for card in officers)},
                    {"text": f"{code} {codes.get(code, '')}" if said else "—"},
                    {"text": state} | ({"badge": badge} if badge else {}),
                    {"links": steps_of(one, target, bool(said), target in public, visitor)},
                ]
            }
        )
    columns = [{"label": x} for x in ("对象", "检查人员", "结果", "公开", "办理")]
    table = {"caption": f"{one.number} 抽到的对象", "columns": columns, "rows": rows, "total": len(rows)}
    counts = (("merged", "合并重复登记"), ("left_out", "不在抽取之列"), ("conflicts", "回避"))
    aside = [f"{label} {len(told.get(key) or ())}" for key, label in counts]
    return {"table": table, "aside": "，".join(aside), "reasons": reasons_of(told, names)}


def reasons_of(told: dict[str, Any], names: dict[str, dict[str, str]]) -> list[str]:
    """Why rows were merged, left out or kept apart."""
    people = told.get("people") or {}
    merged = [f"合并：{row['name']}并入{row['into']}（{row['why']}）" for row in told.get("merged") or ()]
    out = [f"不抽：{row['name']}（{row['why']}）" for row in told.get("left_out") or ()]
    apart = [
        f"回避：{people.get(card, card)}不去{names.get(token, {}).get('name', token)}（{why}）"
        for token, card, why in told.get("conflicts") or ()
    ]
    return [*merged, *out, *apart]


def late_of(one: Plan) -> set[str]:
    """Objects whose result should be public by now. One query."""
    today = timezone.localdate()
    open_ = Task.objects.filter(agency=one.agency, kind=PUBLISH, closed_n=None, due__lt=today)
    keys = set(open_.values_list("pk", flat=True))
    return {row[0] for row in one.pairs if key_of(one.id, row[0], PUBLISH) in keys}


def opening(one: Plan, target: str) -> dict[str, str]:
    """A case for the inspection of a drawn object, with what is known of it filled in."""
    path = f"/desk/cases/new/inspection/?agency={one.agency}&draw={one.id}&target={target}"
    return {"text": "立检查案件", "href": path}


def steps_of(one: Plan, target: str, told: bool, public: bool, visitor: Visitor) -> list[dict[str, str]]:
    """What the visitor may do about one object."""
    wanted = (RECORD, CORRECT, WITHDRAW) if public else (RECORD, PUBLISH) if told else (RECORD,)
    opens = [] if told or roles.OFFICER not in visitor.roles else [opening(one, target)]
    return opens + [
        {
            "text": ACTS[name].label,
            "href": f"/desk/admin/acts/{name}/?agency={one.agency}&plan={one.number}&target={target}",
        }
        for name in wanted
        if frozenset(ACTS[name].by) & visitor.roles
    ]
