"""Two sides and more in one case 行政裁决: who they are, what each was given, and what one had that another has not. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.facts import State

APPLICANT, RESPONDENT, THIRD = "applicant", "respondent", "third"
LABELS = {APPLICANT: "申请人", RESPONDENT: "被申请人", THIRD: "第三人"}


@dataclass(frozen=True)
class Gap:
    """Something that one side has and this side has not."""

    what: str
    side: str

    def __str__(self) -> str:
        return f"{self.what}还没有给{LABELS[self.side]}"


def sides(facts: Mapping[str, Any]) -> list[str]:
    """The sides of a dispute, from the case's standing facts; third parties 第三人 are one side together."""
    found = [APPLICANT, RESPONDENT]
    return [*found, THIRD] if facts.get("third_parties") else found


def names_of(facts: Mapping[str, Any], side: str) -> str:
    """Who the side is, as papers call it."""
    if side == THIRD:
        return "、".join(str(row.get("name", "")) for row in facts.get("third_parties") or ())
    key = "party" if side == APPLICANT else "respondent"
    return str((facts.get(key) or {}).get("name", ""))


def mark_of(state: State, kind: str) -> str:
    """The paper of that kind as it was last issued: a paper made anew is given anew."""
    return f"{kind}-{(state['papers'].get(kind) or {}).get('n', 0)}"


def has(state: State, side: str, kind: str) -> bool:
    """Was the paper, as last issued, given to that side?"""
    mark = mark_of(state, kind)
    return any(row.get("what") == mark and row.get("to") == side for row in state["facts"].get("given") or ())


def ungiven(
    state: State, kinds: Iterable[str], known: Mapping[str, str], but: Iterable[str] = ()
) -> list[Gap]:
    """Papers that were issued and not given to every side, those in `but` aside; `known` are their names."""
    out = set(but)
    return [
        Gap(f"《{known.get(kind, kind)}》", side)
        for kind in kinds
        if kind in state["papers"] and state["papers"][kind].get("status") not in ("revoked", "void")
        for side in sides(state["facts"])
        if side not in out and not has(state, side, kind)
    ]


def unpassed(state: State) -> list[Gap]:
    """What one side handed in and another has not seen."""
    rows = state["facts"].get("submissions") or ()
    return [
        Gap(f"{LABELS[row['side']]}提交的第{row['no']}项“{row['title']}”", side)
        for row in rows
        for side in sides(state["facts"])
        if side != row["side"] and side not in row.get("to", ())
    ]
