"""Whole cases of the taking of land and of requisitions, as lists of steps."""

from typing import Any

from sanxiang.cases.models import Case
from sanxiang.demo.levies import plain, sealed, serve
from sanxiang.demo.people import Office
from sanxiang.demo.stories import UNFILMED, Step, party, reviewed, shown, two

ABOVE = {"issuer_review_body": "演示市人民政府", "issuer_court": "演示市中级人民法院"}
"""Who hears complaints of what the county's government decides."""

VILLAGE = {
    "kind": "org",
    "name": "云溪镇柳林村股份经济合作社",
    "address": "演示县云溪镇柳林村",
    "legal_rep": "冉秋水",
}
POSTED = {"posted_where": "云溪镇、柳林村及各村民小组公告栏", **UNFILMED}


def land(which: int = 0) -> list[Step]:
    """土地征收: announced beforehand, surveyed, assessed, planned, heard, agreed, approved, announced, compensated, handed over."""
    return [*land_announced(), *land_planned(), *land_heard(), *land_agreed(), *land_taken()]


def land_announced() -> list[Step]:
    """The first notice, the survey, the risks."""
    return [
        Step(
            "land-open",
            "officer1",
            lambda o, c: {
                "party": VILLAGE,
                "cause": "云溪镇道路建设",
                "land_ground": "2",
                "occurred_at": "柳林村东",
                "land_area": "1.2",
                "levying_gov": "演示县人民政府",
                "officers": two(o),
            },
        ),
        plain(
            "land-prenotice",
            "officer1",
            {
                "land_scope": "柳林村东侧地块，约1.2公顷。",
                "land_purpose": "建设云溪镇道路。",
                "survey_plan": "预公告期间由调查人员逐户调查。",
                **POSTED,
            },
        ),
        Step("show-certificate", "officer1", shown, 2),
        Step("land-survey", "officer1", surveyed),
        plain(
            "land-risk",
            "officer1",
            {
                "risk_level": "low",
                "risk_points": "青苗补偿标准",
                "risk_measures": "逐户说明标准，设立咨询点。",
                "risk_people": "集体经济组织及其成员代表、村民委员会",
            },
            3,
        ),
    ]


def land_planned() -> list[Step]:
    """The plan of compensation, announced."""
    return [
        plain(
            "land-draft-plan",
            "officer1",
            {
                "plan_status": "旱地1.2公顷，青苗一季。",
                "plan_standard": "按区片综合地价和省定青苗标准。",
                "plan_people": "被征地村民三户。",
                "plan_way": "货币补偿。",
                "plan_security": "缴费补贴纳入养老保险。",
            },
            8,
        ),
        plain(
            "land-publish-plan",
            "officer1",
            {
                "register_how": "公告期内持权属证明到村委会登记。",
                "object_where": "演示县自然资源窗口。",
                **POSTED,
            },
            1,
        ),
    ]


def land_heard() -> list[Step]:
    """Most object, so there is a hearing; then the plan is settled."""
    return [
        plain(
            "land-object",
            "officer1",
            {"objector": "村民代表", "record": "多数成员认为青苗标准不符合规定。", "majority": "yes"},
            3,
        ),
        plain(
            "land-hearing",
            "legal-reviewer",
            {
                "place": "柳林村村委会",
                "attended": "村民代表、村委会、承办人",
                "record": "各方就青苗标准发表意见。",
                "revised": "青苗补偿按上限计算",
                **UNFILMED,
            },
            10,
        ),
        plain(
            "land-register",
            "officer1",
            {"registered": [{"holder": n, "right": "承包经营权证", "object": "旱地和青苗"} for n in HOLDERS]},
            3,
        ),
        plain("land-settle-plan", "agency-head", {"settled_note": "采纳听证意见。"}, 10),
    ]


HOLDERS = ("云溪镇柳林村股份经济合作社", "尤望舒", "滕青禾")


def surveyed(office: Office, case: Case | None) -> dict[str, Any]:
    """The record of the survey."""
    return {
        "officers": two(office),
        "place": "柳林村东",
        "record": "旱地1.2公顷，集体所有，承包三户；青苗一季，无住宅。",
        "confirmed_by": "村委会主任",
        "signed": "signed",
        **UNFILMED,
    }


def land_agreed() -> list[Step]:
    """Agreements with all but one, the money in place, the application and its approval."""
    rows = [
        {"holder": HOLDERS[0], "amount": "90000", "signed": "signed"},
        {"holder": HOLDERS[1], "amount": "6000", "signed": "signed"},
        {"holder": HOLDERS[2], "amount": "4000", "signed": "unsigned", "why": "对青苗数量有异议"},
    ]
    return [
        plain("land-agree", "officer1", {"holders": rows}, 2),
        plain("land-fund", "officer1", {"fund_amount": "100000", "fund_proof": "演示凭证"}),
        plain(
            "land-apply",
            "agency-head",
            {
                "farmland_ha": "1.2",
                "total_ha": "0",
                "approver": "province",
                "unsigned_note": "一户对青苗数量有异议",
            },
            1,
        ),
        Step(
            "land-approve",
            "officer1",
            lambda o, c: {
                "approval_no": "演示政土〔2026〕1号",
                "approval_organ": "演示省人民政府",
                "approval_received": "+0d",
            },
            15,
        ),
        plain(
            "land-announce", "agency-head", {"announce_plan": "自公告之日起三十日内完成交地。", **POSTED}, 3
        ),
    ]


def land_taken() -> list[Step]:
    """The decision on compensation for who has not signed, reviewed; paid; handed over; sealed."""
    decision = {
        "holder": HOLDERS[2],
        "found": "承包旱地0.1公顷，青苗一季，已三次协商未达成协议。",
        "amount": "4000",
        "resettle": "货币补偿，不涉及住宅",
        "basis": "《土地管理法实施条例》第三十一条",
        "perform_by": "自收到本决定书之日起十五日内交付土地",
    }
    return [
        plain("land-comp-draft", "officer1", {"decision": decision, "major_interest": True}),
        *reviewed(),
        plain("land-comp", "agency-head", {"opinion": "同意", **ABOVE}, 1),
        serve("land-comp-decision", 1),
        *(
            paid_out("land-pay", name, amount, n)
            for n, (name, amount) in enumerate(zip(HOLDERS, ("90000", "6000", "4000"), strict=True))
        ),
        Step(
            "land-hand-over",
            "officer1",
            lambda o, c: {
                "officers": two(o),
                "place": "柳林村东",
                "began": None,
                "ended": None,
                "record": "现场指界，全部交付，无遗留附着物。",
                "delivered_by": "村委会主任",
                **UNFILMED,
            },
            10,
        ),
        *sealed("land-close", "补偿全部支付，土地已经交付。"),
    ]


def paid_out(act: str, payee: str, amount: str, number: int) -> Step:
    """Compensation is paid."""
    data = {"payee": payee, "amount": amount, "paid_on": "+0d", "receipt": f"演示支付{number + 1:04d}"}
    return Step(act, "officer1", lambda o, c: dict(data))


def requisition(which: int = 2) -> list[Step]:
    """行政征用: decided in the emergency, taken over on a list, given back, one thing lost, compensated, paid, sealed."""
    owner = party("org", which)
    return [
        *ordered(owner),
        Step("req-take", "officer1", taken),
        *given_back(),
        *compensated(),
        paid_out("req-pay", owner["name"], "5200", 9),
        *sealed("req-close", "财产已返还，损失已补偿。"),
    ]


def ordered(owner: dict[str, Any]) -> list[Step]:
    """The order of the government, in the emergency."""
    plan = {
        "event": "演示县暴雨洪涝灾害",
        "purpose": "抢险运送砂石",
        "things": "自卸车一辆、编织袋两千条",
        "use_from": "+0d",
        "use_until": "+5w",
        "basis": "《防洪法》第四十五条第一款",
    }
    return [
        Step(
            "req-open",
            "officer1",
            lambda o, c: {
                "party": owner,
                "cause": "抢险调用运输车辆和物资",
                "event": "演示县暴雨洪涝灾害，Ⅱ级响应",
                "needed": "自卸车一辆、编织袋两千条",
                "occurred_at": "演示县工业园",
                "officers": two(o),
            },
        ),
        Step(
            "req-issue",
            "agency-head",
            lambda o, c: {
                "organ_kind": "government",
                "organ_name": "演示县人民政府",
                **ABOVE,
                "decision": plan,
                "opinion": "同意",
            },
        ),
        Step("show-certificate", "officer1", shown),
        serve("req-decision"),
    ]


def compensated() -> list[Step]:
    """Asked for, drafted, reviewed, decided."""
    return [
        plain(
            "req-claim", "officer1", {"claimed": "5200", "claim_reason": "车辆使用四日，编织袋全部用完。"}, 1
        ),
        plain(
            "req-comp-draft",
            "officer1",
            {
                "decision": {
                    "found": "自卸车使用四日，完好返还；编织袋两千条用于抢险，不能返还。",
                    "use_amount": "3200",
                    "loss_amount": "2000",
                    "standard": "车辆按市场租价每日八百元，编织袋按每条一元",
                    "basis": "《防洪法》第四十五条第二款",
                    "perform_by": "自本决定送达之日起十日内汇入所有权人账户",
                },
                "major_interest": True,
            },
            1,
        ),
        *reviewed(),
        plain("req-compensate", "agency-head", {"opinion": "同意"}, 1),
        serve("req-comp-decision"),
    ]


def taken(office: Office, case: Case | None) -> dict[str, Any]:
    """The list of what is taken over, signed by both."""
    return {
        "officers": two(office),
        "place": "演示县工业园",
        "began": None,
        "ended": None,
        "items": [
            {"name": "自卸车", "spec": "演示牌", "quantity": "1辆", "state": "完好", "value": "200000"},
            {"name": "编织袋", "quantity": "2000条", "state": "全新", "value": "2000"},
        ],
        "use_until": "+5w",
        "handed_by": "顾长庚（负责人）",
        "signed": "signed",
        **UNFILMED,
    }


def given_back() -> list[Step]:
    """Called back, what is left returned, what is gone on record with its value."""
    return [
        Step(
            "req-call-back",
            "officer1",
            lambda o, c: {
                "return_on": "+0d",
                "return_at": "演示县防汛仓库",
                "emergency_over": "险情已经排除，应急响应终止。",
            },
            4,
        ),
        serve("req-return-notice"),
        Step(
            "req-return",
            "officer1",
            lambda o, c: {
                "officers": two(o),
                "place": "演示县防汛仓库",
                "began": None,
                "ended": None,
                "back": [{"no": "Y001", "fate": "returned", "state": "完好"}],
                "received_by": "顾长庚（负责人）",
                "signed": "signed",
                **UNFILMED,
            },
        ),
        plain(
            "req-lose",
            "officer1",
            {
                "back": [{"no": "Y002", "fate": "lost", "state": "全部用于堵口"}],
                "loss_reason": "堵口抢险消耗",
                "loss_value": "2000",
                "loss_assessor": "演示价格评估所",
            },
        ),
    ]


STORIES: dict[str, tuple[str, list[Step]]] = {
    "land-levy": ("land-levy", land()),
    "requisition": ("requisition", requisition()),
}
"""Name: procedure and steps."""
