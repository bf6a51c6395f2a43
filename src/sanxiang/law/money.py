"""Amounts that the law computes: what is owed, what is overdue, the additional fine 加处罚款."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sanxiang.law.facts import State

RATE = Decimal("0.03")
"""行政处罚法第七十二条第一款第一项: three per cent of the fine for each day."""

CENT = Decimal("0.01")


def money(value: Any) -> Decimal:
    """An amount in 元, to the fen; nothing counts as zero."""
    return Decimal(str(value or "0")).quantize(CENT, ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """An amount as the record keeps it: no exponent, no trailing zeros beyond the fen."""
    text = f"{value.quantize(CENT, ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ordered(state: State) -> Mapping[str, Any]:
    """The decision in force; nothing once it was revoked or declared void."""
    found: Mapping[str, Any] = state["facts"].get("decided") or {}
    return found


def owed(state: State) -> Decimal:
    """The fine and the confiscated gains that the decision in force orders."""
    return money(ordered(state).get("fine")) + money(ordered(state).get("confiscated_gains"))


def paid(state: State, until: date | None = None, kind: str = "principal") -> Decimal:
    """What has come in by a day, less what was given back, towards the principal or the additional fine."""
    rows = [p for p in state["payments"] if p.get("kind", "principal") == kind]
    return sum(
        (money(p["amount"]) for p in rows if until is None or p["on"] <= until.isoformat()), Decimal(0)
    )


def unpaid(state: State) -> Decimal:
    """What of the principal is still open; below zero when too much has come in."""
    return owed(state) - paid(state)


def paused(day: date, pauses: Iterable[tuple[date, date | None]]) -> bool:
    """Does the day fall into 复议 or 诉讼, when the additional fine is not counted (第七十三条第三款)?"""
    return any(start <= day and (end is None or day <= end) for start, end in pauses)


def pauses_of(state: State) -> list[tuple[date, date | None]]:
    """The spans of 复议 and 诉讼 on record."""
    return [
        (date.fromisoformat(r["from"]), date.fromisoformat(r["to"]) if r.get("to") else None)
        for r in state["remedies"]
    ]


def instalments(state: State) -> list[tuple[date, Decimal]]:
    """What falls due when by the deferral or instalments granted last; empty when none was granted."""
    plan = state["facts"].get("instalments") or []
    return [(date.fromisoformat(str(row["due"])), money(row["amount"])) for row in plan]


def fallen(state: State, due: date, day: date) -> Decimal:
    """How much of the principal was to be paid before this day.

    Before a deferral was granted the decision's own last day holds, from then on the plan; what had come in by then
    counts as due, because the plan covers the rest only.
    """
    plan, granted = instalments(state), state["facts"].get("deferral") or {}
    if not plan or day <= date.fromisoformat(granted.get("on", day.isoformat())):
        first = date.fromisoformat(granted["due"]) if granted.get("due") else due
        return owed(state) if first < day else Decimal(0)
    before = paid(state, date.fromisoformat(granted["on"]))
    return before + sum((amount for last, amount in plan if last < day), Decimal(0))


def late_fine(state: State, due: date, until: date) -> Decimal:
    """The additional fine from the day after `due` to `until`, in 元.

    3 % a day of the fine that is due and unpaid that day, not counted during 复议 and 诉讼, never above the fine
    (行政处罚法第七十二条第一款第一项、第七十三条第三款；行政强制法第四十五条第二款). Only the fine bears it, not
    confiscated gains: payments are set against the gains first. The statute says 按罚款数额; that a part already paid
    bears nothing more is the reading in the party's favour.
    """
    fine = money(ordered(state).get("fine"))
    gains = money(ordered(state).get("confiscated_gains"))
    pauses = pauses_of(state)
    granted = state["facts"].get("deferral") or {}
    starts = [
        due,
        *(d for d, _ in instalments(state)),
        *([date.fromisoformat(granted["due"])] if granted else []),
    ]
    total, day = Decimal(0), min(starts) + timedelta(days=1)
    while day <= until and total < fine:
        open_ = min(fallen(state, due, day), fine + gains) - max(paid(state, day - timedelta(days=1)), gains)
        if open_ > 0 and not paused(day, pauses):
            total += min(open_, fine) * RATE
        day += timedelta(days=1)
    return min(total, fine).quantize(CENT, ROUND_HALF_UP)
