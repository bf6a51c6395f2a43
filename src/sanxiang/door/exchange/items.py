"""The numbers under which another system knows our items 事项: they come in as a list, and go out with each stage of a case."""

from uuid import UUID

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.exchange.connectors import NORM
from sanxiang.door.said import said_by
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.people.models import Agency

ACT, NAME, NUMBER = "record-item-ids", "事项名称", "平台事项编号"


def sound_items(change: Change) -> list[Verdict]:
    """Each row names an item and its number; no item has two."""
    seen: dict[str, int] = {}
    verdicts = []
    for number, row in enumerate(change.data.get("rows") or (), 1):
        if not row.get(NAME) or not row.get(NUMBER):
            verdicts.append(
                unmet(f"row:{number}", NORM, f"第 {number} 行没有写全“{NAME}”和“{NUMBER}”", "补填")
            )
        elif seen.setdefault(str(row[NAME]), number) != number:
            fact = f"第 {number} 行“{row[NAME]}”与第 {seen[str(row[NAME])]} 行重复"
            verdicts.append(unmet(f"row:{number}", NORM, fact, "一个事项留一行"))
    return verdicts[:20]


@admin_act(
    ACT,
    "登记对方系统的事项编号",
    (roles.SYSTEM_ADMIN, roles.SUPERVISOR),
    (
        asked("source", "哪个系统", longest=120),
        asked("rows", "事项编号", "rows", help=f"每行“{NAME}”“{NUMBER}”"),
    ),
    NORM,
    group="exchange",
    help="从行政权力网络运行系统导出的事项编号；以后登记的覆盖以前的同名事项",
    checks=sound_items,
    secrecy="case",
)
def record_items(change: Change) -> Agency:
    """The list stands in the agency's chain."""
    return change.agency


def numbers_of(agency: UUID) -> dict[str, str]:
    """The other system's number by the name of the item; a later list counts. Two queries."""
    found: dict[str, str] = {}
    for _, said in said_by((ACT,), [agency]):
        found |= {str(row[NAME]): str(row[NUMBER]) for row in said.get("rows") or ()}
    return found
