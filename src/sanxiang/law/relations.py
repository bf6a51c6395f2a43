"""What cases are to one another, in words, and the links that a case keeps. Pure."""

from typing import Any

from sanxiang.law.facts import State

HOW = {"source": "来源", "derived": "派生", "basis": "依据"}
"""What the other case is to this one: where it came from, what came of it, what it rests on."""
BACK = {"source": "派生", "derived": "来源", "basis": "以本案为依据"}
"""What the case that has the link is to the other one."""


def linked(state: State) -> list[dict[str, Any]]:
    """The links that the case itself keeps; cases begun under older rules have no such list."""
    found: list[dict[str, Any]] = state.get("links", [])
    return found
