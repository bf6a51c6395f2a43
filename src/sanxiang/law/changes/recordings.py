"""What acts change in the book of recordings 音像记录."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.effects import effect
from sanxiang.law.facts import Facts, State
from sanxiang.law.recording import book
from sanxiang.law.recording.means import clips_of

Args = Mapping[str, Any]


@effect("recording")
def recording(state: State, facts: Facts, args: Args) -> None:
    """Whether a step that must be recorded was, or why not; with `late` what comes in afterwards of an earlier one."""
    (book.supply if args.get("late") else book.note)(state, facts)
    devices = {clip["device"] for clip in clips_of(facts.data) if clip["device"]}
    if devices:
        state["devices"] = sorted({*state.get("devices", ()), *devices})


@effect("recording-explained")
def recording_explained(state: State, facts: Facts, args: Args) -> None:
    """Why a step has no recording, or one with holes, or needs none."""
    book.explain(state, facts)


@effect("recording-approved")
def recording_approved(state: State, facts: Facts, args: Args) -> None:
    """A head lets what was explained stand, or does not."""
    book.approve(state, facts)


@effect("recordings-closed")
def recordings_closed(state: State, facts: Facts, args: Args) -> None:
    """With the closing the reasons and approvals that it brings are kept beside the steps they are for."""
    if state.get("recordings"):
        state["recordings"] = book.at_closing(state["recordings"], facts.data, state["n"])
