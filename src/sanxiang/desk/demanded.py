"""Fields that a form must fill in though the pack calls them options: because the case, the locality or a rule asks."""

from dataclasses import replace

from sanxiang.law.clocks import length
from sanxiang.law.conditions.steps import elements_wanted
from sanxiang.law.facts import Facts
from sanxiang.law.guards import CONDITIONS
from sanxiang.law.rules import Field, LimitRule
from sanxiang.law.scope import holds

PENALTY_ASKS = {"discretion-explained": "discretion", "correction-ordered": "correction"}
"""Conditions without which no penalty passes, and the column in which they want their answer."""


def demanded(item: Field, facts: Facts) -> bool:
    """An element that the locality wants told (notice.elements) is no option, whatever the field says; nor are the days of
    a period that nobody has set, nor the reason without which a rule refuses this very case."""
    rule = days_told(item, facts)
    unset = rule is not None and length(rule, facts.pack) is None
    told = bool(item.element) and item.element in elements_wanted(facts.pack)
    asked = _always_asked(item, facts) or _asked_of_penalty(item, facts)
    return unset or told or asked or _asked_to_explain(item, facts)


def days_told(item: Field, facts: Facts) -> LimitRule | None:
    """The period of which this field tells the party how many days it has."""
    rules = facts.pack.limits_of(facts.state["procedure"])
    return next((rule for rule in rules if rule.told == item.name), None)


def _asked_of_penalty(item: Field, facts: Facts) -> bool:
    """Does a rule of this act want this column of the penalty filled in, as the case stands?"""
    penalties = [f for f in facts.act.fields if f.type == "penalty" and f.required]
    if not any(item in penalty.columns for penalty in penalties):
        return False
    rules = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    asking = [g for g in rules if PENALTY_ASKS.get(g.needs) == item.name]
    bare = replace(facts, data={**facts.data, **{f.name: {"kinds": []} for f in penalties}})
    return any(
        all(holds(name, bare) for name in g.when) and not CONDITIONS[g.needs](bare, g.args).met
        for g in asking
    )


def _always_asked(item: Field, facts: Facts) -> bool:
    """Does a rule ask for it whatever else the form says, as a locality's may where the national field is an option?"""
    rules = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    return any(g.needs == "fact-given" and item.name in g.args["facts"] and not g.when for g in rules)


def _asked_to_explain(item: Field, facts: Facts) -> bool:
    """Does something outside the case stand in the way unless this field explains it?"""
    rules = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    asking = [g for g in rules if g.args.get("unless") == item.name]
    return any(
        all(holds(name, facts) for name in g.when) and not CONDITIONS[g.needs](facts, g.args).met
        for g in asking
    )
