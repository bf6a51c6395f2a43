"""What an electronic seal changes: the paper has a sealed file beside the one that was issued."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.effects import effect
from sanxiang.law.facts import Facts, State


@effect("seal")
def seal(state: State, facts: Facts, args: Mapping[str, Any]) -> None:
    """The paper bears the agency's seal from now on; the file and the certificate come from the door."""
    told = facts.extra.get("sealed") or {}
    paper = state["papers"].get(str(facts.data.get("paper")))
    if paper is not None:
        paper["sealed"] = {
            "pdf": told.get("pdf", ""),
            "certificate": told.get("certificate", ""),
            "on": facts.on.isoformat(),
            "n": state["n"],
        }
