"""What was answered about looks that stand out 调阅核实, and the review of all of them from time to time 调阅定期复核.

Both are acts of an agency: what the program found is added to them, so that the ledger keeps it as it was that day. The register is
read from the ledger.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sanxiang.door import gather
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.looks.access_review import Finding, findings
from sanxiang.door.looks.accesses import Asked, looks_at
from sanxiang.door.pinned import current
from sanxiang.door.said import said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.law.patterns import patterns_of
from sanxiang.people import roles
from sanxiang.people.authority import agencies_reached, duties_of
from sanxiang.people.models import Person
from sanxiang.speech import cn_day

ANSWER, SIGN = "answer-access-finding", "sign-access-review"
NORM = Citation("国办发〔2018〕118号", "三（十）", "norm")
EXPLAINED, VIOLATION = "explained", "violation"
OUTCOMES = {EXPLAINED: "有正当理由", VIOLATION: "认定违规"}
WATCHING = (roles.AUDIT_ADMIN, roles.RECORDING_SUPERVISOR, roles.AGENCY_HEAD, roles.SUPERVISOR)
"""Who reads the record of looks, and so answers for what stands out in it."""


def watched_by(person: Person, on: date) -> frozenset[UUID]:
    """The agencies whose record of looks somebody reads."""
    duties = duties_of(person, on)
    own = {post.agency_id for post in (*duties.own, *duties.borrowed) if post.role in WATCHING}
    reached = agencies_reached(person, on, duties)
    return frozenset(own.union(*(keys for role, keys in reached.items() if role in WATCHING)))


def found_by(change: Change) -> list[Finding]:
    """What stands out to whoever acts; the operator sees the agency's own."""
    agencies = watched_by(change.by, change.day) if change.by else {change.agency.pk}
    patterns = patterns_of(current(change.agency.locality))
    return findings(agencies, gather.calendar(), change.day, patterns)


def named(change: Change) -> Finding | None:
    """The finding that is answered."""
    key = str(change.data.get("finding") or "")
    return next((one for one in found_by(change) if one.key == key), None) if key else None


def sound_answer(change: Change) -> list[Verdict]:
    """It stands out, is not the answerer's own, was not answered since, and a violation says what was done about it."""
    key, found = str(change.data.get("finding") or ""), named(change)
    if not key:
        return []
    if found is None:
        fact = "现在没有这一项异常情形"
        return [unmet("finding", NORM, fact, "回到“调阅分析”，从那一项进入")]
    verdicts = []
    if change.by and found.by == change.by.pk:
        verdicts.append(unmet("own", NORM, "不能答复自己的调阅", "请其他有监督职责的人员核实"))
    known = settled([found], answers())
    if found.key in known:
        told = known[found.key]
        fact = f"已由{told.by}答复：{OUTCOMES[told.outcome]}，此后没有新的调阅"
        verdicts.append(unmet("once", NORM, fact, "有新的调阅时再答复"))
    if change.data.get("outcome") == VIOLATION and not change.data.get("measure"):
        fact = "认定违规没有写明如何处理"
        verdicts.append(unmet("measure", NORM, fact, "写明处理措施，移送追究责任的写明移送给谁"))
    return verdicts


def told_of(change: Change) -> dict[str, Any]:
    """What was found, as the ledger keeps it."""
    found = named(change)
    assert found is not None  # `sound_answer` has refused
    return {
        "pattern": found.pattern.label,
        "rule": f"{found.pattern.rule}（{found.pattern.citation}）",
        "who": found.who,
        "found": found.text,
        "last": found.last.isoformat(),
    }


@admin_act(
    ANSWER,
    "答复调阅异常",
    WATCHING,
    (
        asked("finding", "异常情形", longest=16, help="“调阅分析”里这一项的编号"),
        asked("outcome", "核实结论", "choice", options=OUTCOMES),
        asked("explanation", "核实情况", "longtext", help="向本人核实的经过、本人的说明和依据"),
        asked("measure", "处理措施", "longtext", required=False, help="认定违规的填写"),
    ),
    NORM,
    group="accesses",
    help="由有监督职责而不是本人的人员核实；以后又有新的调阅，要再答复",
    checks=sound_answer,
    secrecy="case",
    adds=told_of,
)
def answer_finding(change: Change) -> None:
    """One finding, answered."""


@dataclass(frozen=True)
class Answer:
    """An answer as the ledger has it."""

    agency: UUID
    key: str
    outcome: str
    explanation: str
    measure: str
    last: str
    who: str
    found: str
    pattern: str
    by: str
    at: datetime


def answers() -> dict[str, list[Answer]]:
    """By finding, its answers, the oldest first. Two queries."""
    found: dict[str, list[Answer]] = {}
    for act, said in said_by((ANSWER,)):
        text = {
            name: str(said.get(name) or "")
            for name in ("finding", "outcome", "explanation", "measure", "last", "who", "found", "pattern")
        }
        row = Answer(
            act.subject, text["finding"], text["outcome"], text["explanation"], text["measure"], text["last"], text["who"],
            text["found"], text["pattern"], act.by_name, act.at,
        )  # fmt: skip
        found.setdefault(row.key, []).append(row)
    return found


def settled(found: Iterable[Finding], given: Mapping[str, list[Answer]]) -> dict[str, Answer]:
    """By finding, the answer that covers its newest entry; what has grown since is open again."""
    known = {}
    for one in found:
        for answer in given.get(one.key, ()):
            if answer.last >= one.last.isoformat():
                known[one.key] = answer
    return known


def sound_review(change: Change) -> list[Verdict]:
    """A period that is over, every finding answered, and a next day that is still to come."""
    first, last, due = (str(change.data.get(name) or "") for name in ("first", "last", "next_due"))
    today, verdicts = change.day.isoformat(), list[Verdict]()
    if first and last and first > last:
        verdicts.append(unmet("period", NORM, f"止期{cn_day(last)}早于起期{cn_day(first)}", "核对起止日期"))
    if last and last > today:
        verdicts.append(
            unmet("period", NORM, f"止期{cn_day(last)}还没有到", f"填写{cn_day(today)}或者以前的日期")
        )
    if due and due <= today:
        verdicts.append(unmet("due", NORM, "下次复核日期已经到了", "填写今天以后的日期"))
    found = found_by(change)
    known = settled(found, answers())
    if waiting := [one for one in found if one.key not in known]:
        fact = f"调阅分析还有 {len(waiting)} 项没有答复"
        verdicts.append(
            unmet("answered", NORM, fact, f"先逐项答复：{'、'.join(one.who for one in waiting[:5])}")
        )
    return verdicts


def counted(change: Change) -> dict[str, Any]:
    """How many looks there were in the period, how many things stood out and what became of them."""
    first, last = (date.fromisoformat(str(change.data[name])[:10]) for name in ("first", "last"))
    agencies = watched_by(change.by, change.day) if change.by else {change.agency.pk}
    found = found_by(change)
    known = settled(found, answers())
    wrong = sum(1 for one in known.values() if one.outcome == VIOLATION)
    looks = looks_at(agencies, Asked(since=first, until=last)).count()
    return {"looks": looks, "findings": len(found), "violations": wrong}


@admin_act(
    SIGN,
    "签署调阅定期复核",
    WATCHING,
    (
        asked("first", "复核的起期", "date"),
        asked("last", "复核的止期", "date"),
        asked("conclusion", "复核意见", "longtext"),
        asked("next_due", "下次复核不晚于", "date", help="法律和方案没有规定间隔，由签署人定"),
    ),
    NORM,
    group="accesses",
    help="调阅分析列出的每一项都答复之后签署",
    checks=sound_review,
    secrecy="case",
    adds=counted,
)
def sign_review(change: Change) -> None:
    """The record of looks was gone through."""


@dataclass(frozen=True)
class Review:
    """A review as it was signed."""

    agency: UUID
    first: str
    last: str
    conclusion: str
    next_due: str
    looks: int
    findings: int
    violations: int
    by: str
    at: datetime


def reviews(agencies: Collection[UUID]) -> list[Review]:
    """The reviews that these agencies' people signed, newest first. Two queries."""
    found = []
    for act, said in said_by((SIGN,), agencies):
        first, last, conclusion, due = (
            str(said.get(name) or "") for name in ("first", "last", "conclusion", "next_due")
        )
        looks, stood_out, wrong = (int(said.get(name) or 0) for name in ("looks", "findings", "violations"))
        found.append(
            Review(act.subject, first, last, conclusion, due, looks, stood_out, wrong, act.by_name, act.at)
        )
    return found[::-1]
