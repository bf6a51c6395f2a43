"""Copies that leave the agency 调取副本: asked for, approved or refused with a reason, then taken for so many days and so many times.

国办发〔2018〕118号 has records called up at once by those who supervise; to look is one thing, to carry a copy out of the building
another. Whoever looks in from above reads on line; a file leaves only under the number of an approval, which stands in each entry.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.door import requested
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.said import said_in, saying
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.ledger.access import SERVED
from sanxiang.ledger.access_row import Access
from sanxiang.ledger.models import Act, Opening
from sanxiang.people import roles
from sanxiang.people.authority import duties_of, uuid_of
from sanxiang.people.models import Agency

REQUEST, DECIDE = "request-copy", "decide-copy"
NORM = Citation("国办发〔2018〕118号", "三（十）", "norm")
WHOLE, PAPERS, EVIDENCE = "whole", "papers", "evidence"
SCOPES = {WHOLE: "全卷", PAPERS: "文书", EVIDENCE: "证据（含音像）"}
APPROVED, REFUSED = "approved", "refused"
OUTCOMES = {APPROVED: "同意", REFUSED: "不同意"}
TAKEN = {
    "pdf": PAPERS,
    "print": PAPERS,
    "docx": PAPERS,
    "data": PAPERS,
    "request-pdf": PAPERS,
    "evidence": EVIDENCE,
    "volume": WHOLE,
    "dossier": WHOLE,
}
"""Kinds of looks by which a copy leaves, each with the scope that it needs."""
MOST_DAYS, MOST_TIMES = 30, 50
ASKERS = (
    roles.SUPERVISOR, roles.LEGAL_REVIEWER, roles.COUNSEL, roles.RECORDING_SUPERVISOR, roles.UNIT_HEAD, roles.OFFICER,
    roles.ARCHIVIST,
)  # fmt: skip


class CopyWanted(Exception):
    """A copy is asked for from outside the agency, and no approval covers it; the message says in Chinese what stands in the way."""

    def __init__(self, case: Case, why: str) -> None:
        super().__init__(why)
        self.case = case


@dataclass(frozen=True)
class Copy:
    """A request with what became of it."""

    number: str
    agency: UUID
    own_agency: UUID | None
    case: UUID | None
    by: UUID | None
    by_name: str
    at: datetime
    scope: str
    purpose: str
    use: str
    ticket: str
    outcome: str = ""
    answer: str = ""
    decided_by: str = ""
    until: date | None = None
    times: int = 0
    id: UUID | None = None

    def covers(self, kind: str, on: date) -> bool:
        """May this kind of copy be taken under it on that day, times aside?"""
        in_time = self.until is not None and on <= self.until
        return self.outcome == APPROVED and in_time and self.scope in (WHOLE, TAKEN[kind])


def case_named(agency: Agency, text: str) -> Case | None:
    """The agency's case of that number or code."""
    rows = Case.objects.filter(Q(number=text) | Q(code=text), agency=agency)
    return rows.only("id", "number", "code", "title", "party", "procedure").first() if text else None


def known_case(change: Change) -> list[Verdict]:
    """There is such a case."""
    text = str(change.data.get("case") or "")
    if not text or case_named(change.agency, text):
        return []
    fact = f"{change.agency.name}没有编号为“{text}”的案件"
    return [unmet("case", NORM, fact, "照案件页填写立案号或者查询码")]


def numbered(change: Change) -> dict[str, Any]:
    """The number of the request, the case, and the agency whose post asks."""
    year = change.day.year
    before = Act.objects.filter(kind="agency", subject=change.agency.pk, name=REQUEST, at__year=year).count()
    case = case_named(change.agency, str(change.data["case"]))
    return {
        "number": f"{change.agency.short}调〔{year}〕{before + 1}号",
        "case_id": str(case.pk) if case else "",
        "own_agency": str(own_agency(change) or ""),
    }


def own_agency(change: Change) -> UUID | None:
    """The agency of the post in which somebody asks: one held here, or else the one that looks down."""
    if change.by is None:
        return None
    duties = duties_of(change.by, change.day)
    keys = [post.agency_id for post in (*duties.own, *duties.borrowed)]
    return change.agency.pk if change.agency.pk in keys else next(iter(keys), None)


@admin_act(
    REQUEST,
    "申请调取副本",
    ASKERS,
    (
        asked("case", "案件", longest=60, help="立案号或者查询码"),
        asked("scope", "调取的内容", "choice", options=SCOPES),
        asked("purpose", "用途", "longtext", longest=500),
        asked("use", "在哪里用、由谁保管", longest=200, help="写明保管副本的单位和人员，用完如何处理"),
        asked("ticket", "批准文号或者通知号", longest=100),
    ),
    NORM,
    group="accesses",
    help="在线查看不用申请；要把文书、证据的副本带出案件所属机关的，先申请，批准之后在限定的天数和次数内下载",
    checks=known_case,
    secrecy="case",
    adds=numbered,
)
def request_copy(change: Change) -> None:
    """Somebody wants to take a copy out: the act itself is its record, and the head of the case's agency has a task."""
    requested.waits(change, DECIDE, "决定是否同意调取副本", str(NORM))


def may_decide(change: Change) -> list[Verdict]:
    """An open request of this agency's case, or of this agency's own people; not one's own; and a decision that is whole."""
    number, verdicts = str(change.data.get("request") or ""), list[Verdict]()
    found = copy_of(number) if number else None
    if number and (found is None or change.agency.pk not in (found.agency, found.own_agency)):
        fact = f"{change.agency.name}没有收到编号为“{number}”的申请"
        return [unmet("request", NORM, fact, "照“调取副本”页上的编号填写")]
    if found and found.outcome:
        fact = f"{number}已由{found.decided_by}决定：{OUTCOMES[found.outcome]}"
        verdicts.append(unmet("once", NORM, fact, "需要另作决定的，请申请人重新申请"))
    if found and change.by and found.by == change.by.pk:
        verdicts.append(
            unmet("own", NORM, "不能批准自己的申请", "请本机关其他负责人或者案件所属机关负责人决定")
        )
    if change.data.get("outcome") == APPROVED:
        verdicts += list(bounds(change))
    return verdicts


def bounds(change: Change) -> Iterator[Verdict]:
    """An approval is for so many days and so many times, and neither is without end."""
    for name, label, most in (("days", "天数", MOST_DAYS), ("times", "次数", MOST_TIMES)):
        value = change.data.get(name)
        if not value or not 0 < int(value) <= most:
            fact = f"同意调取的{label}应为 1 到 {most}"
            yield unmet(name, NORM, fact, f"填写{label}，到期或者用完之后需要再用的重新申请")


@admin_act(
    DECIDE,
    "决定是否同意调取副本",
    (roles.AGENCY_HEAD,),
    (
        asked("request", "申请编号", longest=60),
        asked("outcome", "决定", "choice", options=OUTCOMES),
        asked("reason", "意见", "longtext", longest=500, help="不同意的写明理由，申请人看得到"),
        asked("days", "几天内有效", "int", required=False, help="从今天算起，同意的填写"),
        asked("times", "可以下载几次", "int", required=False, help="同意的填写；每次下载、打印都算一次"),
    ),
    NORM,
    group="accesses",
    help="由案件所属机关负责人，或者申请人所在机关负责人决定",
    checks=may_decide,
    secrecy="case",
)
def decide_copy(change: Change) -> None:
    """The request is granted within bounds, or refused with its reason."""
    found = copy_of(str(change.data["request"]))
    if found and found.id:
        requested.answered(change, found.id)


def copy_of(number: str) -> Copy | None:
    """The request of that number."""
    key = Opening.objects.filter(act__name=REQUEST, name="number", value=number).values("act")
    rows = list(copies_in(Act.objects.filter(pk__in=key)))
    return rows[0] if rows else None


def copies_for(case: UUID) -> list[Copy]:
    """Every request for copies of one case, newest first."""
    keys = Opening.objects.filter(act__name=REQUEST, name="case_id", value=str(case)).values("act")
    return list(copies_in(Act.objects.filter(pk__in=keys)))


def copies_seen(agencies: Collection[UUID], person: UUID) -> list[Copy]:
    """The requests about cases of these agencies, by people of these agencies, and one's own; newest first. Four queries."""
    found = copies_in(Act.objects.filter(kind="agency", name=REQUEST))
    return [one for one in found if one.agency in agencies or one.own_agency in agencies or one.by == person]


def copies_in(requests: Any) -> Iterator[Copy]:
    """These requests with what was decided, newest first."""
    told = list(said_in(requests))
    numbers = [str(said.get("number")) for _, said in told]
    rows = said_in(saying((DECIDE,), "request", numbers)) if numbers else []
    decided = {str(said.get("request")): (act, said) for act, said in rows}
    for act, said in reversed(told):
        made = _copy(act, said)
        yield _decided(made, *decided[made.number]) if made.number in decided else made


def _copy(act: Act, said: Mapping[str, Any]) -> Copy:
    text = {name: str(said.get(name) or "") for name in ("number", "scope", "purpose", "use", "ticket")}
    keys = {name: uuid_of(str(said.get(name) or "")) for name in ("own_agency", "case_id")}
    return Copy(
        text["number"], act.subject, keys["own_agency"], keys["case_id"], act.by, act.by_name, act.at,
        text["scope"], text["purpose"], text["use"], text["ticket"], id=act.id,
    )  # fmt: skip


def _decided(made: Copy, act: Act, said: Mapping[str, Any]) -> Copy:
    days, times = int(said.get("days") or 0), int(said.get("times") or 0)
    until = timezone.localtime(act.at).date() + timedelta(days=days - 1) if days else None
    outcome = str(said.get("outcome") or "")
    return replace(
        made,
        outcome=outcome,
        answer=str(said.get("reason") or ""),
        decided_by=act.by_name,
        until=until if outcome == APPROVED else None,
        times=times if outcome == APPROVED else 0,
    )


def used(copies: Iterable[Copy]) -> dict[str, int]:
    """How often each was used, by number. One query."""
    numbers = [one.number for one in copies if one.outcome == APPROVED]
    rows = Access.objects.filter(ticket__in=numbers, result=SERVED, kind__in=TAKEN)
    found = dict.fromkeys(numbers, 0)
    for number in rows.values_list("ticket", flat=True):
        found[number] += 1
    return found


def approval(case: Case, person: UUID, kind: str, on: date) -> Copy:
    """The approval under which this person takes a copy of that kind today. Raises CopyWanted."""
    mine = [one for one in copies_for(case.pk) if one.by == person]
    open_ = [one for one in mine if one.covers(kind, on)]
    count = used(open_)
    left = [one for one in open_ if count[one.number] < one.times]
    if left:
        return left[0]
    if open_:
        raise CopyWanted(case, f"{open_[0].number}批准的 {open_[0].times} 次下载已经用完")
    waiting = next((one for one in mine if not one.outcome), None)
    if waiting:
        raise CopyWanted(case, f"{waiting.number}还没有决定")
    over = next((one for one in mine if one.until and one.until < on), None)
    if over and over.until:
        raise CopyWanted(
            case, f"{over.number}批准的期限到{over.until.month}月{over.until.day}日为止，已经过去"
        )
    refused = next((one for one in mine if one.outcome == REFUSED), None)
    if refused:
        raise CopyWanted(case, f"{refused.number}没有获得同意：{refused.answer}")
    raise CopyWanted(case, "还没有获准调取这一内容的副本")
