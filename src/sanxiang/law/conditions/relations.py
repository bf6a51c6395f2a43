"""Conditions on other cases that a case names or that name it."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.relations import linked
from sanxiang.law.rules import as_tuple

Args = Mapping[str, Any]

GONE = {"void": "已经作废", "merged": "已经并入另一件案件"}
"""Ends after which nothing is left of a case that another could rest on."""


@condition("case-known", asks="form")
def case_known(facts: Facts, args: Args) -> Finding:
    """The case that a field names is there, of the right procedure and stage, and stands; none named is no fault here."""
    named = str(facts.data.get(args["field"]) or "")
    if not named:
        return Finding(True, "没有填写关联案件")
    other = (facts.extra.get("cases") or {}).get(args["field"])
    wide = args.get("within") == "government"
    where = "本单位和同一政府所属单位" if wide else "本单位"
    if not other or not (other["own"] or wide):
        return Finding(False, f"{where}没有编号或者查询码为“{named}”的案件", "核对立案号、文号或者十位查询码")
    flaw = flaw_of(facts.pack.procedures, other, args)
    return Finding(
        not flaw, f"“{named}”{flaw or '可以关联'}", str(args.get("cure", "填写应当关联的那一件案件"))
    )


def flaw_of(procedures: Mapping[str, Any], other: Mapping[str, Any], args: Args) -> str:
    """Why this case is not the one that is wanted; "" when it may be. The pages offer what this lets pass."""
    wanted = as_tuple(args.get("procedures"))
    labels = {name: rule.label for name, rule in procedures.items()}
    if other.get("self"):
        return "就是本案"
    if wanted and other["procedure"] not in wanted:
        fitting = "、".join(f"“{labels.get(name, name)}”" for name in wanted)
        return f"办理的是“{labels.get(other['procedure'], other['procedure'])}”，这里要填的是{fitting}的案件"
    if other["closed"] in GONE:
        return GONE[other["closed"]]
    stages = as_tuple(args.get("stages"))
    if stages and other["stage"] not in stages:
        return "还没有办到可以转入的阶段，或者已经过了这个阶段"
    if args.get("decided") and not other["decided"]:
        return "还没有作出决定"
    if args.get("same_party") and not other["same_party"]:
        return "的当事人与本案不同"
    return ""


@condition("case-linked")
def case_linked(facts: Facts, args: Args) -> Finding:
    """A case of these procedures came of this one, or a field says why none does; `how` names the ties that count.

    What others say of this case (their 来源 is this case) the door reads, as `facts.extra["linked_from"]`.
    """
    wanted = as_tuple(args.get("procedures"))
    ties = set(as_tuple(args.get("how")) or ("derived",))
    own = [one for one in linked(facts.state) if one["how"] in ties]
    others = [one for one in facts.extra.get("linked_from", ()) if _turned(one["how"]) in ties]
    fitting = [one for one in (*own, *others) if not wanted or one["procedure"] in wanted]
    numbers = "、".join(dict.fromkeys(str(one["number"]) for one in fitting))
    explained = bool(str(facts.fact(args["unless"]) or "").strip()) if args.get("unless") else False
    text = f"已经关联：{numbers}" if fitting else str(args.get("text", "没有关联后续案件"))
    return Finding(bool(fitting) or explained, text, str(args.get("cure", "先办理后续案件")))


def _turned(how: str) -> str:
    """The other side's word for a tie: whose source is this case came of it."""
    return {"source": "derived", "derived": "source"}.get(how, how)
