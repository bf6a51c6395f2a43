"""Conditions of licensing 行政许可: acceptance and its silence, the order of applicants, what a decision states, renewal, withdrawal."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sanxiang.law.articles import PLACE
from sanxiang.law.clocks import due_of
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.licences import day_in, lapsed, renewal_days
from sanxiang.law.scope import major_reasons
from sanxiang.speech import cn_day, cn_moment

Args = Mapping[str, Any]
CITED = re.compile(rf"《[^《》]+》(?:{PLACE.pattern})")
EXTENSION, JOINT_EXTENSION = 10, 15
"""行政许可法第四十二条: by how many working days a decision may be put off."""


# Acceptance


@condition("acceptance-open")
def acceptance_open(facts: Facts, args: Args) -> Finding:
    """The five working days in which more may be asked for have not run out: after them the application is accepted."""
    clock, rule = facts.state["clocks"].get(args["clock"]), facts.pack.limits[args["clock"]]
    due = due_of(clock, rule, facts.pack, facts.calendar) if clock and not clock["ended"] else None
    if due is None or facts.on <= due.date:
        return Finding(True, "在五个工作日之内" if due else "已经告知补正或者期限没有起算")
    came = cn_day(clock["start"]) if clock else ""
    text = (
        f"申请材料{came}收到，{rule.n}个工作日到{cn_day(due.date)}届满，其间没有一次告知补正，"
        f"自{came}起即为受理"
    )
    return Finding(False, text, f"办理“受理”，受理日期是{came}；不符合条件的，审查后作出不予许可的决定")


@condition("acceptance-lawful", asks="form")
def acceptance_lawful(facts: Facts, args: Args) -> Finding:
    """The papers are complete, those that were asked for have come, or the silence of the agency has accepted already."""
    due = lapsed(facts, args["clock"])
    if due is not None:
        came = cn_day(facts.state["clocks"][args["clock"]]["start"])
        return Finding(True, f"五个工作日到{cn_day(due.date)}届满，没有一次告知补正，自{came}起视为受理")
    if facts.n("lic-correct-notice") > facts.n("lic-supply"):
        cure = "补正材料收到后办理“登记补正材料”；没有按告知补正的办理“不予受理”"
        return Finding(False, "已经告知补正，还没有收到补正材料", cure)
    met = bool(facts.data.get("complete"))
    text = "申请材料齐全、符合法定形式" if met else "没有认定申请材料齐全、符合法定形式"
    return Finding(met, text, "材料齐全的勾选“申请材料齐全、符合法定形式”；不齐全的办理“一次告知补正”")


@condition("licence-on-the-spot", asks="form")
def licence_on_the_spot(facts: Facts, args: Args) -> Finding:
    """Decided at once: on the day on which complete papers came, with nothing to verify, nobody to hear, nothing major."""
    came, known = day_in(facts.state["facts"], "received_on"), {**facts.state["facts"], **facts.data}
    flaws = []
    if came is not None and facts.on != came:
        flaws.append(f"申请材料{cn_day(came)}收到，今天是{cn_day(facts.on)}，已经不是当场")
    if not facts.data.get("complete"):
        flaws.append("没有认定申请材料齐全、符合法定形式")
    flaws += [text for name, text in NOT_AT_ONCE.items() if known.get(name)]
    if not flaws:
        state = {**facts.state, "facts": known}
        flaws += [f"属于重大执法决定（{one.text}）" for one in major_reasons(facts.pack, state)]
    text = "；".join(flaws) if flaws else "材料齐全，可以当场决定"
    return Finding(not flaws, text, "办理“受理”，按一般程序审查、决定")


NOT_AT_ONCE = {
    "needs_check": "需要实地核查",
    "needs_test": "需要检验、检测、检疫",
    "third_party": "直接关系他人重大利益，要先告知利害关系人",
    "hearing_required": "应当举行听证",
}
"""What keeps a licence from being decided on the spot."""


# Time


@condition("licence-extension", asks="form")
def licence_extension(facts: Facts, args: Args) -> Finding:
    """At most ten working days; fifteen where several agencies handle it together, with the government's approval."""
    joint = bool(facts.state["facts"].get("joint"))
    most = JOINT_EXTENSION if joint else EXTENSION
    days = int(str(facts.data.get("days") or 0))
    if joint and not str(facts.data.get("government_approved") or "").strip():
        text = "统一、联合、集中办理的延长，由本级人民政府负责人批准，没有写明批准的情况"
        return Finding(False, text, "填写本级人民政府负责人批准的情况")
    return Finding(0 < days <= most, f"延长{days}个工作日，最多{most}个", f"填写1到{most}之间的天数")


@condition("excluded-as-told", asks="form")
def excluded_as_told(facts: Facts, args: Args) -> Finding:
    """Only what was told in writing, and only for as long as was told, is taken out of the period."""
    known, paper = facts.state["facts"], facts.state["papers"].get("lic-excluded-notice") or {}
    if facts.n("lic-exclude") <= facts.n("lic-resume"):
        return Finding(False, "没有告知过不计入期限的时间", "先办理“告知不计入期限的时间”")
    if paper.get("status") != "served":
        return Finding(False, "《不计入期限告知书》还没有送达申请人", "先送达《不计入期限告知书》")
    first, last = day_in(known, "excluded_from"), day_in(known, "excluded_until")
    ended = day_in(facts.data, "excluded_to")
    if not (first and last and ended):
        return Finding(False, "没有填写结束的日期", "填写实际结束之日")
    met = first <= ended <= last
    text = f"书面告知的是{cn_day(first)}到{cn_day(last)}，填写的结束之日是{cn_day(ended)}"
    return Finding(met, text, f"填到{cn_day(last)}为止；超过的时间照常计入，另行书面告知后才能扣除")


# Order


@condition("first-come")
def first_come(facts: Facts, args: Args) -> Finding:
    """Where the number is limited: who was accepted earlier is decided earlier, and nothing is granted beyond the number."""
    known = facts.state["facts"]
    plan = facts.data.get("decision") or known.get("decision") or {}
    if plan.get("outcome") == "refuse":
        return Finding(True, "不予许可，不占用名额")
    mine = str(known.get("accepted_at") or f"{facts.now:%Y-%m-%dT%H:%M:%S}")
    others = list(facts.extra.get("quota", ()))
    before = [one for one in others if one["open"] and one["accepted_at"] < mine]
    if before:
        first = min(before, key=lambda one: str(one["accepted_at"]))
        text = (
            f"本件受理于{moment(mine)}，同一批次的“{first['title']}”受理于{moment(first['accepted_at'])}，"
            "还没有作出决定"
        )
        return Finding(False, text, "按受理的先后，先对先受理的申请作出决定")
    taken, total = sum(1 for one in others if one["granted"]), int(str(known.get("quota_total") or 0))
    full = bool(total) and taken >= total
    text = f"本批次名额{total}个，已经准予{taken}个" if total else "在先受理的申请均已决定"
    return Finding(not full, text, "名额已满，作出不予许可的决定并说明理由")


def moment(text: str) -> str:
    """A moment to the second."""
    return f"{cn_moment(text[:16])}{text[17:19]}秒" if len(text) >= 19 else cn_moment(text)


# The decision


@condition("licence-states", asks="form", reads=("record",))
def licence_states(facts: Facts, args: Args) -> Finding:
    """A grant says what, under which number and from when to when; a refusal why; both on which article, and what was made of
    what was heard."""
    plan = facts.data.get("decision") or facts.state["facts"].get("decision") or {}
    lacking = [label for name, label in _wanted(plan).items() if not str(plan.get(name) or "").strip()]
    heard = any(facts.done(name) for name in HEARD)
    if heard and not str(plan.get("heard") or "").strip():
        lacking.append("对陈述、申辩和听证笔录的采纳情况")
    flaws = [f"没有写明{'、'.join(lacking)}"] if lacking else []
    first, last = day_in(plan, "valid_from"), day_in(plan, "valid_until")
    if first and last and last < first:
        flaws.append(f"有效期至{cn_day(last)}早于有效期自{cn_day(first)}")
    if plan.get("basis") and not CITED.search(str(plan["basis"])):
        flaws.append(f"依据“{plan['basis']}”没有写明名称和条款")
    flaws += [f"{text}在现行文本中不存在" for text in facts.extra.get("articles_missing", ())]
    return Finding(not flaws, "；".join(flaws) if flaws else "决定的内容齐全", "补充决定的内容，重新拟定")


HEARD = ("lic-statement", "lic-end-statement", "lic-report-hearing")
"""Acts in which somebody was heard on what is to be decided."""


def _wanted(plan: Mapping[str, Any]) -> dict[str, str]:
    """What a decision of that outcome states, by column."""
    common = {"outcome": "决定", "basis": "依据", "reasons": "理由"}
    more: dict[str, dict[str, str]] = {
        "grant": {
            "content": "许可内容",
            "number": "许可编号",
            "valid_from": "有效期自",
            "valid_until": "有效期至",
        },
        "withdraw": {"content": "查明的事实", "compensation": "补偿的处理"},
        "revoke": {"content": "查明的事实", "compensation": "赔偿的处理"},
        "cancel": {"content": "查明的事实"},
        "keep": {"content": "查明的事实"},
    }
    return {**common, **more.get(str(plan.get("outcome")), {})}


@condition("follows-test")
def follows_test(facts: Facts, args: Args) -> Finding:
    """What did not pass the test is not licensed (行政许可法第五十五条)."""
    plan = facts.data.get("decision") or facts.state["facts"].get("decision") or {}
    met = plan.get("outcome") != "grant"
    text = "检验、检测、检疫的结果不符合技术标准、技术规范"
    return Finding(met, text if not met else "决定与检验、检测、检疫的结果一致", "根据结果作出不予许可的决定")


@condition("licence-granted")
def licence_granted(facts: Facts, args: Args) -> Finding:
    """A certificate is made of what was granted, where one is to be issued."""
    decided = facts.state["facts"].get("decided") or {}
    met = decided.get("outcome") == "grant" and bool(decided.get("certificate"))
    return Finding(
        met,
        "准予许可，需要颁发证件" if met else "没有需要颁发证件的准予决定",
        "不需要颁发证件的直接送达决定书",
    )


DECISIONS = (
    "lic-grant", "lic-refusal", "lic-nonacceptance", "lic-certificate", "lic-change-decision", "lic-change-refusal",
    "lic-renewal-decision", "lic-renewal-refusal", "lic-renewal-deemed", "lic-withdrawal", "lic-revocation",
    "lic-cancellation", "lic-end-none",
)  # fmt: skip
"""Papers that bring a decision on a licence to its party."""


@condition("licence-papers-served")
def licence_papers_served(facts: Facts, args: Args) -> Finding:
    """The decision and the certificate have reached the applicant; a certificate that is owed has been made."""
    papers, decided = facts.state["papers"], facts.state["facts"].get("decided") or {}
    made = [kind for kind in DECISIONS if kind in papers]
    rules = facts.pack.papers
    open_ = [rules[k].label for k in made if papers[k].get("status") == "issued"]
    if decided.get("outcome") == "grant" and decided.get("certificate") and "lic-certificate" not in papers:
        open_.append(f"{decided['certificate']}（还没有制作）")
    if not made:
        return Finding(False, "没有制作过决定书", "先作出决定")
    text = f"还没有送达：《{'》《'.join(open_)}》" if open_ else "决定书和证件均已送达"
    return Finding(not open_, text, "先制作证件，送达决定书和证件")


# Renewal


@condition("renewal-in-time", asks="form", reads=("received_on", "licence_until"))
def renewal_in_time(facts: Facts, args: Args) -> Finding:
    """Applied for so many days before the licence ends; later only with a reason, and never when it has ended."""
    came, ends = day_in(facts.data, "received_on"), day_in(facts.data, "licence_until")
    if came is None or ends is None:
        return Finding(False, "没有填写收到申请的日期或者原许可有效期至", "填写这两个日期")
    days, basis = renewal_days(facts.pack, {**facts.state["facts"], **facts.data})
    if came > ends:
        text = f"许可有效期到{cn_day(ends)}，申请{cn_day(came)}才收到，有效期已经届满"
        return Finding(False, text, "有效期届满的不能延续，重新申请许可")
    last = ends - timedelta(days=days)
    late = came > last and not str(facts.data.get("late_reason") or "").strip()
    text = f"许可有效期到{cn_day(ends)}，应当在届满{days}日前（{cn_day(last)}之前）提出（{basis}），{cn_day(came)}收到"
    return Finding(not late, text, "晚于规定期限而予以登记的，写明理由；不予登记的告知申请人重新申请许可")


def _ends(facts: Facts) -> Any:
    return day_in(facts.state["facts"], "licence_until")


@condition("renewal-open")
def renewal_open(facts: Facts, args: Args) -> Finding:
    """The licence has not run out undecided: from the day after, it counts as renewed."""
    ends = _ends(facts)
    met = ends is None or facts.on <= ends
    text = "许可还没有届满" if met else f"许可有效期已于{cn_day(ends)}届满，逾期没有作出决定，视为准予延续"
    return Finding(met, text, "办理“登记视为准予延续”")


@condition("renewal-lapsed")
def renewal_lapsed(facts: Facts, args: Args) -> Finding:
    """The licence has run out and nobody decided."""
    ends, known = _ends(facts), facts.state["facts"]
    met = known.get("change_kind") == "renew" and ends is not None and facts.on > ends
    text = f"许可有效期到{cn_day(ends) or '（未填）'}，" + (
        "届满之前没有作出决定" if met else "还没有届满，或者不是延续"
    )
    return Finding(met, text, "有效期届满之前作出是否准予延续的决定")


# Withdrawal, revocation, cancellation

GROUNDS = {
    "withdraw": ("law-changed", "facts-changed"),
    "revoke": ("abuse", "beyond-powers", "procedure", "unqualified", "other-revoke", "fraud"),
    "cancel": ("run-out", "died", "dissolved", "ended", "force-majeure", "other-cancel"),
}
NAMES = {"withdraw": "撤回", "revoke": "撤销", "cancel": "注销"}
ARTICLES = {"withdraw": "第八条第二款", "revoke": "第六十九条", "cancel": "第七十条"}


@condition("licence-end-ground", asks="form", reads=("ground", "end_kind"))
def licence_end_ground(facts: Facts, args: Args) -> Finding:
    """A licence is withdrawn, revoked and cancelled each on its own grounds (第八、六十九、七十条)."""
    kind, ground = str(facts.fact("end_kind") or ""), facts.fact("ground")
    plan = facts.state["facts"].get("decision") or {}
    told = plan.get("outcome") if facts.act.milestone == "decided" else kind
    if told not in (kind, "keep"):
        text = f"登记的是{NAMES.get(kind, kind)}，拟定的决定是{NAMES.get(str(told), told)}"
        return Finding(False, text, "两者一致之后再办理")
    met = ground in GROUNDS.get(kind, ())
    name = f"{NAMES.get(kind, kind)}（{ARTICLES.get(kind, '')}）"
    return Finding(
        met,
        f"{name}的情形{'符合' if met else '不符合'}",
        f"选择《行政许可法》{ARTICLES.get(kind, '')}所列的情形",
    )


@condition("answer-day-passed")
def answer_day_passed(facts: Facts, args: Args) -> Finding:
    """The party was heard, or the day that it was given has passed."""
    day = day_in(facts.state["facts"], "answer_by")
    met = day is None or facts.on > day
    return Finding(
        met,
        f"请当事人在{cn_day(day) if day else '（未定）'}之前陈述、申辩",
        "期限过后，或者听取陈述、申辩之后再决定",
    )


@condition("revocation-harmless")
def revocation_harmless(facts: Facts, args: Args) -> Finding:
    """A revocation that would do the public interest great harm is not made; one for fraud is, but for that (第六十九条)."""
    known = facts.state["facts"]
    plan = known.get("decision") or {}
    harm, outcome = bool(plan.get("harm")), plan.get("outcome")
    if outcome == "revoke" and harm:
        return Finding(False, "撤销可能对公共利益造成重大损害", "决定不予撤销")
    if outcome == "keep" and known.get("ground") == "fraud" and not harm:
        return Finding(
            False,
            "以欺骗、贿赂等不正当手段取得的许可应当撤销",
            "决定撤销，或者写明撤销可能对公共利益造成的重大损害",
        )
    return Finding(True, "没有第六十九条第三款的障碍")
