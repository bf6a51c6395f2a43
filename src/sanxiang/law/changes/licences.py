"""What acts change in a case about a licence, and in any that somebody is heard in."""

from sanxiang.law.effects import Args, effect
from sanxiang.law.facts import Facts, State


@effect("voice")
def voice(state: State, facts: Facts, args: Args) -> None:
    """Somebody was heard on what is to be decided: a review that went before knew nothing of it."""
    state.setdefault("voices", []).append(state["n"])
