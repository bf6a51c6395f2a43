"""The four products that each agency publishes on its own page: items, items for chance inspections, charts, guides; who lacks which."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sanxiang.people.models import Agency
from sanxiang.registers.before.categories import categories_of, missing_of
from sanxiang.registers.before.told import Told, told_by
from sanxiang.square.before.catalogue import ABOVE, PRODUCTS, product_of
from sanxiang.square.page import page, public


@public
def products(request: HttpRequest) -> HttpResponse:
    """The matrix of agencies and products, with each agency's meter. A fixed number of queries."""
    organs = Agency.objects.filter(active=True).exclude(kind__in=ABOVE).order_by("name")
    told = told_by(organs, timezone.localdate())
    columns = [{"label": name} for name in ("机关", *PRODUCTS.values())] + [
        {"label": "事前公开", "num": True}
    ]
    table = {
        "caption": "各机关公开的清单、流程图和服务指南",
        "columns": columns,
        "rows": [{"cells": cells_of(one)} for one in told],
        "empty": {"title": "还没有登记执法主体"},
    }
    return page(request, "square/products.html", {"section": "agencies", "table": table})


def cells_of(told: Told) -> list[dict[str, Any]]:
    """One agency: a red cell for what it has not published."""
    found = [product_of(told, kind) for kind in PRODUCTS]
    cells = [
        {"text": "看内容" if one["href"] else "", "href": one["href"], "badge": one["badge"]} for one in found
    ]
    all_of = len(categories_of(told))
    name = {"text": told.organ.name, "href": reverse("agency", args=[told.organ.pk]), "strong": True}
    return [name, *cells, {"text": f"{all_of - len(missing_of(told))}/{all_of}"}]
