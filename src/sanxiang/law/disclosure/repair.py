"""信用修复: of which class a penalty is, since when it is shown, and what of it was not carried out of the party's own accord."""

from datetime import date

from sanxiang.law.dossier import KIND_NAMES
from sanxiang.law.facts import State
from sanxiang.law.money import money, ordered, paid, unpaid
from sanxiang.law.weighing.standing import standing
from sanxiang.speech import yuan

CLASSES = {"minor": "轻微", "general": "一般", "serious": "严重"}
"""From the lightest on."""

LIGHT = frozenset({"warning", "criticism"})
HEAVY = frozenset(
    {"revoke-licence", "restrict-occupation", "restrict-business", "stop-business", "downgrade"}
)


def least_class(state: State) -> str:
    """The lightest class that the penalty in force may be put in; a huge fine is for people to see."""
    kinds = frozenset(ordered(state).get("kinds", ()))
    if kinds & HEAVY:
        return "serious"
    return "minor" if state["procedure"] == "summary" or kinds <= LIGHT else "general"


def shown_since(state: State) -> date | None:
    """The first day of what is shown now; what was put right in between does not begin it anew."""
    told = state["publication"].get("since") or state["last"].get("publish", {}).get("on", "")
    return date.fromisoformat(str(told)[:10]) if told else None


def left_open(state: State) -> list[str]:
    """What the party has not done by itself: unpaid, not carried out, or done by force."""
    known, owing = state["facts"], unpaid(state)
    late = money(known.get("late_fine")) - paid(state, kind="late")
    waived = int(state["last"].get("waive-late-fine", {}).get("n", 0)) > int(
        state["last"].get("impose-late-fine", {}).get("n", 0)
    )
    kinds = "、".join(KIND_NAMES.get(kind, kind) for kind in sorted(standing(state)))
    found = {
        f"罚没款还有{yuan(owing)}没有缴清": owing > 0,
        f"加处罚款还有{yuan(late)}没有缴清": late > 0 and not waived,
        f"{kinds}没有登记已经全部履行": bool(kinds),
        "由人民法院强制执行": known.get("court_result") in ("accepted", "granted"),
        "执行已经终结，没有自行履行": "end-execution" in state["last"],
    }
    return [text for text, holds in found.items() if holds]
