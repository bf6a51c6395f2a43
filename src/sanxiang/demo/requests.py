"""What is asked about the demonstration's files: in each office one request of a party and one for copies wait to be decided.

Each firm has a number, without which no platform of credit takes a decision on it. No real firm bears one: its middle is noughts.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.cases.parties import party_key
from sanxiang.demo.people import Office
from sanxiang.demo.stories import FIRMS, Step, party
from sanxiang.door.administer import administer
from sanxiang.law.identifiers import org_check, uscc_check
from sanxiang.people.models import Agency, Person

ASKING = 2
"""The firm that asks for its file, by its place among the firms."""
FIRM_OF = {party("org", which)["name"]: (which - ASKING) % len(FIRMS) for which in range(len(FIRMS))}
"""The number of each firm by its name; who asks has noughts alone."""


def code_of(agency: Agency, firm: int = 0) -> str:
    """The number of a firm, an invented one for each place; by itself that of the party who asks for its file."""
    middle = f"{firm:08d}"
    body = f"91{agency.region[:6]}{middle}{org_check(middle)}"
    return body + uscc_check(body)


def with_code(step: Step) -> Step:
    """The first step of a story, with a number for its party where that is a firm of the demonstration."""

    def told(office: Office, case: Case | None) -> dict[str, Any]:
        data = dict(step.data(office, case))
        firm = FIRM_OF.get(data.get("party", {}).get("name", ""))
        if firm is None:
            return data
        return {**data, "party": {**data["party"], "code": code_of(office.agency, firm)}}

    return replace(step, data=told)


def case_in(agency: Agency) -> Case | None:
    """The case whose party can be tried; None in a demonstration that was built before there was one."""
    key = party_key({"code": code_of(agency)})
    cases = Case.objects.filter(agency=agency, party_key=key, procedure="ordinary")
    return cases.select_related("agency").order_by("opened_at").first()


def ask(office: Office, now: datetime, above: Person | None) -> None:
    """Both requests. Copies are asked for by who looks in from above, or else for a case before the reviewing body."""
    case = case_in(office.agency)
    if case is None:
        return
    own = {
        "case": case.code, "applicant": case.party, "standing": "party", "identity": "营业执照、经办人证件已核对（演示）",
        "contact": "信函寄到登记住所", "wants": "本案的现场笔录、询问笔录和处罚决定书", "form": "paper", "route": "disclosure",
        "received": now.date().isoformat(), "via": "window",
    }  # fmt: skip
    copies = {"case": case.code, "scope": "papers", "purpose": "三季度执法检查，评查组核对文书（演示）"}
    if above is None:
        copies["purpose"] = "行政复议答复，向复议机关提交作出处罚决定的证据、依据（演示）"
    copies |= {"use": "由申请人保管，用完交回销毁", "ticket": "演示通知〔2026〕3号"}
    _done(office, "register-file-request", own, now, office.people["archivist"])
    _done(office, "request-copy", copies, now, above or office.people["legal-reviewer"])


def _done(office: Office, act: str, told: dict[str, Any], now: datetime, by: Person) -> None:
    administer(act, office.agency, by, told, now=now, channel="demo")


def parties() -> list[dict[str, str]]:
    """With what a party of each place signs in."""
    found = [(agency, case_in(agency)) for agency in Agency.objects.exclude(region="").order_by("name")]
    return [
        {"agency": agency.name, "party": case.party, "code": case.code, "id_number": code_of(agency)}
        for agency, case in found
        if case is not None
    ]
