"""What lists there are, what waits in them, what was in force on a day, and each release as it was issued."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.admin.place import roles_over
from sanxiang.desk.registers import queue
from sanxiang.desk.registers.drawn import rows_shown
from sanxiang.desk.who import page, visitor_of
from sanxiang.door.administer import ACTS
from sanxiang.door.registers import catalogue, own_rules
from sanxiang.law.forms import Unreadable, parse_day
from sanxiang.law.own_rules import PREFIX
from sanxiang.people.models import Agency
from sanxiang.registers.models import Register, Release

RELEASERS = frozenset(ACTS["release-register"].by)
DRAFTERS = frozenset(ACTS["draft-register"].by)
OWNERS = frozenset(ACTS["record-law-change"].by)
RULERS = frozenset(ACTS["release-rule"].by)


@require_GET
def registers(request: HttpRequest) -> HttpResponse:
    """All registers in sight, with the release in force on the day asked about."""
    visitor = visitor_of(request)
    day, error = day_of(request.GET.get("on", ""), visitor.on)
    releases = Release.objects.defer("rows").order_by("-version")
    seen = visitor.agencies | visitor.administered
    rows = Register.objects.filter(agency__in=seen).select_related("agency")
    found = rows.prefetch_related(Prefetch("releases", releases)).order_by("agency__name", "label")
    many = len(seen) > 1
    context = {
        "table": table_of(found, day, many),
        "day": field_of(day, error),
        "home": visitor.home,
        "notices": wanting(visitor.agencies, day, many),
        "may_release": bool(RELEASERS & visitor.roles),
        "may_rule": bool(RULERS & visitor.roles),
        "may_draft": bool(DRAFTERS & visitor.roles),
        "may_record": bool(OWNERS & visitor.roles),
        "queue": queue.queue_of(visitor),
    }
    return page(
        request, visitor, "desk/registers.html", context, section="registers", status=422 if error else 200
    )


def wanting(seen: Iterable[UUID], day: date, many: bool) -> list[dict[str, Any]]:
    """What the catalogues and the rule documents of these agencies lack on the day."""
    agencies = list(Agency.objects.filter(pk__in=seen, active=True).order_by("name"))
    lists, rules = catalogue.gaps(agencies, day), own_rules.gaps(agencies, day)
    return [
        *notices_of(lists, many, ("没有落实的要求", "供参考")),
        *notices_of(rules, many, ("还没有施行的办法、制度", "办法、制度里还没有定的")),
    ]


def notices_of(gaps: list[catalogue.Gap], many: bool, titles: tuple[str, str]) -> list[dict[str, Any]]:
    """What is lacking: duties not done first, then what is worth knowing."""
    drawn = []
    for fault, title, tone in ((True, titles[0], "amber"), (False, titles[1], "info")):
        lines = [
            f"{gap.agency}：{gap.text}（{gap.citation}）" if many else f"{gap.text}（{gap.citation}）"
            for gap in gaps
            if gap.fault is fault
        ]
        drawn += [{"title": title, "tone": tone, "lines": lines}] if lines else []
    return drawn


def day_of(text: str, today: date) -> tuple[date, str]:
    """The day asked about; today, and why, when it cannot be read."""
    if not text:
        return today, ""
    try:
        return date.fromisoformat(parse_day(text)), ""
    except Unreadable as unreadable:
        return today, str(unreadable)


def field_of(day: date, error: str) -> dict[str, Any]:
    """The day as a form field."""
    return {
        "kind": "date",
        "name": "on",
        "label": "看哪一天有效的版本",
        "value": day,
        "error": error,
        "required": True,
    }


def table_of(found: Any, day: date, many: bool) -> dict[str, Any]:
    """One line a register."""
    rows = [{"cells": cells_of(register, day, many)} for register in found]
    labels = ["清单", "当日有效的版本", "全部版本", *(["机关"] if many else [])]
    empty = {
        "title": "还没有清单",
        "text": "事项、人员、音像记录事项、重大执法决定目录、裁量基准等清单，由系统管理员导入或者公布后在这里列出。",
        "actions": [{"label": "查看适用方案", "href": "/desk/scheme/"}],
    }
    return {
        "caption": "清单",
        "columns": [{"label": x} for x in labels],
        "rows": rows,
        "empty": empty,
        "total": len(rows),
    }


def cells_of(register: Register, day: date, many: bool) -> list[dict[str, Any]]:
    """Name, what is in force, how many versions."""
    releases = list(register.releases.all())
    ours = next((r for r in releases if r.in_force_from <= day), None)
    now = f"第{ours.version}版，{cn_date(ours.in_force_from)}起" if ours else "当日没有有效版本"
    return [
        {"text": register.label, "href": f"/desk/registers/{register.pk}/?on={day.isoformat()}"},
        {"text": now},
        {"text": f"{len(releases)}版"},
        *([{"text": register.agency.name}] if many else []),
    ]


@require_GET
def register(request: HttpRequest, register_id: UUID) -> HttpResponse:
    """One register: the rows in force on the day, and its releases."""
    visitor = visitor_of(request)
    found = get_object_or_404(
        Register.objects.select_related("agency"),
        pk=register_id,
        agency__in=visitor.agencies | visitor.administered,
    )
    day, error = day_of(request.GET.get("on", ""), visitor.on)
    releases = list(found.releases.defer("rows").order_by("-version"))
    ours = next((r for r in releases if r.in_force_from <= day), None)
    context = {
        "register": found,
        "day": field_of(day, error),
        "release": ours,
        "told": told_rows(ours),
        **renewing(found, roles_over(visitor).get(found.agency_id, frozenset())),
        "releases": releases,
        "table": rows_table(ours),
    }
    return page(
        request, visitor, "desk/register.html", context, section="registers", status=422 if error else 200
    )


def renewing(found: Register, held: frozenset[str]) -> dict[str, Any]:
    """By which act a register gets its next version, and whether these roles may take it."""
    act = "release-rule" if found.kind.startswith(PREFIX) else "release-register"
    drafts = act == "release-register" and bool(DRAFTERS & held)
    return {"act": act, "may_release": bool(frozenset(ACTS[act].by) & held), "may_draft": drafts}


TOLD = (("title", "名称"), ("owner", "责任单位"), ("basis", "制定依据"))


def told_rows(release: Release | None) -> list[dict[str, str]]:
    """What a rule document says of itself; nothing of a list."""
    told = (release.told if release else None) or {}
    return [{"label": label, "value": str(told[name])} for name, label in TOLD if told.get(name)]


def rows_table(release: Release | None) -> dict[str, Any]:
    """The rows as they were issued; columns in the order of the first row."""
    return rows_shown(release.rows if release else [], "内容")
