"""What acts change in a case about a licence 行政许可, and in any that somebody is heard in."""

from typing import Any

from sanxiang.law import clocks
from sanxiang.law.effects import Args, effect
from sanxiang.law.facts import Facts, State
from sanxiang.law.licences import lapsed, terms


@effect("voice")
def voice(state: State, facts: Facts, args: Args) -> None:
    """Somebody was heard on what is to be decided: a review that went before knew nothing of it."""
    state.setdefault("voices", []).append(state["n"])


@effect("licence-terms")
def licence_terms(state: State, facts: Facts, args: Args) -> None:
    """When the application came in, to the second where it came today; and the periods that a law of its own gives the item."""
    known = state["facts"]
    day, now = str(known.get("received_on") or facts.on)[:10], facts.now
    known["received_at"] = f"{now:%Y-%m-%dT%H:%M:%S}" if day == now.date().isoformat() else f"{day}T23:59:59"
    known["registered_at"] = f"{now:%Y-%m-%dT%H:%M:%S}"
    known.setdefault("first_received_at", known["received_at"])
    known.setdefault("asked_on", day)
    known.pop("decide_basis", None)
    if found := terms(facts.pack, known):
        known["decide_days"] = int(found["decide_wd"])
        known["decide_basis"] = found["basis"]


@effect("licence-accepted")
def licence_accepted(state: State, facts: Facts, args: Args) -> None:
    """The day of acceptance: today, or the day on which the application came where nobody asked for more in time."""
    known = state["facts"]
    due = lapsed(facts)
    if due is None:
        told = {"accepted_on": facts.on.isoformat(), "accepted_at": f"{facts.now:%Y-%m-%dT%H:%M:%S}"}
    else:
        day = str(state["clocks"]["lic-correction"]["start"])
        told = {"accepted_on": day, "accepted_at": str(known.get("received_at") or f"{day}T23:59:59")}
        told["accepted_late"] = due.date.isoformat()
    known.update(told)


@effect("licence-refused")
def licence_refused(state: State, facts: Facts, args: Args) -> None:
    """What a later application of the same applicant is held against: was something concealed or falsified?"""
    state["facts"]["refused"] = {"on": facts.on.isoformat(), "at": args["stage"]}
    if facts.data.get("ground") == "false":
        state["facts"]["falsified"] = True


@effect("licence-decided")
def licence_decided(state: State, facts: Facts, args: Args) -> None:
    """The draft becomes the decision; what is granted becomes the licence of the case."""
    known = state["facts"]
    plan: dict[str, Any] = dict(facts.data.get("decision") or known.get("decision") or {})
    known["decided"] = plan
    if plan.get("outcome") == "refuse":
        known["refused"] = {"on": facts.on.isoformat(), "at": "decision"}
        known["falsified"] = bool(plan.get("falsified"))
        return
    if plan.get("outcome") == "grant":
        known["licence"] = {key: plan.get(key, "") for key in LICENCE}
        told = {"licence_no": "number", "licence_content": "content", "licence_until": "valid_until"}
        known.update({fact: plan[key] for fact, key in told.items() if plan.get(key)})


LICENCE = ("number", "content", "valid_from", "valid_until", "conditions")
"""What a licence says."""


@effect("licence-renewed")
def licence_renewed(state: State, facts: Facts, args: Args) -> None:
    """Nobody decided before the licence ran out: it counts as renewed, from the day after."""
    known = state["facts"]
    known["decided"] = {
        "outcome": "grant",
        "deemed": True,
        "content": str(known.get("licence_content") or ""),
    }
    known["licence"] = {
        "number": str(known.get("licence_no") or ""),
        "content": str(known.get("licence_content") or ""),
        "valid_from": str(known.get("licence_until") or ""),
        "valid_until": str(facts.data.get("renewed_until") or ""),
        "conditions": "",
    }
    for name in ("lic-decide", "lic-promised"):
        if name in state["clocks"]:
            clocks.stop(state["clocks"][name], facts.on, facts.act.label)
