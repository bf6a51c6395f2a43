"""抽查计划: what is looked at by chance, how much of it, with whom; approved by the head before anybody is drawn.

A plan names only items of the released 随机抽查事项清单, keeps to their ratio and frequency, and does not look twice at what
another plan looks at already: what can be merged is merged, what can be done jointly is done jointly.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from sanxiang.door.admin.rules import Change, admin_act, asked, backwards, unmet
from sanxiang.law.blocks import Citation
from sanxiang.law.drawing.order import LEAST, TOKEN
from sanxiang.law.guards import Verdict
from sanxiang.law.lists import Row, cell
from sanxiang.law.registers.figures import ratio_of, yearly_of
from sanxiang.people import roles
from sanxiang.people.models import Agency
from sanxiang.registers.inspection.drawn import APPROVE, DECLINE, PLAN, Plan, plans_in
from sanxiang.registers.releases import rows_in_force

NORM = "国办发〔2024〕54号"
ITEMS = Citation(NORM, "（节号待核）检查事项", "norm")
JOINTLY = Citation(NORM, "（节号待核）检查方式", "norm")
OFTEN = Citation(NORM, "（节号待核）检查频次", "norm")
COURSE = Citation(NORM, "（节号待核）检查程序", "norm")

RANDOM_ITEMS = "random-items"
NAMING = ("抽查事项", "事项名称", "内容")
PLANNERS = (roles.OFFICER, roles.UNIT_HEAD, roles.LEGAL_REVIEWER)
PLAN_FIELD = asked("plan", "抽查计划", longest=60)


def named_rows(agency: Agency, on: Any) -> dict[str, Row]:
    """The rows of the list in force, by what they look at. One query."""
    rows = rows_in_force(agency, RANDOM_ITEMS, on) or []
    return {name: row for row in rows if (name := cell(row, NAMING))}


def ratio_in(change: Change) -> Decimal | None:
    """The ratio of the plan as a number."""
    try:
        return Decimal(str(change.data.get("ratio") or "").rstrip("%％"))
    except InvalidOperation:
        return None


def sound_plan(change: Change) -> list[Verdict]:
    """Everything that a plan must be before it goes to the head."""
    verdicts = backwards(change, COURSE, "检查期间", "begins", "ends")
    number, ratio = str(change.data.get("number") or ""), ratio_in(change)
    plans = plans_in([change.agency.pk])
    if number and not TOKEN.fullmatch(number):
        verdicts.append(unmet("number", COURSE, "计划编号里有空格或者竖线", "去掉空格和竖线"))
    if any(one.number == number for one in plans):
        verdicts.append(unmet("number", COURSE, f"计划编号“{number}”已经用过", "换一个编号"))
    if change.data.get("ratio") and (ratio is None or not 0 < ratio <= 100):
        verdicts.append(unmet("ratio", COURSE, "抽查比例应为大于 0、不超过 100 的数", "填写百分数，如 5"))
    each = change.data.get("each")
    if each is not None and int(each) < LEAST:
        fact = f"每个对象派 {each} 名检查人员，少于 {LEAST} 名"
        verdicts.append(unmet("each", COURSE, fact, f"每个对象至少 {LEAST} 名"))
    return [*verdicts, *listed_items(change, ratio), *often_enough(change, plans), *apart(change, plans)]


def listed_items(change: Change, ratio: Decimal | None) -> Iterator[Verdict]:
    """Only what the released list names may be looked at, and not less of it than the list promises."""
    rows = named_rows(change.agency, change.day)
    for item in change.data.get("items") or ():
        if item not in rows:
            fact = f"“{item}”不在当日有效的随机抽查事项清单中，没有公布"
            yield unmet("item", ITEMS, fact, "从已公布的清单中选择；清单有遗漏的先发布新的版本")
            continue
        part = ratio_of(cell(rows[item], ("比例",)))
        least = None if part is None else (Decimal(str(part)) * 100).normalize()
        if least is not None and ratio is not None and ratio < least:
            fact = f"“{item}”公布的比例是“{cell(rows[item], ('比例',))}”，计划只抽 {ratio}%"
            yield unmet("ratio", ITEMS, fact, f"抽查比例不低于 {least:f}%")


def often_enough(change: Change, plans: list[Plan]) -> Iterator[Verdict]:
    """Not more often than the list says: so many times a year, or once in so many years."""
    rows, year = named_rows(change.agency, change.day), str(change.data.get("begins") or "")[:4]
    for item in change.data.get("items") or () if year else ():
        told = cell(rows.get(item, {}), ("频次",))
        most = yearly_of(told)
        if not most:
            continue
        span = max(1, round(1 / most))
        years = {str(int(year) - back) for back in range(span)}
        same = [
            one.number
            for one in plans
            if not one.idle and item in one.items and str(one.told.get("begins"))[:4] in years
        ]
        if len(same) >= most * span:
            within = f"{year}年" if span == 1 else f"{min(years)}年至{year}年"
            fact = f"“{item}”公布的频次是“{told}”，{within}已有计划 {'、'.join(same)}"
            yield unmet("frequency", OFTEN, fact, "与已有的计划合并，或者列入下一年度")


def apart(change: Change, plans: list[Plan]) -> Iterator[Verdict]:
    """Two plans for one thing at one time are one plan; another department's at the same time is a joint one."""
    for one in plans:
        shared = sorted({*(change.data.get("items") or ())} & {*one.items})
        if shared and not one.idle and meets(change, one):
            fact = f"计划 {one.number} 在同一期间已经检查“{'、'.join(shared)}”"
            yield unmet("merge", JOINTLY, fact, "能合并的不得重复检查：并入已有的计划")
    if change.data.get("separate_reason") or not change.agency.parent_id:
        return
    rows = Agency.objects.filter(parent=change.agency.parent_id).exclude(pk=change.agency.pk)
    names = dict(rows.values_list("pk", "name"))
    joined = "、".join(change.data.get("joint") or ())
    for one in plans_in(list(names)) if names else ():
        other = names[one.agency]
        if (
            one.approved
            and not one.idle
            and meets(change, one)
            and shares_trade(change, one)
            and other not in joined
        ):
            fact = f"{other}的计划 {one.number} 在同一期间检查同一行业的对象"
            cure = "列为联合检查的部门；确实不能联合的，写明“不能合并、联合的理由”"
            yield unmet("joint", JOINTLY, fact, cure)


def meets(change: Change, one: Plan) -> bool:
    """Do the two periods share a day?"""
    begins, ends = str(change.data.get("begins") or ""), str(change.data.get("ends") or "")
    first, last = str(one.told.get("begins") or ""), str(one.told.get("ends") or "")
    return bool(begins and ends and first and last) and begins <= last and first <= ends


def shares_trade(change: Change, one: Plan) -> bool:
    """Could both meet the same objects? A plan without a trade looks at all of them."""
    mine, theirs = ({*(told.get("trades") or ())} for told in (change.data, one.told))
    return not mine or not theirs or bool(mine & theirs)


def plan_named(change: Change) -> Plan | None:
    """The agency's plan that an act is about. Two queries."""
    number = str(change.data.get("plan") or "")
    return next((one for one in plans_in([change.agency.pk]) if one.number == number), None)


def known_plan(change: Change, *states: str) -> tuple[Plan | None, list[Verdict]]:
    """The plan, and what stands in the way where there is none or it is not at that point."""
    number, plan = str(change.data.get("plan") or ""), plan_named(change)
    if not number:
        return None, []
    if plan is None:
        return None, [unmet("plan", COURSE, f"没有编号为“{number}”的抽查计划", "照双随机页面填写计划编号")]
    if plan.state not in states:
        fact = f"计划 {number} 现在是“{plan.state}”"
        return plan, [unmet("state", COURSE, fact, f"计划在“{'、'.join(states)}”时才能办理这一步")]
    return plan, []


@admin_act(
    PLAN,
    "制定双随机抽查计划",
    PLANNERS,
    (
        asked("number", "计划编号", longest=60, help="如 2026-01，不含空格"),
        asked("name", "计划名称", longest=100),
        asked("items", "抽查事项", "multi", help="照已公布的随机抽查事项清单，几项用顿号隔开"),
        asked("ratio", "抽查比例（%）", longest=10, help="不低于清单公布的比例"),
        asked("each", "每个对象派几名检查人员", "number", default=LEAST),
        asked("trades", "行业范围", "multi", required=False, help="不填的，对象库里的都在范围内"),
        asked("department", "实施部门", longest=100),
        asked("joint", "联合检查的部门", "multi", required=False, help="能联合的不得多头检查"),
        asked("begins", "检查期间起", "date"),
        asked("ends", "检查期间止", "date"),
        asked("separate_reason", "不能合并、联合的理由", "longtext", required=False),
    ),
    COURSE,
    group="inspection",
    help="事项、比例、频次、部门和期间；机关负责人批准之后才公开，才能抽取",
    checks=sound_plan,
    secrecy="public",
)
def plan_draw(change: Change) -> None:
    """A plan is put before the head."""


@admin_act(
    APPROVE,
    "批准双随机抽查计划",
    (roles.AGENCY_HEAD,),
    (PLAN_FIELD, asked("opinion", "审批意见", "longtext", required=False)),
    COURSE,
    group="inspection",
    checks=lambda change: known_plan(change, "等待批准")[1],
    secrecy="case",
    public=("plan",),
)
def approve_plan(change: Change) -> None:
    """The head agrees."""


@admin_act(
    DECLINE,
    "不批准双随机抽查计划",
    (roles.AGENCY_HEAD,),
    (PLAN_FIELD, asked("opinion", "不批准的理由", "longtext")),
    COURSE,
    group="inspection",
    checks=lambda change: known_plan(change, "等待批准", "已批准")[1],
    secrecy="case",
    public=("plan",),
)
def decline_plan(change: Change) -> None:
    """The head does not agree, or takes it back before anything is committed to."""
