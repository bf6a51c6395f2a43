"""A case's running periods: JSON in the case, a computed due day outside. Never only a date is stored."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import UNITS, Due, Limit, due
from sanxiang.law.disclosure.channels import HANDS
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.remedies import special_period
from sanxiang.law.rules import LimitRule


def length(rule: LimitRule, pack: Pack) -> int | None:
    """The period's number of days, months or years; None where the locality has set nothing."""
    if rule.n is not None:
        return rule.n
    value = pack.binding(rule.key)
    return int(value.value) if value.is_set else None


def told(rule: LimitRule, pack: Pack, facts: Mapping[str, Any]) -> int | None:
    """The length in this case: what the party was told, but never less than what binds, unless it holds exactly as told."""
    head, _, column = rule.told.partition(".")
    given, binding = facts.get(rule.told), length(rule, pack)
    if column and given is None:
        given = (facts.get(head) or {}).get(column)
    return (int(given) if rule.exact else max(int(given), binding or 0)) if given else binding


def rule_of(pack: Pack, name: str) -> LimitRule | None:
    """The rule of a case's clock: `announcement:penalty-notice` runs by the rule `announcement`. None where there is none."""
    return pack.limits.get(name.partition(":")[0])


def label_of(pack: Pack, name: str) -> str:
    """What pages call a clock: the rule's label, with the paper or the channel that it is for."""
    rule, (_, _, one) = rule_of(pack, name), name.partition(":")
    label = rule.label if rule else name
    if one in HANDS:
        return f"{label}：{HANDS[one]}"
    return f"{label}《{pack.papers[one].label if one in pack.papers else one}》" if one else label


def start(
    state: State, rule: LimitRule, pack: Pack, on: date, event: str, act_n: int, name: str = ""
) -> None:
    """Open a clock in the case, by the rule's id or under a `name` of its own: start event, rule, room for what interrupts it."""
    special = special_period(pack, rule, state["facts"])
    state["clocks"][name or rule.id] = {
        "start": on.isoformat(),
        "event": event,
        "act_n": act_n,
        "n": int(special["n"]) if special else told(rule, pack, state["facts"]),
        "unit": "calendar" if special else rule.unit,
        **({"special": str(special["citation"])} if special else {}),
        "excluded": [],
        "extensions": [],
        "suspended": "",
        "ended": "",
        "ended_by": "",
    }


def stop(clock: dict[str, Any], on: date, why: str) -> None:
    """A period is over before its last day, or done with; `why` is the act that made it so. The first reason stays."""
    if not clock["ended"]:
        clock["ended"], clock["ended_by"] = on.isoformat(), why


def limit_of(clock: dict[str, Any], rule: LimitRule) -> Limit | None:
    """The clock as a value that the day-counting understands; None when no length is set."""
    if clock["n"] is None:
        return None
    return Limit(
        event=clock["event"],
        start=moment(clock["start"]),
        n=clock["n"],
        unit=clock["unit"],
        roll=rule.roll,
        excluded=tuple(
            (date.fromisoformat(x["from"]), date.fromisoformat(x["to"]), x["reason"])
            for x in clock["excluded"]
        ),
        extensions=tuple((x["n"], x["unit"], x["reason"]) for x in clock["extensions"]),
        suspended_from=date.fromisoformat(clock["suspended"]) if clock["suspended"] else None,
    )


def moment(text: str) -> date:
    """A day, or a day with its hour where a period runs in hours."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def due_of(clock: dict[str, Any], rule: LimitRule, pack: Pack, calendar: Calendar) -> Due | None:
    """When the period ends, with its explanation; None when the locality has set no length."""
    limit = limit_of(clock, rule)
    if limit is None:
        return None
    found = due(calendar, limit)
    other = excepted(clock, rule)
    return replace(found, steps=(other, *found.steps)) if other else found


def excepted(clock: Mapping[str, Any], rule: LimitRule) -> str:
    """Which statute gave the period another length than the scheme, and both lengths; "" where none did."""
    if clock.get("special"):
        return f"起诉期限另有规定：{clock['special']}，{clock['n']}{UNITS[clock['unit']]}。"
    instead = clock.get("instead")
    if not instead:
        return ""
    days = UNITS[rule.unit]
    was = "没有规定天数" if instead["n"] is None else f"规定{instead['n']}{days}"
    return f"法定例外：本地方案{was}，{instead['basis']}另有规定，改为{clock['n']}{days}。"


def last_day(state: State, name: str, pack: Pack, calendar: Calendar) -> date | None:
    """The last day of a running or ended period of the case; None when it never began or has no length."""
    clock, rule = state["clocks"].get(name), rule_of(pack, name)
    found = due_of(clock, rule, pack, calendar) if clock and rule else None
    return found.date if found else None
