"""What a signature changes: it is on the case's list, with the paper, the text and the place that it is for."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.effects import effect
from sanxiang.law.facts import Facts, State


@effect("sign")
def sign(state: State, facts: Facts, args: Mapping[str, Any]) -> None:
    """One signature, or that it was refused. Names of witnesses and strokes stay with the act that took them."""
    paper = facts.extra.get("signing") or {}
    row = {
        "paper": str(facts.data.get("paper_id") or ""),
        "kind": str(paper.get("kind", "")),
        "digest": str(facts.data.get("paper_digest") or ""),
        "place": str(facts.data.get("place") or ""),
        "way": str(args["way"]),
        "places": list(paper.get("places", ())),
        "on": facts.now.isoformat(timespec="minutes"),
        "n": state["n"],
    }
    row |= {"by": facts.actor.id} if args["way"] == "certificate" else {}
    row |= {"files": [one["digest"] for one in facts.data["scan"]]} if args["way"] == "scan" else {}
    told = facts.extra.get("signed") or {}
    row |= {key: told[key] for key in ("pdf", "sight", "trace") if key in told}
    state.setdefault("signatures", []).append(row)
