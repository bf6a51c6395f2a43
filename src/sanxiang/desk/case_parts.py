"""The parts of a case page, each from the state that the acts have left: nothing here asks the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import timezone

from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.templatetags.show import cn_date, yuan
from sanxiang.desk.history import Step
from sanxiang.desk.words import CLOSED, OUTCOMES, PAYMENTS, PROPERTY, PUBLICATION, TONES, Words, size_text
from sanxiang.door.models import Task
from sanxiang.door.perform import OpenAct
from sanxiang.door.sight import ORDINARY, Sight
from sanxiang.law.calendar import Calendar
from sanxiang.law.dossier import changed
from sanxiang.law.facts import Actor, Facts
from sanxiang.law.money import owed, paid, plain
from sanxiang.law.packs import Pack
from sanxiang.law.procedure import stage_picture
from sanxiang.law.scope import hearing_reasons, major_reasons
from sanxiang.speech import role_name

NOBODY = Actor("", "")
STATES = {"done": "已完成", "now": "正在办理", "todo": "尚未办理", "skipped": "不经过"}


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


def flow_of(case: Case, pack: Pack, calendar: Calendar, now: datetime) -> dict[str, Any]:
    """The flowchart with where the case stands, and the same in a sentence for those who do not see it."""
    stages = stage_picture(pack.stages_of(case.procedure), facts_of(case, pack, calendar, now))
    passed = max((n for n, stage in enumerate(stages) if stage["state"] == "done"), default=-1)
    for n, stage in enumerate(stages):
        stage["note"] = stage["actor"] if stage["state"] == "now" else ""
        if stage["state"] == "skipped" and n > passed and not case.closed:
            stage |= {"state": "todo", "note": "需要时"}  # what is not called for yet may still be
    by_state = {label: [s["label"] for s in stages if s["state"] == state] for state, label in STATES.items()}
    told = "；".join(f"{label}：{'、'.join(names)}" for label, names in by_state.items() if names)
    return {"title": pack.procedures[case.procedure].label, "stages": stages, "text": f"{told}。"}


def stage_label(case: Case, pack: Pack) -> str:
    """Where the case stands, or how it ended where that was not by 结案."""
    if case.closed and case.closed != "closed":
        return CLOSED.get(case.closed, case.closed)
    return dict(pack.procedures[case.procedure].stages).get(case.stage, case.stage)


def summary_of(case: Case, pack: Pack, words: Words) -> list[dict[str, Any]]:
    """The case in a few lines."""
    facts = case.state["facts"]
    party = pack_field(pack, case.procedure, "party")
    handlers = "、".join(words.name(h) for h in case.state["handlers"])
    happened = "至".join(cn_date(str(facts[n])) for n in ("occurred_on", "occurred_until") if facts.get(n))
    return [
        {"label": "立案号", "value": case.number or "尚未立案"},
        {"label": "当事人", "value": words.value(party, facts.get("party")) if party else case.party},
        {"label": "案由", "value": facts.get("cause") or "—"},
        {
            "label": "违法行为",
            "value": "，".join(x for x in (happened, str(facts.get("occurred_at") or "")) if x) or "—",
        },
        {"label": "承办人", "value": handlers or "尚未确定"},
        {"label": "承办机构", "value": f"{case.agency.name}{case.unit.name if case.unit else ''}"},
        {
            "label": "程序和阶段",
            "value": f"{pack.procedures[case.procedure].label}，{stage_label(case, pack)}",
        },
        {"label": "当事人查询码", "value": case.code, "sub": "告知当事人后，可以在公示平台查询本案进度"},
    ]


def brief_of(case: Case, pack: Pack) -> list[dict[str, str]]:
    """Which case it is, beside a form; of a case that is yet to be, only where it will belong."""
    facts = case.state["facts"]
    procedure = {"label": "程序", "value": pack.procedures[case.procedure].label}
    if not case.n:
        place = f"{case.agency.name}{case.unit.name if case.unit else ''}"
        return [procedure, {"label": "承办机构", "value": place}]
    return [
        {"label": "案件", "value": case.number or case.title},
        {"label": "当事人", "value": case.party or "—"},
        {"label": "案由", "value": str(facts.get("cause") or "—")},
        procedure,
        {"label": "阶段", "value": stage_label(case, pack)},
    ]


def pack_field(pack: Pack, procedure: str, name: str) -> Any:
    """The first field of that name in the procedure's acts."""
    return next((f for act in pack.acts_of(procedure) for f in act.fields if f.name == name), None)


def gate_of(case: Case, pack: Pack, today: date) -> dict[str, Any]:
    """Major or not, with every reason and article; hearing due or not; how the review stands."""
    major, hearing = major_reasons(pack, case.state, today), hearing_reasons(pack, case.state, today)
    summary = case.procedure == "summary"
    return {
        "major": bool(major),
        "reasons": major,
        "hearing": hearing,
        "review": review_text(case),
        "applies": not summary,
        "why_not": "适用简易程序，不属于应当法制审核的范围。"
        if summary
        else "按现有情况，没有触发应当法制审核的情形。",
    }


def review_text(case: Case) -> str:
    """How the legal review stands, and which act voided it if one did."""
    review = case.state["review"]
    if not review.get("parts"):
        return ""
    moved, stale = changed(case.state), review.get("stale") or {}
    outcome = OUTCOMES.get(review.get("outcome", ""), review.get("outcome") or "等待审核意见")
    text = f"第{review['round']}轮：{outcome}" + (f"（{cn_date(review['on'])}）" if review.get("on") else "")
    if moved:
        text += f"。之后{'、'.join(moved)}有变动（{stale.get('label', '')}，{cn_date(stale.get('on'))}），意见已失效，须重新提交"
    return text


@dataclass
class Next:
    """What may be done: what waits first, then by group; and what stands in the way of the rest."""

    lead: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    lacking: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    far: list[dict[str, Any]] = field(default_factory=list)
    turn: str = ""


def next_of(
    case: Case, found: Iterable[OpenAct], tasks: Iterable[Task], flow: Mapping[str, Any], pack: Pack
) -> Next:
    """Sort the acts: waited for, open, lacking something, another's, not now."""
    acts = {one.act.id: one for one in found}
    waiting = {task.kind: task for task in tasks}
    wanted = wanted_of(acts, waiting, flow, pack, case.state)
    result, groups = Next(), defaultdict(list)
    for one in acts.values():
        task = next((waiting[kind] for kind in one.act.closes if kind in waiting), None)
        drawn = act_of(case, one, task)
        guards = {verdict.guard for verdict in one.unmet}
        if one.is_open and one.act.id in wanted:
            result.lead.append(
                drawn | {"hint": drawn["hint"] or wanted[one.act.id], "order": list(wanted).index(one.act.id)}
            )
        elif one.is_open:
            groups[one.act.group].append(drawn)
        elif guards & {"stage", "once"}:
            result.far.append(drawn)
        elif "role" in guards:
            result.others.append(drawn | {"hint": f"由{'、'.join(map(role_name, one.act.by))}办理"})
        else:
            result.lacking.append(drawn)
    result.lead = led(sorted(result.lead, key=lambda act: act["order"]))
    result.groups = [{"label": label or "其他", "acts": acts} for label, acts in groups.items()]
    result.turn = turn_of(case, result.lead, flow)
    return result


def led(acts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first one stands out; what is said of several is said once."""
    for n, act in enumerate(acts):
        act["primary"] = n == 0
    for before, act in reversed(list(pairwise(acts))):
        if act["hint"] == before["hint"]:
            act |= {"hint": "", "due": ""}
    return acts


CURED_BY = {
    "paper-served": "serve",
    "served-or-approved": "serve",
    "review-passed": "pin-review",
    "property-settled": "property-out",
    "fine-settled": "pay",
    "late-fine-settled": "pay",
}
"""Conditions that an act with this effect brings about."""


def wanted_of(
    acts: Mapping[str, OpenAct],
    waiting: Mapping[str, Task],
    flow: Mapping[str, Any],
    pack: Pack,
    state: Mapping[str, Any],
) -> dict[str, str]:
    """Acts that carry the case on, in order, each with what it is good for: those that close an open task of their own
    role, those that complete the present stage, and those that the former two still wait for."""
    here = {s["id"] for s in flow["stages"] if s["state"] == "now"}
    stages = [stage for stage in pack.stages if stage.id in here]
    closing = [key for key, one in acts.items() if answers(one, waiting)]
    wanted = dict.fromkeys([*closing, *(act for stage in stages for act in stage.done_by if act in acts)], "")
    for record in [record for stage in stages for record in stage.records]:
        if not any(act in state["last"] for act in record["acts"]):
            fresh = [act for act in record["acts"] if act in acts and act not in wanted]
            wanted |= dict.fromkeys(fresh, f"本环节要有{record['label']}")
    for _ in range(2):
        for key in [key for key in wanted if is_near(acts[key])]:
            for stone in stones_of(acts[key], pack, state):
                if stone in acts:
                    wanted.setdefault(stone, f"办了之后才能{acts[key].act.label}")
    return wanted


def answers(one: OpenAct, waiting: Mapping[str, Task]) -> bool:
    """Does the act do what an open task asks of somebody in a role that may do it?

    A head may drop a case that officers are to investigate; that is no reason to lead the head there.
    """
    return any(waiting[kind].role in one.act.by for kind in one.act.closes if kind in waiting)


def is_near(one: OpenAct) -> bool:
    """Is the act kept back by something other than the stage of the case?"""
    return not one.is_open and "stage" not in {verdict.guard for verdict in one.unmet}


def stones_of(one: OpenAct, pack: Pack, state: Mapping[str, Any]) -> list[str]:
    """Acts that would remove what stands in an act's way; nobody is sent to serve a paper that is not made yet."""
    rules = {rule.id: rule for rule in pack.guards}
    found: list[str] = []
    for verdict in one.unmet:
        rule = rules.get(verdict.guard)
        if rule is None or rule.args.get("paper", "") not in ("", *state["papers"]):
            continue
        named = {"act-done": "acts", "answered": "by"}.get(rule.needs)
        found += [str(act).partition(":")[0] for act in rule.args.get(named, ())] if named else []
        if effect := CURED_BY.get(rule.needs):
            found += [act.id for act in pack.acts.values() if any(e["do"] == effect for e in act.effects)]
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


def turn_of(case: Case, lead: list[dict[str, Any]], flow: Mapping[str, Any]) -> str:
    """Whose turn it is, in a sentence."""
    if case.closed and not lead:
        return f"本案{CLOSED.get(case.closed, '已办结')}。"
    now = next((stage for stage in flow["stages"] if stage["state"] == "now"), None)
    stage = f"现在的环节是“{now['label']}”，由{now['actor']}办理。" if now else ""
    return f"轮到您办：{lead[0]['label']}。{stage}" if lead else stage


def papers_of(
    case: Case, papers: Iterable[Paper], steps: Iterable[Step], pack: Pack, sight: Sight
) -> list[dict[str, Any]]:
    """The papers, newest first; one that prints what these eyes may not see has no links."""
    said = {step.act.id: [o.name for o in step.openings if o.secrecy not in ORDINARY] for step in steps}
    return [paper_of(case, p, sight.paper(pack, p.kind, said.get(p.act, ()))) for p in papers]


def paper_of(case: Case, paper: Paper, readable: bool) -> dict[str, Any]:
    """One paper as the part draws it."""
    here = f"/desk/cases/{case.id}/papers/{paper.id}"
    card = {
        "title": paper.label,
        "number": paper.number,
        "state": paper.status,
        "at": paper.issued_on,
        "by": "制作于",
    }
    if not readable:
        return card | {"note": "文书中有应当隐去的内容，只有本案承办人和负责人等有权查看的人员可以打开"}
    return card | {"href": f"{here}/", "pdf_href": f"{here}.pdf", "docx_href": f"{here}.docx"}


def evidence_of(
    case: Case, rows: Iterable[Evidence], steps: Iterable[Step], pack: Pack, sight: Sight
) -> list[dict[str, Any]]:
    """The evidence list as the review pins it: files with a link, records by the step that made them."""
    files = {(row.n, row.digest): row for row in rows}
    made = {step.act.n: step for step in steps}
    kinds = {
        code: label for act in pack.acts.values() if (f := act.field("kind")) for code, label in f.options
    }
    listed = []
    for piece in case.state["evidence"]:
        row, step = files.get((piece["n"], piece["digest"])), made.get(piece["n"])
        kind = kinds.get(piece["kind"]) or getattr(pack.papers.get(piece["kind"]), "label", "记录")
        card: dict[str, Any] = {
            "name": step.values.get("title") or step.act.label if step else kind,
            "kind": kind,
        }
        card |= {"by": f"第{piece['n']}步" + (f" {step.act.by_name}" if step else "")}
        if row is not None:
            card |= {
                "name": row.title or row.filename,
                "size": size_text(row.size),
                "digest": row.digest,
                "note": row.filename,
            }
            card |= (
                {"href": f"/desk/cases/{case.id}/evidence/{row.id}/"}
                if sight.may(row.secrecy)
                else {"hidden": "文件已隐去"}
            )
        listed.append(card)
    return listed


def property_of(case: Case) -> dict[str, Any]:
    """Things in care, from receipt to return or disposal."""
    rows = [
        {
            "cells": [
                {"text": p["id"]},
                {"text": p.get("name", ""), "sub": p.get("spec", "")},
                {"text": p.get("quantity", "")},
                {"text": p.get("stored") or p.get("feature") or "—"},
                {"text": PROPERTY.get(p["status"], p["status"])},
            ]
        }
        for p in case.state["property"]
    ]
    columns = [{"label": x} for x in ("编号", "名称", "数量", "存放处、特征", "现状")]
    return {"caption": "涉案财物", "columns": columns, "rows": rows, "total": len(rows)}


def money_of(case: Case) -> dict[str, Any]:
    """What is owed and what has come in."""
    rows = [
        {
            "cells": [
                {"text": text}
                for text in (
                    cn_date(p["on"]),
                    PAYMENTS[p["kind"]],
                    p.get("receipt") or "—",
                    yuan(p["amount"]),
                )
            ]
        }
        for p in case.state["payments"]
    ]
    due, come = owed(case.state), paid(case.state)
    left = max(due - come, Decimal(0))
    totals = ["合计", f"应缴{yuan(plain(due))}", f"尚欠{yuan(plain(left))}", f"已缴{yuan(plain(come))}"]
    columns = [{"label": "日期"}, {"label": "款项"}, {"label": "票据号"}, {"label": "金额", "num": True}]
    return {
        "caption": "罚没款缴纳",
        "columns": columns,
        "rows": rows,
        "totals": totals if rows else None,
        "owed": due,
        "left": left,
    }


def publication_of(case: Case) -> dict[str, str]:
    """How the publication stands."""
    status = str(case.state["publication"].get("status", ""))
    return {
        "label": PUBLICATION.get(status, "尚未公示"),
        "tone": TONES.get(status, "plain"),
        "href": f"/desk/publications/{case.id}/",
    }
