"""Papers that an act issues: a number from the series, the text from the case, a frozen PDF in the store."""

import uuid
from typing import Any

from django.conf import settings

from sanxiang.cases.models import Case, Paper
from sanxiang.cases.paper_text import Content, PaperContext, compose
from sanxiang.cases.papers import missing_glyphs, save, to_pdf
from sanxiang.door import numbers
from sanxiang.law.facts import Facts, State
from sanxiang.law.guards import Refused, Verdict
from sanxiang.law.remedies import remedies
from sanxiang.law.rules import PaperRule
from sanxiang.ledger.models import Act as LedgerAct
from sanxiang.people.models import Certificate, Person


def allot(case: Case, facts: Facts) -> dict[str, dict[str, str]]:
    """An id for each paper of the act, and a number where its series has one. Gapless: the series stays locked."""
    found = {}
    for kind in facts.act.papers:
        rule = facts.pack.papers[kind]
        paper = uuid.uuid4()
        number = numbers.take(case.agency, rule.series, facts.on.year, paper) if rule.series else ""
        found[kind] = {"id": str(paper), "number": number}
    return found


def render(case: Case, facts: Facts, state: State, act_id: uuid.UUID) -> list[Paper]:
    """Compose and store every paper of the act; their digests enter the state and so the leaf."""
    papers = []
    for kind in facts.act.papers:
        rule, given = facts.pack.papers[kind], state["papers"][kind]
        content = compose(rule, context(case, facts, state, given["number"]))
        refuse_missing(rule, content)
        pdf = save(to_pdf(content), settings.PAPER_ROOT)
        given["content"], given["pdf"] = content.digest(), pdf
        papers.append(Paper(
            id=given["id"], case=case, act=act_id, kind=kind, label=rule.label, number=given["number"],
            template=f"{rule.id} v{rule.version} {rule.source}".strip(), content=content.as_json(), digest=given["content"], pdf=pdf,
            issued_on=facts.on, external=rule.kind == "external", n=state["n"],
        ))
    return papers


def refuse_missing(rule: PaperRule, content: Content) -> None:
    """A character that no font can print is refused before anything is issued: typst would drop it silently."""
    lacking = missing_glyphs(content)
    if lacking:
        text = f"《{rule.label}》中有字库里没有的字：{'、'.join(lacking)}"
        raise Refused([Verdict("paper-renderable", False, str(rule.citation), text, "安装含有该字的字体，或改用规范写法")])


def context(case: Case, facts: Facts, state: State, number: str) -> PaperContext:
    """What a template may print: the case, the act, the agency, the people with their certificate numbers."""
    agency = case.agency
    named = [o.id for o in facts.officers] or state["handlers"]
    people = names_of([*named, *state["handlers"], facts.actor.id, *_people_in(facts)])
    certificates = {str(c.person_id): c.number for c in Certificate.objects.filter(person_id__in=named).order_by("valid_from")}
    electronic = any(p.get("way") == "electronic" for p in state["papers"].values())
    return PaperContext(
        agency={name: str(getattr(agency, name) or "") for name in ("name", "short", "address", "phone", "account", "review_body", "court", "uscc", "complaint_phone")},
        case={"id": str(case.id), "code": case.code, "number": number_of(case, state), "title": title_of(state), "cause": str(state["facts"].get("cause", ""))},
        party=state["facts"].get("party") or {}, facts=state["facts"], state=state, data=dict(facts.data),
        act={"id": facts.act.id, "label": facts.act.label, "on": facts.on.isoformat()},
        officers=[{"id": i, "name": people.get(i, ""), "number": certificates.get(i, "")} for i in named],
        names=people, number=number, date=facts.on.isoformat(),
        remedies=remedies(facts.pack, case.procedure, agency_facts(case), state["facts"], electronic),
        evidence=state["evidence"], property=state["property"],
        timeline=timeline(case) if "file-index" in facts.act.papers else [], actor=facts.actor.name, pack=facts.pack, rule_act=facts.act,
    )


def number_of(case: Case, state: State) -> str:
    """The case's own number, also while the filing form that gives it is being made."""
    return case.number or str((state["papers"].get("filing-form") or {}).get("number", ""))


def title_of(state: State) -> str:
    """当事人＋违法行为＋案."""
    return f"{(state['facts'].get('party') or {}).get('name', '')}{state['facts'].get('cause', '')}案"


def agency_facts(case: Case) -> dict[str, str]:
    """What the remedies text needs to know of the agency."""
    agency = case.agency
    return {"name": agency.name, "review_body": agency.review_body, "court": agency.court, "kind": agency.kind}


def names_of(ids: list[str]) -> dict[str, str]:
    """Names of people by id, one query."""
    return {str(p): name for p, name in Person.objects.filter(id__in={i for i in ids if i}).values_list("id", "name")}


def _people_in(facts: Facts) -> list[str]:
    return [str(facts.data[f.name]) for f in facts.act.fields if f.type == "person" and facts.data.get(f.name)]


def timeline(case: Case) -> list[dict[str, Any]]:
    """What lies in the file, for the index: papers in order, with number, date and pages."""
    rows = Paper.objects.filter(case=case).order_by("n", "label").values("label", "number", "issued_on", "n")
    return [{"label": r["label"], "number": r["number"], "on": r["issued_on"].isoformat(), "n": r["n"]} for r in rows]


def acts_of(case: Case) -> list[LedgerAct]:
    """The case's acts in order."""
    return list(LedgerAct.objects.filter(subject=case.id).order_by("n"))
