"""What a legal review covers: exactly this draft and this evidence, pinned by a digest."""

import hashlib
import json
from typing import Any

from sanxiang.law.facts import State

PART_NAMES = {"draft": "决定草案", "evidence": "证据清单", "defence": "陈述申辩及复核", "hearing": "听证报告", "party": "当事人信息"}
PASSING = ("agree", "pass", "agree-with-advice")
"""Outcomes of a review that let a decision go ahead; every other outcome stops it."""


def digest(value: Any) -> str:
    """SHA-256 over sorted, compact JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def parts(state: State) -> dict[str, str]:
    """The reviewed things, each by digest, so that a later change can be named."""
    last = state["last"]
    return {
        "draft": digest(state["facts"].get("decision") or {}),
        "evidence": digest([[e["id"], e["digest"]] for e in state["evidence"]]),
        "defence": digest([(last.get(a) or {}).get("n") for a in ("record-defence", "review-defence")]),
        "hearing": digest((last.get("report-hearing") or {}).get("n")),
        "party": digest(state["facts"].get("party") or {}),
    }


def changed(state: State) -> list[str]:
    """Which parts differ from what was submitted for review."""
    pinned = state["review"].get("parts") or {}
    now = parts(state)
    return [PART_NAMES[name] for name in now if pinned and pinned.get(name) != now[name]]


SEVERITY = (
    "warning", "criticism", "fine", "confiscate-gains", "confiscate-goods", "suspend-licence", "downgrade",
    "restrict-business", "stop-business", "close-business", "restrict-occupation", "revoke-licence", "detention", "other",
)
"""From light to heavy, as the annual statistics count them (domain.md §3.5)."""

SUMS = ("fine", "confiscated_gains", "confiscated_value")


def heavier(new: dict[str, Any], old: dict[str, Any]) -> list[str]:
    """In what respects one penalty is heavier than another; empty when it is not."""
    labels = {"fine": "罚款", "confiscated_gains": "没收违法所得", "confiscated_value": "没收非法财物"}
    found = [f"{labels[s]}由 {old.get(s) or 0} 元增至 {new[s]} 元" for s in SUMS if float_free(new.get(s)) > float_free(old.get(s))]
    return found + [f"增加处罚种类 {k}" for k in new.get("kinds", []) if k not in old.get("kinds", [])]


def float_free(value: Any) -> int:
    """An amount in fen as a whole number, so that sums compare exactly."""
    text = str(value or "0")
    yuan, _, rest = text.partition(".")
    return int(yuan or "0") * 100 + int((rest + "00")[:2])
