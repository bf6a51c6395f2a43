"""Sound and film 音像记录: which steps the locality's scheme has recorded, and what became of each of them in a case."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.facts import Facts, State
from sanxiang.law.packs import Pack

DEMANDED = ("FULL", "REQUIRED")
"""Levels of a matter that must be recorded; the others leave it to the circumstances."""


def recorded(data: Mapping[str, Any]) -> bool:
    """Does the act bring pictures, sound or film: taken on the spot, or as a piece of evidence of that kind?"""
    return bool(data.get("photos")) or data.get("kind") == "audiovisual"


def to_record(pack: Pack, act: str) -> bool:
    """Does the locality's scheme list this act among what must be recorded in sound or film?"""
    rows = (block.data for block in pack.of_kind("record"))
    return any(row["level"] in DEMANDED and act in row.get("acts", ()) for row in rows)


def unfilmed(state: State) -> list[Mapping[str, Any]]:
    """Steps that had to be recorded and have no recording, with a reason or without."""
    return [row for row in state.get("recordings", ()) if not row["made"]]


def unrecorded(state: State) -> list[Mapping[str, Any]]:
    """Steps that had to be recorded and have neither a recording nor a reason why there is none."""
    return [row for row in unfilmed(state) if not row["reason"]]


def note(state: State, facts: Facts) -> None:
    """Keep of a step that the scheme has recorded whether it was, and if not, why not."""
    if to_record(facts.pack, facts.act.id):
        made = state["n"] if recorded(facts.data) else 0
        reason = "" if made else str(facts.data.get("no_recording") or "").strip()
        row = {"n": state["n"], "label": facts.act.label, "on": facts.on.isoformat()}
        state.setdefault("recordings", []).append({**row, "made": made, "reason": reason})


def supply(state: State, facts: Facts) -> None:
    """A film or a photograph comes in as a piece of evidence: of the step named, or of those of its own day."""
    if facts.data.get("kind") == "audiovisual" and facts.data.get("files"):
        of = int(facts.data.get("record_of") or 0)
        for row in state.get("recordings", ()):
            if not row["made"] and (row["n"] == of if of else row["on"] == facts.on.isoformat()):
                row["made"] = state["n"]
