"""Cases of 行政强制: a sealing that is lifted, a demolition, a clearance in the party's place, an application to the court."""

from collections.abc import Mapping
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.demo.people import Office
from sanxiang.demo.stories import UNFILMED, Step, party, served, shown, two

APPROVED = {"exceptions_approved": True}
"""The head lets the reasons stand why steps were not filmed."""
REVIEWER = "legal-reviewer"


# Measures


def proposed(office: Office, measure: str, **more: Any) -> dict[str, Any]:
    """What is to be sealed or frozen, why and on what ground; the statutes are invented."""
    plan = {
        "measure": measure,
        "target": "取水泵房一间、水泵两台",
        "reason": "未经批准取水，责令停止后仍在夜间取水，水位持续下降。",
        "necessity": "已两次责令停止，当事人没有停止，非强制手段不能制止。",
        "basis": "《演示条例》第三十条",
        "basis_level": "law",
        "days": 30,
        **more,
    }
    return {"party": party("org", 3), "cause": "未经批准擅自取水", "officers": two(office), "decision": plan}


def told(office: Office) -> dict[str, Any]:
    """The party is called, told and heard on the spot."""
    return {
        "officers": two(office),
        "called": "当场电话通知当事人的法定代表人，十分钟后到场",
        "party_came": "party",
        "told_reason": "未经批准取水，责令停止后仍在取水",
        "told_basis": "《演示条例》第三十条",
        "told_content": "查封取水泵房一间、水泵两台，期限三十日",
        "told_rights": "有陈述和申辩的权利，可以依法申请行政复议或者提起行政诉讼",
        "defence": "称正在办理取水手续，请求不要查封水泵",
        "heard_answer": "没有取得取水许可，不予采纳",
        **UNFILMED,
    }


def taken(office: Office, measure: str) -> dict[str, Any]:
    """The sealing itself, with the list of what is sealed."""
    items = [
        {"name": "取水泵房", "quantity": "一", "unit": "间", "feature": "完好", "use": "involved"},
        {
            "name": "潜水泵",
            "spec": "演示型",
            "quantity": "两",
            "unit": "台",
            "price": "3200",
            "use": "involved",
        },
    ]
    return {
        "officers": two(office),
        "taken": measure,
        "place": "演示县云溪镇河东泵站",
        "began": None,
        "ended": None,
        "items": items,
        "keep_mode": "in-place",
        "record": "泵房内潜水泵两台正在运行，当场切断电源，逐项清点后张贴封条两张。",
        "signed": "signed",
        **UNFILMED,
    }


def sealed(urgent: bool = False) -> list[Step]:
    """Up to the decision handed over on the spot; in an emergency approved within the day afterwards."""
    before = [Step("approve-measure", "agency-head", lambda o, c: {"opinion": "同意查封"}, 1)]
    after: list[Step] = []
    if urgent:
        why = {"urgent_reason": "取水口水位急降，不立即制止将影响下游饮水"}
        before = [Step("go-urgently", "officer1", lambda o, c: why)]
        after = [
            Step(
                "approve-late",
                "agency-head",
                lambda o, c: {"reported_at": "+0dT09:00", "opinion": "情况属实，同意补办"},
            )
        ]
    return [
        Step("propose-measure", "officer1", lambda o, c: proposed(o, "seal")),
        *before,
        Step("show-certificate", "officer1", shown),
        Step("tell-measure", "officer1", lambda o, c: told(o)),
        Step("take-measure", "officer1", lambda o, c: taken(o, "seal")),
        Step("serve", "officer1", lambda o, c: served("measure-decision", o, c)),
        Step("serve", "officer1", lambda o, c: served("measure-inventory", o, c)),
        *after,
    ]


def tested(office: Office, case: Case | None) -> dict[str, Any]:
    """A test whose days are told beforehand."""
    return {"tester": "演示检测中心", "test_what": "水泵流量检测", "test_from": "+0d", "test_until": "+6d"}


def measure(urgent: bool = False) -> list[Step]:
    """查封: approved, taken, kept, tested, lengthened, lifted, given back, filed."""
    return [*sealed(urgent), *kept(), *lifted()]


def kept() -> list[Step]:
    """In the keeping of a third person, tested, and lengthened once."""
    return [
        Step(
            "entrust-custody",
            "officer1",
            lambda o, c: {
                "keeper": "云溪镇水利站",
                "keep_place": "河东泵站",
                "keep_duty": "妥善保管，不得使用、转移",
            },
        ),
        Step("start-testing", "officer1", tested, 2),
        Step("serve", "officer1", lambda o, c: served("testing-notice", o, c)),
        Step(
            "end-testing",
            "officer1",
            lambda o, c: {"tested_on": "+0d", "result_text": "流量每小时八十立方米"},
            3,
        ),
        Step(
            "extend-measure",
            "agency-head",
            lambda o, c: {"more_days": 15, "reason": "取水量需要向供电部门核对，情况复杂"},
            12,
        ),
        Step("serve", "officer1", lambda o, c: served("measure-extension", o, c)),
    ]


def lifted() -> list[Step]:
    """Lifted by decision, given back, closed and filed."""
    return [
        Step(
            "release-measure",
            "agency-head",
            lambda o, c: {"release_ground": "decided", "reason": "已经作出行政处罚决定，水泵不再需要查封"},
            5,
        ),
        Step("serve", "officer1", lambda o, c: served("release-decision", o, c)),
        Step(
            "return-property",
            "officer1",
            lambda o, c: {
                "officers": two(o),
                "place": "演示县云溪镇河东泵站",
                "receiver": "顾长庚（当事人的法定代表人）",
                "record": "当场启封，逐项清点无误，如数退还。",
                **UNFILMED,
            },
        ),
        *ended("查封三十日后延长十五日，处罚决定作出后解除，财物全部退还"),
    ]


def frozen() -> list[Step]:
    """冻结: the bank first, the party within three working days; lifted in time."""
    return [
        Step(
            "propose-measure",
            "officer1",
            lambda o, c: proposed(o, "freeze", target="演示银行账户存款", involved_sum="50000"),
        ),
        Step("approve-measure", "agency-head", lambda o, c: {"opinion": "同意冻结"}, 1),
        Step("show-certificate", "officer1", shown),
        Step(
            "freeze-funds",
            "officer1",
            lambda o, c: {
                "officers": two(o),
                "taken": "freeze",
                "bank": "演示银行云溪支行",
                "account_no": "0000 0000 0000 0009",
                "frozen": "50000",
                "frozen_before": "no",
                "place": "演示银行云溪支行",
                "began": None,
                "ended": None,
                "record": "向支行交付冻结通知书，当场办理冻结。",
                "signed": "signed",
                **UNFILMED,
            },
        ),
        Step("serve", "officer1", lambda o, c: served("freeze-decision", o, c), 2),
        Step(
            "release-measure",
            "agency-head",
            lambda o, c: {"release_ground": "decided", "reason": "已经作出处理决定"},
            10,
        ),
        Step("serve", "officer1", lambda o, c: served("release-decision", o, c)),
        *ended("冻结存款五万元，处理决定作出后解除"),
    ]


# Execution


def based(office: Office, kind: str, ago: int) -> dict[str, Any]:
    """A decision made elsewhere and served some days before, which the party has not carried out."""
    words = {
        "demolish": "自行拆除河道管理范围内的彩钢棚",
        "restore": "清除河道内堆放的砂石料",
        "money": "缴纳水土保持补偿费",
    }
    return {
        "party": party("org", 6),
        "cause": {"money": "未缴纳水土保持补偿费"}.get(kind, "在河道管理范围内修建、堆放妨碍行洪的物体"),
        "base_name": "责令限期履行决定书",
        "base_no": "演责〔2026〕8号",
        "base_on": f"-{ago + 1}d",
        "served_on": f"-{ago}d",
        "base_basis": "《演示条例》第四十条",
        "base_kind": kind,
        "base_duty": words[kind],
        "duty_until": f"-{ago - 20}d",
        "officers": two(office),
        **({"base_sum": "12000"} if kind == "money" else {}),
    }


def urged(office: Office, case: Case | None) -> dict[str, Any]:
    """The written urging, with ten days."""
    return {"urge_until": "+10d", "urge_how": "自行组织人员清除，完成后通知本机关核查"}


def decision(**more: Any) -> dict[str, Any]:
    """What a decision to enforce and one on substitute performance both say."""
    return {
        "content": "拆除河道管理范围内的彩钢棚一处",
        "means": "组织人员和机械拆除，物品逐件清点",
        "execute_at": "+8wT09:30",
        "reason": "经催告仍不履行，没有正当理由，妨碍行洪。",
        "basis": "《演示条例》第四十一条",
        "supply": "none",
        **more,
    }


def reviewed() -> list[Step]:
    """A review that passes; the demolition touches a public interest."""
    opinion = {"outcome": "agree", "mode": "written", "opinion": "依据、程序、内容合法。"}
    return [
        Step("submit-for-review", "officer1", lambda o, c: {"note": "拟强制拆除，请予审核"}, 1),
        Step("give-opinion", REVIEWER, lambda o, c: {**opinion, "responsible": o.id(REVIEWER)}, 2),
    ]


PLAN = {
    "plan_people": "执法人员六名，公证一名，分清点、警戒、拆除三组",
    "plan_steps": "宣读决定、清点、断电、拆除、清场",
    "plan_risk": "围观拥挤、高处坠落，风险较低",
    "plan_emergency": "医护一名在场，遇阻暂停并报告",
}
COST = {
    "cost": "3600",
    "cost_detail": "机械台班两个，人工六个",
    "cost_payer": "party",
    "cost_basis": "《演示条例》第四十一条",
}


def ordered() -> list[Step]:
    """A demolition from the urging to the decision, heard and reviewed."""
    return [
        Step(
            "register-base", "officer1", lambda o, c: {**based(o, "demolish", 260), "public_interest": True}
        ),
        Step("urge-execution", "officer1", urged, 1),
        Step("show-certificate", "officer1", shown),
        Step("serve", "officer1", lambda o, c: served("exec-urge-notice", o, c)),
        Step(
            "answer-urge",
            "officer1",
            lambda o, c: {"record": "称彩钢棚为临时仓库，请求缓拆", "urge_answer": "妨碍行洪，不予采纳"},
            3,
        ),
        Step(
            "draft-execution",
            "officer1",
            lambda o, c: {"decision": decision(basis_level="law", execute_at="+18wT09:30")},
            12,
        ),
        *reviewed(),
        Step("decide-execution", "agency-head", lambda o, c: {"opinion": "同意强制执行"}, 1),
        Step("serve", "officer1", lambda o, c: served("exec-decision", o, c)),
    ]


def demolition() -> list[Step]:
    """强制拆除: urged, reviewed, decided, announced, planned, carried out by day, costs, filed."""
    return [
        *ordered(),
        Step(
            "announce-demolition",
            "officer1",
            lambda o, c: {
                "self_until": "+15d",
                "announced_where": "当事人住所和彩钢棚所在地张贴",
                **UNFILMED,
            },
        ),
        Step("plan-execution", "officer1", lambda o, c: PLAN, 1),
        Step("show-certificate", "officer1", shown, 14),
        Step("carry-out-execution", "officer1", executed),
        Step(
            "record-cost",
            "officer1",
            lambda o, c: COST,
            2,
        ),
        Step("serve", "officer1", lambda o, c: served("cost-notice", o, c)),
        *ended("彩钢棚已经拆除，物品已经交还，费用通知已经送达"),
    ]


def executed(office: Office, case: Case | None) -> dict[str, Any]:
    """The demolition on the ground."""
    return {
        "officers": two(office),
        "executed": "demolish",
        "place": "演示县云溪镇河东滩地",
        "began": None,
        "ended": None,
        "present": "当事人的法定代表人顾长庚，云溪镇政府工作人员一名",
        "goods": [{"name": "货架", "quantity": "四组", "feature": "旧", "gone_to": "交当事人"}],
        "record": "宣读强制执行决定书，清点物品后拆除彩钢棚，清理现场，没有损坏其他财物。",
        "finished": True,
        "signed": "signed",
        **UNFILMED,
    }


def substitute() -> list[Step]:
    """代履行: urged, decided, urged once more, done under supervision, the cost told."""
    plan = decision(
        content="清运河道内砂石料约二百立方米",
        means="机械清运",
        agent="演示清运队",
        agent_free=True,
        budget="8000",
        harm="resources",
    )
    return [
        Step("register-base", "officer1", lambda o, c: based(o, "restore", 60)),
        Step("urge-execution", "officer1", urged, 1),
        Step("show-certificate", "officer1", shown),
        Step("serve", "officer1", lambda o, c: served("exec-urge-notice", o, c)),
        Step("draft-substitute", "officer1", lambda o, c: {"decision": dict(plan)}, 12),
        Step("decide-substitute", "agency-head", lambda o, c: {"opinion": "同意代履行"}, 1),
        Step("serve", "officer1", lambda o, c: served("substitute-decision", o, c)),
        Step("urge-substitute", "officer1", lambda o, c: {"substitute_on": "+6w"}, 1),
        Step("serve", "officer1", lambda o, c: served("substitute-urge-notice", o, c)),
        Step("show-certificate", "officer1", shown, 6),
        Step("carry-out-substitute", "officer1", cleared),
        Step(
            "record-cost",
            "officer1",
            lambda o, c: {
                "cost": "7600",
                "cost_detail": "装载机、运输车台班和人工",
                "cost_payer": "party",
                "cost_basis": "《演示条例》第四十条",
            },
            1,
        ),
        Step("serve", "officer1", lambda o, c: served("cost-notice", o, c)),
        *ended("砂石料已经清运，费用通知已经送达"),
    ]


def cleared(office: Office, case: Case | None) -> dict[str, Any]:
    """Substitute performance, with an officer standing by."""
    return {
        "officers": two(office),
        "agent": "演示清运队",
        "agent_signer": "滕青禾",
        "place": "演示县云溪镇河东滩地",
        "began": None,
        "ended": None,
        "present": "代履行人六名，当事人没有到场，村民委员会工作人员到场见证",
        "party_there": "no",
        "witness": "冉秋水",
        "record": "机械清运砂石料约二百立方米，河道恢复原状。",
        "finished": True,
        "signed": "absent",
        **UNFILMED,
    }


def clearance() -> list[Step]:
    """立即代履行: decided on the spot, cleared, the party told afterwards."""
    plan = {
        "where": "river",
        "place": "云溪河河东段",
        "what": "obstacle",
        "content": "倾倒的树枝堵塞行洪断面",
        "reason": "当日有暴雨，影响行洪",
        "unable": "当事人没有机械，短时间内不能清除",
        "basis": "《行政强制法》第五十二条",
        "agent": "演示清运队",
    }
    return [
        Step(
            "start-clearance",
            "officer1",
            lambda o, c: {
                "party": party("org", 5),
                "cause": "向河道倾倒障碍物",
                "officers": two(o),
                "decision": dict(plan),
            },
        ),
        Step("decide-clearance", "agency-head", lambda o, c: {"opinion": "同意立即清除"}),
        Step("show-certificate", "officer1", shown),
        Step("carry-out-substitute", "officer1", cleared),
        Step(
            "tell-after-clearance",
            "officer1",
            lambda o, c: {"told_how": "电话通知后送达书面通知", "handled": "费用由本机关先行垫付，另案查处"},
        ),
        Step("serve", "officer1", lambda o, c: served("clearance-decision", o, c), 1),
        Step("serve", "officer1", lambda o, c: served("clearance-notice", o, c)),
        *ended("障碍物已经清除，当事人已经收到通知"),
    ]


def court() -> list[Step]:
    """申请法院: urged, ten working days, applied within three months, granted, executed."""
    package = ["application", "decision", "service", "view", "urging", "object"]
    told = {
        "court": "演示县人民法院",
        "court_object": "水土保持补偿费一万二千元",
        "object_state": "金钱给付，没有财产线索",
        "party_view": "当事人没有提出意见",
        "base_facts": "当事人应当缴纳而没有缴纳",
        "package": package,
    }
    return [
        Step("register-base", "officer1", lambda o, c: based(o, "money", 210)),
        Step("court-urge", "officer1", lambda o, c: {"urge_how": "一次缴清", "urge_pay": "缴至财政专户"}, 1),
        Step("show-certificate", "officer1", shown),
        Step("serve", "officer1", lambda o, c: served("court-urge-paper", o, c)),
        Step("apply-court", "agency-head", lambda o, c: told, 12),
        Step(
            "court-accepts",
            REVIEWER,
            lambda o, c: {"court_result": "granted", "court_no": "演示县人民法院准予强制执行裁定"},
            5,
        ),
        Step(
            "record-court-end",
            "officer1",
            lambda o, c: {"court_end": "executed", "record": "法院划拨一万二千元，已缴入国库"},
            20,
        ),
        *ended("法院裁定准予执行，款项已经全部执行到位"),
    ]


def ended(performed: str) -> list[Step]:
    """Closed and filed."""
    return [
        Step("close-coercion", "agency-head", lambda o, c: {"performed": performed, **APPROVED}, 1),
        Step("archive", "archivist", lambda o, c: {"retention": "30", "checked": "材料齐全，页码连续"}, 3),
    ]


STORIES: Mapping[str, tuple[str, list[Step]]] = {
    "measure": ("coercive-measure", measure()),
    "urgent": ("coercive-measure", measure(urgent=True)),
    "freeze": ("coercive-measure", frozen()),
    "demolition": ("coercive-execution", demolition()),
    "substitute": ("substitute-performance", substitute()),
    "clearance": ("immediate-clearance", clearance()),
    "court": ("court-enforcement", court()),
}
"""Name: procedure and steps."""
