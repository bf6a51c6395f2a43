"""What acts change in a case: a closed list of small functions on the state being built."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sanxiang.law.dossier import digest, parts
from sanxiang.law.facts import Facts, State
from sanxiang.law.scope import hearing_reasons, proposal

Args = Mapping[str, Any]
Effect = Callable[[State, Facts, Args], None]
EFFECTS: dict[str, Effect] = {}


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register an effect under the name that packs use."""

    def register(function: Effect) -> Effect:
        EFFECTS[name] = function
        return function

    return register


@effect("set")
def set_fact(state: State, facts: Facts, args: Args) -> None:
    """A standing fact takes a fixed value."""
    state["facts"][args["fact"]] = args["value"]


@effect("copy")
def copy_fact(state: State, facts: Facts, args: Args) -> None:
    """A standing fact is kept under a second name, as it is now."""
    state["facts"][args["to"]] = state["facts"].get(args["from"])


@effect("clear")
def clear_fact(state: State, facts: Facts, args: Args) -> None:
    """Standing facts are forgotten (the acts that set them stay in the ledger)."""
    for name in args["facts"]:
        state["facts"].pop(name, None)


@effect("handlers")
def handlers(state: State, facts: Facts, args: Args) -> None:
    """The named officers take over the case; who leaves stays known as a former handler."""
    new = list(dict.fromkeys(facts.data.get(args["field"]) or ()))
    gone = [h for h in state["handlers"] if h not in new]
    state["former_handlers"] = sorted({*state["former_handlers"], *gone} - set(new))
    state["handlers"] = new


@effect("recuse")
def recuse(state: State, facts: Facts, args: Args) -> None:
    """The person decided upon leaves the case."""
    if facts.data.get("granted"):
        who = str(facts.data.get(args["field"]) or state["facts"].get("recusal_of") or "")
        state["recused"] = sorted({*state["recused"], who} - {""})
        if who in state["handlers"]:
            state["handlers"] = [h for h in state["handlers"] if h != who]
            state["former_handlers"] = sorted({*state["former_handlers"], who})


@effect("evidence")
def evidence(state: State, facts: Facts, args: Args) -> None:
    """A record or a file joins the evidence list, by digest."""
    given = list(facts.extra.get("evidence", ()))
    if not given:
        own = {k: v for k, v in facts.data.items() if k != "on"}
        given = [{"id": f"{facts.act.id}-{state['n']}", "digest": digest(own)}]
    told = {key: facts.data[key] for key in ("title", "proves") if facts.data.get(key)}
    kind = args.get("kind") or facts.data.get("kind") or facts.act.id
    for item in given:
        state["evidence"].append({"title": facts.act.label, **told, **item, "kind": kind, "n": state["n"]})


@effect("property-in")
def property_in(state: State, facts: Facts, args: Args) -> None:
    """Things are taken into care, each with a number of its own."""
    for row in facts.data.get(args["field"]) or ():
        number = len(state["property"]) + 1
        state["property"].append({**row, "id": f"W{number:03d}", "status": args.get("status", "held"), "n": state["n"]})


@effect("property-out")
def property_out(state: State, facts: Facts, args: Args) -> None:
    """Things in care change hands: returned, handed over, confiscated, destroyed; none named means all."""
    chosen = set(facts.data.get(args["field"]) or [p["id"] for p in state["property"]])
    status = str(facts.data.get("disposal") or args.get("status"))
    for item in state["property"]:
        if item["id"] in chosen and item["status"] in ("held", "kept"):
            item["status"], item["out_n"] = status, state["n"]


@effect("pay")
def pay(state: State, facts: Facts, args: Args) -> None:
    """Money has come in."""
    state["payments"].append({
        "on": facts.on.isoformat(), "amount": facts.data["amount"], "receipt": facts.data.get("receipt", ""),
        "kind": facts.data.get("towards") or args.get("kind", "principal"), "n": state["n"],
    })


@effect("remedy-open")
def remedy_open(state: State, facts: Facts, args: Args) -> None:
    """复议 or 诉讼 has begun."""
    state["remedies"].append({"kind": facts.data["remedy"], "from": facts.on.isoformat(), "to": "", "n": state["n"]})


@effect("remedy-close")
def remedy_close(state: State, facts: Facts, args: Args) -> None:
    """复议 or 诉讼 has ended with a result."""
    for row in reversed(state["remedies"]):
        if row["kind"] == facts.data["remedy"] and not row["to"]:
            row["to"], row["result"] = facts.on.isoformat(), facts.data.get("result", "")
            break


@effect("pin-review")
def pin_review(state: State, facts: Facts, args: Args) -> None:
    """The dossier is submitted: a new round, pinned part by part."""
    review = state["review"]
    pinned = parts(state)
    state["review"] = {"round": review.get("round", 0) + 1, "parts": pinned, "dossier": digest(pinned), "outcome": "", "submitted_n": state["n"]}


@effect("opinion")
def opinion(state: State, facts: Facts, args: Args) -> None:
    """The reviewer's outcome on the dossier as submitted."""
    state["review"].update(outcome=facts.data["outcome"], n=state["n"], by=facts.actor.id, on=facts.on.isoformat())


@effect("notify")
def notify(state: State, facts: Facts, args: Args) -> None:
    """Keep what the party is told, and whether the right to a hearing is told with it."""
    plan = dict(proposal(state))
    offered = bool(hearing_reasons(facts.pack, state)) or bool(facts.data.get("offer_hearing"))
    state["facts"]["notified"] = {**plan, "hearing": offered, "n": state["n"]}


@effect("serve")
def serve(state: State, facts: Facts, args: Args) -> None:
    """The paper named has reached its addressee."""
    kind = str(facts.data.get("paper") or args.get("paper"))
    if kind in state["papers"]:
        state["papers"][kind].update(status="served", served_on=served_day(facts).isoformat(), way=facts.data.get("way", args.get("way", "direct")))


def served_day(facts: Facts) -> date:
    """The day from which periods run: the day of receipt where it differs from the day of the act."""
    given = facts.data.get("served_on")
    return date.fromisoformat(str(given)[:10]) if given else facts.on


@effect("extend")
def extend(state: State, facts: Facts, args: Args) -> None:
    """A period is lengthened, with the reason on record."""
    clock = state["clocks"].get(args["clock"])
    if clock is not None:
        n = int(facts.data.get(args.get("field", "days")) or args.get("n", 0))
        clock["extensions"].append({"n": n, "unit": args.get("unit", clock["unit"]), "reason": str(facts.data.get("reason", ""))})


@effect("exclude")
def exclude(state: State, facts: Facts, args: Args) -> None:
    """Days that the law does not count are taken out: testing, appraisal, hearing, public notice."""
    first = state["facts"].get(args["from_fact"]) if "from_fact" in args else None
    if "from_act" in args and args["from_act"] in state["last"]:
        first = state["last"][args["from_act"]]["on"]
    start = str(first or facts.data.get(args.get("from_field", "from")) or facts.on)[:10]
    end = str(facts.data.get(args.get("to_field", "to")) or facts.on)[:10]
    for name in args["clocks"]:
        clock = state["clocks"].get(name)
        if clock is not None and not clock["ended"] and start <= end:
            clock["excluded"].append({"from": start, "to": end, "reason": args.get("reason", facts.act.label)})


@effect("suspend")
def suspend(state: State, facts: Facts, args: Args) -> None:
    """The handling is interrupted for a reason of the law; any number of times, each with its resumption."""
    state["suspensions"].append({"from": facts.on.isoformat(), "to": "", "reason": str(facts.data.get("reason", ""))})
    for name in args["clocks"]:
        clock = state["clocks"].get(name)
        if clock is not None and not clock["ended"]:
            clock["suspended"] = facts.on.isoformat()


@effect("resume")
def resume(state: State, facts: Facts, args: Args) -> None:
    """The interruption ends; the days between do not count."""
    if state["suspensions"]:
        state["suspensions"][-1]["to"] = facts.on.isoformat()
    for name in args["clocks"]:
        clock = state["clocks"].get(name)
        if clock is not None and clock["suspended"]:
            if clock["suspended"] <= facts.on.isoformat():
                clock["excluded"].append({"from": clock["suspended"], "to": facts.on.isoformat(), "reason": "中止期间"})
            clock["suspended"] = ""


@effect("restart")
def restart(state: State, facts: Facts, args: Args) -> None:
    """A period starts anew from a day that the act names, such as the last day of a deferral.

    With `later` it never starts earlier than it did: a deferral must not eat up the time to apply to the court.
    """
    clock = state["clocks"].get(args["clock"])
    day = facts.data.get(args["field"])
    if clock is not None and day and not (args.get("later") and str(day)[:10] < clock["start"]):
        clock.update(start=str(day)[:10], event=facts.act.label, act_n=state["n"], n=args.get("n", clock["n"]), extensions=[], ended="")


@effect("publication")
def publication(state: State, facts: Facts, args: Args) -> None:
    """The publication's place in its life: prepared, confirmed, published, withdrawn, exempt."""
    digest_now = facts.data.get("digest") or facts.extra.get("publication_digest") or state["publication"].get("digest", "")
    state["publication"] = {**state["publication"], "status": args["status"], "digest": digest_now, "n": state["n"], "by": facts.actor.id}


@effect("close")
def close(state: State, facts: Facts, args: Args) -> None:
    """The case is over, in one of the ways that the law knows; `procedure` then ends the clocks that do not outlive it."""
    state["closed"] = args["how"]


@effect("reopen")
def reopen(state: State, facts: Facts, args: Args) -> None:
    """A revoked decision puts the case back to a stage; what was decided stays in the ledger."""
    state["closed"] = ""
    state["stage"] = str(args["stage"])
