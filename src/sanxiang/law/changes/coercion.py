"""What acts of 行政强制 change in a case: the time that a test takes, and the decision that is to be enforced."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.effects import effect
from sanxiang.law.facts import Facts, State

Args = Mapping[str, Any]
TESTING = "检测、检验、检疫或者技术鉴定期间"


@effect("testing-begun")
def testing_begun(state: State, facts: Facts, args: Args) -> None:
    """The days told to the party as those of a test do not count towards the measure's period."""
    told = {
        "from": str(facts.data["test_from"])[:10],
        "to": str(facts.data["test_until"])[:10],
        "reason": TESTING,
    }
    for clock in _running(state, args):
        clock["excluded"].append(dict(told))


@effect("testing-ended")
def testing_ended(state: State, facts: Facts, args: Args) -> None:
    """A test that was over sooner takes no more days than it took; one that took longer has the days that were told."""
    last = str(facts.data.get("tested_on") or facts.on)[:10]
    for clock in _running(state, args):
        rows = [row for row in clock["excluded"] if row["reason"] == TESTING]
        if rows and rows[-1]["from"] <= last < rows[-1]["to"]:
            rows[-1]["to"] = last


def _running(state: State, args: Args) -> list[dict[str, Any]]:
    clocks = (state["clocks"].get(name) for name in args["clocks"])
    return [clock for clock in clocks if clock is not None and not clock["ended"]]


@effect("base-decision")
def base_decision(state: State, facts: Facts, args: Args) -> None:
    """The decision that is to be enforced, in the words that special periods for a suit are found by."""
    told = {"basis": facts.data.get("base_basis", ""), "other": facts.data.get("base_duty", "")}
    if state["procedure"] in args["procedures"]:
        state["facts"]["decided"] = told


@effect("undone")
def undone(state: State, facts: Facts, args: Args) -> None:
    """A decision of coercion was revoked, changed or declared unlawful: nothing of it is carried out any more."""
    state["facts"]["fate"] = str(facts.data[args["field"]])
    for kind in args["papers"]:
        if kind in state["papers"] and state["facts"]["fate"] in ("revoked", "void"):
            state["papers"][kind]["status"] = state["facts"]["fate"]
