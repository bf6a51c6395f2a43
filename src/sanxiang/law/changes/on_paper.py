"""What was written on paper outside the system, put on the books of its case."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.effects import effect
from sanxiang.law.facts import Facts, State

TOLD = ("paper_title", "paper_made_on", "original_at")


@effect("on-paper")
def on_paper(state: State, facts: Facts, args: Mapping[str, Any]) -> None:
    """One paper: its name, its day, where the original lies, and whether there is a scan."""
    row = {name.removeprefix("paper_"): str(facts.data.get(name) or "") for name in TOLD}
    state.setdefault("on_paper", []).append({**row, "scanned": bool(facts.data.get("scan")), "n": state["n"]})
