"""Conditions of what a penalty rests on: the articles it cites, and the range of the fine that they leave."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sanxiang.law.articles import TYPED
from sanxiang.law.conditions.penalty import MUST_LIGHTEN, planned
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.law.money import money
from sanxiang.speech import yuan

Args = Mapping[str, Any]
CITING = {"violated": "违反的规定", "basis": "处罚依据"}
LIGHTENED = frozenset({*MUST_LIGHTEN, "partial"})
"""Circumstances in which a fine may go below the least of the range 减轻 (第三十条至第三十二条)."""


@condition("grounds-cited", asks="penalty", reads=("penalty",))
def grounds_cited(facts: Facts, args: Args) -> Finding:
    """What was broken and what the penalty rests on are each an instrument and an article of it.

    Where the text of the instrument has been imported (`extra.articles_missing`), it has that article.
    """
    plan = planned(facts)
    vague = [
        f"{label}“{given}”没有写明法律、法规、规章的名称和条款"
        for name, label in CITING.items()
        if (given := str(plan.get(name) or "").strip()) and not TYPED.search(given)
    ]
    unknown = [f"已导入的法律文本里没有{cited}" for cited in facts.extra.get("articles_missing", ())]
    wrong = [*vague, *unknown]
    cure = "照“《名称》第几条”的写法填写，核对条款号，如：《水法》第四十八条第一款"
    return Finding(not wrong, "；".join(wrong) if wrong else "违反的规定和处罚依据写明了条款", cure)


@condition("fine-in-range", asks="penalty", reads=("penalty",))
def fine_in_range(facts: Facts, args: Args) -> Finding:
    """The fine keeps within what the list of items says of the case's item (`extra.fine_range`); below it only when 减轻.

    Without a range in the list nothing is judged.
    """
    plan, known = planned(facts), facts.extra.get("fine_range") or {}
    fine = money(plan.get("fine"))
    if "fine" not in plan.get("kinds", ()) or fine <= 0 or not known:
        return Finding(True, "事项清单没有写明罚款幅度，或者没有罚款")
    least, most = (Decimal(known[key]) if known.get(key) else None for key in ("least", "most"))
    bounds = _bounds(least, most)
    text = f"拟罚款{yuan(fine)}，事项清单写明“{known['item']}”的罚款{bounds}"
    if most is not None and fine > most:
        return Finding(False, text, "按法定幅度调整罚款数额；执法事项选错的，先更正执法事项")
    lightened = LIGHTENED & set(facts.fact("circumstances") or ())
    met = least is None or fine >= least or bool(lightened)
    cure = "按法定幅度调整罚款数额；依法减轻处罚的，在“认定的处罚情节”里选定情形，并在裁量理由中写明"
    return Finding(met, text, cure)


@condition("tier-applied", asks="penalty", reads=("penalty",))
def tier_applied(facts: Facts, args: Args) -> Finding:
    """A tier of the benchmark in force that day is chosen and the fine keeps to it, or the reason for leaving it is given.

    Where no tier speaks of the case's item (`extra.tiers`) nothing is judged.
    """
    plan, tiers = planned(facts), {str(tier["name"]): tier for tier in facts.extra.get("tiers") or ()}
    if not tiers:
        return Finding(True, "没有当日有效的裁量基准涉及本案的执法事项")
    if str(plan.get("departure") or "").strip():
        return Finding(True, "写明了不按裁量基准档次处罚的理由")
    name = str(plan.get("tier") or "").strip()
    reason = "不按基准处罚的，填写“不按裁量基准档次处罚的理由”"
    if name not in tiers:
        text = f"当日有效的行政处罚裁量基准里没有“{name}”这一档" if name else "没有选定行政处罚裁量基准的档次"
        return Finding(False, text, f"从当日有效的行政处罚裁量基准中选定：{'、'.join(tiers)}；{reason}")
    fine = money(plan.get("fine"))
    least, most = (
        None if (told := tiers[name].get(key)) is None else money(told) for key in ("least", "most")
    )
    bounds = _bounds(least, most)
    outside = (least is not None and fine < least) or (most is not None and fine > most)
    met = "fine" not in plan.get("kinds", ()) or not outside
    text = f"拟罚款{yuan(fine)}，选定的档次“{name}”罚款{bounds}" if bounds else f"选定了档次“{name}”"
    return Finding(met, text, f"按选定的档次调整罚款数额，或者选定相符的档次；{reason}")


def _bounds(least: Decimal | None, most: Decimal | None) -> str:
    """A range of fines in words."""
    told = (("最低", least), ("最高", most))
    return "、".join(f"{word}{yuan(value)}" for word, value in told if value is not None)
