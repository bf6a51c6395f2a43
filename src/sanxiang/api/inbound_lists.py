"""/inbound of lists: sums of the police, numbers of items, certificates and annual inspections; and what of all that is here.

Each is the act that the desk and the command line do, under the same conditions. The same again does nothing, with a key or without.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from sanxiang.api.caller import Caller, caller_of
from sanxiang.api.inbound import PUSH, agency_for
from sanxiang.api.once import once
from sanxiang.api.paging import only
from sanxiang.api.problems import Problem, unreadable
from sanxiang.api.schemas import Json, Key, Strict
from sanxiang.door.admin.rules import INBOUND
from sanxiang.door.administer import ACTS, administer
from sanxiang.door.arriving import handed_in
from sanxiang.door.before.annual import INSPECT, NUMBER, OUTCOME
from sanxiang.door.exchange import items, mirrors
from sanxiang.exchange.officers import take_cards
from sanxiang.exchange.reading import Row
from sanxiang.people.models import Agency

router = Router(tags=["exchange"])
PAGE, MOST = 500, 2000
Text = Annotated[str, Field(min_length=1, max_length=120)]


class Package(Strict):
    """What every package says of itself."""

    agency: UUID | None = Field(None, description="哪个机关；令牌只看得到一个机关的可以不写")
    source: Text = Field(description="来源系统的名称")
    idempotency_key: Key | None = None


class SummaryIn(Strict):
    """One sum: never a case."""

    period: str = Field(
        pattern=r"^\d{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$", description="期间：2026、2026-03 或者 2026-Q1"
    )
    kind: Text = Field(description="行为种类，照汇总表的名称")
    count: int = Field(ge=0, description="件数")
    amount: str = Field("", pattern=r"^(\d{1,16}(\.\d{1,2})?)?$", description="金额（元）")


class ItemIn(Strict):
    """The number under which the other system knows one of our items."""

    name: str = Field(min_length=1, max_length=300, description="事项名称，照本机关事项清单")
    number: Text = Field(description="对方平台的事项编号")


class InspectionIn(Strict):
    """How one certificate came out of the annual inspection."""

    number: Text = Field(description="证件编号")
    name: str = Field("", max_length=60, description="姓名，写了就和证件核对")
    outcome: Literal["合格", "不合格", "未参加"]
    note: str = Field("", max_length=300)


class CertificateIn(Strict):
    """One certificate as the platform has it."""

    number: str = Field(min_length=1, max_length=60, description="证件编号")
    name: str = Field(min_length=1, max_length=60, description="姓名")
    kind: str = Field("", max_length=60, description="证件名称；不写为中华人民共和国行政执法证")
    account: str = Field("", max_length=60, description="本平台的账号；不写就是证件编号")
    source_id: str = Field("", max_length=120, description="人员在来源平台的编号；不写就是证件编号")
    categories: list[Text] = Field(min_length=1, description="执法类别，如 行政处罚")
    area: list[Text] = Field(min_length=1, description="执法区域，行政区划代码或者名称")
    valid_from: date
    valid_until: date
    inspected_until: date | None = Field(None, description="年度审验有效至")
    exam_passed_on: date | None = Field(None, description="资格考试合格日期")


class Summaries(Package):
    """Sums of an organ whose cases stay in its own network."""

    rows: list[SummaryIn] = Field(min_length=1, max_length=MOST)


class Items(Package):
    """Numbers of items."""

    rows: list[ItemIn] = Field(min_length=1, max_length=MOST)


class Inspections(Package):
    """The results of one year's inspection."""

    year: str = Field(pattern=r"^\d{4}$", description="审验年度")
    inspected_until: date = Field(description="合格的，审验有效至")
    rows: list[InspectionIn] = Field(min_length=1, max_length=MOST)


class Certificates(Strict):
    """Certificates of an agency's officers. No key: each is known by its number."""

    agency: UUID | None = None
    source: Text = Field(description="来源平台的名称，如 山东省行政执法监督管理平台")
    rows: list[CertificateIn] = Field(min_length=1, max_length=MOST)


class RecordDigest(Schema):
    subject: str
    digest: str


class Taken(Schema):
    fresh: bool = Field(description="false：与已有的完全相同，没有再登记")
    rows: int
    records: list[RecordDigest] = Field(description="每条的标识和校验值，用来对账")


class RowRefused(Schema):
    row: int = Field(description="第几条，从 1 起")
    number: str
    reason: str


class CardsTaken(Schema):
    added: int
    updated: int
    existing: int
    rejected: list[RowRefused]
    records: list[RecordDigest]


class HeldFilters(Strict):
    agency: UUID | None = None
    after: str = Field("", max_length=400, description="上一页最后一条的 subject")


class HeldPage(Schema):
    total: int
    records: list[RecordDigest]
    next: str = Field(description="接着取时写进 after；空的就是取完了")


def unlike(rows: Iterable[tuple[str, ...]], said: str) -> None:
    """No record twice in one package: of two nobody could say which holds. Raises Problem."""
    first: dict[tuple[str, ...], int] = {}
    wrong = {}
    for number, row in enumerate(rows, 1):
        if (before := first.setdefault(row, number)) != number:
            wrong[f"rows.{number - 1}"] = f"第 {number} 条{said}与第 {before} 条相同，只留一条"
    if wrong:
        raise unreadable(wrong)


def digests(told: Mapping[str, str]) -> list[Json]:
    """As the answers have them."""
    return [{"subject": subject, "digest": digest} for subject, digest in told.items()]


def taken(
    caller: Caller, agency: Agency, act: str, package: Package, data: Json, what: str, told: handed_in.Held
) -> Status[Any]:
    """Do the act, unless all that is told stands here already. 201 where something was done. Raises Problem and what the door raises."""
    caller.may_try(ACTS[act].rule)
    body = {"rows": len(data["rows"]), "records": digests(told)}

    def knock() -> Json:
        if told.items() <= handed_in.HELD[what](agency.pk).items():
            return {"fresh": False, **body}
        administer(act, agency, caller.person, data, channel=INBOUND)
        return {"fresh": True, **body}

    asked = {"address": f"/inbound/{what}", "agency": str(agency.pk), "data": data}
    answer, again = once(caller.person, package.idempotency_key, asked, knock)
    fresh = bool(answer["fresh"]) and not again
    return Status(201 if fresh else 200, {**answer, "fresh": fresh})


@router.post(
    "/inbound/summaries", auth=PUSH, response={200: Taken, 201: Taken}, summary="报送办案汇总（公安）"
)
def push_summaries(request: HttpRequest, told: Summaries) -> Any:
    """Sums by period and kind; a later one takes the place of the earlier. A column beyond these is refused: no part of a case comes in."""
    caller = caller_of(request)
    agency = agency_for(caller, told.agency)
    unlike(((row.period, row.kind) for row in told.rows), "的期间和行为种类")
    today = timezone.localdate()
    late = {n: row.period for n, row in enumerate(told.rows) if begins(row.period) > today}
    if late:
        raise unreadable(
            {f"rows.{n}.period": f"第 {n + 1} 条的期间 {period} 还没有到" for n, period in late.items()}
        )
    names = (mirrors.PERIOD, mirrors.KIND, mirrors.COUNT, mirrors.AMOUNT)
    lines = [(row.period, row.kind, str(row.count), row.amount) for row in told.rows]
    data = {"source": told.source, "rows": [dict(zip(names, line, strict=True)) for line in lines]}
    held = handed_in.told(*(handed_in.summary(*line) for line in lines))
    return taken(caller, agency, mirrors.SUMS, told, data, "summaries", held)


def begins(period: str) -> date:
    """The first day of a year, a quarter or a month."""
    year, _, part = period.partition("-")
    month = 1 if not part else int(part[1:]) * 3 - 2 if part.startswith("Q") else int(part)
    return date(max(int(year), 1), month, 1)


@router.post(
    "/inbound/items",
    auth=PUSH,
    response={200: Taken, 201: Taken},
    summary="报送行政权力网络运行系统的事项编号",
)
def push_items(request: HttpRequest, told: Items) -> Any:
    """The numbers under which the other system knows our items: from then on each stage of a case goes out with its number."""
    caller = caller_of(request)
    agency = agency_for(caller, told.agency)
    unlike(((row.name,) for row in told.rows), "的事项名称")
    rows = [{items.NAME: row.name, items.NUMBER: row.number} for row in told.rows]
    held = handed_in.told(*(handed_in.item(row.name, row.number) for row in told.rows))
    return taken(caller, agency, items.ACT, told, {"source": told.source, "rows": rows}, "items", held)


@router.post(
    "/inbound/inspections", auth=PUSH, response={200: Taken, 201: Taken}, summary="报送执法证件年度审验结果"
)
def push_inspections(request: HttpRequest, told: Inspections) -> Any:
    """One act for the whole list: who failed or was absent is off the roster today. One wrong row, and none is taken."""
    caller = caller_of(request)
    agency = agency_for(caller, told.agency)
    unlike(((row.number,) for row in told.rows), "的证件编号")
    rows = [
        {NUMBER: row.number, "姓名": row.name, OUTCOME: row.outcome, "说明": row.note} for row in told.rows
    ]
    data = {"year": told.year, "inspected_until": told.inspected_until.isoformat(), "rows": rows}
    held = handed_in.told(*(handed_in.inspection(told.year, row.number, row.outcome) for row in told.rows))
    return taken(caller, agency, INSPECT, told, data, "inspections", held)


@router.post(
    "/inbound/certificates",
    auth=PUSH,
    response={200: CardsTaken, 201: CardsTaken},
    summary="报送执法证件（省行政执法监督管理平台）",
)
def push_certificates(request: HttpRequest, told: Certificates) -> Any:
    """Each row for itself: new, changed, known, or refused with its reason. Accounts and posts stay with the administrators."""
    caller = caller_of(request)
    agency = agency_for(caller, told.agency)
    caller.may_try(ACTS["issue-certificate"].rule)
    unlike(((row.kind, row.number) for row in told.rows), "的证件编号")
    rows = [Row(n, cells_of(row), row.number) for n, row in enumerate(told.rows, 1)]
    done = take_cards(rows, agency, caller.person, told.source)
    refused = [
        {"row": one["row"], "number": one["raw"], "reason": one["reason"]} for one in done.rejected_rows
    ]
    wanted = {row.number for row in told.rows} - {one["number"] for one in refused}
    held = {k: v for k, v in handed_in.HELD["certificates"](agency.pk).items() if k in wanted}
    counts = {"added": done.added, "updated": done.updated, "existing": done.existing}
    body = {**counts, "rejected": refused, "records": digests(held)}
    return Status(201 if done.added or done.updated else 200, body)


def cells_of(row: CertificateIn) -> Mapping[str, str]:
    """A certificate under the headings of a list."""
    days = {
        "有效期起": row.valid_from,
        "有效期止": row.valid_until,
        "审验有效期": row.inspected_until,
        "考试合格日期": row.exam_passed_on,
    }
    lists = {"执法类别": "、".join(row.categories), "执法区域": "、".join(row.area)}
    plain = {
        "姓名": row.name,
        "证件编号": row.number,
        "证件名称": row.kind,
        "账号": row.account,
        "平台编号": row.source_id,
    }
    return plain | lists | {heading: day.isoformat() if day else "" for heading, day in days.items()}


@router.get("/inbound/{what}/held", auth=PUSH, response=HeldPage, summary="对账：报送过来的有哪些")
def list_handed_in(request: HttpRequest, what: str, filters: Query[HeldFilters]) -> Json:
    """Every record of that kind that is here, by subject, with the digest of what was told of it: for the other side to compare."""
    only(request, HeldFilters)
    if what not in handed_in.HELD:
        raise Problem("unknown", f"没有“{what}”这一类报送，可用：{'、'.join(handed_in.HELD)}")
    agency = agency_for(caller_of(request), filters.agency)
    found = handed_in.HELD[what](agency.pk)
    rest = sorted(subject for subject in found if subject > filters.after)
    page = rest[:PAGE]
    following = page[-1] if len(rest) > PAGE else ""
    return {"total": len(found), "records": digests({one: found[one] for one in page}), "next": following}
