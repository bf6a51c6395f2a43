"""What the party did against a decision, as the urging and the application to the court must say it (行政强制法第五十三条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.law.facts import State
from sanxiang.speech import cn_day

NEITHER, NO_SUIT = "在法定期限内没有申请行政复议，没有提起行政诉讼", "在法定期限内没有提起行政诉讼"
ALL = (
    "remedy-review",
    "remedy-suit",
    "remedy-suit-part",
    "remedy-suit-after-review",
    "base-review",
    "base-suit",
)
PART = ("remedy-review", "remedy-suit-part", "remedy-suit-after-review")
"""The periods that must be over before anybody may say that they were missed: all, or those of the part in hand."""

RESULTS = {
    "upheld": "没有改变该决定",
    "changed": "变更了该决定",
    "revoked": "撤销了该决定",
    "illegal": "确认该决定违法",
    "void": "确认该决定无效",
    "remade": "责令重新作出决定",
    "refused": "不予受理或者逾期没有答复",
}
BEGUN = {"review": ("申请行政复议", "行政复议机关", "复议"), "suit": ("提起行政诉讼", "人民法院", "诉讼")}


@dataclass(frozen=True)
class Named:
    """Who dealt with a remedy, and under which number."""

    organ: str = ""
    number: str = ""


def stance(state: State, ends: Mapping[str, str], on: date, part: str = "", last: Named | None = None) -> str:
    """What the party did, without its name and without a stop; "" where its periods still run and it has done nothing.

    `ends` has the last day of each period of the case (ISO); `part` "special" when only what has a period of its own for the
    suit is in hand; `last` names who dealt with the latest remedy.
    """
    rows = since_decision(state)
    over = all_over(state, ends, on, PART if part == "special" else ALL)
    if not rows:
        return NEITHER if over else ""
    told = [_told(row, (last or Named()) if row is rows[-1] else Named()) for row in rows]
    if rows[-1]["kind"] == "review" and rows[-1].get("to") and over:
        told.append(NO_SUIT)
    return "；".join(told)


def since_decision(state: State) -> list[Mapping[str, Any]]:
    """The remedies that were sought against the decision in force, oldest first."""
    made = max((state["last"][act]["n"] for act in DECIDED if act in state["last"]), default=0)
    return [row for row in state["remedies"] if row["n"] > made]


DECIDED = ("decide", "decide-on-spot", "decide-no-penalty")


def upheld_by(state: State) -> str:
    """`review` or `suit` where that left the decision as it was; it is then carried out under that statute as well."""
    rows = since_decision(state)
    return str(rows[-1]["kind"]) if rows and rows[-1].get("result") == "upheld" else ""


def all_over(state: State, ends: Mapping[str, str], on: date, names: tuple[str, ...]) -> bool:
    """Are all of these periods over that still run in the case? Without any nobody has been told of one."""
    clocks = {name: state["clocks"][name] for name in names if name in state["clocks"]}
    running = [name for name, clock in clocks.items() if not clock.get("ended")]
    return bool(clocks) and all(ends.get(name, "9999") < on.isoformat() for name in running)


def _told(row: Mapping[str, Any], named: Named) -> str:
    begun, organ, course = BEGUN[str(row["kind"])]
    begun = f"于{cn_day(row['from'])}{begun}"
    if not row.get("to"):
        return f"{begun}，尚未终结"
    if row.get("result") == "withdrawn":
        return f"{begun}，后又撤回"
    number = f"（{named.number}）" if named.number else ""
    outcome = RESULTS.get(str(row.get("result")), RESULTS["upheld"])
    return f"{begun}，{named.organ or organ}{outcome}{number}，{course}于{cn_day(row['to'])}终结"
