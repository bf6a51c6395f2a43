"""Conditions of electronic seals: on a paper that bears one, that stands, and that has none yet."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition

STANDING = ("issued", "served")


@condition("sealable", asks="form", reads=("paper",))
def sealable(facts: Facts, args: Mapping[str, Any]) -> Finding:
    """The paper bears a seal by its format, is in force, and has not been sealed before."""
    kind = str(facts.data.get("paper") or "")
    paper, rule = facts.state["papers"].get(kind) or {}, facts.pack.papers.get(kind)
    name = f"《{rule.label if rule else kind}》"
    if not paper:
        return Finding(False, f"本案没有制作过{name}", "选择本案已经制作的文书")
    if rule is None or not rule.seal:
        return Finding(False, f"{name}按格式不盖印章", "选择需要盖印章的文书")
    if paper.get("status") not in STANDING:
        return Finding(False, f"{name}已经失去效力", "失效的文书不再用印")
    met = not paper.get("sealed")
    return Finding(
        met,
        f"{name}{'还没有' if met else '已经'}加盖电子印章",
        "一份文书只盖一次，文书更正后对更正的文书用印",
    )
