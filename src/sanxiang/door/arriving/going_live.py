"""The day on which an agency went live: before it the old system decided, from it on everything passes the gates here.

A case that is taken over passes no gate of ours. Without a day, kept in the agency's own chain, the list of open cases would be
a way round every gate; so the day is registered before the first row, cannot lie behind the first case of this system, and
the taking over ends with an act too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door.admin.rules import Change, admin_act, asked, given_day, unmet
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act, Opening
from sanxiang.people import roles
from sanxiang.people.models import Agency
from sanxiang.speech import cn_day

RECORDED = Citation("行政处罚法", "第四十七条")
OPEN, CLOSE = "open-take-over", "close-take-over"
ORIGIN = "taken-over"
"""Of a case, and of what it publishes while the decision is the old system's."""
MOST_NUMBERS = 10_000
LEAP = 500
"""So many numbers of a series may be passed over at once, unless it is on record how far the old system had counted."""


@dataclass(frozen=True)
class Window:
    """What was said last about taking cases over: the day of going live, how far the old numbers run, whether it is still open."""

    go_live: date
    last_number: int = 0
    open: bool = True


def window_of(agency: Agency) -> Window | None:
    """As the agency's chain in the ledger has it; None before anything was said."""
    said = Act.objects.filter(subject=agency.pk, name__in=(OPEN, CLOSE)).order_by("-n")
    last, opened = said.first(), said.filter(name=OPEN).first()
    if last is None or opened is None:
        return None
    told: dict[str, Any] = dict(Opening.objects.filter(act=opened).values_list("name", "value"))
    return Window(date.fromisoformat(told["go_live"]), int(told.get("last_number") or 0), last.name == OPEN)


def first_own_day(agency: Agency) -> date | None:
    """The day on which the first case was opened in this system."""
    cases = Case.objects.filter(agency=agency).exclude(origin=ORIGIN)
    first = cases.aggregate(first=Min("opened_at"))["first"]
    return timezone.localtime(first).date() if first else None


def sound_opening(change: Change) -> list[Verdict]:
    """Whoever decides here is live: the day cannot be moved behind that, nor behind a day that was closed with."""
    day, own, known = change.data.get("go_live"), first_own_day(change.agency), window_of(change.agency)
    verdicts = []
    if day and own and given_day(day) > own:
        fact = f"{change.agency.name}{cn_day(own)}已经在本系统办案，上线日期不能晚于这一天"
        verdicts.append(unmet("go-live", RECORDED, fact, f"填写{cn_day(own)}或者更早的日期"))
    if day and known and not known.open and given_day(day) > known.go_live:
        fact = f"接管已经结束，原来登记的上线日期是{cn_day(known.go_live)}，不能改晚"
        verdicts.append(unmet("go-live", RECORDED, fact, f"填写{cn_day(known.go_live)}或者更早的日期"))
    last = change.data.get("last_number")
    if last is not None and not 1 <= last <= MOST_NUMBERS:
        fact = f"旧系统用到的最大序号写成了 {last}，应为 1 至 {MOST_NUMBERS}"
        verdicts.append(unmet("last-number", RECORDED, fact, "核对旧系统的编号后重填"))
    return verdicts


@admin_act(
    OPEN,
    "开放接管旧系统案件",
    (roles.SYSTEM_ADMIN,),
    (
        asked("go_live", "上线日期", "date", help="从这一天起，立案、决定、送达都在本系统办理"),
        asked(
            "last_number",
            "旧系统编号用到的最大序号",
            "number",
            required=False,
            help=f"一般不填；旧系统一年的编号超过 {LEAP} 号的才填，最多 {MOST_NUMBERS}",
        ),
    ),
    RECORDED,
    group="agency",
    help="上线之前旧系统已经立案、决定的在办案件，开放之后才能用清单导入；上线日期及以后的案件不能这样导入",
    checks=sound_opening,
    secrecy="case",
)
def open_take_over(change: Change) -> Agency:
    """The act itself is the record: nothing else is written."""
    return change.agency


def sound_closing(change: Change) -> list[Verdict]:
    """What is not open cannot be closed."""
    window = window_of(change.agency)
    if window and window.open:
        return []
    fact = f"{change.agency.name}没有开放接管旧系统案件"
    return [unmet("open", RECORDED, fact, "不用办理；还没有开放时也不能接管")]


@admin_act(
    CLOSE,
    "结束接管旧系统案件",
    (roles.SYSTEM_ADMIN,),
    (asked("note", "说明", "longtext", required=False, longest=300),),
    RECORDED,
    group="agency",
    help="旧系统的在办案件都接管之后办理，此后不再接管",
    checks=sound_closing,
    secrecy="case",
)
def close_take_over(change: Change) -> Agency:
    """The act itself is the record."""
    return change.agency


def not_open(agency: Agency, window: Window | None) -> list[Verdict]:
    """Why no case can be taken over today; empty when it can."""
    if window and window.open:
        return []
    if window is None:
        fact = f"{agency.name}还没有登记上线日期，不能接管旧系统案件"
        cure = "请系统管理员在“开放接管旧系统案件”中登记上线日期，或者导入时加 --go-live 年-月-日"
    else:
        fact = f"{agency.name}的接管已经结束（上线日期{cn_day(window.go_live)}）"
        cure = "之后的案件在本系统立案办理；确有遗漏的旧案，请系统管理员重新办理“开放接管旧系统案件”"
    return [unmet("take-over.open", RECORDED, fact, cure)]


def live_from(agency: Agency, window: Window) -> date:
    """From when this system decides: the day registered, or that of the first case here where the day was yet to come."""
    return min(window.go_live, first_own_day(agency) or window.go_live)


def after_going_live(
    agency: Agency, window: Window, days: Sequence[tuple[str, date | None]]
) -> list[Verdict]:
    """Steps of the day of going live, or later, belong into this system with all its gates."""
    live = live_from(agency, window)
    name = "上线日期" if live == window.go_live else "本系统开始办案的日期"
    return [
        unmet(
            "take-over.go-live",
            RECORDED,
            f"{label}{cn_day(day)}不早于{name}{cn_day(live)}，不是旧系统上线之前办的",
            "上线之后的立案、决定、送达在本系统办理；日期写错的，核对旧系统后改正",
        )
        for label, day in days
        if day and day >= live
    ]


def too_far(window: Window, text: str, year: int, ordinal: int, following: int, today: date) -> list[Verdict]:
    """A number far behind the highest known would use up all before it, and one of a year to come those of that year."""
    if year > today.year:
        fact = f"编号 {text} 是 {year} 年的，今年是 {today.year} 年"
        return [unmet("take-over.number", RECORDED, fact, "核对旧系统的编号")]
    if ordinal < following + LEAP or ordinal <= window.last_number:
        return []
    fact = f"编号 {text} 的序号比本系统下一个序号 {following} 大得多，接管它会跳过中间的全部编号"
    cure = (
        "核对旧系统的编号；没有写错的，请系统管理员重新办理“开放接管旧系统案件”，写明旧系统编号用到的最大序号"
    )
    return [unmet("take-over.number", RECORDED, fact, cure)]
