"""Where a case stands on its flowchart, what that step still waits for, and which acts carry it on.

All of it is read from the stages of the pack: an act that counts, rules that must be met before the step is over, acts
that are due meanwhile, and acts that put on record what a party says of its own accord.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.guards import CONDITIONS, Finding
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Guard, Stage, as_tuple
from sanxiang.law.scope import holds


@dataclass(frozen=True)
class Course:
    """What is due now: acts in their order, acts that wait for the party to speak, and what is missing.

    While something is due only the first thing missing is told: the rest follows from it.
    """

    due: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def stage_picture(stages: list[Stage], facts: Facts) -> list[dict[str, Any]]:
    """The flowchart with what is done, where the case stands, what is skipped."""
    picture: list[dict[str, Any]] = []
    waiting: list[str] = []
    for stage in stages:
        done = [performed for act in stage.done_by if (performed := counted(stage, act, facts))]
        status = "done" if done and not any(unsettled(stage, facts)) else ""
        if not status and is_skipped(stage, facts):
            status = "skipped"
        if not status:
            status = "todo" if set(waiting) - set(stage.beside) else "now"
            waiting.append(stage.id)
        day = max((str(d["on"]) for d in done), default="")
        picture.append(
            {"id": stage.id, "label": stage.label, "state": status, "date": day, "actor": stage.actor}
        )
    return picture


def is_skipped(stage: Stage, facts: Facts) -> bool:
    """Does this case not pass through the step: it is not called for, or the case is over and nothing can follow?"""
    if not all(holds(name, facts) for name in stage.when):
        return True
    acts = [
        facts.pack.acts[act] for name in stage.done_by if (act := name.partition(":")[0]) in facts.pack.acts
    ]
    after = facts.state["closed"] == "closed" and any("closed" in act.stages for act in acts)
    return bool(facts.state["closed"]) and not after


def counted(stage: Stage, act: str, facts: Facts) -> Mapping[str, Any] | None:
    """The last performance of an act, if it counts: what came before the case was sent back does not."""
    last = facts.last(act)
    return last if last and int(last["n"]) > _floor(stage, facts) else None


def _floor(stage: Stage, facts: Facts) -> int:
    return max((facts.n(act) for act in stage.again_after), default=0)


def unsettled(stage: Stage, facts: Facts) -> Iterator[Finding]:
    """What the step still waits for, as its rules find it; asked while the acts of those rules lie ahead."""
    for item in stage.settled_by:
        rule = guard_of(facts.pack, item["guard"])
        ahead = rule is not None and any(
            facts.state["stage"] in facts.pack.acts[act].stages for act in rule.on if act in facts.pack.acts
        )
        if rule is None or not ahead or ("when" in item and not holds(item["when"], facts)):
            continue
        found = finding(rule, facts)
        if found is not None and not found.met:
            yield found


def finding(rule: Guard, facts: Facts) -> Finding | None:
    """What a rule finds in the case as it stands; None where it does not apply."""
    if not all(holds(name, facts) for name in rule.when):
        return None
    return CONDITIONS[rule.needs](facts, rule.args)


def guard_of(pack: Pack, name: str) -> Guard | None:
    """A rule of the pack by its id."""
    return next((rule for rule in pack.guards if rule.id == name), None)


def course(stage: Stage, facts: Facts) -> Course:
    """What carries the present step on."""
    due = tuple(_wanted(stage.next, stage, facts))
    missing = tuple(found.fact for found in unsettled(stage, facts))
    return Course(due, tuple(_wanted(stage.hears, stage, facts)), missing[:1] if due else missing)


def _wanted(items: tuple[Mapping[str, str], ...], stage: Stage, facts: Facts) -> Iterator[str]:
    """Acts not yet done, or, with `until`, as long as that rule is not met; with `when` only then, with `once` as soon as all
    of these rules are met."""
    for item in items:
        if "when" in item and not holds(item["when"], facts):
            continue
        asked = (guard_of(facts.pack, name) for name in as_tuple(item.get("once")))
        if any(rule and (met := finding(rule, facts)) and not met.met for rule in asked):
            continue
        rule = guard_of(facts.pack, item["until"]) if "until" in item else None
        found = finding(rule, facts) if rule else None
        over = (found is None or found.met) if rule else bool(counted(stage, item["act"], facts))
        if not over or ("when" in item and rule is None):
            yield item["act"]
