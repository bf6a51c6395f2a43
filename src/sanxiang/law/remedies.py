"""What a decision must say about 行政复议 and 行政诉讼: which way comes first, where to, until when.

Periods come from the pack's limits, exceptions from its values `remedy.*`; only the sentences stand here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sanxiang.law.money import money
from sanxiang.law.numerals import chinese
from sanxiang.law.packs import Pack
from sanxiang.law.rules import LimitRule

SPECIAL, ENFORCEMENT = "remedy.special_suit", "remedy.enforcement"
REVIEW, SUIT, SUIT_AFTER = "remedy-review", "remedy-suit", "remedy-suit-after-review"
PENALTIES = ("penalty-decision", "spot-decision", "change-decision")
BESIDE = ("correction-order", "refund-order", "late-fine-decision", "revocation")
"""Papers of a penalty's case that impose none themselves: what is decided on the spot is the penalty, and not they."""

AWARDS = ("adj-award", "adj-gov-decision")
AWARD_SUITS = {
    "land": "adj-sue-applicant",
    "forest": "adj-sue-forest-applicant",
    "other": "adj-suit-applicant",
}
"""The papers that settle a dispute, and which period for the suit goes with its matter."""


class RemedyUnknown(ValueError):
    """The remedies cannot be stated; the message is Chinese and says what must be set first."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the remedies with the articles it rests on."""

    text: str
    citation: str

    def __str__(self) -> str:
        return self.text


def remedies(
    pack: Pack,
    procedure: str,
    agency: Mapping[str, Any],
    facts: Mapping[str, Any],
    electronic: bool,
    paper: str = "penalty-decision",
) -> tuple[Paragraph, ...]:
    """The remedies of a decision, as 行政处罚法第五十九条第一款第五项 and 行政复议法第二十条第三款 ask.

    `agency` has review_body and court; `facts` are the case's standing facts; `electronic` when the decision may be
    served through the internet, which is told with the channel where one is set: without one a guard keeps it from being
    served that way. `paper` is the decision's kind: what follows non-payment is told with penalties only.
    Raises RemedyUnknown when authority or court is not set.
    """
    body = _needed(agency, "review_body", "行政复议机关")
    court = _needed(agency, "court", "行政诉讼管辖法院")
    first = review_first(pack, procedure, facts, paper)
    special = special_periods(pack, SPECIAL, facts) if paper in PENALTIES else []
    found = list(_ways(pack, body, court, first, special, mixed(facts)))
    if procedure == "summary" and paper not in BESIDE:
        text = "对当场作出的行政处罚决定申请行政复议的，也可以通过本机关提交行政复议申请。"
        found.append(Paragraph(text, "《行政复议法》第三十二条"))
    if electronic:
        found.extend(_channel(pack))
    if paper in PENALTIES:
        found.extend(_unpaid(facts, enforced_by(pack, facts)))
    name = called(pack, paper)
    return tuple(replace(one, text=one.text.replace("本决定书", name)) for one in found)


def plain_ways(pack: Pack, procedure: str, facts: Mapping[str, Any], paper: str) -> str:
    """The same ways in one sentence for whoever reads nothing else: what comes first, and how long there is."""
    review, suit, after = (period(_limit(pack, name)) for name in (REVIEW, SUIT, SUIT_AFTER))
    name = called(pack, paper).removeprefix("本")
    if review_first(pack, procedure, facts, paper):
        return (
            f"不服的，收到{name}以后{review}内要先申请行政复议，不能直接去法院；对复议决定还不服的，"
            f"收到复议决定书以后{after}内可以打官司。"
        )
    special = special_periods(pack, SPECIAL, facts) if paper in PENALTIES else []
    days = "，".join(f"对{one['what']}的决定是{chinese(int(one['n']))}日" for one in special)
    more = f"（{days}）" if special else ""
    return f"不服的，收到{name}以后{review}内可以申请行政复议，也可以在{suit}内{more}直接去法院打官司。"


def award_ways(pack: Pack, told: str, facts: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    """The ways against an award, as the award itself says them: body and court are named in it, and its periods go by its matter."""
    suit = AWARD_SUITS.get(str(facts.get("adj_kind")), AWARD_SUITS["other"])
    laws = [str(pack.limits[name].citation) for name in (REVIEW, suit, SUIT_AFTER)]
    lines = [line.strip() for line in told.splitlines() if line.strip().startswith("如不服本决定")]
    return tuple(Paragraph(line, "；".join(laws)) for line in lines)


def called(pack: Pack, paper: str) -> str:
    """What a paper calls itself: a notice that may be contested is no 决定书."""
    rule = pack.papers.get(paper)
    return "本通知书" if rule and (rule.title or rule.label).endswith("通知书") else "本决定书"


def _needed(agency: Mapping[str, Any], key: str, label: str) -> str:
    value = str(agency.get(key) or "").strip()
    if not value:
        raise RemedyUnknown(f"本机关没有设置{label}，决定书不能载明救济途径，请系统管理员在机关信息中填写")
    return value


def _decision(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = facts.get("decided") or facts.get("decision") or {}
    return found


def review_first(pack: Pack, procedure: str, facts: Mapping[str, Any], paper: str = "") -> str:
    """Why 行政复议 must come first against the decision, or against a paper, in the words of the rule; "" when the party may choose."""
    kind = "" if paper in BESIDE else procedure
    for rule in pack.setting("remedy.review_first", ()):
        if (kind and rule.get("procedure") == kind) or facts.get(rule.get("fact", "")):
            return str(rule["reason"])
    return ""


def special_periods(pack: Pack, key: str, facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of that parameter which fit the decision: what it orders has a period or an enforcement of its own."""
    return [rule for rule in pack.setting(key, ()) if _orders(rule, facts)]


def enforced_by(pack: Pack, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The row that takes the enforcement of what the decision orders from the court; None where the court is asked."""
    return next(iter(special_periods(pack, ENFORCEMENT, facts)), None)


def special_period(pack: Pack, rule: LimitRule, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The row that gives the period another length. Where the decision orders something beside it the general length stays
    for that, so there the row holds for the limit of that `part` alone."""
    rows = special_periods(pack, rule.special, facts) if rule.special else []
    if rule.part != mixed(facts):
        return None
    return min(rows, key=lambda row: int(row["n"]), default=None)


def mixed(facts: Mapping[str, Any]) -> bool:
    """Does the decision impose money or another kind of penalty beside what it orders in words?"""
    decision = _decision(facts)
    sums = money(decision.get("fine")) + money(decision.get("confiscated_gains"))
    return sums > 0 or bool(set(decision.get("kinds", ())) - {"other"})


def _orders(rule: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Does the decision order what has a period of its own? By the statute it rests on and the words it uses."""
    decision = _decision(facts)
    basis = f"{decision.get('basis', '')}{decision.get('violated', '')}"
    ordered = f"{decision.get('other', '')}{decision.get('perform_by', '')}"
    return rule["basis"] in basis and any(word in ordered for word in rule["words"])


def _limit(pack: Pack, name: str) -> LimitRule:
    rule = pack.limits.get(name)
    if rule is None or rule.n is None:
        raise RemedyUnknown(f"规则包没有写明期限 {name}，请补上 limit 块")
    return rule


def _ways(
    pack: Pack, body: str, court: str, first: str, special: list[Mapping[str, Any]], beside: bool
) -> Iterator[Paragraph]:
    review, suit, after = (_limit(pack, name) for name in (REVIEW, SUIT, SUIT_AFTER))
    start = "如不服本决定，"
    if first:
        yield Paragraph(
            f"本决定属于{first}，{start}应当自收到本决定书之日起{period(review)}内先向{body}申请行政复议；对行政复议决定仍不服的，"
            f"可以自收到行政复议决定书之日起{period(after)}内依法向{court}提起行政诉讼。未经行政复议，不得直接提起行政诉讼。",
            f"《行政复议法》第二十三条；{review.citation}；{after.citation}",
        )
        yield Paragraph(
            "行政复议机关决定不予受理、驳回申请，或者受理后逾期不作答复的，可以自收到决定书之日起或者行政复议期限届满之日起"
            f"十五日内向{court}提起行政诉讼。",
            "《行政复议法》第三十四条",
        )
        return
    alone = special[0] if special and not beside else None
    within, law = f"收到本决定书之日起{period(suit)}内", str(suit.citation)
    if alone:
        within, law = f"接到本决定之日起{chinese(int(alone['n']))}日内", str(alone["citation"])
    yield Paragraph(
        f"{start}可以自收到本决定书之日起{period(review)}内向{body}申请行政复议，也可以自{within}"
        f"直接向{court}提起行政诉讼；对行政复议决定不服的，可以自收到行政复议决定书之日起{period(after)}内向{court}提起行政诉讼。",
        f"{review.citation}；{law}；{after.citation}",
    )
    for rule in special:
        days = chinese(int(rule["n"]))
        apart = f"其中，对{rule['what']}的决定直接提起行政诉讼的，应当自接到本决定之日起{days}日内提出；"
        yield Paragraph(
            f"{'' if alone else apart}期满不起诉又不自行拆除的，本机关将依法申请人民法院强制执行，费用由违法者承担。",
            str(rule["citation"]),
        )


def _channel(pack: Pack) -> Iterator[Paragraph]:
    """行政复议法第二十二条第二款: who serves through the internet offers a way to apply through it."""
    if channel := str(pack.setting("remedy.internet_channel", "")).strip():
        yield Paragraph(
            f"本决定书通过互联网送达的，行政复议申请也可以通过{channel}提交。",
            "《行政复议法》第二十二条第二款",
        )


def _unpaid(facts: Mapping[str, Any], other: Mapping[str, Any] | None) -> Iterator[Paragraph]:
    """What follows where the decision is not carried out; `other` is who enforces what it orders instead of the court."""
    yield Paragraph(
        "行政复议或者行政诉讼期间，本决定不停止执行，法律另有规定的除外。", "《行政处罚法》第七十三条第一款"
    )
    if money(_decision(facts).get("fine")) > 0:
        yield Paragraph(
            "到期不缴纳罚款的，本机关可以每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出罚款的数额；"
            "行政复议或者行政诉讼期间，加处罚款不予计算。",
            "《行政处罚法》第七十二条第一款、第七十三条第三款",
        )
    if other:
        yield Paragraph(f"对{other['what']}的决定，逾期不履行的，{other['then']}。", str(other["citation"]))
    if not other or mixed(facts):
        yield Paragraph(
            f"{'对其他内容，' if other else ''}逾期不申请行政复议、不提起行政诉讼，又不履行本决定的，本机关将依法申请人民法院强制执行。",
            "《行政处罚法》第七十二条第一款；《行政强制法》第五十三条",
        )


def period(rule: LimitRule) -> str:
    """六十日, 六个月: a period as a document writes it."""
    names = {"calendar": "日", "working": "个工作日", "month": "个月", "year": "年"}
    return f"{chinese(rule.n or 0)}{names[rule.unit]}"
