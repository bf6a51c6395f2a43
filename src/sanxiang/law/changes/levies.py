"""What levies, fees, requisitions and the taking of land change in a case."""

from datetime import date
from typing import Any

from sanxiang.law import clocks, levies
from sanxiang.law.effects import Args, effect, end
from sanxiang.law.facts import Facts, State
from sanxiang.law.money import money, plain

DRAFTED = ("fee_item", "fee_code", "treasury", "relief_basis", "found", "evidence_text", "basis", "pay_days")
"""What the assessment says of itself and the decision repeats."""

COLLECTING = ("levy-pay", "levy-order", "levy-demand", "levy-court")
"""Periods that are over when nothing is open any more."""


@effect("levy-assess")
def levy_assess(state: State, facts: Facts, args: Args) -> None:
    """The draft of the decision, with every sum reckoned from quantity and standard: nobody types a product."""
    lines = [dict(line) for line in facts.data.get("lines") or ()]
    for line in lines:
        amount = levies.line_amount(line)
        line["amount"] = plain(amount) if amount is not None else ""
    total, relief = levies.assessed(lines), money(facts.data.get("relief"))
    draft: dict[str, Any] = {name: facts.data[name] for name in DRAFTED if name in facts.data}
    draft |= {"lines": lines, "assessed": plain(total), "relief": plain(relief)}
    state["facts"]["decision"] = draft | {"payable": plain(max(total - relief, money(0)))}


@effect("levy-pay")
def levy_pay(state: State, facts: Facts, args: Args) -> None:
    """Money has reached the treasury, or with `back` was given back, on the day that the receipt states."""
    sign = "-" if args.get("back") else ""
    kind = levies.LATE if facts.data.get("towards") == "late" else levies.PRINCIPAL
    day = str(facts.data.get("paid_on") or facts.on.isoformat())[:10]
    state["payments"].append(
        {
            "on": day,
            "amount": f"{sign}{facts.data['amount']}",
            "receipt": facts.data.get("receipt", ""),
            "kind": kind,
            "n": state["n"],
        }
    )
    if levies.levy_open(state) <= 0:
        end(state, facts, "levy-pay", "levy-order")
        if levies.late_open(state) <= 0:
            end(state, facts, *COLLECTING)


@effect("levy-ease")
def levy_ease(state: State, facts: Facts, args: Args) -> None:
    """Part or all is remitted, or payment is put off: the period to pay then ends on the day granted."""
    if facts.data.get("relief_kind") == "defer":
        until = date.fromisoformat(str(facts.data["deferred_until"])[:10])
        rule = facts.pack.limits["levy-pay"]
        clocks.start(state, rule, facts.pack, until, facts.act.label, state["n"])
        state["clocks"]["levy-pay"]["n"] = 0
        return
    whole = facts.data.get("relief_kind") == "exempt"
    amount = levies.levy_open(state) if whole else money(facts.data.get("eased_amount"))
    rows = state["facts"].setdefault("eased", [])
    rows.append({"on": facts.on.isoformat(), "amount": plain(amount), "n": state["n"]})
    if levies.levy_open(state) <= 0:
        end(state, facts, *COLLECTING)


@effect("levy-late")
def levy_late(state: State, facts: Facts, args: Args) -> None:
    """The late charge with its reckoning by days, so that the party can check it."""
    due = clocks.last_day(state, "levy-order", facts.pack, facts.calendar)
    rate, citation = levies.late_rate(facts.pack, state)
    if due is None or rate is None:
        return
    spans = levies.late_spans(state, due, facts.on, rate)
    state["facts"]["late_reckoning"] = {
        "rate": f"{rate:f}",
        "citation": citation,
        "due": due.isoformat(),
        "until": facts.on.isoformat(),
        "spans": levies.spans_as_rows(spans),
        "most": plain(levies.late_most(state, due, facts.on, rate)),
    }


@effect("levy-void")
def levy_void(state: State, facts: Facts, args: Args) -> None:
    """The decision is revoked: nothing is owed any more, and what came in goes back."""
    state["facts"]["fate"] = "revoked"
    state["facts"]["undone"] = state["facts"].pop("decided", {})
    state["facts"].pop("late_charge", None)
    end(state, facts, *COLLECTING, "remedy-review", "remedy-suit", "remedy-suit-after-review")
    for kind in args.get("papers", ()):
        if kind in state["papers"]:
            state["papers"][kind]["status"] = "revoked"


# Requisition


@effect("requisition-take")
def requisition_take(state: State, facts: Facts, args: Args) -> None:
    """Things are taken over for use, each with a number of its own."""
    for row in facts.data.get(args["field"]) or ():
        number = len(state["property"]) + 1
        state["property"].append({**row, "id": f"Y{number:03d}", "status": levies.USED, "n": state["n"]})


@effect("requisition-back")
def requisition_back(state: State, facts: Facts, args: Args) -> None:
    """The things named go back, or cannot: each as the hand-over list says."""
    told = {str(row["no"]): row for row in facts.data.get(args["field"]) or ()}
    for item in state["property"]:
        row = told.get(str(item["id"]))
        if row is not None and item["status"] == levies.USED:
            item["status"] = str(row.get("fate") or args.get("status") or levies.RETURNED)
            item["out_n"], item["returned_state"] = state["n"], str(row.get("state") or "")


@effect("requisition-compensate")
def requisition_compensate(state: State, facts: Facts, args: Args) -> None:
    """The draft becomes the decision on compensation; the decision to requisition stays the case's own."""
    plan = dict(state["facts"].get("decision") or {})
    total = plain(levies.compensation(plan))
    state["facts"]["compensated"] = plan | {"total": total}
    state["facts"]["compensation"] = total


@effect("compensation-pay")
def compensation_pay(state: State, facts: Facts, args: Args) -> None:
    """The owner was paid."""
    told = facts.data
    state["payments"].append(
        {
            "on": str(told.get("paid_on") or facts.on.isoformat())[:10],
            "amount": str(told["amount"]),
            "receipt": told.get("receipt", ""),
            "payee": told.get("payee", ""),
            "kind": levies.COMPENSATION,
            "n": state["n"],
        }
    )


@effect("append")
def append(state: State, facts: Facts, args: Args) -> None:
    """What a standing fact says now joins a list that the case keeps."""
    state["facts"].setdefault(args["to"], []).append(dict(state["facts"].get(args["from"]) or {}))
