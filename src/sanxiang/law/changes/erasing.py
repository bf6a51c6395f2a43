"""Lawful erasure 依法删除 of one thing that a case knows of somebody (个人信息保护法 第四十七条): what may be erased, and what the
case then looks like.

Only what a field of the pack marks as somebody's own (`ERASABLE`) can go. What the decision rests on and states is kept as
long as the file is (行政处罚法 第四十七条, 档案法 第二十一条): names, facts, evidence, amounts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.dossier import digest, who
from sanxiang.law.effects import Args, effect
from sanxiang.law.facts import Facts, State
from sanxiang.law.rules import Act, Field

PROPOSE, ERASE, REFUSE = "propose-erasure", "erase-data", "refuse-erasure"
WHAT = "erase_what"

ERASABLE = frozenset({"identity", "informant", "witness"})
"""Marks of fields that say how somebody is reached, who reported, who testified."""

ONCE_DONE = ("purpose", "expired")
"""Grounds that a case has only when it is over."""

GONE = "已依法删除"
PARTY, SHOWN, SUMMARY = "party", "shown_to", "plain_summary"
BESIDE = (SUMMARY, "public_note")
"""What an editor writes for everybody beside the public text: the summary above it, the notes of what was corrected."""


@dataclass(frozen=True)
class Target:
    """What is to be erased: a standing fact, a column of one, or with `n` what only that act said. Written
    `party.phone`, `informant`, `12:receiver`."""

    name: str
    column: str = ""
    n: int = 0

    @property
    def key(self) -> str:
        """As it is written."""
        return (f"{self.n}:" if self.n else "") + self.name + (f".{self.column}" if self.column else "")


def target_of(key: str) -> Target:
    """Read a key; what cannot be one names nothing that a case has."""
    number, colon, rest = key.rpartition(":")
    name, _, column = rest.partition(".")
    if not colon:
        return Target(name, column)
    return Target(name, column, int(number)) if number.isascii() and number.isdigit() else Target(key)


def without(value: Any, column: str) -> Any:
    """A group, or its rows, without one column; None where nothing else is left."""
    if not column:
        return None
    if isinstance(value, list):
        rows = [without(row, column) or {} for row in value]
        return rows if any(rows) else None
    if not isinstance(value, Mapping):
        return value
    return {name: given for name, given in value.items() if name != column} or None


def column_of(value: Any, column: str) -> list[Any]:
    """What stands in a column of a group or of its rows; the value itself where no column is meant."""
    rows = value if isinstance(value, list) and column else [value]
    found = [row.get(column) if column and isinstance(row, Mapping) else row for row in rows]
    return [one for one in found if one not in (None, "", [], {})]


def evidence_itself(act: Act, item: Field) -> bool:
    """Is this what the act brings in as evidence: the file, its title, the record's own text?"""
    brings = any(one["do"] == "evidence" for one in act.effects)
    return (
        item.type == "file"
        or (brings and item.type in ("longtext", "rows"))
        or (brings and item.name == "title")
    )


@effect("erase")
def erase(state: State, facts: Facts, args: Args) -> None:
    """The case forgets one thing, and keeps that it did: when, on whose order, under which article."""
    target = target_of(str(facts.data.get(WHAT) or ""))
    told = facts.extra.get("erasure") or {}
    note = {
        "by": str(facts.extra.get("act_id", "")),
        "on": facts.on.isoformat(),
        "basis": str(state["facts"].get("erasure_basis", "")),
        "label": str(told.get("label", target.key)),
        "n": state["n"],
    }
    forget(state, target, told.get("names", ()), note)


def forget(state: State, target: Target, names: Iterable[str], note: Mapping[str, Any]) -> None:
    """Out of the state, in place; `names` are the words that go, `note` is what is kept instead."""
    _forget_beside(state, frozenset(names))
    if not target.n and target.name in state["facts"]:
        _forget(state, target)
    if target.name == SHOWN:
        _unshow(state, frozenset(names))
    state.setdefault("erased", {})[target.key] = dict(note)


def _forget_beside(state: State, words: frozenset[str]) -> None:
    """What an editor wrote for everybody beside the public text: a summary that says it goes whole, of a note that it was made stays."""
    known, public = state["facts"], state.get("publication") or {}
    if any(word in str(known.get(SUMMARY) or "") for word in words):
        known.pop(SUMMARY)
    notes = [*public.get("notes", ()), *([public["correcting"]] if public.get("correcting") else ())]
    for note in notes:
        if any(word in str(note.get("note") or "") for word in words):
            note["note"] = GONE


def _forget(state: State, target: Target) -> None:
    """Out of the standing facts. That somebody's number is forgotten makes no other party: what was pinned of it follows."""
    known = state["facts"]
    before = known.get(PARTY) or {}
    left = without(known[target.name], target.column)
    known.pop(target.name)
    if left is not None:
        known[target.name] = left
    if target.name == PARTY and before:
        _pinned_again(state, before, known.get(PARTY) or {})


def _pinned_again(state: State, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    same, pinned = {who(before), digest(before)}, state["review"].get("parts") or {}
    if pinned.get(PARTY) in same:
        pinned[PARTY] = who(now)
    notice = state["facts"].get("notified") or {}
    if notice.get("to") in same:
        notice["to"] = who(now)


def _unshow(state: State, gone: frozenset[str]) -> None:
    """To whom certificates were shown is kept beside the act that says so; it goes with it."""
    for officer, names in (state.get("shown") or {}).items():
        state["shown"][officer] = [GONE if name in gone else name for name in names]
