"""Conditions about order, time and completeness."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.law.clocks import due_of
from sanxiang.law.clock import days_between
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition

Args = Mapping[str, Any]
ELEMENT_NAMES = {"reason": "执法事由", "basis": "执法依据", "content": "执法内容", "rights": "权利义务"}


def label_of(facts: Facts, act: str) -> str:
    """What pages call an act; `serve:penalty-decision` is the service of that paper."""
    name, _, paper = act.partition(":")
    label = facts.pack.acts[name].label if name in facts.pack.acts else name
    return f"{label}《{facts.pack.papers[paper].label}》" if paper in facts.pack.papers else label


@condition("act-done")
def act_done(facts: Facts, args: Args) -> Finding:
    """One of these acts (or all, with `all`) was performed, and, with `after`, later than that other act."""
    acts = list(args["acts"])
    floor = max((facts.last(a) or {"n": 0})["n"] for a in args.get("after", [])) if args.get("after") else 0
    have = [a for a in acts if (facts.last(a) or {"n": -1})["n"] > floor]
    met = len(have) == len(acts) if args.get("all") else bool(have)
    missing = [label_of(facts, a) for a in acts if a not in have]
    joined = "、".join(missing) if args.get("all") else "或".join(missing)
    since = f"（在“{label_of(facts, args['after'][0])}”之后）" if floor else ""
    done = "、".join(label_of(facts, a) for a in have)
    return Finding(met, f"已办理：{done}" if met else f"尚未办理{since}：{joined}", f"先办理{joined}")


@condition("act-not-done")
def act_not_done(facts: Facts, args: Args) -> Finding:
    """None of these acts has been performed."""
    have = [label_of(facts, a) for a in args["acts"] if facts.done(a)]
    return Finding(not have, f"已经办理：{'、'.join(have)}" if have else "没有相抵触的步骤", "不能再办理本步骤")


@condition("answered")
def answered(facts: Facts, args: Args) -> Finding:
    """What was asked has been answered: the later act of the pair came last."""
    asked, reply = facts.last(args["asked"]), [facts.last(a) for a in args["by"]]
    met = asked is None or any(r and r["n"] > asked["n"] for r in reply)
    names, label = "或".join(label_of(facts, a) for a in args["by"]), label_of(facts, args["asked"])
    told = f"没有“{label}”" if asked is None else f"“{label}”{'已经' if met else '还没有'}处理"
    return Finding(met, told, f"先办理{names}")


@condition("elements-given")
def elements_given(facts: Facts, args: Args) -> Finding:
    """The notice says all that the locality's scheme wants told; with nothing prescribed, the statute's three."""
    wanted = facts.pack.setting("notice.elements") or ["reason", "basis", "rights"]
    fields = {f.element: f.name for f in facts.act.fields if f.element}
    blank = [ELEMENT_NAMES.get(e, e) for e in wanted if not str(facts.data.get(fields.get(e, e)) or "").strip()]
    return Finding(not blank, f"告知内容缺少：{'、'.join(blank)}" if blank else "告知内容齐全", f"补充{'、'.join(blank)}")


@condition("period-run")
def period_run(facts: Facts, args: Args) -> Finding:
    """The party's period has ended, or the party has said that it will not use it."""
    name = args["clock"]
    waived = [a for a in args.get("waived_by", ()) if _after_start(facts, a, name)]
    clock = facts.state["clocks"].get(name)
    rule = facts.pack.limits[name]
    if waived:
        return Finding(True, f"当事人已明确表示（{label_of(facts, waived[0])}）")
    if clock is None:
        return Finding(False, f"{rule.label}还没有起算", "先送达相应的告知")
    due = due_of(clock, rule, facts.pack, facts.calendar)
    if due is None:
        return Finding(False, f"{rule.label}没有设定天数（方案未定）", "由本单位在规则包中设定，或取得当事人明确放弃的表示")
    met = facts.on > due.date
    return Finding(met, f"{rule.label}自 {clock['start']} 起算，到 {due.date} 届满，{facts.on} 尚未届满" if not met else f"{rule.label}已于 {due.date} 届满",
                   f"{due.date} 之后再办理，或取得当事人明确放弃的书面表示")


def _after_start(facts: Facts, act: str, clock: str) -> bool:
    last, running = facts.last(act), facts.state["clocks"].get(clock)
    return last is not None and running is not None and last["n"] > running["act_n"]


@condition("within-period")
def within_period(facts: Facts, args: Args) -> Finding:
    """Done no later than the period's last day; an unset period does not bind."""
    clock, rule = facts.state["clocks"].get(args["clock"]), facts.pack.limits[args["clock"]]
    due = due_of(clock, rule, facts.pack, facts.calendar) if clock else None
    met = due is None or facts.on <= due.date
    return Finding(met, f"{rule.label}已于 {due.date if due else ''} 届满" if not met else f"在{rule.label}之内", args.get("cure", "期限已过，按逾期的规定处理"))


@condition("days-before")
def days_before(facts: Facts, args: Args) -> Finding:
    """At least n working days lie between today and a day that the act names (七日前)."""
    day, need = facts.fact(args["field"]), int(args["n"])
    if not day:
        return Finding(False, "没有填写日期", "填写日期")
    target = date.fromisoformat(str(day)[:10])
    have = days_between(facts.calendar, facts.on, target)
    return Finding(have >= need, f"{facts.on} 到 {target} 之间有 {have} 个工作日，应不少于 {need} 个", "把日期往后安排")


@condition("on-or-after")
def on_or_after(facts: Facts, args: Args) -> Finding:
    """The act happens no earlier than the day that an earlier act named."""
    day = facts.state["facts"].get(args["field"])
    met = bool(day) and facts.on >= date.fromisoformat(str(day)[:10])
    return Finding(met, f"约定的日期是 {day or '未定'}，现在是 {facts.on}", "到约定的日期再办理")


@condition("not-before")
def not_before(facts: Facts, args: Args) -> Finding:
    """Nothing can have happened before what it builds on."""
    last = [facts.last(a) for a in args["acts"]]
    latest = max((str(x["on"]) for x in last if x), default="")
    met = not latest or facts.on.isoformat() >= latest
    return Finding(met, f"发生日期 {facts.on} 早于前一步骤 {latest}", "核对日期")


@condition("fact-given")
def fact_given(facts: Facts, args: Args) -> Finding:
    """The case knows these things."""
    blank = [label for name, label in args["facts"].items() if facts.fact(name) in (None, "", [], {})]
    return Finding(not blank, f"案件资料缺少：{'、'.join(blank)}" if blank else "案件资料齐全", f"补充{'、'.join(blank)}")


@condition("fact-is")
def fact_is(facts: Facts, args: Args) -> Finding:
    """A fact has one of these values."""
    found, wanted = facts.fact(args["fact"]), list(args["in"])
    met = found in wanted or (isinstance(found, list) and bool(set(found) & set(wanted)))
    return Finding(met, str(args.get("text", f"{args['fact']} 是 {found}")), str(args.get("cure", "")))


@condition("evidence-present")
def evidence_present(facts: Facts, args: Args) -> Finding:
    """Evidence has been taken: at least n pieces or records."""
    need = int(args.get("n", 1))
    have = len(facts.state["evidence"])
    return Finding(have >= need, f"已取得证据 {have} 件，至少 {need} 件", "先录入证据（笔录、书证、照片、电子数据等）")


@condition("stage-recorded")
def stage_recorded(facts: Facts, args: Args) -> Finding:
    """The stage now leaving has the records that the pack wants of it (全过程记录)."""
    lacking = []
    for stage in facts.pack.stages_of(facts.state["procedure"]):
        for record in stage.records:
            wanted = stage.id in args.get("stages", [stage.id]) and facts.act.id in stage.done_by
            if wanted and not facts.done(*record["acts"]) and facts.act.id not in record["acts"]:
                lacking.append(f"{stage.label}：{record['label']}")
    return Finding(not lacking, f"缺少环节记录：{'；'.join(lacking)}" if lacking else "环节记录齐全", "先补齐记录")


@condition("value-set")
def value_set(facts: Facts, args: Args) -> Finding:
    """A parameter has been settled by the locality or its operator."""
    value = facts.pack.binding(args["key"])
    label = facts.pack.parameters[args["key"]].label if args["key"] in facts.pack.parameters else args["key"]
    return Finding(value.is_set, f"{label}：方案未定" if not value.is_set else f"{label}已设定", "由本单位在规则包中设定并注明依据")


@condition("paper-served")
def paper_served(facts: Facts, args: Args) -> Finding:
    """This paper has been issued and served."""
    paper = facts.state["papers"].get(args["paper"]) or {}
    name = facts.pack.papers[args["paper"]].label if args["paper"] in facts.pack.papers else args["paper"]
    met = paper.get("status") == "served"
    return Finding(met, f"《{name}》{'已送达' if met else '尚未送达' if paper else '尚未制作'}", f"先送达《{name}》")


@condition("paper-issued")
def paper_issued(facts: Facts, args: Args) -> Finding:
    """A paper of this kind has been issued and can be corrected or served."""
    named = str(facts.data.get(args.get("field", "paper")) or "")
    met = named in facts.state["papers"] if named else bool(facts.state["papers"])
    return Finding(met, f"没有制作过文书 {named}" if not met else "文书已制作", "选择本案已经制作的文书")


@condition("not-before-paper")
def not_before_paper(facts: Facts, args: Args) -> Finding:
    """A paper reaches nobody before it is made, nor in the future: else a day typed wrong would eat up a party's period."""
    kind = str(args.get("paper") or facts.data.get(args.get("field", "paper")) or "")
    made = str((facts.state["papers"].get(kind) or {}).get("on") or "")
    days = [facts.on.isoformat(), *([str(facts.data["served_on"])[:10]] if facts.data.get("served_on") else [])]
    wrong = [d for d in days if d < made or d > facts.now.date().isoformat()]
    text = f"文书制作于 {made or '（尚未制作）'}，所填日期 {'、'.join(dict.fromkeys(wrong))} 早于制作之日或者晚于今天"
    return Finding(not wrong, text if wrong else "日期在文书制作之后", "填写实际送达的日期")


@condition("extra-clear")
def extra_clear(facts: Facts, args: Args) -> Finding:
    """Something outside the case, asked by the door beforehand, stands in the way or not."""
    found = list(facts.extra.get(args["of"], ()))
    text = str(args.get("text", "发现问题"))
    return Finding(not found, f"{text}：{'；'.join(map(str, found))}" if found else str(args.get("clear", "未发现问题")), str(args.get("cure", "")))
