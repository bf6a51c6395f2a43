"""/inbound: what case systems hand in; /routing: which system a kind of act is worked in."""

import hashlib
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from sanxiang.api.caller import READ, Caller, Token, caller_of
from sanxiang.api.paging import only
from sanxiang.api.problems import Problem, unreadable
from sanxiang.api.reference import agency_seen
from sanxiang.api.schemas import Json, Strict
from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.door.administer import ACTS, administer
from sanxiang.door.arriving.after_push import correct, withdraw
from sanxiang.door.arriving.imported import Record
from sanxiang.door.arriving.pushed import Differs, Pushed, push
from sanxiang.door.exchange.mirrors import SYNC, mirrors_in
from sanxiang.door.exchange.online import switched
from sanxiang.door.exchange.routing import organ_of, route_of, routes
from sanxiang.door.pinned import current
from sanxiang.law.identifiers import identify
from sanxiang.people.models import Agency

router = Router(tags=["exchange"])
PUSH = [Token("push")]


class RecordIn(Strict):
    """A decision of a case system."""

    agency: UUID | None = Field(None, description="哪个机关；令牌只属于一个机关的可以不写")
    id: str = Field(min_length=1, max_length=120, description="办案系统里的编号，同一编号只公示一次")
    record_type: str = Field(description="行为种类：penalty、licence 等")
    doc_no: str = Field(min_length=1, max_length=128)
    title: str = Field("", max_length=300)
    party: str = Field(min_length=1, max_length=200)
    party_type: str = Field(description="org、citizen、individual-business")
    party_code: str = Field("", max_length=18)
    address: str = Field("", max_length=300)
    facts: str = Field("", max_length=5000)
    basis: str = Field("", max_length=2048)
    result: str = Field(min_length=1, max_length=4000)
    decision_date: date
    occurred_at: datetime | None = Field(
        None, description="办案系统作出决定的时刻，带时区；用来计算推送用了多久"
    )


class CorrectionIn(RecordIn):
    """The record as it should have been, whole, and what all may read of the correction."""

    note: str = Field(min_length=1, max_length=500, description="向社会说明改了什么、为什么")


class WithdrawalIn(Strict):
    """A record that must not be public any more."""

    agency: UUID | None = None
    id: str = Field(min_length=1, max_length=120, description="办案系统里的编号")
    reason: str = Field(min_length=1, max_length=500, description="向社会说明的理由，撤回以后一直可见")


class RecordOut(Schema):
    id: UUID
    url: str
    status: str
    digest: str = Field(
        description="收下的这条记录的校验值，和 GET /inbound/records/held 列出的相同；撤回的为空"
    )
    fresh: bool = Field(description="false：这个编号已经收过，没有再公示一次")


class MirrorIn(Strict):
    """The state of a case that is worked in another system."""

    agency: UUID | None = None
    external_id: str = Field(min_length=1, max_length=120)
    act_type: str = "licence"
    title: str = Field(min_length=1, max_length=300)
    status: str = Field(min_length=1, max_length=60)
    on: date
    source: str = Field(min_length=1, max_length=120)


class MirrorOut(Schema):
    external_id: str
    status: str
    on: str
    fresh: bool


class RouteOut(Schema):
    agency: UUID
    organ: str = Field(description="police 公安机关，other 其他机关")
    act_type: str
    system: str
    label: str
    mode: str = Field(description="platform 在本平台办理，mirror 在别处办理、这里镜像，summary 只收汇总")
    confirm: bool = Field(description="方案没有说死，待确认")
    online: bool = Field(description="应当全程网上办理")


class Routing(Schema):
    items: list[RouteOut]
    total: int


class RoutingFilters(Strict):
    agency: UUID | None = None


def agency_for(caller: Caller, wanted: UUID | None) -> Agency:
    """The agency that the token acts for. Raises Problem."""
    return Agency.objects.get(pk=agency_seen(caller, wanted))


def faults(told: RecordIn, today: date) -> dict[str, str]:
    """What is wrong with a record beyond its shape, by field."""
    found = {}
    if told.record_type not in ACT_TYPES:
        found["record_type"] = f"record_type：应为{'、'.join(ACT_TYPES)}之一"
    if told.party_type not in ("org", "citizen", "individual-business"):
        found["party_type"] = "party_type：应为 org、citizen 或者 individual-business"
    if told.decision_date > today:
        found["decision_date"] = "decision_date：决定日期晚于今天"
    if told.party_code and told.party_type == "citizen":
        found["party_code"] = "party_code：自然人不写代码"
    elif told.party_code and (reason := identify("uscc", told.party_code, today).reason):
        found["party_code"] = f"party_code：{reason}"
    if told.occurred_at and told.occurred_at.tzinfo is None:
        found["occurred_at"] = "occurred_at：要带时区，如 2026-11-21T09:00:00+08:00"
    return found


def record_of(told: RecordIn, agency: Agency, system: str) -> Record:
    """The record as the door takes it."""
    plain = told.model_dump(mode="json", exclude={"agency", "note"})
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    texts = {
        name: getattr(told, name)
        for name in ("title", "party", "party_type", "party_code", "address", "facts", "basis", "result")
    }
    source = {"system": system, "occurred_at": told.occurred_at.isoformat() if told.occurred_at else ""}
    return Record(
        external_id=told.id,
        act_type=told.record_type,
        texts={**texts, "number": told.doc_no, "authority": agency.name},
        decided_on=told.decision_date,
        source_published_on=None,
        sort_on=told.decision_date,
        source=source,
        row_digest=digest,
    )


def answered(request: HttpRequest, done: Pushed, digest: str) -> Status[Any]:
    """201 where something was done, 200 where it was done before."""
    address = request.build_absolute_uri(f"/decisions/{done.row.pk}/")
    body = {"id": done.row.pk, "url": address, "status": done.row.status, "digest": digest}
    return Status(201 if done.fresh else 200, {**body, "fresh": done.fresh})


def read_record(caller: Caller, told: RecordIn) -> tuple[Agency, Record]:
    """The agency and the record, looked through. Raises Problem."""
    agency = agency_for(caller, told.agency)
    if wrong := faults(told, timezone.localdate()):
        raise unreadable(wrong)
    return agency, record_of(told, agency, caller.token.name if caller.token else "")


@router.post(
    "/inbound/records", auth=PUSH, response={200: RecordOut, 201: RecordOut}, summary="办案系统推送一条公示"
)
def push_record(request: HttpRequest, told: RecordIn) -> Any:
    """201 and public at once; the same again 200 with the same id; what is wrong with it 400, field by field."""
    caller = caller_of(request)
    agency, record = read_record(caller, told)
    try:
        done = push(agency, record, caller.person, caller.actor_in(agency).roles)
    except Differs:
        fact = f"编号 {told.id} 已经推送过，内容不同或者已经撤下；要更正请用 POST /inbound/corrections"
        raise Problem("key-reused", fact) from None
    return answered(request, done, record.row_digest)


@router.post(
    "/inbound/corrections", auth=PUSH, response={200: RecordOut, 201: RecordOut}, summary="更正推送过的公示"
)
def correct_record(request: HttpRequest, told: CorrectionIn) -> Any:
    """The whole record as it should be takes the place of the one that is public, with a note; the same again 200."""
    caller = caller_of(request)
    agency, record = read_record(caller, told)
    done = correct(agency, record, told.note, caller.person, caller.actor_in(agency).roles)
    return answered(request, done, record.row_digest)


@router.post(
    "/inbound/withdrawals", auth=PUSH, response={200: RecordOut, 201: RecordOut}, summary="撤回推送过的公示"
)
def withdraw_record(request: HttpRequest, told: WithdrawalIn) -> Any:
    """The text goes from every public place, the reason stays; the same again 200."""
    caller = caller_of(request)
    agency = agency_for(caller, told.agency)
    done = withdraw(agency, told.id, told.reason, caller.person, caller.actor_in(agency).roles)
    return answered(request, done, "")


@router.post(
    "/inbound/cases", auth=PUSH, response={200: MirrorOut, 201: MirrorOut}, summary="同步其他系统的案件状态"
)
def sync_case(request: HttpRequest, told: MirrorIn) -> Any:
    """How a case that is worked elsewhere stands; the same again changes nothing."""
    caller = caller_of(request)
    caller.may_try(ACTS[SYNC].rule)
    agency = agency_for(caller, told.agency)
    body = {"external_id": told.external_id, "status": told.status, "on": told.on.isoformat()}
    before = next((m for m in mirrors_in([agency.pk]) if m.external_id == told.external_id), None)
    if before is not None and (before.status, before.on) == (told.status, told.on.isoformat()):
        return Status(200, {**body, "fresh": False})
    said = told.model_dump(exclude={"agency", "on"}) | {"happened_on": told.on.isoformat()}
    administer(SYNC, agency, caller.person, said, channel="api")
    return Status(201, {**body, "fresh": True})


@router.get("/routing", auth=READ, response=Routing, summary="哪类机关的哪类行为在哪个系统办理")
def routing(request: HttpRequest, filters: Query[RoutingFilters]) -> Json:
    """Every kind of act of the agencies that the caller sees, with the system that the scheme names."""
    only(request, RoutingFilters)
    caller = caller_of(request)
    keys = [agency_seen(caller, filters.agency)] if filters.agency else list(caller.agencies)
    items, on = [], switched(keys)
    for agency in Agency.objects.filter(pk__in=keys).order_by("name"):
        pack, organ = current(agency.locality), organ_of(agency)
        kinds = [str(kind["code"]) for kind in pack.act_types()] or sorted({r.act_type for r in routes(pack)})
        items += [
            {
                "agency": agency.pk,
                "online": kind in on.get(agency.pk, ()),
                **vars(route_of(pack, organ, kind)),
            }
            for kind in kinds
        ]
    return {"items": items, "total": len(items)}
