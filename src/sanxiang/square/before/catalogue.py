"""事前公开 on an agency's page: what it must tell before it enforces, category by category, and what it has not told.

A category without content is shown as such: the public may know what is owed to it.
"""

from typing import Any

from django.urls import reverse

from sanxiang.law.registers.kinds import PUBLIC
from sanxiang.people.models import Agency
from sanxiang.registers.before.categories import Category, categories_of, subject_fields
from sanxiang.registers.before.told import Told
from sanxiang.speech import cn_day
from sanxiang.square.on_request import channel_of

ABOVE = (Agency.Kind.GOVERNMENT, Agency.Kind.SUPERVISOR)
"""Who stands above those that enforce."""

UNTOLD = "没有填报"
ON_REQUEST = "依申请公开"
OWN_PAGES = {"flowchart": "agency-charts", "guide": "agency-guides", "window": "agency-windows"}
"""Registers that have a page of their own kind, by the name of its address."""


def enforces(organ: Agency, decisions: int) -> bool:
    """Does this organ enforce? Governments and those who supervise only where decisions of their own are public."""
    return (organ.kind not in ABOVE and not organ.is_supervisor) or decisions > 0


def subject_of(told: Told, owed: bool = True) -> list[dict[str, Any]]:
    """主体资格 as rows; what is missing says so where it is owed."""
    untold = {"value": "", "badge": {"tone": "amber", "label": UNTOLD}}
    return [
        {"label": name, **({"value": value} if value else untold)}
        for name, value in subject_fields(told)
        if value or owed
    ]


def scheme_of(told: Told) -> dict[str, str]:
    """The scheme under which the agency works, by title; given on request it is never more than that and the way to ask."""
    identity = told.pack.manifest.get("identity", {}) if told.pack else {}
    if identity.get("disclosure_attribute") != ON_REQUEST or told.pack is None:
        return {}
    instrument = next((i for i in told.pack.instruments.values() if i.kind == "scheme"), None)
    title = instrument.name if instrument else told.pack.name
    return {"title": title, "number": str(identity.get("doc_no") or ""), "channel": channel_of(told.organ)}


def register_href(organ: Agency, kind: str) -> str:
    """The page of one register of an agency."""
    if kind in OWN_PAGES:
        return reverse(OWN_PAGES[kind], args=[organ.pk])
    return reverse("agency-register", args=[organ.pk, kind])


def href_of(organ: Agency, one: Category) -> str:
    """Where a category is told."""
    kind = one.where.removeprefix("register:")
    return register_href(organ, kind) if kind != one.where else one.where


def catalogue_of(told: Told) -> dict[str, Any]:
    """The catalogue as a table."""
    rows = []
    found = categories_of(told)
    for one in found:
        badge = {"tone": "green", "label": "已公开"} if one.text else {"tone": "amber", "label": UNTOLD}
        text = one.text or (f"还缺：{'、'.join(one.lacking)}" if one.lacking else "—")
        cell = {"text": text, "href": href_of(told.organ, one) if one.text or one.lacking else ""}
        rows.append({"cells": [{"text": one.label, "strong": True}, cell, {"text": "", "badge": badge}]})
    columns = [{"label": name} for name in ("类别", "内容", "情况")]
    told_of = sum(1 for one in found if one.text)
    return {"caption": "事前公开", "columns": columns, "rows": rows, "meter": f"{told_of}/{len(found)}"}


def entrustments_table(told: Told) -> dict[str, Any] | None:
    """Who enforces in whose name, by which agreement, until when."""
    rows = [
        {
            "cells": [
                {"text": row.agency.name},
                {"text": body.name if (body := row.body or row.unit) else "—"},
                {"text": "、".join(map(str, row.items)) or "—"},
                {"text": row.agreement_number},
                {
                    "text": f"{cn_day(row.valid_from)}起"
                    + (f"至{cn_day(row.valid_until)}" if row.valid_until else "")
                },
            ]
        }
        for row in told.entrustments
    ]
    columns = [{"label": name} for name in ("委托机关", "受委托组织", "委托事项", "委托协议", "期限")]
    return {"caption": "委托执法", "columns": columns, "rows": rows} if rows else None


def granted_table(told: Told) -> dict[str, Any] | None:
    """What the province gave to a town or sub-district."""
    rows = [
        {
            "cells": [
                {"text": row.item_code},
                {"text": row.label},
                {"text": row.basis},
                {"text": f"{cn_day(row.valid_from)}起"},
            ]
        }
        for row in told.granted
    ]
    columns = [{"label": name} for name in ("事项编码", "事项名称", "赋权依据", "施行")]
    return {"caption": "赋权事项", "columns": columns, "rows": rows} if rows else None


def other_registers(told: Told) -> list[dict[str, str]]:
    """Doors to every public register in force."""
    return [
        {
            "label": release.register.label,
            "href": register_href(told.organ, kind),
            "text": f"{len(release.rows)}项，{cn_day(release.in_force_from)}起施行",
        }
        for kind, release in sorted(told.releases.items(), key=lambda one: PUBLIC.index(one[0]))
    ]


PRODUCTS = {
    "items": "事项清单",
    "random-items": "随机抽查清单",
    "flowchart": "程序流程图",
    "guide": "服务指南",
}
"""What each agency publishes on its own page, by the register's kind."""


def product_of(told: Told, kind: str) -> dict[str, Any]:
    """One product of an agency: where it stands and since when, or that it is not published."""
    release = told.releases.get(kind)
    if release is None:
        badge = {"tone": "red", "label": "没有公开"}
        return {"label": PRODUCTS[kind], "href": "", "text": "", "badge": badge}
    text = f"{release.register.label}，第{release.version}版，{cn_day(release.in_force_from)}起施行"
    badge = {"tone": "green", "label": "已公开"}
    return {"label": PRODUCTS[kind], "href": register_href(told.organ, kind), "text": text, "badge": badge}


def products_of(told: Told) -> list[dict[str, Any]]:
    """The four products."""
    return [product_of(told, kind) for kind in PRODUCTS]
