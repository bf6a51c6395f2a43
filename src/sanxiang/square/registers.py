"""One register of an agency as anybody may read it: the release in force on a day, page by page, its versions, what differs.

Of a list that was taken down the notice with day and reason, 410.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.law.forms import Unreadable, parse_day
from sanxiang.law.registers.compare import Differences, differences
from sanxiang.law.registers.kinds import NAMED, PUBLIC
from sanxiang.people.models import Agency
from sanxiang.registers.aggregate import told_rows
from sanxiang.registers.before.told import Told
from sanxiang.registers.models import Register, Release
from sanxiang.registers.releases import begun_openly, taken_down, two_of
from sanxiang.square.page import beyond, page, page_number, pager, public

PER_PAGE = 100


@public
def register(request: HttpRequest, identity: UUID, kind: str) -> HttpResponse:
    """The release in force today, or on the day asked about."""
    organ = get_object_or_404(Agency, pk=identity, active=True)
    number, (day, error) = page_number(request.GET.get("page", "")), day_asked(request)
    if kind not in PUBLIC or number is None:
        raise Http404
    found = begun_openly(day).filter(register__agency=organ, register__kind=kind).first()
    versions, gone = versions_of(organ, kind), taken_down(organ, kind, day)
    if not versions:
        raise Http404
    address = reverse("agency-register", args=[organ.pk, kind])
    context = {
        "section": "agencies", "agency": organ, "release": found, "about": about_of(found),
        "gone": notice_of(gone) if gone else None,
        "label": versions[0].register.label,
        "day": day_field(request.GET.get("on") if error else day, error),
        "errors": [{"text": error, "href": "#id_on"}] if error else [],
        "table": table_of(found, day, number, address) if found and not gone and not error else None,
        "versions": version_lines(versions, address),
        "changes_href": f"{address}changes/" if len(versions) > 1 else "",
    }  # fmt: skip
    answer = page(request, "square/register.html", context, status=422 if error else 410 if gone else 200)
    return unlisted(answer, kind) if found != versions[0] else answer


def about_of(found: Release | None) -> list[dict[str, str]]:
    """What a rule document says of itself; nothing of a list."""
    told, names = (
        (found.told if found else None) or {},
        {"title": "名称", "owner": "责任单位", "basis": "制定依据"},
    )
    return [{"label": label, "value": str(told[name])} for name, label in names.items() if told.get(name)]


def notice_of(gone: Release) -> dict[str, str]:
    """What stands in place of a list that was taken down."""
    text = f"{cn_date(gone.in_force_from)}起撤下。理由：{gone.note}"
    return {"tone": "amber", "title": f"{gone.register.label}已经撤下", "text": text}


def in_place(told: Told, kind: str) -> dict[str, str] | None:
    """The same on the page of its own that a kind of list has; None where there is a list, or never was one."""
    gone = None if kind in told.releases else taken_down(told.organ, kind, told.today)
    return notice_of(gone) if gone else None


def unlisted(answer: HttpResponse, kind: str) -> HttpResponse:
    """No search engine keeps who stood on a list of the past by name."""
    if kind in NAMED:
        answer["X-Robots-Tag"] = "noindex"
    return answer


def day_asked(request: HttpRequest) -> tuple[date, str]:
    """The day of the address, and what is wrong with it where it cannot be read; then the day is today's."""
    told, today = request.GET.get("on", ""), timezone.localdate()
    if not told:
        return today, ""
    try:
        return min(date.fromisoformat(parse_day(told)), today), ""
    except Unreadable as unreadable:
        return today, str(unreadable)


def day_field(value: date | str | None, error: str) -> dict[str, Any]:
    """The day as a form field, as it was typed where it cannot be read."""
    field = {"kind": "date", "name": "on", "label": "看哪一天有效的版本", "value": value, "required": True}
    return {**field, "error": error}


def versions_of(organ: Agency, kind: str) -> list[Release]:
    """Every version that has begun, the newest first."""
    told: QuerySet[Release] = begun_openly(timezone.localdate())
    return list(told.filter(register__agency=organ, register__kind=kind).defer("rows"))


def version_lines(versions: list[Release], address: str) -> list[dict[str, str]]:
    """Each version in words, with what it changed; or that the list was taken down by it. One query."""
    keys = [one.pk for one in versions]
    ends = set(Release.objects.filter(pk__in=keys, rows=[]).values_list("version", flat=True))
    return [
        {
            "text": f"第{one.version}版，{cn_date(one.in_force_from)}起{'撤下' if one.version in ends else '施行'}",
            "href": f"{address}?on={one.in_force_from.isoformat()}",
            "note": one.note,
        }
        for one in versions
    ]


def table_of(release: Release, day: date, number: int, address: str) -> dict[str, Any]:
    """The rows in force on the day."""
    rows = told_rows(release, day)
    names = list(dict.fromkeys(key for row in rows for key in row))
    total, begin = len(rows), (number - 1) * PER_PAGE
    shown = rows[begin : begin + PER_PAGE]
    asked = {} if day == timezone.localdate() else {"on": day.isoformat()}
    return {
        "caption": release.register.label,
        "columns": [{"label": str(name)} for name in names],
        "rows": [{"cells": [{"text": str(row.get(name, ""))} for name in names]} for row in shown],
        "total": f"{total:,}",
        "pager": pager(address, asked, number, PER_PAGE, total, len(shown)) if total > PER_PAGE else None,
        "empty": beyond(address, asked, number, PER_PAGE, total)
        or {"title": "这份清单是空的", "text": "机关没有在这一版里列出内容。"},
    }


@public
def changes(request: HttpRequest, identity: UUID, kind: str) -> HttpResponse:
    """What differs between two versions."""
    organ = get_object_or_404(Agency, pk=identity, active=True)
    found = Register.objects.filter(agency=organ, kind=kind).first()
    if kind not in PUBLIC or found is None:
        raise Http404
    asked = (request.GET.get("from", ""), request.GET.get("to", ""))
    first, last = two_of(found, *asked, on=timezone.localdate())
    if last is None:
        raise Http404
    gone = last if nothing_left(found, last) else None
    between = differences(kind, first.rows if first else (), last.rows)
    context = {
        "section": "agencies",
        "agency": organ,
        "gone": notice_of(gone) if gone else None,
        "label": found.label,
        "address": reverse("agency-register", args=[organ.pk, kind]),
        "first": first,
        "last": last,
        "between": between,
        "table": changes_table(between),
    }
    return unlisted(page(request, "square/register_changes.html", context, status=410 if gone else 200), kind)


def nothing_left(register: Register, last: Release) -> bool:
    """Is this the notice itself, with nothing before it that anybody may read?"""
    return last.version == (register.closed_through or -1) + 1


def changes_table(between: Differences) -> dict[str, Any]:
    """Added, removed, changed: one line each."""
    lines = [("新增", "green", name, "") for name in between.added]
    lines += [("删除", "red", name, "") for name in between.removed]
    lines += [
        ("修改", "amber", one.entry, f"{one.column}：{one.before or '（空）'} → {one.after or '（空）'}")
        for one in between.changed
    ]
    rows = [
        {"cells": [{"text": "", "badge": {"tone": tone, "label": word}}, {"text": name}, {"text": text}]}
        for word, tone, name, text in lines
    ]
    columns = [{"label": label} for label in ("变化", "条目", "前后")]
    empty = {"title": "没有变化", "text": "两个版本的内容相同。"}
    return {"caption": "变化", "columns": columns, "rows": rows, "total": len(rows), "empty": empty}
