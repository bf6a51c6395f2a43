"""What the standard of evaluation measures by itself: periods that nobody else set, steps that call for another, days that a step names."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from sanxiang.law import clocks
from sanxiang.law.calendar import Calendar
from sanxiang.law.facts import State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import LimitRule
from sanxiang.law.standard import Measure
from sanxiang.speech import cn_day


@dataclass(frozen=True)
class Step:
    """One recorded act: what it is called, what was said, on which day and at which time, by whom, with which papers."""

    act: str
    label: str
    data: Mapping[str, Any]
    on: str
    at: datetime
    by: UUID | None = None
    papers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    id: UUID | None = None
    state: str = ""
    pack_digest: str = ""

    @property
    def day(self) -> date:
        """The day on which it was done."""
        return date.fromisoformat(self.on)


@dataclass(frozen=True)
class Flaw:
    """What a rule found in a step: which rule, its article, the fact; `n` is 0 where it is about the file as a whole."""

    rule: str
    needs: str
    citation: str
    fact: str
    cure: str
    n: int
    label: str


@dataclass(frozen=True)
class File:
    """A file as the standard measures it: its law, its steps, and the state at their end."""

    pack: Pack
    steps: Sequence[Step]
    state: State
    calendar: Calendar

    def numbered(self, names: Iterable[str]) -> list[tuple[int, Step]]:
        """The steps of these acts with their numbers."""
        wanted = set(names)
        return [(n, step) for n, step in enumerate(self.steps, 1) if step.act in wanted]


Measuring = Callable[[File, Measure], Iterator[Flaw]]


def measured(file: File, measures: Iterable[Measure]) -> Iterator[Flaw]:
    """What the yardsticks of the standard find in the file."""
    for measure in measures:
        if measure.how in BY:
            yield from BY[measure.how](file, measure)


def _flaw(measure: Measure, fact: str, cure: str, n: int, label: str, cite: str = "") -> Flaw:
    return Flaw(measure.rule, measure.how, cite or measure.citation, fact, cure, n, label)


def spans(file: File, measure: Measure) -> Iterator[Flaw]:
    """From an act to what must follow it no more than so many days lie."""
    told, limit = measure.told, timedelta(days=int(measure.told["n"]))
    for n, step in file.numbered(told["until"]):
        before = [one for m, one in file.numbered(told["after"]) if m < n]
        if before and step.day > before[-1].day + limit:
            text = f"{cn_day(before[-1].on)}{before[-1].label}，到{cn_day(step.on)}才{step.label}"
            yield _flaw(
                measure,
                f"{text}，超过{told['n']}日" if told["n"] else text,
                "在案卷中写明原因",
                n,
                step.label,
            )


def answers(file: File, measure: Measure) -> Iterator[Flaw]:
    """An act that calls for another has it before the case is closed; with `limit`, only where it came after that period's last day."""
    told = measure.told
    if "limit" not in told and not file.state["closed"]:
        return
    due = clocks.last_day(file.state, told["limit"], file.pack, file.calendar) if "limit" in told else None
    for n, step in file.numbered(told["acts"]):
        late = "limit" not in told or (due is not None and step.day > due)
        answered = any(m > n or "limit" in told for m, _ in file.numbered(told["by"]))
        if late and not answered:
            yield _flaw(
                measure, f"{step.label}（{cn_day(step.on)}）：{told['fact']}", told["cure"], n, step.label
            )


def days(file: File, measure: Measure) -> Iterator[Flaw]:
    """An act is done within the days that the case named for it; `from` and `to` are standing facts."""
    told, known = measure.told, file.state["facts"]
    for n, step in file.numbered(told["acts"]):
        first, last = (str(_at(known, told.get(key, "")) or "")[:10] for key in ("from", "to"))
        if (first and step.on < first) or (last and step.on > last):
            span = "至".join(cn_day(day) for day in (first, last) if day)
            yield _flaw(
                measure,
                f"{step.label}在{cn_day(step.on)}，{told['fact']}{span}",
                told["cure"],
                n,
                step.label,
                str(file.pack.acts[step.act].citation) if step.act in file.pack.acts else "",
            )


def values(file: File, measure: Measure) -> Iterator[Flaw]:
    """A field of an act has one of these values, where the locality has set no table of its own (`unset`)."""
    told = measure.told
    if file.pack.binding(told["unset"]).is_set:
        return
    for n, step in file.numbered(told["acts"]):
        if (given := step.data.get(told["field"])) and given not in told["in"]:
            yield _flaw(measure, f"{step.label}：{told['fact']}", told["cure"], n, step.label)


def filled(file: File, measure: Measure) -> Iterator[Flaw]:
    """What the case should know by its end is there: `fact` where `when` holds (`party.kind=org`)."""
    told, known = measure.told, file.state["facts"]
    where, _, wanted = str(told.get("when", "")).partition("=")
    if (not where or _at(known, where) == wanted) and not _at(known, told["fact"]):
        yield _flaw(measure, f"没有写明{told['label']}", "补正，并在案卷中说明", 0, "案卷")


def _at(known: Any, path: str) -> Any:
    """A standing fact, or a part of one (`party.kind`)."""
    for name in path.split(".") if path else ():
        known = known.get(name) if isinstance(known, Mapping) else None
    return known if path else None


BY: Mapping[str, Measuring] = {
    "spans": spans,
    "answers": answers,
    "days": days,
    "values": values,
    "filled": filled,
}
"""`periods` are asked with the clocks of the case (`late`)."""


def late(file: File, periods: Mapping[str, Measure], today: datetime) -> Iterator[Flaw]:
    """Periods of the agency that ended, or still run, after their last day.

    Where neither law nor scheme gives one a length, the standard's own holds (`periods`).
    """
    for name, clock in file.state["clocks"].items():
        rule = clocks.rule_of(file.pack, name)
        if rule is None or rule.side == "party":
            continue
        own = periods.get(rule.id) if clock["n"] is None else None
        if own:
            clock = {**clock, "n": int(own.told["n"]), "unit": rule.unit}
        if found := _overrun(file, rule, clock, today):
            due, ended = found
            label = clocks.label_of(file.pack, name)
            how = f"到{ended}才完成" if clock["ended"] else f"到{ended}还没有完成"
            text = f"{label}应当在{due}之前完成，{how}"
            cite = f"{rule.citation}；期限照{own.citation}" if own else str(rule.citation)
            yield Flaw(
                f"late:{name}", "late", cite, text, "期限已过，在案卷中写明原因", clock["act_n"], label
            )


def _overrun(
    file: File, rule: LimitRule, clock: Mapping[str, Any], today: datetime
) -> tuple[str, str] | None:
    """When a period should have ended and when it did, in words; None where it was kept or has no length."""
    due = clocks.due_of(dict(clock), rule, file.pack, file.calendar)
    if due is None:
        return None
    if due.at is None:
        ended = date.fromisoformat(str(clock["ended"])[:10]) if clock["ended"] else today.date()
        return (cn_day(due.date), cn_day(ended)) if ended > due.date else None
    then = next((s.at for s in reversed(file.steps) if s.label == clock["ended_by"]), today)
    then = timezone.localtime(then).replace(tzinfo=due.at.tzinfo)
    return (f"{due.at:%Y年%m月%d日%H时%M分}", f"{then:%Y年%m月%d日%H时%M分}") if then > due.at else None
