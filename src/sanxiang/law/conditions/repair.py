"""Conditions of credit repair 信用修复: which penalties, after how long, what the party has done first."""

from collections.abc import Mapping
from typing import Any

from sanxiang.law.clock import add_months
from sanxiang.law.disclosure.repair import CLASSES, least_class, left_open, shown_since
from sanxiang.law.dossier import KIND_NAMES
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.money import ordered
from sanxiang.speech import cn_day

Args = Mapping[str, Any]
REFUSE = "不能提前停止公示；有申请的，办理“不予信用修复”，写明理由"


@condition("penalty-without")
def penalty_without(facts: Facts, args: Args) -> Finding:
    """The decision in force has none of these kinds of penalty."""
    found = [
        KIND_NAMES.get(kind, kind) for kind in ordered(facts.state).get("kinds", ()) if kind in args["kinds"]
    ]
    text = f"决定包括{'、'.join(found)}，公示到期满为止" if found else "没有不得提前停止公示的处罚种类"
    return Finding(not found, text, REFUSE)


@condition("performed-freely")
def performed_freely(facts: Facts, args: Args) -> Finding:
    """Everything that the decision orders was done by the party itself."""
    left = left_open(facts.state)
    text = "、".join(left) if left else "决定的义务已经自觉履行"
    return Finding(not left, text, "履行完毕、登记以后再申请")


@condition("not-penalised-again")
def not_penalised_again(facts: Facts, args: Args) -> Finding:
    """Nobody of the same party was penalised again for the same kind of matter."""
    found = facts.extra.get("penalised_again") or ()
    text = f"因同一类违法行为再次受到处罚：{'、'.join(found)}" if found else "没有因同一类违法行为再次受罚"
    return Finding(not found, text, REFUSE)


@condition("repair-class", asks="form", reads=("repair_class",))
def repair_class(facts: Facts, args: Args) -> Finding:
    """The class that was chosen is not lighter than the penalty makes it."""
    least, order = least_class(facts.state), list(CLASSES)
    given = str(facts.data.get("repair_class") or "")
    met = given in order and order.index(given) >= order.index(least)
    text = f"按程序和处罚种类属于“{CLASSES[least]}”" + (
        f"，选了“{CLASSES[given]}”" if given in CLASSES else ""
    )
    return Finding(met, text, f"选“{CLASSES[least]}”；情节更重的选更高的一类")


@condition("repair-period")
def repair_period(facts: Facts, args: Args) -> Finding:
    """What is shown has been shown for as many months as its class asks at least."""
    since = shown_since(facts.state)
    chosen = str(facts.data.get("repair_class") or "") or least_class(facts.state)
    if since is None or chosen not in CLASSES:
        return Finding(False, "还没有公示", "公示以后才能申请")
    months = int(args[chosen])
    first = add_months(since, months)
    text = f"自{cn_day(since)}起公示，“{CLASSES[chosen]}”类最短公示 {months} 个月"
    return Finding(facts.on >= first, text, f"{cn_day(first)}以后办理")
