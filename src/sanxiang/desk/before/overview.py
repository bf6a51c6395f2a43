"""事前公开的完整度: for each agency in sight and each of its units how many categories are told, which lack, and what else is owed."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.registers.catalogue import ABOVE
from sanxiang.people.models import Agency, Post, in_force
from sanxiang.registers.before import guides, roster, windows
from sanxiang.registers.before.categories import categories_of, missing_of
from sanxiang.registers.before.charts import Missing, missing
from sanxiang.registers.before.told import Told, told_by
from sanxiang.speech import cn_day

OFFERED = ("release-register", "publish-flowchart", "withdraw-register", "inspect-certificates")
"""Acts that this page leads to."""


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The agencies in sight. A fixed number of queries, whatever their number."""
    visitor = visitor_of(request)
    seen = Agency.objects.filter(pk__in=visitor.agencies | visitor.administered, active=True)
    told = told_by([one for one in seen.order_by("name") if one.kind not in ABOVE], visitor.on)
    context = {
        "table": table_of(told),
        "notices": notices_of(told, visitor.on),
        "acts": acts_of(visitor),
    }
    return page(request, visitor, "desk/before.html", context, section="registers")


def acts_of(visitor: Visitor) -> list[dict[str, str]]:
    """The acts of this page that the visitor's posts allow."""
    return [
        {"label": ACTS[name].label, "href": reverse("desk-admin-act", args=[name])}
        for name in OFFERED
        if visitor.roles & set(ACTS[name].by)
    ]


def table_of(found: Iterable[Told]) -> dict[str, Any]:
    """One line an agency, beneath it one for each of its units."""
    rows = []
    for told in found:
        rows.append(line_of(told, ""))
        rows += [line_of(told, unit) for unit in told.units if len(told.units) > 1]
    columns = [{"label": "机关、机构"}, {"label": "已公开", "num": True}, {"label": "还没有公开的类别"}]
    empty = {"title": "没有要核对的机关"}
    return {"caption": "事前公开的完整度", "columns": columns, "rows": rows, "empty": empty}


def line_of(told: Told, unit: str) -> dict[str, Any]:
    """How complete one agency's catalogue is, or one unit's."""
    lacking, all_of = missing_of(told, unit), len(categories_of(told, unit))
    name = {"text": unit, "sub": told.organ.name} if unit else {"text": told.organ.name, "strong": True}
    if not unit:
        name["href"] = reverse("agency", args=[told.organ.pk])
    badge = {"tone": "amber", "label": "不完整"} if lacking else {"tone": "green", "label": "完整"}
    meter = {"text": f"{all_of - len(lacking)}/{all_of}", "badge": badge}
    return {"cells": [name, meter, {"text": "、".join(lacking) or "—"}]}


def notices_of(found: list[Told], on: date) -> list[dict[str, Any]]:
    """What is owed beside the categories, duty by duty."""
    charts = [one for told in found for one in missing(told)]
    staff = staffed([told.organ.pk for told in found], on)
    ends = roster.ending(on, [told.organ.pk for told in found])
    return [
        notice("快到期的执法证件", [ending_line(one) for one in ends]),
        notice("还没有公布的流程图", [chart_line(one, on) for one in charts if not one.stale]),
        notice("程序已有变化、要重新公布的流程图", [chart_line(one, on) for one in charts if one.stale]),
        notice("没有服务指南的事项", named(found, guides.unguided)),
        notice("所属类别没有流程图的事项", named(found, guides.uncharted)),
        notice(
            "不合要求的窗口", [line for told in found for line in window_lines(told, staff[told.organ.pk])]
        ),
    ]


def ending_line(one: roster.Ending) -> str:
    """One certificate that ends soon."""
    left = f"还有 {one.left} 天" if one.left else "今天到期"
    return f"{one.within}日内：{one.agency}{one.name}（{one.number}）{one.what}到{cn_day(one.last)}，{left}"


def named(found: Iterable[Told], asked: Callable[[Told], list[str]]) -> list[str]:
    """What each agency lacks by name, a line an agency."""
    return [f"{told.organ.name}：{'、'.join(names)}" for told in found if (names := asked(told))]


def staffed(agencies: list[UUID], on: date) -> dict[UUID, frozenset[str]]:
    """Who holds a post in each of these agencies that day, by name. One query."""
    posts = Post.objects.filter(in_force(on), agency__in=agencies, person__active=True)
    names: dict[UUID, set[str]] = {key: set() for key in agencies}
    for agency, name in posts.values_list("agency", "person__name"):
        names[agency].add(name)
    return {key: frozenset(some) for key, some in names.items()}


def window_lines(told: Told, staff: frozenset[str]) -> list[str]:
    """The windows of one agency whose sign lacks something, or names somebody who is not there; that there is none at all."""
    lines = [f"{one.agency}{one.title}：没有{'、'.join(one.lacking)}" for one in windows.lacking(told)]
    gone = [f"{one.agency}{one.title}：牌上的人不在本机关的岗位上" for one in windows.strangers(told, staff)]
    return lines + gone


def notice(title: str, lines: list[str], tone: str = "amber") -> dict[str, Any]:
    """One box; the page leaves out what has no lines."""
    return {"title": title, "tone": tone, "lines": lines}


def chart_line(one: Missing, on: date) -> str:
    """One chart that is owed, and since when it is overdue."""
    due = ""
    if one.due is not None:
        due = f"，应当在{cn_day(one.due)}之前公布" + ("，已经超期" if one.due < on else "")
    return f"{one.agency}{one.unit}：{one.label}{due}（{one.citation}）"
