"""公布、撤下流程图: what is published is what the desk executes, so nobody draws steps by hand that nobody follows."""

from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.pinned import current
from sanxiang.door.registers.open_words import words_unclean
from sanxiang.door.registers.releasing import released
from sanxiang.law.guards import Verdict
from sanxiang.law.registers.bases import BEFORE, basis_of
from sanxiang.law.registers.kinds import KINDS, RULES, label_of
from sanxiang.people import roles
from sanxiang.registers.before.charts import KIND, chart_rows, kinds_of, procedures_of, without
from sanxiang.registers.models import Release
from sanxiang.registers.releases import open_to_all, rows_in_force

PUBLISH, WITHDRAW = "publish-flowchart", "withdraw-register"
ENDED, CLOSED = "ended", "closed"
GROUNDS = {
    ENDED: "不再适用：以前各版照旧可以按日期查阅",
    CLOSED: "不应公开：以前各版全部停止对外公开",
}
PUBLISHERS = (roles.LEGAL_REVIEWER, roles.SYSTEM_ADMIN, roles.SUPERVISOR)


def code_of(change: Change) -> str:
    """The kind of act by its code or by the scheme's label."""
    given, kinds = str(change.data.get("act_type") or ""), kinds_of(current(change.agency.locality))
    return given if given in kinds else next((code for code, label in kinds.items() if label == given), "")


def drawable(change: Change) -> list[Verdict]:
    """The scheme knows this kind of act, and some procedure carries it out."""
    given, code, pack = change.data.get("act_type"), code_of(change), current(change.agency.locality)
    if given and not code:
        named = "、".join(kinds_of(pack).values())
        fact = f"“{given}”不是本地方案列出的执法类别"
        return [unmet("act-type", BEFORE, fact, f"从这几类里选：{named}")]
    if code and not procedures_of(pack, code):
        fact = f"本系统没有{kinds_of(pack)[code]}的办理程序，画不出流程图"
        return [unmet("procedure", BEFORE, fact, "由规则包补上这一类的程序之后再公布")]
    return []


@admin_act(
    PUBLISH,
    "公布流程图",
    PUBLISHERS,
    (
        asked("act_type", "执法类别", longest=40, help="方案列出的类别，每类一张"),
        asked(
            "unit", "哪个机构的", "unit", required=False, help="方案要求各股室画的选股室；不选的是全机关共用"
        ),
    ),
    BEFORE,
    group="registers",
    help="流程图由办案程序画出，公布的就是实际执行的步骤；程序有变化的再公布一次",
    checks=drawable,
    secrecy="case",
)
def publish_flowchart(change: Change) -> Release:
    """The steps of the procedures of one kind of act, beside the charts that are published already."""
    pack, code = current(change.agency.locality), code_of(change)
    unit = change.found["unit"].name if "unit" in change.found else ""
    kept = rows_in_force(change.agency, KIND, change.day) or []
    rows = without(kept, kinds_of(pack)[code], unit) + chart_rows(pack, code, unit)
    return released(change, KIND, label_of(pack, KIND), rows, f"{kinds_of(pack)[code]}{unit}")


def in_force_now(change: Change) -> list[Verdict]:
    """There is something published to take down."""
    kind = str(change.data.get("kind") or "")
    unclean = words_unclean(kind, "撤下理由", change.data.get("reason"))
    if not kind or rows_in_force(change.agency, kind, change.day):
        return unclean
    named, told = label_of(current(change.agency.locality), kind), "本机关没有公布《{}》"
    if change.data.get("ground") == CLOSED:
        earlier = Release.objects.filter(open_to_all(), register__agency=change.agency, register__kind=kind)
        if earlier.exclude(rows=[]).exists():
            return unclean
        told = "《{}》没有任何一版还对外公开"
    return [*unclean, unmet("published", basis_of(kind), told.format(named), "核对是哪一份清单")]


@admin_act(
    WITHDRAW,
    "撤下清单",
    PUBLISHERS,
    (
        asked("kind", "清单", "choice", options={**KINDS, **RULES}),
        asked("ground", "撤下的情形", "choice", options=GROUNDS),
        asked("reason", "撤下理由", "longtext", help="同日期一起公开，不写原来的内容"),
    ),
    BEFORE,
    group="registers",
    help="从当天起不再公布，原处公告日期和理由；机关内部仍然查得到各版",
    checks=in_force_now,
    secrecy="case",
)
def withdraw_register(change: Change) -> Release:
    """From today the list is empty, with the reason. What was in force earlier is told for its days, or to nobody."""
    kind = str(change.data["kind"])
    label = label_of(current(change.agency.locality), kind)
    closes = change.data["ground"] == CLOSED
    return released(change, kind, label, [], str(change.data["reason"]), closes=closes)
