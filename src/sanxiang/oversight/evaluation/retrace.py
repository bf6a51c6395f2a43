"""A file walked through again: each recorded step is put before the same rules once more, in its own state and on its own day.

What gates an act also evaluates it. A rule that is not met on the way is a flaw of the file, with its article and its step; a
period of the agency that ran out is one too. Nothing is written: the case is a copy whose state is built up from its acts.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door import gather, rows
from sanxiang.door.offline import judged_at
from sanxiang.door.pinned import current, pinned
from sanxiang.door.verifying.rows import CaseFile, case_files
from sanxiang.law.dossier import digest
from sanxiang.law.facts import Actor, Facts, State, empty_state
from sanxiang.law.guards import ROLE, judge
from sanxiang.law.packs import Pack
from sanxiang.law.procedure import transition
from sanxiang.law.rules import Act
from sanxiang.law.standard import items_of
from sanxiang.oversight.evaluation.stepwise import DISCUSSED, looked_at
from sanxiang.oversight.evaluation.yardsticks import File, Flaw, Step, late, measured
from sanxiang.people import roles
from sanxiang.people.models import Edition, Person

MOMENTARY = frozenset({"extra-clear", "papers-made-here"})
"""Conditions about what else there was at that moment: today's answer would be another one."""

NOBODY = Actor("", "经办系统", system=True)


@dataclass
class Retrace:
    """The file walked through: its flaws, the state at the end, and whether that is the recorded one."""

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
                act.name, act.label, said, str(said.get("on") or act.on)[:10], judged_at(said, act.at), act.by,
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
    views: Sequence[Any] = ()
    ended = ""
    for number, step in enumerate(steps, 1):
        act = pack.acts.get(step.act)
        if act is None or case.procedure not in act.procedures:
            found.unknown.append(step.label)
            continue
        facts = facts_of(shown, act, step, people)
        views = step.data.get("members") or () if step.act == DISCUSSED else views
        facts = replace(facts, extra={**facts.extra, "views": views})
        found.flaws += flaws_of(facts, number, step.label)
        found.flaws += looked_at(facts, step, number)
        state = transition(facts)
        ended = step.state or ended
        shown.state, shown.stage, shown.closed, shown.n = state, state["stage"], state["closed"], state["n"]
        rows_follow(shown, pack)
        if step.pack_digest and step.act == "adopt-pack":
            shown.pack_digest = step.pack_digest
            pack = pack_for(shown)
    found.state, found.faithful = shown.state, ended in ("", digest(shown.state))
    found.flaws += whole(File(pack, steps, shown.state, gather.calendar()))
    return found


def duty_of(act: Act) -> str:
    """What kind of duty an act is, for who does it without the post."""
    if any(effect["do"] == "close" for effect in act.effects):
        return "closing"
    if act.by and set(act.by) <= {roles.AGENCY_HEAD, roles.UNIT_HEAD}:
        return "head"
    if act.by == (roles.LEGAL_REVIEWER,):
        return "review"
    return "enforcing" if act.enforcement else "other"


def whole(file: File) -> Iterator[Flaw]:
    """What the standard measures over the file as a whole."""
    measures = [one for item in items_of(current(file.pack.id)) for one in item.measures]
    periods = {one.told["limit"]: one for one in measures if one.how == "periods"}
    today = timezone.localtime(file.steps[-1].at if file.steps else timezone.now())
    yield from late(file, periods, today)
    yield from measured(file, measures)


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
    asked = facts.pack.guards_of(facts.act.id, facts.state["procedure"])
    needs = {rule.id: rule.needs for rule in asked}
    erased = set(facts.state.get("erased", {}))
    for verdict in judge(facts):
        kind = needs.get(verdict.guard, verdict.guard.partition(":")[0])
        gone = verdict.guard.startswith("field:") and (verdict.guard[6:] in erased or facts.actor.system)
        rule = f"{ROLE}:{duty_of(facts.act)}:{facts.act.id}" if verdict.guard == ROLE else verdict.guard
        if not verdict.met and kind not in MOMENTARY and not gone:
            cite = verdict.citation or str(facts.act.citation)
            yield Flaw(rule, kind, cite, verdict.fact, verdict.cure, n, label)
