"""Conditions of the penalty itself: amounts, notice, defence, hearing, review, discussion, decision, crime."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sanxiang.law.clock import add_months, days_between
from sanxiang.law.clocks import due_of, told
from sanxiang.law.dossier import (
    DUTIES,
    KIND_NAMES,
    PASSING,
    TEXTS,
    amended,
    beyond,
    changed,
    different,
    heavier,
    told_otherwise,
)
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.money import money, ordered
from sanxiang.law.scope import (
    amount,
    citizen,
    discussion_reasons,
    hearing_offered,
    hearing_open,
    hearing_reasons,
    major_reasons,
    proposal,
)
from sanxiang.speech import cn_day, yuan

Args = Mapping[str, Any]


def planned(facts: Facts) -> Mapping[str, Any]:
    """The penalty in question: what the act brings, else the draft, else the proposal; of a change what it leaves."""
    if facts.act.field("changed_decision"):
        return amended(ordered(facts.state), facts.data.get("changed_decision") or {})
    given = facts.data.get("decision") or facts.data.get("proposal")
    return given or proposal(facts.state)


# Which penalty


@condition("amount-at-most", asks="penalty", reads=("penalty",))
def amount_at_most(facts: Facts, args: Args) -> Finding:
    """The fine does not exceed the sum for this kind of party (行政处罚法第五十一条)."""
    natural = citizen(facts.fact("party") or {})
    limit, fine = Decimal(args["citizen" if natural else "org"]), money(planned(facts).get("fine"))
    who = "公民（含个体工商户）" if natural else "法人或者其他组织"
    text = f"对{who}罚款{yuan(fine)}，当场处罚不得超过{yuan(limit)}"
    cure = f"事实和情节允许的，把罚款改为{yuan(limit)}以内；应当处更高罚款的，作废本案，另按普通程序立案办理"
    return Finding(fine <= limit, text, cure)


@condition("kinds-within", asks="penalty", reads=("penalty",))
def kinds_within(facts: Facts, args: Args) -> Finding:
    """Only these kinds of penalty are open to this procedure."""
    kinds = list(planned(facts).get("kinds", []))
    met = bool(kinds) and set(kinds) <= set(args["allowed"])
    text = f"处罚种类“{named(kinds) or '未填'}”，本程序只能用“{named(args['allowed'])}”"
    cure = f"改选“{named(args['allowed'])}”；应当给予其他处罚的，作废本案，另按普通程序立案办理"
    return Finding(met, text, cure)


def named(kinds: Iterable[str]) -> str:
    """Kinds of penalty by name."""
    return "、".join(KIND_NAMES.get(kind, kind) for kind in kinds)


KIND_SUMS = (
    ("fine", "fine", "罚款"),
    ("confiscate-gains", "confiscated_gains", "没收违法所得"),
    ("confiscate-goods", "confiscated_list", "没收非法财物"),
)


@condition("kinds-match-sums", asks="penalty", reads=("penalty",))
def kinds_match_sums(facts: Facts, args: Args) -> Finding:
    """A kind that needs a sum or a list has one, and no sum stands there without its kind (第九条).

    Goods have a value too: whether a hearing is due hangs on it (第六十三条).
    """
    plan = planned(facts)
    wrong = []
    for kind, name, label in KIND_SUMS:
        stated = bool(plan.get(name)) if name == "confiscated_list" else amount(plan, name) > 0
        chosen = kind in plan.get("kinds", [])
        if chosen != stated:
            wrong.append(f"选了{label}却没有填写" if chosen else f"填写了{label}的数额却没有选这一种类")
    goods, value = "confiscate-goods" in plan.get("kinds", []), plan.get("confiscated_value")
    if not goods and amount(plan, "confiscated_value") > 0:
        wrong.append("填写了没收财物的价值却没有选没收非法财物")
    cure = "核对处罚种类和数额"
    if goods and value in (None, ""):
        wrong.append("没有填写没收非法财物的价值，不能判断是否价值较大")
        cure += "；价值按市场价格或者价格认定、评估的结论填写，确实无法估价的填 0，按价值较大处理"
    return Finding(not wrong, "；".join(wrong) if wrong else "种类与数额一致", cure)


MUST_NOT = {
    "under-14": "不满十四周岁（第三十条）",
    "mental": "不能辨认或者不能控制自己行为（第三十一条）",
    "minor-corrected": "违法行为轻微并及时改正，没有造成危害后果（第三十三条第一款）",
    "no-fault": "有证据足以证明没有主观过错（第三十三条第二款）",
}
MUST_LIGHTEN = {
    "14-18": "已满十四周岁不满十八周岁",
    "eliminated": "主动消除或者减轻危害后果",
    "coerced": "受他人胁迫或者诱骗",
    "confessed": "主动供述尚未掌握的违法行为",
    "merit": "有立功表现",
    "other-lighter": "法律、法规、规章规定的其他从轻、减轻情形",
}


@condition("punishable", asks="penalty")
def punishable(facts: Facts, args: Args) -> Finding:
    """None of the circumstances in which there must be no penalty has been established (第三十条至第三十三条)."""
    found = [MUST_NOT[c] for c in facts.fact("circumstances") or () if c in MUST_NOT]
    text = f"已认定：{'；'.join(found)}" if found else "没有认定不予处罚的情形"
    return Finding(not found, text, "办理不予行政处罚决定")


@condition("lightening-explained", asks="penalty")
def lightening_explained(facts: Facts, args: Args) -> Finding:
    """Circumstances that must make the penalty lighter are answered in the grounds (第三十条、第三十二条)."""
    found = [MUST_LIGHTEN[c] for c in facts.fact("circumstances") or () if c in MUST_LIGHTEN]
    met = not found or bool(str(planned(facts).get("discretion") or "").strip())
    text = f"有应当从轻、减轻的情形（{'；'.join(found)}），处罚内容没有说明怎样适用"
    return Finding(met, "从轻、减轻情形已经说明" if met else text, "在裁量理由中写明从轻、减轻的适用")


@condition("limitation")
def limitation(facts: Facts, args: Args) -> Finding:
    """Found within two years of the act or its end, five where life, health or finance was harmed (第三十六条).

    What counts is the day of discovery, not that of the decision. A continuing act has no end yet.
    """
    ended = facts.fact("occurred_until") or (None if facts.fact("continuing") else facts.fact("occurred_on"))
    if not ended:
        return Finding(True, "违法行为仍在继续，追责时效没有起算")
    years = 5 if facts.fact("five_years") else 2
    last = add_months(date.fromisoformat(str(ended)[:10]), 12 * years)
    found = facts.fact("found_on") or _first_day(facts)
    met = date.fromisoformat(str(found)[:10]) <= last or bool(facts.fact("limitation_exception"))
    text = f"违法行为于{cn_day(ended)}终了，{years} 年追责时效到{cn_day(last)}，{cn_day(found)}才发现"
    return Finding(met, text, "不再给予行政处罚；法律另有规定的填写依据")


def _first_day(facts: Facts) -> str:
    first = facts.last("register-clue") or facts.last("start-summary")
    return str(first["on"]) if first else facts.on.isoformat()


ITEM_CURES = {
    **{
        label: f"用“更正案件和当事人信息”补齐{label}"
        for label in ("当事人的姓名或者名称", "当事人的地址", "违法行为的时间", "违法行为的地点")
    },
    "复议、诉讼的途径和期限": "由系统管理员在“变更执法机关信息”里补齐复议机关和管辖法院",
    "行政机关名称和日期": "由系统管理员在“变更执法机关信息”里补齐机关名称",
}
"""Where what a decision must state is mended when its own form does not ask for it."""


@condition("items-complete", asks="penalty", reads=("penalty",))
def items_complete(facts: Facts, args: Args) -> Finding:
    """The decision states everything that the article lists (第五十九条; with `article` 52 第五十二条第二款)."""
    plan, party = planned(facts), facts.fact("party") or {}
    fine = not amount(plan, "fine") and "fine" in plan.get("kinds", [])
    have = {
        "当事人的姓名或者名称": party.get("name"),
        "当事人的地址": party.get("address"),
        "违法事实": plan.get("found"),
        "证据": plan.get("evidence_text"),
        "违反的规定": plan.get("violated"),
        "处罚的种类": plan.get("kinds"),
        "罚款的数额": not fine,
        "处罚依据": plan.get("basis"),
        "履行方式和期限": plan.get("perform_by"),
        "缴款以外的义务的履行期限": "other" not in plan.get("kinds", ()) or _days_stated(plan),
        "复议、诉讼的途径和期限": facts.extra.get("remedies", True),
        "行政机关名称和日期": facts.extra.get("agency_name", True),
    }
    if args.get("article") == "52":
        have |= {"违法行为的时间": facts.fact("occurred_on"), "违法行为的地点": facts.fact("occurred_at")}
    lacking = [label for label, value in have.items() if not value]
    text = f"决定书缺少：{'；'.join(lacking)}" if lacking else "决定书载明事项齐全"
    cures = dict.fromkeys(ITEM_CURES.get(label, "在处罚内容里补齐") for label in lacking)
    return Finding(not lacking, text, "；".join(cures))


def _days_stated(plan: Mapping[str, Any]) -> bool:
    return plan.get("perform_days") not in (None, "")


@condition("same-penalty", asks="form")
def same_penalty(facts: Facts, args: Args) -> Finding:
    """A correction mends a clerical slip: outcome, finding, basis and what is ordered stay what was decided."""
    old = ordered(facts.state)
    new = {**old, **(facts.data.get(args["field"]) or {})}
    words = different(new, old, {**TEXTS, **DUTIES})
    moved = [*heavier(new, old), *heavier(old, new), *(f"{label}与原决定不同" for label in words)]
    text = f"更正改变了决定：{'；'.join(moved)}" if moved else "处罚内容、事实和依据未变"
    cure = "更正只用于笔误；处罚内容、事实或者依据有误的，先撤销原决定，再办理“重新处理”"
    return Finding(not moved, text, cure)


CHANGED_BY = {"review": "review", "court": "suit"}
"""Who besides the agency changes a decision, and the remedy in which that happens."""


@condition("change-not-heavier", asks="form")
def change_not_heavier(facts: Facts, args: Args) -> Finding:
    """An agency makes its own decision lighter, not heavier and not another one: of that the party would have to be told
    and heard first (第四十四条、第六十二条). What 复议 or a court decided stands as decided, once that result is on record.
    """
    remedy = CHANGED_BY.get(str(facts.data.get("undone_by") or ""))
    moved = beyond(planned(facts), ordered(facts.state))
    if not moved:
        return Finding(True, "变更没有加重处罚，也没有改变事实和依据")
    text = f"变更加重或者改变了原决定：{'；'.join(moved)}"
    if not remedy:
        cure = "本机关只能从轻变更；处罚应当加重或者事实、依据有误的，先撤销原决定，再办理“重新处理”，重新告知、审核和决定"
        return Finding(False, text, cure)
    met = any(r["kind"] == remedy and r.get("result") == "changed" for r in facts.state["remedies"])
    return Finding(met, text, "先登记复议、诉讼和它的结果“变更”，再按该决定、判决登记变更")


@condition("discretion-explained", asks="penalty", reads=("penalty",))
def discretion_explained(facts: Facts, args: Args) -> Finding:
    """The benchmark tier is named, or the reason for leaving it (第三十四条)."""
    met = bool(str(planned(facts).get("discretion") or "").strip())
    return Finding(met, "已写明裁量理由" if met else "没有写明裁量基准的适用情况", "写明适用的裁量档次和理由")


@condition("correction-ordered", asks="penalty", reads=("penalty",))
def correction_ordered(facts: Facts, args: Args) -> Finding:
    """The party is told to put the matter right, by an order or in the decision (第二十八条第一款)."""
    met = facts.done("order-correction") or bool(str(planned(facts).get("correction") or "").strip())
    text = "已责令改正" if met else "没有责令当事人改正违法行为"
    return Finding(met, text, "办理责令改正，或在处罚内容中写明责令改正的内容（已经改正的写明）")


@condition("no-penalty-ground", asks="form", reads=("ground",))
def no_penalty_ground(facts: Facts, args: Args) -> Finding:
    """Each ground for not punishing has its own conditions (第三十条至第三十三条)."""
    ground = str(facts.data.get("ground") or "")
    needs = {
        "minor-corrected": ("corrected", "harmless"),
        "first-slight": ("first_time", "slight", "corrected"),
        "no-fault": ("no_fault_proved",),
        "under-14": ("under_14",),
        "mental": ("mental_proved",),
        "not-proved": (),
    }
    lacking = [n for n in needs.get(ground, ("ground",)) if not facts.data.get(n)]
    text = (
        f"不予处罚理由“{facts.said('ground') or '未填'}”的条件没有全部核实"
        if lacking
        else "不予处罚的条件已核实"
    )
    return Finding(not lacking, text, "逐项核实并填写")


# Notice and defence


@condition("notice-covers")
def notice_covers(facts: Facts, args: Args) -> Finding:
    """The party was told what is now to be decided; anything else needs a fresh notice (第四十四条)."""
    notice = facts.state["facts"].get("notified")
    if not notice:
        return Finding(
            False, "没有告知当事人拟作出的处罚内容及事实、理由、依据", "先制作并送达行政处罚告知书"
        )
    plan = proposal(facts.state)
    found = [*heavier(plan, notice), *(f"{n}与告知的不同" for n in different(plan, notice))]
    found += [f"{label}与告知的不同" for label in told_otherwise(notice, facts.state)]
    text = f"决定草案与告知内容不符：{'；'.join(found)}" if found else "决定草案没有超出告知内容"
    return Finding(not found, text, "就变动内容重新告知，或改回告知的内容")


@condition("not-above-told", asks="penalty", reads=("penalty",))
def not_above_told(facts: Facts, args: Args) -> Finding:
    """On the spot nothing heavier is decided than the party was told and could answer to (第四十四、四十五条); lighter may be.

    What was told before its kinds and sums were asked for is words alone, and not judged.
    """
    notice = facts.state["facts"].get("notified")
    if not notice:
        return Finding(True, "告知的内容没有分列种类和数额")
    found = heavier(planned(facts), notice)
    text = f"当场决定重于口头告知的处罚：{'；'.join(found)}" if found else "当场决定不重于告知的处罚"
    cure = "重新办理“口头告知并听取陈述申辩”，告知现在拟作的处罚，再听取意见；或者改为不重于已经告知的处罚"
    return Finding(not found, text, cure)


@condition("heavier-needs-new-facts", asks="field")
def heavier_needs_new_facts(facts: Facts, args: Args) -> Finding:
    """No heavier penalty because of the defence; new facts need a fresh notice that states them (第四十五条第二款).

    New facts are those for which evidence came in after the party was first told.
    """
    notice = facts.state["facts"].get("notified")
    if not notice or not facts.done("record-defence", "hold-hearing"):
        return Finding(True, "没有因申辩加重处罚")
    more = heavier(proposal(facts.state), notice)
    fresh = any(
        int(e["n"]) > int(notice.get("n", 0)) for e in facts.state["evidence"] if not e.get("excluded")
    )
    met = not more or (fresh and bool(str(facts.data.get("new_facts") or "").strip()))
    why = "没有写明新的事实" if fresh else "告知之后没有取得新的证据"
    text = (
        "没有因申辩加重处罚" if met else f"当事人申辩之后处罚加重：{'；'.join(more)}，没有新的事实（{why}）"
    )
    return Finding(met, text, "不得因申辩加重；确有新事实的，先录入新证据，写明新事实并重新告知")


@condition("defence-days-known", asks="form")
def defence_days_known(facts: Facts, args: Args) -> Finding:
    """The notice tells until when the party may state and defend: the locality's days, or those it states itself."""
    rule = facts.pack.limits[args["clock"]]
    stated = facts.data.get(rule.told)
    if stated is not None and int(stated) < 1:
        return Finding(False, f"陈述申辩期限填的是 {stated} 个工作日", "填写大于零的工作日数")
    known = told(rule, facts.pack, facts.data)
    text = (
        "本单位没有设定陈述申辩期限，告知书也没有写明" if known is None else f"陈述申辩期限 {known} 个工作日"
    )
    return Finding(known is not None, text, "填写陈述申辩期限（工作日），或由本单位在规则包中设定")


@condition("defence-settled")
def defence_settled(facts: Facts, args: Args) -> Finding:
    """The party could state and defend, and what was said has been checked (第四十五条、第六十二条)."""
    floor = facts.n("notify-penalty")
    given, checked = facts.n("record-defence"), facts.n("review-defence")
    if given > floor:
        met = checked > given
        text = "陈述申辩已复核" if met else "当事人的陈述申辩还没有复核"
        return Finding(met, text, "办理陈述申辩复核")
    if floor and facts.n("waive-defence") > floor:
        return Finding(True, "当事人明确放弃陈述申辩")
    if floor and facts.n("hold-hearing") > floor:
        return Finding(True, "当事人已在听证中陈述申辩")
    return _run_out(facts, "defence", "陈述申辩期限")


def _run_out(facts: Facts, name: str, label: str) -> Finding:
    """A period that began with the service of the last notice is over."""
    clock, rule = facts.state["clocks"].get(name), facts.pack.limits[name]
    fresh = clock is not None and clock["act_n"] > facts.n("notify-penalty")
    due = due_of(clock, rule, facts.pack, facts.calendar) if clock and fresh else None
    if due is None:
        return Finding(False, f"{label}没有起算：告知书尚未送达，或者没有写明期限", "先送达告知书")
    if facts.on > due.date:
        return Finding(True, f"{label}已于{cn_day(due.date)}届满")
    count = f"自{cn_day(clock['start'] if clock else '')}起 {clock['n'] if clock else ''} 个工作日"
    text = f"{label}{count}，到{cn_day(due.date)}届满，{cn_day(facts.on)}尚未届满"
    return Finding(False, text, "期限届满之后再决定，或取得明确放弃的书面表示")


# Hearing


@condition("hearing-settled")
def hearing_settled(facts: Facts, args: Args) -> Finding:
    """A hearing that was due or told of was held, waived, withdrawn, ended or let lapse (第六十三条至第六十五条)."""
    if hearing_open(facts):
        return Finding(False, "当事人要求听证，听证尚未办结", "举行听证并制作听证报告，或依法终止听证")
    reasons = "；".join(r.text for r in hearing_reasons(facts.pack, facts.state))
    offered = hearing_offered(facts.state)
    if reasons and not offered:
        text = f"应当告知听证权利而没有告知（{reasons}）"
        return Finding(False, text, "重新告知，并写明要求听证的权利")
    if not offered:
        return Finding(True, "不属于应当告知听证的情形")
    notice = facts.n("notify-penalty")
    if facts.n("request-hearing") > notice:
        return Finding(True, "听证已办结")
    if facts.n("waive-hearing") > notice:
        return Finding(True, "当事人已明确放弃听证")
    return _run_out(facts, "hearing-request", "要求听证的期限")


@condition("hearing-told-in-time")
def hearing_told_in_time(facts: Facts, args: Args) -> Finding:
    """The notice of the hearing reached the party n working days before it (第六十四条第二项), not only left the agency.

    Without a notice nothing is said here: that there must be one is another rule.
    """
    paper, need = facts.state["papers"].get(args["paper"]), int(args["n"])
    if paper is None:
        return Finding(True, "还没有通知举行听证")
    name, at = facts.pack.papers[args["paper"]].label, facts.state["facts"].get("hearing_at")
    if paper["status"] != "served" or not paper.get("served_on"):
        cure = f"先送达《{name}》；送达之日到听证之日不足 {need} 个工作日的，重新通知，另定时间"
        return Finding(False, f"《{name}》还没有送达当事人", cure)
    reached, day = (date.fromisoformat(str(d)[:10]) for d in (paper["served_on"], at))
    have = days_between(facts.calendar, reached, day)
    text = f"《{name}》{cn_day(reached)}送达，听证在{cn_day(day)}，之间有 {have} 个工作日，应不少于 {need} 个"
    cure = "重新办理“通知举行听证”，另定时间并送达；听证不能按原定时间举行，也不能视为当事人放弃"
    return Finding(have >= need, text, cure)


@condition("hearing-not-owed")
def hearing_not_owed(facts: Facts, args: Args) -> Finding:
    """Only a hearing that the law does not give and that was not told of may be refused."""
    reasons = [r.text for r in hearing_reasons(facts.pack, facts.state)]
    offered = hearing_offered(facts.state)
    text = f"依法应当听证（{'；'.join(reasons)}）" if reasons else "告知书已经告知听证权利"
    return Finding(
        not reasons and not offered, text if reasons or offered else "不属于应当听证的情形", "组织听证"
    )


# Review and discussion


@condition("review-passed")
def review_passed(facts: Facts, args: Args) -> Finding:
    """A major decision has a passed review of exactly this draft and evidence (第五十八条)."""
    review = facts.state["review"]
    if not review.get("parts"):
        reasons = "；".join(r.text for r in major_reasons(facts.pack, facts.state))
        return Finding(False, f"属于重大执法决定（{reasons}），没有经过法制审核", "先提交法制审核")
    if not review.get("outcome"):
        return Finding(False, "法制审核还没有意见", "等待审核人员出具意见")
    if review["outcome"] not in PASSING:
        return Finding(False, "审核意见为“存在问题”", "按审核意见改正后重新提交")
    moved = changed(facts.state)
    stale = review.get("stale") or {}
    by = f"（{stale['label']}，{cn_day(stale['on'])}）" if stale else ""
    text = f"送审之后{'、'.join(moved)}有变动{by}，原审核意见失效" if moved else "审核已通过，送审的内容未变"
    return Finding(not moved, text, "重新提交法制审核")


@condition("review-current")
def review_current(facts: Facts, args: Args) -> Finding:
    """An opinion is given on the dossier as it was submitted; what moved since is submitted anew."""
    moved = changed(facts.state)
    text = f"送审之后{'、'.join(moved)}有变动" if moved else "送审材料没有变动"
    return Finding(not moved, text, "由承办机构重新送审")


@condition("discussed")
def discussed(facts: Facts, args: Args) -> Finding:
    """The heads have discussed the draft as it stands, the defence and the hearing known (第五十七条第二款)."""
    talk = facts.n("discuss")
    later = [a for a in ("draft-decision", "review-defence", "report-hearing") if facts.n(a) > talk]
    if talk and not later:
        return Finding(True, "已经集体讨论")
    reasons = "；".join(r.text for r in discussion_reasons(facts.pack, facts.state))
    labels = "、".join(facts.pack.acts[a].label for a in later)
    why = f"讨论之后又办理了{labels}" if talk else "尚未讨论"
    return Finding(False, f"应当由负责人集体讨论（{reasons}），{why}", "办理集体讨论")


# Crime, and a decision made again


@condition("crime-clear")
def crime_clear(facts: Facts, args: Args) -> Finding:
    """No fine is decided for an act that was handed to the police and has not come back (第二十七条、第三十五条第二款)."""
    status = str(facts.state["facts"].get("crime_status") or "")
    fined = amount(planned(facts), "fine") > 0
    held = {
        "transferred": "案件已移送公安机关，尚未答复",
        "filed": "公安机关已经立案",
        "sentenced": "法院已判处罚金",
    }
    met = status not in held or (args.get("fines_only") is True and not fined)
    text = held.get(status, "没有移送中的涉嫌犯罪事实")
    return Finding(met, text, "等待公安机关不予立案或者退回后再作处理；已判处罚金的不再罚款")


@condition("not-the-same-again")
def not_the_same_again(facts: Facts, args: Args) -> Finding:
    """Ordered to decide anew, the agency does not decide the same on the same facts, unless only the procedure was at
    fault (行政复议法第六十四条第二款、行政诉讼法第七十一条)."""
    undone = facts.state["facts"].get("undone") or {}
    if not undone or facts.state["facts"].get("remake_ground") != "substance":
        return Finding(True, "不属于重新作出的同一决定")
    plan = proposal(facts.state)
    met = bool(heavier(plan, undone) or heavier(undone, plan) or different(plan, undone))
    text = "与被撤销的决定不同" if met else "与被撤销的决定事实、依据和处罚内容相同"
    return Finding(met, text, "不得以同一事实和理由作出相同的决定")
