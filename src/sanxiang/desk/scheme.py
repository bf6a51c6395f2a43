"""The scheme that governs: its identity, its kinds of acts, every parameter with where it comes from and what binds."""

import re
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.law import href_of
from sanxiang.desk.scheme_words import said
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.pinned import current
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Parameter, Value
from sanxiang.law.worded import NOT_STATED, plain
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency

UNITS = {"working": "个工作日", "calendar": "日", "percent": "%", "yuan": "元"}
LEVELS = {
    "bureau": "县级部门",
    "district": "区政府",
    "county": "县政府",
    "national": "国家",
    "city": "市级",
    "province": "省级",
    "provincial-regulation": "省级地方性法规",
}
CODE = re.compile(r"[（(][a-z][a-z:-]+[）)]|\s?\b[a-z][a-z-]+\b")
"""The codes that a question names are for whoever writes packs."""
STRICT = {"max": "从短、从低", "min": "从长、从高", "all": "各项都"}


@require_GET
def scheme(request: HttpRequest) -> HttpResponse:
    """The whole scheme of the visitor's locality; who sees several agencies may ask for another's."""
    visitor = visitor_of(request)
    agency = agency_of(visitor, request.GET.get("agency", ""))
    pack = current(agency.locality)
    context = {
        "agency": agency,
        "pack": pack,
        "identity": identity_of(pack),
        "act_types": act_types_of(pack),
        "groups": groups_of(pack),
        "open": open_items(pack),
        "bases": bases_of(pack),
        "unset": sum(not pack.parameter(key).is_set for key in pack.parameters),
        "count": len(pack.parameters),
        "others": Agency.objects.filter(pk__in=visitor.agencies).exclude(locality="").order_by("name"),
    }
    return page(request, visitor, "desk/scheme.html", context, section="registers")


@require_GET
def phases(request: HttpRequest) -> HttpResponse:
    """The phases in which the scheme is to be carried out, with their days as printed; none where it has none."""
    visitor = visitor_of(request)
    agency = agency_of(visitor, request.GET.get("agency", ""))
    pack = current(agency.locality)
    context = {"agency": agency, "pack": pack, "phases": phases_of(pack)}
    return page(request, visitor, "desk/phases.html", context, section="registers")


def phases_of(pack: Pack) -> dict[str, Any]:
    """The phases as a table. A day that the scheme does not print is said to be not stated, never taken as overdue."""
    told = pack.parameter("phases")
    rows = [
        {
            "cells": [
                {"text": one["label"], "strong": True},
                {"text": cn_date(one["from"]) if "from" in one else NOT_STATED},
                {"text": cn_date(one["until"]) if "until" in one else NOT_STATED},
                {"text": one.get("note", "")},
            ]
        }
        for one in (told.value if told.is_set else ())
    ]
    return {
        "caption": f"推进步骤（{told.citation}）" if rows else "推进步骤",
        "columns": [{"label": x} for x in ("阶段", "起", "止", "说明")],
        "rows": rows,
        "empty": {
            "title": "方案没有规定推进步骤",
            "text": told.note or "各项任务长期执行，没有分阶段的期限。",
        },
    }


def agency_of(visitor: Visitor, asked: str) -> Agency:
    """The agency asked for, if the visitor sees it; else their own."""
    key: UUID | None = uuid_of(asked)
    found = Agency.objects.filter(pk=key).first() if key in visitor.agencies else visitor.home
    if found is None:
        raise Http404("没有任职的机关")
    return found


def identity_of(pack: Pack) -> list[dict[str, str]]:
    """What the document says of itself; what it does not say is said to be missing."""
    told = pack.manifest.get("identity", {})
    labels = (
        ("doc_no", "文号"),
        ("issuer", "印发机关"),
        ("issued_on", "印发日期"),
        ("effective_from", "实施日期"),
        ("addressees", "印发对象"),
        ("disclosure_attribute", "公开属性"),
        ("domain", "领域"),
        ("pilot", "是否试点"),
        ("pilot_note", "试点说明"),
    )
    rows = [
        {"label": "规则包", "value": f"{pack.name}（{pack.id}）"},
        {"label": "层级", "value": LEVELS.get(str(pack.manifest["level"]), "")},
    ]
    rows += [{"label": label, "value": shown(told[key])} for key, label in labels if key in told]
    return [*rows, {"label": "规则包校验值", "value": pack.digest}]


def shown(value: Any) -> str:
    """A manifest value; dates as they are written in papers."""
    return cn_date(value) if hasattr(value, "year") else plain(value) or NOT_STATED


def bases_of(pack: Pack) -> dict[str, Any]:
    """The documents on which the scheme rests."""
    rows = [
        {
            "cells": [
                {"text": b["title"]},
                {"text": shown(b.get("number", "not-stated"))},
                {"text": LEVELS.get(b.get("level", ""), b.get("level", ""))},
            ]
        }
        for b in pack.manifest.get("basis", ())
    ]
    return {
        "caption": "制定依据",
        "columns": [{"label": x} for x in ("文件", "文号", "层级")],
        "rows": rows,
        "total": len(rows),
    }


def act_types_of(pack: Pack) -> dict[str, Any]:
    """What this locality calls its acts, clause by clause; those derived from the clause's sense are marked."""
    rows = []
    for kind in pack.act_types():
        badge = (
            {"label": "推定", "tone": "amber"}
            if kind.get("derived")
            else {"label": "可选", "tone": "plain"}
            if kind.get("optional")
            else None
        )
        rows.append(
            {
                "cells": [
                    {"text": kind["label"], "strong": True, "badge": badge},
                    {"text": kind.get("clause", "")},
                    {"text": kind["code"]},
                ]
            }
        )
    return {
        "caption": "执法行为种类",
        "columns": [{"label": x} for x in ("种类", "条款", "代码")],
        "rows": rows,
        "total": len(rows),
    }


def groups_of(pack: Pack) -> list[dict[str, Any]]:
    """Every parameter of the catalogue, by group, in the catalogue's order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for known in pack.parameters.values():
        groups.setdefault(known.group, []).append(parameter_of(pack, known))
    return [{"label": label, "parameters": rows} for label, rows in groups.items()]


def open_items(pack: Pack) -> list[dict[str, str]]:
    """What nobody has settled and something hangs on: acts that cannot be done, periods that have no length."""
    waiting: dict[str, list[str]] = {}
    for rule in pack.guards:
        if rule.needs == "value-set":
            acts = "、".join(pack.acts[act].label for act in rule.on if act in pack.acts)
            waiting.setdefault(str(rule.args["key"]), []).append(
                f"没有设定之前，{acts}会受限制（{rule.citation}）{'：' + rule.cure if rule.cure else ''}"
            )
    for limit in pack.limits.values():
        if limit.key:
            waiting.setdefault(limit.key, []).append(f"“{limit.label}”没有天数，不计算到期日")
    return [
        {
            "key": key,
            "label": known.label,
            "question": CODE.sub("", known.question),
            "effect": "；".join(dict.fromkeys(waiting[key])),
        }
        for key, known in pack.parameters.items()
        if key in waiting and not pack.binding(key).is_set
    ]


def parameter_of(pack: Pack, known: Parameter) -> dict[str, Any]:
    """One parameter: the locality's value, the national one, and which of the two binds and why."""
    own, nation, binding = pack.parameter(known.key), pack.national(known.key), pack.binding(known.key)
    own_is_national = nation is not None and own is nation
    return {
        "label": known.label,
        "key": known.key,
        "value": text_of(pack, own, known),
        "is_set": own.is_set,
        "provenance": own.provenance,
        "source": own.source,
        "note": own.note,
        "citation": cited(own),
        "question": "" if own.is_set else CODE.sub("", known.question),
        "national": None
        if nation is None or own_is_national
        else {"value": text_of(pack, nation, known), "citation": cited(nation)},
        "binding": text_of(pack, binding, known) if binding is not own else "",
        "strict": STRICT.get(known.bound, "") if nation else "",
    }


def text_of(pack: Pack, value: Value, known: Parameter) -> str:
    """A value with its unit; dates as papers write them."""
    if not value.is_set:
        return "方案未定"
    if known.unit and isinstance(value.value, int) and not isinstance(value.value, bool):
        return f"{value.value:,}{UNITS.get(known.unit, '')}"
    return said(pack, value.value) or NOT_STATED


def cited(value: Value) -> dict[str, str]:
    """The citation with the page where its article is shown."""
    return {"text": str(value.citation), "href": href_of(value.citation)} if value.citation else {}
