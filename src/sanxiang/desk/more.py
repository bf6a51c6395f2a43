"""Where a post leads beyond its cases: every list and register of the desk that has no place in the bar above."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from sanxiang.desk.complaints.information import READERS as APPLICATIONS
from sanxiang.desk.complaints.voices import READERS as ANSWER_OR_WATCH
from sanxiang.desk.files.file_requests import READERS
from sanxiang.desk.who import HOUSEKEEPERS, OVERSEERS, WATCHERS, Visitor, page, visitor_of
from sanxiang.door.exchange.receipts import KEEPERS
from sanxiang.people import roles


@dataclass(frozen=True)
class Way:
    """A page by its address's name: what it is called, what it answers, and to the holders of which roles it is shown."""

    name: str
    label: str
    text: str
    shown: frozenset[str] = roles.CASE_ROLES


COMPARE = OVERSEERS | {roles.UNIT_HEAD, roles.LEGAL_REVIEWER}
"""Who compares units, and answers for them."""

STORE = frozenset({roles.ARCHIVIST, roles.AGENCY_HEAD})
"""Who keeps the files, and answers for that."""

WAYS: dict[str, tuple[Way, ...]] = {
    "音像记录和设备": (
        Way("desk-coverage", "音像记录覆盖", "应当音像记录的步骤有没有记录，缺口在哪里"),
        Way("desk-devices", "音像设备", "配了多少、在谁手里、时钟差多少、离标准还差几台"),
        Way("desk-docked", "采集站导入", "采集站里的文件按设备、人员和时间对应到哪一步，逐个确认"),
        Way("desk-venues", "音像记录场所", "询问室、听证室等场所：为什么设、哪天被谁预约"),
        Way(
            "desk-uses",
            "记录运用",
            "记录用在了哪里：案卷评查、执法监督、评议考核、舆论引导、决策参考、信用建设",
        ),
    ),
    "文书和案卷": (
        Way("desk-public-coverage", "公示覆盖", "应当公示的决定公示了多少，哪些没有公示也没有说明"),
        Way("desk-duties", "公示职责分工", "每一类信息由谁采集、传递、审核、发布，每个环节用多久"),
        Way("desk-reviews", "法制审核", "等待审核的案件和最近的审核意见"),
        Way("desk-paper-rate", "文书电子化率", "每个单位每个季度的文书有多少是电子制作的"),
        Way("desk-numbers", "文号", "每种文号用到几号，有没有空号"),
        Way("desk-transfers", "案卷移交", "哪些案卷归档了还没有移交，成批移交、清单和移交包", STORE),
        Way("desk-evaluation", "案卷评查", "抽取案卷、逐项评查、异议和结果"),
    ),
    "行政检查": (Way("desk-inspection", "双随机抽查", "抽查计划、封存、抽取、登记结果和公开"),),
    "监督和纪律": (
        Way("desk-accesses", "调阅记录", "谁看过哪些案卷、为什么", WATCHERS),
        Way("desk-access-review", "调阅分析", "哪些调阅要问一问、答复了没有、定期复核签了没有", WATCHERS),
        Way(
            "desk-file-requests",
            "查阅、复制申请",
            "当事人和公众要求查阅、复制案卷的，什么时候之前答复、答复了没有",
            READERS,
        ),
        Way(
            "desk-applications",
            "依申请公开",
            "公众申请公开政府信息的，什么时候之前答复、怎样答复的，全年的统计",
            APPLICATIONS,
        ),
        Way(
            "desk-voices",
            "投诉和意见",
            "公众的投诉举报、异议、纠错和意见，谁答复、到哪一天、答复了没有",
            ANSWER_OR_WATCH,
        ),
        Way(
            "desk-concerns",
            "反映强烈的问题",
            "多人反映的对象和机关，列成了哪些任务、谁办、到哪一天",
            ANSWER_OR_WATCH | {roles.UNIT_HEAD},
        ),
        Way(
            "desk-spot-checks",
            "公示抽查",
            "监督人员抽查公示的内容，发现的问题谁改、改好没有",
            ANSWER_OR_WATCH,
        ),
        Way(
            "desk-exchange",
            "数据交换",
            "公示、清单、人员送到了哪些系统，什么没有送到、为什么",
            frozenset({*KEEPERS, roles.DISCLOSURE_EDITOR}),
        ),
        Way("desk-defences", "尽职免责申辩", "谁援引哪些记录为自己申辩，结果怎样"),
        Way("desk-copies", "调取副本", "谁申请把其他机关案件的副本带走、批了没有、用了几次"),
        Way(
            "desk-my-accesses",
            "我承办的案件谁看过",
            "别人每次打开、播放、下载您承办的案件",
            frozenset({roles.OFFICER}),
        ),
        Way("desk-refusals", "不予办理记录", "哪些步骤被拦下、为什么", OVERSEERS),
        Way("desk-alerts", "期限提醒记录", "哪些事项临近期限或者超期，办了没有", OVERSEERS),
        Way("desk-late-entries", "补录的步骤", "哪些步骤没有及时记入，各案记录质量几分", OVERSEERS),
        Way("desk-discipline", "记录纪律", "逾期上传、漏记和逾期归档，按承办人列出", OVERSEERS),
        Way("desk-dress", "着装和佩戴证件", "亮证时佩戴证件、按规定着装的比率", OVERSEERS),
    ),
    "统计和改进": (
        Way("desk-figures", "统计分析", "案卷、音像、期限、归档的统计，每个数都能点开"),
        Way("desk-weak-links", "薄弱环节", "哪些机构在哪些方面缺口最大", COMPARE),
        Way("desk-improvements", "改进任务", "薄弱环节由谁改进、到哪一天、做得怎样"),
        Way("desk-key-acts", "重点执法行为", "标为重点的事项、种类和环节，它们的案件怎样", COMPARE),
    ),
    "公示": (
        Way(
            "desk-before",
            "事前公开",
            "方案要求公开的各类信息齐不齐，哪个机关、哪个机构还缺什么",
            frozenset(roles.LABELS),
        ),
        Way(
            "desk-pilot", "试点任务", "试点方案给每个执法主体定了哪些任务、到哪一天", frozenset(roles.LABELS)
        ),
        Way("desk-cards", "亮证卡", "执法人员的二维码卡，当事人扫码核验证件此刻是否有效"),
    ),
    "制度和管理": (
        Way("desk-scheme", "适用方案", "本地三项制度方案的每一项参数、出处和约束", frozenset(roles.LABELS)),
        Way("desk-phases", "推进步骤", "方案规定分几步走、每步到哪一天", frozenset(roles.LABELS)),
        Way("desk-ledger", "账本", "账本有多长、最近的条目、怎样核对", roles.ADMIN_ROLES),
        Way("desk-admin", "管理", "岗位允许办理的管理事项：离岗代理、委托、证件、清单", HOUSEKEEPERS),
    ),
}
"""Under what people look for them. A page of the desk that nothing else leads to stands here."""


DAILY: dict[str, tuple[str, ...]] = {
    roles.OFFICER: ("desk-docked", "desk-venues", "desk-my-accesses"),
    roles.UNIT_HEAD: ("desk-coverage", "desk-weak-links", "desk-improvements"),
    roles.AGENCY_HEAD: ("desk-alerts", "desk-figures", "desk-weak-links"),
    roles.LEGAL_REVIEWER: ("desk-reviews", "desk-evaluation"),
    roles.COUNSEL: ("desk-reviews",),
    roles.ARCHIVIST: ("desk-numbers", "desk-discipline", "desk-file-requests"),
    roles.WINDOW_CLERK: ("desk-file-requests",),
    roles.RECORDING_SUPERVISOR: ("desk-coverage", "desk-discipline", "desk-devices", "desk-docked"),
    roles.SUPERVISOR: ("desk-accesses", "desk-evaluation", "desk-weak-links", "desk-figures"),
    roles.SYSTEM_ADMIN: ("desk-ledger", "desk-scheme"),
    roles.SECURITY_ADMIN: ("desk-ledger", "desk-scheme"),
    roles.AUDIT_ADMIN: ("desk-ledger", "desk-accesses", "desk-access-review"),
}
"""What the holders of a post open nearly every day: these few stand on the first page, everything else under 更多."""
MOST_DAILY = 4


def daily_of(visitor: Visitor) -> list[dict[str, str]]:
    """The few of them that the visitor's posts use daily."""
    names = dict.fromkeys(name for role, few in DAILY.items() if role in visitor.roles for name in few)
    ways = {way.name: way for many in WAYS.values() for way in many}
    found = [ways[name] for name in names if ways[name].shown & visitor.roles]
    return [{"href": reverse(way.name), "label": way.label, "text": way.text} for way in found[:MOST_DAILY]]


def ways_of(visitor: Visitor) -> list[dict[str, Any]]:
    """The groups with the pages that the visitor's posts open; a group of none is left out."""
    groups = [
        {
            "title": title,
            "doors": [
                {"href": reverse(way.name), "label": way.label, "text": way.text}
                for way in ways
                if way.shown & visitor.roles
            ],
        }
        for title, ways in WAYS.items()
    ]
    return [group for group in groups if group["doors"]]


@require_GET
def more(request: HttpRequest) -> HttpResponse:
    """All of them on one page."""
    visitor = visitor_of(request)
    return page(request, visitor, "desk/more.html", {"ways": ways_of(visitor)}, section="more")
