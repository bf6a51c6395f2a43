"""What programs read: open data as csv and JSON, the map for search engines. Only what is published now."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.disclosure import bulk, published
from sanxiang.cases.disclosure.published import ACT_TYPES, ORIGINS, PARTY_TYPES
from sanxiang.cases.models import Publication
from sanxiang.cases.search import asking
from sanxiang.exchange.flags import label
from sanxiang.square import asked
from sanxiang.square.decisions import organs
from sanxiang.square.mapped import addresses
from sanxiang.square.page import FRESH, page, public, refused

MAP = 40_000
"""A map holds at most 50,000 addresses (sitemaps.org); beyond this many it becomes an index of maps."""


def csv_lines(rows: Iterable[Publication]) -> Iterator[str]:
    """The table line by line."""
    return lines(published.COLUMNS.values(), map(cells, rows))


def cells(row: Publication) -> list[Any]:
    """One decision as a line of the table, with Chinese words under the Chinese headings; codes stand in the JSON."""
    values = published.record(row)
    values["act_type"] = ACT_TYPES.get(row.act_type, row.act_type)
    values["party_type"] = PARTY_TYPES.get(row.party_type, row.party_type)
    values["origin"] = ORIGINS.get(published.origin_of(row), row.origin)
    values["flags"] = "；".join(label(flag) for flag in row.flags)
    return list(values.values())


def json_lines(rows: Iterable[Publication]) -> Iterator[str]:
    """One object; the total stands at the end, where it is what was given out."""
    yield '{"decisions": ['
    total = 0
    for row in rows:
        yield ("," if total else "") + "\n" + json.dumps(published.record(row), ensure_ascii=False)
        total += 1
    yield f'\n], "total": {total}}}\n'


WAYS = {
    "bulk": ("全部决定和变动，整批文件（zip）", "表格、逐行 JSON、撤回等变动、各文件的校验值；定时重新生成"),
    "bulk-told": ("整批文件的说明（JSON）", "生成时间、条数、SHA-256 和 SM3 校验值、接着取变动的 cursor"),
    "decisions-csv": ("全部决定，表格（CSV）", "UTF-8，首行是字段名称；用表格软件可以直接打开"),
    "decisions-json": ("全部决定，数据（JSON）", "末尾的 total 是给出的条数"),
    "feed": ("最新决定，订阅（Atom）", "最新 50 条"),
    "feed-rss": ("最新决定，订阅（RSS）", "最新 50 条"),
    "feed-withdrawn": ("撤回公告，订阅（Atom）", "日期和理由，不含正文"),
    "feed-changes": ("变动，订阅（Atom）", "撤回、公开期满、信用修复和更正，不含正文"),
    "column-json": ("专栏数据（JSON）", "其他网站的脚本可以直接读取"),
}
API = {
    "/api/v1/public/decisions": ("接口：查询决定", "按 cursor 翻页，新增的不会错开已取的页"),
    "/api/v1/public/changes": (
        "接口：变动",
        "按账本顺序列出撤回、公开期满、信用修复和更正，凭 cursor 接着取",
    ),
    "/api/v1/docs": ("接口说明", "全部地址、参数和应答的格式"),
}
LICENCE = (
    "数据来自行政机关依法公开的执法决定，可以免费复制、转载和开发利用。使用时请注明来源和取用日期，不得改变原意，"
    "不得用于识别已经隐去身份的个人。本平台的文本与送达当事人的决定书不一致的，以决定书为准。"
)


@public
def about(request: HttpRequest) -> HttpResponse:
    """What there is to take, in which forms, with which fields, and what is asked of whoever takes it."""
    here, newest = request.build_absolute_uri(reverse("column")), bulk.newest()
    context = {
        "total": f"{asking.count(asking.Query()):,}",
        "ways": ways(),
        "fields": fields(),
        "bulk": newest,
        "total_in_bulk": f"{newest.total:,}" if newest else "",
        "licence": settings.LICENCE or LICENCE,
        "snippet": f'<iframe src="{here}?agency=机关名称&limit=8" title="行政执法公示"></iframe>',
    }
    return page(request, "square/open_data.html", context)


def ways() -> dict[str, Any]:
    """Every address at which the data can be taken."""
    found = [(reverse(name), *told) for name, told in WAYS.items()]
    found += [(path, *told) for path, told in API.items()]
    rows = [
        {"cells": [{"text": label, "href": path}, {"text": path}, {"text": note}]}
        for path, label, note in found
    ]
    return {
        "caption": "可以取用的数据",
        "columns": [{"label": one} for one in ("内容", "地址", "说明")],
        "rows": rows,
    }


def fields() -> dict[str, Any]:
    """What the columns are called in the table and in the data."""
    rows = [{"cells": [{"text": label}, {"text": name}]} for name, label in published.COLUMNS.items()]
    columns = [{"label": one} for one in ("表格里的名称", "数据里的名称")]
    return {"caption": "每条决定的字段", "columns": columns, "rows": rows}


@public
def decisions_csv(request: HttpRequest) -> HttpResponseBase:
    """All published decisions, or those that the filters of the list leave."""
    return _all(request, csv_lines, "text/csv; charset=utf-8", "decisions.csv")


@public
def decisions_json(request: HttpRequest) -> HttpResponseBase:
    """The same as JSON."""
    return _all(request, json_lines, "application/json; charset=utf-8", "decisions.json")


def _all(request: HttpRequest, drawn: Any, kind: str, name: str) -> HttpResponseBase:
    question = asked.read(request.GET, organs())
    if question.errors:
        return refused(question.summary)
    response = StreamingHttpResponse(drawn(asking.stream(question.query)), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = FRESH
    return response


@public
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every address worth finding; with very many decisions an index of maps."""
    parts = _parts()
    if len(parts) > 1:
        maps = [request.build_absolute_uri(reverse("sitemap-part", args=[part])) for part in parts]
        return _xml(render(request, "square/sitemap_index.xml", {"maps": maps}))
    return _map(request, 1)


@public
def sitemap_part(request: HttpRequest, part: int) -> HttpResponseBase:
    """One of several maps."""
    if part not in _parts():
        raise Http404(part)
    return _map(request, part)


def _parts() -> range:
    """The numbers of the maps that there are."""
    return range(1, max(1, -(-asking.count(asking.Query()) // MAP)) + 1)


def _map(request: HttpRequest, part: int) -> HttpResponseBase:
    rows = (
        Publication.objects.filter(status="published")
        .order_by("-sort_on", "-id")
        .values_list("pk", "published_on")
    )
    places = [
        (request.build_absolute_uri(reverse("decision", args=[key])), day)
        for key, day in rows[(part - 1) * MAP : part * MAP]
    ]
    if part == 1:
        fixed = addresses(timezone.localdate())
        places = [(request.build_absolute_uri(path), None) for path in fixed] + places
    return _xml(render(request, "square/sitemap.xml", {"places": places}))


def _xml(response: HttpResponse) -> HttpResponse:
    response["Content-Type"] = "application/xml; charset=utf-8"
    response["Cache-Control"] = FRESH
    return response


@public
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the portal, but neither the desk nor every combination of filters."""
    lines = (
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /api/",
        "Disallow: /decisions/?",
        "Disallow: /letters/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
