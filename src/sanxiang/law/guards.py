"""Conditions that acts must meet: a closed list of small functions over frozen facts.

A pack may name only what is registered here. `judge` returns every verdict, met or not: a refusal lists all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sanxiang.law.facts import Facts
from sanxiang.law.rules import Act, Guard, as_tuple
from sanxiang.law.scope import holds
from sanxiang.speech import cn_day, cn_moment, in_brackets, role_name


@dataclass(frozen=True)
class Finding:
    """What a condition found: met or not, the fact it looked at, and what would cure it."""

    met: bool
    fact: str
    cure: str = ""


@dataclass(frozen=True)
class Verdict:
    """A finding with the rule and article that asked for it."""

    guard: str
    met: bool
    citation: str
    fact: str
    cure: str

    def as_json(self) -> dict[str, str]:
        """The shape that refusals have on the command line and in the API."""
        return {"guard": self.guard, "citation": self.citation, "fact": self.fact, "cure": self.cure}


class Refused(Exception):
    """An act that may not be done, with every unmet verdict."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = [v for v in verdicts if not v.met]
        super().__init__("；".join(f"{v.fact}{in_brackets(v.citation)}" for v in self.verdicts))


ROLE = "role"
"""The verdict on whether whoever knocks holds a post that the act is open to."""

Condition = Callable[[Facts, Mapping[str, Any]], Finding]
There = Callable[[Facts, Mapping[str, Any]], bool]
CONDITIONS: dict[str, Condition] = {}
ASKS: dict[str, str] = {}
"""What a condition asks of a form: `form` its contents, `officers` who is named, `penalty` what is to be decided."""
THERE: dict[str, "There"] = {}
"""Is there anything in the case that the form of a condition could name? Without it no form helps."""
READS: dict[str, frozenset[str]] = {}
"""Fields, by name or type, without which a condition has nothing to judge; besides those that a rule names as `field`."""


def condition(
    name: str, asks: str = "", reads: tuple[str, ...] = (), there: There | None = None
) -> Callable[[Condition], Condition]:
    """Register a condition under the name that packs use."""

    def register(function: Condition) -> Condition:
        if name in CONDITIONS:
            raise ValueError(f"two conditions are called {name}")
        CONDITIONS[name] = function
        ASKS[name], READS[name] = asks, frozenset(reads)
        if there is not None:
            THERE[name] = there
        return function

    return register


def said_by_blank(rule: Guard, facts: Facts, blank: set[str]) -> bool:
    """Is a field blank that the rule cannot do without? The blank is reported once, as a blank, and refuses the act.

    Officers whom the caller knows already are judged, though the form does not name them yet.
    """
    named = {*READS[rule.needs], *as_tuple(rule.args.get("field"))}
    if isinstance(rule.args.get("fields"), list):
        named |= set(rule.args["fields"])
    lacking = [
        f for f in facts.act.fields if f.name in blank and not (f.type == "officers" and facts.officers)
    ]
    return any(f.name in named or f.type in named for f in lacking)


def nothing_there(rule: Guard, facts: Facts) -> bool:
    """Has the case nothing that the form could name: no mark to take back, no paper to correct? Then it stands in the way at once."""
    there = THERE.get(rule.needs)
    return there is not None and not there(facts, rule.args)


def only_form(rule: Guard, facts: Facts) -> bool:
    """Does an unmet guard speak only of a form that nobody has filled in yet? Then the act is open all the same."""
    if nothing_there(rule, facts):
        return False
    asks, act = ASKS.get(rule.needs, ""), facts.act
    if asks == "officers":
        # Who names new handlers is not held up by the old ones, nor anybody while there are none.
        names_handlers = any(e["do"] == "handlers" for e in act.effects)
        return any(f.type == "officers" for f in act.fields) and (names_handlers or not facts.officers)
    if asks == "penalty":
        return any(f.type == "penalty" and f.name not in facts.data for f in act.fields)
    if asks == "field":
        named = rule.args.get("field", "")
        return act.field(named) is not None and named not in facts.data
    return asks == "form"


def judge(facts: Facts, without: frozenset[str] = frozenset()) -> list[Verdict]:
    """Every verdict on one act: who, when, what is asked for, and the guards of the pack.

    A rule that fails for want of a field is left out beside the verdict on that blank: one thing is said once.
    `without` leaves out rules by id; only the model search uses it, to show that each rule is needed.
    """
    asked = (*_standing(facts), *_formats(facts), *blanks(facts))
    verdicts = [v for v in asked if v.guard not in without]
    blank = {v.guard.removeprefix("field:") for v in verdicts if v.guard.startswith("field:")}
    for rule in facts.pack.guards_of(facts.act.id, facts.state["procedure"]):
        if rule.id in without or not all(holds(name, facts) for name in rule.when):
            continue
        found = CONDITIONS[rule.needs](facts, rule.args)
        if not found.met and blank and said_by_blank(rule, facts, blank) and not nothing_there(rule, facts):
            continue
        verdicts.append(Verdict(rule.id, found.met, str(rule.citation), found.fact, rule.cure or found.cure))
    return verdicts


def _standing(facts: Facts) -> list[Verdict]:
    """Stage, role, day and repetition: asked of every act. What the house asks of days cites no article: none says it."""
    act, state, today = facts.act, facts.state, facts.now.date()
    cite = str(act.citation)
    verdicts = [_stage(act, state, facts)]
    if not act.by:
        text = f"{act.label}到期由系统自动办理，没有岗位可以办理"
        verdicts.append(Verdict(ROLE, facts.actor.system, cite, text, "不用办理，到期后系统自动办理"))
    else:
        named = "、".join(role_name(role) for role in act.by)
        met = bool(facts.roles & set(act.by)) or facts.actor.system
        text = f"{act.label}由{named}办理，{facts.actor.name}在本单位当日没有这一岗位"
        cure = f"请由{named}办理，或先由安全管理员授予岗位"
        if not met and facts.actor.roles & set(act.by):
            text = f"{facts.actor.name}是其他机构的负责人，不是本案承办机构或者其上级机构的负责人"
            cure = f"请由本案的{named}办理"
        verdicts.append(Verdict(ROLE, met, cite, text, cure))
    if act.once and facts.done(act.id):
        text = f"{act.label}已于{cn_day(state['last'][act.id]['on'])}办理"
        verdicts.append(Verdict("once", False, cite, text, "不能重复办理；有误的走更正或撤销"))
    stated = str(facts.data.get("on") or facts.on.isoformat())
    if in_future(stated, facts):
        text = f"办理时间{cn_moment(stated)}还没有到，现在是{cn_moment(now_of(facts))}"
        verdicts.append(Verdict("not-in-future", False, "", text, "填写实际办理的时间；现在办理的不用填"))
    if not act.today_only and facts.on.isoformat() < state.get("since", ""):
        text = f"办理时间{cn_day(facts.on)}早于案件进入本阶段的日期{cn_day(state['since'])}"
        verdicts.append(Verdict("in-order", False, "", text, "核对办理时间；先发生的事先登记"))
    if act.today_only and facts.on != today:
        text = f"{act.label}的日期只能是当天，填的是{cn_day(facts.on)}"
        verdicts.append(Verdict("today-only", False, "", text, "不能倒签，也不能预签"))
    return verdicts


def now_of(facts: Facts) -> str:
    """The present minute as forms state moments."""
    return facts.now.isoformat(timespec="minutes")[:16]


def in_future(stated: str, facts: Facts) -> bool:
    """Does a day, or a moment of one, lie after the present minute?"""
    return bool(stated) and stated > now_of(facts)[: len(stated)]


def _formats(facts: Facts) -> list[Verdict]:
    """The formats of the papers that the act makes are in use on its day: a retired one makes no paper."""
    verdicts = []
    for rule in (facts.pack.papers[kind] for kind in facts.act.papers):
        begins, ends = rule.effective_from, rule.effective_to
        if (begins and facts.on < begins) or (ends and facts.on > ends):
            since = f"{cn_day(begins)}才启用" if begins and facts.on < begins else f"已于{cn_day(ends)}停用"
            text = f"《{rule.label}》的格式（{rule.source or '本规则包'}第{rule.version}版）{since}"
            cure = "由系统管理员在规则包里换上现行的格式，本案再改用新的规则包"
            verdicts.append(Verdict("paper-format", False, str(rule.citation), text, cure))
    return verdicts


def _stage(act: Act, state: Mapping[str, Any], facts: Facts) -> Verdict:
    names = dict(facts.pack.procedures[state["procedure"]].stages)
    here = names.get(state["stage"], state["stage"])
    if "*" in act.stages:
        met = not state["closed"]
    else:
        met = state["stage"] in act.stages and (
            not state["closed"] or state["stage"] in ("closed", "archived")
        )
    wanted = "、".join(names[s] for s in act.stages if s in names) or "案件办结之前"
    return Verdict(
        "stage",
        met,
        str(act.citation),
        f"案件现在处于“{here}”，{act.label}在“{wanted}”时办理",
        "先完成前面的步骤，或选择现在可以办理的步骤",
    )


def blanks(facts: Facts) -> list[Verdict]:
    """What the act must be told and was not; under the article that asks for it, where the pack names one."""
    verdicts = []
    for item in facts.act.fields:
        if not item.required or (item.when and not holds(item.when, facts)):
            continue
        if facts.data.get(item.name) in (None, "", [], {}):
            section = facts.pack.sections.get(item.section)
            cite = item.article or (str(section.citation) if section else "")
            verdicts.append(
                Verdict(
                    f"field:{item.name}",
                    False,
                    cite,
                    f"没有填写“{item.label}”",
                    f"填写“{item.label}”后再提交",
                )
            )
    return verdicts
