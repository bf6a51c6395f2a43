"""What acts change in a case: a closed list of small functions on the state being built.

Each entry of an act's `effects` names one by `do`; `when` makes it depend on what the act says.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sanxiang.law import clocks
from sanxiang.law.disclosure import channels
from sanxiang.law.dossier import PASSING, amended, digest, matter, numbered, parts, who
from sanxiang.law.facts import Facts, State
from sanxiang.law.money import ordered, unpaid
from sanxiang.law.rules import as_tuple
from sanxiang.law.scope import GOODS, for_court, hearing_reasons, proposal, standing

Args = Mapping[str, Any]
Effect = Callable[[State, Facts, Args], None]
EFFECTS: dict[str, Effect] = {}


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register an effect under the name that packs use."""

    def register(function: Effect) -> Effect:
        if name in EFFECTS:
            raise ValueError(f"two effects are called {name}")
        EFFECTS[name] = function
        return function

    return register


# Facts and people


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


@effect("shown")
def shown(state: State, facts: Facts, args: Args) -> None:
    """Each officer present has shown the certificate to these people, the first time at that day or hour."""
    seen, since = state.setdefault("shown", {}), state.setdefault("shown_at", {})
    names = [str(row["name"]) for row in facts.data.get(args["field"]) or ()]
    at = stated_moment(facts)
    for officer in facts.officers:
        if officer.id not in seen or at < since.get(officer.id, ""):
            since[officer.id] = at
        seen[officer.id] = list(dict.fromkeys([*seen.get(officer.id, ()), *names]))


def stated_moment(facts: Facts) -> str:
    """When the act happened as it is told: the minute where one is stated, else the day."""
    return str(facts.data.get("on") or facts.on.isoformat())[:16]


@effect("present")
def present(state: State, facts: Facts, args: Args) -> None:
    """Who was where from when to when, as a record of that day says it. Cases begun under older rules have no such list."""
    told = {key: str(facts.data.get(key) or "") for key in ("began", "ended", "place")}
    who = [officer.id for officer in facts.officers]
    row = {**told, "officers": who, "label": facts.act.label, "n": state["n"]}
    state.setdefault("present", []).append(row)


# Evidence and property


@effect("evidence")
def evidence(state: State, facts: Facts, args: Args) -> None:
    """A record and the files with it join the evidence list, each by digest."""
    given = list(facts.extra.get("evidence", ()))
    if args.get("kind") or not given:
        own = {k: v for k, v in facts.data.items() if k != "on"}
        given = [{"id": f"{facts.act.id}-{state['n']}", "digest": digest(own)}, *given]
    told = {key: facts.data[key] for key in ("title", "proves") if facts.data.get(key)}
    title = facts.act.field("title")
    if title is not None and (mark := title.mark(facts.data)) != "case":
        told["secrecy"] = mark  # papers that list the evidence are then for those alone who may read it
    kind = args.get("kind") or facts.data.get("kind") or facts.act.id
    for item in given:
        piece = {"title": facts.act.label, **told, "kind": kind, **item, "n": state["n"]}
        state["evidence"].append(piece | {"title": numbered(piece["title"], state)})


@effect("evidence-out")
def evidence_out(state: State, facts: Facts, args: Args) -> None:
    """Evidence obtained unlawfully stays on the list and counts no more."""
    chosen = set(facts.data.get(args["field"]) or ())
    for item in state["evidence"]:
        if item["id"] in chosen:
            item["excluded"] = state["n"]


@effect("property-in")
def property_in(state: State, facts: Facts, args: Args) -> None:
    """Things are taken into care, each with a number of its own."""
    for row in facts.data.get(args["field"]) or ():
        number = len(state["property"]) + 1
        state["property"].append(
            {**row, "id": f"W{number:03d}", "status": args.get("status", "held"), "n": state["n"]}
        )
    _handed_over(state, facts)


@effect("property-out")
def property_out(state: State, facts: Facts, args: Args) -> None:
    """Things in care change hands: returned, handed over, confiscated, destroyed; none named means all in that care.

    `of` says which care: `kept` is registered and kept as evidence, `held` taken into custody. The clock `ends` stops
    when nothing is left in it.
    """
    care = args.get("of", "held")
    chosen = set(facts.data.get(args["field"]) or [p["id"] for p in state["property"]])
    status = str(facts.data.get("disposal") or args.get("status"))
    for item in state["property"]:
        if item["id"] in chosen and item["status"] == care:
            item["status"], item["out_n"] = status, state["n"]
    if args.get("ends") and not any(p["status"] == care for p in state["property"]):
        end(state, facts, args["ends"])
    _handed_over(state, facts)


def _handed_over(state: State, facts: Facts) -> None:
    """The goods that were confiscated have come in: with nothing else standing the party has done its duty."""
    if GOODS in ordered(state).get("kinds", ()) and not standing(state):
        end(state, facts, "perform", "court-application-part")
        _done_with(state, facts)


@effect("end-clocks")
def end_clocks(state: State, facts: Facts, args: Args) -> None:
    """These periods are over by what the act says. A pack may name one that only some localities have."""
    end(state, facts, *args["clocks"])


# Money and remedies


def end(state: State, facts: Facts, *names: str) -> None:
    """These periods are over, because what they were for is done."""
    for name in names:
        if name in state["clocks"]:
            clocks.stop(state["clocks"][name], facts.on, facts.act.label)


@effect("pay")
def pay(state: State, facts: Facts, args: Args) -> None:
    """Money has come in, or with `back` was given back."""
    sign = "-" if args.get("back") else ""
    state["payments"].append(
        {
            "on": facts.on.isoformat(),
            "amount": f"{sign}{facts.data['amount']}",
            "receipt": facts.data.get("receipt", ""),
            "kind": facts.data.get("towards") or args.get("kind", "principal"),
            "n": state["n"],
        }
    )
    if unpaid(state) <= 0:
        end(state, facts, "pay")
        _done_with(state, facts)


@effect("performed")
def performed(state: State, facts: Facts, args: Args) -> None:
    """What the decision orders besides money has been carried out, all of it."""
    if facts.data.get("all_performed"):
        end(state, facts, "perform", "court-application-part")
        _done_with(state, facts)


def _done_with(state: State, facts: Facts) -> None:
    """Nothing of the decision is left to be carried out: nobody is urged, no court is asked."""
    left = standing(state)
    if "perform" not in state["clocks"]:
        left &= {GOODS}  # older rules gave other duties no period, and nobody told of them
    if unpaid(state) <= 0 and not left:
        end(state, facts, "urge", *COURT_CLOCKS)
    elif not for_court(facts.pack, state):
        end(state, facts, *COURT_CLOCKS)


@effect("defer")
def defer(state: State, facts: Facts, args: Args) -> None:
    """Later payment or instalments were granted: the period to pay ends with the plan, what went before is kept."""
    rule = facts.pack.limits["pay"]
    due = clocks.last_day(state, "pay", facts.pack, facts.calendar) or facts.on
    state["facts"]["deferral"] = {"on": facts.on.isoformat(), "due": due.isoformat()}
    last = str(facts.data[args["field"]])[:10]
    clocks.start(state, rule, facts.pack, date.fromisoformat(last), facts.act.label, state["n"])
    state["clocks"]["pay"]["n"] = 0


@effect("remedy-open")
def remedy_open(state: State, facts: Facts, args: Args) -> None:
    """复议 or 诉讼 has begun, on the day of the application: the right is used, and the court is not asked to execute meanwhile."""
    day = str(facts.data.get("applied_on") or facts.on)[:10]
    state["remedies"].append({"kind": facts.data["remedy"], "from": day, "to": "", "n": state["n"]})
    end(state, facts, *REMEDY_CLOCKS, *COURT_CLOCKS)


REMEDY_CLOCKS = ("remedy-review", "remedy-suit", "remedy-suit-part", "remedy-suit-after-review")
COURT_CLOCKS = ("court-application", "court-application-part")


@effect("remedy-close")
def remedy_close(state: State, facts: Facts, args: Args) -> None:
    """复议 or 诉讼 has ended with a result, on the day on which the party received it where that is known; after a 复议
    withdrawn the period for a suit is what it was."""
    kind, result = facts.data["remedy"], facts.data.get("result", "")
    for row in reversed(state["remedies"]):
        if row["kind"] == kind and not row["to"]:
            row["to"], row["result"] = str(facts.data.get("received_on") or facts.on)[:10], result
            break
    for name in {"remedy-suit", "remedy-suit-part"} & set(state["clocks"]):
        if kind == "review" and result == "withdrawn":
            state["clocks"][name] |= {"ended": "", "ended_by": ""}


@effect("revoke")
def revoke(state: State, facts: Facts, args: Args) -> None:
    """The decision is changed, revoked, or declared illegal or void. Revoked or void, it binds nobody any more."""
    how = str(facts.data[args["field"]])
    known = state["facts"]
    known["fate"], known["undone"] = how, known.get("decided") or {}
    if how == "changed":
        known["decided"] = amended(known["undone"], facts.data.get("changed_decision") or {})
    elif how in ("revoked", "void"):
        known.pop("decided", None)
        end(state, facts, "pay", "perform", "urge", *COURT_CLOCKS, *REMEDY_CLOCKS)
        papers = state["papers"]
        asked = [k for k in DEMANDS if (papers.get(k) or {}).get("status") == "issued"]
        for kind in (*(k for k in DECISIONS if k in papers), *asked):
            papers[kind]["status"] = how


DECISIONS = ("penalty-decision", "no-penalty-decision", "spot-decision")
DEMANDS = ("payment-notice", "deferral-notice", "late-fine-decision", "urge-notice")
"""What asks for the performance of a decision: not served yet, it falls with the decision."""


@effect("correct")
def correct(state: State, facts: Facts, args: Args) -> None:
    """A slip in a paper is put right; what the decision in force says follows."""
    given = facts.data.get(args["field"])
    if given:
        state["facts"]["decided"] = {**(state["facts"].get("decided") or {}), **given}


# Review, notice, service


@effect("pin-review")
def pin_review(state: State, facts: Facts, args: Args) -> None:
    """The dossier is submitted: a new round, pinned part by part. Who reviewed in an earlier round stays known, and what
    was answered to the problems found last."""
    pinned, answers = parts(state), _answers(state, facts)
    state["review"] = {
        **_reviewers(state),
        **({"answers": answers} if answers else {}),
        "round": state["review"].get("round", 0) + 1,
        "parts": pinned,
        "dossier": digest(pinned),
        "outcome": "",
        "submitted_n": state["n"],
    }


def _reviewers(state: State) -> dict[str, list[str]]:
    """Everybody who has given an opinion in this case: none of them becomes its handler."""
    review = state["review"]
    found = {*review.get("reviewers", ()), review.get("by") or ""} - {""}
    return {"reviewers": sorted(found)} if found else {}


def _answers(state: State, facts: Facts) -> list[dict[str, Any]]:
    """The problems of the last opinion, each with its answer; those of an earlier one where none was given since."""
    review = state["review"]
    if review.get("outcome") in ("", None):
        return list(review.get("answers", ()))
    given = {int(row["no"]): row.get("answer", "") for row in facts.data.get("answers") or ()}
    return [
        {**problem, "no": n, "answer": given.get(n, "")}
        for n, problem in enumerate(review.get("problems", ()), 1)
    ]


@effect("opinion")
def opinion(state: State, facts: Facts, args: Args) -> None:
    """The outcome on the dossier as submitted, the problems found in the order of their numbers, and who answers for it."""
    review, outcome = state["review"], facts.data["outcome"]
    review.update(outcome=outcome, n=state["n"], by=facts.actor.id, on=facts.on.isoformat())
    if outcome not in PASSING:
        review["problems"] = list(facts.data.get("problems") or ())
    if (responsible := facts.data.get("responsible", facts.actor.id)) != facts.actor.id:
        review["reviewers"] = sorted({*review.get("reviewers", ()), responsible})


@effect("notify")
def notify(state: State, facts: Facts, args: Args) -> None:
    """Keep what the party is told, whom, of what, and whether the right to a hearing is told with it."""
    plan = dict(proposal(state))
    offered = bool(hearing_reasons(facts.pack, state)) or bool(facts.data.get("offer_hearing"))
    told = {"hearing": offered, "to": who(state["facts"].get("party") or {}), "about": matter(state)}
    state["facts"]["notified"] = {**plan, **told, "n": state["n"]}


@effect("serve")
def serve(state: State, facts: Facts, args: Args) -> None:
    """The paper named has reached its addressee."""
    kind = str(facts.data.get("paper") or args.get("paper"))
    if kind in state["papers"]:
        state["papers"][kind].update(
            status="served",
            served_on=served_day(facts).isoformat(),
            way=facts.data.get("way", args.get("way", "direct")),
        )


def served_day(facts: Facts) -> date:
    """The day from which periods run: the day of receipt where it differs from the day of the act."""
    given = facts.data.get("served_on")
    return date.fromisoformat(str(given)[:10]) if given else facts.on


@effect("tell")
def tell(state: State, facts: Facts, args: Args) -> None:
    """Keep what the party is told on the spot: the kinds of penalty intended, and the fine where there is one."""
    kinds = list(facts.data.get("told_kinds") or ())
    fine = str(facts.data.get("told_fine") or "") if "fine" in kinds else ""
    state["facts"]["notified"] = {"kinds": kinds, "fine": fine, "n": state["n"]}


# Periods


@effect("extend")
def extend(state: State, facts: Facts, args: Args) -> None:
    """A period is lengthened, with the reason on record."""
    clock = state["clocks"].get(args["clock"])
    if clock is not None:
        n = int(facts.data.get(args.get("field", "days")) or args.get("n", 0))
        reason = str(facts.data.get("reason", ""))
        clock["extensions"].append({"n": n, "unit": args.get("unit", clock["unit"]), "reason": reason})


@effect("other-length")
def other_length(state: State, facts: Facts, args: Args) -> None:
    """A statute gives another length than the scheme; both stay on the clock, with the article."""
    clock = next((state["clocks"][c] for c in as_tuple(args["clock"]) if c in state["clocks"]), None)
    if clock is not None:
        scheme = clock.get("instead", clock)["n"]
        clock["instead"] = {"n": scheme, "basis": str(facts.data.get(args["basis"], ""))}
        clock["n"] = int(facts.data[args["field"]])


@effect("exclude")
def exclude(state: State, facts: Facts, args: Args) -> None:
    """Days that a rule does not count are taken out: testing, appraisal, hearing, public notice."""
    first = state["facts"].get(args["from_fact"]) if "from_fact" in args else None
    if "from_act" in args and args["from_act"] in state["last"]:
        first = state["last"][args["from_act"]]["on"]
    start = str(first or facts.data.get(args.get("from_field", "from")) or facts.on)[:10]
    last = str(facts.data.get(args.get("to_field", "to")) or facts.on)[:10]
    for name in args["clocks"]:
        clock = state["clocks"].get(name)
        if clock is not None and not clock["ended"] and start <= last:
            reason = args.get("reason", facts.act.label)
            clock["excluded"].append({"from": start, "to": last, "reason": reason})


@effect("suspend")
def suspend(state: State, facts: Facts, args: Args) -> None:
    """The handling is interrupted for a reason of the law; any number of times, each with its resumption."""
    reason = str(facts.data.get("reason", ""))
    row = {"from": facts.on.isoformat(), "to": "", "reason": reason, "act": facts.act.id}
    state["suspensions"].append(row)
    for name in args["clocks"]:
        clock = state["clocks"].get(name)
        if clock is not None and not clock["ended"]:
            clock["suspended"] = clock["suspended"] or facts.on.isoformat()


@effect("resume")
def resume(state: State, facts: Facts, args: Args) -> None:
    """The interruption that the act `of` began ends. The days do not count from the first one's beginning to the end of
    the last: a case that is with the police stands still, though its investigation was taken up again. Where the rules
    of an older case name no act, it is the last interruption that ends."""
    of = args.get("of")
    for row in reversed(state["suspensions"]):
        if not row["to"] and (not of or row.get("act", of) == of):
            row["to"] = facts.on.isoformat()
            break
    if any(not row["to"] for row in state["suspensions"]):
        return
    for name in args["clocks"]:
        clock = state["clocks"].get(name)
        if clock is not None and clock["suspended"]:
            if clock["suspended"] <= facts.on.isoformat():
                clock["excluded"].append(
                    {"from": clock["suspended"], "to": facts.on.isoformat(), "reason": "中止期间"}
                )
            clock["suspended"] = ""


@effect("restart")
def restart(state: State, facts: Facts, args: Args) -> None:
    """A period begins anew: today, or on a day that the act names; as long as the act says, or as its rule."""
    rule = facts.pack.limits[args["clock"]]
    day = facts.data.get(args["field"]) if "field" in args else None
    first = date.fromisoformat(str(day)[:10]) if day else facts.on
    clocks.start(state, rule, facts.pack, first, facts.act.label, state["n"])
    if args.get("n_field") and facts.data.get(args["n_field"]):
        state["clocks"][rule.id]["n"] = int(facts.data[args["n_field"]])


# The end of a case, and after


@effect("close")
def close(state: State, facts: Facts, args: Args) -> None:
    """The case is over, in one of the ways that the law knows."""
    state["closed"] = args["how"]


@effect("reopen")
def reopen(state: State, facts: Facts, args: Args) -> None:
    """A revoked decision puts the case back; what was decided, told and reviewed stays in the ledger alone."""
    state["closed"] = ""
    state["review"] = {**_reviewers(state), "round": state["review"].get("round", 0)}
    told = channels.up(state["publication"])
    state["publication"] = {"channels": told} if told else {}  # what hang in other places still hangs there
    for name in (
        "decision",
        "decided",
        "notified",
        "fate",
        "deferral",
        "instalments",
        "late_fine",
        "all_performed",
        "goods_left",
    ):
        state["facts"].pop(name, None)
