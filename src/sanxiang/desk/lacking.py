"""What a step that is due still lacks, and the acts that bring it: told to everybody who works on the case, not only to
whoever may take the step, because it is often somebody else who can bring what is lacking."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.door.perform import OpenAct
from sanxiang.law.course import Course
from sanxiang.law.facts import State
from sanxiang.law.guards import ASKS, Verdict
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, Guard, Stage
from sanxiang.speech import role_name

CURED_BY = {
    "paper-served": "serve",
    "served-or-approved": "serve",
    "review-passed": "pin-review",
    "property-settled": "property-out",
    "fine-settled": "pay",
    "late-fine-settled": "pay",
}
"""Conditions that an act with this effect brings about."""

BROUGHT_BY = {
    "case-staffed": ("assign-officers",),
    "correction-ordered": ("order-correction",),
    "crime-clear": ("record-police-reply",),
    "defence-settled": ("review-defence", "waive-defence"),
    "discussed": ("discuss",),
    "evidence-present": ("add-evidence",),
    "notice-covers": ("notify-penalty",),
    "not-the-same-again": ("draft-decision",),
    "punishable": ("decide-no-penalty",),
    "review-passed": ("submit-for-review",),
}
"""Conditions that these acts bring about."""

REDRAFT = "draft-decision"
OF_THE_PERSON = frozenset(
    {
        "actor-certified",
        "actor-is-handler",
        "has-post",
        "not-handler",
        "recusal-of-another",
        "reviewer-qualified",
        "same-unit",
        "second-person",
    }
)
"""Conditions on whoever takes the step: of somebody who may not take it they say nothing."""

QUOTED = re.compile("“([^”]+)”")
NOT_NOW = frozenset({"stage", "once"})
May = Callable[[Act], bool]


def lacks_of(
    case: Case, acts: Mapping[str, OpenAct], steps: Iterable[tuple[Stage, Course]], pack: Pack
) -> list[dict[str, Any]]:
    """For each present step none of whose due acts can be taken by anybody: the conditions, their cures, and who brings
    them by which act."""

    def may(act: Act) -> bool:
        return act.id in acts and "role" not in {verdict.guard for verdict in acts[act.id].unmet}

    found: dict[str, dict[str, Any]] = {}
    for _, due in steps:
        wanted = [(acts[name], _standing(acts[name], pack)) for name in due.due if name in acts]
        wanted = [(one, left) for one, left in wanted if not NOT_NOW & {v.guard for v in left}]
        if any(not left for _, left in wanted):
            continue
        for one, left in wanted:
            for verdict in left:
                ways = ways_of(verdict, one.act, case, pack, may)
                told = {
                    "id": one.act.id,
                    "act": one.act.label,
                    "mine": may(one.act),
                    "verdict": verdict,
                    "ways": ways,
                }
                found.setdefault(verdict.fact, told)
    return list(found.values())


def _standing(one: OpenAct, pack: Pack) -> tuple[Verdict, ...]:
    """What stands in an act's way whoever takes it; for those who may take it, also what is wrong with themselves."""
    needs = {rule.id: rule.needs for rule in pack.guards}
    if "role" not in {verdict.guard for verdict in one.unmet}:
        return one.unmet
    return tuple(
        v for v in one.unmet if v.guard != "role" and needs.get(v.guard, v.guard) not in OF_THE_PERSON
    )


def ways_of(verdict: Verdict, act: Act, case: Case, pack: Pack, may: May) -> list[dict[str, str]]:
    """The acts that cure what a verdict found, each with its address for whoever may take it, else with whose it is."""
    names = dict.fromkeys(curing(verdict, act, pack, case.state))
    curers = [pack.acts[name] for name in names if name in pack.acts]
    open_now = [one for one in curers if _now(one, case.state)]
    here = f"/desk/cases/{case.id}/acts"
    return [
        {
            "act": one.id,
            "label": one.label,
            "href": f"{here}/{one.id}/" if may(one) else "",
            "whose": "、".join(map(role_name, one.by)),
        }
        for one in open_now
    ]


def _now(act: Act, state: State) -> bool:
    """Can the act be taken at this stage of this case?"""
    here = "*" in act.stages or state["stage"] in act.stages
    return here and state["procedure"] in act.procedures and not act.first


def curing(verdict: Verdict, act: Act, pack: Pack, state: State) -> Iterator[str]:
    """Acts that bring what the verdict misses: that its cure names, that its rule names, that have the right effect."""
    labels = {one.label: one.id for one in pack.acts_of(state["procedure"])}
    yield from (labels[name] for name in QUOTED.findall(verdict.cure) if name in labels)
    rule = next((rule for rule in pack.guards if rule.id == verdict.guard), None)
    if rule is None:
        return
    if reason := str(rule.args.get("unless", "")):
        askers = [one.id for one in pack.acts_of(state["procedure"]) if one.field(reason) is not None]
        yield from sorted(askers, key=lambda name: name != act.id)  # its own form first, where that asks
    yield from stones(rule, pack)
    yield from BROUGHT_BY.get(rule.needs, ())
    if rule.needs == "stage-recorded":
        yield from _records(verdict, pack, state)
    if ASKS.get(rule.needs) == "penalty" and not any(f.type == "penalty" for f in act.fields):
        yield REDRAFT


def stones(rule: Guard, pack: Pack) -> Iterator[str]:
    """Acts that meet a rule: that answer what was asked, that it names, that have the effect it waits for."""
    if rule.needs == "answered":
        yield from answers_to(rule, pack)
    if rule.needs == "act-done":
        yield from (str(name).partition(":")[0] for name in rule.args.get("acts", ()))
    if effect := CURED_BY.get(rule.needs):
        yield from (act.id for act in pack.acts.values() if any(e["do"] == effect for e in act.effects))


def answers_to(rule: Guard, pack: Pack) -> list[str]:
    """What answers a request: of the acts after which it may be made again, those that close the task it opened.

    New evidence overtakes a review; that is no reason to lead anybody to it while the opinion is being waited for.
    """
    kinds = {str(opened["task"]) for opened in pack.acts[rule.args["asked"]].opens}
    names = [str(name).partition(":")[0] for name in rule.args["by"]]
    return [name for name in names if kinds & set(pack.acts[name].closes)] or names


def _records(verdict: Verdict, pack: Pack, state: State) -> Iterator[str]:
    """The acts that leave the records which the verdict misses."""
    for stage in pack.stages_of(state["procedure"]):
        for record in stage.records:
            if str(record["label"]) in verdict.fact:
                yield from (str(name).partition("+")[0].partition(":")[0] for name in record["acts"])
