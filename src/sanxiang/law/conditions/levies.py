"""Conditions of levies, fees and requisitions: the sums, the list of charges, the treasury, what must come back."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sanxiang.law import levies
from sanxiang.law.clocks import last_day
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.lists import amount_of, cell
from sanxiang.law.money import money, paid
from sanxiang.speech import cn_day, yuan

Args = Mapping[str, Any]
STANDARD = ("收费标准", "征收标准", "标准")
"""Columns of the list of charges that state the standard."""


@condition("levy-reckoned", asks="form", reads=("lines",))
def levy_reckoned(facts: Facts, args: Args) -> Finding:
    """Every line has a quantity and a standard that multiply, and no more is remitted than is due."""
    lines = facts.data.get("lines") or []
    wrong = [f"第 {n} 行" for n, line in enumerate(lines, 1) if levies.line_amount(line) is None]
    total, relief = levies.assessed(lines), money(facts.data.get("relief"))
    if wrong:
        return Finding(
            False, f"{'、'.join(wrong)}的数量、标准不是大于零的数", "数量和标准只写数字，单位写在单位栏"
        )
    if relief > total:
        return Finding(False, f"减免{yuan(relief)}，超过核定的{yuan(total)}", "核对减免金额")
    if relief > 0 and not str(facts.data.get("relief_basis") or "").strip():
        return Finding(
            False, f"减免{yuan(relief)}，没有写依据", "写明减免的法律、法规、规章或者文件依据和条款"
        )
    return Finding(bool(lines), f"核定{yuan(total)}，减免{yuan(relief)}", "逐行填写计费数量和标准")


@condition("charge-listed", asks="field", reads=("fee_item",))
def charge_listed(facts: Facts, args: Args) -> Finding:
    """The item stands in the agency's list of charges in force that day; with `strict` there must be such a list."""
    if "charges_listed" not in facts.extra:
        return Finding(True, "还没有选定项目")
    listed, item = facts.extra["charges_listed"], str(facts.fact("fee_item") or "")
    if listed is None:
        text = "本机关没有当日有效的收费（征收）目录清单"
        return Finding(
            not args.get("strict"), text, "由系统管理员先发布收费目录清单；目录以外的项目一律不得收费"
        )
    text = f"“{item}”{'在' if listed else '不在'}当日有效的收费（征收）目录清单"
    return Finding(bool(listed), text, "从目录清单中选择项目；目录以外的项目一律不得收取")


@condition("standard-listed", asks="form", reads=("lines",))
def standard_listed(facts: Facts, args: Args) -> Finding:
    """No line charges by a higher standard than the list of charges states in figures."""
    row = facts.extra.get("charges_listed") or {}
    most = amount_of(cell(row, STANDARD)) if cell(row, STANDARD) else None
    over = [
        f"第 {n} 行按{line['standard']}计"
        for n, line in enumerate(facts.data.get("lines") or (), 1)
        if most is not None and (given := levies.number(line.get("standard"))) is not None and given > most
    ]
    text = f"{'、'.join(over)}，高于目录清单的标准{most}" if over else "没有超过目录清单的标准"
    return Finding(not over, text, "按目录清单公布的标准核定")


@condition("answer-is", asks="form")
def answer_is(facts: Facts, args: Args) -> Finding:
    """What the form answers is one of these; before it is filled in there is nothing to judge."""
    met = facts.data.get(args["field"]) in list(args["in"])
    return Finding(met, str(args["text"]), str(args.get("cure", "")))


@condition("payment-code", asks="form", reads=("payment_code",))
def payment_code(facts: Facts, args: Args) -> Finding:
    """缴款识别码 has twenty digits: with another length no bank takes the money."""
    code = str(facts.data.get("payment_code") or "")
    met = len(code) == levies.CODE_LENGTH and code.isascii() and code.isdigit()
    text = f"缴款识别码{f' {len(code)} 位' if code else '没有填写'}，应为 {levies.CODE_LENGTH} 位数字"
    return Finding(met, text, "照非税收入收缴系统或者税务机关生成的缴款识别码填写")


@condition("to-treasury", asks="form", reads=("account_kind",))
def to_treasury(facts: Facts, args: Args) -> Finding:
    """What is collected goes to the treasury or the fiscal account: never to the agency's own account, never in cash to it."""
    met = facts.data.get("account_kind") in ("treasury", "fiscal")
    text = f"款项缴入“{facts.said('account_kind') or '未填'}”"
    return Finding(
        met,
        text,
        "收支两条线：款项直接缴入国库或者财政专户；误收的现金、误入本机关账户的，立即缴入国库后再登记",
    )


@condition("levy-payment-due", asks="form", reads=("amount",))
def levy_payment_due(facts: Facts, args: Args) -> Finding:
    """What comes in is owed: no more than is open, towards the levy or its late charge."""
    late = facts.data.get("towards") == "late"
    open_ = levies.late_open(facts.state) if late else levies.levy_open(facts.state)
    given = money(facts.data.get("amount"))
    text = (
        f"登记缴款{yuan(given)}，{'滞纳金' if late else '征收（收费）款'}还应缴{yuan(max(open_, Decimal(0)))}"
    )
    return Finding(Decimal(0) < given <= open_, text, "核对金额；多缴的办理退付")


@condition("levy-refund-due", asks="form", reads=("amount",))
def levy_refund_due(facts: Facts, args: Args) -> Finding:
    """What is given back came in beyond what is owed today."""
    late = facts.data.get("towards") == "late"
    over = -(levies.late_open(facts.state) if late else levies.levy_open(facts.state))
    given = money(facts.data.get("amount"))
    text = f"退付{yuan(given)}，应退{yuan(max(over, Decimal(0)))}"
    return Finding(
        Decimal(0) < given <= over, text, "按多缴的数额退付；要退还已决定征收的款项，先办理减免或者撤销"
    )


@condition("levy-overdue")
def levy_overdue(facts: Facts, args: Args) -> Finding:
    """Something is open after the last day of this period."""
    name = str(args.get("clock", "levy-pay"))
    open_, due = levies.levy_open(facts.state), last_day(facts.state, name, facts.pack, facts.calendar)
    if open_ <= 0 and not (args.get("late_too") and levies.late_open(facts.state) > 0):
        return Finding(False, "已经缴清", "没有应缴未缴的款项，不必办理")
    met = due is not None and facts.on > due
    label = facts.pack.limits[name].label
    text = f"{label}到{cn_day(due)}{'已届满' if met else '尚未届满'}" if due else f"{label}还没有起算"
    return Finding(met, f"还有{yuan(max(open_, Decimal(0)))}没有缴清，{text}", "期限届满仍不缴纳的再办理")


@condition("levy-late-lawful")
def levy_late_lawful(facts: Facts, args: Args) -> Finding:
    """A statute gives the rate for this kind of levy, and no more is charged than the days come to, capped at the levy."""
    rate, citation = levies.late_rate(facts.pack, facts.state)
    if rate is None:
        text = "这一项目没有法律、行政法规规定的滞纳金标准"
        return Finding(False, text, "没有法定标准的不得加收滞纳金；催告后依法申请人民法院强制执行")
    due = last_day(facts.state, "levy-order", facts.pack, facts.calendar)
    most = levies.late_most(facts.state, due, facts.on, rate) if due else Decimal(0)
    asked = money(facts.data.get("late_charge"))
    if most > 0 and "late_charge" not in facts.data:
        return Finding(True, f"至{cn_day(facts.on)}按日计算为{yuan(most)}")
    days = sum(s.days for s in levies.late_spans(facts.state, due, facts.on, rate)) if due else 0
    text = f"拟加收滞纳金{yuan(asked)}；自{cn_day(due + timedelta(days=1)) if due else '（未起算）'}至{cn_day(facts.on)}共 {days} 日，"
    text += f"按日{rate:f}计算、以应缴数额为限，最多{yuan(most)}（{citation}）"
    cure = "按系统算得的数额填写" if most else "责令缴纳的期限没有届满或者已经缴清，不能加收滞纳金"
    return Finding(Decimal(0) < asked <= most, text, cure)


@condition("relief-sound", asks="form", reads=("relief_kind",))
def relief_sound(facts: Facts, args: Args) -> Finding:
    """A remission stays within what is open; a deferral ends on a later day, for water within ninety days of today."""
    kind, open_ = facts.data.get("relief_kind"), levies.levy_open(facts.state)
    if kind == "defer":
        return _deferral(facts, int(args.get("water", 90)))
    given = open_ if kind == "exempt" else money(facts.data.get("eased_amount"))
    met = Decimal(0) < given <= open_
    return Finding(
        met, f"减免{yuan(given)}，未缴{yuan(max(open_, Decimal(0)))}", "减免不超过未缴的数额；减征的写明金额"
    )


def _deferral(facts: Facts, most: int) -> Finding:
    given = str(facts.data.get("deferred_until") or "")[:10]
    if not given:
        return Finding(False, "没有填写缓缴到哪一天", "填写缓缴的最后期限")
    until = date.fromisoformat(given)
    if until <= facts.on:
        return Finding(False, f"缓缴到{cn_day(until)}，不晚于今天", "填写今天以后的日期")
    water = facts.state["facts"].get("levy_kind") == "water"
    over = water and (until - facts.on).days > most
    return Finding(
        not over,
        f"水资源费缓缴到{cn_day(until)}，超过 {most} 日" if over else "缓缴期限合法",
        f"水资源费缓缴最长 {most} 日",
    )


@condition("levy-settled")
def levy_settled(facts: Facts, args: Args) -> Finding:
    """The levy has come in, or execution lies with the court, and nothing was paid too much."""
    open_ = levies.levy_open(facts.state)
    if open_ < 0:
        return Finding(False, f"多缴的{yuan(-open_)}尚未退付", "办理“退付”")
    met = open_ == 0 or _in_court(facts)
    text = "征收（收费）款已缴清" if met else f"还有{yuan(open_)}没有缴清"
    return Finding(met, text, "登记缴款；不缴的责令限期缴纳、催告后申请人民法院强制执行；符合条件的办理减免")


@condition("levy-late-settled")
def levy_late_settled(facts: Facts, args: Args) -> Finding:
    """A late charge once decided has been paid, or lies with the court; nothing of it was paid too much."""
    open_ = levies.late_open(facts.state)
    if open_ < 0:
        return Finding(False, f"多缴的滞纳金{yuan(-open_)}尚未退付", "办理“退付”")
    met = open_ == 0 or _in_court(facts)
    return Finding(
        met,
        "没有未缴的滞纳金" if met else f"滞纳金还有{yuan(open_)}没有缴清",
        "登记缴款，或者申请人民法院强制执行",
    )


def _in_court(facts: Facts) -> bool:
    """Does the rest lie with the court, or was execution ended?"""
    taken = facts.state["facts"].get("court_result") in ("accepted", "granted")
    return taken or facts.done("levy-end")


@condition("receipts-given")
def receipts_given(facts: Facts, args: Args) -> Finding:
    """Every sum that came in has the number of a fiscal receipt 财政票据."""
    kinds = (levies.PRINCIPAL, levies.LATE)
    rows = [
        p for p in facts.state["payments"] if p.get("kind") in kinds and not str(p["amount"]).startswith("-")
    ]
    bare = [f"{cn_day(p['on'])}的{yuan(p['amount'])}" for p in rows if not p.get("receipt")]
    text = f"没有票据号：{'、'.join(bare)}" if bare else f"缴款{yuan(_came(facts))}均有票据"
    return Finding(not bare, text, "向缴款人开具财政票据（税收票证）并登记票据号")


def _came(facts: Facts) -> Decimal:
    return paid(facts.state, kind=levies.PRINCIPAL) + paid(facts.state, kind=levies.LATE)
