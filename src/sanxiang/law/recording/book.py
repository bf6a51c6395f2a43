"""The book of what was to be recorded in a case: a row for each such act, and how it stands.

Cases carry these rows in `state["recordings"]`. Rows written before a pack said matters have no `demands`: a recording or
a reason settles them, as it did.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.facts import Facts, State
from sanxiang.law.recording.coverage import Span, gaps
from sanxiang.law.recording.duty import LEVELS, Duty, duty_of
from sanxiang.law.recording.means import clips_of, fits

APPROVAL = "approve-recording"
"""The act by which a head lets an explained hole stand. Packs that have none ask for no approval."""

STANDINGS = {
    "recorded": "有音像记录",
    "excused": "写明了不录的理由",
    "approved": "例外已经批准",
    "waived": "文字足够，批准免录",
    "pending": "说明待批准",
    "partial": "全程记录有缺口",
    "missing": "没有音像记录",
}
SETTLED = frozenset({"recorded", "excused", "approved", "waived"})

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """How one step stands: one of STANDINGS, what is still demanded, and the holes in footage that must be whole."""

    kind: str
    level: str
    unmet: tuple[Row, ...] = ()
    holes: tuple[Span, ...] = ()

    @property
    def settled(self) -> bool:
        """Is nothing left to do for it?"""
        return self.kind in SETTLED


def recorded(data: Mapping[str, Any]) -> bool:
    """Does the act bring pictures, sound or film: taken on the spot, or as a piece of evidence of that kind?"""
    return bool(data.get("photos")) or data.get("kind") == "audiovisual"


def standing(row: Row) -> Standing:
    """How a step stands now."""
    level = str(row.get("level") or "REQUIRED")
    if "demands" not in row:
        kind = "recorded" if row["made"] else "excused" if row["reason"] else "missing"
        return Standing(kind, level)
    holes = _holes(row)
    unmet = tuple(d for d in row["demands"] if not _met(d, row, holes))
    if not unmet:
        return Standing("recorded", level)
    worst = max((str(d["level"]) for d in unmet), key=LEVELS.index)
    return Standing(_kind(row, worst), worst, unmet, holes)


def _kind(row: Row, worst: str) -> str:
    waived = row.get("waived")
    if waived and worst != "FULL":
        return "waived" if row.get("approved") else "pending"
    if row["reason"]:
        if worst == "CIRCUMSTANCE":
            return "excused"
        return "approved" if row.get("approved") or not row.get("approval") else "pending"
    return "partial" if worst == "FULL" and row.get("clips") else "missing"


def _holes(row: Row) -> tuple[Span, ...]:
    """Where footage that must be whole is not."""
    whole = [d for d in row["demands"] if d["level"] == "FULL"]
    if not whole:
        return ()
    clips = [c for c in row.get("clips", ()) if all(fits(c, d["forms"]) for d in whole)]
    began, ended = str(row.get("began") or ""), str(row.get("ended") or "")
    return tuple(gaps(began, ended, clips, int(row.get("tolerance") or 0)))


def _met(demand: Row, row: Row, holes: tuple[Span, ...]) -> bool:
    if demand["level"] == "FULL":
        return not holes
    return any(fits(clip, demand["forms"]) for clip in row.get("clips", ()))


def devices_in(state: State) -> set[str]:
    """The devices that the clips of a case name."""
    rows = state.get("recordings", ())
    return {*state.get("devices", ()), *(c["device"] for row in rows for c in row.get("clips", ()))} - {""}


def unfilmed(state: State) -> list[Row]:
    """Steps for which a recording can still come in: without one, or with holes, whatever reason is given."""
    return [row for row in state.get("recordings", ()) if standing(row).kind != "recorded"]


def unrecorded(state: State) -> list[Row]:
    """Steps that have neither a recording nor a reason, and that a reason alone would settle."""
    rows = [(row, standing(row)) for row in state.get("recordings", ())]
    return [row for row, now in rows if now.kind == "missing" and _reason_will_do(row, now)]


def _reason_will_do(row: Row, now: Standing) -> bool:
    return "demands" not in row or now.level == "CIRCUMSTANCE" or not row.get("approval")


def pending(state: State) -> list[Row]:
    """Steps whose hole is explained and waits for a head's word."""
    return [row for row in state.get("recordings", ()) if standing(row).kind == "pending"]


def open_rows(rows: Iterable[Row]) -> list[Row]:
    """Steps that keep the case from being closed."""
    return [row for row in rows if not standing(row).settled]


# What acts make of it


def new_row(facts: Facts, duty: Duty, n: int) -> dict[str, Any]:
    """The row of a step that owes a recording, as its act leaves it."""
    data, clips = facts.data, clips_of(facts.data)
    act = facts.pack.acts.get(APPROVAL)
    row: dict[str, Any] = {
        "n": n,
        "act": facts.act.id,
        "label": facts.act.label,
        "on": facts.on.isoformat(),
        "made": n if clips else 0,
        "reason": str(data.get("no_recording") or "").strip(),
        "by": facts.actor.id,
        "level": duty.level,
        "demands": [
            {
                "label": d.label,
                "level": d.level,
                "forms": list(d.forms),
                "cite": d.citation,
                "waiver": d.waiver,
            }
            for d in duty.demands
        ],
        "began": str(data.get("began") or data.get("activity_began") or ""),
        "ended": str(data.get("ended") or data.get("activity_ended") or ""),
        "clips": clips,
        "approval": act is not None and facts.state["procedure"] in act.procedures,
    }
    if tolerance := facts.pack.setting("av.gap_tolerance"):
        row["tolerance"] = int(tolerance)
    if standing({**row, "reason": ""}).kind == "recorded":
        row["reason"] = ""
    return row


def note(state: State, facts: Facts) -> None:
    """Keep of a step that must be recorded, or else explained, what it owes and what it brought."""
    duty = duty_of(facts)
    if duty.level != "NONE":
        state.setdefault("recordings", []).append(new_row(facts, duty, state["n"]))


def supply(state: State, facts: Facts) -> None:
    """Footage comes in after the act: of the step named, or of those of its own day."""
    clips = clips_of(facts.data)
    if not clips or facts.data.get("kind", "audiovisual") != "audiovisual":
        return
    of = int(facts.data.get("record_of") or 0)
    for row in state.get("recordings", ()):
        if standing(row).kind != "recorded" and (row["n"] == of if of else row["on"] == facts.on.isoformat()):
            row["made"] = row["made"] or state["n"]
            if "demands" in row:
                row["clips"] = [*row.get("clips", ()), *clips]


def row_of(state: State, number: Any) -> dict[str, Any] | None:
    """The row of the step with that number."""
    return next((row for row in state.get("recordings", ()) if str(row["n"]) == str(number or "")), None)


def explain(state: State, facts: Facts) -> None:
    """Why a step has no recording, or one with holes, or needs none; an earlier approval falls."""
    row = row_of(state, facts.data.get("record_of"))
    if row is not None:
        row["reason"], row["by"], row["explained"] = (
            str(facts.data["reason"]).strip(),
            facts.actor.id,
            state["n"],
        )
        row["waived"] = facts.data.get("exception") == "waiver"
        row["approved"] = 0


def approve(state: State, facts: Facts) -> None:
    """A head lets an explained hole stand, or sends it back."""
    row = row_of(state, facts.data.get("record_of"))
    if row is not None and facts.data.get("agreed") == "yes":
        row["approved"] = state["n"]
    elif row is not None:
        row["reason"], row["waived"], row["approved"] = "", False, 0


def at_closing(rows: Iterable[Row], data: Mapping[str, Any], n: int) -> list[dict[str, Any]]:
    """The rows as the closing leaves them: its reason is for those that a reason settles, its approval for those explained."""
    reason, approved = str(data.get("no_recording") or "").strip(), bool(data.get("exceptions_approved"))
    found = []
    for old in rows:
        row, now = dict(old), standing(old)
        if reason and now.kind == "missing" and _reason_will_do(row, now):
            row["reason"] = reason
        if approved and now.kind == "pending":
            row["approved"] = n
        found.append(row)
    return found
