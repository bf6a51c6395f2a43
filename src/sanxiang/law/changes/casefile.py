"""What becomes of a file once it is bound: its catalogue, its number, holds, hand-overs, the pointer to what lies elsewhere."""

from typing import Any

from sanxiang.law.effects import Args, effect
from sanxiang.law.facts import Facts, State


def custody(state: State) -> dict[str, Any]:
    """Where the file is and what holds it."""
    found: dict[str, Any] = state.setdefault("custody", {})
    return found


@effect("bind-file")
def bind_file(state: State, facts: Facts, args: Args) -> None:
    """The catalogue of both parts is kept as it was bound, with how many days late that was."""
    told = facts.extra.get("file") or {}
    state["file"] = {key: told[key] for key in ("main", "sub", "late") if key in told}
    cover = (facts.extra.get("papers") or {}).get("file-cover") or {}
    if cover.get("number"):
        state["facts"]["archive_no"] = cover["number"]


@effect("hold-file")
def hold_file(state: State, facts: Facts, args: Args) -> None:
    """The file is to be kept as it is, for the reason given."""
    custody(state)["hold"] = {
        "n": state["n"],
        "on": facts.on.isoformat(),
        "reason": str(facts.data.get("reason", "")),
    }


@effect("release-file")
def release_file(state: State, facts: Facts, args: Args) -> None:
    """It need not be any more."""
    custody(state).pop("hold", None)


@effect("hand-over-file")
def hand_over_file(state: State, facts: Facts, args: Args) -> None:
    """Somebody else keeps it now, and has signed for it."""
    told = {name: str(facts.data.get(name) or "") for name in ("handed_to", "receiver", "list_no")}
    row = {"n": state["n"], "on": facts.on.isoformat(), "to": told["handed_to"], **told}
    custody(state).setdefault("handed", []).append(row)


@effect("supplement-file")
def supplement_file(state: State, facts: Facts, args: Args) -> None:
    """What came after the file was bound goes behind it: a line and pages of its own, the bound catalogue stays as it is."""
    rows = custody(state).setdefault("supplements", [])
    told = {
        name: str(facts.data.get(name) or "")
        for name in ("title", "came_on", "came_from", "belongs_to", "reason")
    }
    first = sum(int(row["count"]) for row in rows) + 1
    count = int(facts.data.get("sheets") or 0)
    rows.append({"n": state["n"], "on": facts.on.isoformat(), "first": first, "count": count, **told})


@effect("excuse-paper")
def excuse_paper(state: State, facts: Facts, args: Args) -> None:
    """A paper that nobody will serve any more, with the reason: the file is whole without its receipt."""
    kind = str(facts.data.get("paper") or "")
    if kind in state["papers"]:
        state["papers"][kind]["excused"] = str(facts.data.get("reason") or "")


@effect("point-to-secret")
def point_to_secret(state: State, facts: Facts, args: Args) -> None:
    """Something classified belongs to this case and lies elsewhere: where it is registered, never what it says."""
    told = {name: str(facts.data.get(name) or "") for name in ("register_no", "custodian", "level", "pieces")}
    state.setdefault("elsewhere", []).append({"n": state["n"], "on": facts.on.isoformat(), **told})


@effect("clear-person")
def clear_person(state: State, facts: Facts, args: Args) -> None:
    """Somebody may know what in this case is confined to a few."""
    given = facts.data.get("cleared_person")
    people = [str(one) for one in given] if isinstance(given, list) else [str(given or "")]
    state["cleared"] = sorted({*state.get("cleared", ()), *filter(None, people)})


@effect("unclear-person")
def unclear_person(state: State, facts: Facts, args: Args) -> None:
    """They may not any more."""
    given = facts.data.get("cleared_person")
    people = {str(one) for one in given} if isinstance(given, list) else {str(given or "")}
    state["cleared"] = sorted(set(state.get("cleared", ())) - people)


@effect("destroy-file")
def approve_destruction(state: State, facts: Facts, args: Args) -> None:
    """It was appraised and approved that the file need not be kept; what becomes of it is recorded beside."""
    custody(state)["destruction"] = {
        "n": state["n"],
        "on": facts.on.isoformat(),
        "reason": str(facts.data.get("reason", "")),
    }
