"""Conditions on inspections: how often, by how many, and whether what was found is told as it was found."""

import itertools
from collections.abc import Mapping
from typing import Any

from sanxiang.law.conditions.steps import day_of
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.speech import cn_day

Args = Mapping[str, Any]


@condition("frequency-within")
def frequency_within(facts: Facts, args: Args) -> Finding:
    """This year's inspections of the enterprise by this agency stay within the cap; some origins are not counted. Where no
    cap is settled the number is told and nothing refused. Whom the door names are that year's other inspections."""
    told = frequency(facts, str(args["key"]), str(args["exempt"]))
    numbers = f"（{'、'.join(told['numbers'])}）" if told["numbers"] else ""
    text = f"本年度已对该对象检查 {told['count']} 次{numbers}"
    if told["free"]:
        return Finding(True, f"{text}，本次检查不计入年度频次")
    if told["cap"] is None:
        return Finding(True, f"{text}，年度频次上限方案未定")
    met = told["count"] < int(told["cap"])
    return Finding(met, f"{text}，年度频次上限 {told['cap']} 次", "合并检查，或者核对任务来源")


def frequency(facts: Facts, key: str, exempt: str) -> dict[str, Any]:
    """How often the party was inspected this year, and what bounds it: `count`, `numbers`, `cap`, and whether this one is free."""
    free = set(facts.pack.setting(exempt) or ())
    counted = [row for row in facts.extra.get("inspected", ()) if row.get("origin") not in free]
    cap = facts.extra.get("inspection_cap", facts.pack.setting(key))
    party = facts.fact("party") or {}
    own = str(facts.fact("origin") or "") in free or bool(facts.fact("urgent_reason"))
    return {
        "count": len(counted),
        "numbers": [str(row["number"]) for row in counted],
        "cap": cap,
        "free": own or party.get("kind") == "citizen",
        "year": facts.on.year,
    }


@condition("not-more-than", asks="form")
def not_more_than(facts: Facts, args: Args) -> Finding:
    """A number of the form does not exceed one that the case knows."""
    have, most = int(facts.data.get(args["field"]) or 0), int(facts.state["facts"].get(args["fact"]) or 0)
    text = f"{args['label']} {have} 人，{args['most']} {most} 人"
    return Finding(have <= most, text, f"不超过{most}人")


@condition("days-ordered", asks="form")
def days_ordered(facts: Facts, args: Args) -> Finding:
    """Days of the form follow one another; unlike what happened, they may lie ahead."""
    given = [(label, day_of(v)) for name, label in args["fields"].items() if (v := facts.data.get(name))]
    pairs = itertools.pairwise(given)
    wrong = [f"{a[0]}{cn_day(a[1])}晚于{b[0]}{cn_day(b[1])}" for a, b in pairs if a[1] > b[1]]
    return Finding(not wrong, "；".join(wrong) if wrong else "日期先后无误", "核对日期")


@condition("checklist-sound", asks="form")
def checklist_sound(facts: Facts, args: Args) -> Finding:
    """Every line says what its result demands: the article broken, the photograph, the reason why it was not looked at."""
    wrong = []
    for n, row in enumerate(facts.data.get(args["field"]) or (), 1):
        where = f"第 {n} 项“{row.get('item', '')}”"
        if row.get("result") == "fail" and not row.get("violated"):
            wrong.append(f"{where}不合格，没有写违反的条款")
        if row.get("photo") == "yes" and row.get("result") in ("pass", "fail") and not row.get("photo_no"):
            wrong.append(f"{where}须拍照，没有写照片编号")
        if row.get("result") in ("unchecked", "missing") and not row.get("remark"):
            wrong.append(f"{where}没有检查，没有写理由")
    return Finding(not wrong, "；".join(wrong) if wrong else "检查表单填写完整", "补写后再提交")


@condition("result-fits", asks="form", reads=("result_code",))
def result_fits(facts: Facts, args: Args) -> Finding:
    """Where a line of the checklist failed, the result is not that nothing was found, nor is nothing done about it."""
    failed = [str(r.get("item", "")) for r in facts.fact(args["fact"]) or () if r.get("result") == "fail"]
    code, follow = str(facts.data.get(args["field"]) or ""), str(facts.data.get(args["follow"]) or "")
    clean = code in args["clean"] or follow in args["nothing"]
    text = f"检查表单有不合格项：{'、'.join(failed)}" if failed else "检查表单没有不合格项"
    return Finding(not (failed and clean), text, "照检查表单选择结果和处理意见")


@condition("scanned-in")
def scanned_in(facts: Facts, args: Args) -> Finding:
    """Where the locality has enterprises scanned, it was done; in an emergency it may follow the inspection, not its end."""
    if facts.extra.get("inspection_scan", facts.pack.setting("inspection.scan")) is not True:
        return Finding(True, "本地没有要求扫码入企")
    if facts.fact("inspection_mode") != "site":
        return Finding(True, "非现场检查不进入企业")
    if args.get("urgent_later") and facts.fact("urgent_reason"):
        return Finding(True, "紧急先行检查，离开之前补扫")
    met = any(facts.state["last"].get(act) for act in args["acts"])
    return Finding(met, f"入企{'已经' if met else '没有'}扫码", "先办理“扫码入企”")


@condition("scans-party", asks="form")
def scans_party(facts: Facts, args: Args) -> Finding:
    """The code that was scanned has the party's own in it; a party without one has nothing to compare."""
    told = str(facts.data.get(args["field"]) or "").upper()
    code = "".join(str((facts.fact("party") or {}).get("code") or "").split()).upper()
    met = not told or not code or code in told
    return Finding(
        met,
        f"扫到的企业码{'与' if met else '不是'}被检查人的代码{'相符' if met else ''}",
        "核对是不是走错了企业",
    )
