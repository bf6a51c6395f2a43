"""执法台账: every case of a year in the order in which it was registered, with the numbers it was given; as a table to take away."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from sanxiang.cases.csv_lines import lines
from sanxiang.cases.disclosure.masked import public_text
from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.case_parts import stage_label
from sanxiang.desk.listing import handlers_of
from sanxiang.desk.who import Visitor, cases_of, visitor_of
from sanxiang.door import gather
from sanxiang.door.models import Number
from sanxiang.door.reasons import BY_DUTY, Reason
from sanxiang.law.packs import Pack
from sanxiang.law.rules import PaperRule

HEAD = (
    "序号", "机关", "立案号", "案件名称", "当事人", "案由", "行为种类", "程序", "登记日期", "立案日期", "决定日期", "决定书文号",
    "决定内容", "阶段", "承办人", "归档号", "查询码",
)  # fmt: skip
BATCH = 500


@require_GET
def register(request: HttpRequest) -> HttpResponseBase:
    """The year asked for, this one when none is; after the cases, the numbers of filings that were voided, with the reason."""
    visitor = visitor_of(request)
    asked = request.GET.get("year", "") or str(visitor.on.year)
    if not (asked.isascii() and asked.isdigit() and 1900 <= int(asked) <= 2999):
        text = f"“{asked}”不是年份，请写成四位数字，例如 {visitor.on.year}"
        return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
    visitor.reading.beside(visitor.home.pk if visitor.home else None, reason_of(visitor))
    table = rows_of(cases_in(cases_of(visitor), int(asked)))
    numbers = voided(Number.objects.filter(series__agency__in=visitor.agencies), int(asked))
    answer = StreamingHttpResponse(
        lines(HEAD, chained(table, numbers)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="case-register-{asked}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def reason_of(visitor: Visitor) -> Reason:
    """Why somebody takes the register away: their own agency's is their work; that of others is looked at to supervise."""
    own = all(visitor.works_in(agency) for agency in visitor.agencies)
    return BY_DUTY if own else Reason("supervise", "执法台账")


def cases_in(rows: QuerySet[Case], year: int) -> QuerySet[Case]:
    """The cases registered in a year, oldest first."""
    zone = timezone.get_current_timezone()
    begin, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    return (
        rows.filter(opened_at__gte=begin, opened_at__lt=end)
        .order_by("opened_at", "pk")
        .select_related("agency")
    )


def rows_of(cases: QuerySet[Case]) -> Iterator[list[Any]]:
    """A line a case, numbered without a gap."""
    batch: list[Case] = []
    number = 0
    for case in cases.iterator(BATCH):
        batch.append(case)
        if len(batch) == BATCH:
            yield from drawn(batch, number)
            number, batch = number + len(batch), []
    yield from drawn(batch, number)


def result_of(case: Case, pack: Pack) -> str:
    """What was decided, as the public may read it."""
    text = public_text(pack, case.state, case.agency.name, hide=case.state["facts"].get("hide"))
    return text.fields["result"]


def drawn(cases: list[Case], before: int) -> Iterator[list[Any]]:
    """These cases as lines, counted on from `before`."""
    names = handlers_of(cases)
    for number, case in enumerate(cases, before + 1):
        pack, facts = gather.pack_of(case), case.state["facts"]
        papers = (case.state["papers"].get(kind) or {} for kind in decisions(pack, case.procedure))
        public = result_of(case, pack) if facts.get("decided") else ""
        yield [
            number, case.agency.name, case.number, case.title, case.party, facts.get("cause", ""), type_of(pack, case.act_type),
            pack.procedures[case.procedure].label,
            cn_date(timezone.localtime(case.opened_at).date()), cn_date(case.filed_on), cn_date(case.decided_on),
            "、".join(str(p["number"]) for p in papers if p.get("number")), public, stage_label(case, pack),
            "、".join(names.get(case.pk, [])), facts.get("archive_no", ""), case.code,
        ]  # fmt: skip


def decisions(pack: Pack, procedure: str) -> tuple[str, ...]:
    """The papers of an act that decides a case which bear a number of their own and go out."""
    acts = (act for act in pack.acts_of(procedure) if act.milestone == "decided")
    return tuple(
        kind for act in acts for kind in act.papers if kind in pack.papers and outward(pack.papers[kind])
    )


def outward(rule: PaperRule) -> bool:
    """Does it leave the agency under a number?"""
    return rule.kind == "external" and bool(rule.series)


def type_of(pack: Pack, code: str) -> str:
    """What the locality calls this kind of act."""
    return next((str(row["label"]) for row in pack.act_types() if row["code"] == code), code)


def voided(numbers: QuerySet[Number], year: int) -> Iterator[list[Any]]:
    """Numbers of filings and decisions that stand on no paper, each with why, so that the row of numbers has no gap."""
    rows = numbers.filter(series__year=year).exclude(status="issued").select_related("series__agency")
    for row in rows.order_by("series", "ordinal"):
        told = f"作废：{row.reason}" if row.status == "void" else "预留，尚未使用"
        yield ["", row.series.agency.name, row.text, told, *[""] * (len(HEAD) - 4)]


def chained(*tables: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """One table behind the other."""
    for table in tables:
        yield from table
