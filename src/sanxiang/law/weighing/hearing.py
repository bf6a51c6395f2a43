"""Why a hearing 听证 must be offered, or the heads must discuss together, before a penalty; how a hearing stands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.law.facts import Facts, State
from sanxiang.law.packs import Pack
from sanxiang.law.weighing.plan import SUMS, Reason, amount, both, party_threshold, proposal, unvalued
from sanxiang.speech import yuan

HEARD = "hearing.kinds"
HEAVY_KINDS = [
    {"kind": "downgrade", "label": "降低资质等级"},
    {"kind": "revoke-licence", "label": "吊销许可证件"},
    {"kind": "stop-business", "label": "责令停产停业"},
    {"kind": "close-business", "label": "责令关闭"},
    {"kind": "restrict-occupation", "label": "限制从业"},
]
"""行政处罚法第六十三条: kinds for which a hearing is offered whatever the amount, for packs pinned before they stated them."""


def hearing_reasons(pack: Pack, state: State, on: date | None = None) -> list[Reason]:
    """Why a hearing must be offered (行政处罚法第六十三条). Where no sum is set, every fine counts as large:
    offering a hearing that was not owed harms nobody, withholding one voids the decision."""
    plan, law = proposal(state), "《行政处罚法》第六十三条"
    reasons = _heavy_kinds(pack, plan)
    limit, source = party_threshold(pack, state, "hearing.threshold")
    for name, label in SUMS:
        value = amount(plan, name)
        if limit is None and value > 0:
            reasons.append(
                Reason(f"拟{label}{yuan(value)}，本单位未设定“较大数额”标准，按应当告知听证处理", law)
            )
        elif limit is not None and value >= limit:
            reasons.append(Reason(f"拟{label}{yuan(value)}，达到{yuan(limit)}标准", both(law, source)))
    reasons += [Reason(text, both(law, source)) for text in unvalued(plan)]
    if plan.get("other_heavy"):
        reasons.append(Reason("其他较重的行政处罚", law))
    return reasons


def _heavy_kinds(pack: Pack, plan: Mapping[str, Any]) -> list[Reason]:
    """What is heard whatever the amount: the statute's kinds, and beside them what the branch or the place adds."""
    nation, own, law = pack.national(HEARD), pack.parameter(HEARD), "《行政处罚法》第六十三条"
    rows = [(row, law) for row in (nation.value if nation and nation.is_set else HEAVY_KINDS)]
    if own.is_set and own is not nation:
        rows += [(row, str(own.citation)) for row in own.value]
    found: dict[str, Reason] = {}
    for row, citation in rows:
        if _planned(row, plan):
            found.setdefault(str(row["label"]), Reason(f"拟{row['label']}", citation))
    return list(found.values())


def _planned(row: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Is this among what is to be imposed: its kind, if the row names one, in its words, if it names some?"""
    said = "".join(str(plan.get(name) or "") for name in ("other", "correction", "confiscated_list"))
    words, kind = row.get("words", ()), row.get("kind")
    return (not kind or kind in plan.get("kinds", ())) and (not words or any(word in said for word in words))


def discussion_reasons(pack: Pack, state: State, on: date | None = None) -> list[Reason]:
    """Why the heads must discuss together (行政处罚法第五十七条第二款: 情节复杂或者重大违法行为)."""
    facts, law = state["facts"], "《行政处罚法》第五十七条第二款"
    reasons = [
        Reason(text, law)
        for name, text in (("complex", "情节复杂"), ("grave", "重大违法行为"))
        if facts.get(name)
    ]
    limit, source = party_threshold(pack, state, "discussion.threshold")
    plan = proposal(state)
    total = max(amount(plan, "fine"), amount(plan, "confiscated_gains") + amount(plan, "confiscated_value"))
    if limit is not None and total >= limit:
        reasons.append(Reason(f"拟罚没{yuan(total)}，达到{yuan(limit)}标准", both(law, source)))
    if limit is not None:
        reasons += [Reason(text, both(law, source)) for text in unvalued(plan)]
    return reasons


def hearing_offered(state: State) -> bool:
    """Did the last notice tell of the right to a hearing?"""
    return bool((state["facts"].get("notified") or {}).get("hearing"))


def hearing_open(facts: Facts) -> bool:
    """Has the party asked for a hearing since the last notice, and has nothing ended the matter since?"""
    asked = facts.n("request-hearing")
    return asked > facts.n("notify-penalty") and all(facts.n(a) < asked for a in HEARING_ENDS)


HEARING_ENDS = ("report-hearing", "withdraw-hearing", "refuse-hearing", "end-hearing")
"""What ends a hearing that was asked for."""
