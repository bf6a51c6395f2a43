"""The transition of a case: judged acts in, a new state out. `perform` and the model search both use this."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.law import clocks, guards_people, guards_penalty, guards_steps
from sanxiang.law.dossier import changed
from sanxiang.law.effects import EFFECTS, served_day
from sanxiang.law.facts import Facts, State
from sanxiang.law.guards import CONDITIONS, Refused, Verdict, judge
from sanxiang.law.rules import Act, LimitRule, Stage
from sanxiang.law.scope import holds

GUARD_FAMILIES = (guards_people, guards_steps, guards_penalty)
"""Imported so that every family registers its conditions."""


def perform_pure(facts: Facts, without: frozenset[str] = frozenset()) -> State:
    """Judge, then move. Raises Refused with every unmet verdict; nothing changes then."""
    verdicts = judge(facts, without)
    if any(not v.met for v in verdicts):
        raise Refused(verdicts)
    return transition(facts)


def transition(facts: Facts) -> State:
    """The state after an act that has been judged. Pure: the old state is left as it is."""
    state: State = copied(facts.state)
    act = facts.act
    state["n"] += 1
    was = changed(state) if state["review"].get("parts") else []
    _remember(state, facts)
    if act.to:
        state["stage"] = act.to
    for item in act.effects:
        EFFECTS[item["do"]](state, facts, item)
    _papers(state, facts)
    _clocks(state, facts)
    _stale(state, facts, was)
    return state


def copied(value: Any) -> Any:
    """A copy of plain JSON, down to the leaves; several times faster than copy.deepcopy, and acts do it each time."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def _remember(state: State, facts: Facts) -> None:
    """What was said becomes a standing fact; that it was done becomes part of the order of things."""
    for item in facts.act.fields:
        if item.fact and facts.data.get(item.name) not in (None, "", []):
            state["facts"][item.name] = facts.data[item.name]
    before = state["last"].get(facts.act.id, {"count": 0})
    done = {"n": state["n"], "on": facts.on.isoformat(), "count": before["count"] + 1, "by": facts.actor.id}
    state["last"][facts.act.id] = done
    if facts.data.get("paper"):
        state["last"][f"{facts.act.id}:{facts.data['paper']}"] = done


def _papers(state: State, facts: Facts) -> None:
    """Papers that the act issues; number and id come from the door, which alone knows the series."""
    given: Mapping[str, Any] = facts.extra.get("papers", {})
    for kind in facts.act.papers:
        state["papers"][kind] = {"status": "issued", "n": state["n"], "on": facts.on.isoformat(), **given.get(kind, {})}


def _clocks(state: State, facts: Facts) -> None:
    """Start and stop the periods that hang on this act, or on the service of one paper."""
    paper = str(facts.data.get("paper") or "")
    events = {facts.act.id, f"{facts.act.id}:{paper}"} if paper else {facts.act.id}
    for rule in facts.pack.limits_of(state["procedure"]):
        if events & set(rule.stop) and rule.id in state["clocks"] and not state["clocks"][rule.id]["ended"]:
            state["clocks"][rule.id]["ended"] = facts.on.isoformat()
        if events & set(rule.start) and all(holds(name, facts) for name in rule.when):
            clocks.start(state, rule, facts.pack, _start_day(rule, facts, state), facts.act.label, state["n"])
    if state["closed"]:
        for name, clock in state["clocks"].items():
            if not (name in facts.pack.limits and facts.pack.limits[name].outlives):
                clock["ended"] = clock["ended"] or facts.on.isoformat()


def _start_day(rule: LimitRule, facts: Facts, state: State) -> date:
    if rule.after and rule.after in state["clocks"]:
        before = clocks.due_of(state["clocks"][rule.after], facts.pack.limits[rule.after], facts.pack, facts.calendar)
        if before is not None:
            return before.date
    named = facts.fact(rule.start_field) if rule.start_field else None
    return date.fromisoformat(str(named)[:10]) if named else served_day(facts)


def _stale(state: State, facts: Facts, was: list[str]) -> None:
    """The first act that changes what was reviewed is kept by name, so that a refusal can say which it was."""
    review = state["review"]
    if review.get("parts") and not was and not review.get("stale"):
        moved = changed(state)
        if moved:
            review["stale"] = {"n": state["n"], "act": facts.act.id, "label": facts.act.label, "on": facts.on.isoformat(), "what": moved}


def open_acts_pure(acts: list[tuple[Act, Facts]]) -> list[tuple[Act, list[Verdict]]]:
    """For each act its unmet verdicts, blanks in the form left out: what a page draws as buttons."""
    found = []
    for act, facts in acts:
        unmet = [v for v in judge(facts) if not v.met and not v.guard.startswith("field:")]
        found.append((act, unmet))
    return found


def stage_picture(stages: list[Stage], facts: Facts) -> list[dict[str, Any]]:
    """The flowchart with what is done, where the case stands, what is skipped."""
    picture, current = [], False
    for stage in stages:
        done = [facts.last(a) for a in stage.done_by if facts.done(a)]
        needed = all(holds(name, facts) for name in stage.when)
        if done:
            status = "done"
        elif not needed or facts.state["closed"]:
            status = "skipped"
        else:
            status = "todo" if current else "now"
            current = True
        day = max((str(d["on"]) for d in done if d), default="")
        picture.append({"id": stage.id, "label": stage.label, "state": status, "date": day, "actor": stage.actor})
    return picture


def known_conditions() -> frozenset[str]:
    """Names that a pack's guards may use."""
    return frozenset(CONDITIONS)
