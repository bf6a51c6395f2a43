"""Who has a hand in a case: who finds it out, and who reviews it. Nobody does both, and who reviewed it does not decide it."""

from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act


def finds_out(act: Act) -> bool:
    """Does whoever does this act, or is named in it, take part in finding out the case: an enforcement act, or evidence?"""
    return act.enforcement or any(e["do"] == "evidence" for e in act.effects)


def never_handled(state: State) -> bool:
    """Has nobody been made handler of the case yet? Where all handlers withdrew or left, it had some and waits for new ones."""
    return not state["handlers"] and not state["former_handlers"]


def taking_part(pack: Pack, state: State) -> set[str]:
    """Ids of those who handle the case, handled it, or took part in finding it out.

    The state of an older case keeps no list of the last: there it is who showed a certificate, who was present, and who
    did each act last.
    """
    handled = {*state["handlers"], *state["former_handlers"]}
    present = {officer for row in state.get("present") or () for officer in row["officers"]}
    known = [name for name in state["last"] if name in pack.acts and finds_out(pack.acts[name])]
    did = {str(state["last"][name]["by"]) for name in known}
    return {*handled, *state.get("involved", ()), *(state.get("shown") or ()), *present, *did} - {""}


def reviewing(state: State) -> set[str]:
    """Ids of those who gave an opinion in this case, in whatever round, or answer for one."""
    review = state["review"]
    return {*review.get("reviewers", ()), str(review.get("by") or "")} - {""}
