"""A case's running periods: JSON in the case, a computed due day outside. Never only a date is stored."""

from datetime import date
from typing import Any

from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import Due, Limit, due
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import LimitRule


def length(rule: LimitRule, pack: Pack) -> int | None:
    """The period's number of days, months or years; None where the locality has set nothing."""
    if rule.n is not None:
        return rule.n
    value = pack.binding(rule.key)
    return int(value.value) if value.is_set else None


def told(state: State, rule: LimitRule, pack: Pack) -> int | None:
    """The length in this case: what the party was told, but never less than what binds."""
    given, binding = state["facts"].get(rule.told) if rule.told else None, length(rule, pack)
    return binding if given is None else max(int(given), binding or 0)


def start(state: State, rule: LimitRule, pack: Pack, on: date, event: str, act_n: int) -> None:
    """Open a clock in the case: start event, rule, room for what interrupts it."""
    state["clocks"][rule.id] = {
        "start": on.isoformat(), "event": event, "act_n": act_n, "n": told(state, rule, pack), "unit": rule.unit,
        "excluded": [], "extensions": [], "suspended": "", "ended": "",
    }


def limit_of(clock: dict[str, Any], rule: LimitRule) -> Limit | None:
    """The clock as a value that the day-counting understands; None when no length is set."""
    if clock["n"] is None:
        return None
    return Limit(
        event=clock["event"], start=date.fromisoformat(clock["start"]), n=clock["n"], unit=clock["unit"], roll=rule.roll,
        excluded=tuple((date.fromisoformat(x["from"]), date.fromisoformat(x["to"]), x["reason"]) for x in clock["excluded"]),
        extensions=tuple((x["n"], x["unit"], x["reason"]) for x in clock["extensions"]),
        suspended_from=date.fromisoformat(clock["suspended"]) if clock["suspended"] else None,
    )


def due_of(clock: dict[str, Any], rule: LimitRule, pack: Pack, calendar: Calendar) -> Due | None:
    """When the period ends, with its explanation; None when the locality has set no length."""
    limit = limit_of(clock, rule)
    return None if limit is None else due(calendar, limit)
