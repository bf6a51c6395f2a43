"""Numbers of papers set aside for work without a network, and voided ones with their reason.

A decision on the spot is a form that bears a number already (行政处罚法 第五十二条): an officer takes a block along, uses each
number once, and what is spoilt is voided with a reason, so that the series keeps no unexplained gap.
"""

from django.core.exceptions import ValidationError

from sanxiang.door import numbers
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.models import Number
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.people import roles

NUMBERED = Citation("行政处罚法", "第五十二条")
KEEPERS = (roles.UNIT_HEAD, roles.ARCHIVIST)
LARGEST_BLOCK = 50


def sound_block(change: Change) -> list[Verdict]:
    """A block of a size that one trip can use, for an agency that has a 机关代字, held by somebody who decides there."""
    count, holder, verdicts = change.data.get("count"), change.found.get("holder"), []
    if not change.agency.short:
        fact = f"{change.agency.name}没有登记机关代字，编不出文号"
        verdicts.append(unmet("short", NUMBERED, fact, "请系统管理员在“变更执法机关信息”中填写机关代字"))
    if count is not None and not 1 <= count <= LARGEST_BLOCK:
        verdicts.append(
            unmet(
                "count",
                NUMBERED,
                f"预留 {count} 个文号，一次应为 1 至 {LARGEST_BLOCK} 个",
                "改填数量，不够用再预留",
            )
        )
    if holder and not holder.posts.filter(agency=change.agency, role=roles.OFFICER).exists():
        fact = f"{holder.name}在{change.agency.name}没有承办人岗位"
        verdicts.append(unmet("holder", NUMBERED, fact, "预留给本机关的承办人"))
    return verdicts


@admin_act(
    "reserve-numbers",
    "预留文号",
    KEEPERS,
    (
        asked("series", "文书", "paper-series"),
        asked("count", "数量", "number", help=f"一次最多 {LARGEST_BLOCK} 个"),
        asked("holder", "领用人", "person", help="由谁带到没有网络的地方使用"),
    ),
    NUMBERED,
    group="numbers",
    help="到没有网络的地方当场处罚之前，先领一段文号。每个文号只能用一次，写坏的要作废并说明原因",
    checks=sound_block,
    secrecy="case",
)
def reserve_numbers(change: Change) -> Number:
    """A block of this year's numbers; returns the first."""
    data = change.data
    block = numbers.reserve(
        change.agency, data["series"], change.day.year, int(data["count"]), change.found["holder"]
    )
    return block[0]


def still_reserved(change: Change) -> list[Verdict]:
    """An issued number is the name of a paper, and a voided one has its reason already."""
    row: Number | None = change.found.get("number")
    if row is None or row.status == "reserved":
        return []
    fact = f"{row.text}{'已经用在文书上' if row.status == 'issued' else '已经作废'}"
    cure = "文书有错的，用更正或者撤销的办法处理" if row.status == "issued" else "不用再作废"
    return [unmet("reserved", NUMBERED, fact, cure)]


@admin_act(
    "void-number",
    "作废预留的文号",
    KEEPERS,
    (asked("number", "文号", "reserved-number"), asked("reason", "作废原因", "longtext", longest=300)),
    NUMBERED,
    group="numbers",
    checks=still_reserved,
    secrecy="case",
)
def void_number(change: Change) -> Number:
    """The number is never used again; the register of numbers shows why.

    Raises ValidationError where a decision took the number since it was looked at: no act may say what did not happen.
    """
    row: Number = change.found["number"]
    if not numbers.void(row, change.data["reason"]):
        raise ValidationError(f"{row.text}刚刚被使用或者作废")
    return row
