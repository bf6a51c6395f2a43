"""The cases behind a number of 统计分析: as many as it says, how often each, a page at a time by key."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.desk.addresses import words_in
from sanxiang.desk.case_parts import stage_label
from sanxiang.desk.counting.figures import chips
from sanxiang.desk.counting.figures_asked import Asked, Sight, asked_of, sight_of, wanted
from sanxiang.desk.listing import ROWS, after, handlers_of, key_of
from sanxiang.desk.who import Visitor, page, visitor_of
from sanxiang.door.pinned import pinned
from sanxiang.oversight.evaluation.results import register
from sanxiang.oversight.figures.counting import count_changed
from sanxiang.oversight.figures.sums import COUNTED, behind, lacking_item, overrun
from sanxiang.oversight.models import CaseFigures, CaseGap
from sanxiang.people.authority import uuid_of

VIEWS = {
    "": "全部案件",
    "settled": "已作决定或者办结的案件",
    "papers": "缺少材料的案件",
    "recordings": "音像记录有缺口的案件",
    "recorded": "有音像记录的案件",
    "excused": "有理由或者经批准不录的案件",
    "periods": "超期的案件",
    "uploads": "有证据逾期上传的案件",
    "archive": "逾期归档的案件",
    "electronic": "有纸质文书的案件",
    "item": "缺项",
    "period": "超期",
    "flaw": "评查发现的问题",
}
"""What the list behind a number is called."""


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The list, newest first. To open one of the cases is a look; that there is one is not."""
    visitor = visitor_of(request)
    asked, sight = asked_of(request.GET, visitor.on), sight_of(visitor)
    count_changed(sight.cases())
    view, of = words_in(request.GET, "view"), words_in(request.GET, "of", 200)
    view = view if view in VIEWS else ""
    rows = sight.rows().filter(wanted(asked), condition(visitor, view, of))
    context = {
        "title": VIEWS[view] + (f"“{of.rpartition(':')[0] if view == 'period' else of}”" if of else ""),
        "back": asked.href(),
        "chips": chips(asked),
        "asked": asked,
        "scope": sight.words,
        "table": table_of(visitor, sight, rows, (asked, view, of), request.GET.get("after", "")),
    }
    return page(request, visitor, "desk/figures_cases.html", context, section="cases")


def condition(visitor: Visitor, view: str, of: str) -> Q:
    """The counted rows behind a number. Two queries for flaws found in evaluations, none for others."""
    if view == "item":
        return lacking_item(of)
    if view == "period":
        label, _, unit = of.rpartition(":")
        return overrun(label, unit, visitor.on)
    if view == "flaw":
        last = {one.case_id: one for one in reversed(register(visitor.agencies)[1])}
        keys = [uuid_of(key) for key, one in last.items() if any(f.get("item") == of for f in one.findings)]
        return Q(pk__in=[key for key in keys if key])
    return behind(visitor.on).get(view, Q())


Number = tuple[Asked, str, str]
"""The filters, the view and what it is of: which number it is."""


def table_of(
    visitor: Visitor, sight: Sight, rows: QuerySet[CaseFigures], number: Number, start: str
) -> dict[str, Any]:
    """One page of the cases, each with how often it counts. Five queries."""
    asked, view, of = number
    found = Case.objects.filter(pk__in=rows.values("pk")).order_by("-opened_at", "pk")
    some = list(after(found, start).select_related("agency", "unit").defer("state")[: ROWS + 1])
    more, some = len(some) > ROWS, some[:ROWS]
    times, handlers = times_of(rows, view, of, some), handlers_of(some)
    whole = counted(rows, view, of)
    table: dict[str, Any] = {
        "caption": "按登记时间排列，新的在前",
        "columns": [{"label": x, "num": x == "次数"} for x in ("案件", "阶段", "承办机构", "承办人", "次数")],
        "rows": [
            {"cells": cells_of(case, times.get(case.pk, 1), handlers.get(case.pk, []))} for case in some
        ],
        "empty": {"title": "没有这样的案件", "text": "这个数是零，或者条件里的案件不在统计范围之内。"},
    }
    here = asked.behind(view, of)
    table["pager"] = {
        "total_text": f"共 {found.count():,} 件，合计 {whole:,} 次",
        "first_href": here if start else None,
        "next_href": asked.behind(view, of, key_of(some[-1])) if more else None,
    }
    return table


def counted(rows: QuerySet[CaseFigures], view: str, of: str) -> int:
    """The number itself."""
    if view == "item":
        gaps = CaseGap.objects.filter(figures__in=rows.values("pk"), item=of)
        return int(gaps.aggregate(n=Sum("count"))["n"] or 0)
    if view in COUNTED:
        return int(rows.aggregate(n=Sum(COUNTED[view]))["n"] or 0)
    return rows.count()


def times_of(rows: QuerySet[CaseFigures], view: str, of: str, some: list[Case]) -> dict[UUID, int]:
    """How often each of these cases counts in the number."""
    keys = [case.pk for case in some]
    if view == "item":
        gaps = CaseGap.objects.filter(figures__in=keys, item=of)
        return dict(gaps.values_list("figures").annotate(n=Sum("count")))
    if view in COUNTED:
        return dict(rows.filter(pk__in=keys).values_list("pk", COUNTED[view]))
    return {}


def cells_of(case: Case, times: int, handlers: list[str]) -> list[dict[str, Any]]:
    """One case."""
    pack = pinned(case.pack, case.pack_digest)
    return [
        {
            "text": case.title or "（未命名）",
            "href": f"/desk/cases/{case.pk}/",
            "sub": case.number or f"查询码 {case.code}",
        },
        {"text": stage_label(case, pack), "sub": pack.procedures[case.procedure].label},
        {"text": case.unit.name if case.unit else "未分配机构", "sub": case.agency.name},
        {"text": "、".join(handlers) or "尚未确定"},
        {"text": str(times)},
    ]
