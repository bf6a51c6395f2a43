"""Publications as rows of 双公示: of cases from their state, of imported records from what their source said. Read in bulk.

Names, identity numbers and legal representatives are in the file for the credit platform alone; no page shows it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from sanxiang.cases.disclosure.published import standing
from sanxiang.cases.models import Publication
from sanxiang.exchange.creditchina.fields import (
    ACT_TYPES,
    ENDLESS,
    OF_PERMIT,
    ORG,
    PERSON,
    TABLES,
    TRADER,
    Line,
    shape_of,
)
from sanxiang.law.dossier import KIND_NAMES
from sanxiang.law.money import money
from sanxiang.ledger.models import Opening
from sanxiang.people.models import Agency

Row = dict[str, str]
CHUNK = 2000
DECODE = json.JSONDecoder().raw_decode
MARK = "三项公示编号："
"""Begins the remark of each row that we write: by it an import knows what came from here."""
PARTIES = {"org": ORG, "citizen": PERSON, "individual-business": TRADER}
MYRIAD = Decimal(10_000)
LICENCE_KINDS = {
    "general": "普通", "concession": "特许", "accreditation": "认可", "approval": "核准", "registration": "登记", "other": "其他",
}  # fmt: skip
COLUMNS = (
    "origin", "number", "title", "party", "party_type", "party_code", "facts", "basis", "result", "authority", "agency__name",
    "agency__uscc",
)  # fmt: skip
RECORD = Opening.objects.filter(act=OuterRef("act"), name="record", erased_by=None)
TOLD: dict[str, Any] = {
    "key": Cast("id", CharField()),
    "day": Cast("decided_on", CharField()),
    "of_case": Cast("case", CharField()),
    "stated": KeyTextTransform("facts", "case__state"),
    "said": Subquery(RECORD.values(told=KeyTextTransform("source", "value"))[:1]),
}
"""What is read beside the columns, all of it as text: an object for each id and day would take longer than the rest of the row.
`stated` are the facts of a case, `said` is what the source of an imported record said."""


def publications(table: str, first: date, last: date, agency: Agency | None = None) -> QuerySet[Publication]:
    """What is public and was decided in these days."""
    rows = Publication.objects.filter(
        standing(), act_type=ACT_TYPES[table], decided_on__gte=first, decided_on__lte=last
    )
    return rows.filter(agency=agency) if agency else rows


def read(table: str, first: date, last: date, agency: Agency | None = None) -> Iterator[list[Line]]:
    """Every publication of these days as a row of the standard, whether it may leave or not, so many at a time."""
    rows = publications(table, first, last, agency).order_by("sort_on", "id").annotate(**TOLD)
    told = rows.values_list(*COLUMNS, *TOLD).iterator(chunk_size=CHUNK)
    while some := list(islice(told, CHUNK)):
        yield [shaped(table, row) for row in some]


def shaped(table: str, row: tuple[Any, ...]) -> Line:
    """One publication as a row of the standard."""
    said, stated_, of_case_ = row[-1], row[-2], row[-3]
    if table == "creditchina-penalty" and not of_case_:
        return penalty_of_source(row, DECODE(said)[0] if said else {})
    named = dict(zip((*COLUMNS, *TOLD), row, strict=True))
    if not of_case_:
        return OF_PERMIT.cells(permit_of_source(named, DECODE(said)[0] if said else {}))
    facts = json.loads(stated_ or "{}")
    found = common(named, facts.get("party") or {}) | of_case(table, named, facts)
    return shape_of(TABLES[table]).cells({code: str(value) for code, value in found.items() if value})


def common(row: Mapping[str, Any], party: Mapping[str, Any]) -> dict[str, Any]:
    """What both files have: who, by which organ, from whom."""
    kind = PARTIES.get(str(party.get("kind") or row["party_type"]), row["party_type"])
    code = str(party.get("code") or row["party_code"])
    organ, key = row["agency__uscc"], row["key"]
    found: dict[str, Any] = {
        "XDR_MC": party.get("name") or row["party"],
        "XDR_LB": kind,
        "FRDB": party.get("legal_rep") or "",
        "WSH": row["number"],
        "NR": row["result"],
        "JDRQ": row["day"],
        "CFJG": row["authority"] or row["agency__name"],
        "CFJGDM": organ,
        "SJLY": row["agency__name"],
        "SJLYDM": organ,
        "BZ": MARK + hyphened(key),
    }
    if kind == PERSON:
        return found | ({"XDR_ZJLX": "身份证", "XDR_ZJHM": code} if code else {})
    if kind == TRADER:
        found["FRDB"] = party.get("legal_rep") or party.get("operator") or party.get("name") or ""
    found["XDR_SHXYM"] = code
    return found


def of_case(table: str, row: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a decision of this system adds."""
    decided = facts.get("decided") or {}
    if table == "creditchina-permit":
        told = {**facts, **decided}
        return {
            "XKWS": row["title"],
            "XKLB": LICENCE_KINDS.get(str(told.get("licence_kind")), ""),
            "XKZS": told.get("certificate"),
            "XKBH": told.get("licence_no"),
            "NR": told.get("licence_content") or row["result"],
            "YXQZ": told.get("valid_from") or row["day"],
            "YXQZI": told.get("valid_until") or told.get("licence_until") or ENDLESS,
            "ZT": "1",
        }
    kinds = [KIND_NAMES.get(kind, kind) for kind in decided.get("kinds") or ()]
    named = [kind if code != "other" else f"其他-{decided.get('other') or kind}"[:60]
             for code, kind in zip(decided.get("kinds") or (), kinds, strict=True)]  # fmt: skip
    taken = money(decided.get("confiscated_gains")) + money(decided.get("confiscated_value"))
    return {
        "WFXW": facts.get("cause"),
        "SY": row["facts"],
        "YJ": row["basis"],
        "CFLB": "；".join(named),
        "NR_FK": myriads(money(decided.get("fine"))),
        "NR_WFFF": myriads(taken),
        "NR_ZKDX": decided.get("licence_taken"),
        "YXQ": ENDLESS,
    }


def permit_of_source(row: Mapping[str, Any], said: Mapping[str, str]) -> Row:
    """An imported licence with what its source said; its organ's code goes before ours, for it decided."""
    found, told = common(row, {}), said.get
    found["FRDB"] = told("legal_rep") or found["FRDB"]
    found["CFJGDM"] = told("authority_code") or found["CFJGDM"]
    found["SJLY"] = told("source") or found["SJLY"]
    found["SJLYDM"] = told("source_code") or found["SJLYDM"]
    found["XKWS"] = row["title"]
    found["XKLB"] = told("kind") or ""
    found["XKZS"] = told("certificate") or ""
    found["XKBH"] = told("certificate_no") or ""
    found["YXQZ"] = told("valid_from") or ""
    found["YXQZI"] = told("valid_until") or ""
    found["ZT"] = told("state") or "1"
    return found


def penalty_of_source(row: tuple[Any, ...], said: Mapping[str, str]) -> Line:
    """The same of an imported penalty, of which there are a hundred thousand: cell by cell in the order of the table."""
    (_, number, _, party, party_type, code, facts, basis, result, authority, agency, organ, key, day, *_) = (
        row
    )
    kind, told = PARTIES.get(party_type, party_type), said.get
    if kind == PERSON:
        unified, card, of_card = "", "身份证" if code else "", code
    else:
        unified, card, of_card = code, "", ""
    head = told("legal_rep") or (party if kind == TRADER else "")
    return (
        party, kind, unified, "", "", "", "", "", head, "", "", card, of_card, number, told("violation") or "", facts, basis,
        listed(told("kind")), result, stated(told("fine")), stated(told("confiscated")), told("licence_taken") or "", day,
        told("valid_until") or ENDLESS, told("shown_until") or "", authority or agency, told("authority_code") or organ,
        told("source") or agency, told("source_code") or organ, MARK + hyphened(key),
    )  # fmt: skip


def hyphened(key: str) -> str:
    """An id with the hyphens that SQLite keeps it without."""
    return key if "-" in key else f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


@lru_cache(maxsize=4096)
def listed(kinds: str | None) -> str:
    """Kinds of penalties as a source lists them, with the sign of the standard between."""
    return (kinds or "").replace("、", "；").replace(";", "；")


def myriads(amount: Decimal) -> str:
    """元 as 万元: exact, for a fen is the sixth decimal; nothing where nothing is to be paid."""
    if not amount:
        return ""
    text = f"{(amount / MYRIAD).quantize(Decimal('0.000001')):f}"
    return text.rstrip("0").rstrip(".")


@lru_cache(maxsize=65_536)
def stated(text: str | None) -> str:
    """An amount as a source wrote it, with its unit, in 万元; what cannot be read stays for the check to refuse."""
    given = (text or "").strip()
    number = given.removesuffix("万元") if given.endswith("万元") else given.removesuffix("元")
    try:
        amount = Decimal(number) if number else Decimal(0)
    except InvalidOperation:
        return given
    if not given.endswith("万元") and given.endswith("元"):
        amount /= MYRIAD
    return "" if not amount else f"{amount.normalize():f}"
