"""A case system hands in a decision that it has just made: public in the same moment, by whoever its token acts for.

The same record again is the same publication. What would have to be hidden is hidden by the rules; what they cannot hide is refused.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from sanxiang.cases.disclosure.published import PUSHED, standing
from sanxiang.cases.models import Publication
from sanxiang.door.admin.rules import PUBLICITY
from sanxiang.door.arriving.historical import reviewed
from sanxiang.door.arriving.imported import ORIGIN, Record, put_in
from sanxiang.door.attempts import Unreadable, attempt
from sanxiang.door.pinned import current
from sanxiang.door.registers.own_rules import applied
from sanxiang.law.guards import Refused, Verdict
from sanxiang.ledger.leaf import Signed
from sanxiang.ledger.models import Act, Opening
from sanxiang.people import roles
from sanxiang.people.models import Agency, Person

ACT, LABEL, CORRECT = "push-published", "办案系统推送公示", "correct-pushed"
ROLE = roles.DISCLOSURE_APPROVER
TAKING = (ACT, CORRECT)
"""The acts by which a record of a case system is taken in."""


class Differs(Exception):
    """Another record bears this id already."""


@dataclass(frozen=True)
class Pushed:
    """The publication, and whether it is new."""

    row: Publication
    fresh: bool


def approver(by: Person, held: frozenset[str]) -> Verdict:
    """Is it the post that confirms what becomes public? A token has its own post's roles alone."""
    fact = f"{by.name}在本机关没有公示审核岗位，或者令牌不是签发给这个岗位的"
    return Verdict("role", ROLE in held, str(PUBLICITY), fact, "请安全管理员给公示审核人的岗位签发令牌")


def push(
    agency: Agency, record: Record, by: Person, held: frozenset[str], now: datetime | None = None
) -> Pushed:
    """Publish a record of a case system. Raises Refused, Unreadable where it holds protected values, Differs."""
    moment = now or timezone.now()
    today = timezone.localtime(moment).date()
    with attempt(ACT, by, now=moment, channel="api", agency=agency.pk):
        Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        if not (may := approver(by, held)).met:
            raise Refused([may])
        known = Publication.objects.filter(agency=agency, external_id=record.external_id).first()
        if known is not None:
            return same(known, record)
        told = masked(agency, record)
        who = Signed(by.pk, by.name, ROLE, today.isoformat(), moment)
        return Pushed(put_in(agency, told, (ACT, LABEL), who, moment, until(agency, today)), True)


def until(agency: Agency, today: date) -> date | None:
    """The last day on which it is shown, where the scheme or the agency's own rule has a period."""
    days = applied(current(agency.locality), agency, today).setting("publish.display_period")
    return today + timedelta(days=int(days)) if days else None


def same(known: Publication, record: Record) -> Pushed:
    """The record that is there, where it is the same as told. Raises Differs."""
    if known.status != "published" or told_last(known) != record.row_digest:
        raise Differs
    return Pushed(known, False)


def told_last(row: Publication) -> str:
    """The digest under which a record was last taken; empty for what no case system pushed."""
    told = Opening.objects.filter(act__subject=row.pk, act__name__in=TAKING, name="record")
    said = told.order_by("-act__n").values_list("value", flat=True).first() or {}
    return str(said.get("row_digest") or "")


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


def handed_in(agency: UUID) -> dict[str, str]:
    """The digest under which each record of a case system was last taken, by its number there; only what is public. Two queries."""
    told: dict[UUID, tuple[str, str]] = {}
    rows = Opening.objects.filter(act__name__in=TAKING, name="record", erased_by=None).order_by("act__n")
    for subject, value in rows.values_list("act__subject", "value"):
        if value and value["agency"] == str(agency):
            told[subject] = (str(value["external_id"]), str(value["row_digest"]))
    public = Publication.objects.filter(standing(), agency=agency, origin=ORIGIN).values("pk")
    shown = set(public.filter(pk__in=list(told)).values_list("pk", flat=True))
    return {one: digest for subject, (one, digest) in told.items() if subject in shown}


@dataclass(frozen=True)
class Elsewhere:
    """Decisions of the year that a case system pushed: how many are public, how many were taken down."""

    public: int
    down: int


def counted(agencies: Collection[UUID], year: int) -> dict[UUID, Elsewhere]:
    """By agency; they are counted apart, for which decisions there were their own system alone knows. One query."""
    acts = Act.objects.filter(kind="publication", name=ACT, on__startswith=str(year))
    rows = Publication.objects.filter(agency__in=agencies, case=None, pk__in=acts.values("subject"))
    told = rows.values("agency").annotate(
        public=Count("pk", filter=Q(status="published")), down=Count("pk", filter=~Q(status="published"))
    )
    return {one["agency"]: Elsewhere(one["public"], one["down"]) for one in told.order_by()}
