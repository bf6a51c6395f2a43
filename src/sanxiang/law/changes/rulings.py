"""What acts change in a confirmation 行政确认 and in an adjudication 行政裁决, where each paper goes to every side."""

from sanxiang.law import rulings
from sanxiang.law.effects import REMEDY_CLOCKS, Args, effect, end
from sanxiang.law.facts import Facts, State


@effect("side-served")
def side_served(state: State, facts: Facts, args: Args) -> None:
    """One side has the paper. It counts as served when every side that it is for has it, on the day of the last.

    A paper for one side alone (`ONE_SIDED`) is served when that side has it.
    """
    kind, side = str(facts.data.get("paper")), str(facts.data.get("side"))
    row = {
        "what": rulings.mark_of(state, kind),
        "to": side,
        "on": str(facts.data.get("served_on") or facts.on),
    }
    state["facts"].setdefault("given", []).append(row)
    wanted = ONE_SIDED.get(kind) or rulings.sides(state["facts"])
    others = [one for one in wanted if one in rulings.sides(state["facts"])]
    if kind in state["papers"] and not all(rulings.has(state, one, kind) for one in others):
        state["papers"][kind].update(status="issued", served_on="")


ONE_SIDED = {
    "adj-correction": (rulings.APPLICANT,),
    "adj-nonacceptance": (rulings.APPLICANT,),
    "adj-answer-notice": (rulings.RESPONDENT, rulings.THIRD),
}
"""Papers that go to these sides alone: what only an applicant is asked, the call to answer the application."""


@effect("submitted")
def submitted(state: State, facts: Facts, args: Args) -> None:
    """A side has handed something in; the others have still to see it."""
    rows = state["facts"].setdefault("submissions", [])
    side = str(args.get("side") or facts.data.get("side"))
    title = str(facts.data.get("title") or args.get("title") or facts.act.label)
    rows.append({"no": len(rows) + 1, "side": side, "title": title, "to": [], "n": state["n"]})


@effect("passed")
def passed(state: State, facts: Facts, args: Args) -> None:
    """What one side handed in was given to another, which was heard on it."""
    for row in state["facts"].get("submissions") or ():
        if str(row["no"]) == str(facts.data.get("submission")):
            row["to"] = sorted({*row["to"], str(facts.data.get("side"))})


@effect("ruling-revoked")
def ruling_revoked(state: State, facts: Facts, args: Args) -> None:
    """What was confirmed or refused is undone: its papers bind nobody any more, and nobody has to seek a remedy against them."""
    state["facts"]["fate"], state["facts"]["undone"] = "revoked", state["facts"].pop("decided", {})
    end(state, facts, *REMEDY_CLOCKS)
    for kind in args.get("papers", ()):
        if kind in state["papers"]:
            state["papers"][kind]["status"] = "revoked"
