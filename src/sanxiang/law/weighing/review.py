"""Why a decision is major 重大 and needs 法制审核 before it is made, whatever the kind of act."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sanxiang.law.facts import Facts, State
from sanxiang.law.packs import Pack
from sanxiang.law.weighing.hearing import discussion_reasons, hearing_reasons
from sanxiang.law.weighing.plan import (
    Reason,
    amount,
    both,
    is_citizen,
    party_threshold,
    planned_text,
    proposal,
)
from sanxiang.speech import yuan

PENALTY_LAW = "《行政处罚法》第五十八条"
NORM = "《国务院办公厅关于全面推行三项制度的指导意见》四（十二）"
"""Where no pack says it: under what a penalty, and any other decision, is reviewed."""

CRITERIA = (
    ("public_interest", "涉及重大公共利益"),
    ("complex", "案件情况疑难复杂、涉及多个法律关系"),
    ("statute_requires_review", "法律、法规规定应当进行法制审核的其他情形"),
)
"""行政处罚法第五十八条 (一)(三)(四); (二), heard and touching major rights, is computed."""


LOCAL_CRITERIA = (
    ("social_risk", "可能造成重大社会影响或者引发社会风险"),
    ("major_interest", "涉及相对人或者第三人重大权益"),
)
"""What schemes add to the law's own criteria."""


def major_reasons(pack: Pack, state: State, on: date | None = None) -> list[Reason]:
    """Why the decision is major and needs 法制审核; empty when it is not. Never below what the law and the norm ask.

    A penalty is weighed by 行政处罚法第五十七、五十八条, every other kind of act by the norm of the three systems. What the legal
    organ may lower is what somebody raised by hand; a criterion of the law, the norm or the scheme it may not.
    """
    if state["procedure"] == "summary":
        return []
    reasons = _penalty_reasons(pack, state) if is_penalty(pack, state) else _norm_reasons(pack, state)
    reasons += [*_local_reasons(pack, state), *_catalogue_reasons(pack, state)]
    if raised := state["facts"].get("raised_major"):
        reasons.append(Reason(f"有人提请认定为重大：{raised}", _basis(pack, state)))
    return reasons


def is_penalty(pack: Pack, state: State) -> bool:
    """Is it a penalty that is to be decided?"""
    rule = pack.procedures.get(state["procedure"])
    return rule is None or rule.act_type == "penalty"


def _basis(pack: Pack, state: State) -> str:
    """The provision under which a decision of this kind is reviewed where nothing nearer says so."""
    if is_penalty(pack, state):
        return PENALTY_LAW
    norm = pack.national("review.criteria")
    return str(norm.citation) if norm else NORM


def _penalty_reasons(pack: Pack, state: State) -> list[Reason]:
    facts, law = state["facts"], PENALTY_LAW
    reasons = [Reason(text, law) for name, text in CRITERIA if facts.get(name)]
    if "hold-hearing" in state["last"]:
        reasons.append(Reason("直接关系当事人或者第三人重大权益，经过听证程序", law))
    reasons += [
        Reason(f"应当告知听证：{r.text}", both(law, r.citation)) for r in hearing_reasons(pack, state)
    ]
    reasons += [
        Reason(f"应当集体讨论：{r.text}", both(law, r.citation)) for r in discussion_reasons(pack, state)
    ]
    return reasons


def _norm_reasons(pack: Pack, state: State) -> list[Reason]:
    """The criteria of the norm, and of the scheme beside them: a scheme adds, it takes none away.

    Each is a standing fact of its own name, but whether there was a hearing the case knows itself.
    """
    facts = state["facts"]
    rows = [
        (row, str(row.get("basis") or value.citation))
        for value in (pack.national("review.criteria"), pack.parameter("review.criteria"))
        if value and value.is_set
        for row in value.value
    ]
    met = {str(row["id"]): Reason(str(row["label"]), cite) for row, cite in rows if _met(row, pack, state)}
    reasons = list(met.values())
    if facts.get("statute_requires_review"):
        reasons.append(Reason("法律、法规规定应当进行法制审核", _basis(pack, state)))
    return reasons


def _met(row: Mapping[str, Any], pack: Pack, state: State) -> bool:
    if row["id"] == "heard":
        return any(pack.acts[name].activity == HEARD for name in state["last"] if name in pack.acts)
    return bool(state["facts"].get(row["id"]))


HEARD = "hearing"
"""The activity of an act that holds a hearing."""


def _local_reasons(pack: Pack, state: State) -> list[Reason]:
    """What the locality adds: amount thresholds, the switch "all but summary", its own criteria."""
    reasons = []
    threshold = pack.binding("review.amount_threshold")
    what, total = _sum(pack, state)
    if threshold.is_set and total and total >= Decimal(str(threshold.value)):
        text = f"{what}{yuan(total)}，达到本单位{yuan(threshold.value)}审核标准"
        reasons.append(Reason(text, str(threshold.citation)))
    everything = pack.binding("review.all_but_summary")
    if everything.is_set and everything.value is True:
        reasons.append(Reason("本单位对简易程序以外的决定全部审核", str(everything.citation)))
    for name, text in LOCAL_CRITERIA if is_penalty(pack, state) else ():
        if state["facts"].get(name):
            citation = pack.binding("review.criteria")
            reasons.append(Reason(text, str(citation.citation or PENALTY_LAW)))
    return reasons


def _sum(pack: Pack, state: State) -> tuple[str, Decimal | None]:
    """The sum that the decision is measured by: the fine, or what another kind of decision states as its `amount`."""
    plan = proposal(state)
    if is_penalty(pack, state):
        return "拟罚款", amount(plan, "fine")
    return "涉案金额", amount(plan, "amount") if plan.get("amount") not in (None, "") else None


SUM_FROM = re.compile(r"(\d+(?:\.\d+)?)\s*(万)?")
"""The sum that an entry of the catalogue names: 5000元以上, 5万元. In figures only: a 一 in a sentence is mostly no sum."""


def _catalogue_reasons(pack: Pack, state: State) -> list[Reason]:
    """The case falls under an entry of the agency's catalogue, from the sum that the entry names if it names one. A
    decision that states no sum at all is not below it."""
    reasons, cite = [], pack.parameter("review.catalogue_types").citation
    what, total = _sum(pack, state)
    for entry in state["facts"].get("catalogued") or ():
        found = SUM_FROM.search(entry.get("amount", "").replace(",", ""))
        least = Decimal(found[1]) * (10_000 if found[2] else 1) if found else Decimal(0)
        if total is None or total >= least:
            stated = f"{what}{yuan(total)}" if total is not None else "本案没有写明金额"
            reached = f"，{stated}，达到目录所列{yuan(least)}" if found and total is not None else ""
            reached = reached or (f"，{stated}，不能认为低于目录所列{yuan(least)}" if found else "")
            reasons.append(
                Reason(f"列入法制审核目录清单：{entry['name']}{reached}", str(cite or _basis(pack, state)))
            )
    return reasons


def below_major(pack: Pack, state: State) -> list[Reason]:
    """Where a decision needs no 法制审核: each sum that would call for one beside what the case has, and what nobody stated."""
    law, plan = PENALTY_LAW, proposal(state)
    if state["procedure"] == "summary":
        return [Reason("适用简易程序，不属于应当法制审核的范围", law)]
    if not is_penalty(pack, state):
        return _below_norm(pack, state)
    who = "公民" if is_citizen(state) else "法人或者其他组织"
    sums = (
        ("hearing.threshold", "较大数额（应当告知听证）", "《行政处罚法》第六十三条"),
        ("discussion.threshold", "集体讨论", "《行政处罚法》第五十七条第二款"),
    )
    told = []
    for name, label, article in sums:
        limit, source = party_threshold(pack, state, name)
        if limit is not None:
            told.append(Reason(f"{label}的标准：{who}{yuan(limit)}", both(article, source)))
    own = pack.binding("review.amount_threshold")
    text = yuan(own.value) if own.is_set else "方案没有定数额"
    told.append(Reason(f"本单位另定的审核数额：{text}", str(own.citation or law)))
    labels = "、".join(text for _, text in (*CRITERIA, *LOCAL_CRITERIA))
    told.append(Reason(f"立案时没有认定：{labels}", law))
    return [Reason(f"本案{planned_text(plan)}", ""), *told]


def _below_norm(pack: Pack, state: State) -> list[Reason]:
    """The same where the decision is no penalty: what of the norm and the scheme nobody found to be the case."""
    norm, own = pack.national("review.criteria"), pack.parameter("review.criteria")
    both_ = [norm, own] if norm and own.is_set and own is not norm else [norm or own]
    same = len({tuple(row["id"] for row in one.value) for one in both_ if one.is_set}) < len(both_)
    rules = both_[-1:] if same else both_
    told = [
        Reason(f"没有认定：{'、'.join(str(row['label']) for row in value.value)}", str(value.citation))
        for value in rules
        if value and value.is_set
    ]
    least = pack.binding("review.amount_threshold")
    text = yuan(least.value) if least.is_set else "方案没有定数额"
    return [*told, Reason(f"本单位另定的审核数额：{text}", str(least.citation or _basis(pack, state)))]


def reviewed(facts: Facts) -> bool:
    """Does the decision need a legal review, or was it submitted to one all the same?"""
    return bool(major_reasons(facts.pack, facts.state, facts.on) or facts.state["review"].get("parts"))
