"""What is asked about the demonstration's files: in each office one request of a party and one for copies wait to be decided.

The party of one case has a number, so that the page of the parties can be tried. No firm bears it: its middle is noughts.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.cases.parties import party_key
from sanxiang.demo.people import Office
from sanxiang.demo.stories import Step
from sanxiang.door.administer import administer
from sanxiang.law.identifiers import org_check, uscc_check
from sanxiang.people.models import Agency, Person

ASKED = 90
"""How many days ago the case began whose party asks for its file."""


def code_of(agency: Agency) -> str:
    """The number of the party, an invented one for each place."""
    body = f"91{agency.region[:6]}00000000{org_check('00000000')}"
    return body + uscc_check(body)


def with_code(step: Step) -> Step:
    """The first step of a story, with a number for its party."""

    def told(office: Office, case: Case | None) -> dict[str, Any]:
        data = dict(step.data(office, case))
        return {**data, "party": {**data["party"], "code": code_of(office.agency)}}

    return replace(step, data=told)


def case_in(agency: Agency) -> Case | None:
    """The case whose party can be tried; None in a demonstration that was built before there was one."""
    key = party_key({"code": code_of(agency)})
    return Case.objects.filter(agency=agency, party_key=key).select_related("agency").first()


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
