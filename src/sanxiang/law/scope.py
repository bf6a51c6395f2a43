"""What a case is, in law: the closed list of conditions that rules may name in `when`."""

from collections.abc import Callable
from typing import Any

from sanxiang.law.facts import Facts, in_public
from sanxiang.law.licences import hearing_open as licence_hearing_open
from sanxiang.law.licences import run_out
from sanxiang.law.money import ordered, owed, unpaid
from sanxiang.law.recording.book import pending, recorded, unfilmed, unrecorded
from sanxiang.law.recording.duty import duty_of
from sanxiang.law.remedies import SPECIAL, mixed, review_first, special_periods
from sanxiang.law.weighing.hearing import (
    HEARING_ENDS,
    discussion_reasons,
    hearing_offered,
    hearing_open,
    hearing_reasons,
)
from sanxiang.law.weighing.plan import (
    Reason,
    amount,
    citizen,
    is_citizen,
    proposal,
    same_deed,
)
from sanxiang.law.weighing.review import below_major, major_reasons, reviewed
from sanxiang.law.weighing.standing import (
    CITED,
    GOODS,
    MONEY_KINDS,
    NOTHING_TO_DO,
    decided_under,
    deferred,
    duties,
    enforced_elsewhere,
    for_court,
    goods_out,
    own_change,
    standing,
    to_perform,
)

__all__ = [
    "CITED",
    "CONDITIONS",
    "GOODS",
    "HEARING_ENDS",
    "MONEY_KINDS",
    "NOTHING_TO_DO",
    "Reason",
    "amount",
    "below_major",
    "citizen",
    "decided_under",
    "deferred",
    "discussion_reasons",
    "duties",
    "enforced_elsewhere",
    "for_court",
    "goods_out",
    "hearing_offered",
    "hearing_open",
    "hearing_reasons",
    "holds",
    "is_citizen",
    "known_condition",
    "major_reasons",
    "own_change",
    "papers_of",
    "proposal",
    "reviewed",
    "same_deed",
    "standing",
    "to_perform",
]
"""What the rest of the house asks of a case; how it is found out stands in `law.weighing`."""

Condition = Callable[[Facts], bool]

CONDITIONS: dict[str, tuple[str, Condition]] = {
    "major": ("属于重大执法决定", lambda f: bool(major_reasons(f.pack, f.state, f.on))),
    "hearing-due": ("应当告知听证", lambda f: bool(hearing_reasons(f.pack, f.state, f.on))),
    "hearing-offered": ("已告知听证权利", lambda f: hearing_offered(f.state)),
    "hearing-open": ("当事人要求听证，尚未办结", hearing_open),
    "discussion-due": ("应当集体讨论", lambda f: bool(discussion_reasons(f.pack, f.state, f.on))),
    "citizen": ("当事人是公民", lambda f: is_citizen(f.state)),
    "fine": ("有罚款", lambda f: amount(f.data.get("decision") or proposal(f.state), "fine") > 0),
    "before-filing": ("还没有立案", lambda f: f.state["stage"] == "intake"),
    "property-held": (
        "有在管涉案财物",
        lambda f: any(p.get("status") == "held" for p in f.state["property"]),
    ),
    "file-sub": ("案卷有副卷材料", lambda f: bool((f.extra.get("file") or {}).get("sub"))),
    "platform-only": ("文书只能在平台生成", lambda f: f.pack.setting("doc.generation") == "platform-only"),
    "published": ("已经公示", lambda f: in_public(f.state)),
    "exempt": ("已决定不予公开", lambda f: f.state["publication"].get("status") == "exempt"),
    "review-problems": ("上次审核存在问题", lambda f: f.state["review"].get("outcome") == "problems"),
    "payable": ("决定有缴款义务", lambda f: owed(f.state) > 0),
    "unpaid": ("罚没款没有缴清", lambda f: unpaid(f.state) > 0),
    "recorded": ("拍摄了照片、音像", lambda f: recorded(f.data)),
    "to-record": ("应当作音像记录，或者写明不录的理由", lambda f: duty_of(f).level != "NONE"),
    "record-whole": ("应当全程音像记录", lambda f: duty_of(f).level == "FULL"),
    "recordings-pending": ("有没有音像记录的说明待批准", lambda f: bool(pending(f.state))),
    "unfilmed": ("有应当作音像记录而没有的步骤", lambda f: bool(unfilmed(f.state))),
    "unrecorded": ("有写明理由就可以不作音像记录、而没有写的步骤", lambda f: bool(unrecorded(f.state))),
    "reviewed": ("属于重大执法决定，或者已经送审", lambda f: reviewed(f)),
    "penalty-intended": (
        "拟给予行政处罚",
        lambda f: f.state["facts"].get("proposal_outcome") in (None, "penalty"),
    ),
    "penalised": (
        "给予行政处罚",
        lambda f: f.n("decide-no-penalty") <= max(f.n("decide"), f.n("reopen-case")),
    ),
    "deferred": ("缴款已经批准延期、分期，期限还没有到", lambda f: deferred(f)),
    "lic-hearing-open": ("许可听证尚未办结", licence_hearing_open),
    "licence-run-out": ("许可有效期已经届满，没有作出决定", run_out),
    "own-change": ("本机关自行变更决定", lambda f: own_change(f)),
    "to-perform": ("决定有需要履行的内容", lambda f: to_perform(f)),
    "enforceable": (
        "决定还有没有履行的内容",
        lambda f: unpaid(f.state) > 0 or bool(standing(f.state)),
    ),
    "court-enforceable": (
        "决定还有应当由人民法院强制执行的内容",
        lambda f: for_court(f.pack, f.state),
    ),
    "review-first": (
        "应当先申请行政复议",
        lambda f: bool(review_first(f.pack, f.state["procedure"], f.state["facts"])),
    ),
    "special-part": (
        "既有起诉期限另有规定的义务，又有其他处罚内容",
        lambda f: mixed(f.state["facts"]) and bool(special_periods(f.pack, SPECIAL, f.state["facts"])),
    ),
    "other-duty": (
        "决定有缴款以外的内容",
        lambda f: bool(duties(f) - MONEY_KINDS) or goods_out(f.state),
    ),
}
"""The closed list of conditions that a guard's `when` may name; besides them fact:…, done:…, data:…,
ordered:…, under:… and not:…."""


def holds(name: str, facts: Facts) -> bool:
    """Does a condition hold?

    Forms: a name of CONDITIONS; fact:x, data:x (anything given); fact:x=a|b, data:x=a|b (one of these, or a list that
    has one of them); done:act; ordered:a|b (the decision in force orders one of these kinds of penalty); under:《…》第…条、第…条
    (it rests on one of these articles); decides:a|b (the draft has one of these outcomes); and not: before any of them.
    """
    if name.startswith("not:"):
        return not holds(name[4:], facts)
    if name.startswith("done:"):
        return facts.done(name[5:])
    if name.startswith("ordered:"):
        return _one_of(ordered(facts.state).get("kinds", ()), name[8:])
    if name.startswith("under:"):
        return decided_under(facts.state, name[6:])
    if name.startswith("decides:"):
        plan = facts.data.get("decision") or proposal(facts.state)
        return _one_of(plan.get("outcome"), name[8:])
    for prefix, source in (("fact:", facts.fact), ("data:", facts.data.get)):
        if name.startswith(prefix):
            key, _, wanted = name[len(prefix) :].partition("=")
            return _one_of(source(key), wanted) if wanted else bool(source(key))
    return CONDITIONS[name][1](facts)


def papers_of(facts: Facts) -> tuple[str, ...]:
    """The papers that the act makes as it is told: those of its papers whose conditions hold."""
    rules = facts.pack.papers
    return tuple(
        kind
        for kind in facts.act.papers
        if kind not in rules or all(holds(name, facts) for name in rules[kind].when)
    )


def _one_of(found: Any, wanted: str) -> bool:
    given = {str(v) for v in found} if isinstance(found, (list, tuple)) else {str(found)}
    return bool(given & set(wanted.split("|")))


def known_condition(name: str) -> bool:
    """Is this a condition that `holds` understands?"""
    bare = name.removeprefix("not:")
    form, _, told = bare.partition(":")
    if form == "under":
        return CITED.fullmatch(told) is not None
    return bare in CONDITIONS or form in ("fact", "data", "done", "ordered", "decides")
