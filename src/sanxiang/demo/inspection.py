"""Inspections as stories: one that finds something to be put right, one that leads to a penalty."""

from typing import Any

from sanxiang.cases.models import Case
from sanxiang.demo.people import Office
from sanxiang.demo.stories import APPROVED, UNFILMED, Step, party, served, shown, two

RESULTS = {"rectify": "09", "penalty": "09", "none": "01"}
LINES = {
    "rectify": ("计量设施安装使用情况", "fail"),
    "penalty": ("批准文件和许可条件的执行情况", "fail"),
    "none": ("批准文件和许可条件的执行情况", "pass"),
}


def registered(office: Office, which: int, origin: str) -> dict[str, Any]:
    """The task and its plan, for what the office's list of random checks has last."""
    check = office.remit.checks[-1]
    return {
        "inspection_kind": "case" if origin == "complaint" else "daily",
        "origin": origin,
        "origin_text": "年度行政检查计划第三项（演示）",
        "party": party("org", which),
        "cause": check.title.removesuffix("检查"),
        "item": check.title,
        "inspection_basis": check.basis,
        "inspection_scope": f"按公布的检查标准检查{check.what}。",
        "inspection_mode": "site",
        "why_on_site": "需要核对现场设施和实际状况，书面材料不能反映。",
        "inspection_place": party("org", which)["address"],
        "planned_from": None,
        "planned_to": None,
        "assistants": 1,
        "assistants_for": "检测机构技术人员一人，协助测量。",
    }


def approved(office: Office, case: Case | None) -> dict[str, Any]:
    """The head approves and names two officers."""
    return {"officers": two(office), "opinion": "同意按方案检查。"}


def told(office: Office, case: Case | None) -> dict[str, Any]:
    """On site: what, why, on what ground, with which rights, and what inspectors may not do."""
    check = office.remit.checks[-1]
    return {
        "officers": two(office),
        "told_reason": f"按年度检查计划进行{check.title}",
        "told_basis": check.basis,
        "told_content": f"检查{check.what}",
        "told_rights": "有权查验执法证件和通知书，有权申请回避、陈述申辩，对责令改正可以申请复议、提起诉讼；应当配合检查。",
        "told_discipline": "严禁逐利检查、干扰正常生产经营、任性处罚、下达检查指标、变相检查。",
        "explained": "逐项说明了检查的内容、标准和配合事项。",
        "answer": "表示清楚，同意配合。",
        "signed": "signed",
    }


def inspected(office: Office, outcome: str) -> dict[str, Any]:
    """The record on site, with its checklist."""
    check = office.remit.checks[-1]
    content, result = LINES[outcome]
    broken = {"violated": check.basis, "photo": "yes", "photo_no": "1—2"} if result == "fail" else {}
    return {
        "officers": two(office),
        "place": "当事人生产场所",
        "began": None,
        "ended": None,
        "present": "现场负责人",
        "assistants_present": 1,
        "checklist": [
            {"item": "台账", "content": "台账是否如实、完整", "standard": "检查标准第一项", "result": "pass"},
            {"item": "现场", "content": content, "standard": "检查标准第二项", "result": result, **broken},
            {
                "item": "停用设施",
                "content": "停用设施的封存",
                "result": "unchecked",
                "remark": "没有停用设施",
            },
        ],
        "record": "检查人员查看了生产场所和台账，逐项核对，拍照二张，现场负责人在场。",
        "signed": "signed",
        **UNFILMED,
    }


def concluded(outcome: str) -> dict[str, Any]:
    """What was found and what is done about it."""
    found = {
        "rectify": "计量设施没有按规定校准。",
        "penalty": "现场有未经批准的行为，涉嫌违法。",
        "none": "未发现问题。",
    }[outcome]
    follow = {"result_code": RESULTS[outcome], "follow": outcome}
    follow |= {"suspected_cause": "未依照取水许可规定条件取水"} if outcome == "penalty" else {}
    return {"inspected_on": None, "inspection_findings": found, "guidance": "请按标准做好台账。", **follow}


def ordered(office: Office, case: Case | None) -> dict[str, Any]:
    """To be put right within about two weeks."""
    check = office.remit.checks[-1]
    return {
        "correct_basis": check.basis,
        "correct_violated": check.basis,
        "correct_what": "对计量设施进行校准，并将校准记录报送本机关",
        "correct_by": None,
    }


def rechecked(office: Office, case: Case | None) -> dict[str, Any]:
    """Looked at again: done."""
    return {
        "officers": two(office),
        "recheck_mode": "site",
        "began": None,
        "ended": None,
        "assistants_present": 0,
        "recheck_found": "计量设施已经校准，校准记录齐全。",
        "rectified": "done",
        **UNFILMED,
    }


def sent(paper: str, after: int = 0) -> Step:
    """A paper served in person."""
    return Step("serve", "officer1", lambda o, c: served(paper, o, c), after)


def inspection(outcome: str = "rectify", which: int = 0, origin: str = "plan") -> list[Step]:
    """From the task to the sealed file. `outcome`: rectify, penalty (the case that follows is another story), none."""
    rectified = [
        Step("order-rectify", "officer1", ordered),
        sent("ins-correction"),
        Step("ins-recheck", "officer1", rechecked, 5),
        sent("ins-recheck", 1),
    ]
    return [
        Step("register-inspection", "officer1", lambda o, c: registered(o, which, origin)),
        Step("approve-inspection", "agency-head", approved, 1),
        Step("show-certificate", "officer1", shown, 1),
        sent("ins-notice"),
        Step("tell-inspection", "officer1", told),
        Step("inspect-site", "officer1", lambda o, c: inspected(o, outcome)),
        Step("conclude-inspection", "officer1", lambda o, c: concluded(outcome)),
        sent("ins-result"),
        *(rectified if outcome == "rectify" else []),
        Step(
            "close-inspection",
            "unit-head",
            lambda o, c: {"close_opinion": "检查事项办理完毕，同意结案。", **APPROVED},
            1,
        ),
        Step("archive", "archivist", lambda o, c: {"retention": "30", "checked": "材料齐全，页码连续"}, 3),
    ]
