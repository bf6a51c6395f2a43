"""Periods of licensing that depend on the item or on the agency's silence."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.law.clock import Due
from sanxiang.law.clocks import due_of
from sanxiang.law.facts import Facts
from sanxiang.law.packs import Pack

SPECIAL = "licence.special"
RENEWAL_DAYS = 30
"""行政许可法第五十条: how many days before its end the renewal of a licence is applied for, unless a law says otherwise."""
JOINT_DAYS, JOINT_BASIS = 45, "《行政许可法》第四十二条第二款"


def terms(pack: Pack, facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The periods of the item applied for where they differ from the general ones; None where they do not.

    A law of its own goes before the rule for joint handling; a row holds for what its words name.
    """
    named = f"{facts.get('item') or ''}{facts.get('cause') or ''}"
    for row in pack.setting(SPECIAL, ()) or ():
        if any(str(word) in named for word in row["words"]):
            return dict(row)
    return {"decide_wd": JOINT_DAYS, "basis": JOINT_BASIS} if facts.get("joint") else None


def renewal_days(pack: Pack, facts: Mapping[str, Any]) -> tuple[int, str]:
    """How many days before its end the renewal is applied for, and what says so."""
    found = terms(pack, facts) or {}
    return int(found.get("renew_days", RENEWAL_DAYS)), str(found.get("renew_basis", "《行政许可法》第五十条"))


def lapsed(facts: Facts, clock: str = "lic-correction") -> Due | None:
    """The end of the five days where it has passed and nobody asked for more: the application counts as accepted."""
    running, rule = facts.state["clocks"].get(clock), facts.pack.limits[clock]
    if running is None or running["ended"]:
        return None
    due = due_of(running, rule, facts.pack, facts.calendar)
    return due if due is not None and max(facts.on, facts.now.date()) > due.date else None


def day_in(facts: Mapping[str, Any], name: str) -> date | None:
    """A day that the case knows."""
    given = str(facts.get(name) or "")[:10]
    return date.fromisoformat(given) if given else None


def hearing_open(facts: Facts) -> bool:
    """Was a hearing asked for or decided upon, and has nothing ended it since?"""
    asked = max(facts.n("lic-ask-hearing"), facts.n("lic-call-hearing"))
    return asked > max(facts.n("lic-report-hearing"), facts.n("lic-end-hearing"))


def run_out(facts: Facts) -> bool:
    """Has the licence whose renewal was applied for run out before anybody decided?"""
    ends = day_in(facts.state["facts"], "licence_until")
    renews = facts.state["facts"].get("change_kind") == "renew"
    return bool(renews and ends and facts.now.date() > ends and not facts.state["facts"].get("decided"))
