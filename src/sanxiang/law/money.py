"""Amounts that the law computes: what is owed, what is overdue, the additional fine 加处罚款."""

from collections.abc import Iterable
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


def owed(state: State) -> Decimal:
    """The fine and the confiscated gains that the decision in force orders."""
    decision = state["facts"].get("decided") or {}
    return money(decision.get("fine")) + money(decision.get("confiscated_gains"))


def paid(state: State, until: date | None = None, kind: str = "principal") -> Decimal:
    """What has come in by a day, towards the principal or the additional fine."""
    rows = [p for p in state["payments"] if p.get("kind", "principal") == kind]
    return sum((money(p["amount"]) for p in rows if until is None or p["on"] <= until.isoformat()), Decimal(0))


def paused(day: date, pauses: Iterable[tuple[date, date | None]]) -> bool:
    """Does the day fall into 复议 or 诉讼, when the additional fine is not counted (第七十三条第三款)?"""
    return any(start <= day and (end is None or day <= end) for start, end in pauses)


def pauses_of(state: State) -> list[tuple[date, date | None]]:
    """The spans of 复议 and 诉讼 on record."""
    return [(date.fromisoformat(r["from"]), date.fromisoformat(r["to"]) if r.get("to") else None) for r in state["remedies"]]


def instalments(state: State) -> list[tuple[date, Decimal]]:
    """What falls due when: the granted plan, or everything on the last day of the period to pay."""
    plan = state["facts"].get("instalments") or []
    return [(date.fromisoformat(str(row["due"])), money(row["amount"])) for row in plan]


def late_fine(state: State, due: date, until: date) -> Decimal:
    """The additional fine from the day after `due` to `until`, in 元.

    3 % a day of what is due and unpaid that day, not counted during 复议 and 诉讼, never above the principal
    (行政处罚法第七十二条第一款第一项、第七十三条第三款；行政强制法第四十五条第二款). Only the fine bears it, not confiscated gains.
    """
    principal = money((state["facts"].get("decided") or {}).get("fine"))
    plan = instalments(state) or [(due, principal)]
    pauses = pauses_of(state)
    total, day = Decimal(0), min(d for d, _ in plan) + timedelta(days=1)
    while day <= until and total < principal:
        fallen = sum((amount for last, amount in plan if last < day), Decimal(0))
        open_ = min(fallen, principal) - paid(state, day - timedelta(days=1))
        if open_ > 0 and not paused(day, pauses):
            total += open_ * RATE
        day += timedelta(days=1)
    return min(total, principal).quantize(CENT, ROUND_HALF_UP)
