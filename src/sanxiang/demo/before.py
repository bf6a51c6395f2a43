"""事前公开 of the demonstration: guides, flowcharts, windows and the lists beside those that every case asks."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from sanxiang.demo.matters import Remit
from sanxiang.demo.people import Office
from sanxiang.demo.registers import whole_way
from sanxiang.door.administer import administer
from sanxiang.law.disclosure import stages
from sanxiang.law.lists import LEAST, MOST
from sanxiang.law.packs import Pack
from sanxiang.law.registers.kinds import GUIDE_MORE, WINDOW_COLUMNS, columns_of
from sanxiang.people.models import Person
from sanxiang.registers.before.charts import kinds_of, procedures_of
from sanxiang.registers.before.roster import rows_for
from sanxiang.registers.models import Filing

Rows = list[dict[str, Any]]

HOURS = "工作日上午八时三十分至十二时，下午一时三十分至五时三十分"
PLAIN = (
    "这一项办的是“{}”。带上身份证和与这件事有关的材料，到本机关窗口或者打电话都能问。我们收到情况后派两名执法人员去看，"
    "把查到的事实和打算怎样处理告诉您，您可以说理由、交证据，也可以请人替您说。决定以书面送到您手上，"
    "不服的，先向谁申请、有多少天，决定书上都写明。"
)
ELEMENTS = (
    ("主体", "执法机关有没有权限，执法人员有没有证件"),
    ("事实", "事实是否清楚，证据是否合法充分"),
    ("适用", "适用法律是否准确，裁量是否适当"),
    ("程序", "步骤和期限是否合法"),
    ("文书", "文书是否完备、规范"),
    ("移送", "是否涉嫌犯罪，需不需要移送"),
)
RECORDED = (
    ("现场检查（勘验）", "执法记录仪", "现场检查、抽样取证", "当事人生产经营场所"),
    ("听证", "固定摄像", "听证全过程", "听证室"),
    ("查封、扣押", "执法记录仪", "实施查封、扣押的过程", "查封、扣押的场所"),
)
SITES = (("云溪镇河东泵站入口", "演示型-01"), ("演示县工业园北门路口", "演示型-02"))
TWICE = "每年不超过两次"
JUDGING = ("inspection-caps", "benchmarks", "av-items", "review-catalogue")
"""Lists that cases are held against: they come into force after the stories, which were written without them."""
LATELY = timedelta(days=2)
ADMITTED = ("items", "subjects")


def publish_before(office: Office, pack: Pack, began: datetime, now: datetime) -> None:
    """Every list that the public may ask for beforehand, in the columns of the locality's scheme."""
    common = common_to(office)
    for kind, rows in lists_of(office).items():
        names = [name for name, _ in columns_of(pack, kind)]
        full = [{n: v for n in names if (v := {**common, **row}.get(n))} for row in rows]
        whole_way(office, kind, full, now - LATELY if kind in JUDGING else began)
    whole_way(office, "officers", rows_for(office.agency, timezone.localdate(began)), began)
    for code in kinds_of(pack):
        if procedures_of(pack, code):
            told = {"act_type": code}
            administer("publish-flowchart", office.agency, office.people["legal-reviewer"], told, now=began)


def lists_of(office: Office) -> dict[str, Rows]:
    """The rows of each kind, before they are narrowed to the scheme's columns."""
    return {
        "power-duties": powers(office.remit),
        "guide": guides(office.remit),
        "window": windows(office),
        "inspection-caps": [
            {"检查事项": one.title, "依据": one.basis, "检查标准": f"按公布的检查标准检查{one.what}", "年度频次上限": TWICE}
            for one in office.remit.checks
        ],
        "benchmarks": benchmarks(office.remit),
        "av-items": recorded(),
        "review-catalogue": reviewed(office.remit),
        "review-elements": [{"要素": name, "说明": said} for name, said in ELEMENTS],
        "monitor-sites": sites(),
    }  # fmt: skip


def sites() -> Rows:
    """电子监控设备: where it stands, of which kind, tested until when."""
    tested = {"检定有效期": "2027年6月30日", "公布日期": "2026年1月5日"}
    return [
        {"点位编号": f"演示点位-{n:02d}", "设置地点": place, "设备型号": model, **tested}
        for n, (place, model) in enumerate(SITES, 1)
    ]


def common_to(office: Office) -> dict[str, str]:
    """What every row of an office says alike."""
    agency = office.agency
    organ = {"执法机构": office.brigade.name, "受理机构": f"{agency.name}窗口", "审批机构": agency.name}
    said = {
        "许可条件": "本事项不是行政许可，没有许可条件",
        "受理条件": "发生在本机关管辖范围之内，材料写明时间、地点和事情经过",
        "优惠政策": "没有收费",
        "申请材料": "身份证明；反映情况的书面材料，书面确有困难的可以口头提出",
        "办理流程": "登记、核查、立案、调查、告知、决定、送达，各步见本机关公布的流程图",
        "执法流程": "登记、核查、立案、调查、告知、决定、送达，各步见本机关公布的流程图",
        "办理时限": "自立案之日起九十日内作出决定",
        "监督方式": f"拨打投诉举报电话 {agency.complaint_phone}，或者在公示平台“投诉、纠错”页提出",
        "责任追究": "执法人员违法行使职权的，依照《行政处罚法》第七章追究责任",
        "救济渠道": f"六十日内向{agency.review_body}申请行政复议，或者六个月内向{agency.court}提起行政诉讼",
        "办公时间": HOURS,
        "办公地址": agency.address,
        **dict.fromkeys(("联系电话", "办公电话"), agency.phone),
    }
    levels = {"执法层级": "县级", "涉案金额": "按方案和本机关规定的数额", "社会影响": "可能造成重大社会影响"}
    touched = {"对当事人的影响": "直接关系重大权益", "对社会的影响": "可能造成重大社会影响"}
    return {**organ, **said, **levels, **touched}


def all_items(remit: Remit) -> list[tuple[str, str, str, str]]:
    """What the list of items has: code number, name, basis and kind of power."""
    kinds = (("行政处罚", remit.items), ("行政检查", {one.title: one.basis for one in remit.checks}))
    found = [(name, law, kind) for kind, items in kinds for name, law in items.items()]
    return [(f"{n:03d}", *one) for n, one in enumerate(found, 1)]


def powers(remit: Remit) -> Rows:
    """权责清单: one entry an item, with its code and who answers."""
    common = {
        "责任单位": "执法大队",
        "责任事项": "立案、调查、告知、决定、送达、执行、公示",
        "追责情形": "应当立案不立案，违反法定程序，徇私枉法",
    }
    return [
        {
            "权责编码": f"演示权责-{n}",
            "事项编码": f"演示-{n}",
            "事项名称": name,
            "权责类型": kind,
            "依据": law,
            **common,
        }
        for n, name, law, kind in all_items(remit)
    ]


def guides(remit: Remit) -> Rows:
    """服务指南: one for each item of the list."""
    code, plain, _ = GUIDE_MORE
    return [
        {"事项名称": name, "执法事项名称": name, "依据": law, code: f"演示-{n}", plain: PLAIN.format(name)}
        for n, name, law, _ in all_items(remit)
    ]


def windows(office: Office) -> Rows:
    """窗口岗位: who sits at the two windows; the second sign still lacks what is done there."""
    window, place, mode = WINDOW_COLUMNS
    common = {"单位": office.agency.name, "职务": "执法人员", "执法种类": "行政处罚、行政检查"}
    duties = dict.fromkeys(("窗口职责", "岗位职责"), "接待咨询、登记来件、告知办理进度")
    first = {"服务事项": "登记投诉举报，查询办理进度，领取文书", **duties}
    first["申请材料示范文本"] = "窗口备有纸质示范文本，也可以向工作人员索取"
    return [
        {window: "一号窗口", place: "政务服务大厅一层东侧", mode: "公示牌", "姓名": office.people["officer3"].name, **common, **first},
        {window: "二号窗口", place: "政务服务大厅一层东侧", mode: "胸牌", "姓名": office.people["unit-head"].name, **common},
    ]  # fmt: skip


def benchmarks(remit: Remit) -> Rows:
    """裁量基准: light and serious, within what the article allows."""
    found = []
    for about in remit.matters:
        middle = (about.least + about.most) // 2
        tiers = (("首次违法、及时改正", about.least, middle), ("再次违法或者拒不改正", middle, about.most))
        about_it = {"违法行为": about.cause, "处罚依据": about.basis}
        found += [
            {
                **about_it,
                "违法情节": facts,
                "裁量幅度": f"罚款{least}元至{most}元",
                LEAST: str(least),
                MOST: str(most),
            }
            for facts, least, most in tiers
        ]
    return found


def recorded() -> Rows:
    """音像记录事项: by the names that the schemes use for step and way."""
    return [
        {
            **dict.fromkeys(("音像记录事项", "执法环节", "关键环节", "环节"), step),
            **dict.fromkeys(("记录方式", "音像形式"), way),
            **dict.fromkeys(("全程记录的现场执法活动", "记录内容"), what),
            **dict.fromkeys(("全程记录的执法场所", "记录现场"), where),
            "行为类别": "行政处罚",
            "阶段": "调查取证",
        }
        for step, way, what, where in RECORDED
    ]


def reviewed(remit: Remit) -> Rows:
    """重大执法决定目录: what is punished with large sums, and what is decided after a hearing."""
    heavy = [about.named for about in remit.matters if about.most > 50_000]
    named = [f"{name}（较大数额罚款）" for name in heavy] + ["经过听证程序作出的行政执法决定"]
    return [{"事项名称": name, "执法类别": "行政处罚", "所属领域": remit.duties} for name in named]


def divide_duties(office: Office, pack: Pack, now: datetime) -> None:
    """公示职责分工表: who collects, passes on, vets and publishes each kind of information."""
    whose = dict(zip(stages.COLUMNS[1:], ("执法大队", "公示员", "执法大队负责人", "公示审核人"), strict=True))
    rows = [{stages.CATEGORY: kind, **whose} for kind in stages.categories(pack)]
    whole_way(office, stages.DUTIES, rows, now)


def admit(office: Office, by: Person, now: datetime) -> None:
    """The first lists that are to be filed with the government's legal office are filed and admitted to its page."""
    rows = Filing.objects.filter(
        release__register__agency=office.agency, release__register__kind__in=ADMITTED
    )
    for row in rows.order_by("opened_at", "pk"):
        if row.filed_at is None:
            administer(
                "file-register", office.agency, office.people["legal-reviewer"], {"filing": row}, now=now
            )
        administer("admit-register", office.agency, by, {"filing": row}, now=now)
