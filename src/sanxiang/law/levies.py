"""What a levy 征收 or a fee 收费 comes to: assessed, relieved, paid, and the late charge 滞纳金 counted day by day. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sanxiang.law.facts import State
from sanxiang.law.money import money, ordered, paid, plain
from sanxiang.law.packs import Pack

PRINCIPAL, LATE, COMPENSATION = "levy", "levy-late", "compensation"
"""How payments towards the levy and its late charge, and out to an owner, are marked, so that no fine is mixed with them."""

RATES = "levy.late_rates"
CODE_LENGTH = 20
"""缴款识别码: so many digits."""


def number(value: Any) -> Decimal | None:
    """A quantity or a standard as it was typed; None when it is no number above zero."""
    try:
        found = Decimal(str(value).replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and found > 0 else None


def line_amount(line: Mapping[str, Any]) -> Decimal | None:
    """数量 × 标准, to the fen; None where one of them is no number."""
    quantity, standard = number(line.get("quantity")), number(line.get("standard"))
    return money(quantity * standard) if quantity is not None and standard is not None else None


def assessed(lines: Iterable[Mapping[str, Any]]) -> Decimal:
    """The sum of all lines that can be reckoned."""
    return sum((amount for line in lines if (amount := line_amount(line)) is not None), Decimal(0))


def payable(state: State) -> Decimal:
    """What the decision in force orders, less what was remitted since."""
    given = sum((money(row["amount"]) for row in state["facts"].get("eased") or ()), Decimal(0))
    return max(money(ordered(state).get("payable")) - given, Decimal(0))


def levy_open(state: State) -> Decimal:
    """What is still to be paid; below zero when too much has come in."""
    return payable(state) - paid(state, kind=PRINCIPAL)


def late_open(state: State) -> Decimal:
    """What of the late charge that was decided is still to be paid."""
    return money(state["facts"].get("late_charge")) - paid(state, kind=LATE)


@dataclass(frozen=True)
class Span:
    """Days on which the same sum was open: the first, the last, how many, that sum, and what they come to."""

    first: str
    last: str
    days: int
    base: str
    amount: str


def late_spans(state: State, due: date, until: date, rate: Decimal) -> list[Span]:
    """The late charge from the day after `due` to `until`, by spans of one open sum. A payment counts from its own day on."""
    spans: list[tuple[date, date, Decimal]] = []
    day = due + timedelta(days=1)
    while day <= until:
        base = payable(state) - paid(state, day, kind=PRINCIPAL)
        if base > 0:
            if spans and spans[-1][2] == base and spans[-1][1] == day - timedelta(days=1):
                spans[-1] = (spans[-1][0], day, base)
            else:
                spans.append((day, day, base))
        day += timedelta(days=1)
    return [_span(first, last, base, rate) for first, last, base in spans]


def _span(first: date, last: date, base: Decimal, rate: Decimal) -> Span:
    days = (last - first).days + 1
    amount = money(base * rate * days)
    return Span(first.isoformat(), last.isoformat(), days, plain(base), plain(amount))


def late_most(state: State, due: date, until: date, rate: Decimal) -> Decimal:
    """The most that may be charged: the days' sum, never above the levy itself (行政强制法第四十五条第二款)."""
    total = sum((money(span.amount) for span in late_spans(state, due, until, rate)), Decimal(0))
    return min(total, payable(state))


def late_rate(pack: Pack, state: State) -> tuple[Decimal | None, str]:
    """The daily rate that a statute gives for this kind of levy, and its article; None where none does."""
    kind = state["facts"].get("levy_kind")
    row = next((row for row in pack.setting(RATES, ()) if row.get("kind") == kind), None)
    return (Decimal(str(row["rate"])), str(row["citation"])) if row else (None, "")


def spans_as_rows(spans: Iterable[Span]) -> list[dict[str, Any]]:
    """The reckoning as JSON, for the case and its papers."""
    return [asdict(span) for span in spans]


# Requisition


def requisitioned(state: State, *statuses: str) -> list[dict[str, Any]]:
    """The things taken over that stand so now."""
    return [item for item in state["property"] if item.get("status") in statuses]


USED, RETURNED, DAMAGED, LOST = "requisitioned", "returned", "damaged", "lost"
"""In use; given back whole; given back damaged; not to be given back: destroyed, lost or used up."""


def to_compensate(state: State) -> bool:
    """Is compensation due? For the use of every thing that was taken over, unless its owner has given it up in writing."""
    return bool(requisitioned(state, USED, RETURNED, DAMAGED, LOST))


def compensation(plan: Mapping[str, Any]) -> Decimal:
    """What a decision on compensation comes to: for the use, and for what was damaged or lost."""
    return money(plan.get("use_amount")) + money(plan.get("loss_amount"))


def account(state: State) -> tuple[str, Decimal, Decimal] | None:
    """What the money of such a case is called, what is due and what has passed hands; None where the case is of another kind."""
    known = state["facts"]
    if known.get("compensation") or any(p.get("kind") == COMPENSATION for p in state["payments"]):
        rows = {str(row.get("holder")): money(row.get("amount")) for row in holders(state)}
        due = money(known.get("compensation")) or sum(rows.values(), Decimal(0))
        return "补偿支付", due, paid(state, kind=COMPENSATION)
    if not ordered(state).get("payable") and not any(
        p.get("kind") in (PRINCIPAL, LATE) for p in state["payments"]
    ):
        return None
    due = payable(state) + money(known.get("late_charge"))
    return "征收（收费）款缴纳", due, paid(state, kind=PRINCIPAL) + paid(state, kind=LATE)


def holders(state: State) -> list[Mapping[str, Any]]:
    """Owners and users of land with what is agreed or decided for each; a decision stands for the agreement that was not made."""
    return [*(state["facts"].get("holders") or ()), *(state["facts"].get("decided_for") or ())]
