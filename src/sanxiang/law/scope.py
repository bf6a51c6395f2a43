"""What a case is, in law: major or not, hearing due or not. Each answer carries its reasons."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sanxiang.law.articles import ARTICLE
from sanxiang.law.citing import articles_in
from sanxiang.law.facts import Facts, State
from sanxiang.law.money import ordered, owed, unpaid
from sanxiang.law.packs import Pack
from sanxiang.law.recordings import recorded, to_record, unfilmed, unrecorded
from sanxiang.law.remedies import SPECIAL, enforced_by, mixed, review_first, special_periods
from sanxiang.speech import yuan

HEARD = "hearing.kinds"
HEAVY_KINDS = [
    {"kind": "downgrade", "label": "降低资质等级"},
    {"kind": "revoke-licence", "label": "吊销许可证件"},
    {"kind": "stop-business", "label": "责令停产停业"},
    {"kind": "close-business", "label": "责令关闭"},
    {"kind": "restrict-occupation", "label": "限制从业"},
]
"""行政处罚法第六十三条: kinds for which a hearing is offered whatever the amount, for packs pinned before they stated them."""

CRITERIA = (
    ("public_interest", "涉及重大公共利益"),
    ("complex", "案件情况疑难复杂、涉及多个法律关系"),
    ("statute_requires_review", "法律、法规规定应当进行法制审核的其他情形"),
)
"""行政处罚法第五十八条 (一)(三)(四); (二), heard and touching major rights, is computed."""


LOCAL_CRITERIA = (
    ("social_risk", "可能造成重大社会影响或者引发社会风险"),
    ("major_interest", "涉及相对人或者第三人重大权益"),
)
"""What schemes add to the law's own criteria."""

SUMS = (("fine", "罚款"), ("confiscated_gains", "没收违法所得"), ("confiscated_value", "没收非法财物价值"))
"""The sums of a penalty that are measured against 较大数额."""


@dataclass(frozen=True)
class Reason:
    """Why something holds, and under which provision."""

    text: str
    citation: str


def amount(source: Mapping[str, Any], name: str) -> Decimal:
    """An amount in 元 out of a proposal; nothing stated counts as zero."""
    return Decimal(str(source.get(name) or "0"))


UNVALUED = (
    ("confiscate-gains", "confiscated_gains", "没收违法所得，没有写明数额"),
    ("confiscate-goods", "confiscated_value", "没收非法财物，没有写明价值"),
)
"""Kinds of penalty that take something away, and the sum that says how much."""


def unvalued(plan: Mapping[str, Any]) -> list[str]:
    """What is to be confiscated without anybody having said how much it is worth: it counts as large (第六十三条), for
    else a blank would take the party's hearing. Goods stated at nothing, because nothing can price them, count so too."""
    kinds = plan.get("kinds", ())
    return [
        f"拟{text}，按较大处理" for kind, name, text in UNVALUED if kind in kinds and amount(plan, name) <= 0
    ]


def proposal(state: State) -> dict[str, Any]:
    """What is to be decided, as it stands: the draft, or else the investigators' proposal."""
    facts = state["facts"]
    found: dict[str, Any] = facts.get("decision") or facts.get("proposal") or {}
    return found


def is_citizen(state: State) -> bool:
    """A natural person (公民). An individual business 个体工商户 is one too (民法典第五十四条): the stricter sums hold."""
    return citizen(state["facts"].get("party") or {})


def citizen(party: Mapping[str, Any]) -> bool:
    """Is this party a natural person?"""
    return party.get("kind") in ("citizen", "individual-business")


def same_deed(facts: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Do two cases against one party look like one deed: the same cause, at times that touch (行政处罚法第二十九条)?

    A deed that went on was over, at the latest, on the day when it was decided: what goes on after that is a new one.
    """
    (began, ended), (other_began, other_ended) = deed_days(facts), deed_days(other)
    known = bool(began and other_began) and facts.get("cause") == other.get("cause")
    return known and began <= other_ended and other_began <= ended


def deed_days(facts: Mapping[str, Any]) -> tuple[str, str]:
    """The first and the last day of a deed as ISO dates; `9999` while it goes on undecided."""
    began = str(facts.get("occurred_on") or "")[:10]
    ended = str(facts.get("occurred_until") or "")[:10]
    if not ended:
        ended = str(facts.get("decided_on") or "9999") if facts.get("continuing") else began
    return began, ended


def party_threshold(pack: Pack, state: State, name: str) -> tuple[Decimal | None, str]:
    """The sum from which hearing.threshold or discussion.threshold applies, and where it comes from."""
    value = pack.binding(f"{name}.{'citizen' if is_citizen(state) else 'org'}")
    return (Decimal(str(value.value)), str(value.citation)) if value.is_set else (None, "")


def both(law: str, source: str) -> str:
    """The article of the law that gives the right, and beside it what names the sum: the sum alone binds nobody."""
    return f"{law}、{source}" if source and source != law else law


def hearing_reasons(pack: Pack, state: State, on: date | None = None) -> list[Reason]:
    """Why a hearing must be offered (行政处罚法第六十三条). Where no sum is set, every fine counts as large:
    offering a hearing that was not owed harms nobody, withholding one voids the decision."""
    plan, law = proposal(state), "《行政处罚法》第六十三条"
    reasons = _heavy_kinds(pack, plan)
    limit, source = party_threshold(pack, state, "hearing.threshold")
    for name, label in SUMS:
        value = amount(plan, name)
        if limit is None and value > 0:
            reasons.append(
                Reason(f"拟{label}{yuan(value)}，本单位未设定“较大数额”标准，按应当告知听证处理", law)
            )
        elif limit is not None and value >= limit:
            reasons.append(Reason(f"拟{label}{yuan(value)}，达到{yuan(limit)}标准", both(law, source)))
    reasons += [Reason(text, both(law, source)) for text in unvalued(plan)]
    if plan.get("other_heavy"):
        reasons.append(Reason("其他较重的行政处罚", law))
    return reasons


def _heavy_kinds(pack: Pack, plan: Mapping[str, Any]) -> list[Reason]:
    """What is heard whatever the amount: the statute's kinds, and beside them what the branch or the place adds."""
    nation, own, law = pack.national(HEARD), pack.parameter(HEARD), "《行政处罚法》第六十三条"
    rows = [(row, law) for row in (nation.value if nation and nation.is_set else HEAVY_KINDS)]
    if own.is_set and own is not nation:
        rows += [(row, str(own.citation)) for row in own.value]
    found: dict[str, Reason] = {}
    for row, citation in rows:
        if _planned(row, plan):
            found.setdefault(str(row["label"]), Reason(f"拟{row['label']}", citation))
    return list(found.values())


def _planned(row: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Is this among what is to be imposed: its kind, if the row names one, in its words, if it names some?"""
    said = "".join(str(plan.get(name) or "") for name in ("other", "correction", "confiscated_list"))
    words, kind = row.get("words", ()), row.get("kind")
    return (not kind or kind in plan.get("kinds", ())) and (not words or any(word in said for word in words))


def discussion_reasons(pack: Pack, state: State, on: date | None = None) -> list[Reason]:
    """Why the heads must discuss together (行政处罚法第五十七条第二款: 情节复杂或者重大违法行为)."""
    facts, law = state["facts"], "《行政处罚法》第五十七条第二款"
    reasons = [
        Reason(text, law)
        for name, text in (("complex", "情节复杂"), ("grave", "重大违法行为"))
        if facts.get(name)
    ]
    limit, source = party_threshold(pack, state, "discussion.threshold")
    plan = proposal(state)
    total = max(amount(plan, "fine"), amount(plan, "confiscated_gains") + amount(plan, "confiscated_value"))
    if limit is not None and total >= limit:
        reasons.append(Reason(f"拟罚没{yuan(total)}，达到{yuan(limit)}标准", both(law, source)))
    if limit is not None:
        reasons += [Reason(text, both(law, source)) for text in unvalued(plan)]
    return reasons


def major_reasons(pack: Pack, state: State, on: date | None = None) -> list[Reason]:
    """Why the decision is major and needs 法制审核; empty when it is not. Never below 第五十七、五十八条.

    What the legal organ may lower is what somebody raised by hand; a criterion of the law or of the scheme it may not.
    """
    if state["procedure"] == "summary":
        return []
    facts, law = state["facts"], "《行政处罚法》第五十八条"
    reasons = [Reason(text, law) for name, text in CRITERIA if facts.get(name)]
    if "hold-hearing" in state["last"]:
        reasons.append(Reason("直接关系当事人或者第三人重大权益，经过听证程序", law))
    reasons += [
        Reason(f"应当告知听证：{r.text}", both(law, r.citation)) for r in hearing_reasons(pack, state)
    ]
    reasons += [
        Reason(f"应当集体讨论：{r.text}", both(law, r.citation)) for r in discussion_reasons(pack, state)
    ]
    reasons += [*_local_reasons(pack, state), *_catalogue_reasons(pack, state)]
    if facts.get("raised_major"):
        reasons.append(Reason(f"有人提请认定为重大：{facts['raised_major']}", law))
    return reasons


def _local_reasons(pack: Pack, state: State) -> list[Reason]:
    """What the locality adds: amount thresholds, the switch "all but summary", its own criteria."""
    reasons = []
    threshold = pack.binding("review.amount_threshold")
    plan = proposal(state)
    if threshold.is_set and amount(plan, "fine") >= Decimal(str(threshold.value)):
        reasons.append(
            Reason(
                f"拟罚款{yuan(amount(plan, 'fine'))}，达到本单位{yuan(threshold.value)}审核标准",
                str(threshold.citation),
            )
        )
    everything = pack.binding("review.all_but_summary")
    if everything.is_set and everything.value is True:
        reasons.append(Reason("本单位对简易程序以外的决定全部审核", str(everything.citation)))
    for name, text in LOCAL_CRITERIA:
        if state["facts"].get(name):
            citation = pack.binding("review.criteria")
            reasons.append(Reason(text, str(citation.citation or "《行政处罚法》第五十八条")))
    return reasons


SUM_FROM = re.compile(r"(\d+(?:\.\d+)?)\s*(万)?")
"""The sum that an entry of the catalogue names: 5000元以上, 5万元. In figures only: a 一 in a sentence is mostly no sum."""


def _catalogue_reasons(pack: Pack, state: State) -> list[Reason]:
    """The case falls under an entry of the agency's catalogue, from the sum that the entry names if it names one."""
    reasons, cite = [], pack.parameter("review.catalogue_types").citation
    for entry in state["facts"].get("catalogued") or ():
        found = SUM_FROM.search(entry.get("amount", "").replace(",", ""))
        least = Decimal(found[1]) * (10_000 if found[2] else 1) if found else Decimal(0)
        fine = amount(proposal(state), "fine")
        if fine >= least:
            reached = f"，拟罚款{yuan(fine)}，达到目录所列{yuan(least)}" if found else ""
            reasons.append(
                Reason(
                    f"列入法制审核目录清单：{entry['name']}{reached}", str(cite or "《行政处罚法》第五十八条")
                )
            )
    return reasons


def below_major(pack: Pack, state: State) -> list[Reason]:
    """Where a decision needs no 法制审核: each sum that would call for one beside what the case has, and what nobody stated."""
    law, plan = "《行政处罚法》第五十八条", proposal(state)
    if state["procedure"] == "summary":
        return [Reason("适用简易程序，不属于应当法制审核的范围", law)]
    who = "公民" if is_citizen(state) else "法人或者其他组织"
    sums = (
        ("hearing.threshold", "较大数额（应当告知听证）", "《行政处罚法》第六十三条"),
        ("discussion.threshold", "集体讨论", "《行政处罚法》第五十七条第二款"),
    )
    told = []
    for name, label, article in sums:
        limit, source = party_threshold(pack, state, name)
        if limit is not None:
            told.append(Reason(f"{label}的标准：{who}{yuan(limit)}", both(article, source)))
    own = pack.binding("review.amount_threshold")
    text = yuan(own.value) if own.is_set else "方案没有定数额"
    told.append(Reason(f"本单位另定的审核数额：{text}", str(own.citation or law)))
    labels = "、".join(text for _, text in (*CRITERIA, *LOCAL_CRITERIA))
    told.append(Reason(f"立案时没有认定：{labels}", law))
    return [Reason(f"本案{planned_text(plan)}", ""), *told]


def planned_text(plan: Mapping[str, Any]) -> str:
    """What is to be imposed, in sums and kinds, as far as anything is drafted."""
    if not plan:
        return "还没有拟处罚内容，拟定之后再判断"
    sums = [f"{label}{yuan(amount(plan, name))}" for name, label in SUMS if amount(plan, name) > 0]
    return f"拟{'、'.join(sums)}" if sums else "拟作的处罚没有数额"


def hearing_offered(state: State) -> bool:
    """Did the last notice tell of the right to a hearing?"""
    return bool((state["facts"].get("notified") or {}).get("hearing"))


def hearing_open(facts: Facts) -> bool:
    """Has the party asked for a hearing since the last notice, and has nothing ended the matter since?"""
    asked = facts.n("request-hearing")
    return asked > facts.n("notify-penalty") and all(facts.n(a) < asked for a in HEARING_ENDS)


def reviewed(facts: Facts) -> bool:
    """Does the decision need a legal review, or was it submitted to one all the same?"""
    return bool(major_reasons(facts.pack, facts.state, facts.on) or facts.state["review"].get("parts"))


NOTHING_TO_DO = frozenset({"warning", "criticism"})
MONEY_KINDS = frozenset({"fine", "confiscate-gains", "confiscate-goods"})
"""Kinds of penalty that are done with when they are pronounced; and those that end in payment, or in custody (`goods_out`)."""


def duties(facts: Facts) -> frozenset[str]:
    """The kinds of penalty in the decision in force that somebody still has to carry out."""
    decided = facts.state["facts"].get("decided") or {}
    return frozenset(decided.get("kinds", ())) - NOTHING_TO_DO


def standing(state: State) -> frozenset[str]:
    """The kinds of penalty other than money that somebody still has to carry out: nobody has recorded that it was done."""
    if state["facts"].get("all_performed"):
        return frozenset()
    goods = {GOODS} if goods_out(state) else set()
    return (frozenset(ordered(state).get("kinds", ())) - NOTHING_TO_DO - MONEY_KINDS) | goods


GOODS = "confiscate-goods"


def goods_out(state: State) -> bool:
    """Are goods confiscated that the party has not handed over?

    What came into custody counts as handed over, unless it went back to the party or the officers say that goods are left.
    """
    came = any(item.get("status") != "returned" for item in state["property"])
    left = state["facts"].get("goods_left") or not came
    return GOODS in ordered(state).get("kinds", ()) and bool(left)


def decided_under(state: State, wanted: str) -> bool:
    """Does the decision in force rest on one of these articles: 《土地管理法》第七十四条、第七十七条?"""
    law, articles = _cited(wanted)
    return bool({*(articles_in(ordered(state).get("basis"), law) or ())} & {*articles})


def _cited(wanted: str) -> tuple[str, tuple[str, ...]]:
    """The law and the articles of such a text; none where it is no citation."""
    found = CITED.fullmatch(wanted)
    return (found[1], tuple(ARTICLE.findall(found[2]))) if found else ("", ())


CITED = re.compile(rf"《([^《》]+)》({ARTICLE.pattern}(?:、{ARTICLE.pattern})*)")


def enforced_elsewhere(pack: Pack, state: State) -> Mapping[str, Any] | None:
    """Who, other than the court, enforces what the decision still orders in words; None where nobody does."""
    return enforced_by(pack, state["facts"]) if "other" in standing(state) else None


def for_court(pack: Pack, state: State) -> bool:
    """Is something of the decision open that the court enforces (行政强制法第十三条)?"""
    left = standing(state) - ({"other"} if enforced_elsewhere(pack, state) else set())
    return unpaid(state) > 0 or bool(left)


def to_perform(facts: Facts) -> bool:
    """Is there anything to carry out? Before the decision nobody knows, so there is."""
    if facts.n("decide-no-penalty") > max(facts.n("decide"), facts.n("reopen-case")):
        return False
    return not facts.state["facts"].get("decided") or bool(duties(facts))


def deferred(facts: Facts) -> bool:
    """Has the party been given until a later day to pay?"""
    known = facts.state["facts"]
    return bool(known.get("deferral")) and str(known.get("deferred_until") or "") >= facts.on.isoformat()


def own_change(facts: Facts) -> bool:
    """Does the agency itself change its decision, rather than record what 复议 or a court made of it?"""
    return facts.data.get("revoked_how") == "changed" and facts.data.get("undone_by") not in (
        "review",
        "court",
    )


HEARING_ENDS = ("report-hearing", "withdraw-hearing", "refuse-hearing", "end-hearing")
"""What ends a hearing that was asked for."""

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
    "platform-only": ("文书只能在平台生成", lambda f: f.pack.setting("doc.generation") == "platform-only"),
    "published": ("已经公示", lambda f: f.state["publication"].get("status") == "published"),
    "exempt": ("已决定不予公开", lambda f: f.state["publication"].get("status") == "exempt"),
    "review-problems": ("上次审核存在问题", lambda f: f.state["review"].get("outcome") == "problems"),
    "payable": ("决定有缴款义务", lambda f: owed(f.state) > 0),
    "unpaid": ("罚没款没有缴清", lambda f: unpaid(f.state) > 0),
    "recorded": ("拍摄了照片、音像", lambda f: recorded(f.data)),
    "to-record": ("本地方案要求作音像记录", lambda f: to_record(f.pack, f.act.id)),
    "unfilmed": ("有应当作音像记录而没有的步骤", lambda f: bool(unfilmed(f.state))),
    "unrecorded": ("有应当作音像记录、既没有记录也没有理由的步骤", lambda f: bool(unrecorded(f.state))),
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
    (it rests on one of these articles); and not: before any of them.
    """
    if name.startswith("not:"):
        return not holds(name[4:], facts)
    if name.startswith("done:"):
        return facts.done(name[5:])
    if name.startswith("ordered:"):
        return _one_of(ordered(facts.state).get("kinds", ()), name[8:])
    if name.startswith("under:"):
        return decided_under(facts.state, name[6:])
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
    return bare in CONDITIONS or form in ("fact", "data", "done", "ordered")
