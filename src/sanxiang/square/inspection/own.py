"""入企检查查询: what an enterprise may know of the inspections that it had this year, its rating, and the way to complain."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.door.intake import NotTaken
from sanxiang.door.intake.inspected import MARKS, Inspected, inspected, rate
from sanxiang.people.proxies import source
from sanxiang.square.asking.proved import fields_of, typed_in
from sanxiang.square.asking.strangers import unseen
from sanxiang.square.page import address, page

FIELDS = (
    ("code", "检查案件查询码", "检查机关告知的；每一次检查有自己的查询码"),
    ("id_number", "统一社会信用代码", "您单位的代码；个人填登记的证件号码"),
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("id_number")
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """The form; sent, the inspections of the year, and the rating where one was given."""
    typed = typed_in(request, FIELDS)
    fields = fields_of(typed, FIELDS)
    context: dict[str, Any] = {"section": "inspection", "fields": fields, "typed": typed}
    wrong: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            if "marks" in request.POST:
                rate(typed["code"], typed["id_number"], source(request), request.POST["marks"])
                context["rated"] = True
            context |= shown(inspected(typed["code"], typed["id_number"], source(request)))
        except NotTaken as refused:
            wrong = refused.args
    context["errors"] = [{"text": str(text), "href": "#id_code"} for text in wrong]
    return unseen(page(request, "square/inspection_own.html", context, status=422 if wrong else 200), request)


def shown(found: Inspected) -> dict[str, Any]:
    """The list, how many count, and what can be said of the one whose code was given."""
    rows = [
        {
            "cells": [
                {"text": one.number, "strong": one.case == found.here.case},
                {"text": one.agency_name},
                {"text": one.item},
                {"text": one.origin, "sub": "计入年度频次" if one.counted else "不计入年度频次"},
                {"text": cn_date(one.on) or "—"},
                {"text": one.result or one.state},
                {"links": [{"text": "投诉", "href": complaint(str(one.agency))}]},
            ]
        }
        for one in found.rows
    ]
    columns = [{"label": x} for x in ("检查", "机关", "事项", "来源", "批准日期", "结果", "投诉")]
    table = {
        "caption": f"{found.year}年对{found.party}的检查",
        "columns": columns,
        "rows": rows,
        "total": len(rows),
    }
    return {
        "table": table,
        "counted": sum(one.counted for one in found.rows),
        "here": found.here,
        "may_rate": found.may_rate,
        "why_not": found.told,
        "marks": [{"value": value, "label": label} for value, label in MARKS.items()],
    }


def complaint(agency: str) -> str:
    """One tap: the form of complaints with the agency filled in."""
    return address(reverse("voices"), {"about": "agency", "key": agency, "kind": "complaint"})
