"""A case system hands in a decision that it has just made: public in the same moment, by whoever its token acts for.

The same record again is the same publication. What would have to be hidden is hidden by the rules; what they cannot hide is refused.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from sanxiang.cases.disclosure.published import PUSHED
from sanxiang.cases.models import Publication
from sanxiang.door.admin.rules import PUBLICITY
from sanxiang.door.arriving.historical import reviewed
from sanxiang.door.arriving.imported import ORIGIN, Record, put_in
from sanxiang.door.attempts import Unreadable, attempt
from sanxiang.door.gather import actor_in
from sanxiang.law.guards import Refused, Verdict
from sanxiang.ledger.leaf import Signed
from sanxiang.ledger.models import Opening
from sanxiang.people import roles
from sanxiang.people.models import Agency, Person

ACT, LABEL = "push-published", "办案系统推送公示"
ROLE = roles.DISCLOSURE_APPROVER


class Differs(Exception):
    """Another record bears this id already."""


@dataclass(frozen=True)
class Pushed:
    """The publication, and whether it is new."""

    row: Publication
    fresh: bool


def push(agency: Agency, record: Record, by: Person, now: datetime | None = None) -> Pushed:
    """Publish a record of a case system. Raises Refused, Unreadable where it holds protected values, Differs."""
    moment = now or timezone.now()
    today = timezone.localtime(moment).date()
    with attempt(ACT, by, now=moment, channel="api", agency=agency.pk):
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        if ROLE not in actor_in(by, agency, today).roles:
            fact, cure = f"{by.name}在本机关没有公示审核岗位", "请安全管理员给公示审核人的岗位签发令牌"
            raise Refused([Verdict("role", False, str(PUBLICITY), fact, cure)])
        known = Publication.objects.filter(agency=agency, external_id=record.external_id).first()
        if known is not None:
            return same(known, record)
        told = masked(agency, record)
        who = Signed(by.pk, by.name, ROLE, today.isoformat(), moment)
        return Pushed(put_in(agency, told, (ACT, LABEL), who, moment), True)


def same(known: Publication, record: Record) -> Pushed:
    """The record that is there, where it is the same as told. Raises Differs."""
    told = Opening.objects.filter(act__subject=known.pk, act__name=ACT, name="record").order_by("act__n")
    said = told.values_list("value", flat=True).first() or {}
    if said.get("row_digest") != record.row_digest:
        raise Differs
    return Pushed(known, False)


def masked(agency: Agency, record: Record) -> Record:
    """The record as the public may see it. Raises Unreadable."""
    row = Publication(agency=agency, origin=ORIGIN, **dict(record.texts))
    found = reviewed(row)
    if found.leaks:
        raise Unreadable({name: f"{name}：含有不能自动隐去的证件号码等内容" for name in found.leaks})
    return replace(record, texts=found.texts, flags=(*record.flags, PUSHED))


def latencies(agencies: list[UUID], since: datetime) -> dict[UUID, list[float]]:
    """Seconds from the moment that the case system names to the publication here, by agency, the shortest first. One query."""
    rows = Opening.objects.filter(act__name=ACT, name="record", act__at__gte=since, erased_by=None)
    found: dict[UUID, list[float]] = {}
    for at, value in rows.values_list("act__at", "value"):
        said = value or {}
        began, agency = (said.get("source") or {}).get("occurred_at"), UUID(str(said["agency"]))
        if began and agency in agencies:
            found.setdefault(agency, []).append((at - datetime.fromisoformat(began)).total_seconds())
    return {agency: sorted(seconds) for agency, seconds in found.items()}
