"""Conditions of confirmations 行政确认 and of adjudications 行政裁决, where all sides have the same."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanxiang.law import rulings
from sanxiang.law.articles import TYPED
from sanxiang.law.clocks import last_day
from sanxiang.law.conditions.steps import day_of, paper_name
from sanxiang.law.facts import Facts
from sanxiang.law.guards import Finding, condition
from sanxiang.speech import cn_day

Args = Mapping[str, Any]


# Confirmation


@condition("draft-says")
def draft_says(facts: Facts, args: Args) -> Finding:
    """The draft of the decision proposes what the act does."""
    draft = facts.state["facts"].get("decision") or {}
    met = draft.get(args["column"]) in args["in"]
    text = f"核实结论{'是' if met else '不是'}“{args['label']}”" if draft else "还没有提出核实结论"
    return Finding(met, text, str(args.get("cure", "")) if draft else "先“提出核实结论”")


@condition("draft-cites", asks="field")
def draft_cites(facts: Facts, args: Args) -> Finding:
    """A column of the draft names an instrument and an article of it."""
    given = str((facts.data.get(args["field"]) or {}).get(args["column"]) or "")
    met = TYPED.search(given) is not None
    text = f"依据写明了条款：{given}" if met else f"依据“{given}”没有写明法律、法规、规章的名称和条款"
    return Finding(met, text, "照“《某某法》第几条”的写法填写依据")


@condition("notice-long-enough", asks="form")
def notice_long_enough(facts: Facts, args: Args) -> Finding:
    """A public notice runs so many working days at least, its first not counted; with nothing set, it ends no earlier than it begins."""
    first, last = (day_of(v) if (v := facts.data.get(args[key])) else None for key in ("from", "to"))
    if first is None or last is None:
        return Finding(False, "没有写明公告的起止日期", "填写公告的起日和止日")
    need = args.get("n") or _set(facts, args)
    have = _working_days(facts, first, last)
    if last < first:
        return Finding(False, f"公告止日{cn_day(last)}早于起日{cn_day(first)}", "核对公告的起止日期")
    if not need:
        return Finding(True, f"公告{have}个工作日（公告当日不计）；没有规定公告的天数")
    return Finding(
        have >= int(need), f"公告{have}个工作日（公告当日不计），应不少于{need}个", "延长公告的止日"
    )


def _set(facts: Facts, args: Args) -> int | None:
    value = facts.pack.binding(args["key"])
    return int(value.value) if value.is_set else None


def _working_days(facts: Facts, first: date, last: date) -> int:
    days = (date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal() + 1))
    return sum(facts.calendar.is_workday(day) for day in days)


@condition("day-passed")
def day_passed(facts: Facts, args: Args) -> Finding:
    """A day that an earlier act named is over."""
    day = facts.state["facts"].get(args["fact"])
    met = bool(day) and facts.on > day_of(day)
    said = f"{args['text']}到{cn_day(day_of(day))}届满" if day else f"没有写明{args['text']}"
    return Finding(met, f"{said}，现在是{cn_day(facts.on)}", str(args.get("cure", "期满之后再办理")))


@condition("rows-known")
def rows_known(facts: Facts, args: Args) -> Finding:
    """A list that the case keeps has so many rows at least."""
    have, least = len(facts.fact(args["fact"]) or ()), int(args["least"])
    return Finding(have >= least, f"{args['label']}{have}项，应不少于{least}项", "补充登记")


@condition("received-in-time")
def received_in_time(facts: Facts, args: Args) -> Finding:
    """What was applied for came within its period, or a reason stands on record why not."""
    due = last_day(facts.state, args["clock"], facts.pack, facts.calendar)
    day = facts.state["facts"].get(args["day"])
    rule = facts.pack.limits[args["clock"]]
    excused = bool(facts.state["facts"].get(args["unless"]))
    met = due is None or not day or day_of(day) <= due or excused
    late = f"{rule.label}的期限到{cn_day(due)}届满，{cn_day(day_of(day))}才收到申请" if due and day else ""
    return Finding(met, "在申请期限之内，或者有正当理由" if met else late, str(args.get("cure", "")))


# Adjudication


@condition("sides-apart", asks="form", reads=("party", "respondent"))
def sides_apart(facts: Facts, args: Args) -> Finding:
    """Nobody is applicant and respondent of one dispute."""
    one, other = facts.fact("party") or {}, facts.fact("respondent") or {}
    same = bool(one.get("name")) and one.get("name") == other.get("name")
    same = same and (not one.get("code") or not other.get("code") or one["code"] == other["code"])
    text = f"申请人和被申请人都是{one.get('name')}" if same else "申请人和被申请人不是同一人"
    return Finding(not same, text, "核对双方；同名的分别填写证件号码")


@condition("side-there", asks="form", reads=("side",))
def side_there(facts: Facts, args: Args) -> Finding:
    """The side that the act speaks of exists in this case."""
    side = str(args.get("side") or facts.data.get("side") or "")
    met = not side or side in rulings.sides(facts.state["facts"])
    text = f"本案有{rulings.LABELS.get(side, side)}" if met else f"本案没有{rulings.LABELS.get(side, side)}"
    return Finding(met, text, "选择本案的一方；有第三人的先在申请登记中列明")


@condition("answer-periods-over")
def answer_periods_over(facts: Facts, args: Args) -> Finding:
    """Every side that was called to answer has answered, or its time is over."""
    open_ = []
    for side, name in args["periods"].items():
        if side not in rulings.sides(facts.state["facts"]) or facts.done(args["answers"][side]):
            continue
        due = last_day(facts.state, name, facts.pack, facts.calendar)
        if due is None:
            open_.append(f"还没有向{rulings.LABELS[side]}送达答辩通知书")
        elif facts.on <= due:
            open_.append(f"{rulings.LABELS[side]}的答辩期到{cn_day(due)}届满，尚未届满")
    text = "；".join(open_) if open_ else "各方已经答辩，或者答辩期已经届满"
    return Finding(not open_, text, "登记答辩，或者等答辩期届满；逾期不答辩的不影响处理")


@condition("sides-called", asks="form")
def sides_called(facts: Facts, args: Args) -> Finding:
    """Every side was called beforehand: whoever is called is called with the others."""
    rows = facts.data.get(args["field"]) or ()
    told = {str(r.get("side")): str(r.get("told_on") or "")[:10] for r in rows}
    lacking = [rulings.LABELS[s] for s in rulings.sides(facts.state["facts"]) if not told.get(s)]
    late = [
        rulings.LABELS[s] for s, day in told.items() if s in rulings.LABELS and day > facts.on.isoformat()
    ]
    wrong = [f"没有通知{'、'.join(lacking)}"] if lacking else []
    wrong += [f"通知{'、'.join(late)}的日期晚于办理日期"] if late else []
    text = "；".join(wrong) if wrong else "各方都已通知"
    return Finding(not wrong, text, "通知各方到场，各写一行；经通知没有到场的照实填写")


@condition(
    "submission-known",
    asks="form",
    reads=("submission", "side"),
    there=lambda facts, args: bool(facts.state["facts"].get("submissions")),
)
def submission_known(facts: Facts, args: Args) -> Finding:
    """There is such a submission, and it is another side's: with no number told, something is left to be passed on."""
    rows = {str(row["no"]): row for row in facts.state["facts"].get("submissions") or ()}
    number, side = facts.data.get("submission"), facts.data.get("side")
    left = "；".join(map(str, rulings.unpassed(facts.state)))
    cure = f"按序号填写。还没有转送的：{left}" if left else "各方提交的材料都已经转送"
    if number in (None, ""):
        return Finding(bool(left), left or "没有需要转送的材料", cure)
    row = rows.get(str(number))
    if row is None:
        return Finding(False, f"没有第{number}项提交的材料", cure)
    own = row["side"] == side
    text = f"第{number}项就是{rulings.LABELS[row['side']]}自己提交的" if own else "是另一方提交的材料"
    return Finding(not own, text, cure)


@condition("given-to-all")
def given_to_all(facts: Facts, args: Args) -> Finding:
    """A paper was made and every side has it; with `any`, that of these papers which the case has."""
    named = list(args.get("any") or [args["paper"]])
    made = [kind for kind in named if kind in facts.state["papers"]]
    if not made:
        names = "》或者《".join(paper_name(facts, kind) for kind in named)
        return Finding(False, f"还没有制作《{names}》", "先制作文书，再送达各方")
    gaps = _ungiven(facts, made)
    text = "；".join(gaps) if gaps else "文书已经送达各方"
    return Finding(not gaps, text, str(args.get("cure", "用“送达一方”逐方送达")))


@condition("equal-procedure")
def equal_procedure(facts: Facts, args: Args) -> Finding:
    """Whatever was issued to the sides reached each of them, and what one handed in the others have seen: no side has more."""
    gaps = [
        *_ungiven(facts, args["papers"]),
        *_ungiven(facts, args.get("others", ()), but=(rulings.APPLICANT,)),
        *(str(gap) for gap in rulings.unpassed(facts.state)),
    ]
    text = "；".join(gaps) if gaps else "各方收到的文书和材料对等"
    return Finding(not gaps, text, "文书用“送达一方”送达，一方提交的材料用“转送另一方并听取质证”转送")


def _ungiven(facts: Facts, kinds: Any, but: tuple[str, ...] = ()) -> list[str]:
    """Where the decision itself is about to be made or given, a paper that the act in hand issues is not asked for yet."""
    asked = [kind for kind in kinds if kind not in facts.act.papers]
    return [
        str(gap) for gap in rulings.ungiven(facts.state, asked, {k: paper_name(facts, k) for k in asked}, but)
    ]
