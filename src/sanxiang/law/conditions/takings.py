"""Conditions of requisitions 征用 and of the taking of land 土地征收: what must come back, who must be paid."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sanxiang.law import levies
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.money import money, paid
from sanxiang.law.scope import CONDITIONS
from sanxiang.speech import cn_day, yuan

Args = Mapping[str, Any]
FARMLAND_HA, OTHER_HA = Decimal(35), Decimal(70)
"""土地管理法第四十六条: above these areas, in hectares, the State Council approves."""


def still_out(facts: Facts) -> bool:
    """Will something still be in use after this act? What the act itself hands back counts as back."""
    back = {str(row.get("no")) for row in facts.data.get("back") or ()}
    return any(item["id"] not in back for item in levies.requisitioned(facts.state, levies.USED))


def still_to_pay(facts: Facts) -> bool:
    """Will compensation be open after this act?"""
    known = facts.state["facts"]
    due = money(known.get("compensation")) or levies.compensation(known.get("decision") or {})
    given = money(facts.data.get("amount")) + paid(facts.state, kind=levies.COMPENSATION)
    return due > given


def unagreed(facts: Facts) -> bool:
    """Is there an owner or user of the land without an agreement?"""
    return any(row.get("signed") == "unsigned" for row in facts.state["facts"].get("holders") or ())


CONDITIONS["requisition-out"] = ("还有没有返还的征用财产", still_out)
CONDITIONS["compensation-open"] = ("还有没有支付的补偿", still_to_pay)
CONDITIONS["unagreed"] = ("有没有达成补偿安置协议的", unagreed)


@condition(
    "requisition-numbers",
    asks="form",
    reads=("back",),
    there=lambda facts, args: bool(levies.requisitioned(facts.state, levies.USED)),
)
def requisition_numbers(facts: Facts, args: Args) -> Finding:
    """What is named by number is in use, each once."""
    there = [item["id"] for item in levies.requisitioned(facts.state, levies.USED)]
    given = [str(row.get("no") or "") for row in facts.data.get(args["field"]) or ()]
    strange = [one for one in dict.fromkeys(given) if one not in there]
    twice = [one for one in dict.fromkeys(given) if given.count(one) > 1]
    wrong = [f"没有编号为{'、'.join(strange)}的在用财产"] if strange else []
    wrong += [f"{'、'.join(twice)}写了两次"] if twice else []
    blank = "没有写编号" if there else "没有在用的征用财产"
    cure = f"在用的编号：{'、'.join(there) or '无'}"
    return Finding(bool(given) and not wrong, "；".join(wrong) or blank, cure)


@condition("requisition-returned")
def requisition_returned(facts: Facts, args: Args) -> Finding:
    """Nothing that was taken over is still in use: it went back, or it is on record that it cannot."""
    left = [f"{i['id']}{i.get('name', '')}" for i in levies.requisitioned(facts.state, levies.USED)]
    text = f"还没有返还：{'、'.join(left)}" if left else "征用的财产都有了着落"
    return Finding(not left, text, "使用完毕的办理“返还财产”；毁损、灭失、消耗的办理“认定毁损灭失”")


@condition("requisition-compensated")
def requisition_compensated(facts: Facts, args: Args) -> Finding:
    """Compensation was decided and paid in full, or the owner gave it up in writing; without anything taken none is due."""
    if not levies.to_compensate(facts.state) or facts.done("req-waive"):
        return Finding(True, "没有应当补偿的，或者所有权人已经书面放弃")
    due = money(facts.state["facts"].get("compensation"))
    open_ = due - paid(facts.state, kind=levies.COMPENSATION)
    if not facts.done("req-compensate"):
        return Finding(False, "还没有作出补偿决定", "办理“作出补偿决定”；所有权人书面放弃补偿的，登记放弃")
    text = f"补偿{yuan(due)}，还有{yuan(open_)}没有支付" if open_ > 0 else f"补偿{yuan(due)}已付清"
    return Finding(open_ <= 0, text, "支付后办理“支付补偿”登记")


@condition("compensation-due", asks="form", reads=("amount",))
def compensation_due(facts: Facts, args: Args) -> Finding:
    """No more is paid out than the decision on compensation says."""
    open_ = money(facts.state["facts"].get("compensation")) - paid(facts.state, kind=levies.COMPENSATION)
    given = money(facts.data.get("amount"))
    return Finding(Decimal(0) < given <= open_, f"支付{yuan(given)}，应付未付{yuan(open_)}", "核对支付金额")


# Land


@condition("all-agreed")
def all_agreed(facts: Facts, args: Args) -> Finding:
    """Everybody registered for compensation has signed, or has been given a decision on it."""
    rows = facts.state["facts"].get("holders") or []
    open_ = [str(row.get("holder")) for row in rows if row.get("signed") not in ("signed", True)]
    decided = {str(row.get("holder")) for row in facts.state["facts"].get("decided_for") or ()}
    left = [name for name in open_ if name not in decided]
    text = f"没有协议、也没有补偿安置决定：{'、'.join(left)}" if left else "协议或者补偿安置决定齐全"
    return Finding(not left, text, "与其签订协议，或者依法作出征地补偿安置决定")


@condition("land-paid")
def land_paid(facts: Facts, args: Args) -> Finding:
    """What was agreed or decided has been paid in full."""
    latest = {str(row.get("holder")): money(row.get("amount")) for row in levies.holders(facts.state)}
    open_ = sum(latest.values(), Decimal(0)) - paid(facts.state, kind=levies.COMPENSATION)
    text = f"补偿费用还有{yuan(open_)}没有支付" if open_ > 0 else "补偿费用已足额支付"
    return Finding(open_ <= 0, text, "足额支付后登记")


@condition("requisition-days", asks="form", reads=("decision",))
def requisition_days(facts: Facts, args: Args) -> Finding:
    """The use ends no earlier than it begins."""
    plan = facts.data.get("decision") or {}
    first, last = str(plan.get("use_from") or "")[:10], str(plan.get("use_until") or "")[:10]
    met = not first or not last or first <= last
    return Finding(met, f"征用自{cn_day(first) or '（未填）'}到{cn_day(last) or '（未填）'}", "核对起止日期")


@condition("loss-compensated")
def loss_compensated(facts: Facts, args: Args) -> Finding:
    """What was damaged or cannot come back is compensated as such: no decision passes it over with nothing."""
    gone = levies.requisitioned(facts.state, levies.DAMAGED, levies.LOST)
    given = money((facts.state["facts"].get("decision") or {}).get("loss_amount"))
    named = "、".join(f"{item['id']}{item.get('name', '')}" for item in gone)
    met = not gone or given > 0
    text = f"{named}毁损、灭失，毁损灭失补偿{yuan(given)}" if gone else "没有毁损、灭失的财产"
    return Finding(met, text, "办理“认定毁损灭失”写明评估的损失，重新拟定补偿决定")


@condition("funds-enough", asks="form", reads=("fund_amount",))
def funds_enough(facts: Facts, args: Args) -> Finding:
    """The money in place covers every sum agreed or expected."""
    rows = facts.state["facts"].get("holders") or ()
    wanted = sum((money(row.get("amount")) for row in rows), Decimal(0))
    given = money(facts.data.get("fund_amount"))
    met = bool(rows) and given >= wanted
    text = f"到位{yuan(given)}，逐户补偿合计{yuan(wanted)}" if rows else "还没有登记逐户的补偿金额"
    return Finding(met, text, "先登记补偿安置协议（没有达成的填拟补偿金额），费用足额到位后再登记")


@condition("land-approver", asks="form", reads=("farmland_ha", "total_ha", "approver"))
def land_approver(facts: Facts, args: Args) -> Finding:
    """The authority that the area and the kind of land call for (土地管理法第四十六条)."""
    areas = [_area(facts.data.get(name)) for name in ("farmland_ha", "total_ha")]
    if None in areas:
        return Finding(False, "面积不是数", "面积只写数字，单位是公顷；没有的填 0")
    farmland, other = (area or Decimal(0) for area in areas)
    reasons = [
        *(["含永久基本农田"] if facts.data.get("basic_farmland") else []),
        *([f"耕地{farmland}公顷，超过{FARMLAND_HA}公顷"] if farmland > FARMLAND_HA else []),
        *([f"其他土地{other}公顷，超过{OTHER_HA}公顷"] if other > OTHER_HA else []),
    ]
    met = not reasons or facts.data.get("approver") == "state"
    return Finding(met, "；".join(reasons) or "由省级人民政府批准", "报国务院批准")


def _area(value: Any) -> Decimal | None:
    return Decimal(0) if str(value or "0").strip() in ("0", "0.0", "0.00") else levies.number(value)


@condition("land-delivered")
def land_delivered(facts: Facts, args: Args) -> Finding:
    """The land was handed over, or the court took up the matter."""
    court = facts.state["facts"].get("court_result") in ("accepted", "granted")
    met = facts.done("land-hand-over") or court
    return Finding(
        met,
        "土地已交付" if met else "还没有交付土地的记录",
        "登记交付土地；拒不交出的责令交出、申请人民法院强制执行",
    )
