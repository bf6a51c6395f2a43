"""What is next in a case: the flow picture with the step whose turn it is, and the acts that carry the case on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils import timezone

from sanxiang.cases.models import Case
from sanxiang.cases.templatetags.show import cn_date
from sanxiang.desk.lacking import lacks_of, stones
from sanxiang.desk.words import CLOSED
from sanxiang.door.models import Task
from sanxiang.door.perform import OpenAct
from sanxiang.law.calendar import Calendar
from sanxiang.law.course import Course, course, stage_picture
from sanxiang.law.facts import Actor, Facts
from sanxiang.law.packs import Pack
from sanxiang.law.rules import Act, Stage
from sanxiang.people.roles import OFFICER
from sanxiang.speech import role_name

NOBODY = Actor("", "")
STATES = {"done": "已完成", "now": "正在办理", "todo": "尚未办理", "skipped": "不经过"}
WAITS = "等当事人"


def facts_of(case: Case, pack: Pack, calendar: Calendar, now: datetime) -> Facts:
    """The case as the flowchart's conditions look at it."""
    act = next(iter(pack.acts_of(case.procedure)))
    moment = timezone.localtime(now)
    return Facts(
        pack=pack,
        act=act,
        state=case.state,
        data={},
        actor=NOBODY,
        on=moment.date(),
        now=moment,
        calendar=calendar,
    )


@dataclass(frozen=True)
class Way:
    """The case on its flowchart: the picture, and what each present step waits for and is carried on by."""

    pack: Pack
    state: Mapping[str, Any]
    flow: dict[str, Any]
    steps: tuple[tuple[Stage, Course], ...]


def way_of(case: Case, pack: Pack, calendar: Calendar, now: datetime) -> Way:
    """Where the case stands, and the same in a sentence for those who do not see the picture."""
    facts, rules = facts_of(case, pack, calendar, now), pack.stages_of(case.procedure)
    stages = stage_picture(rules, facts)
    passed = max((n for n, stage in enumerate(stages) if stage["state"] == "done"), default=-1)
    steps = tuple(
        (rule, course(rule, facts))
        for rule, stage in zip(rules, stages, strict=True)
        if stage["state"] == "now"
    )
    waits = {rule.id for rule, due in steps if due.heard and not due.due}
    for n, stage in enumerate(stages):
        stage["note"] = stage["actor"] if stage["state"] == "now" else ""
        if stage["id"] in waits:
            stage["note"] = WAITS
        if stage["state"] == "skipped" and n > passed and not case.closed:
            stage |= {"state": "todo", "note": "需要时"}  # what is not called for yet may still be
    by_state = {label: [s["label"] for s in stages if s["state"] == state] for state, label in STATES.items()}
    told = "；".join(f"{label}：{'、'.join(names)}" for label, names in by_state.items() if names)
    flow = {"title": pack.procedures[case.procedure].label, "stages": stages, "text": f"{told}。"}
    return Way(pack, case.state, flow, steps)


@dataclass
class Next:
    """What may be done: what is due first, what the party may say, then by group; and what stands in the way of the rest."""

    lead: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    lacking: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    far: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    lacks: list[dict[str, Any]] = field(default_factory=list)
    mine: bool = False
    turn: str = ""


def next_of(
    case: Case,
    found: Iterable[OpenAct],
    tasks: Iterable[Task],
    way: Way,
    held: frozenset[str] | None,
    handles: bool,
) -> Next:
    """Sort the acts: due, heard from the party, open, lacking something, another's, not now.

    `held` are the roles of whoever looks: what a step lacks is told to those who work on it; None sees all. `handles`:
    is the case in their hands? An officer's step that the law leaves to any officer may be taken by another one; it is
    the handlers' turn all the same.
    """
    acts = {one.act.id: one for one in found}
    waiting: dict[str, Task] = {}
    for task in tasks:
        waiting.setdefault(task.kind, task)  # of several the most urgent, which the form then has chosen
    wanted = wanted_of(acts, waiting, way)
    heard = [act for _, due in way.steps for act in due.heard]
    result, groups = Next(), defaultdict(list)
    for one in acts.values():
        asked = next((waiting[kind] for kind in asked_of(one, waiting)), None)
        drawn = act_of(case, one, asked)
        if not one.is_open:
            closed_into(result, one, drawn)
        elif one.act.id in wanted and (handles or by_others(one.act, held)):
            drawn["hint"] = drawn["hint"] or wanted[one.act.id]
            result.lead.append(drawn | {"order": list(wanted).index(one.act.id)})
        elif one.act.id in heard and (handles or by_others(one.act, held)):
            result.heard.append(drawn | {"order": heard.index(one.act.id)})
        else:
            groups[one.act.group].append(drawn)
    result.lead = led(sorted(result.lead, key=lambda act: act["order"]))
    result.heard.sort(key=lambda act: act["order"])
    result.groups = [{"label": label or "其他", "acts": acts} for label, acts in groups.items()]
    told_lacking(result, case, acts, way, held, handles)
    result.turn = turn_of(case, result, way)
    return result


def told_lacking(
    result: Next,
    case: Case,
    acts: Mapping[str, OpenAct],
    way: Way,
    held: frozenset[str] | None,
    handles: bool,
) -> None:
    """What the present steps lack, and whether whoever looks can do something about it."""
    mine = [due for rule, due in way.steps if held is None or works_on(rule, way.pack) & held]
    result.missing = list(dict.fromkeys(text for due in mine for text in due.missing))
    lacks = [x for x in lacks_of(case, acts, way.steps, way.pack) if x["verdict"].fact not in result.missing]
    result.lacks = [
        lack | {"mine": lack["mine"] and (handles or by_others(acts[lack["id"]].act, held))} for lack in lacks
    ]
    result.mine = any(lack["mine"] or any(one["href"] for one in lack["ways"]) for lack in result.lacks)


def by_others(act: Act, held: frozenset[str] | None) -> bool:
    """Is the act somebody's by another role of theirs than officer?"""
    return bool((held or frozenset()) & set(act.by) - {OFFICER})


def works_on(stage: Stage, pack: Pack) -> set[str]:
    """The roles that carry a step on or end it."""
    named = [*stage.done_by, *(item["act"] for item in (*stage.next, *stage.hears))]
    acts = (pack.acts.get(name.partition(":")[0]) for name in named)
    return {role for act in acts if act is not None for role in act.by}


def closed_into(result: Next, one: OpenAct, drawn: dict[str, Any]) -> None:
    """Where an act that is not open belongs: not at this stage, another's, or short of something. What else another's act
    lacks is for that other to hear."""
    guards = {verdict.guard for verdict in one.unmet}
    if guards & {"stage", "once"}:
        # Whose step it is does not matter before it is anybody's.
        result.far.append(drawn | {"verdicts": [v for v in one.unmet if v.guard != "role"]})
    elif "role" in guards:
        result.others.append({"label": drawn["label"], "whose": "、".join(map(role_name, one.act.by))})
    else:
        result.lacking.append(drawn)


def led(acts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first one stands out; what is said of several is said once."""
    for n, act in enumerate(acts):
        act["primary"] = n == 0
    for before, act in reversed(list(pairwise(acts))):
        if act["hint"] == before["hint"]:
            act |= {"hint": "", "due": ""}
    return acts


def wanted_of(acts: Mapping[str, OpenAct], waiting: Mapping[str, Task], way: Way) -> dict[str, str]:
    """Acts that carry the case on, in order, each with what it is good for: those due in the present steps, those that
    close an open task of their own role in another way than a due one, those whose record the step must leave, and those
    that all of these still wait for."""
    due = [act for _, step in way.steps for act in step.due if act in acts]
    planned = {kind for act in due for kind in asked_of(acts[act], waiting)}
    closing = [
        key for key, one in acts.items() if answers(one, waiting) and not planned & set(one.act.closes)
    ]
    closing.sort(
        key=lambda key: key not in waiting
    )  # what the task is called after comes before what also ends it
    wanted = dict.fromkeys([*due, *closing], "")
    planned |= {item["act"] for stage, _ in way.steps for item in (*stage.next, *stage.hears)}
    for record in [record for stage, _ in way.steps for record in stage.records]:
        names = {str(act).partition("+")[0].partition(":")[0] for act in record["acts"]}
        if not names & planned and not any(act in way.state["last"] for act in record["acts"]):
            fresh = [act for act in record["acts"] if act in acts and act not in wanted]
            wanted |= dict.fromkeys(fresh, f"本环节要有{record['label']}")
    for _ in range(2):
        for key in [key for key in wanted if is_near(acts[key])]:
            for stone in stones_of(acts[key], way.pack, way.state):
                if stone in acts:
                    wanted.setdefault(stone, f"办了之后才能{acts[key].act.label}")
    return wanted


def answers(one: OpenAct, waiting: Mapping[str, Task]) -> bool:
    """Does the act do what an open task asks of somebody in a role that may do it?

    A head may drop a case that officers are to investigate; that is no reason to lead the head there.
    """
    return bool(asked_of(one, waiting))


def asked_of(one: OpenAct, waiting: Mapping[str, Task]) -> list[str]:
    """The open tasks that ask for this act: those that it closes, of a role that may do it. Others it only makes idle."""
    return [kind for kind in one.act.closes if kind in waiting and waiting[kind].role in one.act.by]


def is_near(one: OpenAct) -> bool:
    """Is the act kept back by something other than the stage of the case?"""
    return not one.is_open and "stage" not in {verdict.guard for verdict in one.unmet}


def stones_of(one: OpenAct, pack: Pack, state: Mapping[str, Any]) -> list[str]:
    """Acts that would remove what stands in an act's way; nobody is sent to serve a paper that is not made yet."""
    rules = {rule.id: rule for rule in pack.guards}
    found: list[str] = []
    for verdict in one.unmet:
        rule = rules.get(verdict.guard)
        if rule is not None and rule.args.get("paper", "") in ("", *state["papers"]):
            found += stones(rule, pack)
    return found


def act_of(case: Case, one: OpenAct, task: Task | None) -> dict[str, Any]:
    """One act as the part draws it."""
    hint = f"待办：{task.title}" if task else one.act.help
    due = f"{cn_date(task.due)}前" if task and task.due else ""
    return {
        "label": one.act.label,
        "href": f"/desk/cases/{case.id}/acts/{one.act.id}/",
        "open": one.is_open,
        "hint": hint,
        "due": due,
        "verdicts": one.unmet,
    }


def turn_of(case: Case, found: Next, way: Way) -> str:
    """Whose turn it is, in a sentence."""
    if case.closed and not found.lead:
        return f"本案{CLOSED.get(case.closed, '已办结')}。"
    now = [stage for stage in way.flow["stages"] if stage["state"] == "now"]
    told = "；".join(
        f"“{stage['label']}”，{stage['note']}"
        if stage["note"] == WAITS
        else f"“{stage['label']}”，由{stage['actor']}办理"
        for stage in now
    )
    here = f"现在的环节是{told}。" if now else ""
    blocked = next((lack["act"] for lack in found.lacks if lack["mine"]), "")
    if found.lead:
        return f"轮到您办：{found.lead[0]['label']}。{here}"
    return f"轮到您办：{blocked}，先补齐下面的条件。{here}" if blocked else here
