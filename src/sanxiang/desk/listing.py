"""The list of cases: what is asked, in which order, a page at a time by key, and how many there are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from sanxiang.cases.models import Case, Handler
from sanxiang.cases.search.folding import number_forms
from sanxiang.cases.templatetags.show import cn_date, days_text
from sanxiang.desk.addresses import words_in
from sanxiang.desk.case_parts import stage_label
from sanxiang.desk.clocks import WARN, tone
from sanxiang.desk.starting import may_open
from sanxiang.desk.who import Visitor, cases_of
from sanxiang.door.pinned import current, pinned
from sanxiang.door.reading import FOUND, found_mark
from sanxiang.law.packs import Pack
from sanxiang.people.authority import uuid_of
from sanxiang.people.models import Agency, Person

ROWS = 50
COUNTED = 10_000
"""Above this a page says 超过 10,000: an exact count of everything is nobody's reason to wait."""

SHARED = {"decided": "已作决定", "execution": "执行", "closed": "已办结"}
"""Stages that most procedures have, each under a word of its own: what they are called in a list of all kinds."""
ENDED = ("closed", "archived")
"""Stages in which no case is open any more: whoever asks for them asks for closed cases."""
SHOWN = [("", "在办"), ("closed", "已办结"), ("all", "全部")]


@dataclass(frozen=True)
class Asked:
    """The filters as they stand in the address."""

    q: str = ""
    stage: str = ""
    show: str = ""
    mine: bool = False
    overdue: bool = False
    agency: str = ""
    after: str = ""

    def href(self, **changed: Any) -> str:
        """The address of this question with something changed."""
        values = vars(replace(self, **{"after": "", **changed}))
        told = {key: "1" if value is True else value for key, value in values.items() if value}
        return f"/desk/cases/?{urlencode(told)}"


def asked_of(given: QueryDict) -> Asked:
    """What the address asks; what makes no sense counts as not asked."""
    show, stage = given.get("show", ""), words_in(given, "stage")
    show = show if show in dict(SHOWN) else ""
    return Asked(
        q=words_in(given, "q"),
        stage=stage,
        show=show or ("closed" if stage in ENDED else ""),
        mine="mine" in given,
        overdue="overdue" in given,
        agency=given.get("agency", ""),
        after=given.get("after", ""),
    )


def page_of(visitor: Visitor, asked: Asked) -> dict[str, Any]:
    """One page of the list. Three queries, four for those who see several agencies."""
    rows = found_by(visitor, asked)
    counted = rows.order_by()[: COUNTED + 1].count()
    some = list(after(rows, asked.after).select_related("agency").defer("state")[: ROWS + 1])
    more, some = len(some) > ROWS, some[:ROWS]
    agencies = (
        list(Agency.objects.filter(pk__in=visitor.agencies).order_by("name"))
        if len(visitor.agencies) > 1
        else []
    )
    packs = {case.pack_digest: pinned(case.pack, case.pack_digest) for case in some}
    finder = visitor.person if asked.q else None
    total = f"超过 {COUNTED:,} 件" if counted > COUNTED else f"共 {counted:,} 件"
    return {
        "search": search_of(asked, stages_of(agencies, visitor), agencies),
        "table": table_of(some, packs, handlers_of(some), visitor.on, bool(agencies), finder),
        "pager": {
            "total_text": total,
            "first_href": asked.href() if asked.after else None,
            "next_href": asked.href(after=key_of(some[-1])) if more else None,
        },
        "filtered": asked != Asked(),
        "may_open": may_open(visitor),
    }


def found_by(visitor: Visitor, asked: Asked) -> QuerySet[Case]:
    """The cases asked for, newest first."""
    rows: QuerySet[Case] = cases_of(visitor).order_by("-opened_at", "pk")
    if asked.show != "all":
        rows = rows.exclude(closed="") if asked.show else rows.filter(closed="")
    if asked.stage:
        rows = rows.filter(stage=asked.stage)
    if asked.mine:
        rows = rows.filter(handler_rows__person=visitor.person)
    if asked.overdue:
        rows = rows.filter(closed="", next_due__lt=visitor.on)
    if agency := uuid_of(asked.agency):
        rows = rows.filter(agency=agency)
    for term in asked.q.split():
        numbers = [Q(number__icontains=form) for form in (term, *number_forms(term))]
        rows = rows.filter(
            reduce(or_, numbers)
            | Q(title__icontains=term)
            | Q(party__icontains=term)
            | Q(respondent__icontains=term)
            | Q(code__iexact=term)
        )
    return rows


def key_of(case: Case) -> str:
    """Where the next page goes on: behind this case."""
    return f"{case.opened_at.isoformat()}_{case.pk}"


def after(rows: QuerySet[Case], key: str) -> QuerySet[Case]:
    """The cases behind a key; a key that is none changes nothing."""
    moment, _, last = key.partition("_")
    try:
        opened, last_id = datetime.fromisoformat(moment), UUID(last)
        if timezone.is_naive(opened):
            return rows
        opened = opened.astimezone(UTC)
    except (ValueError, OverflowError):  # overflow: the first hours of the year 1 are none in UTC
        return rows
    return rows.filter(Q(opened_at__lt=opened) | Q(opened_at=opened, pk__gt=last_id))


def stages_of(agencies: Iterable[Agency], visitor: Visitor) -> dict[str, str]:
    """The stages that one may ask for: those of the kinds of acts that the schemes in sight list, each named once."""
    packs = map(current, {agency.locality for agency in (*agencies, *visitor.workplaces.values())})
    listed = [
        (rule.stages, rule.label)
        for pack in packs
        for rule in pack.procedures.values()
        if not pack.act_types() or pack.printed_type(rule.act_type)
    ]
    labels = stage_names(listed)
    return {key: labels[key] for key in in_course([[key for key, _ in stages] for stages, _ in listed])}


def stage_names(listed: Iterable[tuple[Iterable[tuple[str, str]], str]]) -> dict[str, str]:
    """Names of stages that no two share: where several procedures use one word, the procedure stands before it."""
    words: dict[str, dict[str, None]] = {}
    courses: dict[str, dict[str, None]] = {}
    for stages, course in listed:
        for key, label in stages:
            words.setdefault(key, {})[label] = None
            courses.setdefault(key, {})[course] = None
    told = {
        key: SHARED.get(key, "、".join(own)) if len(own) > 1 else "".join(own) for key, own in words.items()
    }
    several = {name for name, times in Counter(told.values()).items() if times > 1}
    return {
        key: f"{'、'.join(courses[key])}：{name}" if name in several else name for key, name in told.items()
    }


def in_course(courses: Iterable[list[str]]) -> list[str]:
    """Several courses as one: every stage once, each before those that follow it in its own course."""
    order: list[str] = []
    for stages in sorted(courses, key=len, reverse=True):
        place = 0
        for key in stages:
            if key not in order:
                order.insert(place, key)
            place = order.index(key) + 1
    return order


def handlers_of(cases: list[Case]) -> dict[UUID, list[str]]:
    """Names of the handlers by case. One query."""
    found: dict[UUID, list[str]] = {}
    rows = Handler.objects.filter(case__in=[case.pk for case in cases]).order_by("pk")
    for key, name in rows.values_list("case", "person__name"):
        found.setdefault(key, []).append(name)
    return found


def table_of(
    cases: list[Case],
    packs: dict[str, Pack],
    handlers: dict[UUID, list[str]],
    today: date,
    many: bool,
    finder: Person | None = None,
) -> dict[str, Any]:
    """The cases as a table; the agency's name stands there only where there are several. `finder`: who searched for them by words."""
    labels = ["案件", "当事人", "阶段", "最近期限", "承办人", *(["机关"] if many else [])]
    return {
        "caption": "按登记时间排列，新的在前",
        "columns": [{"label": label} for label in labels],
        "rows": [
            row_of(
                case,
                packs[case.pack_digest],
                handlers.get(case.pk, []),
                today,
                many,
                found_mark(finder, case.pk) if finder else "",
            )
            for case in cases
        ],
    }


def row_of(
    case: Case, pack: Pack, handlers: list[str], today: date, many: bool, found: str = ""
) -> dict[str, Any]:
    """One case as a row; `found` goes along in its link."""
    left = (case.next_due - today).days if case.next_due and not case.closed else None
    state = tone(left, WARN)
    due: dict[str, Any] = {"text": cn_date(case.next_due) if left is not None else "—"}
    if left is not None and state != "calm":
        due |= {"badge": {"tone": state, "label": days_text(left, "calendar")}}
    cells = [
        {
            "text": case.title or "（未命名）",
            "href": f"/desk/cases/{case.pk}/" + (f"?{FOUND}={found}" if found else ""),
            "sub": case.number or f"查询码 {case.code}",
        },
        {"text": case.party or "—"},
        {"text": stage_label(case, pack), "sub": pack.procedures[case.procedure].label},
        due,
        {"text": "、".join(handlers) or "尚未确定"},
    ]
    return {
        "cells": cells + ([{"text": case.agency.name}] if many else []),
        "state": state if state != "calm" else "",
    }


def search_of(asked: Asked, stages: dict[str, str], agencies: list[Agency]) -> dict[str, Any]:
    """The form with the filters as they stand."""
    fields = [
        select("show", "范围", asked.show, SHOWN),
        select("stage", "阶段", asked.stage, [("", "全部"), *stages.items()]),
        *(
            [select("agency", "机关", asked.agency, [("", "全部"), *((str(a.pk), a.name) for a in agencies)])]
            if agencies
            else []
        ),
        {"kind": "bool", "name": "mine", "label": "只看我承办的", "value": asked.mine},
        {"kind": "bool", "name": "overdue", "label": "只看已超期的", "value": asked.overdue},
    ]
    return {
        "q": asked.q,
        "action": "/desk/cases/",
        "label": "查找案件",
        "hint": "写案名、立案号、当事人或者查询码，几个词用空格隔开",
        "fields": fields,
        "clear_href": "/desk/cases/" if asked != Asked() else None,
    }


def select(name: str, label: str, value: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
    """A filter from a list; the answer without a value is the one that filters nothing."""
    kept = [{"value": key, "label": text} for key, text in choices if key]
    blank = next(text for key, text in choices if not key)
    drawn = {
        "kind": "choice",
        "draw": "select",
        "name": name,
        "label": label,
        "value": value,
        "choices": kept,
    }
    return drawn | {"blank_label": blank, "required": True}
