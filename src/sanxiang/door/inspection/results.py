"""抽查结果: what was found at each drawn object and what is done about it; then, by another act of another person, made public."""

import unicodedata
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.inspection.plans import COURSE, PLAN_FIELD, known_plan, plan_named
from sanxiang.door.inspection.tasks import PUBLICIZE, close, inside, recorded, roster_of
from sanxiang.door.pinned import current
from sanxiang.door.registers.open_words import ARTICLE, protected_in
from sanxiang.door.said import Told, said_by
from sanxiang.law.blocks import Citation
from sanxiang.law.drawing.pool import card_token
from sanxiang.law.guards import Verdict
from sanxiang.law.packs import Pack
from sanxiang.law.redact import redact
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.people.models import Agency, Certificate, Post, in_force
from sanxiang.registers.inspection.drawn import PUBLISH, RECORD, TAKEN_BACK, Plan
from sanxiang.speech import cn_day

CLOCK = Citation("政府信息公开条例", "第二十六条")
AUDIT = Citation("政府信息公开条例", "第十七条")
TARGET = asked("target", "抽查对象", longest=90, help="抽取结果中的对象代码")
ANONYMOUS = "当事人"


def codes_of(pack: Pack) -> dict[str, str]:
    """The codes of results, as the pack states them for the inspection itself."""
    item = pack.acts["conclude-inspection"].field("result_code")
    assert item is not None  # `pack check` would have refused
    return dict(item.options)


def records_in(agency: Agency) -> dict[tuple[str, str], dict[str, Any]]:
    """What was recorded last of each drawn object, by plan and target. Two queries."""
    return {key: said for key, (_, said) in recordings_in(agency).items()}


def recordings_in(agency: Agency) -> dict[tuple[str, str], Told]:
    """The same with the acts that said it."""
    rows = said_by((RECORD,), [agency.pk])
    return {(str(said["plan"]), str(said["target"])): (act, said) for act, said in rows if "target" in said}


def drawn_target(change: Change, *more: str) -> tuple[Plan | None, list[Verdict]]:
    """The plan is drawn and the object is one of those that were."""
    plan, verdicts = known_plan(change, "已抽取", *more)
    target = str(change.data.get("target") or "")
    if plan is None or verdicts or not target:
        return plan, verdicts
    if target not in {row[0] for row in plan.pairs}:
        return plan, [unmet("target", COURSE, f"“{target}”不是这次抽到的对象", "照抽取结果选择")]
    return plan, []


def sound_record(change: Change) -> list[Verdict]:
    """One of the two who were drawn says it, with a code of the set, of a day that has come."""
    plan, verdicts = drawn_target(change, TAKEN_BACK)
    day, code = change.data.get("inspected_on"), str(change.data.get("code") or "")
    if day and str(day) > change.day.isoformat():
        verdicts.append(unmet("day", COURSE, f"检查日期{cn_day(day)}还没有到", "填写实际检查的日期"))
    if plan and plan.drawn_at and day and str(day) < str(plan.drawn.get("on") or plan.drawn_at.date()):
        verdicts.append(unmet("day", COURSE, "检查日期早于抽取", "先抽取后检查，核对日期"))
    if code and code not in codes_of(current(change.agency.locality)):
        verdicts.append(unmet("code", COURSE, f"没有“{code}”这个结果代码", "照结果代码表选择"))
    case = str(change.data.get("case") or "").strip()
    if case and not Case.objects.filter(agency=change.agency, code=case).exists():
        found = Case.objects.filter(agency=change.agency, number=case).exists()
        verdicts += (
            [] if found else [unmet("case", COURSE, f"本机关没有编号为“{case}”的案件", "核对案件编号")]
        )
    return [*verdicts, *sent_there(change, plan)]


def sent_there(change: Change, plan: Plan | None) -> list[Verdict]:
    """Whoever was not drawn for the object has not inspected it."""
    target = str(change.data.get("target") or "")
    row = next((row for row in plan.pairs if row[0] == target), None) if plan else None
    if row is None or change.by is None:
        return []
    numbers = Certificate.objects.filter(person=change.by).values_list("number", flat=True)
    if {card_token(number) for number in numbers} & {*row[1:]}:
        return []
    fact = f"{change.by.name}不是抽到去检查这个对象的人员"
    return [unmet("drawn", COURSE, fact, "由抽到的检查人员登记")]


@admin_act(
    RECORD,
    "登记抽查结果",
    (roles.OFFICER, roles.UNIT_HEAD),
    (
        PLAN_FIELD,
        TARGET,
        asked("inspected_on", "检查日期", "date"),
        asked("code", "结果代码", longest=4),
        asked("finding", "检查情况", "longtext"),
        asked("handling", "查处结果", "longtext", help="没有问题的写“无需处理”"),
        asked("case", "检查案件", required=False, longest=120, help="立了检查案件的填立案号或者查询码"),
    ),
    COURSE,
    group="inspection",
    help="由抽到的检查人员登记；登记之后，公开人员按期公开",
    checks=sound_record,
    secrecy="case",
)
def record_result(change: Change) -> None:
    """An object was inspected."""
    plan = plan_named(change)
    assert plan is not None  # `sound_record` has refused
    target = str(change.data["target"])
    recorded(change, plan, target, roster_of(inside(plan))[target]["name"])


def can_publish(change: Change) -> list[Verdict]:
    """There is a result that is not public, by somebody else than who makes it so, with nobody's number in what is shown."""
    plan, verdicts = drawn_target(change)
    target = str(change.data.get("target") or "")
    if plan is None or verdicts or not target:
        return verdicts
    if target in {one.target for one in plan.results}:
        return [
            unmet("standing", CLOCK, "这个对象的结果已经公开", "有改动的，重新登记之后办理“更正抽查结果”")
        ]
    return fit_to_show(change, plan, target)


def fit_to_show(change: Change, plan: Plan, target: str) -> list[Verdict]:
    """What was recorded last and not told yet can be told: recorded by somebody else, and clean."""
    act, _ = recordings_in(change.agency).get((plan.number, target), (None, {}))
    before = next((one for one in plan.told_of if one.target == target), None)
    if act is None:
        return [unmet("record", CLOCK, "这个对象还没有登记抽查结果", "由抽到的检查人员先登记")]
    if before and act.at <= before.at:
        fact = f"{'撤回' if before.withdrawn else '公开'}之后没有重新登记抽查结果"
        return [unmet("record", CLOCK, fact, "由抽到的检查人员重新登记")]
    return [*by_another(change, act), *clean(published(change))]


def by_another(change: Change, act: Act) -> list[Verdict]:
    """Whoever inspected does not decide what is public of it, unless nobody else of the agency could."""
    if change.by is None or act.by != change.by.pk:
        return []
    posts = Post.objects.filter(
        in_force(change.day), agency=change.agency, role=roles.DISCLOSURE_APPROVER, person__active=True
    )
    if not posts.exclude(person=change.by).exists():
        return []
    fact = f"这个结果由{change.by.name}登记，公开由另一人办理"
    return [unmet("another", AUDIT, fact, "由本机关其他公开审批人办理")]


def clean(told: dict[str, Any]) -> list[Verdict]:
    """Nothing that goes out holds a protected number: what the rules did not find is not told."""
    labels = {"finding": "检查情况", "handling": "查处结果"}
    found = {label: protected_in(unicodedata.normalize("NFKC", told[key])) for key, label in labels.items()}
    return [
        unmet("public-fields.clean", ARTICLE, f"“{label}”含有{'、'.join(kinds)}", "重新登记，删去这些号码")
        for label, kinds in found.items()
        if kinds
    ]


def published(change: Change) -> dict[str, Any]:
    """What the public reads: as recorded, without the names of people."""
    plan = plan_named(change)
    assert plan is not None  # `can_publish` has refused
    target = str(change.data["target"])
    told = records_in(change.agency)[plan.number, target]
    name = roster_of(inside(plan))[target]["name"]
    person = target not in (plan.committed.get("names") or {})
    texts = {
        key: redact(str(told[key]).replace(name, ANONYMOUS) if person else str(told[key])).text
        for key in ("finding", "handling")
    }
    code = str(told["code"])
    label = codes_of(current(change.agency.locality)).get(code, code)
    shown = {"name": plan.name_of(target), "code": code, "label": label}
    return {**shown, **texts, "inspected_on": str(told["inspected_on"])}


@admin_act(
    PUBLISH,
    "公开抽查结果",
    (roles.DISCLOSURE_APPROVER,),
    (PLAN_FIELD, TARGET),
    CLOCK,
    group="inspection",
    help="抽查情况和查处结果逐个公开：对象、日期、情况、处理；自然人的姓名隐去",
    checks=can_publish,
    secrecy="public",
    adds=published,
)
def publish_result(change: Change) -> None:
    """One object's result is public."""
    plan = plan_named(change)
    assert plan is not None  # `can_publish` has refused
    close(change, plan, str(change.data["target"]), PUBLICIZE)
