"""The shapes that pack blocks take once read: frozen, typed, each with its citation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sanxiang.law.blocks import Block, Citation

PROVENANCES = ("text", "inherited", "national", "operator")
FIELD_TYPES = (
    "text",
    "party-code",
    "longtext",
    "date",
    "datetime",
    "number",
    "money",
    "choice",
    "multi",
    "bool",
    "officers",
    "person",
    "party",
    "rows",
    "file",
    "paper",
    "act",
    "service",
    "penalty",
    "record",
    "case",
)


@dataclass(frozen=True)
class Field:
    """One thing an act asks for. `fact` false keeps it out of the case's standing facts.

    `from_fact` says what the form is filled in with: a standing fact, a part of one (`party.address`), or the first of
    several that is known (`service_address|party.address`). `wanted` says when an optional field is needed after all;
    `section` puts it under the heading of that section, with the fields beside it that name the same. `each` names a list
    of the case's state (`review.problems`): the rows answer its items one by one, by their number from 1 in the column `no`.
    `article` is what a refusal cites when the field is blank. `secrecy` is the mark that `door.sight` knows; with
    `secret_when` (`kind=testimony`, `source=complaint,informant`) the field bears it only where one of these other fields
    of the same act has that answer, or any answer where none is named. `confined_when`, written alike, says when it is for cleared
    people alone, whatever else it is; `witness_when`, for a field that is no fact, when it is a witness's. `marked_by` names what the
    act told of a mark that the field bears at least: a scan is as closed as its paper.
    """

    name: str
    label: str
    type: str = "text"
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple["Field", ...] = ()
    help: str = ""
    default: Any = None
    from_fact: str = ""
    when: str = ""
    fact: bool = True
    secrecy: str = "case"
    secret_when: str = ""
    confined_when: str = ""
    witness_when: str = ""
    marked_by: str = ""
    max_length: int = 0
    element: str = ""
    wanted: str = ""
    section: str = ""
    each: str = ""
    article: str = ""

    def mark(self, data: Mapping[str, Any]) -> str:
        """How secret the field is beside what else the act said."""
        return stricter(self._own(data), str(data.get(self.marked_by) or "public"))

    def _own(self, data: Mapping[str, Any]) -> str:
        if any(_answers(data, one) for one in _pairs(self.confined_when)):
            return CONFINED
        if any(_answers(data, one) for one in _pairs(self.witness_when)):
            return WITNESS
        return self.secrecy if not self.beside or any(_answers(data, one) for one in self.beside) else "case"

    @property
    def beside(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The fields on which the mark depends, each with the answers that count; none means any answer."""
        return _pairs(self.secret_when)


WITNESS = "witness"
"""The mark of who testified or stood by."""
CONFINED = "confined"
"""The mark of what only people know who are cleared for it in this case: trade secrets, private matters."""
ORDINARY = ("public", "case", "person")
"""Marks that matter outside the case; within it everybody who may see the case sees these."""
RANK = (*ORDINARY, "identity", WITNESS, "informant", CONFINED)
"""From open to closed."""


def stricter(one: str, other: str) -> str:
    """The more closed of two marks; an unknown one is the most closed."""
    return max(one, other, key=lambda mark: RANK.index(mark) if mark in RANK else len(RANK))


@cache
def _pairs(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A condition as packs write it, read once: there are few, and every mark of every field asks for its own."""
    told = (one.strip().partition("=") for one in text.split(",") if one.strip())
    return tuple((name, tuple(wanted.split("|")) if wanted else ()) for name, _, wanted in told)


def _answers(data: Mapping[str, Any], one: tuple[str, tuple[str, ...]]) -> bool:
    name, wanted = one
    return str(data.get(name)) in wanted if wanted else data.get(name) not in (None, "", [], {})


@dataclass(frozen=True)
class Section:
    """Fields that belong together: their heading, what filling them in does, and the article that asks."""

    id: str
    label: str
    citation: Citation
    help: str = ""


def people_in(act: "Act", values: Mapping[str, Any]) -> list[str]:
    """Ids of the people whom an act's values name, in fields of their own or in the rows of a table."""
    found: list[str] = []
    for item in act.fields:
        given = values.get(item.name)
        if given and item.type in PEOPLE:
            found += map(str, given if isinstance(given, list) else [given])
        elif isinstance(given, list):
            named = [column.name for column in item.columns if column.type in PEOPLE]
            found += [str(row[name]) for row in given for name in named if row.get(name)]
    return found


PEOPLE = ("officers", "person")
"""Types of fields whose values are people."""


@dataclass(frozen=True)
class Act:
    """A lawful step: who may take it, at which stage, what it asks and what follows.

    `milestone` says that with it a case is `filed` (on the books: 立案, 受理) or `decided`. `matters` say which of the
    activities that are recorded in sound or film it is (`law.recording.matters`).
    """

    id: str
    label: str
    procedures: tuple[str, ...]
    stages: tuple[str, ...]
    citation: Citation
    by: tuple[str, ...] = ()
    to: str = ""
    fields: tuple[Field, ...] = ()
    officers: int = 0
    enforcement: bool = False
    today_only: bool = False
    once: bool = False
    effects: tuple[Mapping[str, Any], ...] = ()
    papers: tuple[str, ...] = ()
    opens: tuple[Mapping[str, Any], ...] = ()
    closes: tuple[str, ...] = ()
    activity: str = ""
    group: str = ""
    help: str = ""
    first: bool = False
    milestone: str = ""
    matters: tuple[Any, ...] = ()
    place: tuple[str, int] = ("", 0)

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((item for item in self.fields if item.name == name), None)


@dataclass(frozen=True)
class Guard:
    """A condition that acts must meet, under the article that asks for it."""

    id: str
    on: tuple[str, ...]
    needs: str
    citation: Citation
    args: Mapping[str, Any] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    cure: str = ""
    procedures: tuple[str, ...] = ()
    place: tuple[str, int] = ("", 0)


@dataclass(frozen=True)
class LimitRule:
    """A period: which act starts it, how long, in which days, what ends or interrupts it.

    `told` names the fact in which the party was told how many days it has: what it was told holds, never less than the norm,
    or with `exact` just as told: there a guard keeps what is told within the law.
    `special` is the parameter whose rows give another number of days to decisions that order certain things (`basis`, `words`);
    with `part` it is the period of those things alone, beside the general one for the money that the decision orders too.
    `after` names periods after whose last day this one begins. `outlives`: closing the case does not end it (publication,
    the party's remedies). `each` names the field with the paper that the period is for: one clock for every paper; with
    `channel` there is one for every place where hands put a publication up (`law.disclosure.channels`).
    """

    id: str
    label: str
    citation: Citation
    unit: str
    n: int | None = None
    key: str = ""
    start: tuple[str, ...] = ()
    start_field: str = ""
    told: str = ""
    exact: bool = False
    special: str = ""
    part: bool = False
    each: str = ""
    outlives: bool = False
    stop: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    roll: bool = False
    side: str = "agency"
    warn: int = 3
    when: tuple[str, ...] = ()
    note: str = ""
    place: tuple[str, int] = ("", 0)


@dataclass(frozen=True)
class Stage:
    """A node of the flowchart: reached by its acts, shown with its duties.

    With `adds_to` it is no node of its own: a locality's further records for the stage that it names. A record names the
    acts that make it: `act`, `act:paper` for the service of one paper, `act+field` for an act that brings that field.

    `settled_by` names rules ({guard, when?}) that must be met before the step is over, though its act is done; what was
    done before an act of `again_after` does not count. `next` are the acts ({act, when?, until? = a rule}) that carry it on,
    in their order; `hears` those that record what the party says of its own accord. `beside` names steps that it runs beside.
    """

    id: str
    label: str
    procedures: tuple[str, ...]
    canonical: str
    done_by: tuple[str, ...]
    citation: Citation
    when: tuple[str, ...] = ()
    order: int = 0
    actor: str = ""
    adds_to: str = ""
    settled_by: tuple[Mapping[str, str], ...] = ()
    again_after: tuple[str, ...] = ()
    next: tuple[Mapping[str, str], ...] = ()
    hears: tuple[Mapping[str, str], ...] = ()
    beside: tuple[str, ...] = ()
    records: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Procedure:
    """A kind of procedure, such as 简易程序 or 普通程序, of one canonical act type.

    `title_end` closes the name of a case: 当事人＋案由＋案.
    """

    id: str
    label: str
    act_type: str
    start: str
    stages: tuple[tuple[str, str], ...]
    citation: Citation
    help: str = ""
    title_end: str = "案"


@dataclass(frozen=True)
class PaperRule:
    """A document 文书: its name, series, seal, who signs, and its text as a template.

    An act makes it only where every condition of `when` holds. `posted`: put up for everybody, so it is served to nobody.
    `numbers_case`: the case is known by this paper's number. `file`: its class in the file (law.casefile); `to`: `organ` or `nobody`, where
    it is not the party to whom it is served. `issuer`: the fact that names whoever issues it, where that is not the agency.
    """

    id: str
    label: str
    citation: Citation
    body: str
    kind: str = "internal"
    series: str = ""
    seal: str = ""
    title: str = ""
    items: tuple[Mapping[str, str], ...] = ()
    signers: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    posted: bool = False
    remedies: bool = False
    numbers_case: bool = False
    issuer: str = ""
    file: str = ""
    to: str = ""
    source: str = ""
    version: str = "1"
    place: tuple[str, int] = ("", 0)
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def template(self) -> str:
        """Where the template comes from and which version it is, as every paper made from it says."""
        return f"{self.source or '本规则包'} 第{self.version}版"


@dataclass(frozen=True)
class Parameter:
    """A setting that localities fill: what it is called, how strictness runs, what to ask when unset."""

    key: str
    label: str
    group: str
    type: str
    unit: str = ""
    bound: str = ""
    question: str = ""


@dataclass(frozen=True)
class Value:
    """A parameter's value with where it comes from; `is_set` false is the value 方案未定."""

    key: str
    is_set: bool
    provenance: str
    citation: Citation | None = None
    value: Any = None
    source: str = ""
    note: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    place: tuple[str, int] = ("", 0)

    def in_force(self, on: date) -> bool:
        """Is this the value of that day?"""
        return (self.effective_from or date.min) <= on <= (self.effective_to or date.max)


def as_tuple(value: Any) -> tuple[Any, ...]:
    """One or many, as a tuple."""
    if value is None or value == "":
        return ()
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def take(block: Block, known: set[str], needed: tuple[str, ...]) -> dict[str, Any]:
    """The block's keys, refused when one is unknown or a needed one is missing."""
    common = {"effective_from", "effective_to", "note", "instead_of"}
    if unknown := sorted(set(block.data) - known - common):
        raise block.error(f"{block.kind} 不认识的键：{'、'.join(unknown)}")
    if missing := [key for key in needed if key not in block.data]:
        raise block.error(f"{block.kind} 缺少：{'、'.join(missing)}")
    return block.data
