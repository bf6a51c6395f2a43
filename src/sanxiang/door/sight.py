"""What of a case a person may look at. Pure: facts in, yes or no out; desk and API ask the same rule.

Whoever may see the case at all (tenancy, asked before) sees everything but what a field of the pack marks:
- `identity`   numbers of identity cards and telephones: not the window, and the archive only once the case is closed
- `informant`  who reported: only those who handle the case now and the heads who answer for it
- `witness`    who testified or stood by: those, the legal reviewers once the case has been handed to them, and the
               archivists, who bind the file, once the case is closed
- `confined`   trade secrets and private matters: those whom the case has cleared for them, its handlers, the head of the agency
A mark that is not known here hides the field: we refuse to guess.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from sanxiang.door.printed import Printed, printed_in
from sanxiang.law.facts import Actor, State
from sanxiang.law.packs import Pack
from sanxiang.law.rules import CONFINED, Act, Field, stricter
from sanxiang.law.rules import ORDINARY as ORDINARY

WINDOW, ARCHIVE = frozenset({"window-clerk"}), frozenset({"archivist"})
"""Roles that neither handle nor review, decide, publish or watch a case: nothing of theirs asks for an identity number."""
REVIEWERS = frozenset({"legal-reviewer", "counsel"})
MACHINERY = ("by", "on", "case", "state", "signed", "sealed", "strokes", "paper_mark")
"""Openings that the ledger needs and no reader does: each stands elsewhere in the entry, is a digest, or is drawn on the paper."""
HIDDEN = "已隐去，只有本案承办人和负责人等有权查看的人员可以看到"
INCLUDED = re.compile(r"\{%-?\s*include\s+['\"]([\w-]+)['\"]")


def who_may_see(actor: Actor, case_state: State, secrecy: str, unit: str = "") -> bool:
    """May this actor see what bears this mark? `unit` is the case's unit: its heads count, those of other units do not."""
    if secrecy in ORDINARY:
        return True
    if secrecy == "identity":
        without = WINDOW if case_state["closed"] else WINDOW | ARCHIVE
        return not actor.roles or bool(actor.roles - without)
    if secrecy == CONFINED:
        return (
            actor.id in {*case_state["handlers"], *case_state.get("cleared", ())}
            or "agency-head" in actor.roles
        )
    involved = actor.id in case_state["handlers"] or _answers_for_it(actor, unit)
    if secrecy == "informant":
        return involved
    if secrecy == "witness":
        reviews = bool(case_state["review"]) and bool(actor.roles & REVIEWERS)
        return involved or reviews or (bool(case_state["closed"]) and "archivist" in actor.roles)
    return False


def _answers_for_it(actor: Actor, unit: str) -> bool:
    return "agency-head" in actor.roles or ("unit-head" in actor.roles and (not unit or unit in actor.headed))


@dataclass(frozen=True)
class Sight:
    """One person's eyes on one case."""

    actor: Actor
    state: State
    unit: str = ""

    def may(self, secrecy: str) -> bool:
        """May what bears this mark be shown?"""
        return who_may_see(self.actor, self.state, secrecy, self.unit)

    def of(self, item: Field, value: Any) -> Any:
        """A field's value without the columns that are not for these eyes. The field itself must have been asked for."""
        if all(self.may(c.secrecy) for c in item.columns):
            return value
        rows = value if isinstance(value, list) else [value]
        cut = [self._row(item, row) if isinstance(row, Mapping) else row for row in rows]
        return cut if isinstance(value, list) else cut[0]

    def _row(self, item: Field, row: Mapping[str, Any]) -> dict[str, Any]:
        closed = {c.name for c in item.columns if not self.may(c.mark(row))}
        return {k: v for k, v in row.items() if k not in closed}

    def facts(self, pack: Pack) -> tuple[dict[str, Any], list[str]]:
        """The case's standing facts as these eyes may see them, and the names of those withheld."""
        marks, fields = marks_of(pack, self.state["facts"]), fields_of(pack, self.state["procedure"])
        shown, withheld = {}, []
        for name, value in self.state["facts"].items():
            if not self.may(marks.get(name, "case")):
                withheld.append(name)
            else:
                shown[name] = self.of(fields[name], value) if name in fields else value
        return shown, withheld

    def paper(self, pack: Pack, kind: str, said: Mapping[str, str]) -> bool:
        """May a paper of this kind be read? Not when its template prints what is marked and the case gave.

        `said` has what the act that issued it said, each with the mark that it bore there: another act's field of the
        same name may be open to all.
        """
        known = self._kinds.get(kind)
        if known is None or known[0] is not pack:
            printed = printed_by(pack, kind)
            stands = all(self.may(mark) for mark in marks_standing(pack, self.state, printed))
            known = self._kinds[kind] = (pack, printed.names, stands)
        _, names, stands = known
        return stands and all(self.may(mark) for name, mark in said.items() if name in names)

    @cached_property
    def _kinds(self) -> dict[str, tuple[Pack, frozenset[str], bool]]:
        """By kind of paper, under which pack, what it prints and whether the case as it stands closes it: of a case with
        hundreds of papers of few kinds each kind is asked once. Kept no longer than these eyes look."""
        return {}


def paper_marks(pack: Pack, kind: str, state: State, said: Mapping[str, str]) -> list[str]:
    """The marks of all that a paper of this kind prints; `said` as in `Sight.paper`."""
    printed = printed_by(pack, kind)
    given = [mark for name, mark in said.items() if name in printed.names]
    return given + marks_standing(pack, state, printed)


def mark_of_paper(pack: Pack, kind: str, state: State, said: Mapping[str, str]) -> str:
    """The most closed of them: what a scan of the paper bears."""
    return reduce(stricter, paper_marks(pack, kind, state, said), "case")


def marks_of(pack: Pack, known: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The mark of each standing fact by name: the strictest that any act of the pack gives it.

    `known` are the case's standing facts: a mark that depends on one of them is the one that it has beside them.
    """
    marks: dict[str, str] = {}
    for act in pack.acts.values():
        for item in act.fields:
            if item.fact:
                settled = known is not None and all(_standing(act, name) for name, _ in item.beside)
                mark = item.mark(known or {}) if settled else item.secrecy
                marks[item.name] = stricter(marks.get(item.name, "public"), mark)
    for act in pack.acts.values():
        for effect in act.effects:
            if effect["do"] == "copy":  # a copy is as secret as what it was copied from
                marks[effect["to"]] = stricter(
                    marks.get(effect["to"], "public"), marks.get(effect["from"], "case")
                )
    return marks


def _standing(act: Act, name: str) -> bool:
    """Is this field of the act kept among the case's standing facts?"""
    item = act.field(name)
    return item is not None and item.fact


def fields_of(pack: Pack, procedure: str) -> dict[str, Field]:
    """The fields by which a procedure's facts are named; where acts word one differently the first counts."""
    found: dict[str, Field] = {}
    for act in pack.acts_of(procedure):
        for item in act.fields:
            found.setdefault(item.name, item)
    return found


def marks_standing(pack: Pack, state: State, printed: Printed) -> list[str]:
    """The marks of all that a paper prints of the case as it stands, whichever act issued the paper."""
    marks = marks_of(pack, state["facts"])
    given = [marks.get(name, "case") for name in state["facts"] if name in printed.names]
    given += marks_in_groups(pack, state, printed) + marks_told(pack, printed)
    listed = state["evidence"] if "evidence" in printed.names else ()
    return given + [piece.get("secrecy", "case") for piece in listed]


def marks_in_groups(pack: Pack, state: State, printed: Printed) -> list[str]:
    """The marks of what a paper prints out of groups and rows of the case's facts: the party's telephone, an agent's number."""
    fields, found = fields_of(pack, state["procedure"]), []
    for name, value in state["facts"].items():
        if name in printed.names and name in fields:
            rows = [
                row for row in (value if isinstance(value, list) else [value]) if isinstance(row, Mapping)
            ]
            found += [
                c.mark(row)
                for row in rows
                for c in fields[name].columns
                if c.name in printed.columns and row.get(c.name)
            ]
    return found


def marks_told(pack: Pack, printed: Printed) -> list[str]:
    """The marks of what a paper quotes from other acts: the strictest that the field may bear there."""
    asked = [(one, name) for act, name in printed.told for one in ([act] if act else pack.acts)]
    fields = [pack.acts[act].field(name) for act, name in asked if act in pack.acts]
    return [item.secrecy for item in fields if item is not None]


def printed_by(pack: Pack, kind: str) -> Printed:
    """What a paper's template prints or lists, its parts included."""
    return reduce(Printed.beside, (printed_in(body) for body in bodies_of(pack, kind)), Printed())


def bodies_of(pack: Pack, kind: str) -> list[str]:
    """A paper's template and those of the parts that it includes."""
    seen: dict[str, str] = {}
    waiting = [kind]
    while waiting:
        name = waiting.pop()
        if name not in seen and name in pack.papers:
            seen[name] = pack.papers[name].body
            waiting += INCLUDED.findall(seen[name])
    return list(seen.values())
