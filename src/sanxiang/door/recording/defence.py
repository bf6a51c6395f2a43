"""尽职免责申辩: whoever is held to account for a case invokes its records in their own defence; what came of it stays on record.

国办发〔2018〕118号三（十） has records protect those who enforce as well as those against whom it is enforced. A claim names its grounds
and the records; what its maker called up for it (调阅事由 执法人员申辩) is counted when it is decided and stands beside the decision.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.files.copies import NORM, case_named, known_case
from sanxiang.door.said import Told, said_by, said_in, saying
from sanxiang.law.guards import Verdict
from sanxiang.ledger.access import SERVED
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.authority import uuid_of

CLAIM, DECIDE = "claim-diligence", "decide-diligence"
REASON = "defence"
OUTCOMES = {"cleared": "尽职，不予追究责任", "lighter": "从轻或者减轻追究", "held": "申辩不成立"}
CLAIMANTS = (
    roles.OFFICER,
    roles.UNIT_HEAD,
    roles.LEGAL_REVIEWER,
    roles.AGENCY_HEAD,
    roles.ARCHIVIST,
    roles.WINDOW_CLERK,
)
DECIDERS = (roles.AGENCY_HEAD, roles.SUPERVISOR)
SHORTEST = 10


@dataclass(frozen=True)
class Claim:
    """A claim with what was decided."""

    number: str
    agency: UUID
    case: UUID | None
    by: UUID | None
    by_name: str
    at: datetime
    told: Mapping[str, Any]
    result: Mapping[str, Any] = field(default_factory=dict)
    decided_by: str = ""

    @property
    def outcome(self) -> str:
        """cleared, lighter, held; "" while nothing is decided."""
        return str(self.result.get("outcome") or "")


def claims_in(agencies: Collection[UUID]) -> list[Claim]:
    """The claims in these agencies, newest first. Two queries."""
    return folded(said_by((CLAIM, DECIDE), agencies))


def claim_of(number: str, agency: UUID) -> Claim | None:
    """The claim of that number in one agency. Four queries."""
    told = [
        row
        for name, key in ((CLAIM, "number"), (DECIDE, "claim"))
        for row in said_in(saying((name,), key, [number]).filter(subject=agency))
    ]
    return next(iter(folded(told)), None)


def folded(told: Iterable[Told]) -> list[Claim]:
    """Each claim as the acts in their order made it, newest first."""
    found: dict[str, Claim] = {}
    for act, said in told:
        if act.name == CLAIM:
            number, case = str(said.get("number") or ""), uuid_of(str(said.get("case_id") or ""))
            found[number] = Claim(number, act.subject, case, act.by, act.by_name, act.at, said)
        elif (number := str(said.get("claim") or "")) in found:
            found[number] = replace(found[number], result=said, decided_by=act.by_name)
    return list(found.values())[::-1]


def looks_for(claims: Iterable[Claim]) -> dict[str, int]:
    """How many looks each claimant took at the case for the defence. One query."""
    many = list(claims)
    rows = Access.objects.filter(reason=REASON, result=SERVED, case__in=[one.case for one in many])
    seen = list(rows.values_list("case", "by"))
    return {one.number: seen.count((one.case, one.by)) for one in many}


def sound_claim(change: Change) -> list[Verdict]:
    """There is such a case, and grounds that say something."""
    verdicts = known_case(change)
    if 0 < len(str(change.data.get("grounds") or "").strip()) < SHORTEST:
        fact = "申辩的理由太短，看不出尽到了什么职责"
        verdicts.append(unmet("grounds", NORM, fact, "写明做了什么、记录在哪里、为什么不应追究"))
    return verdicts


def numbered(change: Change) -> dict[str, Any]:
    """The number, the case, and its head: which state of the records is invoked."""
    year, case = change.day.year, case_named(change.agency, str(change.data["case"]))
    before = Act.objects.filter(kind="agency", subject=change.agency.pk, name=CLAIM, at__year=year).count()
    number = f"{change.agency.short}辩〔{year}〕{before + 1}号"
    return {"number": number, "case_id": str(case.pk) if case else "", "head": case.head if case else ""}


@admin_act(
    CLAIM,
    "提出尽职免责申辩",
    CLAIMANTS,
    (
        asked("case", "案件", longest=60, help="立案号或者查询码"),
        asked(
            "accused",
            "被追究的事项",
            "longtext",
            longest=500,
            help="谁在什么文书里、追究什么责任，有文号的写明文号",
        ),
        asked(
            "records", "援引的记录", "longtext", longest=1000, help="文书名称和文号、音像的时间段、办理步骤"
        ),
        asked("grounds", "申辩的理由", "longtext", longest=2000),
    ),
    NORM,
    group="accesses",
    help="需要先看记录的，打开案件时选择调阅事由“执法人员申辩”",
    checks=sound_claim,
    secrecy="person",
    adds=numbered,
)
def claim(change: Change) -> None:
    """Somebody invokes the records in their own defence."""


def may_decide(change: Change) -> list[Verdict]:
    """An open claim of this agency, not one's own, and a reason."""
    number = str(change.data.get("claim") or "")
    found = claim_of(number, change.agency.pk) if number else None
    if number and found is None:
        return [unmet("claim", NORM, f"{change.agency.name}没有编号为“{number}”的申辩", "照列表上的编号填写")]
    verdicts = []
    if found and found.outcome:
        fact = f"{number}已由{found.decided_by}认定：{OUTCOMES[found.outcome]}"
        verdicts.append(unmet("once", NORM, fact, "有新的事实的，另行申辩"))
    if found and change.by and found.by == change.by.pk:
        verdicts.append(unmet("own", NORM, "不能认定自己的申辩", "请其他负责人或者行政执法监督人员认定"))
    return verdicts


def seen(change: Change) -> dict[str, Any]:
    """What the claimant had called up for it."""
    number = str(change.data["claim"])
    found = claim_of(number, change.agency.pk)
    return {
        "looks": looks_for([found]).get(number, 0) if found else 0,
        "who": found.by_name if found else "",
    }


@admin_act(
    DECIDE,
    "认定尽职免责申辩",
    DECIDERS,
    (
        asked("claim", "申辩编号", longest=60),
        asked("outcome", "认定", "choice", options=OUTCOMES),
        asked(
            "reason",
            "认定的理由和依据",
            "longtext",
            longest=2000,
            help="对照援引的记录写明，责任追究制度有规定的写明条款",
        ),
    ),
    NORM,
    group="accesses",
    help="认定结果和援引的记录一起留存，作为责任追究的材料",
    checks=may_decide,
    secrecy="person",
    adds=seen,
)
def decide(change: Change) -> None:
    """What came of it."""
