"""What the guards can see of a case: two states that look the same to every guard in question are one state of the search."""

import json
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.law.calendar import national_calendar
from sanxiang.law.clock import days_between
from sanxiang.law.clocks import last_day
from sanxiang.law.dossier import admitted, changed
from sanxiang.law.facts import State
from sanxiang.law.money import money, paid, unpaid
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Guard, as_tuple

Key = tuple[Hashable, ...]

ORDERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "defence-settled": (
        ("record-defence", "notify-penalty"),
        ("review-defence", "record-defence"),
        ("waive-defence", "notify-penalty"),
        ("hold-hearing", "notify-penalty"),
    ),
    "hearing-settled": (("request-hearing", "notify-penalty"), ("waive-hearing", "notify-penalty")),
    "hearing-open": (
        ("request-hearing", "notify-penalty"),
        ("report-hearing", "request-hearing"),
        ("withdraw-hearing", "request-hearing"),
        ("refuse-hearing", "request-hearing"),
        ("end-hearing", "request-hearing"),
    ),
    "discussed": (
        ("draft-decision", "discuss"),
        ("review-defence", "discuss"),
        ("report-hearing", "discuss"),
    ),
    "served-or-approved": (
        ("approve-early-publication", "decide"),
        ("approve-early-publication", "decide-on-spot"),
    ),
    "late-fine-settled": (("waive-late-fine", "impose-late-fine"),),
}
"""Which acts a condition compares by their place in the case. `hearing-open` belongs to `hearing-settled` too."""

DONE: Mapping[str, tuple[str, ...]] = {
    "heavier-needs-new-facts": ("record-defence", "hold-hearing"),
    "review-passed": ("hold-hearing",),
    "discussed": ("discuss",),
    "correction-ordered": ("order-correction",),
    "fine-settled": ("end-execution",),
    "late-fine-settled": ("end-execution",),
    "hearing-settled": ("hold-hearing",),
}
"""Which acts a condition asks for, done or not."""

FACTS = frozenset(
    {
        "party", "decision", "proposal", "proposal_outcome", "decided", "notified", "circumstances", "crime_status", "fate",
        "undone", "remake_ground", "public_interest", "complex", "grave", "statute_requires_review", "social_risk",
        "major_interest", "raised_major", "occurred_on", "occurred_until", "occurred_at", "found_on", "continuing", "five_years",
        "limitation_exception", "separate_act", "defence_days", "late_fine", "court_result", "host", "announced_paper", "hide",
    }
)  # fmt: skip
"""Facts that conditions read by name."""

CLOCKS: Mapping[str, tuple[str, ...]] = {
    "defence-settled": ("defence",),
    "hearing-settled": ("hearing-request",),
    "overdue": ("pay",),
    "late-fine-lawful": ("pay",),
}
"""Periods that a condition reads without naming them in the pack."""


@dataclass(frozen=True)
class Sight:
    """What is looked at: orders of acts, acts done, facts, periods, papers."""

    orders: tuple[tuple[str, str], ...]
    done: tuple[str, ...]
    facts: frozenset[str]
    clocks: tuple[str, ...]
    papers: tuple[str, ...]


def sight_of(pack: Pack, procedure: str, acts: Iterable[str], papers: Iterable[str]) -> Sight:
    """Everything that the guards before these acts look at, and the records that the flowchart's links ask for."""
    wanted = set(acts)
    rules = [g for g in pack.guards if wanted & set(g.on) and (not g.procedures or procedure in g.procedures)]
    orders: set[tuple[str, str]] = set()
    done = {a for a in wanted if a in pack.acts and pack.acts[a].once}
    facts, clocks, seen = set(FACTS), set(), set(papers)
    for rule in rules:
        orders |= {(a, b) for a, b in _orders(rule)}
        done |= {*_done(rule)}
        facts |= _facts(rule)
        clocks |= {
            *CLOCKS.get(rule.needs, ()),
            *as_tuple(rule.args.get("clock")),
            *as_tuple(rule.args.get("clocks")),
        }
        seen |= {*as_tuple(rule.args.get("papers")), *as_tuple(rule.args.get("paper"))}
    for stage in pack.stages_of(procedure):
        if wanted & {a.split(":")[0] for a in stage.done_by}:
            done |= {a for record in stage.records for a in record["acts"]}
    return Sight(
        *(tuple(sorted(s)) for s in (orders, done)),
        frozenset(facts),
        *(tuple(sorted(s)) for s in (clocks, seen)),
    )


def _orders(rule: Guard) -> Iterable[tuple[str, str]]:
    """Pairs of acts whose order the rule asks about."""
    after = (*as_tuple(rule.args.get("after")), *as_tuple(rule.args.get("asked")))
    yield from (
        (a, b) for a in (*as_tuple(rule.args.get("acts")), *as_tuple(rule.args.get("by"))) for b in after
    )
    yield from ORDERS.get(rule.needs, ())
    if rule.needs == "hearing-settled" or rule.args.get("of") == "hearing-open":
        yield from ORDERS["hearing-open"]


def _done(rule: Guard) -> Iterable[str]:
    """Acts that the rule asks for, done or not."""
    yield from DONE.get(rule.needs, ())
    yield from as_tuple(rule.args.get("asked"))
    if not rule.args.get("after"):
        yield from as_tuple(rule.args.get("acts"))
    yield from (name.split("done:")[1] for name in rule.when if "done:" in name)


def _facts(rule: Guard) -> set[str]:
    """Standing facts that the rule names."""
    named = {*as_tuple(rule.args.get("fact")), *as_tuple(rule.args.get("unless"))}
    told = rule.args.get("facts") or {}
    when = {n.split("fact:")[1].split("=")[0] for n in rule.when if "fact:" in n}
    return named | set(told) | when


def key_of(state: State, today: date, pack: Pack, sight: Sight) -> Key:
    """The state as the guards in question see it on this day: no ids, no numbers, no days but those that matter."""
    last = state["last"]
    place = {a: last[a]["n"] for a in last}
    facts = state["facts"]
    return (
        state["stage"],
        state["closed"],
        tuple(place.get(a, 0) > place.get(b, 0) for a, b in sight.orders),
        tuple(a in last for a in sight.done),
        json.dumps(
            {k: v for k in sorted(sight.facts) if (v := _fact(k, facts))}, ensure_ascii=False, sort_keys=True
        ),
        _clocks(state, today, pack, sight),
        tuple((k, state["papers"][k]["status"]) for k in sight.papers if k in state["papers"]),
        (
            tuple(sorted(state["handlers"])),
            tuple(state["former_handlers"]),
            tuple(state["involved"]),
            tuple(state["recused"]),
            tuple(sorted(state["shown"])),
        ),
        _evidence(state),
        _review(state),
        _publication(state),
        tuple(sorted(p["status"] for p in state["property"])),
        (
            str(unpaid(state)),
            str(paid(state, kind="late") - money(facts.get("late_fine"))),
            sum(1 for r in state["remedies"] if not r["to"]),
        ),
        _ahead(facts.get("hearing_at"), today),
        _told_ahead(state),
    )


def _fact(name: str, facts: Mapping[str, Any]) -> Any:
    """A fact without the number of the act that set it."""
    value = facts.get(name)
    return {k: v for k, v in value.items() if k != "n"} if name == "notified" and value else value


def _clocks(state: State, today: date, pack: Pack, sight: Sight) -> Hashable:
    """Of each period: over by an act, run out, on its last day or before it, and whether it belongs to the last notice."""
    told = (state["last"].get("notify-penalty") or {}).get("n", 0)
    found = []
    for name, clock in sorted(state["clocks"].items()):
        if name.partition(":")[0] in sight.clocks:
            end = last_day(state, name, pack, national_calendar())
            phase = (
                "none" if end is None else "past" if today > end else "edge" if today == end else "running"
            )
            found.append((name, bool(clock["ended"]), phase, clock["act_n"] > told))
    return tuple(found)


def _evidence(state: State) -> Hashable:
    """How much there is, and whether some came after the notice."""
    told = (state["facts"].get("notified") or {}).get("n", 0)
    pieces = admitted(state)
    return min(len(pieces), 2), len(pieces) < len(state["evidence"]), any(e["n"] > told for e in pieces)


def _review(state: State) -> Hashable:
    review = state["review"]
    return bool(review.get("parts")), review.get("outcome"), review.get("by"), tuple(changed(state))


def _publication(state: State) -> Hashable:
    now = state["publication"]
    return (
        now.get("status"),
        "correcting" in now,
        (state["last"].get("prepare-publication") or {}).get("by"),
        now.get("digest"),
    )


def _told_ahead(state: State) -> bool:
    """Do seven working days lie between the service of the hearing's notice and the hearing?"""
    reached = (state["papers"].get("hearing-notice") or {}).get("served_on")
    day = str(state["facts"].get("hearing_at") or "")[:10]
    return bool(reached and day) and (
        days_between(national_calendar(), date.fromisoformat(reached), date.fromisoformat(day)) >= 7
    )


def _ahead(moment: Any, today: date) -> int:
    """Is a day that an act named still to come (1), today (0) or over (-1, as before it was named)?"""
    day = date.fromisoformat(str(moment)[:10]) if moment else date.min
    return (day > today) - (day < today)
