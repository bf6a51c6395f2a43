"""Papers that an act issues: a number from the series, the text from the case, a frozen PDF in the store."""

import uuid
from itertools import accumulate
from typing import Any

from django.conf import settings

from sanxiang.cases import store
from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.typeset import (
    Content,
    PaperContext,
    PaperIncomplete,
    RareSign,
    compose,
    page_count,
    save,
    to_pdf,
)
from sanxiang.door import casefile, gather, numbers
from sanxiang.door.rows import number_in, title_of
from sanxiang.door.sight import bodies_of
from sanxiang.law.clocks import last_day
from sanxiang.law.disclosure.texts import decided_on, rule_of
from sanxiang.law.facts import Facts, State
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.packs import Pack
from sanxiang.law.remedies import RemedyUnknown, remedies
from sanxiang.law.rules import PaperRule, people_in
from sanxiang.law.scope import papers_of
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.ledger.models import Opening
from sanxiang.people.authority import names_of
from sanxiang.people.models import Certificate, Person
from sanxiang.speech import role_name

AGENCY_COLUMNS = (
    "name",
    "short",
    "address",
    "phone",
    "account",
    "review_body",
    "court",
    "uscc",
    "complaint_phone",
    "kind",
)
"""What papers print of the agency."""


def allot(case: Case, facts: Facts) -> dict[str, dict[str, str]]:
    """An id for each paper of the act, and a number where its series has one. Gapless: the series stays locked."""
    found = {}
    for kind in papers_of(facts):
        rule = facts.pack.papers[kind]
        paper = uuid.uuid4()
        number = number_for(rule, case, facts, paper) if rule.series else ""
        number = number or casefile.number_for(case, facts, kind, paper)
        found[kind] = {"id": str(paper), "number": number}
    return found


def number_for(rule: PaperRule, case: Case, facts: Facts, paper: uuid.UUID) -> str:
    """The number that was reserved for the officers and is named here, otherwise the next of the series."""
    reserved = str(facts.data.get("reserved_number") or "")
    if not reserved:
        return numbers.take(case.agency, rule.series, facts.on.year, paper)
    holders = [facts.actor.id, *(officer.id for officer in facts.officers)]
    if not numbers.use_reserved(case.agency, rule.series, reserved, holders, paper):
        fact = f"“{reserved}”不是为在场执法人员预留、尚未使用的{rule.label}文号"
        cure = "核对预留的文号，或者不填，由系统接着编号"
        raise Refused([Verdict("number-reserved", False, str(rule.citation), fact, cure)])
    return reserved


def render(case: Case, facts: Facts, state: State, act_id: uuid.UUID) -> list[Paper]:
    """Compose and store every paper of the act; their digests enter the state and so the leaf."""
    papers = []
    for kind in papers_of(facts):
        rule, given = facts.pack.papers[kind], state["papers"][kind]
        content, pdf = composed(rule, case, facts, state, given)
        given["content"], given["pdf"] = content.digest(), save(pdf, store.papers())
        papers.append(
            Paper(
                id=given["id"],
                case=case,
                act=act_id,
                kind=kind,
                label=rule.label,
                number=given["number"],
                template=content.template,
                content=content.as_json(),
                digest=given["content"],
                pdf=given["pdf"],
                issued_on=facts.on,
                external=rule.kind == "external",
                n=state["n"],
            )
        )
    return papers


def composed(
    rule: PaperRule, case: Case, facts: Facts, state: State, given: dict[str, Any]
) -> tuple[Content, bytes]:
    """The paper's content and its PDF. What cannot be stated or printed refuses the act before anything is issued."""
    try:
        content = compose(rule, context(rule, case, facts, state, given["number"]))
        return content, to_pdf(content, f"{settings.PUBLIC_ADDRESS}/verify/?paper={given['id']}")
    except (PaperIncomplete, RemedyUnknown) as error:
        raise Refused(
            [Verdict("paper-complete", False, str(rule.citation), str(error), "补齐后再办理")]
        ) from error
    except RareSign as error:
        raise Refused(
            [
                Verdict(
                    "paper-printable",
                    False,
                    str(rule.citation),
                    str(error),
                    "安装含有该字的字体，或按证件核对用字",
                )
            ]
        ) from error


def context(rule: PaperRule, case: Case, facts: Facts, state: State, number: str) -> PaperContext:
    """What a template may print: the case, the act, the agency, the people with their certificate numbers."""
    agency, actor = case.agency, facts.actor
    named = [o.id for o in facts.officers] or state["handlers"] or _acting_officer(facts)
    people = names_of([*named, *state["handlers"], *state["former_handlers"], *_people_in(facts, state)])
    numbers_ = certificate_numbers(named)
    body = "".join(bodies_of(facts.pack, rule.id)) or rule.body
    return PaperContext(
        pack=facts.pack,
        agency={name: str(getattr(agency, name) or "") for name in AGENCY_COLUMNS} | head_of(rule, state),
        case=case_values(case, state),
        state=state,
        data=dict(facts.data),
        act={"id": facts.act.id, "label": facts.act.label, "on": facts.on.isoformat()},
        date=facts.on,
        number=number,
        officers=[{"id": i, "name": people.get(i, ""), "number": numbers_.get(i, "")} for i in named],
        names=people,
        actor={
            "name": actor.name,
            "post": "、".join(role_name(r) for r in facts.act.by if r in facts.roles),
            "qualification": qualification(actor.id),
        },
        remedies=remedies_of(rule, case, facts, state),
        evidence=state["evidence"],
        papers=papers_on_file(case, facts.pack) if "papers" in body else [],
        timeline=timeline(case) if "timeline" in body else [],
        past=past(case) if "said(" in body or "stance(" in body else {},
        due=due_days(facts, state) if "due_on(" in body or "stance(" in body else {},
        public=public_of(facts),
        file=casefile.printed(case, facts, state) if "file." in body else {},
    )


def head_of(rule: PaperRule, state: State) -> dict[str, str]:
    """Under whose head the paper stands, where it is not the agency's but that of the government for which it acts."""
    issuer = str(state["facts"].get(rule.issuer) or "")
    return {"name": issuer} if issuer else {}


def due_days(facts: Facts, state: State) -> dict[str, str]:
    """The last day of each period that runs, as it stands after the act."""
    days = {name: last_day(state, name, facts.pack, facts.calendar) for name in state["clocks"]}
    return {name: day.isoformat() for name, day in days.items() if day}


def public_of(facts: Facts) -> dict[str, Any]:
    """What an act of publication puts before the public, and why parts of it are hidden; nothing for other acts."""
    text = facts.extra.get("public")
    if text is None:
        return {}
    rule = rule_of(facts.pack, facts.state)
    day = decided_on(rule, facts.state) if rule else ""
    return {**text.fields, "decided_on": day, "hidden": list(dict.fromkeys(mask.why for mask in text.masks))}


def case_values(case: Case, state: State) -> dict[str, str]:
    """What papers print of the case itself."""
    return {
        "id": str(case.id),
        "code": case.code,
        "number": number_of(case, state),
        "title": title_of(gather.pack_of(case), state),
        "cause": str(state["facts"].get("cause", "")),
        "unit": case.unit.name if case.unit else "",
    }


def remedies_of(rule: PaperRule, case: Case, facts: Facts, state: State) -> list[str]:
    """The remedies paragraphs, for papers that must state them."""
    if not rule.remedies:
        return []
    electronic = bool(state["facts"].get("e_service_consent"))
    known, own = state["facts"], agency_facts(case)
    # Where the agency acts for its government, it is the government's decision that is complained of.
    told = {name: known.get(f"issuer_{name}") or own.get(name) for name in own}
    return [str(p) for p in remedies(facts.pack, case.procedure, told, known, electronic, rule.id)]


def certificate_numbers(ids: list[str]) -> dict[str, str]:
    """The newest certificate number of each person."""
    return {
        str(p): number
        for p, number in Certificate.objects.filter(person_id__in=ids)
        .order_by("valid_from")
        .values_list("person_id", "number")
    }


def qualification(person: str) -> str:
    """The number of the legal qualification, "" without one."""
    return Person.objects.filter(id=person).values_list("qualification_number", flat=True).first() or ""


def papers_on_file(case: Case, pack: Pack) -> list[dict[str, Any]]:
    """The papers so far, in order, for the file's index: each with the pages that it takes up when the file is paged through."""
    rows = (
        Paper.objects.filter(case=case)
        .order_by("n", "label")
        .values("kind", "label", "number", "issued_on", "n", "pdf")
    )
    counts = [page_count(store.papers(), r["pdf"]) for r in rows]
    return [
        {
            "kind": r["kind"],
            "title": _printed_title(pack, r["kind"], r["label"]),
            "number": r["number"],
            "on": r["issued_on"].isoformat(),
            "maker": case.party if _by_party(pack, r["kind"]) else "",
            "pages": span(last - count, count),
            "note": "",
            "n": r["n"],
        }
        for r, count, last in zip(rows, counts, accumulate(counts), strict=True)
    ]


def _printed_title(pack: Pack, kind: str, label: str) -> str:
    """What stands at the head of the paper: the index of the file calls it that, and not by its name in lists."""
    rule = pack.papers.get(kind)
    return rule.title if rule and rule.title and rule.label == label else label


def _by_party(pack: Pack, kind: str) -> bool:
    """Is it the party's own paper, which the agency only drafts?"""
    return kind in pack.papers and pack.papers[kind].kind == "party"


def span(before: int, count: int) -> str:
    """The page numbers of a paper that follows so many pages: “4”, “5-7”; of a paper without pages nothing."""
    return f"{before + 1}-{before + count}" if count > 1 else str(before + 1) if count else ""


def past(case: Case) -> dict[str, dict[str, Any]]:
    """What each act said when it was last performed, out of the ledger's openings."""
    found: dict[str, dict[str, Any]] = {}
    rows = (
        Opening.objects.filter(act__subject=case.id, erased_by=None)
        .order_by("act__n")
        .values_list("act__name", "act__n", "name", "value")
    )
    newest: dict[str, int] = {}
    for act, n, name, value in rows:
        if newest.get(act) != n:
            newest[act], found[act] = n, {}
        found[act][name] = value
    return found


def _acting_officer(facts: Facts) -> list[str]:
    """Before a case has handlers, the officer who acts is the one whom a paper tells the party of."""
    return [facts.actor.id] if facts.act.by == ("officer",) else []


def number_of(case: Case, state: State) -> str:
    """The case's own number, also while the filing form that gives it is being made."""
    return case.number or number_in(gather.pack_of(case), state)


def agency_facts(case: Case) -> dict[str, str]:
    """What the remedies text needs to know of the agency."""
    agency = case.agency
    return {
        "name": agency.name,
        "review_body": agency.review_body,
        "court": agency.court,
        "kind": agency.kind,
    }


def _people_in(facts: Facts, state: State) -> list[str]:
    """People whom the act or the case names by id: hosts, who is to be recused."""
    found = people_in(facts.act, facts.data)
    return [*found, *(str(state["facts"][k]) for k in ("host", "recusal_of") if state["facts"].get(k))]


def timeline(case: Case) -> list[dict[str, Any]]:
    """The acts so far."""
    rows = LedgerAct.objects.filter(subject=case.id).order_by("n").values("n", "label", "on", "by_name")
    return [{"n": r["n"], "label": r["label"], "on": r["on"], "by": r["by_name"]} for r in rows]
