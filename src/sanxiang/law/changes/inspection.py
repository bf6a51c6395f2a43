"""What inspections change: how often the party was inspected this year, as it is told on the notice."""

from sanxiang.law.conditions.inspection import frequency
from sanxiang.law.effects import Args, effect
from sanxiang.law.facts import Facts, State


@effect("inspection-frequency")
def inspection_frequency(state: State, facts: Facts, args: Args) -> None:
    """Which inspection of the year this is, with the cap and whether it counts, kept for the notice."""
    told = frequency(facts, "inspection.cap", "inspection.exempt")
    cap = "尚未公布" if told["cap"] is None else f"{told['cap']}次"
    state["facts"]["frequency"] = {**{key: told[key] for key in ("year", "count", "free")}, "cap": cap}
