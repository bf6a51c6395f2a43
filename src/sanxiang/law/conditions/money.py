"""Conditions of execution: payment, deferral, the additional fine, the court, the closing."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sanxiang.law.clocks import last_day
from sanxiang.law.conditions.steps import day_of
from sanxiang.law.dossier import KIND_NAMES
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.money import fallen, instalments, late_fine, money, ordered, owed, paid, unpaid
from sanxiang.law.scope import GOODS, enforced_elsewhere, standing
from sanxiang.law.stance import DECIDED
from sanxiang.speech import cn_day, yuan

Args = Mapping[str, Any]
SPOT_LIMIT = Decimal(100)
"""行政处罚法第六十八条第一项, in 元."""


# Payment


@condition("payment-due", asks="form", reads=("amount",))
def payment_due(facts: Facts, args: Args) -> Finding:
    """What comes in is owed: no more than is open, towards the fine or the additional fine."""
    late = facts.data.get("towards") == "late"
    imposed = money(facts.state["facts"].get("late_fine"))
    open_ = imposed - paid(facts.state, kind="late") if late else unpaid(facts.state)
    given = money(facts.data.get("amount"))
    text = f"登记缴款{yuan(given)}，{'加处罚款' if late else '罚没款'}还应缴{yuan(open_)}"
    return Finding(given <= open_, text, "核对金额；多缴的退还当事人")


@condition("refund-due", asks="form", reads=("amount",))
def refund_due(facts: Facts, args: Args) -> Finding:
    """What is given back came in beyond what the decision in force orders."""
    over, given = -unpaid(facts.state), money(facts.data.get("amount"))
    text = f"退还{yuan(given)}，应退{yuan(max(over, Decimal(0)))}"
    return Finding(Decimal(0) < given <= over, text, "按多缴的数额退还")


@condition("on-the-spot-collection", asks="form", reads=("ground", "amount"))
def on_the_spot_collection(facts: Facts, args: Args) -> Finding:
    """Cash is taken on the spot only in the cases of 第六十八、六十九条, and no more than the fine."""
    ground, given = facts.data.get("ground"), money(facts.data.get("amount"))
    fine = money(ordered(facts.state).get("fine"))
    summary = facts.state["procedure"] == "summary"
    allowed = {
        "small": summary and fine <= SPOT_LIMIT,
        "hard-later": summary,
        "remote": bool(facts.data.get("asked_by_party")),
    }
    met = allowed.get(str(ground), False) and Decimal(0) < given <= unpaid(facts.state)
    text = f"当场收缴理由“{facts.said('ground') or '未填'}”，罚款{yuan(fine)}，收缴{yuan(given)}"
    cure = "100元以下或事后难以执行（限当场处罚），或边远不便且当事人提出；收缴数额不超过罚款"
    return Finding(met, text, cure)


@condition("deferral-sound", asks="form", reads=("instalments", "deferred_until"))
def deferral_sound(facts: Facts, args: Args) -> Finding:
    """The plan covers exactly what is unpaid, in order, and ends on the day that the notice names."""
    rows = [(str(r["due"]), money(r["amount"])) for r in facts.data.get("instalments") or ()]
    until, open_ = str(facts.data.get("deferred_until") or ""), unpaid(facts.state)
    wrong = []
    if sum((a for _, a in rows), Decimal(0)) != open_:
        wrong.append(f"各期合计与未缴的{yuan(open_)}不符")
    if [d for d, _ in rows] != sorted({d for d, _ in rows}) or any(
        d <= facts.on.isoformat() for d, _ in rows
    ):
        wrong.append("各期期限应当在今天之后，依次排列")
    if rows and rows[-1][0] != until:
        wrong.append(f"最后一期{cn_day(rows[-1][0])}与最后期限{cn_day(until) or '（未填）'}不同")
    return Finding(not wrong and open_ > 0, "；".join(wrong) or "没有未缴的款项", "核对缴款安排")


@condition("late-fine-lawful")
def late_fine_lawful(facts: Facts, args: Args) -> Finding:
    """No more than three per cent a day, none during 复议 and 诉讼, capped at the fine (第七十二、七十三条).

    Before the form is filled in only whether there is anything to add: where all is paid nobody is led there.
    """
    due = last_day(facts.state, "pay", facts.pack, facts.calendar)
    most = late_fine(facts.state, due, facts.on) if due else Decimal(0)
    if most > 0 and "late_fine" not in facts.data:
        return Finding(True, f"至{cn_day(facts.on)}最多加处罚款{yuan(most)}")
    asked = money(facts.data.get("late_fine"))
    text = f"拟加处罚款{yuan(asked)}，至{cn_day(facts.on)}最多{yuan(most)}"
    cure = "按系统算得的数额填写" if most else "缴款期限没有届满或者罚款已经缴清，不能加处罚款"
    return Finding(Decimal(0) < asked <= most, text, cure)


# Urging and the court


@condition("overdue")
def overdue(facts: Facts, args: Args) -> Finding:
    """Something is open that should have been done: money that fell due, or a duty whose period of its own is over.

    With `whole`, a missed instalment is not enough: the court is asked when the last one fell due (第七十二条第二款).
    """
    missed, undone = _missed(facts, bool(args.get("whole"))), _undone(facts)
    late = [*([f"{yuan(missed)}逾期没有缴纳"] if missed > 0 else []), *([undone] if undone else [])]
    if late:
        return Finding(True, "；".join(late), "")
    days = _days_to_come(facts)
    if not days:
        return Finding(False, "没有未履行的义务", "没有未履行的义务，不必办理")
    text = f"履行期限到{cn_day(min(days)) or '（决定书尚未送达）'}，尚未届满"
    return Finding(False, text, "期限届满仍不履行的再办理")


def _missed(facts: Facts, whole: bool) -> Decimal:
    """What of the principal is overdue today, in 元."""
    due = last_day(facts.state, "pay", facts.pack, facts.calendar)
    if due is None or (whole and facts.on <= due):
        return Decimal(0)
    return min(fallen(facts.state, due, facts.on), owed(facts.state)) - paid(facts.state)


def _undone(facts: Facts) -> str:
    """Which duty other than money is overdue. In a case served before such duties had a period the act names it itself."""
    known = "perform" in facts.state["clocks"]
    due = last_day(facts.state, "perform" if known else "pay", facts.pack, facts.calendar)
    left = standing(facts.state) if known else facts.data.get("other_duty")
    if GOODS in standing(facts.state) and not known:
        left, due = True, due or _received(facts)
    return "缴款以外的义务逾期没有履行" if left and due and facts.on > due else ""


def _received(facts: Facts) -> date | None:
    """When the party received the decision: from then on goods confiscated without a period of their own are to be handed over."""
    day = (facts.state["papers"].get("penalty-decision") or {}).get("served_on")
    return date.fromisoformat(str(day)[:10]) if day else None


def _days_to_come(facts: Facts) -> list[date | str]:
    """Until when what is still open may be done; "" where no period has begun."""
    state, days = facts.state, list[date | str]()
    if unpaid(state) > 0:
        plan = [day for day, _ in instalments(state) if day >= facts.on]
        days.append(min(plan, default=None) or last_day(state, "pay", facts.pack, facts.calendar) or "")
    if standing(state):
        days.append(last_day(state, "perform", facts.pack, facts.calendar) or _received(facts) or "")
    return [day for day in days if day] or days


@condition("court-enforces")
def court_enforces(facts: Facts, args: Args) -> Finding:
    """The court is asked for what it enforces, not for what a statute gives to another hand (行政强制法第十三条)."""
    other, open_ = enforced_elsewhere(facts.pack, facts.state), unpaid(facts.state)
    money_alone = facts.data.get("part") == "money"
    if other is None or (money_alone and open_ > 0):
        return Finding(True, "申请的内容由人民法院强制执行")
    text = f"{other['what']}的决定由{other['organ']}强制执行（{other['citation']}），人民法院不受理"
    rest = "；没有缴清的罚没款另行申请，“申请执行的范围”选择“只申请罚没款”" if open_ > 0 else ""
    return Finding(False, text, f"{other['cure']}，执行之后登记履行情况{rest}")


@condition("periods-over")
def periods_over(facts: Facts, args: Args) -> Finding:
    """No remedy is pending, and every remedy period still open to the party has run (行政强制法第五十三条)."""
    if any(not r.get("to") for r in facts.state["remedies"]):
        return Finding(False, "复议或诉讼尚未终结", "等待复议、诉讼终结")
    clocks = {n: c for n in args["clocks"] if (c := facts.state["clocks"].get(n))}
    running = [n for n, c in clocks.items() if not c["ended"]]
    late = [
        (n, day)
        for n in running
        if (day := last_day(facts.state, n, facts.pack, facts.calendar)) and facts.on <= day
    ]
    if not clocks:
        return Finding(False, "决定书尚未送达，救济期限没有起算", "先送达决定书")
    text = "；".join(f"{facts.pack.limits[n].label}到{cn_day(day)}届满" for n, day in late)
    return Finding(
        not late, f"{text}，尚未届满" if late else "救济期限均已届满", "期限届满且当事人不履行之后再办理"
    )


@condition("remedy-pending", asks="form", reads=("remedy",))
def remedy_pending(facts: Facts, args: Args) -> Finding:
    """A 复议 or 诉讼 of this kind has been recorded and has no result yet."""
    kind = facts.data.get("remedy")
    met = any(r["kind"] == kind and not r.get("to") for r in facts.state["remedies"])
    return Finding(met, "有尚未终结的记录" if met else "没有登记过这一种尚未终结的救济", "先登记复议、诉讼")


@condition("no-remedy-pending")
def no_remedy_pending(facts: Facts, args: Args) -> Finding:
    """Every 复议 and 诉讼 on record has its result."""
    open_ = [r for r in facts.state["remedies"] if not r.get("to")]
    text = "复议或诉讼尚未终结" if open_ else "没有未终结的复议、诉讼"
    return Finding(not open_, text, "登记复议、诉讼的结果")


@condition("remedy-days", asks="form", reads=("applied_on", "received_on"))
def remedy_days(facts: Facts, args: Args) -> Finding:
    """A remedy is sought after the decision and decided after it was sought: a day typed wrong would end the additional fine.

    A decision made anew may be older than what was sought against the one before, so then the first is not asked.
    """
    last, given = facts.state["last"], facts.data
    days: list[tuple[str, date]] = []
    if (applied := given.get("applied_on")) and "reopen-case" not in last:
        days += [("决定日期", day_of(last[act]["on"])) for act in DECIDED if act in last]
    if applied:
        days.append(("申请复议（起诉）之日", day_of(applied)))
    if received := given.get("received_on"):
        sought = [
            r["from"] for r in facts.state["remedies"] if r["kind"] == given.get("remedy") and not r["to"]
        ]
        days += [("申请复议之日", day_of(day)) for day in sought[-1:]]
        days.append(("收到复议决定书之日", day_of(received)))
    days.append(("办理日期", facts.on))
    wrong = [
        f"{a}{cn_day(one)}晚于{b}{cn_day(other)}" for (a, one), (b, other) in pairwise(days) if one > other
    ]
    return Finding(not wrong, "；".join(wrong) or "日期先后无误", "核对日期")


# The end


def _in_court(facts: Facts) -> bool:
    """Has the court taken up the money? An application for what has a period of its own leaves the money out."""
    known = facts.state["facts"]
    return known.get("court_result") in ("accepted", "granted") and known.get("court_part") != "special"


@condition("fine-settled")
def fine_settled(facts: Facts, args: Args) -> Finding:
    """What the decision orders to be paid has come in, or execution has lawfully ended another way; nothing was paid too much."""
    open_ = unpaid(facts.state)
    taken = _in_court(facts)
    ended = taken or facts.done("end-execution")
    if open_ < 0:
        return Finding(False, f"多缴的{yuan(-open_)}尚未退还", "办理退还")
    met = open_ == 0 or ended
    return Finding(
        met,
        "罚没款已履行" if met else f"罚没款还有{yuan(open_)}没有缴清",
        "登记缴款，或申请法院强制执行、终结执行",
    )


@condition("duty-performed")
def duty_performed(facts: Facts, args: Args) -> Finding:
    """What the decision orders besides money has been carried out, or execution has lawfully ended another way."""
    left = "、".join(KIND_NAMES.get(kind, kind) for kind in sorted(standing(facts.state)))
    known = facts.state["facts"]
    taken = known.get("court_result") in ("accepted", "granted") and known.get("court_part") != "money"
    met = not left or taken or facts.done("end-execution")
    text = f"{left}：没有登记已经全部履行" if not met else "缴款以外的义务已履行"
    cure = "办理“登记其他履行情况”，写明已经全部履行；没有履行的，催告后申请法院强制执行，或者依法终结执行"
    if other := enforced_elsewhere(facts.pack, facts.state):
        cure = f"办理“登记其他履行情况”，写明已经全部履行；没有履行的，催告后{other['cure']}"
    if GOODS in standing(facts.state):
        cure = f"没收的财物交来的，办理“接收涉案财物”，再移交或者处理；{cure}"
    return Finding(met, text, cure)


@condition("late-fine-settled")
def late_fine_settled(facts: Facts, args: Args) -> Finding:
    """An additional fine once imposed has been paid, remitted or sent to court."""
    open_ = money(facts.state["facts"].get("late_fine")) - paid(facts.state, kind="late")
    taken = _in_court(facts)
    waived = facts.n("waive-late-fine") > facts.n("impose-late-fine")
    met = open_ <= 0 or taken or waived or facts.done("end-execution")
    text = "没有未缴的加处罚款" if met else f"加处罚款还有{yuan(open_)}没有缴清"
    return Finding(met, text, "登记缴款、减免或申请法院强制执行")


@condition("property-settled")
def property_settled(facts: Facts, args: Args) -> Finding:
    """All property taken into care has been returned, handed over or disposed of."""
    care = args.get("of", ["held", "kept"])
    left = [str(p["name"]) for p in facts.state["property"] if p.get("status") in care]
    text = f"涉案财物尚未处理：{'、'.join(left)}" if left else "没有在管的涉案财物"
    return Finding(not left, text, "办理返还、移交、没收处理或销毁")


@condition("confiscation-ordered")
def confiscation_ordered(facts: Facts, args: Args) -> Finding:
    """The decision in force confiscates goods; without it nothing is kept (第七十四条)."""
    met = "confiscate-goods" in ordered(facts.state).get("kinds", [])
    text = "决定书已决定没收" if met else "生效的决定没有没收非法财物"
    return Finding(met, text, "依法没收须有处罚决定；否则返还或者移交")
