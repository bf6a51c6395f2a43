"""等待签名的文书: on which papers of a case a name is still wanted, whose, and where it is put.

Signatures are acts on one paper and its exact text, so they begin at that paper and never among the steps of the case.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.places import is_signed
from sanxiang.desk.room import Room
from sanxiang.door.perform import OpenAct
from sanxiang.door.signing import places_told, way_of
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act
from sanxiang.law.signatures import NEVER, OFFICER, PARTY, SCANNED, WITNESS, Asked, standing
from sanxiang.ledger.models import Opening
from sanxiang.speech import role_name

FIRST = 5
"""So many papers stand open on the page of a case; the rest is folded away."""
INTERVIEWED = ("interviewee", "被询问人")
"""The field that names whoever a record questions, and the place where that person signs."""
STANDS = ("issued", "served")


def awaiting(room: Room, papers: Iterable[Paper], cards: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The papers that wait for a name, those on which one stands already first, each with its places and where one goes."""
    case, ways = room.case, ways_of(room.pack)
    signs = any(room.actor.roles & set(act.by) for way, act in ways.items() if way != SCANNED)
    scans = bool(room.actor.roles & set(ways[SCANNED].by)) if SCANNED in ways else False
    scans = scans and room.sight.may("identity")
    found = []
    for paper, card in zip(papers, cards, strict=True):
        places = open_places(paper, case, room.pack) if paper.status in STANDS else []
        if not places:
            continue
        here = f"/desk/cases/{case.pk}/papers/{paper.pk}"
        found.append({
            "title": paper.label,
            "number": paper.number,
            "begun": bool(standing(case.state, str(paper.pk), paper.digest)),
            "href": card.get("href", ""),
            "places": [{"place": one["place"], "whose": whose(one["want"], room)} for one in places],
            "refusable": any(one["want"].refusal != NEVER for one in places),
            "sign": f"{here}/sign/" if signs and card.get("href") else "",
            "scan": f"{here}/scan/" if scans and card.get("href") else "",
        })  # fmt: skip
    found.sort(key=lambda one: not one["begun"])
    return {"first": found[:FIRST], "more": found[FIRST:], "rows": found, "count": len(found)}


def steps_in(acts: Iterable[OpenAct]) -> list[OpenAct]:
    """Those of the acts that are steps of a case: a paper is signed on its own page."""
    return [one for one in acts if not way_of(one.act)]


def ways_of(pack: Pack) -> dict[str, Act]:
    """By which act each way of signing goes."""
    return {way: act for act in pack.acts.values() if (way := way_of(act))}


def open_places(paper: Paper, case: Case, pack: Pack) -> list[dict[str, Any]]:
    """The places that nobody has signed nor lawfully refused. None where the signed original was scanned; a witness need not be."""
    rows = standing(case.state, str(paper.pk), paper.digest)
    if any(row["way"] == SCANNED for row in rows) or not is_signed(paper.content):
        return []
    told = places_told(paper, case.state, pack)
    return [one for one in told if not one["done"] and one["want"].who != WITNESS]


def whose(want: Asked, room: Room) -> str:
    """Who has to sign there, by name where the case says it."""
    if want.who == PARTY:
        return (
            f"当事人一方（{room.case.party}）"
            if room.case.party and want.place != INTERVIEWED[1]
            else "当事人一方"
        )
    if want.who != OFFICER:
        return "第三方人员"
    return "、".join(map(role_name, want.roles)) or "执法机关人员"


def known_signer(case: Case, paper: Paper, want: Asked, visitor: str) -> str:
    """The name that the signing page brings along: one's own at a place of office, of the party's people whoever is known.

    One query at most. "" where the case leaves it open who stands there.
    """
    if want.who == OFFICER:
        return visitor
    if want.who != PARTY:
        return ""
    field, place = INTERVIEWED
    if want.place == place:
        told = Opening.objects.filter(act=paper.act, name=field, erased_by=None).values_list(
            "value", flat=True
        )
        return str(told.first() or "")
    party = case.state["facts"].get("party") or {}
    shown = list(dict.fromkeys(name for names in (case.state.get("shown") or {}).values() for name in names))
    if party.get("kind") != "org":
        return str(party.get("name") or "")
    head = str(party.get("legal_rep") or "")
    return shown[0] if len(shown) == 1 and head not in shown else head
