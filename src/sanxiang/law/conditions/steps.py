"""Conditions about order, time and completeness."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sanxiang.law.clock import days_between, earliest_event
from sanxiang.law.clocks import due_of
from sanxiang.law.dossier import admitted, changed
from sanxiang.law.facts import Facts
from sanxiang.law.forms import asked_one_by_one
from sanxiang.law.guards import Finding, condition, in_future, now_of
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Stage
from sanxiang.law.scope import holds
from sanxiang.speech import cn_day, cn_moment

Args = Mapping[str, Any]
ELEMENT_NAMES = {"reason": "执法事由", "basis": "执法依据", "content": "执法内容", "rights": "权利义务"}


def label_of(facts: Facts, act: str) -> str:
    """What pages call an act, or the service of a paper."""
    name, _, paper = act.partition(":")
    label = facts.pack.acts[name].label if name in facts.pack.acts else name
    return f"{label}《{paper_name(facts, paper)}》" if paper else label


def paper_name(facts: Facts, kind: str) -> str:
    """What pages call a kind of paper."""
    return facts.pack.papers[kind].label if kind in facts.pack.papers else kind


def day_of(value: Any) -> date:
    """The day of an ISO date or date and time."""
    return date.fromisoformat(str(value)[:10])


# What was done, and in which order


def _floor(facts: Facts, acts: Iterable[str]) -> int:
    return max((facts.n(a) for a in acts), default=0)


@condition("act-done")
def act_done(facts: Facts, args: Args) -> Finding:
    """One of these acts (or all, with `all`) was performed, and, with `after`, later than those other acts."""
    acts = list(args["acts"])
    floor = _floor(facts, args.get("after", []))
    have = [a for a in acts if facts.n(a) > floor]
    met = len(have) == len(acts) if args.get("all") else bool(have)
    wanting = [a for a in acts if a not in have]
    here = {act.id for act in facts.pack.acts_of(facts.state["procedure"])}
    missing = [label_of(facts, a) for a in wanting if a in here] or [label_of(facts, a) for a in wanting]
    joined = "、".join(missing) if args.get("all") else "或".join(missing)
    since = f"（在“{label_of(facts, args['after'][0])}”之后）" if floor else ""
    done = "、".join(label_of(facts, a) for a in have)
    return Finding(met, f"已办理：{done}" if met else f"尚未办理{since}：{joined}", f"先办理{joined}")


@condition("act-not-done")
def act_not_done(facts: Facts, args: Args) -> Finding:
    """None of these acts was performed, or, with `after`, none since those other acts."""
    floor = _floor(facts, args.get("after", []))
    have = [label_of(facts, a) for a in args["acts"] if facts.n(a) > floor]
    return Finding(
        not have, f"已经办理：{'、'.join(have)}" if have else "没有相抵触的步骤", "不能再办理本步骤"
    )


@condition("answered")
def answered(facts: Facts, args: Args) -> Finding:
    """What was asked has been answered: a later act of the pair came last. With `or_moved` it is also done with where what
    was submitted for review has changed since: nobody can answer that any more."""
    asked = facts.n(args["asked"])
    met = not asked or any(facts.n(a) > asked for a in args["by"])
    met = met or bool(args.get("or_moved") and changed(facts.state))
    names, label = "或".join(label_of(facts, a) for a in args["by"]), label_of(facts, args["asked"])
    text = f"“{label}”{'已经' if met else '还没有'}处理" if asked else f"没有“{label}”"
    return Finding(met, text, f"先办理{names}")


@condition("case-is")
def case_is(facts: Facts, args: Args) -> Finding:
    """A condition of `scope.CONDITIONS` holds, such as that a hearing was asked for and is open."""
    return Finding(holds(args["of"], facts), str(args["text"]), str(args.get("cure", "")))


# Periods and days


@condition("period-run")
def period_run(facts: Facts, args: Args) -> Finding:
    """The party's period has ended, or the party has said that it will not use it."""
    name = args["clock"]
    clock, rule = facts.state["clocks"].get(name), facts.pack.limits[name]
    waived = [a for a in args.get("waived_by", ()) if clock and facts.n(a) > clock["act_n"]]
    if waived:
        return Finding(True, f"当事人已明确表示（{label_of(facts, waived[0])}）")
    if clock is None:
        return Finding(False, f"{rule.label}还没有起算", "先送达相应的告知")
    due = due_of(clock, rule, facts.pack, facts.calendar)
    if due is None:
        cure = "由本单位在规则包中设定，或取得当事人明确放弃的表示"
        return Finding(False, f"{rule.label}没有设定天数（方案未定）", cure)
    if facts.on > due.date:
        return Finding(True, f"{rule.label}已于{cn_day(due.date)}届满")
    text = f"{rule.label}自{cn_day(clock['start'])}起算，到{cn_day(due.date)}届满，{cn_day(facts.on)}尚未届满"
    return Finding(
        False, text, str(args.get("cure", f"{cn_day(due.date)}之后再办理，或取得当事人明确放弃的书面表示"))
    )


@condition("within-period")
def within_period(facts: Facts, args: Args) -> Finding:
    """Done no later than the period's last day; an unset period does not bind."""
    clock, rule = facts.state["clocks"].get(args["clock"]), facts.pack.limits[args["clock"]]
    due = due_of(clock, rule, facts.pack, facts.calendar) if clock else None
    met = due is None or facts.on <= due.date
    text = f"在{rule.label}之内" if met else f"{rule.label}已于{cn_day(due.date if due else '')}届满"
    return Finding(met, text, str(args.get("cure", "期限已过，按逾期的规定处理")))


@condition("days-before", asks="form")
def days_before(facts: Facts, args: Args) -> Finding:
    """At least n working days lie between today and a day that the act names (七日前)."""
    day, need = facts.fact(args["field"]), int(args["n"])
    cure = f"安排在{cn_day(earliest_event(facts.calendar, facts.on, need))}或者以后的日期"
    if not day:
        return Finding(False, "没有填写日期", cure)
    target = day_of(day)
    have = days_between(facts.calendar, facts.on, target)
    text = f"{cn_day(facts.on)}到{cn_day(target)}之间有 {have} 个工作日，应不少于 {need} 个"
    return Finding(have >= need, text, cure)


@condition("day-ahead", asks="form")
def day_ahead(facts: Facts, args: Args) -> Finding:
    """Days that the act sets for somebody else do not lie before the act: nobody can do by then what is asked only now."""
    given = {label: v for name, label in args["fields"].items() if (v := facts.data.get(name))}
    gone = [f"{label}{cn_day(day_of(v))}" for label, v in given.items() if day_of(v) < facts.on]
    text = f"{'、'.join(gone)}早于办理日期{cn_day(facts.on)}，要求的事已经来不及做"
    named = "、".join(given)
    return Finding(not gone, text if gone else "期限不在办理日期之前", f"{named}填写当天或者以后的日期")


@condition("on-or-after")
def on_or_after(facts: Facts, args: Args) -> Finding:
    """The act happens no earlier than the day that an earlier act named."""
    day = facts.state["facts"].get(args["field"])
    met = bool(day) and facts.on >= day_of(day)
    return Finding(
        met, f"约定的时间是{cn_moment(day) or '（未定）'}，现在是{cn_day(facts.on)}", "到约定的日期再办理"
    )


@condition("dates-in-order", asks="form")
def dates_in_order(facts: Facts, args: Args) -> Finding:
    """Days that the act names follow one another and none lies after the act: occurred, ended, found."""
    given = [(label, day_of(v)) for name, label in args["fields"].items() if (v := facts.fact(name))]
    days = [*given, ("办理日期", facts.on)]
    wrong = [
        f"{a[0]}{cn_day(a[1])}晚于{b[0]}{cn_day(b[1])}" for a, b in itertools.pairwise(days) if a[1] > b[1]
    ]
    return Finding(not wrong, "；".join(wrong) if wrong else "日期先后无误", "核对日期")


@condition("times-in-order", asks="form", reads=("began", "ended"))
def times_in_order(facts: Facts, args: Args) -> Finding:
    """A record ends no earlier than it began, on the same day, which is the step's own, and never after the present."""
    began, ended = str(facts.data.get("began") or ""), str(facts.data.get("ended") or "")
    ahead = [f"{n}{cn_moment(v)}" for n, v in (("开始", began), ("结束", ended)) if in_future(v, facts)]
    if ahead:
        text = f"{'、'.join(ahead)}还没有到，现在是{cn_moment(now_of(facts))}"
        return Finding(False, text, "检查、询问结束之后再登记，照实际的起止时间填写")
    text = f"开始{cn_moment(began) or '（未填）'}，结束{cn_moment(ended) or '（未填）'}"
    if began and ended and ended < began:
        return Finding(False, f"{text}，结束早于开始", "核对起止时间")
    if began and ended and day_of(ended) != day_of(began):
        return Finding(False, f"{text}，不在同一天", "核对起止时间；跨日的按日分次制作")
    other = bool(ended) and day_of(ended) != facts.on
    cure = "办理时间填写记录结束的那一天，或者不填，由系统按结束时间记载"
    return Finding(not other, f"{text}，办理时间是{cn_day(facts.on)}", cure)


# Contents


def elements_wanted(pack: Pack) -> list[str]:
    """What the locality's scheme wants told; with nothing prescribed, the norm's three."""
    return list(pack.setting("notice.elements") or ("reason", "basis", "rights"))


@condition("elements-given", asks="form")
def elements_given(facts: Facts, args: Args) -> Finding:
    """The notice says all that the locality's scheme wants told; with nothing prescribed, the norm's three.

    An element whose field the form demands anyway is not asked for twice.
    """
    wanted = elements_wanted(facts.pack)
    fields = {f.element: f.name for f in facts.act.fields if f.element and not f.required}
    demanded = {f.element for f in facts.act.fields if f.required}
    blank = [
        ELEMENT_NAMES.get(e, e)
        for e in wanted
        if e not in demanded and not str(facts.data.get(fields.get(e, e)) or "").strip()
    ]
    text = f"告知内容缺少：{'、'.join(blank)}" if blank else "告知内容齐全"
    return Finding(not blank, text, f"补充{'、'.join(blank)}")


@condition("fact-given", asks="form")
def fact_given(facts: Facts, args: Args) -> Finding:
    """The act or the case says these things."""
    blank = [label for name, label in args["facts"].items() if facts.fact(name) in (None, "", [], {}, False)]
    text = f"缺少：{'、'.join(blank)}" if blank else "资料齐全"
    return Finding(not blank, text, f"补充{'、'.join(blank)}")


@condition("fact-is")
def fact_is(facts: Facts, args: Args) -> Finding:
    """A fact has one of these values; "" among them is a fact of which nothing is known."""
    found, wanted = facts.fact(args["fact"]), list(args["in"])
    met = (
        found in wanted
        or (found is None and "" in wanted)
        or (isinstance(found, list) and bool(set(found) & set(wanted)))
    )
    return Finding(met, str(args.get("text", f"{args['fact']} 是 {found}")), str(args.get("cure", "")))


@condition("rows-between", asks="form")
def rows_between(facts: Facts, args: Args) -> Finding:
    """A table of the form has at least `least` and at most `most` rows."""
    have = len(facts.data.get(args["field"]) or ())
    least, most = int(args.get("least", 0)), args.get("most")
    met = have >= least and (most is None or have <= int(most))
    bounds = f"应不少于 {least}" if most is None else f"应在 {least} 到 {most} 之间"
    return Finding(met, f"{args['label']} {have} 项，{bounds} 项", "补充或者删减后再提交")


@condition("each-answered", asks="form")
def each_answered(facts: Facts, args: Args) -> Finding:
    """Every item of a list that the case keeps has an answer of its own, by its number, and nothing else has one."""
    item = facts.act.field(args["field"])
    asked = asked_one_by_one(item, facts.state) if item else []
    rows = facts.data.get(args["field"]) or ()
    numbers = [int(row["no"]) for row in rows]
    answered_ = {int(row["no"]) for row in rows if row.get("answer")}
    what = str(args["label"])
    lacking = [
        f"第 {n} 项{what}还没有答复（{text}）" for n, text in enumerate(asked, 1) if n not in answered_
    ]
    strange = [f"没有第 {n} 项{what}" for n in sorted(set(numbers)) if not 0 < n <= len(asked)]
    twice = [f"第 {n} 项{what}答复了两次" for n in sorted(set(numbers)) if numbers.count(n) > 1]
    wrong = [*lacking, *strange, *twice]
    return Finding(
        not wrong, "；".join(wrong) if wrong else f"{what}已经逐项答复", str(args.get("cure", "逐项答复"))
    )


@condition("positive", asks="form")
def positive(facts: Facts, args: Args) -> Finding:
    """A number or an amount is above zero; a number of days is not absurd."""
    given = facts.data.get(args["field"])
    try:
        value = Decimal(str(given))
    except InvalidOperation:
        value = Decimal(0)
    met = 0 < value <= Decimal(str(args.get("most", "1e13")))
    text = f"{args['label']}为 {given if given is not None else '空'}"
    return Finding(met, text, f"填写大于零{'、不超过 ' + str(args['most']) if 'most' in args else ''}的数")


@condition("evidence-present")
def evidence_present(facts: Facts, args: Args) -> Finding:
    """Evidence has been taken: at least n pieces or records that were not excluded."""
    need, have = int(args.get("n", 1)), len(admitted(facts.state))
    text = f"已取得证据 {have} 件，至少 {need} 件"
    return Finding(have >= need, text, "先录入证据（笔录、书证、照片、电子数据等）")


def numbered(facts: Facts, args: Args) -> list[str]:
    """The numbers of what the case has of the list that an act chooses from, in the care that it speaks of."""
    rows, care = facts.state[args["list"]], args.get("of")
    return [r["id"] for r in rows if not r.get("excluded") and (not care or r.get("status") == care)]


@condition("numbers-known", asks="form", there=lambda facts, args: bool(numbered(facts, args)))
def numbers_known(facts: Facts, args: Args) -> Finding:
    """What the act chooses by number exists in the case, and in the care that it speaks of."""
    there = numbered(facts, args)
    chosen = facts.data.get(args["field"]) or []
    strange = [str(c) for c in chosen if c not in there]
    if strange:
        return Finding(False, f"没有编号为{'、'.join(strange)}的可处理项", "从列出的编号里选择")
    return Finding(bool(there), "编号无误" if there else str(args["none"]), "先登记，再处理")


# Records of the whole process 全过程记录


@condition("stage-recorded")
def stage_recorded(facts: Facts, args: Args) -> Finding:
    """The links that this act completes have the records that the pack wants of them (第四十七条).

    With `whole` every link that the case has gone through is looked at: nothing is closed with a gap. Where the
    locality names links of its own (recording.stages), a gap is reported under its name.
    """
    lacking = []
    for stage in facts.pack.stages_of(facts.state["procedure"]):
        if _leaves(stage, facts) or (args.get("whole") and facts.done(*stage.done_by)):
            gaps = [str(r["label"]) for r in stage.records if not any(_made(a, facts) for a in r["acts"])]
            lacking += [f"{_link(stage, facts)}：{gap}" for gap in gaps]
    text = f"缺少环节记录：{'；'.join(lacking)}" if lacking else "环节记录齐全"
    return Finding(not lacking, text, "先补齐记录")


def _leaves(stage: Stage, facts: Facts) -> bool:
    paper = facts.data.get("paper")
    return facts.act.id in stage.done_by or (bool(paper) and f"{facts.act.id}:{paper}" in stage.done_by)


def _made(name: str, facts: Facts) -> bool:
    """Was the record made, or does the act in hand make it?"""
    act, _, field = name.partition("+")
    if act.split(":")[0] == facts.act.id:
        return not field or bool(facts.data.get(field)) or facts.done(name)
    return facts.done(name)


def _link(stage: Stage, facts: Facts) -> str:
    """What the locality's scheme calls this link, else the flowchart's own word."""
    for row in facts.pack.setting("recording.stages") or ():
        if stage.canonical in row.get("canonical", ()):
            return str(row["label"])
    return stage.label


@condition("value-set")
def value_set(facts: Facts, args: Args) -> Finding:
    """A parameter has been settled by the locality or its operator."""
    value = facts.pack.binding(args["key"])
    known = facts.pack.parameters.get(args["key"])
    label = known.label if known else args["key"]
    text = f"{label}已设定" if value.is_set else f"{label}：方案未定"
    cure = f"由本机关确定，系统管理员在本地规则包中写明“{label}”（{args['key']}）并注明依据"
    return Finding(value.is_set, text, cure)


# Papers and their service


@condition("paper-served")
def paper_served(facts: Facts, args: Args) -> Finding:
    """One of these papers has been issued and served, no later than the act."""
    kinds = [args["paper"]] if "paper" in args else list(args["papers"])
    made = {k: facts.state["papers"][k] for k in kinds if k in facts.state["papers"]}
    served = [p for p in made.values() if p.get("status") == "served" and _served_by(p, facts)]
    name = "》或《".join(paper_name(facts, k) for k in kinds)
    state = "已送达" if served else "尚未送达" if made else "尚未制作"
    return Finding(bool(served), f"《{name}》{state}", f"先送达《{name}》")


def _served_by(paper: Mapping[str, Any], facts: Facts) -> bool:
    return not paper.get("served_on") or facts.on >= day_of(paper["served_on"])


@condition("papers-settled")
def papers_settled(facts: Facts, args: Args) -> Finding:
    """Of these papers, those that were issued have been served."""
    made = facts.state["papers"]
    lacking = [paper_name(facts, k) for k in args["papers"] if (made.get(k) or {}).get("status") == "issued"]
    text = f"尚未送达：《{'》《'.join(lacking)}》" if lacking else "应当送达的文书均已送达"
    return Finding(not lacking, text, "先送达这些文书")


@condition(
    "paper-issued", asks="form", reads=("paper",), there=lambda facts, args: bool(facts.state["papers"])
)
def paper_issued(facts: Facts, args: Args) -> Finding:
    """A paper of this kind has been issued and can be corrected or served; one revoked or void reaches nobody any more."""
    named, papers = str(facts.data.get(args.get("field", "paper")) or ""), facts.state["papers"]
    undone = (papers.get(named) or {}).get("status") in ("revoked", "void")
    met = (named in papers and not undone) if named else bool(papers)
    if not papers:
        return Finding(False, "本案还没有制作文书", "先办理制作文书的步骤")
    why = f"《{paper_name(facts, named)}》已被撤销或者确认无效" if undone else ""
    text = "文书已制作" if met else why or f"没有制作过文书《{paper_name(facts, named)}》"
    return Finding(met, text, "选择本案已经制作的文书")


@condition("not-before-paper", asks="form", reads=("paper",))
def not_before_paper(facts: Facts, args: Args) -> Finding:
    """A paper reaches nobody before it is made, nor in the future: else a day typed wrong would eat up a party's period."""
    kind = str(facts.data.get(args.get("field", "paper")) or "")
    made = str((facts.state["papers"].get(kind) or {}).get("on") or "")
    days = [
        facts.on.isoformat(),
        *([str(facts.data["served_on"])[:10]] if facts.data.get("served_on") else []),
    ]
    wrong = [d for d in days if d < made or d > facts.now.date().isoformat()]
    found = f"文书制作于{cn_day(made) or '（尚未制作）'}，所填日期{'、'.join(map(cn_day, dict.fromkeys(wrong)))}早于制作之日或者晚于今天"
    return Finding(not wrong, found if wrong else "日期在文书制作之后", "填写实际送达的日期")


@condition("announced", asks="form", reads=("paper",))
def announced(facts: Facts, args: Args) -> Finding:
    """This very paper was announced, and thirty days have passed by the day of service (民事诉讼法第九十五条)."""
    clock, rule = _announcement(facts, str(args["clock"])), facts.pack.limits[args["clock"]]
    due = due_of(clock, rule, facts.pack, facts.calendar) if clock else None
    if due is None:
        return Finding(False, "这份文书没有发布过送达公告", "先发布送达公告，公告期满后登记送达")
    served = day_of(facts.data.get("served_on") or facts.on)
    text = f"公告期到{cn_day(due.date)}满三十日，填写的送达日期是{cn_day(served)}"
    return Finding(served >= due.date, text, f"公告期满（{cn_day(due.date)}）之后登记送达")


def _announcement(facts: Facts, name: str) -> dict[str, Any] | None:
    """The clock of the paper's own announcement. Older rules kept one clock in a case, for the paper announced last."""
    clocks, paper = facts.state["clocks"], facts.data.get("paper")
    found: dict[str, Any] | None = clocks.get(f"{name}:{paper}")
    if found is None and facts.state["facts"].get("announced_paper") == paper:
        found = clocks.get(name)
    return found


# What only the door can know


@condition("extra-clear")
def extra_clear(facts: Facts, args: Args) -> Finding:
    """Something outside the case, asked by the door beforehand, stands in the way or not; `unless` a field explains it."""
    found = list(facts.extra.get(args["of"], ()))
    explained = bool(args.get("unless")) and bool(str(facts.fact(args["unless"]) or "").strip())
    text = str(args.get("text", "发现问题"))
    shown = f"{text}：{'；'.join(map(str, found))}" if found else str(args.get("clear", "未发现问题"))
    return Finding(not found or explained, shown, str(args.get("cure", "")))


@condition("register-says", asks="field")
def register_says(facts: Facts, args: Args) -> Finding:
    """A register in force on that day names what the case names; where there is no register nothing is judged."""
    answer = facts.extra.get(args["of"])
    if answer is None:
        return Finding(True, "没有相应的登记册，不作判断")
    return Finding(bool(answer), str(args["text"]), str(args.get("cure", "")))


EDITABLE = (".doc", ".docx", ".docm", ".dot", ".dotx", ".wps", ".wpt", ".rtf", ".odt")
"""Files that a word processor makes."""


@condition("papers-made-here", asks="form")
def papers_made_here(facts: Facts, args: Args) -> Finding:
    """No file that a word processor made comes in under the name of a paper that the program makes."""
    ours = {rule.label: rule for rule in facts.pack.papers.values() if rule.kind in ("internal", "external")}
    title = str(facts.data.get("title") or "")
    for item in facts.act.fields:
        for count, file in enumerate((facts.data.get(item.name) or ()) if item.type == "file" else (), 1):
            name = str(file.get("name", ""))
            named = next((label for label in ours if label in f"{name}\n{title}"), "")
            if named and name.lower().endswith(EDITABLE):
                # The file's own name is left out: it may be called after a witness.
                fact = f"“{item.label}”的第 {count} 个文件是在系统外制作的《{named}》，本地方案要求执法文书都在平台生成"
                return Finding(
                    False,
                    fact,
                    f"在本系统办理相应步骤，由系统生成《{named}》；签名、盖章后的扫描件可以附为证据",
                )
    return Finding(True, "没有在系统外制作的执法文书")
