"""Levies, fees, the taking of land and requisitions: every step under its own law, sums by lines, the late charge by days."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sanxiang.law import levies
from sanxiang.law.facts import empty_state
from sanxiang.law.packs import load_pack

PROCEDURES = ("levy", "fee", "land-levy", "requisition")


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_nothing_is_asked_under_the_law_of_penalties(procedure: str) -> None:
    law = load_pack("laizhou").read_by(procedure)
    acts = law.acts_of(procedure)
    named = {guard.id: str(guard.citation) for act in acts for guard in law.guards_of(act.id, procedure)}
    named |= {act.id: str(act.citation) for act in acts}
    named |= {rule.id: str(rule.citation) for rule in law.limits_of(procedure)}
    named |= {stage.id: str(stage.citation) for stage in law.stages_of(procedure)}
    assert {name: cite for name, cite in named.items() if "行政处罚法" in cite} == {}
    assert all(stage.records for stage in law.stages_of(procedure))


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_stage_can_be_reached_and_left(procedure: str) -> None:
    law = load_pack("lingchuan").read_by(procedure)
    rule, acts = law.procedures[procedure], law.acts_of(procedure)
    reached = {rule.start, *(act.to for act in acts)}
    assert {name for name, _ in rule.stages} <= reached
    leaving = {stage for act in acts if act.to for stage in act.stages}
    assert {name for name, _ in rule.stages} - leaving == {"archived"}


def state_of(payable: str, *payments: tuple[str, str]) -> dict[str, Any]:
    """A levy decided, with what came in when."""
    state = empty_state("levy", "execution")
    state["facts"]["decided"] = {"payable": payable}
    state["payments"] = [{"on": on, "amount": amount, "kind": "levy"} for on, amount in payments]
    return state


RATE = Decimal("0.0005")
DUE = date(2026, 3, 30)


@pytest.mark.parametrize(
    ("until", "most"),
    [
        pytest.param(date(2026, 3, 30), "0", id="last day"),
        pytest.param(date(2026, 3, 31), "0.70", id="first day over"),
        pytest.param(date(2026, 4, 9), "7.00", id="ten days"),
        pytest.param(date(2031, 9, 19), "1399.30", id="1999 days"),
        pytest.param(date(2031, 9, 20), "1400.00", id="2000 days"),
        pytest.param(date(2031, 9, 21), "1400.00", id="never above the levy"),
    ],
)
def test_the_late_charge_grows_by_the_day_up_to_the_levy(until: date, most: str) -> None:
    assert levies.late_most(state_of("1400"), DUE, until, RATE) == Decimal(most)


def test_what_was_paid_bears_nothing_from_its_own_day_on() -> None:
    state = state_of("1400", ("2026-04-06", "700"))
    spans = levies.late_spans(state, DUE, date(2026, 4, 9), RATE)
    assert [(s.first, s.last, s.days, s.base, s.amount) for s in spans] == [
        ("2026-03-31", "2026-04-05", 6, "1400", "4.2"),
        ("2026-04-06", "2026-04-09", 4, "700", "1.4"),
    ]


@pytest.mark.parametrize(
    ("quantity", "standard", "amount"),
    [
        ("1000", "1.4", "1400.00"),
        ("1,000.5", "0.015", "15.01"),
        ("千", "1.4", None),
        ("10", "0", None),
        ("10", "-1", None),
    ],
)
def test_a_line_is_quantity_times_standard(quantity: str, standard: str, amount: str | None) -> None:
    found = levies.line_amount({"quantity": quantity, "standard": standard})
    assert found == (None if amount is None else Decimal(amount))
