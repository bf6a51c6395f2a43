"""Publications as rows of 双公示: of cases from their state, of imported records from what their source said. Read in bulk.

Names, identity numbers and legal representatives are in the file for the credit platform alone; no page shows it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from sanxiang.cases.disclosure.published import standing
from sanxiang.cases.models import Publication
from sanxiang.exchange.creditchina.fields import ACT_TYPES, ENDLESS, ORG, PERSON, TRADER
from sanxiang.law.dossier import KIND_NAMES
from sanxiang.law.money import money
from sanxiang.ledger.models import Opening
from sanxiang.people.models import Agency

Row = dict[str, str]
CHUNK = 2000
PARTS = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))
"""Where the hyphens of an id go, which SQLite keeps without."""
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


def read(table: str, first: date, last: date, agency: Agency | None = None) -> Iterator[Row]:
    """Every publication of these days as a row of the standard, whether it may leave or not."""
    rows = publications(table, first, last, agency).order_by("sort_on", "id").annotate(**TOLD)
    for row in rows.values(*COLUMNS, *TOLD).iterator(chunk_size=CHUNK):
        yield shaped(table, row)


def shaped(table: str, row: Mapping[str, Any]) -> Row:
    """One publication as a row of the standard."""
    if row["of_case"]:
        facts = json.loads(row["stated"] or "{}")
        found = common(row, facts.get("party") or {}) | of_case(table, row, facts)
        return {code: str(value) for code, value in found.items() if value}
    return of_source(table, row, json.loads(row["said"]) if row["said"] else {})


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
        "BZ": MARK + (key if "-" in key else "-".join([key[begin:end] for begin, end in PARTS])),
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


def of_source(table: str, row: Mapping[str, Any], said: Mapping[str, str]) -> Row:
    """An imported record with what its source said; its organ's code goes before ours, for it decided."""
    found, told = common(row, {}), said.get
    found["FRDB"] = told("legal_rep") or found["FRDB"]
    found["CFJGDM"] = told("authority_code") or found["CFJGDM"]
    found["SJLY"] = told("source") or found["SJLY"]
    found["SJLYDM"] = told("source_code") or found["SJLYDM"]
    if table == "creditchina-permit":
        found["XKWS"] = row["title"]
        found["XKLB"] = told("kind") or ""
        found["XKZS"] = told("certificate") or ""
        found["XKBH"] = told("certificate_no") or ""
        found["YXQZ"] = told("valid_from") or ""
        found["YXQZI"] = told("valid_until") or ""
        found["ZT"] = told("state") or "1"
        return found
    found["WFXW"] = told("violation") or ""
    found["SY"] = row["facts"]
    found["YJ"] = row["basis"]
    found["CFLB"] = (told("kind") or "").replace("、", "；").replace(";", "；")
    found["NR_FK"] = stated(told("fine"))
    found["NR_WFFF"] = stated(told("confiscated"))
    found["NR_ZKDX"] = told("licence_taken") or ""
    found["YXQ"] = told("valid_until") or ENDLESS
    found["GSJZQ"] = told("shown_until") or ""
    return found


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
