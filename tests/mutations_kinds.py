"""Flaws of the other kinds of acts: licences, inspections, coercion, levies, takings, confirmations, adjudications.

Written from the statutes that each names and from the stories alone, before the rules of these procedures were looked at. What the
first run over them found stands in test_evaluation_mutated.
"""

from datetime import date
from typing import Any

from mutating import (
    BASES,
    Base,
    Operator,
    Steps,
    blank,
    by,
    each,
    flaw,
    later_from,
    matches,
    moved,
    moved_day,
    no_papers,
    officers,
    place,
    tell,
    told,
    without,
)
from sanxiang.demo import coercion, levies, licence, rulings, takings
from sanxiang.demo.inspection import inspection
from sanxiang.demo.people import Office
from sanxiang.oversight.evaluation.retrace import Step

__all__ = ["KINDS"]

KINDS: dict[str, Base] = {
    "licence": Base("kaiyuan", "licence", licence.granted()),
    "refused": Base("kaiyuan", "licence", licence.plain()),
    "on-the-spot": Base("kaiyuan", "licence", licence.on_the_spot()),
    "inspection": Base("kaiyuan", "inspection", inspection("rectify")),
    "levy": Base("lingchuan", *levies.STORIES["levy"]),
    "fee": Base("huantai", *levies.STORIES["fee"]),
    "land-levy": Base("laizhou", *takings.STORIES["land-levy"]),
    "requisition": Base("lingchuan", *takings.STORIES["requisition"]),
    "confirmation": Base("laizhou", "confirmation", rulings.confirmation(outcome="refuse")),
    "confirmed": Base("laizhou", "confirmation", rulings.confirmation()),
    "adjudication": Base("lingchuan", "adjudication", rulings.adjudication()),
    **{name: Base("dongying", *story) for name, story in coercion.STORIES.items()},
}
"""The flawless files of the other kinds, each in a locality whose scheme names the kind."""

BASES.update(KINDS)


def only(step: str, side: str) -> Operator:
    """A paper served on every side but that one."""

    def operate(steps: Steps, office: Office) -> Steps:
        place(steps, step)
        return [one for one in steps if not (matches(one, step) and one.data.get("side") == side)]

    return operate


def on_day(name: str, day: str) -> Operator:
    """That step and all after it moved so that it falls on a day."""

    def operate(steps: Steps, office: Office) -> Steps:
        there = steps[place(steps, name)].at.date()
        return later_from(name, (date.fromisoformat(day) - there).days)(steps, office)

    return operate


def at_hours(name: str, began: str, ended: str) -> Operator:
    """The activity of a step at other hours of its day."""

    def change(step: Step, office: Office) -> Step:
        return told(step, {"began": f"{step.on}T{began}", "ended": f"{step.on}T{ended}"})

    return each(name, change)


def rows(name: str, field: str, **changes: Any) -> Operator:
    """Each row of a table in a step told otherwise."""

    def change(step: Step, office: Office) -> Step:
        return told(step, {field: [{**row, **changes} for row in step.data[field]]})

    return each(name, change)


def last_left_out(name: str) -> Operator:
    """The last step of that name left out."""

    def operate(steps: Steps, office: Office) -> Steps:
        last = max(i for i, step in enumerate(steps) if matches(step, name))
        return [*steps[:last], *steps[last + 1 :]]

    return operate


def sooner(name: str, days: int, field: str) -> Operator:
    """A day that a step sets, some days sooner."""
    return each(name, lambda s, o: told(s, {field: moved_day(s.data[field], -days)}))


# 行政许可法

LICENCE = "licence"
flaw(LICENCE, "第三十二条", "许可没有受理就审查", without("lic-accept", "serve/lic-acceptance"))
flaw(LICENCE, "第三十二条", "补正告知超过五日", later_from("lic-correct-notice", 14))
flaw(LICENCE, "第三十二条", "许可受理通知书没有送达", without("serve/lic-acceptance"))
flaw(LICENCE, "第三十二条", "材料不齐全仍然受理", tell("lic-accept", complete=False))
flaw(LICENCE, "第三十四条", "许可一人实地核查", officers("lic-verify", "officer1"))
flaw(LICENCE, "第三十四条", "许可没有审查", without("lic-examine"))
flaw(LICENCE, "", "许可核查笔录没有签名", blank("lic-verify", "signed"))
flaw(LICENCE, "第三十六条", "没有告知利害关系人", without("lic-tell-rights", "serve/lic-rights-notice"))
HEARD = ("lic-notify-hearing", "serve/lic-hearing-notice", "lic-hold-hearing", "lic-report-hearing")
flaw(LICENCE, "第四十七条", "许可要求听证而没有举行", without(*HEARD))
flaw(
    LICENCE,
    "第四十八条",
    "许可听证通知不足七日",
    sooner("lic-notify-hearing", 7, "hearing_at"),
    later_from("lic-hold-hearing", -7),
)
flaw(
    LICENCE,
    "第四十八条",
    "许可审查人员主持听证",
    tell("lic-notify-hearing", host=lambda o: o.id("officer1")),
    by("lic-hold-hearing", "officer1", host=lambda o: o.id("officer1")),
    by("lic-report-hearing", "officer1"),
)
flaw(LICENCE, "第四十八条", "许可没有听证笔录", without("lic-hold-hearing"))
flaw(LICENCE, "第四十八条", "许可决定以后才听证", moved("lic-hold-hearing", after="lic-decide"))
flaw(LICENCE, "第四十二条", "超过二十日才作出许可决定", later_from("lic-draft", 63))
flaw(LICENCE, "第四十四条", "准予许可十日以后才发证", later_from("lic-issue", 28))
flaw(LICENCE, "第三十七条", "许可承办人自己决定", by("lic-decide", "officer1"))
flaw(LICENCE, "第三十七条", "没有许可决定就发证", without("lic-decide"))
flaw(LICENCE, "第四十四条", "准予许可决定书没有送达", without("serve/lic-grant"))
flaw(LICENCE, "", "许可没有法制审核", without("submit-for-review", "give-opinion"))
flaw(LICENCE, "第三十九条", "准予许可没有写依据", tell("lic-draft", decision={"basis": ""}))
flaw(LICENCE, "", "许可的有效期倒置", tell("lic-draft", decision={"valid_until": "2025-05-31"}))
flaw(LICENCE, "第三十八条", "卷内没有准予许可决定书", no_papers("lic-decide"))
flaw(LICENCE, "第三十九条", "卷内没有许可证件", no_papers("lic-issue"))
flaw("refused", "第三十八条", "不予许可没有说明理由", tell("lic-draft", decision={"reasons": ""}))
flaw("refused", "第三十八条", "不予许可决定书没有送达", without("serve/lic-refusal"))
flaw("refused", "第三十七条", "不予许可没有决定就办结", without("lic-decide", "serve/lic-refusal"))
flaw("on-the-spot", "第三十四条", "当场许可只有一人", officers("lic-decide-on-spot", "officer1"))
flaw("on-the-spot", "第三十四条", "当场许可材料不齐全", tell("lic-decide-on-spot", complete=False))

# 行政检查

CHECK = "inspection"
flaw(CHECK, "", "行政检查没有批准", without("approve-inspection"))
flaw(CHECK, "", "检查以后才批准", moved("approve-inspection", after="inspect-site"))
flaw(CHECK, "", "检查的承办人自己批准", by("approve-inspection", "officer1"))
flaw(CHECK, "第五十五条", "行政检查没有出示执法证件", without("show-certificate"))
flaw(CHECK, "第五十五条", "行政检查以后才出示证件", moved("show-certificate", after="inspect-site"))
flaw(CHECK, "", "行政检查通知书没有送达", without("serve/ins-notice"))
flaw(CHECK, "", "行政检查没有现场告知", without("tell-inspection"))
flaw(CHECK, "", "行政检查一人检查", officers("inspect-site", "officer1"))
flaw(CHECK, "", "没有执法证的人参加行政检查", officers("inspect-site", "officer1", "unlicensed"))
flaw(CHECK, "", "行政检查没有现场笔录", without("inspect-site"))
flaw(CHECK, "", "行政检查笔录没有签名", blank("inspect-site", "signed"))
flaw(CHECK, "", "检查结果没有告知", without("serve/ins-result"))
flaw(
    CHECK, "", "检查中发现问题而结论为没有问题", tell("conclude-inspection", result_code="01", follow="none")
)
flaw(CHECK, "", "行政检查责令改正没有送达", without("serve/ins-correction"))
flaw(CHECK, "", "行政检查责令改正没有复查", without("ins-recheck", "serve/ins-recheck"))
flaw(CHECK, "", "辅助人员多于批准的方案", tell("inspect-site", assistants_present=4))
flaw(CHECK, "", "行政检查没有法律依据", blank("register-inspection", "inspection_basis"))
flaw(CHECK, "", "在方案的期限以外检查", later_from("show-certificate", 60))
flaw(CHECK, "", "卷内没有现场检查笔录", no_papers("inspect-site"))

# 行政强制法: 措施

flaw("measure", "第十八条", "强制措施没有批准", without("approve-measure"))
flaw("measure", "第十八条", "强制措施没有出示证件", without("show-certificate"))
flaw("measure", "第十八条", "强制措施没有告知", without("tell-measure"))
flaw("measure", "第十八条", "一人实施强制措施", officers("take-measure", "officer1"))
flaw("measure", "第二十四条", "查封没有清单", tell("take-measure", items=[]))
flaw("measure", "第二十四条", "查封决定书没有交付", without("serve/measure-decision"))
flaw("measure", "第二十四条", "查封清单没有交付", without("serve/measure-inventory"))
flaw("measure", "第二十五条", "查封期满没有解除", later_from("release-measure", 60))
flaw("measure", "第二十五条", "延长查封超过三十日", tell("extend-measure", more_days=60))
flaw("measure", "第二十五条", "延长查封没有告知", without("serve/measure-extension"))
flaw("measure", "第二十五条", "检测的期间没有告知", without("serve/testing-notice"))
flaw("measure", "第二十八条", "解除查封没有退还财物", without("return-property"))
flaw("measure", "第二十八条", "没有解除查封就结案", without("release-measure", "serve/release-decision"))
flaw("measure", "第十八条", "强制措施笔录没有签名", blank("take-measure", "signed"))
flaw("measure", "第十八条", "强制措施承办人自己批准", by("approve-measure", "officer1"))
flaw("urgent", "第十九条", "当场强制没有补办批准", without("approve-late"))
flaw("urgent", "第十九条", "二十四小时以后才补办批准", later_from("approve-late", 3))
flaw("freeze", "第三十一条", "冻结三日内没有交付决定书", later_from("serve/freeze-decision", 14))
flaw("freeze", "第二十九条", "冻结数额超过涉案金额", tell("freeze-funds", frozen="90000"))
flaw("freeze", "第三十二条", "冻结超过三十日没有解除", later_from("release-measure", 60))

# 行政强制法: 执行、代履行、申请法院

DOWN = "demolition"
flaw(DOWN, "第三十五条", "强制执行没有催告", without("urge-execution", "serve/exec-urge-notice"))
flaw(DOWN, "第三十五条", "催告书没有送达", without("serve/exec-urge-notice"))
flaw(DOWN, "第三十五条", "催告期未满就决定强制执行", later_from("draft-execution", -14))
flaw(DOWN, "第三十六条", "没有复核对催告的申辩", tell("answer-urge", urge_answer=""))
flaw(DOWN, "第三十七条", "没有强制执行决定", without("decide-execution", "serve/exec-decision"))
flaw(DOWN, "第三十七条", "强制执行决定书没有送达", without("serve/exec-decision"))
flaw(DOWN, "第四十四条", "强制拆除没有公告", without("announce-demolition"))
flaw(
    DOWN,
    "第四十四条",
    "复议诉讼期未满就拆除",
    tell("register-base", base_on="2026-01-19", served_on="2026-01-20", duty_until="2026-02-10"),
)
flaw(DOWN, "第四十三条", "夜间强制拆除", at_hours("carry-out-execution", "22:00", "23:00"))
flaw(DOWN, "第四十三条", "法定节假日强制拆除", on_day("carry-out-execution", "2026-06-19"))
flaw(DOWN, "", "强制拆除没有法制审核", without("submit-for-review", "give-opinion"))
flaw(DOWN, "", "强制拆除没有方案", without("plan-execution"))
flaw(DOWN, "", "一人强制拆除", officers("carry-out-execution", "officer1"))
flaw(DOWN, "", "强制执行承办人自己决定", by("decide-execution", "officer1"))
flaw("substitute", "第五十一条", "代履行没有催告", without("urge-execution", "serve/exec-urge-notice"))
flaw(
    "substitute",
    "第五十一条",
    "代履行三日前没有再次催告",
    without("urge-substitute", "serve/substitute-urge-notice"),
)
flaw("substitute", "第五十一条", "代履行决定书没有送达", without("serve/substitute-decision"))
flaw("substitute", "第五十一条", "代履行没有两人到场监督", officers("carry-out-substitute", "officer1"))
flaw("substitute", "第五十一条", "代履行人没有签名", blank("carry-out-substitute", "agent_signer"))
flaw("substitute", "第五十一条", "当事人不在场没有见证人", blank("carry-out-substitute", "witness"))
flaw(
    "clearance",
    "第五十二条",
    "立即代履行以后没有通知当事人",
    without("tell-after-clearance", "serve/clearance-notice"),
)
flaw("court", "第五十三条", "申请法院执行超过三个月", later_from("apply-court", 112))
flaw("court", "第五十四条", "申请法院以前没有催告", without("court-urge", "serve/court-urge-paper"))
flaw("court", "第五十四条", "催告不满十日就申请法院", later_from("apply-court", -14))
flaw("court", "第五十五条", "申请法院的材料不全", tell("apply-court", package=["application"]))
flaw("court", "第五十五条", "承办人自己申请法院", by("apply-court", "officer1"))

# 征收、收费

flaw("levy", "", "征收没有依据", tell("levy-assess", basis=""))
flaw("levy", "", "征收没有告知", without("levy-notify", "serve/levy-assessment-notice"))
flaw("levy", "", "征收没有复核申辩", without("levy-answer"))
flaw("levy", "", "没有征收决定", without("levy-decide", "serve/levy-decision"))
flaw("levy", "", "征收决定书没有送达", without("serve/levy-decision"))
flaw("levy", "", "征收没有法制审核", without("submit-for-review", "give-opinion"))
flaw("levy", "", "征收承办人自己决定", by("levy-decide", "officer1"))
flaw("levy", "", "征收一人核查", officers("inspect", "officer1"))
flaw("levy", "", "征收标准高于公布的标准", rows("levy-assess", "lines", standard="2.8"))
flaw("levy", "", "征收没有票据", blank("levy-payment", "receipt"))
flaw("levy", "", "征收款没有缴清就结案", last_left_out("levy-payment"))
flaw("levy", "", "多缴的征收款没有退还", tell("levy-payment", amount="1400"))
flaw("levy", "", "责令限期缴纳通知没有送达", without("serve/levy-order-notice"))
flaw("levy", "", "卷内没有征收决定书", no_papers("levy-decide"))
flaw(
    "fee",
    "",
    "收取没有公布的收费",
    tell("levy-assess", fee_item="没有公布的费", fee_code="演示-999"),
)
flaw("fee", "", "收费减免没有依据", tell("levy-relief", eased_basis=""))
flaw("fee", "", "收费减免承办人自己批准", by("levy-relief", "officer1"))
flaw("fee", "", "收费通知没有送达", without("serve/fee-notice"))

# 土地征收、征用

LAND = "land-levy"
flaw(LAND, "第二十六条", "征收土地预公告不足十个工作日", later_from("land-draft-plan", -9))
flaw(LAND, "第二十六条", "没有征收土地预公告", without("land-prenotice"))
flaw(LAND, "第四十七条", "没有土地现状调查", without("land-survey"))
flaw(LAND, "第四十七条", "没有社会稳定风险评估", without("land-risk"))
flaw(LAND, "第四十七条", "补偿安置方案没有公告", without("land-publish-plan"))
flaw(LAND, "第四十七条", "补偿安置公告不足三十日", later_from("land-settle-plan", -12))
flaw(LAND, "第四十七条", "多数成员不同意没有听证", without("land-hearing"))
flaw(LAND, "第二十九条", "没有签订补偿协议就申请", without("land-agree"))
flaw(LAND, "第三十一条", "补偿决定没有送达", without("serve/land-comp-decision"))
flaw(LAND, "第四十八条", "没有足额补偿就交付土地", last_left_out("land-pay"))
flaw("requisition", "", "没有征用决定", without("req-issue", "serve/req-decision"))
flaw("requisition", "", "征用决定书没有送达", without("serve/req-decision"))
flaw("requisition", "", "征用没有清单", tell("req-take", items=[]))
flaw("requisition", "", "一人接收征用物资", officers("req-take", "officer1"))
flaw("requisition", "", "征用物资没有返还", without("req-return"))
flaw("requisition", "", "征用没有补偿", without("req-compensate", "serve/req-comp-decision", "req-pay"))
flaw("requisition", "", "征用补偿没有支付", without("req-pay"))
flaw("requisition", "", "征用期满很久才返还", later_from("req-call-back", 90))

# 确认、裁决

SURE, RULE = "confirmation", "adjudication"
flaw(SURE, "", "确认没有受理", without("cfm-accept", "serve/cfm-acceptance"))
flaw(SURE, "", "确认一人实地查看", officers("inspect", "officer1"))
flaw("confirmed", "", "确认没有公告", without("cfm-announce"))
flaw("confirmed", "", "确认公告不足十五个工作日", later_from("cfm-report", -14))
flaw(SURE, "", "公告的异议没有答复", without("cfm-answer-objection", "serve/cfm-objection-answer"))
flaw(SURE, "", "不予确认没有说明事实", tell("cfm-report", decision={"found": ""}))
flaw(SURE, "", "不予确认决定没有送达", without("serve/cfm-refusal"))
flaw(SURE, "", "确认没有法制审核", without("submit-for-review", "give-opinion"))
flaw(SURE, "", "确认承办人自己决定", by("cfm-refuse", "officer1"))
flaw(SURE, "", "确认超过办理期限", later_from("cfm-report", 120))
flaw(RULE, "", "裁决没有受理", without("adj-accept"))
flaw(RULE, "", "申请书副本没有送达被申请人", only("adj-serve/adj-answer-notice", "respondent"))
flaw(RULE, "", "答辩没有转送申请人质证", without("adj-pass"))
flaw(RULE, "", "裁决一人勘验", officers("adj-survey", "officer1"))
flaw(
    RULE,
    "",
    "勘验没有通知被申请人",
    each("adj-survey", lambda s, o: told(s, {"called": s.data["called"][:1]})),
)
flaw(RULE, "", "裁决以前没有调解", without("adj-mediate"))
flaw(RULE, "", "裁决书没有送达被申请人", only("adj-serve/adj-gov-decision", "respondent"))
flaw(RULE, "", "裁决没有法制审核", without("submit-for-review", "give-opinion"))
flaw(RULE, "", "裁决没有报政府", without("adj-report-gov"))
flaw(RULE, "", "裁决没有写理由", tell("adj-propose", decision={"reasons": ""}))
flaw(RULE, "", "裁决承办人自己决定", by("adj-decide", "officer1"))
flaw(RULE, "", "裁决超过办理期限", later_from("adj-propose", 240))
flaw(RULE, "", "答辩期未满就调查", later_from("show-certificate", -14))
