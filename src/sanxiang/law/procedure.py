"""The transition of a case: judged acts in, a new state out. `perform` and the model search both use this."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sanxiang.law import changes, clocks, conditions
from sanxiang.law.disclosure import channels
from sanxiang.law.dossier import changed
from sanxiang.law.effects import EFFECTS, served_day
from sanxiang.law.facts import Facts, State, awaits
from sanxiang.law.guards import CONDITIONS
from sanxiang.law.rules import LimitRule, as_tuple
from sanxiang.law.scope import holds, papers_of
from sanxiang.law.taking_part import finds_out

FAMILIES = (*conditions.FAMILIES, *changes.FAMILIES)
"""Imported so that every family registers its conditions and effects."""


HOLDERS = (dict, list)
"""What of a JSON value can be changed in place."""


def transition(facts: Facts) -> State:
    """The state after an act that has been judged. Pure: the old state is left as it is."""
    state: State = copied(facts.state)
    act = facts.act
    state["n"] += 1
    was = changed(state) if state["review"].get("parts") else []
    _remember(state, facts)
    if finds_out(act):
        took_part = {facts.actor.id, *(officer.id for officer in facts.officers)}
        state["involved"] = sorted({*state.get("involved", ()), *took_part})
    if "catalogued" in facts.extra:
        state["facts"]["catalogued"] = facts.extra["catalogued"]
    if act.first and "recording_matrix" in facts.extra:
        state["recording_matrix"] = facts.extra["recording_matrix"]
    if (act.to and act.to != state["stage"]) or act.first:
        state["stage"], state["since"] = act.to or state["stage"], facts.on.isoformat()
    for item in act.effects:
        if all(holds(name, facts) for name in as_tuple(item.get("when"))):
            EFFECTS[item["do"]](state, facts, item)
    _papers(state, facts)
    _clocks(state, facts)
    _stale(state, facts, was)
    return state


def copied(value: Any) -> Any:
    """A state of its own: a state is a JSON value, and copying that as such takes a tenth of the time of `deepcopy`.

    What nothing can be put into is not asked about one by one: a long case has tens of thousands of words and figures.
    """
    if isinstance(value, dict):
        own = value.copy()
        for key, one in own.items():
            if isinstance(one, HOLDERS):
                own[key] = copied(one)
        return own
    return [copied(one) if isinstance(one, HOLDERS) else one for one in value]


def _remember(state: State, facts: Facts) -> None:
    """What was said becomes a standing fact; that it was done becomes part of the order of things.

    A question answered by yes or no and left blank is answered no, also where the case knew a yes from before.
    """
    for item in facts.act.fields:
        given = facts.data.get(item.name)
        if item.fact and item.type == "bool":
            state["facts"][item.name] = bool(given)
        elif item.fact and given not in (None, "", []):
            state["facts"][item.name] = given
    before = state["last"].get(facts.act.id, {"count": 0})
    done = {
        "n": state["n"],
        "on": facts.on.isoformat(),
        "count": before["count"] + 1,
        "by": facts.actor.id,
    }
    for name in events(facts):
        state["last"][name] = done


def events(facts: Facts) -> list[str]:
    """What an act counts as: itself, itself on the paper that it is about, and itself with each file that it brings."""
    name, given = facts.act.id, [f for f in facts.act.fields if facts.data.get(f.name)]
    papers = [f"{name}:{facts.data[f.name]}" for f in given if f.type == "paper"]
    return [name, *papers, *(f"{name}+{f.name}" for f in given if f.type == "file")]


def _papers(state: State, facts: Facts) -> None:
    """Papers that the act issues; number and id come from the door, which alone knows the series."""
    given: Mapping[str, Any] = facts.extra.get("papers", {})
    for kind in papers_of(facts):
        state["papers"][kind] = {
            "status": "issued",
            "n": state["n"],
            "on": facts.on.isoformat(),
            **given.get(kind, {}),
        }


def _clocks(state: State, facts: Facts) -> None:
    """Start and stop the periods that hang on this act, or on the service of one paper."""
    now = set(events(facts))
    done = now - {facts.act.id} if awaits(facts) else now
    for rule in sorted(facts.pack.limits_of(state["procedure"]), key=lambda r: bool(r.after)):
        if rule.each == channels.EACH:
            if now & {*rule.start, *rule.stop}:
                _elsewhere(state, rule, facts)
            continue
        name = _clock_name(rule, facts)
        if done & set(rule.stop) and name in state["clocks"]:
            clocks.stop(state["clocks"][name], facts.on, facts.act.label)
        if now & set(rule.start) and all(holds(condition, facts) for condition in rule.when):
            day = _start_day(rule, facts, state)
            clocks.start(state, rule, facts.pack, day, facts.act.label, state["n"], name)
    if state["closed"]:
        for name, clock in state["clocks"].items():
            found = clocks.rule_of(facts.pack, name)
            if not (found and found.outlives):
                clocks.stop(clock, facts.on, facts.act.label)


def _elsewhere(state: State, rule: LimitRule, facts: Facts) -> None:
    """A period for each channel of hands that shows what is public no more, until it shows nothing or what is public."""
    due = [f"{rule.id}:{name}" for name in channels.stale(state["publication"])]
    for name, clock in state["clocks"].items():
        if name.startswith(f"{rule.id}:") and name not in due:
            clocks.stop(clock, facts.on, facts.act.label)
    for name in due:
        if state["clocks"].get(name, {"ended": "-"})["ended"]:
            clocks.start(state, rule, facts.pack, facts.on, facts.act.label, state["n"], name)


def _clock_name(rule: LimitRule, facts: Facts) -> str:
    """The rule's own name, or, where every paper has a clock, that of the paper which the act is about."""
    if not rule.each:
        return rule.id
    return f"{rule.id}:{facts.data.get(rule.each) or facts.data.get('paper') or ''}"


def _start_day(rule: LimitRule, facts: Facts, state: State) -> date:
    """The day, or for periods in hours the moment, from which a period runs."""
    if rule.unit == "hours":
        given = str(facts.data.get("on") or "")
        moment = datetime.fromisoformat(given) if "T" in given else facts.now
        return moment.replace(tzinfo=None, second=0, microsecond=0)
    if rule.after:
        running = [name for name in rule.after if not (state["clocks"].get(name) or {"ended": "-"})["ended"]]
        ends = [clocks.last_day(state, name, facts.pack, facts.calendar) for name in running]
        granted = (
            [date.fromisoformat(str(state["facts"]["deferred_until"]))]
            if state["facts"].get("deferral")
            else []
        )
        return max([*(day for day in ends if day), *granted], default=served_day(facts))
    field = rule.start_field
    named = (facts.data.get(field) or state["facts"].get(field)) if field else None
    return date.fromisoformat(str(named)[:10]) if named else served_day(facts)


def _stale(state: State, facts: Facts, was: list[str]) -> None:
    """The first act that changes what was reviewed is kept by name, so that a refusal can say which it was."""
    review = state["review"]
    if review.get("parts") and not was and not review.get("stale"):
        moved = changed(state)
        if moved:
            review["stale"] = {
                "n": state["n"],
                "act": facts.act.id,
                "label": facts.act.label,
                "on": facts.on.isoformat(),
                "what": moved,
            }


def known_conditions() -> frozenset[str]:
    """Names that a pack's guards may use."""
    return frozenset(CONDITIONS)
