"""网上办理: which kinds of acts have to be worked online, which cases were worked on paper beside it, and the share of each kind."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from sanxiang.cases.disclosure.published import ACT_TYPES
from sanxiang.cases.models import Case
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.exchange.connectors import NORM
from sanxiang.door.pinned import current
from sanxiang.door.said import said_by
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.people.models import Agency

SWITCH, OFFLINE = "set-online-types", "register-offline-case"


@dataclass(frozen=True)
class Share:
    """One kind of act of one agency: cases of the year worked here, and those worked on paper alone."""

    agency: UUID
    act_type: str
    online: bool
    here: int
    on_paper: int

    @property
    def share(self) -> float | None:
        """Worked here of all, from 0 to 1; None where there is none."""
        whole = self.here + self.on_paper
        return self.here / whole if whole else None


def listed(change: Change) -> list[Verdict]:
    """Kinds that the scheme lists."""
    known = {str(kind["code"]) for kind in current(change.agency.locality).act_types()}
    given = change.data.get("types") or [change.data.get("act_type")]
    wrong = [str(one) for one in given if one and known and one not in known]
    if not wrong:
        return []
    named = "、".join(ACT_TYPES.get(one, one) for one in wrong)
    return [unmet("act-type", NORM, f"本地方案没有列出{named}", "从方案列出的种类里选")]


@admin_act(
    SWITCH,
    "设置网上运行的行为种类",
    (roles.SYSTEM_ADMIN,),
    (
        asked(
            "types", "行为种类", "multi", options=ACT_TYPES, help="选上的种类应当全程在平台办理；没有选的关闭"
        ),
    ),
    NORM,
    group="exchange",
    checks=listed,
    secrecy="case",
)
def set_online(change: Change) -> Agency:
    """From now on these kinds have to be worked online; the whole is told each time."""
    return change.agency


@admin_act(
    OFFLINE,
    "登记线下办理的案件",
    (roles.UNIT_HEAD, roles.AGENCY_HEAD, roles.WINDOW_CLERK),
    (
        asked("act_type", "行为种类", "choice", options=ACT_TYPES),
        asked("number", "文号", longest=120),
        asked("title", "事项", longest=300),
        asked("decided_on", "办结日期", "date"),
        asked("reason", "没有在平台办理的原因", "longtext", longest=500),
    ),
    NORM,
    group="exchange",
    help="只在纸上办理、平台没有案件的，登记一笔；计入网上办理率",
    checks=listed,
    secrecy="case",
)
def register_offline(change: Change) -> Agency:
    """A case that was worked on paper alone."""
    return change.agency


def switched(agencies: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The kinds that have to be worked online, by agency. Two queries."""
    return {act.subject: frozenset(said.get("types") or ()) for act, said in said_by((SWITCH,), agencies)}


def shares(agencies: Collection[UUID], year: int) -> list[Share]:
    """Each kind of act of each agency in a year. Five queries."""
    made = Case.objects.filter(agency__in=agencies, opened_at__year=year).values_list("agency", "act_type")
    here = {(agency, kind): n for agency, kind, n in made.annotate(n=Count("pk")).order_by()}
    paper: Counter[tuple[UUID, str]] = Counter()
    for act, said in said_by((OFFLINE,), agencies):
        if str(said.get("decided_on") or "").startswith(str(year)):
            paper[(act.subject, str(said["act_type"]))] += 1
    on: dict[Any, frozenset[str]] = switched(agencies)
    wanted = {(agency, kind) for agency, kinds in on.items() for kind in kinds}
    return [
        Share(agency, kind, kind in on.get(agency, ()), here.get((agency, kind), 0), paper[(agency, kind)])
        for agency, kind in sorted({*here, *paper, *wanted}, key=str)
    ]
