"""What the public and parties may do 受理入口: the one room behind the door that the portal may enter.

A party proves itself by the code of its case and its own number (统一社会信用代码 or identity number); both are kept as digests only.
Who has no account acts under the name that they give.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import Error, IntegrityError
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from sanxiang.cases.models import Case
from sanxiang.cases.parties import party_key
from sanxiang.door.administer import administer
from sanxiang.door.attempts import Unreadable
from sanxiang.door.file_requests import FORMS, OUTCOMES, PARTY, REGISTER, ROUTES, FileRequest, requests_in
from sanxiang.door.pinned import current
from sanxiang.law.file_requests import routes_of
from sanxiang.law.guards import Refused
from sanxiang.ledger.access import SERVED, Read, record
from sanxiang.ledger.models import Act

__all__ = ["FORMS", "OUTCOMES", "ROUTES", "NotTaken", "Standing", "ask", "case_of", "standing"]

UNRECORDED = "调阅记录暂时写不进去，没有提供内容，请稍后再试。"


class NotTaken(ValueError):
    """A request that was not taken; each of its arguments is a Chinese sentence."""


@dataclass(frozen=True)
class Standing:
    """A request as its party sees it."""

    number: str
    wants: str
    received: str
    due: str
    limit: str
    outcome: str
    answer_no: str
    reason: str
    given: tuple[str, ...]
    handed: str


def case_of(code: str, number: str) -> Case | None:
    """The case that has this code and whose party has this number; None alike whichever of the two is wrong."""
    wanted = "".join(code.split()).upper()
    rows = Case.objects.select_related("agency").defer("state").filter(code=wanted or "-")
    found, key = rows.first(), party_key({"code": number})
    kept = found.party_key if found and found.party_key else "-"
    return found if constant_time_compare(kept, key or "") else None


def ask(case: Case, told: Mapping[str, str], nonce: str) -> str:
    """Ask to see or copy the own file; the number of the request. Sent twice it is one. Raises NotTaken."""
    key = uuid.uuid5(case.pk, f"{REGISTER} {nonce}")
    today = timezone.localdate().isoformat()
    data = {
        **told,
        "case": case.code,
        "applicant": case.party,
        "standing": PARTY,
        "identity": "凭案件查询码和本人证件号码在网上提出",
        "received": today,
        "via": "square",
    }
    try:
        if not Act.objects.filter(pk=key).exists():
            administer(REGISTER, case.agency, None, data, channel="page", act_id=key, stranger=case.party)
    except Unreadable as unreadable:
        raise NotTaken(*unreadable.errors.values()) from unreadable
    except Refused as refused:
        raise NotTaken(*(f"{verdict.fact}，{verdict.cure}" for verdict in refused.verdicts)) from refused
    except IntegrityError:
        pass  # the same form, sent twice at once
    return next(one.number for one in requests_in([case.agency_id]) if one.id == key)


def standing(case: Case, address: str) -> list[Standing]:
    """What became of the party's requests; a look that leaves an entry. Raises NotTaken where the entry cannot be written."""
    told = Read(
        by=None,
        by_name=case.party[:60],
        kind="requests",
        channel="page",
        result=SERVED,
        reason="party",
        text="当事人查询本人申请的办理情况",
        agency=case.agency_id,
        case=case.pk,
        object=case.pk,
        address=address[:60],
    )
    try:
        record(told, timezone.now())
    except Error as error:
        raise NotTaken(UNRECORDED) from error
    routes = routes_of(current(case.agency.locality))
    return [
        _standing(one, routes[one.route].limit() if one.route in routes else "")
        for one in requests_in([case.agency_id])
        if one.case == case.pk and one.told.get("standing") == PARTY
    ]


def _standing(one: FileRequest, limit: str) -> Standing:
    text: dict[str, Any] = {name: str(one.told.get(name) or "") for name in ("wants", "received")}
    return Standing(
        one.number,
        text["wants"],
        text["received"],
        one.due,
        limit,
        OUTCOMES.get(one.outcome, ""),
        str(one.answer.get("answer_no") or ""),
        str(one.answer.get("reason") or ""),
        tuple(one.answer.get("given") or ()),
        str(one.handed.get("handed_on") or ""),
    )
