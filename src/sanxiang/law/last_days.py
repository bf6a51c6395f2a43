"""救济的最后一日: until which day each decision that a party has may be taken to 行政复议 and to the court, or why to neither.

Every paper that states remedies has days of its own, counted from its own service by the rules that its text was made of
(`law.remedies`). The case's clocks cannot say it: they follow the decision in force, and a paper beside it (责令改正, 加处罚款,
延长期限) would take their place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanxiang.law import rulings
from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import UNITS, Limit, checked_unit, due
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.remedies import (
    PENALTIES,
    REVIEW,
    SPECIAL,
    SUIT,
    mixed,
    review_first,
    special_periods,
)
from sanxiang.law.rules import LimitRule
from sanxiang.law.stance import BEGUN
from sanxiang.speech import cn_day

NONE = "remedy.none"
PART = "remedy-suit-part"
GENERAL = (REVIEW, SUIT, PART)


@dataclass(frozen=True)
class LastDay:
    """Until when one paper may be contested in one way, how that was counted, under which article."""

    paper: str
    label: str
    served: date
    due: date
    provisional: bool
    steps: tuple[str, ...]
    citation: str


@dataclass(frozen=True)
class Closed:
    """Papers that the party has and that cannot be contested by themselves: why, and under which article."""

    papers: tuple[str, ...]
    reason: str
    citation: str


def last_days(pack: Pack, state: State, calendar: Calendar) -> list[LastDay]:
    """The days of every paper that was served and states remedies, in the ways that were not taken yet, the earliest first."""
    found = [
        one
        for kind, paper in state["papers"].items()
        if (served := served_on(pack, state, kind, paper))
        for one in _days(pack, state, kind, served, calendar)
    ]
    return sorted(found, key=lambda one: (one.due, one.label))


def served_on(pack: Pack, state: State, kind: str, paper: Mapping[str, Any]) -> date | None:
    """The day from which the party's periods against the paper run; None where none run against it."""
    rule, day = pack.papers.get(kind), str(paper.get("served_on") or "")
    mine = {"what": rulings.mark_of(state, kind), "to": rulings.APPLICANT}
    given = [row["on"] for row in state["facts"].get("given") or () if mine.items() <= row.items()]
    if given and paper.get("status") in ("issued", "served"):
        day = str(given[-1])
    elif paper.get("status") != "served":
        return None
    if not rule or not rule.remedies or not day or _elsewhere(state, kind):
        return None
    return date.fromisoformat(day[:10])


def _elsewhere(state: State, kind: str) -> bool:
    """Does another paper say how to go on: that of 复议 or of the court which changed the decision, or our own that did?"""
    if kind == "revocation":
        return bool(state["facts"].get("fate") == "changed")
    changed: Mapping[str, Any] = state["papers"].get("change-decision") or {}
    return changed.get("status") == "served" and kind in ("penalty-decision", "spot-decision")


def covered(pack: Pack, state: State, clock: Mapping[str, Any]) -> bool:
    """Does a paper that the party has say itself how long this period of the case is?"""
    days = (served_on(pack, state, kind, paper) for kind, paper in state["papers"].items())
    return str(clock["start"])[:10] in {day.isoformat() for day in days if day}


def sought(pack: Pack, state: State, kind: str, served: date) -> set[str]:
    """The ways that are no longer open against it, 复议 or 诉讼 having begun: both, or after a withdrawal that one alone.

    They are recorded of the decision in force, and not of the papers beside it.
    """
    starts = {*pack.limits[REVIEW].start, "serve:spot-decision"}
    if not {f"serve:{kind}", f"adj-serve:{kind}"} & starts:
        return set()
    rows = [row for row in state["remedies"] if str(row["from"]) >= served.isoformat()]
    stood = any(row.get("result") != "withdrawn" for row in rows)
    return {"review", "suit"} if stood else {str(row["kind"]) for row in rows}


def begun(state: State) -> str:
    """That a remedy runs and what may not be done meanwhile, in a sentence for the party; "" where none does."""
    rows = [row for row in state["remedies"] if not row.get("to")]
    if not rows:
        return ""
    way, other = (
        BEGUN[str(rows[-1]["kind"])][0],
        BEGUN["suit" if rows[-1]["kind"] == "review" else "review"][0],
    )
    return f"已经于{cn_day(rows[-1]['from'])}{way}，办理期间不得{other}。"


def _days(pack: Pack, state: State, kind: str, served: date, calendar: Calendar) -> Iterator[LastDay]:
    facts, used = state["facts"], sought(pack, state, kind, served)
    rows = special_periods(pack, SPECIAL, facts) if kind in PENALTIES else []
    short = min(rows, key=lambda row: int(row["n"]), default=None)
    name = _name(pack, kind)
    if "review" not in used:
        yield _day(pack.limits[REVIEW], None, kind, name, served, calendar)
    if "suit" in used or review_first(pack, state["procedure"], facts, kind):
        return
    yield _day(pack.limits[SUIT], None if mixed(facts) else short, kind, name, served, calendar)
    if short and mixed(facts):
        yield _day(pack.limits[PART], short, kind, name, served, calendar)


def _day(
    rule: LimitRule,
    special: Mapping[str, Any] | None,
    kind: str,
    name: str,
    served: date,
    calendar: Calendar,
) -> LastDay:
    """One period from the day of service: as the rule has it, or as another statute does."""
    n, unit = (int(special["n"]), "calendar") if special else (rule.n or 0, rule.unit)
    found = due(calendar, Limit(f"送达《{name}》", served, n, checked_unit(unit), rule.roll))
    law = str(special["citation"]) if special else str(rule.citation)
    label = f"对《{name}》{rule.label}（{n}{UNITS[unit]}）"
    return LastDay(kind, label, served, found.date, found.provisional, found.steps, law)


def _name(pack: Pack, kind: str) -> str:
    """What stands at the head of the paper."""
    return pack.papers[kind].title or pack.papers[kind].label


def closed(pack: Pack, state: State) -> list[Closed]:
    """The papers served that cannot be contested by themselves, by the reason of the pack's list."""
    found = []
    for row in pack.setting(NONE, ()):
        names = [
            f"《{_name(pack, kind)}》"
            for kind in row["papers"]
            if kind in pack.papers and (state["papers"].get(kind) or {}).get("status") == "served"
        ]
        if names:
            found.append(Closed(tuple(dict.fromkeys(names)), str(row["reason"]), str(row["citation"])))
    return found
