"""Registers 清单: a dated release is one act. What was in force on an earlier day stays what it was."""

from collections.abc import Mapping
from typing import Any

from sanxiang.door.admin.rules import Change, admin_act, asked, given_day, unmet
from sanxiang.door.pinned import current
from sanxiang.law.blocks import Citation
from sanxiang.law.drawing import pool
from sanxiang.law.drawing.ratio import CAP, CAPPED, CAPS, cap_fault
from sanxiang.law.guards import Verdict
from sanxiang.law.lists import ITEM, LEAST, MOST, Row, amount_of, cell
from sanxiang.law.packs import Pack
from sanxiang.law.recording import metadata
from sanxiang.law.recording.matrix import MATRIX
from sanxiang.ledger.leaf import digest_of
from sanxiang.people import roles
from sanxiang.registers.before import guides, windows
from sanxiang.registers.models import Register, Release
from sanxiang.speech import cn_day

PUBLISHED = Citation("行政处罚法", "第三十九条")

KINDS = {
    "items": "行政执法事项清单",
    "subjects": "行政执法主体资格清单",
    "random-items": "随机抽查事项清单",
    "guide": "行政执法服务指南",
    "window": "窗口岗位公示",
    "av-items": "音像记录事项清单",
    MATRIX: "记录环节表",
    metadata.STANDARD: "记录信息规范",
    "monitor-sites": "电子技术监控设备设置地点清单",
    "review-catalogue": "重大执法决定法制审核目录清单",
    "benchmarks": "行政处罚裁量基准",
    "officers": "行政执法人员清单",
    "charges": "收费（征收）目录清单",
    CAPS: "检查事项与频次上限清单",
    pool.OBJECTS: "检查对象库",
    pool.INSPECTORS: "检查人员库",
}
COLUMNS = {
    "items": ("事项编码", "事项名称", "依据", "违反条款", LEAST, MOST),
    "subjects": (
        "执法主体机构名称",
        "机构性质",
        "经费来源",
        "队伍编制状况",
        "主体类别",
        "执法职责和权限",
        "法定代表人",
        "单位地址",
        "投诉举报电话",
    ),
    "random-items": ("抽查主体", "依据", "对象", "内容", "比例", "方式", "频次"),
    "av-items": ("音像记录事项", "记录方式"),
    MATRIX: ("环节", "内容", "方式", "载体"),
    metadata.STANDARD: metadata.COLUMNS,
    "monitor-sites": ("点位编号", "设置地点", "设备型号", "检定有效期", "公布日期"),
    "review-catalogue": ("事项名称", "执法类别"),
    "benchmarks": ("违法行为", "处罚依据", "违法情节", "裁量幅度", LEAST, MOST),
    "officers": ("姓名", "单位", "职务", "证件编号", "执法类别", "执法区域"),
    windows.KIND: (windows.WINDOW, windows.PLACE, windows.MODE),
    "charges": ("项目编码", "项目名称", "收费标准", "计费单位", "收费依据", "资金管理方式", "入库级次"),
    CAPS: ("检查事项", "依据", "检查标准", CAP),
    pool.OBJECTS: pool.OBJECT_COLUMNS,
    pool.INSPECTORS: pool.INSPECTOR_COLUMNS,
}
"""What every list of a kind has, before a locality's scheme adds its own columns."""

NAMING = {
    "items": ITEM,
    "subjects": ("执法主体机构名称",),
    "benchmarks": ("违法行为",),
    "officers": ("姓名",),
    "charges": ("项目名称",),
    CAPS: CAPPED,
    pool.OBJECTS: (pool.NAME,),
    pool.INSPECTORS: (pool.CARD,),
    windows.KIND: (windows.WINDOW,),
}
"""The columns of which one must be filled in for a row to be of any use: acts ask registers by them."""

WHOLE_ROWS = (MATRIX,)
"""Registers of which every column must be filled in: a record without its carrier is nobody's duty."""

RANGE_CURE = "填写以元为单位的数，如 20000 或者 2万；没有下限或者上限的，那一格留空"
MOST_ROWS = 5000
MOST_TOLD = 20


def columns_of(pack: Pack, kind: str) -> tuple[tuple[str, bool], ...]:
    """The columns of a register in one locality, each with whether the scheme demands it."""
    listed = pack.listed(kind)
    demanded = {*listed.get("required", ()), *NAMING.get(kind, ())[:1]}
    scheme = tuple(listed.get("fields", ()))
    demanded |= {*COLUMNS[kind], *scheme} if kind in WHOLE_ROWS else set()
    # A window that lacks its sign is entered as it is and listed as lacking: what is not on record cannot be put right.
    demanded = {*NAMING[kind]} if kind == windows.KIND else demanded
    # Where the scheme words the matters itself, its own columns stand for ours.
    ours = COLUMNS.get(kind, ()) if kind in NAMING or not scheme else ()
    more = guides.MORE if kind == guides.KIND else ()
    return tuple((name, name in demanded) for name in dict.fromkeys((*ours, *scheme, *more)))


def label_of(pack: Pack, kind: str) -> str:
    """What the locality calls this register."""
    return str(pack.listed(kind).get("label") or KINDS.get(kind, kind))


def sound_release(change: Change) -> list[Verdict]:
    """Rows that say what the scheme demands, and a day not before the last release: the past stays as it was."""
    data = change.data
    verdicts = row_faults(current(change.agency.locality), data.get("kind", ""), data.get("rows") or [])
    begins = data.get("in_force_from")
    last = (
        Release.objects.filter(register__agency=change.agency, register__kind=data.get("kind", ""))
        .order_by("-in_force_from")
        .values_list("in_force_from", flat=True)
        .first()
    )
    if begins and last and str(begins) < str(last):
        fact = f"施行日期{cn_day(begins)}早于现行版本的{cn_day(last)}，会改变以往某日有效的内容"
        verdicts.append(unmet("in-force-from", PUBLISHED, fact, "填写现行版本施行之日或者更晚的日期"))
    return verdicts


def row_faults(pack: Pack, kind: str, rows: list[Mapping[str, Any]]) -> list[Verdict]:
    """What is wrong with single rows: demanded columns that are blank, the same matter twice."""
    verdicts: list[Verdict] = []
    seen: dict[str, int] = {}
    if len(rows) > MOST_ROWS:
        verdicts.append(
            unmet("rows", PUBLISHED, f"有 {len(rows)} 行，最多 {MOST_ROWS} 行", "分成几份清单发布")
        )
    naming = NAMING.get(kind, ())
    for number, row in enumerate(rows[:MOST_ROWS], 1):
        lacking = [
            name
            for name, demanded in columns_of(pack, kind)
            if demanded and not any(row.get(k) for k in (naming if name in naming else guides.alike(name)))
        ]
        if lacking:
            fact = f"第 {number} 行没有填写“{'、'.join(lacking)}”"
            verdicts.append(unmet(f"row:{number}", PUBLISHED, fact, "补填后重新提交"))
        if kind == guides.KIND and (fault := guides.plain_fault(pack, row)):
            verdicts.append(unmet(f"row:{number}", PUBLISHED, f"第 {number} 行{fault}", guides.PLAIN_CURE))
        named = cell(row, naming)
        if kind == "items" and named and seen.setdefault(named, number) != number:
            fact = f"第 {number} 行“{named}”与第 {seen[named]} 行重复"
            verdicts.append(unmet(f"row:{number}", PUBLISHED, fact, "删去其中一行"))
        if kind == metadata.STANDARD and (words := metadata.unknown_fields(row)):
            fact = f"第 {number} 行“{metadata.CAPTURE}”里的“{'、'.join(words)}”不是上传时能够填写的信息"
            cure = f"写{'、'.join(metadata.FIELDS.values())}中的一项或者几项，用顿号隔开"
            verdicts.append(unmet(f"row:{number}", PUBLISHED, fact, cure))
        if fault := library_fault(kind, row):
            verdicts.append(unmet(f"row:{number}", PUBLISHED, f"第 {number} 行{fault}", "改正这一行再提交"))
        if fault := range_fault(row):
            verdicts.append(unmet(f"row:{number}", PUBLISHED, f"第 {number} 行{fault}", RANGE_CURE))
    return told_few(verdicts)


def library_fault(kind: str, row: Row) -> str:
    """What keeps a row of the two libraries of 双随机 from being drawn, or a cap from being counted against."""
    judges = {CAPS: cap_fault, pool.OBJECTS: pool.object_fault, pool.INSPECTORS: pool.inspector_fault}
    judge = judges.get(kind)
    return judge(row) if judge else ""


def range_fault(row: Row) -> str:
    """What keeps a row's range of fines from being held against a decision; empty where it can be, or states none."""
    told = {name: cell(row, (name,)) for name in (LEAST, MOST)}
    sums = {name: amount_of(text) for name, text in told.items()}
    for name, text in told.items():
        if text and sums[name] is None:
            return f"“{name}”写的“{text[:20]}”不是金额"
    least, most = sums[LEAST], sums[MOST]
    if least is not None and most is not None and least > most:
        return f"罚款下限 {told[LEAST]} 大于罚款上限 {told[MOST]}"
    return ""


def told_few(verdicts: list[Verdict]) -> list[Verdict]:
    """So many as anybody reads, and how many more there are: a list pasted twice has thousands."""
    if len(verdicts) <= MOST_TOLD:
        return verdicts
    fact = f"还有 {len(verdicts) - MOST_TOLD} 处同样的问题"
    return [*verdicts[:MOST_TOLD], unmet("rows", PUBLISHED, fact, "逐行核对后重新提交")]


@admin_act(
    "release-register",
    "发布清单版本",
    (roles.LEGAL_REVIEWER, roles.SYSTEM_ADMIN, roles.SUPERVISOR),
    (
        asked("kind", "清单", "choice", options=KINDS),
        asked("label", "清单名称", required=False, longest=120, help="不填就用本地方案的名称"),
        asked("in_force_from", "施行日期", "date", help="从这一天起以本版为准，直到下一版施行"),
        asked("rows", "内容", "rows"),
        asked("note", "说明", "longtext", required=False),
    ),
    PUBLISHED,
    group="registers",
    help="发布之后不能修改，内容有变的再发布新的版本",
    checks=sound_release,
    target="kind",
    secrecy="case",
)
def release_register(change: Change) -> Release:
    """A dated release of a register; the releases before it stay."""
    data = change.data
    label = data.get("label") or label_of(current(change.agency.locality), data["kind"])
    return released(change, data["kind"], label, list(data["rows"]), data.get("note") or "")


def released(change: Change, kind: str, label: str, rows: list[Any], note: str = "") -> Release:
    """The next version of a register, in force from the day that the act names, or from the day of the act."""
    begins = change.data.get("in_force_from")
    register, fresh = Register.objects.get_or_create(
        agency=change.agency,
        kind=kind,
        defaults={"label": label, "n": change.n, "head": change.agency.head},
    )
    version = 1 if fresh else Release.objects.filter(register=register).count() + 1
    release = Release.objects.create(
        register=register,
        version=version,
        in_force_from=given_day(begins) if begins else change.day,
        rows=rows,
        digest=digest_of(rows),
        note=note,
        act=change.act_id,
        n=change.n,
    )
    if not fresh:
        Register.objects.filter(id=register.id).update(n=change.n, label=label, head=change.agency.head)
    return release
