"""Turn rows into the frozen facts that the law judges."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from sanxiang.cases.disclosure.by_hand import words_of
from sanxiang.cases.disclosure.masked import secrets_of, unfound
from sanxiang.cases.disclosure.secrets import held
from sanxiang.cases.models import Case
from sanxiang.cases.parties import party_key
from sanxiang.door import casefile, erasing, linking, signing
from sanxiang.door.disclosure import public_files
from sanxiang.door.disclosure.handing_in import waits_for
from sanxiang.door.pinned import pinned
from sanxiang.door.registers import (
    catalogue,
    charges,
    dressing,
    duties,
    grounds,
    inspecting,
    licensing,
    own_rules,
    recorded,
)
from sanxiang.door.registers.marking import outside as markable
from sanxiang.law.calendar import Calendar, installation_calendar
from sanxiang.law.facts import Actor, Certificate, Facts, Officer, State
from sanxiang.law.lists import named
from sanxiang.law.packs import Pack
from sanxiang.law.redact import PROTECTED_NAMES, told_protected
from sanxiang.law.rules import Act
from sanxiang.law.scope import same_deed
from sanxiang.law.tiers import Tier, tiers_of
from sanxiang.people import authority
from sanxiang.people.models import Agency, Person
from sanxiang.registers.releases import rows_in_force

PUBLISH = "publish"
REPAIR_ACTS = ("apply-repair", "grant-repair")
PUBLICATION_ACTS = ("prepare-publication", PUBLISH)
CATALOGUED_ACTS = ("file", "conclude-investigation", "draft-decision")
"""Acts of a penalty at which the agency's catalogue of major decisions is asked again; others say it themselves (`catalogued`)."""

FINING_ACTS = ("decide", "decide-on-spot")
TIERED_ACTS = ("draft-decision", "decide-on-spot")
"""Acts that choose a tier of the benchmark of discretion."""


def calendar() -> Calendar:
    """The calendar of this installation."""
    return installation_calendar(settings.DATA)


def pack_of(case: Case) -> Pack:
    """The pack by which the case is judged, as its procedure reads it."""
    return pinned(case.pack, case.pack_digest).read_by(case.procedure)


def actor_in(
    person: Person,
    agency: Agency,
    on: date,
    *,
    duties: authority.Duties | None = None,
    certificates: tuple[authority.CertificateFact, ...] | None = None,
) -> Actor:
    """The person as an actor in this agency on this day; duties and certificates already read may be handed in."""
    found = authority.actor_of(person, agency, on, duties=duties, certificates=certificates)
    return Actor(
        id=found.id,
        name=found.name,
        agency=found.agency_id,
        units=_reach(found),
        headed=tuple(sorted(found.units_by_role.get("unit-head", ()))),
        roles=found.roles,
        certificates=tuple(map(certificate, found.certificates)),
        legal_qualification=found.legal_qualification,
        enforcement_unit=found.enforcement_unit,
        review_began=found.started_review_on,
    )


@lru_cache(maxsize=4096)
def remembered_actor(person: Person, agency: Agency, on: date, edition: str) -> Actor:
    """`actor_in`, remembered for as long as nobody's post, leave or certificate changes (people.Edition)."""
    return actor_in(person, agency, on)


@lru_cache(maxsize=4096)
def remembered_officers(ids: tuple[str, ...], on: date, edition: str) -> tuple[Officer, ...]:
    """`officers_in`, remembered likewise."""
    return officers_in(list(ids), on)


def _reach(found: authority.Actor) -> tuple[str, ...]:
    """Every unit in which some role of the person counts."""
    return tuple(sorted({unit for units in found.units_by_role.values() for unit in units}))


def certificate(fact: authority.CertificateFact) -> Certificate:
    """A certificate as the law looks at it."""
    return Certificate(
        number=fact.number,
        kind=fact.kind,
        categories=fact.categories,
        area=fact.area,
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
        inspected_until=fact.inspected_until,
        suspended=fact.suspended,
        revoked=fact.revoked,
    )


def officers_in(ids: list[str], on: date) -> tuple[Officer, ...]:
    """The people named as enforcing, as they stood that day."""
    if not ids:
        return ()
    return tuple(map(officer, authority.officers_on(ids, on)))


def officer(fact: authority.OfficerFact) -> Officer:
    """A person named as enforcing as the law looks at them."""
    certificates = tuple(map(certificate, fact.certificates))
    able = fact.exam_passed and fact.active
    return Officer(fact.id, fact.name, fact.agency_id, fact.unit_id, certificates, able)


def event_day(data: Mapping[str, Any], now: datetime) -> date:
    """When it happened: as stated, else on the day when the record that it makes ended, else today."""
    today = timezone.localtime(now).date()
    if data.get("on"):
        return date.fromisoformat(str(data["on"])[:10])
    return min(date.fromisoformat(str(data["ended"])[:10]), today) if data.get("ended") else today


def facts_for(
    case: Case,
    act: Act,
    actor: Actor,
    data: Mapping[str, Any],
    now: datetime,
    *,
    officers: tuple[Officer, ...] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Facts:
    """Everything that guards may ask about this act on this case."""
    day = event_day(data, now)
    pack = own_rules.applied(pack_of(case), case.agency, day)
    edition = getattr(case, "people_edition", None)
    if officers is None:
        ids = _named(act, data)
        officers = remembered_officers(tuple(ids), day, edition) if edition else officers_in(ids, day)
    return Facts(
        pack=pack,
        act=act,
        state=case.state,
        data=data,
        actor=actor,
        on=day,
        now=timezone.localtime(now),
        calendar=calendar(),
        officers=officers,
        region=case.agency.region,
        extra={
            **outside(case, pack, act, data, day),
            **elsewhere(case, pack, act, data, day),
            **(extra or {}),
        },
    )


def _named(act: Act, data: Mapping[str, Any]) -> list[str]:
    return [str(i) for f in act.fields if f.type == "officers" for i in data.get(f.name) or ()]


def elsewhere(case: Case, pack: Pack, act: Act, data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What the rooms that know it tell of heads, files, other cases, dress, devices, charges; each asks nothing for other acts."""
    return {
        **sitting(case, act, data, on),
        **casefile.outside(case, pack, act, data, on, calendar()),
        **linking.outside(case, pack, act, data),
        **markable(case, act, data),
        **inspecting.outside(case, pack, act, on),
        **dressing.outside(act, data),
        **recorded.outside(case.agency, act, data, on),
        **charges.outside(case.agency, act, data, on),
        **licensing.outside(case, act, data, on),
        **signing.outside(case, pack, act, data),
        **(erasing.outside(case, pack, data, act.id) if act.id in erasing.ACTS else {}),
    }


def outside(case: Case, pack: Pack, act: Act, data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What guards must know that does not stand in the case itself, as of the day of the act."""
    agency = case.agency
    found: dict[str, Any] = {
        "case_unit": str(case.unit_id or ""),
        "agency_name": agency.name,
        "remedies": bool(agency.review_body and agency.court),
    }
    if act.id == "file" and case.stage in act.stages:
        found["duplicates"] = duplicates(case)
    if act.id == "merge-case" and data.get("merged_into"):
        found["merge_flaws"] = merge_flaws(case, str(data["merged_into"]))
    if act.id in FINING_ACTS and case.stage in act.stages:
        found["fined_before"] = fined_before(case)
    if act.milestone == "filed" and case.stage in act.stages:
        found |= item_told(case, data, on)
    if data and catalogued(case, pack, act) and case.stage in act.stages:
        facts = {**case.state["facts"], **data}
        kind = pack.procedures[case.procedure].act_type
        called = (str(facts.get("item") or ""), str(facts.get("cause") or ""))
        listed = catalogue.entries(agency, on, *called, kind=kind, pack=pack)
        found |= {"catalogued": listed} if listed or "catalogued" in facts else {}
    if isinstance(plan := data.get("decision") or data.get("proposal"), Mapping):
        found |= grounds_of(case, on, plan)
        if act.id in TIERED_ACTS:
            found["tiers"] = [asdict(tier) for tier in tiers_in_force(case, on, data)]
    if act.id in REPAIR_ACTS and case.stage in act.stages:
        found["penalised_again"] = penalised_again(case)
    if act.id in PUBLICATION_ACTS:
        found |= publication_told(case, pack, data)
        found |= {"awaits": waits_for(case, pack, found["public"], on)} if act.id == PUBLISH else {}
        found["duties"] = duties.row_of(case, pack, on) if data else None
    if data and any(item.secrecy == "public" for item in act.fields):
        found["public_field_leaks"] = said_openly(case, act, data)
    return found


def said_openly(case: Case, act: Act, data: Mapping[str, Any]) -> list[str]:
    """What may not be read in fields that anybody reads: by the field's label, never the words themselves."""
    secrets = secrets_of(case.state, words_of(case.state["facts"].get("hide") or ()))
    told = [(item.label, str(data.get(item.name) or "")) for item in act.fields if item.secrecy == "public"]
    traces = [trace for label, text in told for trace in held(label, text, secrets)]
    others = [trace for trace in traces if trace.what not in PROTECTED_NAMES.values()]
    return [f"“{label}”含有{what}" for label, text in told for what in told_protected(text)] + [
        f"“{trace.where}”含有{trace.what}" for trace in others
    ]


def publication_told(case: Case, pack: Pack, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the public would read today, with the files beside it, what it lacks, and what may not go out."""
    text = public_files.text_of(case, pack, data)
    files = public_files.outgoing(case, pack, data) if data else []
    unclear = unfound(pack, case.state, case.agency.name, data.get("hide"))
    return {
        "publication_digest": text.digest,
        "publication_missing": text.missing,
        "publication_leaks": (*text.leaks, *unclear, *(trace for file in files for trace in file.traces)),
        "public": text,
        "public_files": files,
        "public_digests": [file.digest for file in files],
        "publication_scans": [
            {"title": file.title, "file": file.given, "where": "、".join(file.unseen)}
            for file in files
            if file.unseen
        ],
    }


def item_told(case: Case, data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What the agency's list of items says of the item, and whether the agency may act in its own name."""
    agency = case.agency
    item = str(data.get("item") or case.state["facts"].get("item") or "")
    on_list = (
        registered(agency, "items", on, item) if data else None
    )  # a form that nobody filled in asks nothing
    return {
        "item_in_force": on_list if item else None,
        "item_named": None if on_list is None else bool(item),
        "item_granted": item_granted(agency, on, item),
        "own_name": agency.kind != Agency.Kind.ENTRUSTED,
    }


def catalogued(case: Case, pack: Pack, act: Act) -> bool:
    """Is the agency's catalogue asked: when a case is filed, and when its decision is drafted?"""
    if act.id in CATALOGUED_ACTS or pack.procedures[case.procedure].act_type == "penalty":
        return act.id in CATALOGUED_ACTS
    return act.milestone == "filed" or act.field("decision") is not None


def sitting(case: Case, act: Act, data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """For the discussion of the heads: who is head of the agency on that day, and who else has a post in it.

    Only a form that names somebody asks; what a page offers costs no query.
    """
    if act.id != "discuss" or case.stage not in act.stages or not data:
        return {}
    return {"heads": authority.heads_on(case.agency, on), "staff": authority.staff_on(case.agency, on)}


def item_granted(agency: Agency, on: date, item: str) -> bool | None:
    """Has the province given this item to this town or sub-district (行政处罚法 第二十四条)? None for other agencies."""
    if agency.kind != Agency.Kind.TOWN:
        return None
    return any(item in (given.label, given.item_code) for given in authority.granted_on(agency, on))


def grounds_of(case: Case, on: date, plan: Mapping[str, Any]) -> dict[str, Any]:
    """What the registers say of the articles that a penalty cites and of its fine."""
    cited = [str(plan.get(name) or "") for name in ("violated", "basis")]
    item = str(case.state["facts"].get("item") or "")
    row = named((rows_in_force(case.agency, "items", on) if item else None) or (), item)
    return {"articles_missing": grounds.missing_articles(cited), "fine_range": grounds.range_of(row, item)}


def tiers_in_force(case: Case, on: date, data: Mapping[str, Any]) -> tuple[Tier, ...]:
    """The tiers of the benchmark in force on that day for the item or the cause of the case."""
    facts = {**case.state["facts"], **data}
    called = [name for name in (str(facts.get("item") or ""), str(facts.get("cause") or "")) if name]
    return tiers_of(rows_in_force(case.agency, "benchmarks", on) or (), *called) if called else ()


def registered(agency: Agency, kind: str, on: date, name: str) -> bool | None:
    """Does the agency's register of that kind, in force on that day, name this? None where there is no register."""
    rows = rows_in_force(agency, kind, on)
    return None if rows is None else bool(named(rows, name))


def duplicates(case: Case) -> list[str]:
    """Other open cases of this agency against the same party for the same cause."""
    cause = case.state["facts"].get("cause")
    same = against_same_party(case, Q(agency=case.agency_id)).filter(closed="")
    return [f"{c.number or c.code} {c.title}" for c in same if c.state["facts"].get("cause") == cause]


def against_same_party(case: Case, agencies: Q) -> QuerySet[Case]:
    """Other cases of these agencies against who has this party's name or this party's code."""
    same = Q(party=case.party)
    if key := party_key(case.state["facts"].get("party")):
        same |= Q(party_key=key)
    rows = Case.objects.filter(agencies, same).exclude(id=case.id).select_related("agency")
    return rows.only("title", "number", "code", "state", "decided_on", "agency__name")


GONE = {
    "void": "已经作废",
    "merged": "已经并入另一件案件",
    "declined": "没有立案",
    "transferred": "已经移送其他机关",
}
"""Ends after which nothing is left of a case that another could be merged into."""


def merge_flaws(case: Case, named: str) -> list[str]:
    """Why this case cannot go on in the case of that number or code; empty when it can."""
    text = named.strip()
    other = Case.objects.filter(Q(number=text) | Q(code=text), agency=case.agency).first() if text else None
    if other is None:
        return [f"本单位没有编号为“{text}”的案件"]
    if other.id == case.id:
        return ["所填的就是本案的编号"]
    return [f"{text}{GONE[other.closed]}"] if other.closed in GONE else []


def fined_before(case: Case) -> list[str]:
    """Decisions in force, of this agency or another under the same government, that fined this party for what looks like
    the same deed (行政处罚法 第二十九条: whoever fined first)."""
    government = case.agency.parent_id
    county = Q(agency__parent=government) if government else Q(agency=case.agency_id)
    decided = against_same_party(case, county).filter(decided_on__isnull=False)
    return [
        f"{c.number or c.code} {c.title}" + (f"（{c.agency.name}）" if c.agency_id != case.agency_id else "")
        for c in decided
        if Decimal(str((c.state["facts"].get("decided") or {}).get("fine") or "0")) > 0
        and same_deed(case.state["facts"], {**c.state["facts"], "decided_on": str(c.decided_on)})
    ]


def penalised_again(case: Case) -> list[str]:
    """Later penalties by this agency against this party in the same matter (总局令第45号 第十四条第一款第三项)."""
    later = against_same_party(case, Q(agency=case.agency_id)).filter(
        act_type="penalty", decided_on__gt=case.decided_on or timezone.localdate()
    )
    mine = case.state["facts"]
    return [
        c.number or c.code
        for c in later
        if c.state["facts"].get("decided")
        and any(mine.get(key) and mine.get(key) == c.state["facts"].get(key) for key in ("item", "cause"))
    ]


def people_named(state: State) -> list[str]:
    """Ids of the people that a case's state names, so that a page can show their names."""
    return [*state["handlers"], *state["former_handlers"], *state["recused"]]
