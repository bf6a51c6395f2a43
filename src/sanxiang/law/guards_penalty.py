"""Conditions of the penalty procedures: amounts, notice, defence, hearing, review, decision, money, publication."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sanxiang.law import money
from sanxiang.law.clock import add_months
from sanxiang.law.clocks import due_of
from sanxiang.law.dossier import PASSING, changed, heavier
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.guards_steps import label_of
from sanxiang.law.scope import discussion_reasons, hearing_reasons, is_citizen, major_reasons, proposal

Args = Mapping[str, Any]


def planned(facts: Facts) -> Mapping[str, Any]:
    """The penalty in question: what the act brings, else the draft, else the proposal."""
    given = facts.data.get("decision") or facts.data.get("proposal")
    return given or proposal(facts.state)


@condition("amount-at-most")
def amount_at_most(facts: Facts, args: Args) -> Finding:
    """The fine does not exceed the sum for this kind of party (行政处罚法第五十一条)."""
    party = facts.fact("party") or {}
    citizen = party.get("kind") == "citizen"
    limit, fine = Decimal(args["citizen" if citizen else "org"]), money.money(planned(facts).get("fine"))
    who = "公民" if citizen else "法人或者其他组织"
    return Finding(fine <= limit, f"对{who}罚款 {money.plain(fine)} 元，当场处罚不得超过 {limit} 元", "转为普通程序办理")


@condition("kinds-within")
def kinds_within(facts: Facts, args: Args) -> Finding:
    """Only these kinds of penalty are open to this procedure."""
    kinds = list(planned(facts).get("kinds", []))
    met = bool(kinds) and set(kinds) <= set(args["allowed"])
    return Finding(met, f"处罚种类 {'、'.join(kinds) or '未填'}，本程序只能用 {'、'.join(args['allowed'])}", "转为普通程序办理")


@condition("limitation")
def limitation(facts: Facts, args: Args) -> Finding:
    """Within two years of the act or its end, five where life, health or finance was harmed (第三十六条)."""
    ended = facts.fact("occurred_until") or facts.fact("occurred_on")
    if not ended:
        return Finding(True, "违法行为终了日期尚未查明")
    years = 5 if facts.fact("five_years") else 2
    last = add_months(date.fromisoformat(str(ended)[:10]), 12 * years)
    met = facts.on <= last or bool(facts.fact("limitation_exception"))
    return Finding(met, f"违法行为于 {ended} 终了，{years} 年追责时效到 {last}", "不再给予行政处罚；法律另有规定的填写依据")


@condition("review-passed")
def review_passed(facts: Facts, args: Args) -> Finding:
    """A major decision has a passed review of exactly this draft and evidence (第五十八条)."""
    review = facts.state["review"]
    if not review.get("parts"):
        reasons = "；".join(r.text for r in major_reasons(facts.pack, facts.state))
        return Finding(False, f"属于重大执法决定（{reasons}），没有经过法制审核", "先提交法制审核")
    if review.get("outcome") not in PASSING:
        text = "审核意见为“存在问题”或其他不通过结论" if review.get("outcome") else "法制审核还没有意见"
        return Finding(False, text, "按审核意见改正后重新提交" if review.get("outcome") else "等待审核人员出具意见")
    moved = changed(facts.state)
    stale = review.get("stale") or {}
    text = f"审核通过之后{'、'.join(moved)}有变动（{stale.get('label', '')}，{stale.get('on', '')}），原审核意见失效"
    return Finding(not moved, text if moved else "审核已通过，草案与证据未变", "重新提交法制审核")


@condition("discussed")
def discussed(facts: Facts, args: Args) -> Finding:
    """The heads have discussed the draft as it stands (第五十七条第二款)."""
    talk, draft = facts.last("discuss"), facts.last("draft-decision")
    met = talk is not None and (draft is None or talk["n"] > draft["n"])
    reasons = "；".join(r.text for r in discussion_reasons(facts.pack, facts.state))
    return Finding(met, f"应当由负责人集体讨论（{reasons}），{'尚未讨论' if not talk else '讨论之后草案有变动'}" if not met else "已经集体讨论", "办理集体讨论")


@condition("notice-covers")
def notice_covers(facts: Facts, args: Args) -> Finding:
    """The party was told what is now to be decided; anything else needs a fresh notice (第四十四条)."""
    told = facts.state["facts"].get("notified")
    if not told:
        return Finding(False, "没有告知当事人拟作出的处罚内容及事实、理由、依据", "先制作并送达行政处罚告知书")
    plan = proposal(facts.state)
    more = heavier(dict(plan), told)
    other = [n for k, n in (("found", "事实"), ("violated", "违反的规定"), ("basis", "处罚依据")) if plan.get(k) != told.get(k)]
    text = "；".join([*more, *(f"{n}与告知的不同" for n in other)])
    return Finding(not text, f"决定草案与告知内容不符：{text}" if text else "决定草案没有超出告知内容", "就变动内容重新告知，或改回告知的内容")


@condition("heavier-needs-new-facts")
def heavier_needs_new_facts(facts: Facts, args: Args) -> Finding:
    """No heavier penalty because of the defence; new facts need a fresh notice that states them (第四十五条第二款)."""
    told = facts.state["facts"].get("notified")
    if not told or not facts.done("record-defence", "hold-hearing"):
        return Finding(True, "没有因申辩加重处罚")
    more = heavier(dict(proposal(facts.state)), told)
    met = not more or bool(str(facts.data.get("new_facts") or "").strip())
    return Finding(met, f"当事人申辩之后处罚加重：{'；'.join(more)}，没有新的事实" if not met else "没有因申辩加重处罚", "不得因申辩加重；确有新事实的，写明并重新告知")


@condition("hearing-settled")
def hearing_settled(facts: Facts, args: Args) -> Finding:
    """A hearing that was due was offered, and held, waived, withdrawn or let lapse (第六十三条至第六十五条)."""
    told = facts.state["facts"].get("notified") or {}
    if not told.get("hearing"):
        reasons = "；".join(r.text for r in hearing_reasons(facts.pack, facts.state))
        return Finding(False, f"应当告知听证权利而没有告知（{reasons}）", "重新告知，并写明要求听证的权利")
    asked, notice = facts.last("request-hearing"), facts.last("notify-penalty")
    if asked and notice and asked["n"] > notice["n"]:
        ends = ("report-hearing", "withdraw-hearing", "refuse-hearing", "end-hearing")
        met = any((facts.last(a) or {"n": 0})["n"] > asked["n"] for a in ends)
        return Finding(met, "当事人要求听证，听证尚未办结" if not met else "听证已办结", "举行听证并制作听证报告，或依法终止听证")
    waived = facts.last("waive-hearing")
    if waived and notice and waived["n"] > notice["n"]:
        return Finding(True, "当事人已明确放弃听证")
    clock, rule = facts.state["clocks"].get("hearing-request"), facts.pack.limits["hearing-request"]
    due = due_of(clock, rule, facts.pack, facts.calendar) if clock else None
    met = due is not None and facts.on > due.date
    since = f"自 {clock['start']} 起 {clock['n']} 个工作日，到 {due.date} 届满，{facts.on} 尚未届满" if clock and due else "告知书尚未送达，期限没有起算"
    return Finding(met, f"要求听证的期限：{since}" if not met else f"要求听证的期限已于 {due.date if due else ''} 届满", "期限届满之后再决定，或取得放弃听证的书面表示")


@condition("defence-settled")
def defence_settled(facts: Facts, args: Args) -> Finding:
    """The party could state and defend, and what was said has been checked (第四十五条、第六十二条)."""
    notice = facts.last("notify-penalty")
    floor = notice["n"] if notice else 0
    given, checked, waived = (facts.last(a) for a in ("record-defence", "review-defence", "waive-defence"))
    if given and given["n"] > floor:
        met = checked is not None and checked["n"] > given["n"]
        return Finding(met, "当事人的陈述申辩还没有复核" if not met else "陈述申辩已复核", "办理陈述申辩复核")
    if waived and waived["n"] > floor:
        return Finding(True, "当事人明确放弃陈述申辩")
    heard = facts.last("hold-hearing")
    if heard and heard["n"] > floor:
        return Finding(True, "当事人已在听证中陈述申辩")
    clock, rule = facts.state["clocks"].get("defence"), facts.pack.limits["defence"]
    due = due_of(clock, rule, facts.pack, facts.calendar) if clock else None
    met = due is not None and facts.on > due.date
    text = f"陈述申辩期限到 {due.date} 届满，{facts.on} 尚未届满" if due else "陈述申辩期限没有起算，或告知书没有写明期限"
    return Finding(met, text if not met else "陈述申辩期限已届满", "期限届满之后再决定，或取得明确放弃的书面表示")


ITEMS_59 = (
    ("party", "当事人的姓名或者名称、地址等基本情况"), ("found", "违法事实和证据"), ("basis", "处罚的种类和依据"),
    ("perform_by", "履行方式和期限"), ("remedies", "复议、诉讼的途径和期限"), ("agency", "行政机关名称和日期"),
)


@condition("items-complete")
def items_complete(facts: Facts, args: Args) -> Finding:
    """The decision states everything that 行政处罚法第五十九条 lists."""
    plan, party = planned(facts), facts.fact("party") or {}
    have = {
        "party": party.get("name") and party.get("address"), "found": plan.get("found") and plan.get("evidence_text"),
        "basis": plan.get("kinds") and plan.get("basis"), "perform_by": plan.get("perform_by"),
        "remedies": facts.extra.get("remedies", True), "agency": facts.extra.get("agency_name", True),
    }
    lacking = [label for key, label in ITEMS_59 if not have[key]]
    return Finding(not lacking, f"决定书缺少：{'；'.join(lacking)}" if lacking else "决定书载明事项齐全", "在决定草案或当事人信息中补齐")


@condition("discretion-explained")
def discretion_explained(facts: Facts, args: Args) -> Finding:
    """The benchmark tier is named, or the reason for leaving it (第三十四条)."""
    plan = planned(facts)
    met = bool(plan.get("discretion"))
    return Finding(met, "没有写明裁量基准的适用情况" if not met else "已写明裁量理由", "写明适用的裁量档次和理由")


@condition("property-settled")
def property_settled(facts: Facts, args: Args) -> Finding:
    """All property taken into care has been returned, handed over or disposed of."""
    held = [p["name"] for p in facts.state["property"] if p.get("status") in ("held", "kept")]
    return Finding(not held, f"涉案财物尚未处理：{'、'.join(held)}" if held else "没有在管的涉案财物", "办理返还、移交、没收处理或销毁")


@condition("fine-settled")
def fine_settled(facts: Facts, args: Args) -> Finding:
    """What the decision orders to be paid has come in, or execution has lawfully ended another way."""
    open_ = money.owed(facts.state) - money.paid(facts.state)
    ended = facts.done("court-accepts", "end-execution", "waive-execution")
    met = open_ <= 0 or ended
    return Finding(met, f"罚没款还有 {money.plain(open_)} 元没有缴清" if not met else "罚没款已履行", "登记缴款，或申请法院强制执行、终结执行")


@condition("late-fine-settled")
def late_fine_settled(facts: Facts, args: Args) -> Finding:
    """An additional fine once imposed has been paid, remitted or sent to court."""
    imposed = money.money(facts.state["facts"].get("late_fine"))
    open_ = imposed - money.paid(facts.state, kind="late")
    met = open_ <= 0 or facts.done("court-accepts", "end-execution", "waive-late-fine")
    return Finding(met, f"加处罚款还有 {money.plain(open_)} 元没有缴清" if not met else "没有未缴的加处罚款", "登记缴款、减免或申请法院强制执行")


@condition("late-fine-lawful")
def late_fine_lawful(facts: Facts, args: Args) -> Finding:
    """No more than three per cent a day, none during 复议 and 诉讼, capped at the principal (第七十二、七十三条)."""
    clock = facts.state["clocks"].get("pay")
    due = due_of(clock, facts.pack.limits["pay"], facts.pack, facts.calendar) if clock else None
    most = money.late_fine(facts.state, due.date, facts.on) if due else Decimal(0)
    asked = money.money(facts.data.get("late_fine"))
    return Finding(Decimal(0) < asked <= most, f"拟加处罚款 {money.plain(asked)} 元，至 {facts.on} 最多 {money.plain(most)} 元",
                   "按系统算得的数额填写" if most else "缴款期限没有届满，不能加处罚款")


@condition("on-the-spot-collection")
def on_the_spot_collection(facts: Facts, args: Args) -> Finding:
    """Cash is taken on the spot only in the cases of 第六十八、六十九条."""
    ground = facts.data.get("ground")
    fine = money.money((facts.state["facts"].get("decided") or planned(facts)).get("fine"))
    summary = facts.state["procedure"] == "summary"
    met = (ground == "small" and fine <= 100 and summary) or (ground == "hard-later" and summary) or (
        ground == "remote" and bool(facts.data.get("asked_by_party")))
    return Finding(met, f"当场收缴理由“{ground or '未填'}”，罚款 {money.plain(fine)} 元", "100 元以下或事后难以执行（限当场处罚），或边远不便且当事人提出")


@condition("no-penalty-ground")
def no_penalty_ground(facts: Facts, args: Args) -> Finding:
    """Each ground for not punishing has its own conditions (第三十条至第三十三条)."""
    ground = str(facts.data.get("ground") or "")
    needs = {
        "minor-corrected": ("corrected", "harmless"), "first-slight": ("first_time", "slight", "corrected"),
        "no-fault": ("no_fault_proved",), "under-14": ("under_14",), "mental": ("mental_proved",), "not-proved": (),
    }
    lacking = [n for n in needs.get(ground, ("ground",)) if not facts.data.get(n)]
    return Finding(not lacking, f"不予处罚理由“{ground or '未填'}”的条件没有全部核实" if lacking else "不予处罚的条件已核实", "逐项核实并填写")


@condition("served-or-approved")
def served_or_approved(facts: Facts, args: Args) -> Finding:
    """A decision is published after service, or earlier with an approved reason."""
    paper = (facts.state["papers"].get(args.get("paper", "penalty-decision")) or facts.state["papers"].get("spot-decision") or {})
    met = paper.get("status") == "served" or facts.done("approve-early-publication")
    return Finding(met, "决定书还没有送达" if not met else "决定书已送达", "先送达；确需送达前公开的，先经批准并写明理由")


@condition("publication-matches")
def publication_matches(facts: Facts, args: Args) -> Finding:
    """What is published is the text that was prepared, and that the case gives today."""
    given, prepared = facts.data.get("digest"), facts.state["publication"].get("digest")
    now = facts.extra.get("publication_digest", prepared)
    met = bool(prepared) and given == prepared == now
    return Finding(met, "公示文本与提交确认时不同" if not met else "公示文本未变", "重新生成公示文本并再次确认")


@condition("publication-fields")
def publication_fields(facts: Facts, args: Args) -> Finding:
    """The public text carries every field that the locality's scheme demands."""
    lacking = list(facts.extra.get("publication_missing", ()))
    return Finding(not lacking, f"公示内容缺少：{'、'.join(lacking)}" if lacking else "公示字段齐全", "在案件或公示文本中补齐")


@condition("clean-text")
def clean_text(facts: Facts, args: Args) -> Finding:
    """Nothing protected is left in the public text."""
    found = list(facts.extra.get("publication_leaks", ()))
    return Finding(not found, f"公示文本里还有应当隐去的内容：{'；'.join(found)}" if found else "没有发现应当隐去的内容", "逐处处理后重新提交")


@condition("periods-over")
def periods_over(facts: Facts, args: Args) -> Finding:
    """Every named remedy period has run and no remedy is pending (行政强制法第五十三条)."""
    open_ = [r["kind"] for r in facts.state["remedies"] if not r.get("to")]
    if open_:
        return Finding(False, "复议或诉讼尚未终结", "等待复议、诉讼终结")
    late = []
    for name in args["clocks"]:
        clock, rule = facts.state["clocks"].get(name), facts.pack.limits[name]
        due = due_of(clock, rule, facts.pack, facts.calendar) if clock else None
        if due is None or facts.on <= due.date:
            late.append(f"{rule.label}{f'到 {due.date}' if due else '没有起算'}")
    return Finding(not late, f"{'；'.join(late)}尚未届满" if late else "复议和起诉期限均已届满", "期限届满且当事人不履行之后再办理")


@condition("all-acts-of")
def all_acts_of(facts: Facts, args: Args) -> Finding:
    """Every open question of a kind was answered, such as a recusal asked for."""
    open_ = [label_of(facts, a) for a, b in args["pairs"] if facts.done(a) and (facts.last(b) or {"n": 0})["n"] < (facts.last(a) or {"n": 0})["n"]]
    return Finding(not open_, f"还没有处理：{'、'.join(open_)}" if open_ else "没有待处理的事项", "先处理这些事项")


@condition("party-is")
def party_is(facts: Facts, args: Args) -> Finding:
    """The party is of this kind."""
    met = is_citizen(facts.state) == (args["kind"] == "citizen")
    return Finding(met, "当事人类型不符", "核对当事人信息")
