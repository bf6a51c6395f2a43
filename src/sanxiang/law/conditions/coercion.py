"""Conditions of 行政强制: what empowers, what may be seized, when it may be carried out, what stands in the way of it."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sanxiang.law.clock import days_between, earliest_event
from sanxiang.law.clocks import last_day
from sanxiang.law.conditions.steps import day_of
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.hours import NIGHT, holiday_of
from sanxiang.law.money import money
from sanxiang.speech import cn_day, cn_moment, yuan

Args = Mapping[str, Any]

LEVELS = {"law": "法律", "regulation": "行政法规", "local": "地方性法规", "other": "规章或者其他规范性文件"}
EMPOWERS = {
    "seal": ("law", "regulation", "local"),
    "seize": ("law", "regulation", "local"),
    "freeze": ("law",),
    "liberty": ("law",),
    "other": ("law", "regulation"),
    "execution": ("law",),
}
"""行政强制法第十、十一、十三条: which texts may give which power."""
DAYS = 30
"""行政强制法第二十五、三十二条: days of 查封, 扣押 and 冻结, and of their one extension."""


def draft(facts: Facts) -> Mapping[str, Any]:
    """What is to be done to the party: as the act says it, else as it was drafted."""
    given = facts.data.get("decision") or facts.state["facts"].get("decision") or {}
    return given if isinstance(given, Mapping) else {}


def measure(facts: Facts) -> str:
    """Which measure it is: as the act says it, else as proposed."""
    return str(facts.fact("taken") or draft(facts).get("measure") or "")


# The power, and what it may reach


@condition("coercion-empowered", asks="form")
def coercion_empowered(facts: Facts, args: Args) -> Finding:
    """The text named is of a rank that may give this power; a norm below statute and regulation gives none."""
    plan = draft(facts)
    kind = str(args.get("of") or plan.get("measure") or "")
    level = str(plan.get("basis_level") or "")
    met = level in EMPOWERS.get(kind, ())
    allowed = "、".join(LEVELS[one] for one in EMPOWERS.get(kind, ()))
    text = f"依据是{LEVELS.get(level, '（未选）')}，只能由{allowed}设定"
    cure = "核对依据；没有法定依据的，不得采取"
    if kind == "execution":
        cure = "法律没有规定由本机关强制执行的，申请人民法院强制执行"
    return Finding(met, f"依据是{LEVELS.get(level, '')}" if met else text, cure)


@condition("measure-days", asks="form")
def measure_days(facts: Facts, args: Args) -> Finding:
    """The period is stated, and longer than thirty days only under a law or regulation that is named."""
    plan = draft(facts)
    days, other = int(plan.get("days") or 0), str(plan.get("days_basis") or "").strip()
    met = days > 0 and (days <= DAYS or bool(other))
    text = f"期限{days}日" if days else "没有写明期限"
    cure = f"期限不超过{DAYS}日；法律、行政法规另有规定的，在“期限另有规定的依据”里写明"
    return Finding(met, text, cure)


@condition("measure-as-approved", asks="form", reads=("taken",))
def measure_as_approved(facts: Facts, args: Args) -> Finding:
    """What is done on site is the measure that was proposed, and that the act at hand is for."""
    planned, now = (
        str(draft(facts).get("measure") or ""),
        str(facts.data.get("taken") or args.get("is") or ""),
    )
    names = {
        "seal": "查封",
        "seize": "扣押",
        "freeze": "冻结",
        "liberty": "限制人身自由",
        "other": "其他措施",
    }
    met = bool(now) and planned == now
    text = f"呈报的是{names.get(planned, '（未填）')}，实施的是{names.get(now, '（未填）')}"
    return Finding(met, text, "按呈报批准的种类实施；需要改变的，不再采取本措施，另行呈报")


@condition("only-what-is-involved", asks="form", reads=("items",))
def only_what_is_involved(facts: Facts, args: Args) -> Finding:
    """Nothing is taken that has no part in the breach, that a citizen's family lives by, or that another organ holds."""
    rows = facts.data.get("items") or ()
    why = {
        "unrelated": "与违法行为无关",
        "necessity": "是公民个人及其所扶养家属的生活必需品",
        "sealed": "已被其他国家机关依法查封",
    }
    wrong = [f"{row.get('name')}{why[str(row['use'])]}" for row in rows if row.get("use") in why]
    text = "；".join(wrong) if wrong else "所列场所、设施、财物涉案，可以查封、扣押"
    return Finding(not wrong, text, "从清单中删去，不得查封、扣押")


@condition("freeze-fitting", asks="form", reads=("frozen",))
def freeze_fitting(facts: Facts, args: Args) -> Finding:
    """No more is frozen than the breach is about."""
    given, involved = money(facts.data.get("frozen")), money(draft(facts).get("involved_sum"))
    text = f"冻结{yuan(given)}，违法行为涉及的金额{yuan(involved)}"
    return Finding(Decimal(0) < given <= involved, text, "冻结的数额与违法行为涉及的金额相当，不得超出")


# The period of a measure


@condition("testing-told", asks="form", reads=("test_from", "test_until"))
def testing_told(facts: Facts, args: Args) -> Finding:
    """How long a test takes is fixed and told beforehand, so it neither begins in the past nor ends before it begins."""
    first, last = (str(facts.data.get(name) or "")[:10] for name in ("test_from", "test_until"))
    met = bool(first) and facts.on.isoformat() <= first <= last
    text = f"检测、检验、检疫或者技术鉴定的期间自{cn_day(first) or '（未填）'}至{cn_day(last) or '（未填）'}"
    return Finding(met, text, "期间要事先明确、书面告知：起日不早于今天，止日不早于起日")


@condition("measure-over")
def measure_over(facts: Facts, args: Args) -> Finding:
    """No measure is left standing: its period has been ended by lifting it or by dealing with what was held."""
    running = [facts.pack.limits[n].label for n in args["clocks"] if not _ended(facts, n)]
    text = f"{'、'.join(running)}还没有解除或者处理" if running else "措施已经解除或者处理完毕"
    return Finding(not running, text, "先办理解除，或者没收、移送、销毁等处理")


def _ended(facts: Facts, name: str) -> bool:
    clock = facts.state["clocks"].get(name)
    return clock is None or bool(clock["ended"])


# The hour of execution


@condition("lawful-hour", asks="form")
def lawful_hour(facts: Facts, args: Args) -> Finding:
    """Neither at night nor on a statutory holiday, unless it is urgent; a weekend is said, and does not stop it.

    Judged is the stretch from `began` to `ended`, or the moment that a decision sets. Days off that a holiday is moved to
    count as the holiday: nobody is disturbed for the difference.
    """
    source = draft(facts) if args.get("planned") else facts.data
    told = [str(v) for name in args["fields"] if (v := source.get(name))]
    if source.get("urgent") or not told:
        grave = bool(str(source.get("urgent_reason") or "").strip())
        text = "情况紧急，已经写明理由" if grave else "选了情况紧急，没有写明理由" if told else "没有写明时间"
        return Finding(bool(told) and grave, text, "写明时间；确实情况紧急的，写明紧急的事由")
    day = day_of(told[0])
    holiday = holiday_of(facts.calendar, day)
    wrong = [f"{cn_day(day)}是{holiday}"] if holiday else []
    wrong += [night] if (night := _at_night(facts, told)) else []
    if wrong:
        return Finding(False, "；".join(wrong), "改在工作日的白天实施；情况紧急的，勾选并写明理由")
    weekend = facts.calendar.kind(day) == "周末"
    text = (
        f"{cn_day(day)}是周末，不属于法定节假日，实施时注意不要扰民"
        if weekend
        else "不在夜间，不是法定节假日"
    )
    return Finding(True, text)


def _at_night(facts: Facts, told: list[str]) -> str:
    """What of the stretch lies in the night, with the hours that count as night here; across midnight is night too."""
    value = facts.pack.binding(NIGHT)
    if not value.is_set:
        return "夜间从几时到几时，本机关没有设定（方案未定）"
    first, last = str(value.value["from"]), str(value.value["until"])
    hours = f"（{first}至次日{last}，{value.citation}）"
    for place, moment in enumerate(told):
        clock = moment[11:16]
        if clock and (clock < last or clock > first or (clock == first and not place)):
            return f"{cn_moment(moment)}在夜间{hours}"
    return (
        f"从{cn_moment(told[0])}到{cn_moment(told[-1])}跨过夜间{hours}"
        if told[0][:10] != told[-1][:10]
        else ""
    )


CUTS = re.compile(r"(停|断|切断|中断|掐断)(止|掉)?(了)?(供)?(水|电|暖|热|气|燃气)(?!化|影|脑|子|表)")
"""Words for cutting off water, power, heat or gas."""


@condition("no-cutting-off", asks="form")
def no_cutting_off(facts: Facts, args: Args) -> Finding:
    """Nobody's home loses water, power, heat or gas to make its people obey; whoever writes of cutting off says whose."""
    plan = draft(facts)
    supply = str(plan.get("supply") or "")
    said = CUTS.search("".join(str(plan.get(name) or "") for name in ("content", "means")))
    if supply == "residents":
        return Finding(False, "对居民生活停止供水、供电、供热、供燃气", "改用其他方式，不得影响居民生活")
    if said and supply != "business":
        text = f"执行内容写了“{said[0]}”，却没有写明不涉及居民生活"
        return Finding(False, text, "删去，或者核实不涉及居民生活之后选择“只涉及生产经营场所”")
    return Finding(True, "不对居民生活停止供水、供电、供热、供燃气")


@condition("not-before-planned")
def not_before_planned(facts: Facts, args: Args) -> Finding:
    """Nothing is carried out before the day that the decision names, or that the party was told when it was urged again."""
    decided = facts.state["facts"].get("decided") or {}
    named = [decided.get("execute_at"), *(facts.state["facts"].get(name) for name in args.get("fields", ()))]
    first = max((day_of(one) for one in named if one), default=facts.on)
    text = f"决定书、催告书写明的日期是{cn_day(first)}，现在是{cn_day(facts.on)}"
    return Finding(facts.on >= first, text, f"{cn_day(first)}或者以后实施")


# What must have gone before


@condition("set-day-passed")
def set_day_passed(facts: Facts, args: Args) -> Finding:
    """A day that was set for the party has gone by."""
    day = facts.fact(args["field"])
    met = bool(day) and facts.on > day_of(day)
    text = f"{args['label']}是{cn_day(day_of(day))}" if day else f"没有写明{args['label']}"
    return Finding(met, f"{text}，{'已经' if met else '还没有'}过去", str(args.get("cure", "到期之后再办理")))


@condition("urged-in-vain")
def urged_in_vain(facts: Facts, args: Args) -> Finding:
    """The party was urged in writing and its time is over, or it is moving its means away while it runs."""
    paper = facts.state["papers"].get(args["paper"]) or {}
    if paper.get("status") != "served":
        return Finding(False, "催告书没有送达", "先制作并送达催告书")
    until, plan = facts.state["facts"].get("urge_until"), draft(facts)
    if plan.get("at_once") and str(plan.get("flight") or "").strip():
        return Finding(True, "有证据证明当事人转移或者隐匿财物，立即强制执行")
    met = bool(until) and facts.on > day_of(until)
    text = f"催告的履行期限到{cn_day(day_of(until))}" if until else "催告没有写明履行期限"
    cure = "期限届满仍不履行、又没有正当理由的再决定；有转移、隐匿财物迹象的，写明证据，可以立即执行"
    return Finding(met, f"{text}，{'已经' if met else '尚未'}届满", cure)


@condition("urged-days-before")
def urged_days_before(facts: Facts, args: Args) -> Finding:
    """The second urging reached the party at least n working days before the day of substitute performance."""
    served = (facts.state["papers"].get(args["paper"]) or {}).get("served_on")
    need = int(args["n"])
    if not served:
        return Finding(False, "代履行催告书没有送达", f"先送达催告书，{need}个工作日之后再实施")
    have = days_between(facts.calendar, day_of(served), facts.on)
    first = earliest_event(facts.calendar, day_of(served), need)
    text = (
        f"催告书{cn_day(day_of(served))}送达，到{cn_day(facts.on)}中间有 {have} 个工作日，应不少于 {need} 个"
    )
    return Finding(have >= need, text, f"{cn_day(first)}或者以后实施；当事人履行的，停止代履行")


@condition("time-to-demolish")
def time_to_demolish(facts: Facts, args: Args) -> Finding:
    """A building is pulled down by force only after it was announced, the party's own time is over and no remedy is open."""
    found = list(_in_the_way(facts, args["clocks"]))
    cure = "公告、限期自行拆除，复议、诉讼期限届满当事人又不拆除的，再强制拆除"
    return Finding(not found, "；".join(found) or "已经公告，自拆期限和复议、诉讼期限均已届满", cure)


def _in_the_way(facts: Facts, clocks: list[str]) -> Iterator[str]:
    known = facts.state["facts"]
    if not facts.done("announce-demolition"):
        yield "没有公告限期自行拆除"
    elif known.get("self_until") and facts.on <= day_of(known["self_until"]):
        yield f"限期自行拆除到{cn_day(day_of(known['self_until']))}，尚未届满"
    for name in clocks:
        last = last_day(facts.state, name, facts.pack, facts.calendar)
        if last and not _ended(facts, name) and facts.on <= last:
            yield f"{facts.pack.limits[name].label}到{cn_day(last)}，尚未届满"
    if any(not row.get("to") for row in facts.state["remedies"]):
        yield "复议或者诉讼尚未终结"


@condition("charge-capped", asks="form", reads=("charge",))
def charge_capped(facts: Facts, args: Args) -> Finding:
    """What is added to a debt for lateness never exceeds the debt, all that was added before included."""
    most, given = money(facts.fact("base_sum")), money(facts.data.get("charge"))
    text = f"加处罚款或者滞纳金{yuan(given)}，金钱给付义务{yuan(most)}"
    return Finding(Decimal(0) < given <= most, text, "累计加处的数额不超出金钱给付义务的数额")


@condition("charged-long-enough")
def charged_long_enough(facts: Facts, args: Args) -> Finding:
    """Where a late fine or late fee runs, force comes only after more than thirty days of it."""
    since = facts.state["facts"].get("charge_from")
    if not facts.done("impose-charge") or not since:
        return Finding(True, "没有加处罚款或者滞纳金")
    after = day_of(since) + timedelta(days=DAYS)
    text = f"自{cn_day(day_of(since))}起加处，到{cn_day(after)}满{DAYS}日"
    return Finding(facts.on > after, text, f"{cn_day(after)}之后仍不履行的，再强制执行")


@condition("transfer-owed", asks="form", reads=("transferred",))
def transfer_owed(facts: Facts, args: Args) -> Finding:
    """No more is transferred from an account than is owed."""
    owed, given = (
        money(facts.fact("base_sum")) + money(facts.fact("charge")),
        money(facts.data.get("transferred")),
    )
    return Finding(
        Decimal(0) < given <= owed, f"划拨{yuan(given)}，应当履行{yuan(owed)}", "按应当履行的数额划拨"
    )


@condition("execution-finished")
def execution_finished(facts: Facts, args: Args) -> Finding:
    """What was to be done has been done, by the party or by force, or the execution has lawfully come to an end."""
    known = facts.state["facts"]
    met = bool(known.get("finished") or known.get("duty_done")) or facts.done(*args["acts"])
    text = "义务已经履行或者执行已经终结" if met else "义务没有履行完毕，执行也没有终结"
    return Finding(met, text, "登记执行完毕、当事人履行，或者依法终结执行")


@condition("stay-outlived")
def stay_outlived(facts: Facts, args: Args) -> Finding:
    """Three years of stay without resumption: the agency executes no more (第三十九条第二款)."""
    last = last_day(facts.state, args["clock"], facts.pack, facts.calendar)
    met = bool(last) and not _ended(facts, args["clock"]) and facts.on > (last or facts.on)
    text = f"中止执行到{cn_day(last)}满三年" if last else "没有中止执行"
    return Finding(
        met,
        f"{text}{'' if met else '，还没有满三年'}",
        "满三年未恢复，且没有明显社会危害、当事人确无能力履行的，再以此终结",
    )


@condition("substitute-founded", asks="form")
def substitute_founded(facts: Facts, args: Args) -> Finding:
    """The agency steps into the party's place only where traffic, environment or natural resources suffer, by hands without interest."""
    plan = draft(facts)
    wrong = [] if plan.get("harm") in HARMS else ["没有危害交通安全、造成环境污染或者破坏自然资源的后果"]
    wrong += [] if plan.get("agent_free") else ["没有确认代履行人没有利害关系"]
    cure = "不履行的后果属于法定三种之一才能代履行；委托没有利害关系的第三人并勾选确认"
    return Finding(not wrong, "；".join(wrong) or "后果属于法定情形，代履行人没有利害关系", cure)


HARMS = ("traffic", "pollution", "resources")


@condition("all-chosen", asks="form")
def all_chosen(facts: Facts, args: Args) -> Finding:
    """Of the things that a field lists, those that the law wants are all there."""
    given, item = facts.data.get(args["field"]) or (), facts.act.field(args["field"])
    names = dict(item.options) if item else {}
    lacking = [names.get(one, one) for one in args["wanted"] if one not in given]
    text = f"缺少：{'、'.join(lacking)}" if lacking else "材料齐全"
    return Finding(not lacking, text, "备齐后一并提交")


@condition("court-settled")
def court_settled(facts: Facts, args: Args) -> Finding:
    """The court has executed, or will not, or the party has done what it owed."""
    known = facts.state["facts"]
    met = bool(known.get("duty_done") or known.get("court_end")) or known.get("court_result") in (
        "refused",
        "denied",
    )
    text = "法院的执行已有结果" if met else "法院的执行还没有结果，当事人也没有履行"
    return Finding(met, text, "登记法院执行结果，或者当事人的履行")
