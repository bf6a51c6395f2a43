"""Conditions of the stages of publication: whose they are, that none is left out, that nobody takes two."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.disclosure.stages import CATEGORY, missed, took_part, unowned
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.lists import cell

Args = Mapping[str, Any]


@condition("stages-owned", asks="form")
def stages_owned(facts: Facts, args: Args) -> Finding:
    """The agency's table of duties names somebody for every stage of this kind of publication. No table asks nothing."""
    row = facts.extra.get("duties")
    if row is None:
        return Finding(True, "本机关没有编制公示职责分工表")
    lacking = unowned(row)
    kind = cell(row, (CATEGORY,)) or "这一类信息"
    text = f"“{kind}”的{'、'.join(lacking)}没有人负责" if lacking else f"“{kind}”各环节都有人负责"
    return Finding(not lacking, text, "在公示职责分工表里补上负责的机构和岗位，再办理")


@condition("stages-passed", asks="form")
def stages_passed(facts: Facts, args: Args) -> Finding:
    """Every stage that the scheme separates was taken, in order, where the agency has divided the duties."""
    if facts.extra.get("duties") is None:
        return Finding(True, "没有划分环节")
    lacking = missed(facts.pack, facts.state["last"])
    text = f"还没有经过：{'、'.join(lacking)}" if lacking else "各环节都已经过"
    return Finding(not lacking, text, "依次办理前面的环节")


@condition("stages-apart")
def stages_apart(facts: Facts, args: Args) -> Finding:
    """Whoever took an earlier stage of the same publication does not take this one."""
    last = facts.state["last"]
    met = facts.actor.id not in took_part(facts.pack, last, facts.act.id)
    text = "前面的环节由他人办理" if met else f"{facts.actor.name}已经办理前面的环节"
    return Finding(met, text, "由另一个人办理")
