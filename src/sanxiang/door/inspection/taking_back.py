"""撤回、更正: what was public of a random inspection and should not stand as it did. The public reads when and why."""

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.inspection.plans import PLAN_FIELD, plan_named
from sanxiang.door.inspection.results import TARGET, drawn_target, fit_to_show, published
from sanxiang.door.inspection.tasks import PUBLICIZE, close
from sanxiang.door.registers.open_words import ARTICLE, CURE, protected_in
from sanxiang.law.blocks import Citation
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.registers.inspection.drawn import CORRECT, WITHDRAW, WITHDRAW_PLAN

ACCURATE = Citation("政府信息公开条例", "第六条")
DECIDERS = (roles.DISCLOSURE_APPROVER, roles.AGENCY_HEAD)
REASON = asked("public_reason", "撤回理由", "longtext", help="同日期一起公开，不写原来的内容")


def sound_words(change: Change) -> list[Verdict]:
    """A reason or a note is public for ever: it holds nobody's number."""
    labels = {"public_reason": "撤回理由", "public_note": "更正说明"}
    return [
        unmet("clean-public-fields", ARTICLE, f"“{label}”含有{'、'.join(found)}", CURE)
        for name, label in labels.items()
        if (found := protected_in(str(change.data.get(name) or "")))
    ]


def standing(change: Change) -> list[Verdict]:
    """The object's result is public now."""
    plan, verdicts = drawn_target(change)
    target = str(change.data.get("target") or "")
    if plan is None or verdicts or not target or target in {one.target for one in plan.results}:
        return verdicts
    return [unmet("standing", ACCURATE, "这个对象没有正在公开的结果", "照双随机公示页面选择")]


def can_correct(change: Change) -> list[Verdict]:
    """It is public, and what was recorded since may be told by who corrects."""
    plan, verdicts = plan_named(change), [*sound_words(change), *standing(change)]
    if verdicts or plan is None or not change.data.get("target"):
        return verdicts
    return fit_to_show(change, plan, str(change.data["target"]))


@admin_act(
    CORRECT,
    "更正抽查结果",
    (roles.DISCLOSURE_APPROVER,),
    (
        PLAN_FIELD,
        TARGET,
        asked("public_note", "更正说明", "longtext", help="改了什么、为什么，同日期一起公开"),
    ),
    ACCURATE,
    group="inspection",
    help="抽到的检查人员重新登记之后办理；公示页面写明更正的日期和说明",
    checks=can_correct,
    secrecy="public",
    adds=published,
)
def correct_result(change: Change) -> None:
    """The result as it was recorded last stands in place of the one before, with a note."""
    plan = plan_named(change)
    assert plan is not None  # `can_correct` has refused
    close(change, plan, str(change.data["target"]), PUBLICIZE)


@admin_act(
    WITHDRAW,
    "撤回抽查结果",
    DECIDERS,
    (PLAN_FIELD, TARGET, REASON),
    ACCURATE,
    group="inspection",
    help="正文从公示页面、账本的公开字段中移除，公告日期和理由；改正之后可以重新登记、公开",
    checks=lambda change: [*sound_words(change), *standing(change)],
    secrecy="public",
)
def withdraw_result(change: Change) -> None:
    """One object's result is public no more."""


def can_withdraw_plan(change: Change) -> list[Verdict]:
    """The plan is public and not withdrawn."""
    plan, number = plan_named(change), str(change.data.get("plan") or "")
    if not number or (plan and plan.approved and not plan.withdrawn):
        return sound_words(change)
    fact = f"没有正在公开的抽查计划“{number}”"
    return [*sound_words(change), unmet("standing", ACCURATE, fact, "照双随机公示页面填写计划编号")]


@admin_act(
    WITHDRAW_PLAN,
    "撤回抽查计划的公示",
    DECIDERS,
    (PLAN_FIELD, REASON),
    ACCURATE,
    group="inspection",
    help="计划、名单、抽取和结果都不再公开，公告日期和理由；没有抽取的，不能再抽取，另行制定计划",
    checks=can_withdraw_plan,
    secrecy="public",
)
def withdraw_plan(change: Change) -> None:
    """Nothing of the plan is public any more; results that wait for publication wait no longer."""
    plan = plan_named(change)
    assert plan is not None  # `can_withdraw_plan` has refused
    for target, *_ in plan.pairs:
        close(change, plan, target, PUBLICIZE)
