"""Publications as rows of 双公示: of cases from their state, of imported records from what their source said. Read in bulk.

Names, identity numbers and legal representatives are in the file for the credit platform alone; no page shows it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet

from sanxiang.cases.models import Publication
from sanxiang.exchange.creditchina.fields import ACT_TYPES, ENDLESS, ORG, PERSON, TRADER
from sanxiang.law.dossier import KIND_NAMES
from sanxiang.law.money import money
from sanxiang.ledger.models import Opening
from sanxiang.people.models import Agency

Row = dict[str, str]
CHUNK = 2000
MARK = "三项公示编号："
"""Begins the remark of each row that we write: by it an import knows what came from here."""
PARTIES = {"org": ORG, "citizen": PERSON, "individual-business": TRADER}
MYRIAD = Decimal(10_000)
LICENCE_KINDS = {
    "general": "普通", "concession": "特许", "accreditation": "认可", "approval": "核准", "registration": "登记", "other": "其他",
}  # fmt: skip
COLUMNS = (
    "id", "case_id", "act", "origin", "number", "title", "party", "party_type", "party_code", "facts", "basis", "result", "authority",
    "decided_on", "agency_id",
)  # fmt: skip


def publications(table: str, first: date, last: date, agency: Agency | None = None) -> QuerySet[Publication]:
    """What is public and was decided in these days."""
    rows = Publication.objects.filter(
        status="published", act_type=ACT_TYPES[table], decided_on__gte=first, decided_on__lte=last
    )
    return rows.filter(agency=agency) if agency else rows


def read(table: str, first: date, last: date, agency: Agency | None = None) -> Iterator[Row]:
    """Every publication of these days as a row of the standard, whether it may leave or not."""
    agencies = {one.pk: one for one in Agency.objects.all()}
    rows = publications(table, first, last, agency).order_by("sort_on", "id")
    batch: list[dict[str, Any]] = []
    for row in rows.values(*COLUMNS, "case__state").iterator(chunk_size=CHUNK):
        batch.append(row)
        if len(batch) == CHUNK:
            yield from shaped(table, batch, agencies)
            batch = []
    yield from shaped(table, batch, agencies)


def shaped(table: str, rows: list[dict[str, Any]], agencies: Mapping[Any, Agency]) -> Iterator[Row]:
    """A batch as rows of the standard; what the sources of imported ones said is read at once."""
    sources = sources_of(row["act"] for row in rows if row["case_id"] is None)
    for row in rows:
        facts = (row["case__state"] or {}).get("facts") or {}
        found = common(row, facts, agencies[row["agency_id"]])
        more = of_case if row["case_id"] else of_source
        told = facts if row["case_id"] else sources.get(row["act"], {})
        found |= more(table, row, told)
        yield {code: str(value) for code, value in found.items() if value}


def sources_of(acts: Iterable[Any]) -> dict[Any, dict[str, Any]]:
    """What the source of each imported record said beside the texts."""
    rows = Opening.objects.filter(act__in=list(acts), name="record", erased_by=None)
    return {act: dict((value or {}).get("source") or {}) for act, value in rows.values_list("act", "value")}


def common(row: Mapping[str, Any], facts: Mapping[str, Any], agency: Agency) -> dict[str, Any]:
    """What both files have: who, by which organ, from whom."""
    party = facts.get("party") or {}
    kind = PARTIES.get(str(party.get("kind") or row["party_type"]), str(row["party_type"]))
    code = str(party.get("code") or row["party_code"] or "")
    found: dict[str, Any] = {
        "XDR_MC": party.get("name") or row["party"],
        "XDR_LB": kind,
        "FRDB": party.get("legal_rep"),
        "WSH": row["number"],
        "NR": row["result"],
        "JDRQ": row["decided_on"].isoformat(),
        "CFJG": row["authority"] or agency.name,
        "CFJGDM": agency.uscc,
        "SJLY": agency.name,
        "SJLYDM": agency.uscc,
        "BZ": f"{MARK}{row['id']}",
    }
    if kind == PERSON:
        return found | ({"XDR_ZJLX": "身份证", "XDR_ZJHM": code} if code else {})
    if kind == TRADER:
        found["FRDB"] = party.get("legal_rep") or party.get("operator") or party.get("name")
    return found | {"XDR_SHXYM": code}


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
            "YXQZ": told.get("valid_from") or row["decided_on"].isoformat(),
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


def of_source(table: str, row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What the source of an imported record said; its organ's code goes before ours, for it decided."""
    found = {
        "FRDB": said.get("legal_rep"),
        "CFJGDM": said.get("authority_code"),
        "SJLY": said.get("source"),
        "SJLYDM": said.get("source_code"),
    }
    if table == "creditchina-permit":
        found |= {
            "XKWS": row["title"],
            "XKLB": said.get("kind"),
            "XKZS": said.get("certificate"),
            "XKBH": said.get("certificate_no"),
            "YXQZ": said.get("valid_from"),
            "YXQZI": said.get("valid_until"),
            "ZT": said.get("state") or "1",
        }
    else:
        found |= {
            "WFXW": said.get("violation"),
            "SY": row["facts"],
            "YJ": row["basis"],
            "CFLB": str(said.get("kind") or "").replace("、", "；").replace(";", "；"),
            "NR_FK": stated(said.get("fine")),
            "NR_WFFF": stated(said.get("confiscated")),
            "NR_ZKDX": said.get("licence_taken"),
            "YXQ": said.get("valid_until") or ENDLESS,
            "GSJZQ": said.get("shown_until"),
        }
    return {code: value for code, value in found.items() if value}


def myriads(amount: Decimal) -> str:
    """元 as 万元: exact, for a fen is the sixth decimal; nothing where nothing is to be paid."""
    if not amount:
        return ""
    text = f"{(amount / MYRIAD).quantize(Decimal('0.000001')):f}"
    return text.rstrip("0").rstrip(".")


def stated(text: Any) -> str:
    """An amount as a source wrote it, with its unit, in 万元; what cannot be read stays for the check to refuse."""
    given = str(text or "").strip()
    number = given.removesuffix("万元") if given.endswith("万元") else given.removesuffix("元")
    try:
        amount = Decimal(number) if number else Decimal(0)
    except InvalidOperation:
        return given
    if not given.endswith("万元") and given.endswith("元"):
        amount /= MYRIAD
    return "" if not amount else f"{amount.normalize():f}"
