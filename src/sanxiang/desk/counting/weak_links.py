"""薄弱环节 and 改进任务: where the figures fall short by unit, the largest gap first, and what was undertaken about it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.counting.figures import chips, evaluated, times
from sanxiang.desk.counting.figures_asked import NOBODY, Asked, Sight, asked_of, sight_of, wanted
from sanxiang.desk.counting.figures_tables import Names, names_of, plain, unit_label
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.law.rules import Value
from sanxiang.oversight.figures import sums
from sanxiang.oversight.figures.counting import count_changed
from sanxiang.oversight.weak.improvements import CLOSE, OPEN, REPORT, Improvement, improvements_in
from sanxiang.oversight.weak.links import EVALUATION, LABELS, LEAST, Link, Rule, links, rule_of
from sanxiang.people.models import Agency

HERE = "/desk/weak-links/"
TASKS = "/desk/improvements/"
UNSET = "未设界限"


@require_GET
def weak_links(request: HttpRequest) -> HttpResponseBase:
    """The list; as a table to take away with ?format=csv."""
    visitor = visitor_of(request)
    asked, sight = asked_of(request.GET, visitor.on), sight_of(visitor)
    left = count_changed(sight.cases())
    rows = sight.rows().filter(wanted(asked))
    cells = sums.cube(rows, visitor.on)
    names, rules = names_of(cells), rules_for({agency for agency, *_ in cells})
    found = links(cells, evaluated(visitor, rows), rows, rules)
    undertaken = improvements_in(visitor.agencies)
    table = table_of(found, names, asked, openers(visitor), undertaken)
    if request.GET.get("format") == "csv":
        return away(table, asked)
    context = {
        "asked": asked,
        "chips": chips(asked),
        "times": [one | {"href": one["href"].replace("/desk/figures/", HERE)} for one in times(asked)],
        "table": table,
        "rules": rule_tables(rules, names),
        "csv_href": f"{asked.href(HERE)}&format=csv",
        "left": left,
        "scope": sight.words,
    }
    return page(request, visitor, "desk/weak_links.html", context, section="cases")


def rules_for(agencies: set[UUID]) -> dict[UUID, Rule]:
    """What the locality of each agency says of weak links. One query."""
    told = Agency.objects.filter(pk__in=agencies).values_list("pk", "locality")
    return {key: rule_of(locality) for key, locality in told}


def openers(visitor: Visitor) -> frozenset[UUID]:
    """The agencies in which the visitor may make a weak link somebody's task."""
    return visitor.agencies_as(ACTS[OPEN].by)


def table_of(
    found: list[Link], names: Names, asked: Asked, may: frozenset[UUID], undertaken: list[Improvement]
) -> dict[str, Any]:
    """One line a weak link, with what is lacking most and what is being done."""
    several = len(names.agencies) > 1
    running = {(one.agency, one.unit, one.measure, one.item): one for one in undertaken if not one.closed_on}
    rows = []
    for place, one in enumerate(found, 1):
        unit = names.units.get(one.unit, "") if one.unit else ""
        task = running.get((one.agency, unit, one.measure, one.item))
        rows.append(
            {
                "cells": [
                    {"text": str(place)},
                    {
                        "text": one.label,
                        "strong": True,
                        "sub": "、".join(f"{item} {n}" for item, n in one.most),
                    },
                    {"text": unit_label(names, (one.agency, one.unit), several)},
                    {
                        "text": f"{one.share:.1f}%",
                        "sub": f"{one.fails}/{one.whole}",
                        "href": behind(one, asked),
                    },
                    tolerated_cell(one),
                    step_of(one, unit, task, may),
                ]
            }
        )
    heads = ("位次", "薄弱环节", "机构", "缺口", "界限", "改进")
    text = "统计的各项没有缺口，或者缺口没有超过本地设定的界限。"
    return {
        "caption": "缺口大的在前",
        "columns": [{"label": x, "num": x == "位次"} for x in heads],
        "rows": rows,
        "total": len(rows),
        "empty": {"title": "没有薄弱环节", "text": text},
    }


def behind(one: Link, asked: Asked) -> str:
    """The cases behind the gap."""
    place = {"agency": str(one.agency), "unit": str(one.unit or NOBODY)}
    return asked.behind("flaw" if one.measure == EVALUATION else one.measure, one.item, **place)


def tolerated_cell(one: Link) -> dict[str, Any]:
    """What the locality tolerates, and how far beyond it is; where nobody set a limit there is nothing to be beyond."""
    if one.tolerated is None:
        return {"text": UNSET, "sub": "有缺口就列出"}
    return {"text": f"{one.tolerated}%", "sub": f"超出 {one.gap:.1f} 个百分点"}


def step_of(one: Link, unit: str, task: Improvement | None, may: frozenset[UUID]) -> dict[str, Any]:
    """The task that runs already, or where one is opened."""
    if task:
        return {"text": task.number, "href": f"{TASKS}#{task.number}", "sub": f"{cn_date(task.due)}前完成"}
    if one.agency not in may:
        return {"text": "没有改进任务"}
    finding = f"{unit or '本机关'}{one.label}：{one.whole} 中有 {one.fails} 不合要求，占 {one.share:.1f}%。"
    finding += f"最多的是{'、'.join(f'{item}（{n}）' for item, n in one.most)}。" if one.most else ""
    told = {"agency": one.agency, "measure": one.measure, "item": one.item, "finding": finding}
    told |= {"unit": one.unit, "owner_unit": one.unit} if one.unit else {}
    return {"text": "确立改进任务", "href": f"/desk/admin/acts/{OPEN}/?{urlencode(told)}"}


def rule_tables(rules: Mapping[UUID, Rule], names: Names) -> list[dict[str, Any]]:
    """By agency, from which share on something is a weak link, and who said so."""
    found = []
    for key, rule in rules.items():
        told = [(LABELS[name], rule.values[f"weak.{name}"], "%") for name in LABELS]
        told.append(("分母至少", rule.values[LEAST], ""))
        rows = [
            {
                "cells": [
                    {"text": label},
                    {"text": f"超过 {value.value}%" if unit else str(value.value)} if value.is_set else {"text": UNSET},
                    {"text": source_of(value), "sub": value.note},
                ]
            }
            for label, value, unit in told
        ]  # fmt: skip
        columns = [{"label": x} for x in ("缺口", "界限", "出处")]
        found.append({"caption": f"{names.agencies[key]}的界限", "columns": columns, "rows": rows})
    return found


def source_of(value: Value) -> str:
    """Who set a limit; that nobody did is said too."""
    if not value.is_set:
        return "方案没有规定，本机关也没有设定"
    return "本机关设定" if value.provenance == "operator" else "方案原文"


def away(table: Mapping[str, Any], asked: Asked) -> HttpResponseBase:
    """The list as csv."""
    head, rows = plain(table)
    answer = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="weak-links-{asked.year}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


# Improvements


@require_GET
def improvements(request: HttpRequest) -> HttpResponse:
    """The tasks in sight, open ones first; what was told of each, and the figures of the first and the last day."""
    visitor = visitor_of(request)
    sight = sight_of(visitor)
    found = [one for one in improvements_in(visitor.agencies) if sight_covers(sight, visitor, one)]
    names = dict(Agency.objects.filter(pk__in=visitor.agencies).values_list("pk", "name"))
    late = sum(one.overdue(visitor.on) for one in found)
    running = sum(one.closed_on is None for one in found)
    context = {
        "figures": [
            {"label": "正在改进", "value": running, "unit": "项"},
            {"label": "已超期", "value": late, "unit": "项", "state": "red" if late else "calm"},
            {"label": "已销号", "value": len(found) - running, "unit": "项"},
        ],
        "tasks": [drawn(one, visitor, names if len(names) > 1 else {}) for one in found],
        "may": bool(openers(visitor)),
    }
    return page(request, visitor, "desk/improvements.html", context, section="tasks")


def sight_covers(sight: Sight, visitor: Visitor, one: Improvement) -> bool:
    """Overseers see the tasks of their agencies, everybody else those that name them or their unit."""
    units = {post.unit.name for post in visitor.posts if post.unit and post.agency_id == one.agency}
    return one.agency in sight.agencies or one.owner_id == str(visitor.person.pk) or one.owner_unit in units


def drawn(one: Improvement, visitor: Visitor, names: Mapping[UUID, str]) -> dict[str, Any]:
    """One task as the page draws it, with the acts that the visitor may take."""
    held = {name for name in (REPORT, CLOSE) if one.agency in visitor.agencies_as(ACTS[name].by)}
    query = urlencode({"agency": one.agency, "improvement": one.number})
    badge = (
        ("green", "已销号")
        if one.closed_on
        else ("red", "已超期")
        if one.overdue(visitor.on)
        else ("amber", "正在改进")
    )
    return {
        "one": one,
        "agency": names.get(one.agency, ""),
        "tone": badge[0],
        "state": badge[1],
        "acts": [
            {"label": ACTS[name].label, "href": f"/desk/admin/acts/{name}/?{query}"}
            for name in (REPORT, CLOSE)
            if name in held and not one.closed_on
        ],
    }  # fmt: skip
