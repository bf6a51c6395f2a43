"""Rooms fitted for recording 音像记录场所: 询问室、听证室 and others, why each is needed, and for which case it is booked.

The register is the ledger itself: a room is the sum of the acts that name it. The norm wants rooms by five principles and no cutting
with one knife (不搞一刀切): an agency without any is not held up, and says in its plan why it has what it has.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.pinned import current
from sanxiang.door.recording.equipment import KEEPERS, NORM
from sanxiang.door.said import Told, said_by
from sanxiang.law.guards import Verdict
from sanxiang.law.recording.coverage import moment
from sanxiang.law.recording.matters import PREMISES
from sanxiang.law.rules import Act
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people import roles
from sanxiang.speech import cn_moment

REGISTER, RETIRE, BOOK, CANCEL, PLAN = (
    "register-venue",
    "retire-venue",
    "book-venue",
    "cancel-booking",
    "record-venue-plan",
)
ACTS = (REGISTER, RETIRE, BOOK, CANCEL)
BOOKERS = (roles.OFFICER, roles.LEGAL_REVIEWER, roles.UNIT_HEAD, roles.RECORDING_SUPERVISOR, roles.ARCHIVIST)
PRINCIPLES = {
    "necessary": "工作必需",
    "thrifty": "厉行节约",
    "adequate": "性能适度",
    "safe": "安全稳定",
    "enough": "适量够用",
}
PURPOSES = {"hearing": "听证", "inquiry": "询问", "other": "其他执法活动"}


@dataclass(frozen=True)
class Booking:
    """One stretch of time for which a room is kept for a case."""

    agency: UUID
    venue: str
    case: str
    """Number or code, as it was booked."""
    purpose: str
    begins: str
    ends: str
    by: str
    cancelled: str = ""
    person: UUID | None = None
    """Who booked it."""

    def meets(self, begins: str, ends: str) -> bool:
        """Does it take some of that time?"""
        return not self.cancelled and self.begins < ends and begins < self.ends


@dataclass(frozen=True)
class Venue:
    """A room as its acts left it. `reasons` is what was written to each principle."""

    agency: UUID
    name: str
    kind: str
    unit: str
    equipment: str
    reasons: dict[str, str]
    since: datetime
    retired: str = ""
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What an agency means to have of rooms and devices, and why just that, in its circumstances."""

    agency: UUID
    unit: str
    plan: str
    grounds: str
    on: str
    by: str


def venues_in(agencies: Collection[UUID]) -> list[Venue]:
    """The rooms of these agencies by name, those given up last, each with its bookings. Two queries."""
    return sorted(folded(said_by(ACTS, agencies)).values(), key=lambda one: (bool(one.retired), one.name))


def folded(told: Iterable[Told]) -> dict[tuple[UUID, str], Venue]:
    """Each room by agency and name, as the acts in their order made it."""
    found: dict[tuple[UUID, str], Venue] = {}
    for act, said in told:
        key = (act.subject, str(said.get("venue") or said.get("name") or ""))
        if act.name == REGISTER:
            reasons = {name: str(said[name]) for name in PRINCIPLES if said.get(name)}
            kind, unit, kit = (str(said.get(name) or "") for name in ("kind", "unit", "equipment"))
            before = found[key].bookings if key in found else ()
            since = timezone.localtime(act.at)
            found[key] = Venue(act.subject, key[1], kind, unit, kit, reasons, since, bookings=before)
        elif key in found:
            found[key] = _after(found[key], act, said)
    return found


def _after(one: Venue, act: LedgerAct, said: dict[str, Any]) -> Venue:
    if act.name == RETIRE:
        return replace(one, retired=str(said.get("reason") or "已停用"))
    begins = str(said.get("begins") or "")
    if act.name == BOOK:
        case, purpose, ends = (str(said.get(key) or "") for key in ("case", "purpose", "ends"))
        made = Booking(one.agency, one.name, case, purpose, begins, ends, act.by_name, person=act.by)
        return replace(one, bookings=(*one.bookings, made))
    reason = str(said.get("reason") or "已取消")
    rows = tuple(
        replace(row, cancelled=reason) if row.begins == begins and not row.cancelled else row
        for row in one.bookings
    )
    return replace(one, bookings=rows)


def plans_in(agencies: Collection[UUID]) -> list[Plan]:
    """The plans on record, the newest first. Two queries."""
    rows = []
    for act, said in said_by((PLAN,), agencies):
        unit, plan, grounds = (str(said.get(key) or "") for key in ("unit", "plan", "grounds"))
        rows.append(Plan(act.subject, unit, plan, grounds, act.on[:10], act.by_name))
    return rows[::-1]


def booked_for(case: Case) -> list[Booking]:
    """The bookings for a case that stand, in the order of time. Two queries."""
    names = {case.number, case.code} - {""}
    rows = [row for one in venues_in([case.agency_id]) for row in one.bookings]
    return sorted(
        (row for row in rows if row.case in names and not row.cancelled), key=lambda row: row.begins
    )


def booking_text(row: Booking) -> str:
    """A booking in words."""
    return f"{row.venue}，{cn_moment(row.begins)}至{cn_moment(row.ends)}，{PURPOSES.get(row.purpose, '')}（{row.by}预约）"


def notice_for(case: Case, act: Act) -> list[str]:
    """What a form that asks for the room says of bookings; others ask nothing."""
    if act.field("premises") is None:
        return []
    rows = booked_for(case)
    return [f"本案已预约场所：{'；'.join(map(booking_text, rows))}"] if rows else []


# The acts.


def there(change: Change) -> Venue | None:
    """The room that the act is about, while it is in use."""
    name = str(change.data.get("venue") or "")
    found = (one for one in venues_in([change.agency.pk]) if one.name == name and not one.retired)
    return next(found, None)


def known_venue(change: Change) -> list[Verdict]:
    """It is on the books and in use."""
    if not change.data.get("venue") or there(change):
        return []
    fact = f"没有名为“{change.data['venue']}”的在用场所"
    return [unmet("venue", NORM, fact, "核对场所名称，没有登记的先登记")]


def sound_venue(change: Change) -> list[Verdict]:
    """Its name is new, and where the scheme demands it, why it is needed stands to each principle."""
    name, verdicts = str(change.data.get("name") or ""), []
    if any(one.name == name and not one.retired for one in venues_in([change.agency.pk])):
        verdicts.append(unmet("name", NORM, f"“{name}”已经登记过", "换一个名称，或者先停用原来的"))
    wanted = current(change.agency.locality).parameter("av.room_reasons")
    blank = [label for key, label in PRINCIPLES.items() if not str(change.data.get(key) or "").strip()]
    if blank and wanted.is_set and wanted.value is True:
        fact = f"没有写明怎样符合{'、'.join(f'“{label}”' for label in blank)}的原则"
        cite = wanted.citation or NORM
        verdicts.append(unmet("reasons", cite, fact, "按五条原则逐条写明需要这一场所的理由，再登记"))
    return verdicts


def free_then(change: Change) -> list[Verdict]:
    """The room is there and free, the hours make sense, the case is one of ours and open."""
    verdicts, told = known_venue(change), change.data
    begins, ends = str(told.get("begins") or ""), str(told.get("ends") or "")
    if begins and ends and not (moment(begins) and moment(ends) and begins < ends):
        fact = "预约的起止时间不完整，或者结束不晚于开始"
        verdicts.append(unmet("hours", NORM, fact, "开始和结束都写到分钟，结束晚于开始"))
    one = there(change)
    taken = [row for row in one.bookings if row.meets(begins, ends)] if one and begins and ends else []
    if one and taken:
        fact = f"“{one.name}”在这段时间已经预约：{'；'.join(map(booking_text, taken))}"
        verdicts.append(unmet("free", NORM, fact, "换一个时间或者场所，或者由预约人取消后再约"))
    return verdicts + ours(change)


def ours(change: Change) -> list[Verdict]:
    """The case that a booking names."""
    text = str(change.data.get("case") or "").strip()
    if not text:
        return []
    rows = Case.objects.filter(Q(number=text) | Q(code=text), agency=change.agency)
    closed = rows.values_list("closed", flat=True).first()
    if closed is None:
        return [unmet("case", NORM, f"本机关没有编号为“{text}”的案件", "照案件页填写立案号或者查询码")]
    return [unmet("case", NORM, f"{text}已经办结", "核对案件编号")] if closed else []


def is_booked(change: Change) -> list[Verdict]:
    """There is a booking that begins then; whoever booked takes it back, or one of those who keep the rooms."""
    begins, one = str(change.data.get("begins") or ""), there(change)
    if not one or not begins:
        return known_venue(change)
    row = next((row for row in one.bookings if row.begins == begins and not row.cancelled), None)
    if row is None:
        fact = f"“{one.name}”没有从{cn_moment(begins)}开始的预约"
        return [unmet("booked", NORM, fact, "照场所页面填写预约的开始时间")]
    if change.actor is None or change.by is None or row.person == change.by.pk:
        return []
    if change.actor.roles & set(KEEPERS):
        return []
    fact = f"这一预约是{row.by}作的，{change.actor.name}不是预约人"
    return [unmet("own", NORM, fact, f"由{row.by}，或者管理场所的人员取消")]


VENUE = asked("venue", "场所名称", longest=60)
BEGINS = asked("begins", "开始时间", "datetime")


@admin_act(
    REGISTER,
    "登记音像记录场所",
    KEEPERS,
    (
        asked("name", "场所名称", longest=60),
        asked("kind", "种类", "choice", options=PREMISES),
        asked("unit", "使用机构", required=False, longest=100),
        asked("equipment", "音像设备", "longtext", help="装有哪些录音、录像设备，怎样存储"),
        *(
            asked(key, f"怎样符合“{label}”", "longtext", required=False, help="本地方案要求逐条写明的必填")
            for key, label in PRINCIPLES.items()
        ),
    ),
    NORM,
    group="venues",
    help="询问室、听证室等场所投入使用前登记，写明按五条原则为什么需要",
    checks=sound_venue,
    secrecy="case",
)
def register_venue(change: Change) -> None:
    """A room comes on the books."""


@admin_act(
    RETIRE,
    "停用音像记录场所",
    KEEPERS,
    (VENUE, asked("reason", "停用原因", "longtext")),
    NORM,
    group="venues",
    checks=known_venue,
    secrecy="case",
)
def retire_venue(change: Change) -> None:
    """A room is given up; what was booked stays on record."""


@admin_act(
    BOOK,
    "预约音像记录场所",
    BOOKERS,
    (
        VENUE,
        asked("case", "用于哪一案件", longest=120, help="立案号或者查询码"),
        asked("purpose", "用于", "choice", options=PURPOSES),
        BEGINS,
        asked("ends", "结束时间", "datetime"),
    ),
    NORM,
    group="venues",
    help="同一时间一处场所只能预约一次；举行听证、询问时表单上列出本案的预约",
    checks=free_then,
    secrecy="case",
)
def book_venue(change: Change) -> None:
    """A room is kept for a case."""


@admin_act(
    CANCEL,
    "取消场所预约",
    BOOKERS,
    (VENUE, BEGINS, asked("reason", "取消原因", longest=200)),
    NORM,
    group="venues",
    checks=is_booked,
    secrecy="case",
)
def cancel_booking(change: Change) -> None:
    """The room is free again."""


@admin_act(
    PLAN,
    "记录设备和场所的配置方案",
    KEEPERS,
    (
        asked("unit", "机构", required=False, longest=100, help="不填的是全机关"),
        asked("plan", "配置哪些设备和场所", "longtext", help="不设询问室、听证室的，也写明用什么代替"),
        asked("grounds", "结合本地条件的理由", "longtext", help="执法量、人员、经费、已有条件"),
    ),
    NORM,
    group="venues",
    help="按五条原则结合本地条件确定，不搞一刀切：没有场所的不影响办案",
    secrecy="case",
)
def record_plan(change: Change) -> None:
    """What there is to be, and why just that."""
