"""A file walked through again: each recorded step is put before the same rules once more, in its own state and on its own day.

What gates an act also evaluates it. A rule that is not met on the way is a flaw of the file, with its article and its step; a
period of the agency that ran out is one too. Nothing is written: the case is a copy whose state is built up from its acts.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sanxiang.cases.models import Case
from sanxiang.door import gather, rows
from sanxiang.door.pinned import pinned
from sanxiang.door.verifying.rows import CaseFile, case_files
from sanxiang.law import clocks
from sanxiang.law.dossier import digest
from sanxiang.law.facts import Actor, Facts, State, empty_state
from sanxiang.law.guards import judge
from sanxiang.law.packs import Pack
from sanxiang.law.procedure import transition
from sanxiang.law.rules import Act
from sanxiang.people.models import Edition, Person
from sanxiang.speech import cn_day

MOMENTARY = frozenset({"extra-clear", "papers-made-here"})
"""Conditions about what else there was at that moment: today's answer would be another one."""

NOBODY = Actor("", "经办系统", system=True)


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


@dataclass
class Retrace:
    """The file walked through: its flaws, the state at the end, and whether the recorded states were met again."""

    flaws: list[Flaw] = field(default_factory=list)
    state: State = field(default_factory=dict)
    faithful: bool = True
    unknown: list[str] = field(default_factory=list)


def steps_of(file: CaseFile) -> list[Step]:
    """The steps of a case as its ledger has them."""
    found = []
    for act in file.acts:
        said = dict(file.said(act))
        papers = {k.partition(":")[2]: _issued(said.pop(k)) for k in list(said) if k.startswith("paper:")}
        found.append(
            Step(
                act.name, act.label, said, str(said.get("on") or act.on)[:10], act.at, act.by,
                papers, act.id, str(said.get("state") or ""), str(said.get("pack_digest") or ""),
            )
        )  # fmt: skip
    return found


def _issued(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the state keeps of a paper that an act made."""
    return {key: (told or {}).get(key, "") for key in ("id", "number", "content", "pdf")}


def retrace_case(case: Case) -> Retrace:
    """A case of the database walked through again."""
    file = next(case_files([case]))
    return retrace(case, steps_of(file))


def retrace(case: Case, steps: list[Step]) -> Retrace:
    """These steps, put before the rules one after the other."""
    shown = copy.copy(case)
    shown.people_edition = Edition.objects.values_list("token", flat=True).first()  # type: ignore[attr-defined]
    shown.pack_digest = _first_digest(case, steps)
    pack = pack_for(shown)
    shown.state = empty_state(case.procedure, pack.procedures[case.procedure].start)
    shown.stage, shown.closed, shown.n = shown.state["stage"], "", 0
    found, people = Retrace(state=shown.state), people_of(steps)
    for number, step in enumerate(steps, 1):
        act = pack.acts.get(step.act)
        if act is None or case.procedure not in act.procedures:
            found.unknown.append(step.label)
            continue
        facts = facts_of(shown, act, step, people)
        found.flaws += flaws_of(facts, number, step.label)
        state = transition(facts)
        found.faithful &= not step.state or digest(state) == step.state
        shown.state, shown.stage, shown.closed, shown.n = state, state["stage"], state["closed"], state["n"]
        rows_follow(shown, pack)
        if step.pack_digest and step.act == "adopt-pack":
            shown.pack_digest = step.pack_digest
            pack = pack_for(shown)
    found.state = shown.state
    found.flaws += late(pack, shown.state, steps[-1].at.date() if steps else date.max)
    return found


def _first_digest(case: Case, steps: list[Step]) -> str:
    """The pack by which the case began: what its first act says, else today's."""
    first = (steps[0].data.get("case") or {}) if steps else {}
    return str(first.get("pack_digest") or case.pack_digest)


def pack_for(case: Case) -> Pack:
    """The pack as the case's procedure reads it."""
    return pinned(case.pack, case.pack_digest).read_by(case.procedure)


def people_of(steps: list[Step]) -> dict[UUID, Person]:
    """Everybody who took a step. One query."""
    return Person.objects.in_bulk({step.by for step in steps if step.by})


def facts_of(case: Case, act: Act, step: Step, people: Mapping[UUID, Person]) -> Facts:
    """What the rules may ask about this step, as things stood before it."""
    names = {item.name for item in act.fields}
    data = {k: v for k, v in step.data.items() if k in names and v is not None} | {"on": step.on}
    person = people.get(step.by) if step.by else None
    day, edition = date.fromisoformat(step.on), str(getattr(case, "people_edition", "") or "")
    actor = gather.remembered_actor(person, case.agency, day, edition) if person else NOBODY
    facts = gather.facts_for(case, act, actor, data, step.at)
    told: dict[str, Any] = {"papers": dict(step.papers), "act_id": str(step.id or "")}
    if step.id:
        told["evidence"] = rows.evidence_of(facts, step.id)
    return replace(facts, extra={**facts.extra, **told})


def rows_follow(case: Case, pack: Pack) -> None:
    """The columns that rules may read."""
    party = case.state["facts"].get("party") or {}
    case.party = str(party.get("name", ""))
    case.number = rows.number_in(pack, case.state) or case.number


def flaws_of(facts: Facts, n: int, label: str) -> Iterator[Flaw]:
    """The rules that the step does not meet."""
    needs = {rule.id: rule.needs for rule in facts.pack.guards}
    erased = set(facts.state.get("erased", {}))
    for verdict in judge(facts):
        kind = needs.get(verdict.guard, verdict.guard.partition(":")[0])
        gone = verdict.guard.startswith("field:") and (verdict.guard[6:] in erased or facts.actor.system)
        if not verdict.met and kind not in MOMENTARY and not gone:
            yield Flaw(verdict.guard, kind, verdict.citation, verdict.fact, verdict.cure, n, label)


def late(pack: Pack, state: State, today: date) -> Iterator[Flaw]:
    """Periods of the agency that ended, or still run, after their last day."""
    calendar = gather.calendar()
    for name, clock in state["clocks"].items():
        rule = clocks.rule_of(pack, name)
        if rule is None or rule.side == "party" or rule.unit == "hours":
            continue
        due = clocks.last_day(state, name, pack, calendar)
        ended = date.fromisoformat(str(clock["ended"])[:10]) if clock["ended"] else today
        if due and ended > due:
            label = clocks.label_of(pack, name)
            how = f"到{cn_day(ended)}才完成" if clock["ended"] else f"到{cn_day(ended)}还没有完成"
            text = f"{label}应当在{cn_day(due)}之前完成，{how}"
            yield Flaw(
                f"late:{name}",
                "late",
                str(rule.citation),
                text,
                "期限已过，在案卷中写明原因",
                clock["act_n"],
                label,
            )
