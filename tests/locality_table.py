"""What the five schemes say, parameter by parameter: section (c) of the requirements analysis, transcribed."""

from datetime import date
from typing import Any

LOCALITIES = ("laizhou", "dongying", "lingchuan", "kaiyuan", "huantai")

Cell = tuple[str, Any] | None
"""What a locality says: whose word it is (text, inherited, national, operator) and the value; None is 方案未定."""


def text(value: Any) -> Cell:
    """The scheme prints it."""
    return "text", value


def inherited(value: Any) -> Cell:
    """The scheme is silent but names a parent document that says it."""
    return "inherited", value


def national(value: Any) -> Cell:
    """A national norm fills it."""
    return "national", value


def operator(value: Any) -> Cell:
    """Nobody says it; the pack ships a default that the unit may change."""
    return "operator", value


NO = None
HEARD_KINDS = national(
    ["限期拆除新建的建筑物和其他设施", *["没收新建的建筑物和其他设施"] * 2, "暂扣许可证件"]
)
FOUR_FIELDS = ["执法机关", "执法对象", "执法类别", "执法结论"]
ALL_LIMITS = ["publish.default_wd", "publish.by_act.licence", "publish.by_act.penalty"]
NORM_EVENTS = ["revoked", "illegal", "redo"]
SIX_ROSTER = ["姓名", "单位", "职务", "证件编号", "执法类别", "执法区域"]
FIVE_WINDOW = ["单位", "姓名", "职务", "执法种类", "服务事项"]
SEVEN_STAGES = ["立案", "调查", "取证", "审查", "决定", "送达", "执行"]
SIX_MATTERS = [
    "on-site-inspection",
    "random-inspection",
    "evidence-collection",
    "evidence-preservation",
    "hearing",
    "service",
]
THREE_INTERESTS = ["liberty", "life-health", "property"]
SIX_USES = text(
    ["file-evaluation", "supervision", "assessment", "public-opinion", "decision-making", "credit"]
)
BASE_ELEMENTS = [
    "subject",
    "qualification",
    "facts",
    "evidence",
    "law",
    "discretion",
    "procedure",
    "authority",
    "documents",
    "crime",
]
SUCCESSOR = "中华人民共和国行政执法证"
NOWHERE = (NO, NO, NO, NO, NO)

TABLE: dict[str, tuple[Cell, Cell, Cell, Cell, Cell]] = {
    "identity.level": (text("bureau"), text("district"), text("bureau"), text("bureau"), text("county")),
    "identity.tenancy": (text("one"), text("many"), text("one"), text("one"), text("many")),
    "identity.issued_on": (text(date(2019, 12, 1)), text(date(2017, 11, 1)), NO, NO, text(date(2017, 7, 26))),
    "identity.effective_from": (
        text(date(2019, 12, 1)),
        text(date(2017, 11, 11)),
        text(date(2019, 11, 1)),
        NO,
        text(date(2017, 7, 1)),
    ),
    "identity.gates_from": (
        text(date(2019, 12, 1)),
        text(date(2017, 11, 11)),
        text(date(2019, 11, 1)),
        NO,
        operator(date(2017, 7, 26)),
    ),
    "identity.gates_by_act": NOWHERE,
    "identity.disclosure_attribute": (text("依申请公开"), NO, NO, NO, NO),
    "basis": (
        text(["国办发〔2018〕118号", "鲁政办发〔2019〕9号", "鲁司〔2019〕31号"]),
        text(["鲁政办发〔2017〕60号", "东政办发〔2017〕37号", "鲁政办发〔2017〕32号"]),
        text(["陵政办发〔2019〕54号", "晋政办发电〔2016〕45号"]),
        text(["not-stated", "not-stated"]),
        text(["国办发〔2017〕14号", "淄政办字〔2017〕74号", "not-stated"]),
    ),
    "act_types": (
        text(["licence", "penalty", "confirmation", "levy", "inspection"]),
        text(["licence", "penalty", "coercion", "levy", "fee", "inspection"]),
        text(["licence", "penalty", "coercion", "inspection", "levy", "adjudication"]),
        text(["licence", "penalty", "coercion", "inspection"]),
        text(["penalty", "licence", "coercion", "levy", "fee", "inspection"]),
    ),
    "goals": (NO, text([date(2017, 11, 30)]), text([date(2019, 12, 31), date(2020, 12, 31)]), NO, NO),
    "problem_tags": (text(["inaction", "misconduct", "slackness", "opacity", "incivility"]), NO, NO, NO, NO),
    "publish.mechanisms": (
        text(["vet", "correct"]),
        text(["vet", "correct", "supervise"]),
        text(["vet", "correct"]),
        text(["collect", "pass", "vet", "publish", "correct"]),
        text(["vet", "correct", "supervise"]),
    ),
    "publish.default_wd": (inherited(20), NO, text(20), text(20), NO),
    "publish.by_act.licence": (inherited(7), NO, text(7), text(7), NO),
    "publish.by_act.penalty": (inherited(7), NO, text(7), text(7), NO),
    "publish.statutory_exception": (
        inherited(ALL_LIMITS),
        national(ALL_LIMITS),
        text(ALL_LIMITS),
        text(ALL_LIMITS),
        national(ALL_LIMITS),
    ),
    "publish.fields": (inherited(FOUR_FIELDS), NO, text(FOUR_FIELDS), text(FOUR_FIELDS), NO),
    "publish.secret_policy": (
        text("statute"),
        national("statute"),
        text("exclude"),
        text("redact"),
        national("statute"),
    ),
    "publish.display_period": NOWHERE,
    "publish.withdraw_on": (
        inherited(NORM_EVENTS),
        NO,
        NO,
        text(NORM_EVENTS),
        NO,
    ),
    "publish.withdraw_wd": (national(3), national(3), national(3), national(3), national(3)),
    "publish.platforms": (
        text(["website", "hall", "window", "city", "superior", "supervision"]),
        text(["district-column", "agency-column", "superior"]),
        text(["credit", "website"]),
        text(["website", "new-media", "hall", "window"]),
        text(["enforcement-net"]),
    ),
    "clock.day0_counts": (operator(False),) * 5,
    "correction.limit": NOWHERE,
    "takedown.limit": NOWHERE,
    "complaint.reply_limit": NOWHERE,
    "annual_report.due": (inherited("01-31"), NO, text("01-20"), text("01-31"), NO),
    "annual_report.recipients": (
        inherited(["本级人民政府", "上级主管部门"]),
        NO,
        text(["县人民政府", "上级主管部门"]),
        text(["本级人民政府", "上级主管部门"]),
        NO,
    ),
    "approval.items": (
        text(["vet:legal-organ"]),
        text(["file:legal-supervisor", "aggregate:legal-supervisor"]),
        text(["recheck:legal-supervisor"]),
        NO,
        NO,
    ),
    "approval.random_items": (text(["vet:legal-organ"]), text([]), text([]), NO, NO),
    "approval.subjects": (NO, text(["vet:legal-supervisor", "aggregate:legal-supervisor"]), NO, NO, NO),
    "approval.officers": (
        NO,
        text(["compile:legal-supervisor", "compile:agency"]),
        text(["vet:legal-supervisor"]),
        NO,
        NO,
    ),
    "roster.fields": (text(SIX_ROSTER), text(SIX_ROSTER), text([*SIX_ROSTER, "证件有效期"]), NO, NO),
    "list.review_period": NOWHERE,
    "certificate.accepted": (
        text({"kinds": ["统一印制的行政执法证件", "经备案的行政执法证件"], "successor": SUCCESSOR}),
        text({"kinds": ["山东省行政执法证", "经省政府法制办备案的行政执法证件"], "successor": SUCCESSOR}),
        text(
            {
                "kinds": ["省政府统一印制的行政执法证件", "国务院部委制作的行政执法证件"],
                "successor": SUCCESSOR,
            }
        ),
        text({"kinds": ["执法证件"], "successor": SUCCESSOR}),
        text({"kinds": ["能够证明执法资格的执法证件"], "successor": SUCCESSOR}),
    ),
    "certificate.when": (
        text({"activities": ["inspection", "investigation"], "open": True, "to": []}),
        text({"activities": ["any"], "open": False, "to": []}),
        text({"activities": ["inspection", "investigation", "coercion", "service"], "open": True, "to": []}),
        text(
            {
                "activities": ["inspection", "investigation", "coercion", "service"],
                "open": True,
                "to": ["party", "related"],
            }
        ),
        text({"activities": ["any"], "open": False, "to": []}),
    ),
    "certificate.mode": (
        text({"modes": ["show"], "encouraged": []}),
        text({"modes": ["show"], "encouraged": []}),
        text({"modes": ["show"], "encouraged": []}),
        text({"modes": ["show"], "encouraged": ["worn"]}),
        text({"modes": ["worn", "show"], "encouraged": []}),
    ),
    "uniform": (NO, text("as-prescribed"), NO, text("where-state-requires"), NO),
    "notice.elements": (
        text(["reason", "basis", "content", "rights"]),
        text(["reason", "basis", "rights"]),
        text(["reason", "basis", "rights"]),
        text(["reason", "basis", "rights"]),
        NO,
    ),
    "notice.explanation": (text(True), text(True), text(True), NO, text(True)),
    "window.fields": (
        text(FIVE_WINDOW),
        text(FIVE_WINDOW),
        text([*FIVE_WINDOW, "申请材料示范文本", "办理进度查询方式", "咨询服务方式", "投诉举报渠道"]),
        text(["岗位职责", "申请材料示范文本", "办理进度查询", "咨询服务", "投诉举报"]),
        NO,
    ),
    "window.duties": (NO, text(True), NO, NO, NO),
    "window.forms": (NO, text(["badge", "board"]), text(["board"]), text(["board"]), NO),
    "recording.stages": (
        text(SEVEN_STAGES),
        NO,
        text(SEVEN_STAGES),
        text(["启动", "调查取证", "审核决定", "送达执行"]),
        NO,
    ),
    "recording.matrix": (
        text(["内容", "方式", "载体"]),
        text(["内容", "方式", "载体"]),
        text(["形式", "内容", "方式", "载体"]),
        NO,
        NO,
    ),
    "av.mandatory": (
        text(SIX_MATTERS),
        NO,
        text(SIX_MATTERS),
        text([]),
        text([*SIX_MATTERS[:5], "coercion", "service"]),
    ),
    "av.circumstances": (
        NO,
        NO,
        NO,
        text(
            ["on-site-enforcement", "evidence-collection", "hearing", "service-lien", "service-announcement"]
        ),
        NO,
    ),
    "av.full_process": (
        text({"interests": THREE_INTERESTS, "acts": [], "places": ["enforcement-place"]}),
        NO,
        text({"interests": ["life-health", "property"], "acts": [], "places": ["enforcement-place"]}),
        text({"interests": THREE_INTERESTS, "acts": ["seizure", "demolition"], "places": ["case-room"]}),
        text({"interests": THREE_INTERESTS, "acts": [], "places": ["enforcement-place"]}),
    ),
    "av.liberty_stricter": (NO, NO, operator(False), NO, NO),
    "av.text_sufficiency_waiver": (NO, NO, NO, text(True), NO),
    "av.forms": (text(["audio", "video", "photo", "cctv"]), NO, NO, NO, NO),
    "av.devices": (
        NO,
        NO,
        NO,
        text(["camera", "recorder", "camcorder", "body-camera", "cctv"]),
        text(["body-camera", "audio-video", "av-storage"]),
    ),
    "av.device_ratio": NOWHERE,
    "av.rooms": (NO, NO, text(["询问室", "听证室"]), text(["询问室", "听证室"]), NO),
    "av.room_reasons": (NO, NO, text(True), operator(False), NO),
    "av.file_names": NOWHERE,
    "av.gap_tolerance": NOWHERE,
    "av.archive_limit": NOWHERE,
    "levy.late_rates": NOWHERE,
    "levy.statement_days": NOWHERE,
    "evidence.upload_limit": NOWHERE,
    "archive.limit": NOWHERE,
    "doc.generation": (
        text("samples"),
        text("standard-texts"),
        text("system-samples"),
        text("layered"),
        text("platform-only"),
    ),
    "doc.sources": (
        text(["原国土资源部", "省法制办"]),
        text(["部门执法文书标准文本"]),
        text(["本系统"]),
        text(["司法部", "国务院有关部门", "地方各级人民政府"]),
        NO,
    ),
    "doc.electronic": (
        text("encouraged"),
        text("paper-equals-electronic"),
        text("encouraged"),
        text("either"),
        text("required"),
    ),
    "doc.guides": (NO, NO, NO, text(["language", "drafting", "conduct"]), NO),
    "storage.tamper": (
        NO,
        NO,
        NO,
        text({"demand": "防删改", "exploratory": True}),
        text({"demand": "不能删改", "exploratory": True}),
    ),
    "record.uses": (SIX_USES,) * 5,
    "review.body": (
        text("legal-organ"),
        text("designated"),
        text("panel"),
        text("designated"),
        text("legal-organ"),
    ),
    "review.quorum": NOWHERE,
    "review.staff_ratio": (inherited(5), NO, NO, text(5), NO),
    "review.qualified_share": NOWHERE,
    "review.counsel": (
        text(["法律顾问", "公职律师"]),
        NO,
        NO,
        text(["法律顾问", "公职律师"]),
        text(["政府法律顾问"]),
    ),
    "training.period": NOWHERE,
    "review.factors": (
        text(["level", "field", "amount", "social-impact"]),
        text(["act-type", "level", "field", "amount", "social-impact"]),
        text(["level", "field", "amount"]),
        text(["act-type", "level", "field", "amount"]),
        text(["act-type", "level", "field", "amount", "party-impact", "social-impact"]),
    ),
    "review.criteria": (
        NO,
        NO,
        NO,
        text(["public_interest", "social_risk", "major_interest", "heard", "complex"]),
        NO,
    ),
    "review.catalogue_types": (text(["penalty"]), text(["all"]), text(["all"]), text(["all"]), NO),
    "review.catalogue_mandatory": (text(True), text(True), text(True), text(True), text(False)),
    "review.extension": (NO, text("encouraged"), NO, NO, text("exploratory")),
    "review.all_but_summary": (NO, operator(False), NO, NO, operator(False)),
    "review.amount_threshold": NOWHERE,
    "review.elements": (
        text([*BASE_ELEMENTS[:5], "characterisation", *BASE_ELEMENTS[5:], "other"]),
        text([*BASE_ELEMENTS, "other"]),
        text(BASE_ELEMENTS),
        text(
            [
                "subject",
                "qualification",
                "procedure",
                "facts",
                "evidence",
                "law",
                "discretion",
                "authority",
                "documents",
                "crime",
            ]
        ),
        text(["subject", "jurisdiction", "authority", "facts", "discretion", "law"]),
    ),
    "review.elements_open": (text(True), text(True), text(False), text(True), text(True)),
    "review.materials": NOWHERE,
    "review.outcomes": (inherited(["agree", "problems"]), NO, NO, text(["agree", "problems"]), NO),
    "review.limit_wd": NOWHERE,
    "review.disagreement": (text("协调决策"), text("协调解决"), text("协调决策"), text("协调"), NO),
    "review.first_responsible": (NO, NO, text("unit-head"), text("agency-head"), NO),
    "review.accountable_persons": (NO, NO, text(["staff"]), text(["handler", "reviewer", "approver"]), NO),
    "phases": (
        NO,
        text(["deploy", "implement", "summary"]),
        text(["deploy", "build", "implement", "report"]),
        NO,
        text(["prepare", "implement", "summary"]),
    ),
    "filings": (
        text(["plan"]),
        text(["plan", "bundle", "summary", "items"]),
        text(["draft", "plan", "items", "officers", "annual", "report"]),
        text(["annual"]),
        NO,
    ),
    "ledger": (
        text(["督导检查", "问责"]),
        text(["调度", "统计", "督导", "总结", "考核"]),
        text(["责任单位", "完成时限"]),
        NO,
        NO,
    ),
    "leadership": (text("coordination"), text("mechanism"), text("unit-heads"), NO, text("leader-group")),
    "oversight": (
        text(["专项监督检查", "专项督查通报", "督导检查", "问责"]),
        text(["监督检查", "督促整改", "自查", "评估验收"]),
        text(["年度目标责任考核", "县政府年底督促检查", "督促整改", "通报批评"]),
        NO,
        text(["检查督导", "十个新突破考核", "年度依法行政考核"]),
    ),
    "publicity_dates": (NO, NO, text(["06-25", "12-04"]), NO, NO),
    "distribution": (
        NO,
        text(["区委各部门", "区人大常委会办公室", "区政协办公室", "区法院", "区检察院", "区各人民团体"]),
        NO,
        NO,
        NO,
    ),
    "filing.days": (NO, NO, NO, NO, NO),
    "spot_filing.days": (NO, NO, NO, NO, NO),
    "hearing.threshold.citizen": (NO, NO, NO, operator(10_000), NO),
    "hearing.threshold.org": (NO, NO, NO, operator(80_000), NO),
    "hearing.kinds": (HEARD_KINDS, NO, HEARD_KINDS, NO, NO),
    "discussion.threshold.citizen": (NO, NO, NO, operator(5_000), NO),
    "discussion.threshold.org": (NO, NO, NO, operator(50_000), NO),
    "defence.days": (national(5), NO, national(5), NO, NO),
}
"""Section (c) of the requirements analysis with its later corrections, in the order of LOCALITIES."""
