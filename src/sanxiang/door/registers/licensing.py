"""What the agency's other cases say of an application for a licence: who came first under a limited number, who may not apply."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from sanxiang.cases.models import Case
from sanxiang.cases.parties import party_key
from sanxiang.law.clock import add_months
from sanxiang.law.rules import Act
from sanxiang.speech import cn_day

PROCEDURES = ("licence", "licence-change", "licence-end")
ASKING = ("lic-accept", "lic-decide", "lic-decide-on-spot")


def outside(case: Case, act: Act, data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The other applicants of a batch, and what bars this one; only for the acts that ask."""
    if act.id not in ASKING or not data or case.stage not in act.stages:
        return {}
    facts = {**case.state["facts"], **data}
    found: dict[str, Any] = {"licence_bars": bars(case, facts, on)}
    if facts.get("quota"):
        found["quota"] = batch(case, str(facts["quota"]))
    return found


def batch(case: Case, name: str) -> list[dict[str, Any]]:
    """The other applications of that batch, each with the moment of its acceptance, and whether it is decided."""
    rows = Case.objects.filter(agency=case.agency_id, procedure="licence").exclude(id=case.id)
    found = []
    for one in rows.exclude(closed="void").only("title", "closed", "stage", "state"):
        facts = one.state["facts"]
        if facts.get("quota") != name or not facts.get("accepted_at"):
            continue
        outcome = (facts.get("decided") or {}).get("outcome")
        found.append(
            {
                "title": one.title,
                "accepted_at": str(facts["accepted_at"]),
                "granted": outcome == "grant",
                "open": not outcome and not one.closed,
            }
        )
    return found


def bars(case: Case, facts: Mapping[str, Any], on: date) -> list[str]:
    """Why this applicant may not apply for this yet: what was falsified within a year, what was got by fraud within three
    (行政许可法第七十八、七十九条). Only where the licence touches public safety, health, life or property."""
    if not facts.get("public_safety"):
        return []
    same = Q(party=case.party)
    if key := party_key(facts.get("party")):
        same |= Q(party_key=key)
    rows = Case.objects.filter(same, agency=case.agency_id, procedure__in=PROCEDURES).exclude(id=case.id)
    found = []
    for one in rows.exclude(closed="void").only("title", "number", "code", "state", "decided_on"):
        if bar := _barred(one, facts, on):
            found.append(f"{one.number or one.code} {one.title}：{bar}")
    return found


def _barred(one: Case, facts: Mapping[str, Any], on: date) -> str:
    """What of that case bars, with the last day; "" where nothing does."""
    told, refused = one.state["facts"], one.state["facts"].get("refused") or {}
    if told.get("item") != facts.get("item") or not told.get("public_safety"):
        return ""
    if told.get("falsified") and refused.get("on"):
        last = add_months(date.fromisoformat(str(refused["on"])), 12)
        return f"提供虚假材料，到{cn_day(last)}止一年内不得再次申请" if on <= last else ""
    revoked = (told.get("decided") or {}).get("outcome") == "revoke" and told.get("ground") == "fraud"
    if revoked and one.decided_on:
        last = add_months(one.decided_on, 36)
        return f"以不正当手段取得许可被撤销，到{cn_day(last)}止三年内不得再次申请" if on <= last else ""
    return ""
