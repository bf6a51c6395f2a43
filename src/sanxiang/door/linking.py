"""Cases that a case names, and cases that name it: looked up for the law, written as rows, offered to the pages.

The tie stands in the state of the case whose act named the other, in that act's leaf (`link:ID`), and as a row, so that both
cases find it. The other case takes no part in that act: a law that asks there whether something followed reads the rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, F, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject

from sanxiang.cases.models import Case, CaseLink
from sanxiang.cases.parties import party_key
from sanxiang.law.conditions.relations import flaw_of
from sanxiang.law.dossier import admitted
from sanxiang.law.facts import State
from sanxiang.law.forms import clean
from sanxiang.law.packs import Pack
from sanxiang.law.relations import linked
from sanxiang.law.rules import Act, Field, Guard
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.models import Agency

NEEDS_LINKS = "case-linked"
"""The condition that asks what other cases say of this one."""
TOLD = "link:"
"""How an act names what it tells of a tie: this and the other case's id."""
KEPT = "_links_around"
TIES = "ties_told"
"""The annotation that brings the ties along with a case."""


@dataclass(frozen=True)
class Around:
    """A tie as one of the two cases sees it: the other case, what it is to this one, and whether this one keeps the tie."""

    case: Case
    how: str
    mine: bool


class Gathered(Aggregate):
    """The rows of a subquery as one JSON list: SQLite and PostgreSQL call it differently."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """SQLite's own name for it."""
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)


SIDES = ("case", "other")
COLUMNS = ("id", "title", "number", "code", "procedure", "stage", "closed", "filed_on")


def ties() -> Subquery:
    """Every tie of a case, both ways, as an annotation on the case: reading a case costs no query more for it."""
    rows = CaseLink.objects.filter(Q(case=OuterRef("pk")) | Q(other=OuterRef("pk"))).order_by()
    told: dict[str, Any] = {f"{side}_{name}": F(f"{side}__{name}") for side in SIDES for name in COLUMNS}
    told |= {f"{side}_agency": F(f"{side}__agency_id") for side in SIDES}
    told |= {f"{side}_agency_name": F(f"{side}__agency__name") for side in SIDES}
    row = JSONObject(how="how", n="n", **told)
    listed = rows.annotate(all=Value(1)).values("all").annotate(found=Gathered(row)).values("found")
    return Subquery(listed, output_field=JSONField())


def around(case: Case) -> list[Around]:
    """Every tie of a case, its own first. No query where the case was read with its `ties`, else one for each reading."""
    kept: list[Around] | None = getattr(case, KEPT, None)
    if kept is None:
        if not hasattr(case, TIES):
            setattr(case, TIES, Case.objects.filter(pk=case.pk).values_list(ties(), flat=True).first())
        rows = sorted(getattr(case, TIES) or [], key=lambda row: int(row["n"]))
        kept = sorted((_seen_from(case, row) for row in rows), key=lambda tie: not tie.mine)
        setattr(case, KEPT, kept)
    return kept


def _seen_from(case: Case, row: Mapping[str, Any]) -> Around:
    """The other case of a tie, as far as lists show a case."""
    mine = UUID(str(row["case_id"])) == case.pk
    side = "other" if mine else "case"
    told = {name: row[f"{side}_{name}"] for name in COLUMNS}
    told |= {
        "id": UUID(str(told["id"])),
        "filed_on": told["filed_on"] and date.fromisoformat(told["filed_on"]),
    }
    agency = Agency(id=UUID(str(row[f"{side}_agency"])), name=row[f"{side}_agency_name"])
    return Around(Case(**told, agency=agency), str(row["how"]), mine)


def outside(case: Case, pack: Pack, act: Act, data: Mapping[str, Any]) -> dict[str, Any]:
    """What guards and effects may know of other cases: those that the act names, those that name this one."""
    found: dict[str, Any] = {}
    named = [item for item in act.fields if item.type == "case" and data.get(item.name)]
    if named:
        party = data.get("party") or case.state["facts"].get("party")
        found["cases"] = {item.name: told(case, find(case, str(data[item.name])), party) for item in named}
    asks = any(g.needs == NEEDS_LINKS for g in pack.guards_of(act.id, case.procedure))
    if asks and case.stage in act.stages and not case._state.adding:
        found["linked_from"] = [
            {"how": tie.how, "procedure": tie.case.procedure, "number": called(tie.case)}
            for tie in around(case)
            if not tie.mine and tie.case.closed != "void"
        ]
    return found


def find(case: Case, text: str) -> Case | None:
    """The case of that number or code: of this agency, else of another one under the same government."""
    named = clean(text)
    same = Q(agency=case.agency_id)
    if case.agency.parent_id:
        same |= Q(agency__parent=case.agency.parent_id)
    rows = (
        Case.objects.filter(same, Q(number=named) | Q(code=named.upper())) if named else Case.objects.none()
    )
    return min(rows[:20], key=lambda one: (one.agency_id != case.agency_id, one.opened_at), default=None)


def told(case: Case, other: Case | None, party: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the law may know of the other case; None where there is none."""
    if other is None:
        return None
    key, theirs = party_key(party), other.party_key
    same = (key == theirs) if key and theirs else other.party == str((party or {}).get("name", ""))
    own = other.agency_id == case.agency_id
    return {
        **{name: getattr(other, name) for name in ("procedure", "stage", "closed")},
        "id": str(other.id),
        "number": called(other),
        "agency": str(other.agency_id),
        "own": own,
        "self": other.id == case.id,
        "decided": other.decided_on is not None,
        "same_party": same,
        "evidence": admitted(other.state) if own else [],
    }


def called(case: Case) -> str:
    """How a case is named in another one: by its number, while it has none by its code."""
    return case.number or case.code


def content(state: State) -> dict[str, tuple[Any, str]]:
    """What an act commits to of the ties that it made."""
    mine = [row for row in linked(state) if row["n"] == state["n"]]
    return {f"{TOLD}{row['case']}": ({"how": row["how"], "number": row["number"]}, "case") for row in mine}


def write(case: Case, act: LedgerAct) -> None:
    """The rows of the ties that the act made."""
    new = [row for row in linked(case.state) if row["n"] == act.n]
    CaseLink.objects.bulk_create(
        [CaseLink(case=case, other_id=row["case"], how=row["how"], act=act.id, n=act.n) for row in new]
    )


def follow_ups(pack: Pack, case: Case, roles: Iterable[str]) -> list[dict[str, str]]:
    """Procedures whose first act may name this case, for whoever may take that act: `procedure`, `label`, `field`.

    The pack says it by the guard `case-known` on a field of the first act; nothing is listed twice.
    """
    held, offered = set(roles), {str(t["code"]) for t in pack.act_types()}
    seen = told(case, case, case.state["facts"].get("party")) or {}
    found = []
    for name, rule in pack.procedures.items():
        first = next((act for act in pack.acts_of(name) if act.first), None)
        if first is None or rule.act_type not in offered or (first.by and not held & set(first.by)):
            continue
        for item, guard in naming(pack, first, name):
            if case.procedure in offered_to(guard) and not flaw_of(
                pack.procedures, {**seen, "self": False}, guard.args
            ):
                found.append({"procedure": name, "label": rule.label, "field": item.name})
                break
    return found


def offered_to(guard: Guard) -> tuple[str, ...]:
    """The procedures from whose cases the follow-up is offered: those that it may name, or fewer where the rule says so."""
    return tuple(guard.args.get("offer") or guard.args.get("procedures") or ())


def naming(pack: Pack, first: Act, procedure: str) -> list[tuple[Field, Guard]]:
    """The fields of an act that name a case, each with the rule that says which case it may be."""
    rules = [g for g in pack.guards_of(first.id, procedure) if g.needs == "case-known"]
    fields = {item.name: item for item in first.fields if item.type == "case"}
    return [(fields[g.args["field"]], g) for g in rules if g.args["field"] in fields]


def brought(pack: Pack, first: Act, procedure: str, source: Case, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the first act's form takes over from the case that it follows: facts of the same name but those that the rule
    says to `leave`, what it carries over (`carry`: field from fact) or states outright (`fills`), and the case itself.
    `known` are the facts that may be seen."""
    for item, guard in naming(pack, first, procedure):
        if source.procedure not in offered_to(guard):
            continue
        out = {"file", "case"}  # a source of the source is not this case's source
        names = {f.name for f in first.fields if f.fact and f.type not in out} - set(
            guard.args.get("leave") or ()
        )
        same = {name: known[name] for name in names if name in known}
        carry = {
            name: known[fact] for name, fact in dict(guard.args.get("carry") or {}).items() if known.get(fact)
        }
        return {**same, **carry, **dict(guard.args.get("fills") or {}), item.name: called(source)}
    return {}
