"""What of a decision somebody still has to carry out, and who enforces it."""

import re
from collections.abc import Mapping
from typing import Any

from sanxiang.law.articles import ARTICLE
from sanxiang.law.citing import articles_in
from sanxiang.law.facts import Facts, State
from sanxiang.law.money import ordered, unpaid
from sanxiang.law.packs import Pack
from sanxiang.law.remedies import enforced_by

NOTHING_TO_DO = frozenset({"warning", "criticism"})
MONEY_KINDS = frozenset({"fine", "confiscate-gains", "confiscate-goods"})
"""Kinds of penalty that are done with when they are pronounced; and those that end in payment, or in custody (`goods_out`)."""


def duties(facts: Facts) -> frozenset[str]:
    """The kinds of penalty in the decision in force that somebody still has to carry out."""
    decided = facts.state["facts"].get("decided") or {}
    return frozenset(decided.get("kinds", ())) - NOTHING_TO_DO


def standing(state: State) -> frozenset[str]:
    """The kinds of penalty other than money that somebody still has to carry out: nobody has recorded that it was done."""
    if state["facts"].get("all_performed"):
        return frozenset()
    goods = {GOODS} if goods_out(state) else set()
    return (frozenset(ordered(state).get("kinds", ())) - NOTHING_TO_DO - MONEY_KINDS) | goods


GOODS = "confiscate-goods"


def goods_out(state: State) -> bool:
    """Are goods confiscated that the party has not handed over?

    What came into custody counts as handed over, unless it went back to the party or the officers say that goods are left.
    """
    came = any(item.get("status") != "returned" for item in state["property"])
    left = state["facts"].get("goods_left") or not came
    return GOODS in ordered(state).get("kinds", ()) and bool(left)


def decided_under(state: State, wanted: str) -> bool:
    """Does the decision in force rest on one of these articles: 《土地管理法》第七十四条、第七十七条?"""
    law, articles = _cited(wanted)
    return bool({*(articles_in(ordered(state).get("basis"), law) or ())} & {*articles})


def _cited(wanted: str) -> tuple[str, tuple[str, ...]]:
    """The law and the articles of such a text; none where it is no citation."""
    found = CITED.fullmatch(wanted)
    return (found[1], tuple(ARTICLE.findall(found[2]))) if found else ("", ())


CITED = re.compile(rf"《([^《》]+)》({ARTICLE.pattern}(?:、{ARTICLE.pattern})*)")


def enforced_elsewhere(pack: Pack, state: State) -> Mapping[str, Any] | None:
    """Who, other than the court, enforces what the decision still orders in words; None where nobody does."""
    return enforced_by(pack, state["facts"]) if "other" in standing(state) else None


def for_court(pack: Pack, state: State) -> bool:
    """Is something of the decision open that the court enforces (行政强制法第十三条)?"""
    left = standing(state) - ({"other"} if enforced_elsewhere(pack, state) else set())
    return unpaid(state) > 0 or bool(left)


def to_perform(facts: Facts) -> bool:
    """Is there anything to carry out? Before the decision nobody knows, so there is."""
    if facts.n("decide-no-penalty") > max(facts.n("decide"), facts.n("reopen-case")):
        return False
    return not facts.state["facts"].get("decided") or bool(duties(facts))


def deferred(facts: Facts) -> bool:
    """Has the party been given until a later day to pay?"""
    known = facts.state["facts"]
    return bool(known.get("deferral")) and str(known.get("deferred_until") or "") >= facts.on.isoformat()


def own_change(facts: Facts) -> bool:
    """Does the agency itself change its decision, rather than record what 复议 or a court made of it?"""
    return facts.data.get("revoked_how") == "changed" and facts.data.get("undone_by") not in (
        "review",
        "court",
    )
