"""What is worked in other systems and shown here: the state of mirrored cases, the sums of organs whose cases stay elsewhere.

Both are the ledger itself: nothing is stored beside it, and of a case of the police no body ever comes in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.exchange.connectors import NORM
from sanxiang.door.exchange.routing import MIRROR, SUMMARY, organ_of, route_of
from sanxiang.door.pinned import current
from sanxiang.door.said import said_by
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.people.models import Agency

SYNC, SUMS = "sync-mirror", "import-summary"
PERIOD, KIND, COUNT, AMOUNT = "期间", "行为种类", "件数", "金额（元）"
COLUMNS = frozenset({PERIOD, KIND, COUNT, AMOUNT})


@dataclass(frozen=True)
class Mirror:
    """A case of another system as it stood when that system last spoke of it."""

    agency: UUID
    external_id: str
    act_type: str
    title: str
    status: str
    on: str
    source: str
    synced_at: Any
    history: tuple[tuple[str, str], ...] = ()


def mirrored(change: Change) -> list[Verdict]:
    """The scheme has this kind of act worked elsewhere, with a mirror here."""
    act_type = str(change.data.get("act_type") or "")
    route = route_of(current(change.agency.locality), organ_of(change.agency), act_type)
    if not act_type or route.mode == MIRROR:
        return []
    fact = f"按本地方案，这类行为由{route.label}办理，不是镜像"
    return [unmet("routing", NORM, fact, "核对行为种类；在本平台办理的直接登记案件")]


@admin_act(
    SYNC,
    "同步其他系统的案件状态",
    (roles.WINDOW_CLERK, roles.DISCLOSURE_APPROVER, roles.OFFICER),
    (
        asked("external_id", "受理编号", longest=120),
        asked("act_type", "行为种类", longest=20, default="licence"),
        asked("title", "事项", longest=300),
        asked("status", "状态", longest=60),
        asked("happened_on", "状态日期", "date"),
        asked("source", "来源系统", longest=120),
    ),
    NORM,
    group="exchange",
    help="在其他系统办理的案件，那里的状态变了就同步到这里；一般由接口自动同步",
    checks=mirrored,
    secrecy="case",
)
def sync(change: Change) -> Agency:
    """How a case of another system stands."""
    return change.agency


def sums_only(change: Change) -> list[Verdict]:
    """Sums and nothing else: a column beyond them would be a part of a case."""
    verdicts = []
    for number, row in enumerate(change.data.get("rows") or (), 1):
        if more := sorted(set(row) - COLUMNS):
            fact = f"第 {number} 行有“{'、'.join(more)}”，汇总只收{'、'.join(sorted(COLUMNS))}"
            verdicts.append(unmet(f"row:{number}", NORM, fact, "删去案件内容，只报汇总数"))
        elif not row.get(PERIOD) or not row.get(KIND) or not str(row.get(COUNT, "")).isdigit():
            cure = f"填写{PERIOD}、{KIND}和{COUNT}（整数）"
            verdicts.append(unmet(f"row:{number}", NORM, f"第 {number} 行没有写全", cure))
    pack, organ = current(change.agency.locality), organ_of(change.agency)
    if not any(route_of(pack, organ, str(kind["code"])).mode == SUMMARY for kind in pack.act_types()):
        fact = f"{change.agency.name}的案件按本地方案不是只报汇总"
        verdicts.append(unmet("routing", NORM, fact, "在本平台或者方案指定的系统办理"))
    return verdicts[:20]


@admin_act(
    SUMS,
    "导入办案汇总",
    (roles.SUPERVISOR, roles.SYSTEM_ADMIN),
    (
        asked("source", "来源系统", longest=120),
        asked("rows", "汇总", "rows", help="期间、行为种类、件数、金额（元）"),
    ),
    NORM,
    group="exchange",
    help="案件在其他网络办理的机关（公安）只报汇总数，不收案件内容",
    checks=sums_only,
    secrecy="case",
)
def take_sums(change: Change) -> Agency:
    """Rows of sums by period and kind."""
    return change.agency


def mirrors_in(agencies: Collection[UUID]) -> list[Mirror]:
    """The mirrored cases of these agencies as they stand, the newest first. Two queries."""
    found: dict[tuple[UUID, str], Mirror] = {}
    for act, said in said_by((SYNC,), agencies):
        key = (act.subject, str(said.get("external_id")))
        text = {name: str(said.get(name) or "") for name in ("act_type", "title", "status", "source")}
        on = str(said.get("happened_on") or "")
        before = found[key].history if key in found else ()
        history = (*before, (on, text["status"]))
        found[key] = Mirror(act.subject, key[1], on=on, synced_at=act.at, history=history, **text)
    return sorted(found.values(), key=lambda one: one.synced_at, reverse=True)


def sums_in(agencies: Collection[UUID]) -> list[dict[str, Any]]:
    """The rows of sums, a later one of the same agency, period and kind in place of the earlier. Two queries."""
    found: dict[tuple[UUID, str, str], dict[str, Any]] = {}
    for act, said in said_by((SUMS,), agencies):
        for row in said.get("rows") or ():
            key = (act.subject, str(row[PERIOD]), str(row[KIND]))
            found[key] = {"agency": act.subject, "source": str(said.get("source") or ""), **row}
    return [found[key] for key in sorted(found, key=lambda key: (key[1], key[2]), reverse=True)]
