"""Stories off the demonstration's main roads: every act of the penalty procedures is done lawfully in at least one story.

They are the controls of the refusals: what is refused there, spoilt in one thing, is done here.
"""

import io
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from play import STORIES
from sanxiang.cases.models import Case
from sanxiang.cases.recording.receiving import receive
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.demo.stories import Step
from sanxiang.door.perform import open_case

Told = dict[str, Any] | Callable[[Office], dict[str, Any]]
PHOTO = b"\x89PNG\r\n\x1a\n" + b"made-up picture of a pump" * 40
LEDGER = "日期,车次,吨\n2026-03-01,12,240\n".encode()
REASON = {"reason": "见卷内说明"}
FOUND = {"found": "当事人在河边设有取水设施一处"}
GOODS = [{"name": "离心泵", "spec": "ISG80-160", "quantity": "1台"}]


def step(act: str, who: str, told: Told | None = None, after: int = 0) -> Step:
    """A step whose data may need to know the people of the office."""

    def data(office: Office, case: Case | None) -> dict[str, Any]:
        return dict(told(office) if callable(told) else told or {})

    return Step(act, who, data, after)


def two(more: dict[str, Any]) -> Callable[[Office], dict[str, Any]]:
    """The two handlers and the rest."""
    return lambda office: {"officers": stories.two(office), **more}


def goods(more: dict[str, Any], **column: str) -> Callable[[Office], dict[str, Any]]:
    """Two handlers and things taken into care."""
    return two({"items": [{**row, **column} for row in GOODS], **more})


def photo(office: Office) -> dict[str, Any]:
    """A file of evidence, its bytes already in the store."""
    kept = receive(io.BytesIO(PHOTO), "取水口照片.png", "image/png")
    return {
        "officers": stories.two(office),
        "kind": "audiovisual",
        "title": "取水口照片",
        "proves": "取水设施的位置",
        "source_of": "执法人员拍摄",
        "files": [kept],
    }


def extracted(office: Office) -> dict[str, Any]:
    """Electronic data, copied before a witness because the holder is away."""
    kept = receive(io.BytesIO(LEDGER), "出场记录.csv", "text/csv")
    return {
        "officers": stories.two(office),
        "place": "磅房",
        "began": None,
        "ended": None,
        "title": "出场记录",
        "holder": "当事人的磅房管理员",
        "medium": "磅房计算机，编号 QH-03",
        "record": "按日期导出后复制到执法专用移动硬盘，两次计算校验值一致。",
        "proves": "洗砂的产量",
        "witness": "村民委员会委员 顾平",
        "signed": "absent",
        "files": [kept],
    }


def service(paper: str, way: str = "direct", after: int = 1, **more: Any) -> Step:
    """送达 of a paper in one of the seven ways."""
    told = {
        "paper": paper,
        "way": way,
        "served_on": None,
        "place": "当事人住所",
        "receiver": "顾长庚（法定代表人）",
        "proof": "回执编号 0001",
        **stories.UNFILMED,
        **more,
    }
    return step("serve", "officer1", two(told), after)


def opened(**flags: Any) -> list[Step]:
    """Clue, filing, certificates shown, notice given."""
    return stories.investigated("90000", ("fine",), "org", 4, **flags)[:4]


def probed() -> list[Step]:
    """Everything that may happen while a case is investigated."""
    return [
        step("inspect", "officer1", two(INSPECTED)),
        step("confirm-address", "officer1", {"service_address": "演示县工业园 5 号"}),
        step("order-correction", "officer1", two(STOPPED), 1),
        service("correction-order", after=0),
        step("sample", "officer1", two(SAMPLED)),
        step("add-evidence", "officer1", photo),
        step("approve-preservation", "agency-head", REASON),
        step(
            "register-preservation",
            "officer1",
            goods({"place": "砂场", "keep_mode": "in-place", **stories.UNFILMED}),
        ),
        step("decide-preservation", "agency-head", {"disposal": "held", **REASON}, 5),
        step("receive-property", "officer1", goods({"ground": "当事人自愿上交"}, stored="证物室")),
        step("extract-electronic", "officer1", extracted),
        step("register-agent", "officer1", REPRESENTED),
        step("summon-interview", "officer1", SUMMONED),
        step("require-materials", "officer1", {"materials": "取水台账", "provide_by": "2026-03-25"}),
        step("request-assistance", "officer1", ASKED),
        step("commission-appraisal", "officer1", APPRAISED, 1),
        step(
            "receive-appraisal",
            "officer1",
            {"appraisal_to": "2026-03-23", "result_text": "水量 1200 立方米"},
            5,
        ),
        step("check-correction", "officer1", {"record": "已经停止取水", "corrected": True}),
        step("suspend", "agency-head", {"suspension_basis": "《水行政处罚实施办法》第四十条", **REASON}, 1),
        step("resume", "agency-head", REASON, 8),
        step("extend", "agency-head", EXTENDED),
        step(
            "request-recusal",
            "officer1",
            lambda o: {"recusal_of": o.id("officer2"), "recusal_by": "party", **REASON},
        ),
        step("decide-recusal", "agency-head", {"granted": False, **REASON}),
        step("assign-officers", "unit-head", two({"handed_over": "案卷一册", **REASON})),
        step("raise-major", "officer1", {"raised_major": "影响下游用水"}),
    ]


STOPPED = {"correct_what": "停止取水", "correct_by": "2026-03-20"}
INSPECTED = {
    "place": "砂场",
    "began": None,
    "ended": None,
    "present": "现场负责人",
    "signed": "signed",
    "record": "现场有水泵一台，正在抽水。",
    **stories.UNFILMED,
}
CONSENT = {
    "service_address": "演示县工业园 5 号",
    "service_email": "a@example.invalid",
    "e_service_consent": True,
}
SAMPLED = {
    "place": "砂场",
    "samples": [{"name": "河砂", "base": "约 40 吨", "quantity": "2 袋"}],
    "sealed": "当场封样",
    **stories.UNFILMED,
}
APPRAISED = {"appraiser": "水文计量所", "appraise_what": "取水量", "appraisal_from": "2026-03-20"}
REPRESENTED = {
    "agents": [{"name": "陆一舟", "relation": "生产负责人", "authority": "一般代理"}],
    "agent_matters": ["defence", "hearing"],
}
SUMMONED = {"interviewee": "当事人的生产负责人", "come_at": "2026-03-24T09:30", "place": "询问室"}
ASKED = {"assisting_organ": "演示县供电公司", "assist_what": "提供当事人的用电记录"}
EXTENDED = {"days": 30, "extension_basis": "《水行政处罚实施办法》第三十八条", **REASON}


def proposed(outcome: str = "penalty", fine: str = "90000") -> Step:
    """调查终结."""
    told = {"proposal_outcome": outcome, "proposal": stories.penalty(fine), "report": "事实清楚，证据充分。"}
    return step("conclude-investigation", "officer1", told, 1)


def drafted(fine: str = "90000", **more: str) -> Step:
    """拟定决定草案."""
    return step("draft-decision", "officer1", {"decision": stories.penalty(fine, **more)})


def told_again(new_facts: str = "") -> list[Step]:
    """告知 and its service, with new facts if there are any."""
    told = {"defence_days": 5, **({"new_facts": new_facts} if new_facts else {})}
    return [step("notify-penalty", "officer1", told, 1), service("penalty-notice", "leave", **WITNESSED)]


WITNESSED = {"refused": "拒绝签收", "witness": "执法记录仪视频 JL-01"}


def defended() -> list[Step]:
    """陈述申辩 and its check."""
    return [
        step("record-defence", "officer1", two({"form": "oral", "record": "请求从轻"}), 1),
        step("review-defence", "officer1", {"defence_answer": "情节属实，已经考虑"}),
    ]


def contested() -> list[Step]:
    """普通程序 with nearly everything in it, never paid, ending at the court."""
    return [
        step("register-clue", "officer1", CLUE),
        step("preliminary-check", "officer1", two({"record": "线索属实"})),
        *opened(complex=True)[1:],
        *probed(),
        proposed(),
        step("return-to-investigation", "agency-head", REASON),
        proposed(),
        drafted(),
        *told_again(),
        *defended(),
        step("add-evidence", "officer1", photo),
        drafted("95000"),
        *told_again("又查明取水三百立方米"),
        step("waive-defence", "officer1", {"waiver": "书面表示不再申辩"}),
        step("waive-hearing", "officer1", {"waiver": "书面表示不要求听证"}),
        step("submit-for-review", "officer1", {}),
        step("give-opinion", "legal-reviewer", problems_found, 1),
        step("submit-for-review", "officer1", {"answers": [{"no": 1, "answer": "已补充计算方法"}]}, 1),
        stories.reviewed()[1],
        *stories.discussed(),
        step("decide", "agency-head", {"opinion": "同意"}, 1),
        step("announce-service", "officer1", ANNOUNCED, 3),
        *settled(),
    ]


CLUE: dict[str, Any] = {
    "source": "inspection",
    "summary": "巡查发现",
    "party": stories.party("org", 5),
    "cause": "未经批准擅自取水",
    "occurred_on": None,
    "occurred_at": "演示县清河左岸",
}


def problems_found(office: Office) -> dict[str, Any]:
    """An opinion that lists a problem."""
    return {
        "outcome": "problems",
        "problems": [{"element": "裁量", "problem": "没有写明计算方法"}],
        "opinion": "请补充后重新送审",
        "mode": "written",
        "responsible": office.id("legal-reviewer"),
    }


ANNOUNCED = {
    "announced_paper": "penalty-decision",
    "tried": "直接送达两次无人，邮寄退回",
    "announced_where": "政府网站",
    **stories.UNFILMED,
}


def settled() -> list[Step]:
    """From the announced decision to the court's ruling."""
    return [
        service("penalty-decision", "announce", 24),
        step("enter-execution", "officer1", {}),
        service("payment-notice", after=0),
        *stories.published(),
        step("dispose-property", "officer1", two({"disposal": "returned", "record": "当事人领回"})),
        step("grant-deferral", "agency-head", DEFERRED),
        service("deferral-notice", "mail", 0),
        step("impose-late-fine", "agency-head", {"late_fine": "2850"}, 54),
        service("late-fine-decision", "direct", 0),
        step("waive-late-fine", "agency-head", {"waiver_basis": "执行协议", **REASON}),
        step(
            "record-remedy",
            "officer1",
            {"remedy": "review", "remedy_organ": "县人民政府", "remedy_no": "1号", "applied_on": None},
        ),
        step("end-remedy", "officer1", {"remedy": "review", "result": "upheld", **RECEIVED}, 5),
        step("record-performance", "officer1", {"record": "已拆除取水设施"}),
        step("urge", "officer1", {"urged": "十日内缴清"}, 5),
        service("urge-notice", "mail"),
        step("answer-urge", "officer1", {"record": "请求宽限", "urge_answer": "已经宽限过，不再采纳"}, 1),
        step("apply-to-court", "agency-head", {"court": "县人民法院", "unpaid": "罚款 95000 元"}, 10),
        step("court-accepts", "officer1", {"court_result": "granted", "court_no": "（2026）演01行审1号"}, 3),
        step(
            "correct-paper",
            "agency-head",
            {"paper": "penalty-decision", "wrong": "5号", "right": "6号", **REASON},
        ),
        step("confirm-address", "officer1", CONSENT),
        service("correction-notice", "electronic"),
        *(service(paper, after=0) for paper in HANDED_OVER),
        step("close", "agency-head", {"performed": "法院裁定准予执行", **stories.APPROVED}),
        stories.closed()[1],
    ]


HANDED_OVER = (
    "preservation-notice",
    "preservation-decision",
    "interview-notice",
    "materials-notice",
    "appraisal-period-notice",
    "appraisal-notice",
)
"""Papers that the party had from the officers' hands, of which the receipts come into the file last."""

APPLIED = {"remedy_organ": "县政府", "remedy_no": "5 号", "applied_on": None}
RECEIVED = {"remedy_no": "复决 5 号", "received_on": None}
DEFERRED = {
    "applied": "经营困难",
    "instalments": [{"due": "2026-08-20", "amount": "95000"}],
    "deferred_until": "2026-08-20",
}


def cash() -> list[Step]:
    """简易程序 with money taken on the spot, a recusal turned down, early publication and a later withdrawal."""
    steps = stories.summary("100", "citizen", 1)
    asked = {"recusal_by": "self", **REASON}
    return [
        *steps[:4],
        step("request-recusal", "officer1", lambda o: {"recusal_of": o.id("officer2"), **asked}),
        step("decide-recusal", "agency-head", {"granted": False, **REASON}),
        step("order-correction", "officer1", two({"correct_what": "公示信息", "correct_by": "2026-03-09"})),
        service("correction-order", after=0),
        steps[4],
        step("approve-early-publication", "agency-head", REASON),
        *steps[5:7],
        step("collect-on-spot", "officer1", two({"ground": "small", "amount": "100", "receipt": "票据 1"})),
        step("remit-collected", "officer1", {"remitted_to": "财务股，凭证 7"}, 1),
        step("deposit-collected", "officer1", {"deposited": "演示银行，凭证 8"}, 1),
        *stories.published(),
        *stories.closed(),
        step(
            "revoke-decision",
            "agency-head",
            {"revoked_how": "revoked", "revoked_by": "县政府复决 3 号", **REASON},
            3,
        ),
        step(
            "withdraw-publication",
            "disclosure-approver",
            {"withdrawal_ground": "review", "public_reason": "原决定已被撤销"},
            1,
        ),
    ]


def hearing_until_notified() -> list[Step]:
    """The hearing story up to the notice of the hearing, served."""
    steps = stories.hearing("90000", 6)
    return steps[: 2 + next(i for i, s in enumerate(steps) if s.act == "notify-hearing")]


def absent() -> list[Step]:
    """听证 ended because the party stayed away; not published for a reason; execution ended."""
    return [
        *hearing_until_notified(),
        step("end-hearing", "legal-reviewer", {"ground": "absent", **REASON}, stories.TO_HEARING),
        *stories.reviewed(),
        *stories.discussed(),
        step("decide", "agency-head", {"opinion": "同意"}, 1),
        service("penalty-decision", "forward", 2, through="某单位政治机关"),
        step("enter-execution", "officer1", {}),
        service("payment-notice", after=0),
        step("exempt-publication", "agency-head", EXEMPT),
        step("refuse-deferral", "agency-head", REASON, 2),
        service("deferral-notice"),
        step("end-execution", "agency-head", {"ground": "dissolved", **REASON}),
        step("explain-missing", "agency-head", {"paper": "hearing-end", **REASON}),
        step("point-to-secret", "officer1", ELSEWHERE),
        step("clear-person", "agency-head", cleared),
        step("unclear-person", "agency-head", cleared),
        *stories.closed(),
        *forgotten(),
        *kept(),
    ]


ELSEWHERE = {"register_no": "密登 7 号", "custodian": "县国家保密局 顾平", "level": "secret", "pieces": "1"}


def cleared(office: Office) -> dict[str, Any]:
    """Who may know what only a few may."""
    return {"cleared_person": office.id("legal-reviewer"), **REASON}


def kept() -> list[Step]:
    """What becomes of a file: held while somebody else needs it as it is, let go, handed over."""
    given = {"handed_to": "archives", "receiver": "县档案馆 柳眉", "copies": ["paper", "electronic"]}
    return [
        step("hold-file", "archivist", REASON, 1),
        step("release-file", "agency-head", REASON, 1),
        step("supplement-file", "archivist", ADDED, 1),
        step("hand-over-file", "archivist", given, 1),
    ]


ADDED = {
    "title": "邮件回执原件",
    "came_on": "2026-06-01",
    "came_from": "邮政投递点",
    "belongs_to": "main",
    "sheets": 1,
    "reason": "邮政退回迟延",
}


def forgotten() -> list[Step]:
    """Who reported asks to be forgotten: turned down at first, then erased."""
    asked = {"erase_what": "informant", "erasure_ground": "purpose", "erasure_basis": FORGET, **REASON}
    return [
        step("propose-erasure", "archivist", asked, 1),
        step("refuse-erasure", "agency-head", REASON),
        step("propose-erasure", "archivist", asked, 1),
        step("erase-data", "agency-head", {"erase_what": "informant", "opinion": "同意删除"}),
    ]


FORGET = "《个人信息保护法》第四十七条第一款第一项"
EXEMPT = {
    "ground": "N4",
    "exempt_basis": "《政府信息公开条例》第十五条",
    "reconsider_on": "2027-01-04",
    **REASON,
}
EXCEPTED = {"exception_basis": "《某某条例》第十二条", "exception_days": 10, **REASON}
LIFTED = {"lift_ground": "ended", "lift_basis": "权利人已自行公开", **REASON}


def withdrawn() -> list[Step]:
    """听证 asked for and taken back; suspected crime handed over meanwhile; rules adopted anew."""
    steps = hearing_until_notified()[:-2]
    report = {"crime": "非法采矿罪", "crime_report": "价值达到立案追诉标准"}
    team = {"police": "县公安局", "crime": "非法采矿罪", **FOUND, **REASON}
    return [
        *steps,
        step("withdraw-hearing", "officer1", REASON, 1),
        step("report-crime", "officer1", lambda o: {**report, "special_team": stories.two(o)}),
        step("approve-crime-transfer", "agency-head", {"opinion": "同意移送"}, 1),
        step("transfer-crime", "agency-head", lambda o: {**team, "special_team": stories.two(o)}),
        step("record-police-reply", "officer1", {"police_reply": "not-filed", "police_no": "不立案 1 号"}, 2),
        step("object-to-police", "agency-head", {"objection_to": "县公安局", **REASON}),
        step("record-police-reply", "officer1", {"police_reply": "not-filed", "police_no": "维持 1 号"}, 2),
        step("adopt-pack", "agency-head", REASON),
        *stories.reviewed(),
        *stories.discussed(),
        *stories.executed("90000"),
    ]


def small_and_asked() -> list[Step]:
    """A hearing asked for where the law gives none is refused; a case raised to major is lowered again."""
    kinds = ("warning",)
    return [
        *stories.investigated("0", kinds, "org", 7)[:-2],
        step("raise-major", "officer1", {"raised_major": "社会关注"}),
        step("lower-major", "legal-reviewer", {"lowered_major": "只有警告，没有争议"}),
        *stories.investigated("0", kinds, "org", 7)[-2:],
        *stories.notified(),
        step("waive-defence", "officer1", {"waiver": "没有意见"}),
        step("request-hearing", "legal-reviewer", {"asked_for": "想听证"}),
        step("refuse-hearing", "legal-reviewer", REASON, 1),
        *stories.reviewed(),
        *stories.discussed(),
        step("decide", "agency-head", {"opinion": "同意"}, 1),
        service("penalty-decision", "entrust", 2, through="邻县水务局"),
        step("close", "agency-head", {"performed": "警告已经送达", **stories.APPROVED}),
    ]


def spared() -> list[Step]:
    """不予处罚, served and closed."""
    told = {
        "ground": "first-slight",
        "corrected": True,
        "first_time": True,
        "slight": True,
        "educated": "当面教育",
        **FOUND,
    }
    return [
        *stories.investigated("2000", ("fine",), "citizen", 2)[:-2],
        proposed("no-penalty", "0"),
        step("decide-no-penalty", "agency-head", {**told, **REASON}, 2),
        service("no-penalty-decision"),
        step("enter-execution", "officer1", {}),
        step("close", "agency-head", {"performed": "无执行内容", **stories.APPROVED}),
    ]


def criminal() -> list[Step]:
    """涉嫌犯罪: first not approved, then handed over, filed by the police, closed."""
    report = {"crime": "非法采矿罪", "crime_report": "价值达到立案追诉标准"}

    def team(office: Office) -> dict[str, Any]:
        return {
            "police": "县公安局",
            "crime": "非法采矿罪",
            "special_team": stories.two(office),
            **FOUND,
            **REASON,
        }

    reported = step("report-crime", "officer1", lambda o: {**report, "special_team": stories.two(o)})
    return [
        *stories.investigated("2000", ("fine",), "org", 1)[:-2],
        step("add-evidence", "officer1", photo),
        step("exclude-evidence", "unit-head", lambda o: {"evidence_ids": ["interview-6"], **REASON}),
        step("amend", "officer1", {**AMENDED, **REASON}),
        reported,
        step("refuse-crime-transfer", "agency-head", REASON, 1),
        reported,
        step("approve-crime-transfer", "agency-head", {"opinion": "同意移送"}, 1),
        step("transfer-crime", "agency-head", team),
        step("record-police-reply", "officer1", {"police_reply": "filed", "police_no": "立案 1 号"}, 2),
        step("hand-over-materials", "officer1", {"record": "案卷一册，当面移交"}, 1),
        step("close-transferred", "agency-head", {"performed": "公安机关已经立案"}),
        stories.closed()[1],
    ]


AMENDED = {
    "party": stories.party("org", 1),
    "cause": "未经批准擅自采砂",
    "occurred_on": "2026-02-10",
    "occurred_at": "演示县清河右岸",
}


def remade() -> list[Step]:
    """A decision revoked in 复议: withdrawn, paid back, decided anew and lighter."""
    first = stories.ordinary("3000", which=3)
    paid = next(i for i, s in enumerate(first) if s.act == "record-payment")
    review = {"remedy": "review"}
    order = {"remake_order": "县政府复决 5 号", "remake_ground": "substance", **REASON}
    return [
        *first[: paid + 1],
        step("record-remedy", "officer1", {**review, **APPLIED}, 1),
        step("answer-remedy", "legal-reviewer", {"answered_with": "答复书和证据一册"}, 3),
        step("end-remedy", "officer1", {**review, "result": "remade", **RECEIVED}, 20),
        step("revoke-decision", "agency-head", {"revoked_how": "revoked", "revoked_by": "县政府", **REASON}),
        service("revocation"),
        step(
            "withdraw-publication",
            "disclosure-approver",
            {"withdrawal_ground": "review", "public_reason": "原决定已被撤销"},
        ),
        step("refund-payment", "officer1", {"amount": "3000", "receipt": "退付 1", **REASON}),
        step("reopen-case", "agency-head", order),
        drafted("1500"),
        *stories.notified(),
        step("waive-defence", "officer1", {"waiver": "没有意见"}),
        step("waive-hearing", "officer1", {"waiver": "不要求听证"}),
        *stories.reviewed(),
        *stories.discussed(),
        *stories.executed("1500"),
    ]


def applied() -> list[Step]:
    """A decision on the spot, first withheld, against which an application comes in; what is public of it is put right."""
    steps = stories.summary("200", "org", 2)
    at = next(i for i, s in enumerate(steps) if s.act == "prepare-publication")
    paid = next(i for i, s in enumerate(steps) if s.act == "record-payment")
    return [
        *steps[:at],
        step("invoke-exception", "disclosure-approver", EXCEPTED),
        step("exempt-publication", "agency-head", EXEMPT),
        step("lift-exemption", "disclosure-approver", LIFTED, 3),
        step("receive-application", "officer1", {"asked_for": "请求撤销"}),
        step("forward-application", "legal-reviewer", {"forwarded_to": "县政府，回执 1"}, 4),
        step("collect-publication", "officer1", {"collected": "决定书和送达回证"}),
        *steps[at:paid],
        step("post-channel", "disclosure-editor", {"channel": "counter", "posted_at": None}),
        *corrected(),
        step("take-down-channel", "disclosure-editor", {"channel": "counter", "down_at": None}),
        *steps[paid:],
    ]


def corrected() -> list[Step]:
    """Somebody found the published text wrong: told, written anew, vetted by one, confirmed by another."""
    return [
        step("correct-publication", "disclosure-editor", WRONG),
        step("prepare-publication", "disclosure-editor", {"plain_summary": f"更正：{stories.SUMMARY}"}),
        step("vet-publication", "unit-head", {"vetting": "与决定书一致"}),
        stories.published()[1],
    ]


WRONG = {"error_source": "own", "found_wrong_on": "+0d", "public_note": "摘要有误，现予更正。"}


def other_case(people: Any, case: Case | None = None) -> str:
    """The code of another case of the office, opened where there is none; of people who have no office a made-up one."""
    if not isinstance(people, Office):
        return "演示案2026-0002"
    others = Case.objects.filter(agency=people.agency, closed="")
    there = others.exclude(id=case.id).first() if case else None
    if there is None:
        told = stories.dated("register-clue", CLUE, timezone.now())
        opener = people.people["officer1"]
        there = open_case("ordinary", people.agency, opener, told, unit=people.brigade, channel="test").case
    return there.code


def merged() -> list[Step]:
    """The same matter twice: the second case goes on in the first."""
    told = Step("merge-case", "unit-head", lambda o, c: {"merged_into": other_case(o, c), **REASON}, 1)
    return [*stories.investigated("2000", ("fine",), "org", 3)[:2], told]


def ended(act: str, who: str, told: Told, before: int) -> list[Step]:
    """A case that ends early by one act."""
    return [*stories.investigated("2000", ("fine",), "org", 3)[:before], step(act, who, told, 1)]


DESIGNATED = {
    "designated_to": "邻县水务局",
    "disputing": "演示县河道管理所",
    "designation_ground": "dispute",
    **FOUND,
    **REASON,
}
ASSIGNED = {
    "assigned_to": "演示镇人民政府",
    "assign_what": "核实取水量，依法处理",
    "report_by": "2026-05-29",
    **FOUND,
}

SIDE: dict[str, tuple[str, list[Step]]] = {
    "contested": ("ordinary", contested()),
    "cash": ("summary", cash()),
    "absent": ("ordinary", absent()),
    "withdrawn": ("ordinary", withdrawn()),
    "small": ("ordinary", small_and_asked()),
    "spared": ("ordinary", spared()),
    "criminal": ("ordinary", criminal()),
    "remade": ("ordinary", remade()),
    "applied": ("summary", applied()),
    "declined": ("ordinary", ended("decline-filing", "agency-head", REASON, 1)),
    "designated": ("ordinary", ended("designate-jurisdiction", "agency-head", DESIGNATED, 1)),
    "assigned": ("ordinary", ended("assign-case", "agency-head", ASSIGNED, 1)),
    "void": ("ordinary", ended("void-case", "unit-head", REASON, 1)),
    "merged": ("ordinary", merged()),
    "dismissed": ("ordinary", ended("dismiss", "agency-head", REASON, 7)),
    "transferred": (
        "ordinary",
        ended("transfer-agency", "agency-head", {"to_agency": "邻县水务局", **FOUND, **REASON}, 6),
    ),
}
"""Name: procedure and steps."""

BOOK = {**STORIES, **SIDE}
