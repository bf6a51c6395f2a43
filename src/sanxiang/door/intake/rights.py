"""当事人的权利: the ways to challenge a decision exactly as the decision served on the party states them, and the periods that run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from sanxiang.cases.models import Case, Paper
from sanxiang.cases.papers.markup import Content
from sanxiang.door.gather import calendar, pack_of
from sanxiang.door.pinned import PackLost
from sanxiang.law.blocks import PackError
from sanxiang.law.calendar import Calendar
from sanxiang.law.clock import working_days_left
from sanxiang.law.clocks import due_of, label_of, rule_of
from sanxiang.law.facts import State
from sanxiang.law.last_days import GENERAL, Closed, begun, closed, covered, last_days
from sanxiang.law.money import unpaid
from sanxiang.law.packs import Pack, load_pack
from sanxiang.law.remedies import (
    AWARDS,
    PENALTIES,
    Paragraph,
    RemedyUnknown,
    award_ways,
    plain_ways,
    remedies,
)
from sanxiang.law.rules import LimitRule
from sanxiang.law.rulings import RESPONDENT, THIRD
from sanxiang.people.authority import uuid_of
from sanxiang.speech import yuan


@dataclass(frozen=True)
class Period:
    """A period of the party's: what for, its last day, how many days are left of which kind, its article."""

    label: str
    due: date
    left: str
    over: bool
    citation: str


@dataclass(frozen=True)
class Progress:
    """How a case stands, in the words that its party may read: stage names, own periods, rights. Nothing of the file."""

    title: str
    code: str
    agency: str
    phone: str
    address: str
    on: date
    stages: tuple[tuple[str, str], ...]
    now: str
    next: str
    periods: tuple[Period, ...]
    pay: str
    first: bool
    remedies: tuple[Paragraph, ...]
    begun: str
    closed: tuple[Closed, ...]


def progress_of(case: Case) -> Progress:
    """The case as its party may know it. Three queries."""
    pack, today, agency = pack_of(case), timezone.localdate(), case.agency
    rule = pack.procedures[case.procedure]
    labels, names = [label for _, label in rule.stages], [name for name, _ in rule.stages]
    at = names.index(case.stage) if case.stage in names else -1
    states = ["done" if place < at else "now" if place == at else "later" for place in range(len(labels))]
    shown = [
        pair for pair, name in zip(zip(labels, states, strict=True), names, strict=True) if name != "archived"
    ]
    following = labels[at + 1] if 0 <= at < len(labels) - 1 and not case.closed else ""
    told = remedies_in(case) if served(case) else ()
    first = any(one.text.count("先向") for one in told[:1])
    phone = agency.phone or agency.complaint_phone
    return Progress(
        rule.label, case.code, agency.name, phone, agency.address, today, tuple(shown),
        labels[at] if at >= 0 else "", following, periods_of(case, pack, today), pay_of(case), first, told,
        begun(case.state), tuple(closed(pack, case.state)),
    )  # fmt: skip


def served(case: Case) -> bool:
    """Does the party have the decision?"""
    papers = case.state.get("papers", {})
    return any(papers[kind].get("status") == "served" for kind in contested(case))


def contested(case: Case) -> list[str]:
    """The papers of the case that say how to go against them: the decision that punishes, else each that decides something."""
    papers, rules = case.state.get("papers", {}), pack_of(case).papers
    penalties = [kind for kind in PENALTIES if kind in papers]
    return penalties or [
        kind for kind in papers if kind in AWARDS or (kind in rules and rules[kind].remedies)
    ]


def periods_of(case: Case, pack: Pack, today: date) -> tuple[Period, ...]:
    """The running periods within which the party may or must do something, the earliest first."""
    days = calendar()
    found = [*_running(case.state, pack, days, today), *contestable(case.state, pack, days, today)]
    return tuple(sorted(found, key=lambda one: one.due))


def contestable(state: State, pack: Pack, days: Calendar, today: date) -> list[Period]:
    """Until when each decision that the party has may be taken to 行政复议 and to the court, each counted from its own service."""
    return [
        Period(one.label, one.due, _left(one.due, today), one.due < today, one.citation)
        for one in last_days(pack, state, days)
    ]


def _running(state: State, pack: Pack, days: Calendar, today: date) -> Iterator[Period]:
    for name, clock in state["clocks"].items():
        rule = rule_of(pack, name)
        if rule is None or rule.side != "party" or clock["ended"] or not _own(rule):
            continue
        due = due_of(clock, rule, pack, days)
        if due is None or due.suspended or (name in GENERAL and covered(pack, state, clock)):
            continue
        over = due.date < today
        working = rule.unit == "working" and not over
        left = f"还有 {working_days_left(days, due, today)} 个工作日" if working else _left(due.date, today)
        yield Period(label_of(pack, name), due.date, left, over, str(rule.citation))


def _own(rule: LimitRule) -> bool:
    """Is it no period of another side? Of a dispute, who asks is the applicant."""
    return not {f"data:side={side}" for side in (RESPONDENT, THIRD)} & set(rule.when)


def _left(due: date, today: date) -> str:
    return "已经届满" if due < today else f"还有 {(due - today).days} 日"


def pay_of(case: Case) -> str:
    """What is to be paid still, and that it may be put off; "" where nothing is."""
    open_ = unpaid(case.state) if "pay" in case.state["clocks"] else 0
    if open_ <= 0:
        return ""
    ask = "确有经济困难的，可以向办案机关申请延期或者分期缴纳，经批准后暂缓或者分期缴纳"
    return f"还应缴纳 {yuan(open_)}。{ask}（《行政处罚法》第六十六条第二款）。"


def remedies_in(case: Case) -> tuple[Paragraph, ...]:
    """The ways of a case, whether its decision is published or not."""
    return ways_in(case)[0]


def ways_in(case: Case) -> tuple[tuple[Paragraph, ...], str]:
    """The ways as the decision states them, and the same in one plain sentence; of an award the award's own words alone."""
    try:
        paper = _paper(case)
    except PackLost:  # the operator is told of it elsewhere; the public text stands without these words
        paper = None
    if paper is None:
        return (), ""
    told, facts = _said(Content.from_json(paper.content)), case.state["facts"]
    if paper.kind in AWARDS:
        return award_ways(pack_of(case), told, facts), ""
    own = {"review_body": case.agency.review_body, "court": case.agency.court}
    agency = {name: facts.get(f"issuer_{name}") or own[name] for name in own}  # as the paper was made
    electronic = bool(facts.get("e_service_consent"))
    try:
        pack = load_pack(case.pack)
        found = remedies(pack, case.procedure, agency, facts, electronic, paper.kind)
        plain = plain_ways(pack, case.procedure, facts, paper.kind)
    except (PackError, RemedyUnknown):
        return (), ""
    return (found, plain) if all(paragraph.text in told for paragraph in found) else ((), "")


def _paper(case: Case) -> Paper | None:
    """The decision as it was issued, for the public to see or not."""
    papers = case.state.get("papers", {})
    ids = [uuid_of(str(papers[kind].get("id", ""))) for kind in contested(case)]
    return Paper.objects.filter(pk__in=[key for key in ids if key], case=case).order_by("-n").first()


def _said(content: Content) -> str:
    """All words of a paper."""

    def pieces() -> Iterator[str]:
        for block in content.blocks:
            yield block.text
            for cells in block.rows:
                yield from (cell.text for cell in cells)

    return "\n".join(pieces())
