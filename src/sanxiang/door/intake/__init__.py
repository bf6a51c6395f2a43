"""What the public and parties may do 受理入口: the one room behind the door that the portal may enter.

A party proves itself by the code of its case and its own number (统一社会信用代码 or identity number); both are kept as digests only.
Who has no account acts under the name that they give.
"""

import time
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import Error, IntegrityError
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from sanxiang.cases.models import Case
from sanxiang.cases.parties import party_key
from sanxiang.door.administer import administer
from sanxiang.door.attempts import Unreadable
from sanxiang.door.files.asked_files import REGISTER, FileRequest, requests_of
from sanxiang.door.files.file_requests import FORMS, OUTCOMES, PARTY, ROUTES
from sanxiang.door.intake.knocks import PROGRESS, knocked, too_many
from sanxiang.door.intake.rights import Progress, progress_of
from sanxiang.door.pinned import current
from sanxiang.law.file_requests import routes_of
from sanxiang.law.guards import Refused
from sanxiang.ledger.access import SERVED, WITHHELD, Read, record
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Act

__all__ = [
    "FORMS",
    "OUTCOMES",
    "ROUTES",
    "NotTaken",
    "Standing",
    "TooOften",
    "ask",
    "case_of",
    "progress",
    "standing",
]

LOOK = "requests"
MOST_MISSES, MOST_MISSES_AROUND, PAUSE = 5, 20, timedelta(minutes=30)
"""So many wrong numbers from one address to one case, or so many to one case or from one address, within so long."""
NO_TAKES = 0.15
"""Seconds: longer than the slowest way to a no."""
NOT_YOURS = (
    "查询码和证件号码对不上任何案件，请照办案机关告知的查询码和您登记的证件号码填写；记不清的，请到办案机关窗口查询。"
    f"连续填错 {MOST_MISSES} 次的，{PAUSE.seconds // 60} 分钟内不再核对。"
)
UNRECORDED = "调阅记录暂时写不进去，没有提供内容，请稍后再试。"


class NotTaken(ValueError):
    """A request that was not taken; each of its arguments is a Chinese sentence."""


class TooOften(NotTaken):
    """Nothing is wrong with it, but too much came from there of late."""


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


def case_of(code: str, number: str, address: str) -> Case | None:
    """The case that has this code and whose party has this number; None alike whichever of the two is wrong.

    A wrong number to a right code is on record. After so many from one place, or to one case, none is looked at for a while, be it
    right or wrong. Every no takes as long as any other, so that its speed does not tell which codes there are. Raises NotTaken where
    the entry cannot be written.
    """
    began = time.monotonic()
    found = None if too_many(PROGRESS, address) else _case_of(code, number, address)
    if found is None:
        knocked(PROGRESS, address)
        time.sleep(max(0.0, began + NO_TAKES - time.monotonic()))
    return found


def _case_of(code: str, number: str, address: str) -> Case | None:
    code, number = (unicodedata.normalize("NFKC", told) for told in (code, number))
    wanted = "".join(code.split()).upper()
    rows = Case.objects.select_related("agency").defer("state").filter(code=wanted or "-")
    found, key = rows.first(), party_key({"code": number})
    if found is None or not key or too_often(found, address):
        return None
    if constant_time_compare(found.party_key or "-", key):
        return found
    look(found, address, "未核实身份的人", WITHHELD, "查询码相符，证件号码不符")
    return None


def progress(code: str, number: str, address: str) -> Progress:
    """How a case stands, for its party; a look that leaves an entry. Raises NotTaken in the same words for whatever is wrong."""
    case = case_of(code, number, address)
    if case is None:
        raise NotTaken(NOT_YOURS)
    look(case, address, case.party, SERVED, "当事人查询办理进度")
    return progress_of(case)


def too_often(case: Case, address: str) -> bool:
    """Were wrong numbers tried too often of late: from this address to this case, from anywhere to it, or from here to any? One query."""
    since = timezone.now() - PAUSE
    misses = Access.objects.filter(by=None, kind=LOOK, result=WITHHELD, at__gte=since)
    here, of_case = Q(address=address[:60]), Q(case=case.pk)
    count = misses.aggregate(
        both=Count("pk", filter=here & of_case),
        case=Count("pk", filter=of_case),
        address=Count("pk", filter=here),
    )
    return count["both"] >= MOST_MISSES or max(count["case"], count["address"]) >= MOST_MISSES_AROUND


def look(case: Case, address: str, name: str, result: str, text: str) -> None:
    """Keep a look at what became of a party's requests, or that it was not shown. Raises NotTaken."""
    told = Read(
        by=None,
        by_name=name[:60],
        kind=LOOK,
        channel="page",
        result=result,
        reason="party",
        text=text,
        agency=case.agency_id,
        case=case.pk,
        object=case.pk,
        address=address[:60],
    )
    try:
        record(told, timezone.now())
    except Error as error:
        raise NotTaken(UNRECORDED) from error


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
    return next(one.number for one in requests_of(case.pk) if one.id == key)


def standing(case: Case, address: str) -> list[Standing]:
    """What became of the party's requests; a look that leaves an entry. Raises NotTaken where the entry cannot be written."""
    look(case, address, case.party, SERVED, "当事人查询本人申请的办理情况")
    routes = routes_of(current(case.agency.locality))
    return [
        _standing(one, routes[one.route].limit() if one.route in routes else "")
        for one in requests_of(case.pk)
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
