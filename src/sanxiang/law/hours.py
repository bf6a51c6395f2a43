"""When nothing is executed by force: at night and on statutory holidays. Said before it is tried, judged when it is. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from sanxiang.law.calendar import Calendar
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act
from sanxiang.speech import cn_day

NIGHT = "coercion.night"
NEEDS = "lawful-hour"
"""The condition that judges it."""
AHEAD = 30
"""Calendar days whose holidays are named, so that whoever sets the day sees them."""


def holiday_of(calendar: Calendar, day: date) -> str:
    """The holiday; "" on working days and weekends. A day off to which a holiday was moved counts as the holiday."""
    kind = calendar.legal_holiday(day) or calendar.kind(day)
    return "" if kind in ("工作日", "周末", "调休上班") else kind


def night_of(pack: Pack) -> str:
    """From when to when it is night here, and who said so; "" where nobody did."""
    value = pack.binding(NIGHT)
    if not value.is_set:
        return ""
    return f"{value.value['from']}至次日{value.value['until']}，{value.citation}"


def told_hours(pack: Pack, state: State, act: Act, day: date, calendar: Calendar) -> list[str]:
    """What the form of an act says about its hour, where the law sets one; nothing for other acts."""
    rules = [g for g in pack.guards_of(act.id, state["procedure"]) if g.needs == NEEDS]
    if not rules:
        return []
    night = night_of(pack) or "几时到几时本机关还没有设定"
    rule = f"夜间（{night}）和法定节假日不得实施，情况紧急并写明理由的除外（{rules[0].citation}）"
    coming = "、".join(_coming(calendar, day))
    ahead = f"此后{AHEAD}天内不得实施的日子：{coming}" if coming else f"此后{AHEAD}天内没有法定节假日"
    return [f"{rule}。{cn_day(day)}{_today(calendar, day)}；{ahead}"]


def _today(calendar: Calendar, day: date) -> str:
    if holiday := holiday_of(calendar, day):
        return f"在{holiday}假期内"
    kind = calendar.kind(day)
    return "是周末，不属于法定节假日，可以实施，注意不要扰民" if kind == "周末" else f"是{kind}"


def _coming(calendar: Calendar, day: date) -> Iterator[str]:
    """The stretches of holidays ahead, each with its name."""
    days = [day + timedelta(days=n) for n in range(1, AHEAD + 1)]
    for off, run in groupby(days, key=lambda one: bool(holiday_of(calendar, one))):
        if off:
            stretch = list(run)
            name = next(filter(None, (calendar.legal_holiday(one) for one in stretch)), "放假调休")
            until = f"至{cn_day(stretch[-1])}" if len(stretch) > 1 else ""
            yield f"{cn_day(stretch[0])}{until}（{name}）"
