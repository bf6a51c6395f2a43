"""The kinds of lists 清单: what each is called, its columns before a scheme adds its own, which column names a row."""

from collections.abc import Mapping

from sanxiang.law.blocks import Citation
from sanxiang.law.disclosure import stages
from sanxiang.law.drawing import pool
from sanxiang.law.drawing.ratio import CAP, CAPPED, CAPS
from sanxiang.law.lists import ITEM, LEAST, MOST, Row, cell
from sanxiang.law.packs import Pack
from sanxiang.law.recording import metadata
from sanxiang.law.recording.matrix import MATRIX

ITEMS, POWERS, RANDOM, OFFICERS = "items", "power-duties", "random-items", "officers"
CODE, POWER_CODE, NAME = "事项编码", "权责编码", "事项名称"
RATIO, TIMES = "比例", "频次"
GUIDE_MORE = (CODE, "通俗说明", "示范文本")
"""Columns that a guide may have in every locality: the item's code, what it says in plain words, where the sample form is."""
REVIEW_CHART = "chart-review"
WINDOW_COLUMNS = ("窗口", "位置", "展示方式")

KINDS = {
    ITEMS: "行政执法事项清单",
    POWERS: "权责清单",
    "subjects": "行政执法主体资格清单",
    RANDOM: "随机抽查事项清单",
    CAPS: "检查事项与频次上限清单",
    "av-items": "音像记录事项清单",
    MATRIX: "记录环节表",
    metadata.STANDARD: "记录信息规范",
    "monitor-sites": "电子技术监控设备设置地点清单",
    "review-catalogue": "重大执法决定法制审核目录清单",
    "review-elements": "重大执法决定法制审核要素清单",
    "benchmarks": "行政处罚裁量基准",
    OFFICERS: "行政执法人员清单",
    "charges": "收费（征收）目录清单",
    "guide": "行政执法服务指南",
    "flowchart": "行政执法流程图",
    "window": "窗口岗位公示",
    pool.OBJECTS: "检查对象库",
    pool.INSPECTORS: "检查人员库",
    stages.DUTIES: "公示职责分工表",
    REVIEW_CHART: "法制审核流程图",
}
RULES = {"rule-disclosure": "行政执法公示办法", "rule-ex-post": "事后公开规定"}
"""Rule documents of an agency that anybody may read: by which rules it tells what it does."""
PUBLIC = (
    "subjects", ITEMS, POWERS, RANDOM, CAPS, "benchmarks", "charges", "monitor-sites", "guide", "flowchart", "window",
    OFFICERS, "av-items", "review-catalogue", "review-elements", MATRIX, REVIEW_CHART, *RULES,
)  # fmt: skip
"""Lists that anybody may read. Where monitoring equipment stands must be made known: 行政处罚法 第四十一条."""

NAMED = (OFFICERS, "window", "subjects")
"""Of these the rows name people: whoever left stands in versions of the past."""

COLUMNS: dict[str, tuple[str, ...]] = {
    ITEMS: (CODE, NAME, POWER_CODE, "依据", "违反条款", LEAST, MOST),
    POWERS: (POWER_CODE, CODE, NAME, "权责类型", "依据", "责任单位", "责任事项", "追责情形"),
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
        "受委托组织基本信息",
        "委托执法协议",
    ),
    RANDOM: (CODE, "抽查主体", "依据", "对象", "内容", RATIO, "方式", TIMES),
    CAPS: ("检查事项", "依据", "检查标准", CAP),
    "av-items": ("音像记录事项", "记录方式"),
    MATRIX: ("环节", "内容", "方式", "载体"),
    metadata.STANDARD: metadata.COLUMNS,
    "monitor-sites": ("点位编号", "设置地点", "设备型号", "检定有效期", "公布日期"),
    "review-catalogue": (NAME, "执法类别"),
    "review-elements": ("要素", "说明"),
    "benchmarks": ("违法行为", "处罚依据", "违法情节", "裁量幅度", LEAST, MOST),
    OFFICERS: ("姓名", "单位", "职务", "证件编号", "执法类别", "执法区域"),
    "charges": ("项目编码", "项目名称", "收费标准", "计费单位", "收费依据", "资金管理方式", "入库级次"),
    "window": WINDOW_COLUMNS,
    pool.OBJECTS: pool.OBJECT_COLUMNS,
    pool.INSPECTORS: pool.INSPECTOR_COLUMNS,
    stages.DUTIES: stages.COLUMNS,
}
"""What every list of a kind has, before a locality's scheme adds its own columns."""

NAMING: dict[str, tuple[str, ...]] = {
    ITEMS: ITEM,
    POWERS: (POWER_CODE, NAME),
    "subjects": ("执法主体机构名称",),
    "benchmarks": ("违法行为",),
    OFFICERS: ("姓名",),
    "charges": ("项目名称",),
    CAPS: CAPPED,
    "window": WINDOW_COLUMNS[:1],
    pool.OBJECTS: (pool.NAME,),
    pool.INSPECTORS: (pool.CARD,),
    stages.DUTIES: (stages.CATEGORY,),
}
"""The columns of which one must be filled in for a row to be of any use: acts ask registers by them."""

BESIDE = (RANDOM,)
"""Kinds whose own columns stand beside those that a scheme prints, without one that names a row."""

WHOLE_ROWS = (MATRIX,)
"""Registers of which every column must be filled in: a record without its carrier is nobody's duty."""

KEYS: dict[str, tuple[str, ...]] = {
    ITEMS: (CODE, *ITEM),
    POWERS: (POWER_CODE, NAME),
    RANDOM: (CODE, "抽查事项", NAME),
    OFFICERS: ("证件编号", "姓名"),
    "charges": ("项目编码", "项目名称"),
    "monitor-sites": ("点位编号", "设置地点"),
    "benchmarks": ("违法行为",),
    "subjects": ("执法主体机构名称",),
    "window": ("窗口", "姓名"),
}
"""By which column a row of one version is found in another, the first that is filled in."""

NAMES = (NAME, "执法事项名称", "抽查事项", "检查事项")
"""The columns that say the name of an item of the list of items: where its code stands beside, the name is looked up."""


def columns_of(pack: Pack, kind: str) -> tuple[tuple[str, bool], ...]:
    """The columns of a register in one locality, each with whether the scheme demands it."""
    listed = pack.listed(kind)
    demanded = {*listed.get("required", ()), *NAMING.get(kind, ())[:1]}
    scheme = tuple(listed.get("fields", ()))
    demanded |= {*COLUMNS[kind], *scheme} if kind in WHOLE_ROWS else set()
    # A window that lacks its sign is entered as it is and listed as lacking: what is not on record cannot be put right.
    demanded = {*NAMING[kind]} if kind == "window" else demanded
    # Where the scheme words the matters itself, its own columns stand for ours.
    ours = COLUMNS.get(kind, ()) if kind in NAMING or kind in BESIDE or not scheme else ()
    more = GUIDE_MORE if kind == "guide" else ()
    return tuple((name, name in demanded) for name in dict.fromkeys((*ours, *scheme, *more)))


def citation_of(pack: Pack, kind: str) -> Citation | None:
    """The clause of the scheme that asks for the list."""
    return next((one.citation for one in pack.of_kind("list") if one.data.get("id") == kind), None)


def label_of(pack: Pack, kind: str) -> str:
    """What the locality calls this register."""
    return str(pack.listed(kind).get("label") or {**KINDS, **RULES}.get(kind, kind))


def name_of(kind: str, row: Row) -> str:
    """What an entry is called: by the columns that name it, else by its first words."""
    told = cell(row, (*NAMING.get(kind, ()), *NAMES, *KEYS.get(kind, ())))
    return told or next((str(value) for value in row.values() if value), "")


def renamed(rows: list[dict[str, object]], items: Mapping[str, str]) -> list[dict[str, object]]:
    """The rows with the names that the list of items gives their codes today: a name is kept in one place."""
    return [with_name(row, items) for row in rows]


def with_name(row: dict[str, object], items: Mapping[str, str]) -> dict[str, object]:
    """One row; without a code that the list of items knows, it is as it was written."""
    name = items.get(str(row.get(CODE) or ""))
    if not name:
        return row
    column = next((one for one in NAMES if one in row), NAME)
    told = {**row, column: name}
    return told if column in row else {CODE: row[CODE], column: name, **row}


def codes_of(rows: list[dict[str, object]]) -> dict[str, str]:
    """Names by code, of the rows of a list of items."""
    return {str(row[CODE]): cell(row, ITEM) for row in rows if row.get(CODE) and cell(row, ITEM)}
