"""What acts change in the marks 标注 that tie a second of a recording to a paragraph of a paper."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.effects import effect
from sanxiang.law.facts import Facts, State

Args = Mapping[str, Any]


@effect("mark-recording")
def mark_recording(state: State, facts: Facts, args: Args) -> None:
    """One more mark; the paper is the one that stood for its kind at that moment."""
    kind = str(facts.data["marked_paper"])
    paper = state["papers"][kind]
    state.setdefault("marks", []).append(
        {
            "clip": str(facts.data["clip"]).strip().lower(),
            "second": int(facts.data["second"]),
            "kind": kind,
            "paper": paper["id"],
            "paragraph": int(facts.data["paragraph"]),
            "note": str(facts.data.get("mark_note") or "").strip(),
            "n": state["n"],
        }
    )


@effect("withdraw-mark")
def withdraw_mark(state: State, facts: Facts, args: Args) -> None:
    """A wrong mark stands no more; that it was made, and why it was taken back, stays."""
    number = int(facts.data["mark_no"])
    told = {"withdrawn": state["n"], "why": str(facts.data["reason"]).strip()}
    state["marks"] = [{**one, **told} if one["n"] == number else one for one in state.get("marks", ())]


def marks_of(state: State) -> list[Mapping[str, Any]]:
    """The marks of a case that stand, in the order in which they were made."""
    return [one for one in state.get("marks", ()) if not one.get("withdrawn")]
