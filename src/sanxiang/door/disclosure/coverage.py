"""公示覆盖: of what was decided in a year, what was published, what was withheld and why, what still has time, and what nobody explains."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sanxiang.cases.models import Case, Publication
from sanxiang.door.exchange.awaiting import confirming
from sanxiang.door.models import Task
from sanxiang.door.pinned import current
from sanxiang.door.tasks import ELSEWHERE
from sanxiang.law.disclosure.channels import HANDS
from sanxiang.law.disclosure.texts import read_public
from sanxiang.law.packs import usable_packs
from sanxiang.ledger.models import Act

PUBLISHED, UNCONFIRMED, WITHHELD, DOWN, UNDONE, PENDING, OPEN = (
    "published",
    "unconfirmed",
    "withheld",
    "down",
    "undone",
    "pending",
    "open",
)
LABELS = {
    PUBLISHED: "已公示",
    UNCONFIRMED: "本平台已公示，方案要求的平台没有确认",
    WITHHELD: "依法不公开",
    DOWN: "公示后撤下",
    UNDONE: "没有公示，决定已不存在",
    PENDING: "还在期限内",
    OPEN: "没有公示也没有说明",
}
"""How a decision stands towards the public."""
CONFIRM = "confirm-publication"
"""The act of the case by which the receipt of such a platform comes in."""


@dataclass(frozen=True)
class Signed:
    """One decision and how it stands. `due` is the last day on which it had to be public."""

    case: UUID
    number: str
    title: str
    agency: UUID
    unit: str
    act_type: str
    on: str
    standing: str
    due: date | None


def deciding_acts() -> dict[str, str]:
    """The acts that decide something to be published, with the act that each is."""
    rules = (read_public(block) for pack in usable_packs().values() for block in pack.of_kind("public"))
    return {act: rule.id for rule in rules if not rule.none for act in rule.acts}


def signed(agencies: Collection[UUID], year: int, today: date) -> list[Signed]:
    """Every decision of the year that is to be published. Four queries, whatever their number."""
    acts = Act.objects.filter(kind="case", name__in=deciding_acts(), on__startswith=str(year))
    days = dict(acts.order_by("at").values_list("subject", "on"))
    cases = Case.objects.filter(agency__in=agencies, pk__in=days).select_related("unit", "agency")
    told = dict(Publication.objects.filter(case__in=cases).values_list("case", "status"))
    tasks = Task.objects.filter(case__in=cases, kind="publish", closed_n=None, due__isnull=False)
    due = dict(tasks.order_by("-due").values_list("case", "due"))
    return [
        _signed(case, str(days[case.pk])[:10], told.get(case.pk, ""), due.get(case.pk), today)
        for case in cases.order_by("agency", "unit", "number", "code")
    ]


def _signed(case: Case, on: str, status: str, due: date | None, today: date) -> Signed:
    standing = STANDINGS.get(status, "")
    if standing == PUBLISHED and CONFIRM not in case.state["last"] and platforms_of(case.agency.locality):
        standing = UNCONFIRMED
    if not standing and case.state["facts"].get("fate") in ("revoked", "void", "redo"):
        standing = UNDONE
    if not standing and due is None and case.state["publication"].get("status") == "lifted":
        standing = OPEN  # the reason to withhold it is gone, and the period with it
    if not standing:
        standing = PENDING if due is None or today <= due else OPEN
    return Signed(
        case.pk,
        case.number or case.code,
        case.title,
        case.agency_id,
        case.unit.name if case.unit else "",
        case.act_type,
        on,
        standing,
        due,
    )


STANDINGS = {
    "published": PUBLISHED,
    "exempt": WITHHELD,
    **dict.fromkeys(("withdrawn", "expired", "repaired"), DOWN),
}
"""By the state of the public row; a text that only waits to be confirmed is not public."""


def platforms_of(locality: str) -> list[str]:
    """The platforms without whose receipt the scheme counts nothing as published, by the names that it gives them."""
    return [str(one["label"]) for one in confirming(current(locality))]


@dataclass(frozen=True)
class Line:
    """One unit of one agency, with how many decisions stand how."""

    agency: UUID
    unit: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All that was signed."""
        return sum(self.counts.values())


def lines(found: Collection[Signed]) -> list[Line]:
    """The decisions by unit."""
    return list(_lines(found))


def _lines(found: Collection[Signed]) -> Iterator[Line]:
    for agency, unit in dict.fromkeys((one.agency, one.unit) for one in found):
        mine = [one.standing for one in found if (one.agency, one.unit) == (agency, unit)]
        yield Line(agency, unit, {name: mine.count(name) for name in LABELS})


@dataclass(frozen=True)
class StillUp:
    """A place where hands put a decision up that is public no more, or is being put right. `due` is the last day to take it down."""

    case: UUID
    number: str
    title: str
    agency: UUID
    channel: str
    due: date | None


def still_up(agencies: Collection[UUID]) -> list[StillUp]:
    """All of them, the most urgent first. One query."""
    tasks = Task.objects.filter(agency__in=agencies, kind=ELSEWHERE, closed_n=None).select_related("case")
    return [
        StillUp(
            one.case.pk,
            one.case.number or one.case.code,
            one.case.title,
            one.agency_id,
            HANDS.get(one.limit.partition(":")[2], one.title),
            one.due,
        )
        for one in tasks.order_by("due", "opened_at", "pk")
        if one.case
    ]
