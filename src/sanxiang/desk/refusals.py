"""Attempts that the door refused, for those who supervise: where the law stood in the way, and how often it was tried."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.addresses import number_in
from sanxiang.desk.who import OVERSEERS, page, visitor_of
from sanxiang.door import keeping
from sanxiang.door.admin.rules import RECORD_ACTS
from sanxiang.door.administer import ACTS
from sanxiang.door.looks.accesses import CHANNELS
from sanxiang.door.models import Refusal
from sanxiang.door.pinned import current
from sanxiang.door.reasons import BY_DUTY

ROWS = 50


@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """Refused attempts in the agencies that the visitor watches, newest first."""
    visitor = visitor_of(request)
    if not visitor.roles & OVERSEERS:
        raise PermissionDenied("不予办理记录只供行政执法监督人员、记录监督员和行政机关负责人查看。")
    # What was found may repeat what somebody typed into a case: to read it is a look at the record.
    visitor.reading.beside(visitor.home.pk if visitor.home else None, BY_DUTY)
    rows = (
        Refusal.objects.filter(agency__in=visitor.agencies_as(OVERSEERS))
        .select_related("case", "agency")
        .defer("case__state")
        .order_by("-pk")
    )
    before = number_in(request.GET, "before")
    some = list((rows if before is None else rows.filter(pk__lt=before))[: ROWS + 1])
    more, some = len(some) > ROWS, some[:ROWS]
    labels = labels_of(some)
    pager = {
        "total_text": f"共 {rows.count():,} 次",
        "first_href": "/desk/refusals/" if before is not None else None,
        "next_href": f"/desk/refusals/?before={some[-1].pk}" if more else None,
    }
    context = {"attempts": [attempt_of(row, labels) for row in some], "pager": pager}
    return page(request, visitor, "desk/refusals.html", context, section="ledger")


def labels_of(rows: list[Refusal]) -> dict[str, str]:
    """What the acts are called."""
    names = {row.case.pack for row in rows if row.case}
    names |= {row.agency.locality for row in rows if row.agency and not row.case}
    known = {act.id: act.label for act in ACTS.values()} | {act.id: act.label for act in RECORD_ACTS.values()}
    known[keeping.ACT] = keeping.LABEL
    return known | {act.id: act.label for name in names for act in current(name).acts.values()}


def caseless(act: str) -> str:
    """What an attempt without a case was about."""
    if act in RECORD_ACTS:
        return "历史导入的记录"
    if act == keeping.ACT:
        return "案卷材料"
    return "机关管理" if act in ACTS else "新案件"


def attempt_of(row: Refusal, labels: dict[str, str]) -> dict[str, Any]:
    """One attempt: who, when, what, and every reason."""
    case: Case | None = row.case
    return {
        "label": labels.get(row.act, row.act),
        "who": row.by_name,
        "when": cn_datetime(timezone.localtime(row.at)),
        "channel": CHANNELS.get(row.channel, row.channel),
        "case": (case.number or case.title) if case else caseless(row.act),
        "href": f"/desk/cases/{case.pk}/" if case else "",
        "agency": row.agency.name if row.agency else "",
        "verdicts": [{**verdict, "met": False} for verdict in row.verdicts],
    }
