"""What is to be decided, about whom, and in which sums; each reason with its provision."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.speech import yuan

SUMS = (("fine", "罚款"), ("confiscated_gains", "没收违法所得"), ("confiscated_value", "没收非法财物价值"))
"""The sums of a penalty that are measured against 较大数额."""


@dataclass(frozen=True)
class Reason:
    """Why something holds, and under which provision."""

    text: str
    citation: str


def amount(source: Mapping[str, Any], name: str) -> Decimal:
    """An amount in 元 out of a proposal; nothing stated counts as zero."""
    return Decimal(str(source.get(name) or "0"))


UNVALUED = (
    ("confiscate-gains", "confiscated_gains", "没收违法所得，没有写明数额"),
    ("confiscate-goods", "confiscated_value", "没收非法财物，没有写明价值"),
)
"""Kinds of penalty that take something away, and the sum that says how much."""


def unvalued(plan: Mapping[str, Any]) -> list[str]:
    """What is to be confiscated without anybody having said how much it is worth: it counts as large (第六十三条), for
    else a blank would take the party's hearing. Goods stated at nothing, because nothing can price them, count so too."""
    kinds = plan.get("kinds", ())
    return [
        f"拟{text}，按较大处理" for kind, name, text in UNVALUED if kind in kinds and amount(plan, name) <= 0
    ]


def proposal(state: State) -> dict[str, Any]:
    """What is to be decided, as it stands: the draft, or else the investigators' proposal."""
    facts = state["facts"]
    found: dict[str, Any] = facts.get("decision") or facts.get("proposal") or {}
    return found


def is_citizen(state: State) -> bool:
    """A natural person (公民). An individual business 个体工商户 is one too (民法典第五十四条): the stricter sums hold."""
    return citizen(state["facts"].get("party") or {})


def citizen(party: Mapping[str, Any]) -> bool:
    """Is this party a natural person?"""
    return party.get("kind") in ("citizen", "individual-business")


def same_deed(facts: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Do two cases against one party look like one deed: the same cause, at times that touch (行政处罚法第二十九条)?

    A deed that went on was over, at the latest, on the day when it was decided: what goes on after that is a new one.
    """
    (began, ended), (other_began, other_ended) = deed_days(facts), deed_days(other)
    known = bool(began and other_began) and facts.get("cause") == other.get("cause")
    return known and began <= other_ended and other_began <= ended


def deed_days(facts: Mapping[str, Any]) -> tuple[str, str]:
    """The first and the last day of a deed as ISO dates; `9999` while it goes on undecided."""
    began = str(facts.get("occurred_on") or "")[:10]
    ended = str(facts.get("occurred_until") or "")[:10]
    if not ended:
        ended = str(facts.get("decided_on") or "9999") if facts.get("continuing") else began
    return began, ended


def party_threshold(pack: Pack, state: State, name: str) -> tuple[Decimal | None, str]:
    """The sum from which hearing.threshold or discussion.threshold applies, and where it comes from."""
    value = pack.binding(f"{name}.{'citizen' if is_citizen(state) else 'org'}")
    return (Decimal(str(value.value)), str(value.citation)) if value.is_set else (None, "")


def both(law: str, source: str) -> str:
    """The article of the law that gives the right, and beside it what names the sum: the sum alone binds nobody."""
    return f"{law}、{source}" if source and source != law else law


def planned_text(plan: Mapping[str, Any]) -> str:
    """What is to be imposed, in sums and kinds, as far as anything is drafted."""
    if not plan:
        return "还没有拟处罚内容，拟定之后再判断"
    sums = [f"{label}{yuan(amount(plan, name))}" for name, label in SUMS if amount(plan, name) > 0]
    return f"拟{'、'.join(sums)}" if sums else "拟作的处罚没有数额"
