"""查阅、复制案卷材料的申请: registered, answered with a redacted copy or a reasoned refusal, handed over.

Each step is an act of the agency; the register is read from the ledger. Which statute gives the right, until when the answer is due
and on which grounds it may be refused stands in the pack (`law.file_requests`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sanxiang.cases.models import Case
from sanxiang.door import gather, requested
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.files import file_copy
from sanxiang.door.files.asked_files import (
    ANSWER,
    EXTEND,
    HAND_OVER,
    OPPOSED,
    REGISTER,
    FileRequest,
    request_of,
    requests_of,
)
from sanxiang.door.files.copies import case_named
from sanxiang.door.pinned import current
from sanxiang.law.blocks import Citation
from sanxiang.law.file_requests import Route, consult_of, grounds_of, routes_of
from sanxiang.law.guards import Verdict
from sanxiang.law.rules import Field
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.speech import cn_day

RIGHT = Citation("政府信息公开条例", "第二十九条")
PERIOD = Citation("政府信息公开条例", "第三十三条")
REPLY = Citation("政府信息公开条例", "第三十六条")
PARTLY = Citation("政府信息公开条例", "第三十七条")
GIVING = Citation("政府信息公开条例", "第四十条")
WINDOW = (roles.WINDOW_CLERK, roles.ARCHIVIST, roles.OFFICER, roles.LEGAL_REVIEWER)
PARTY = "party"
STANDINGS = {
    PARTY: "当事人本人",
    "agent": "当事人的委托代理人",
    "third": "利害关系人",
    "other": "其他公民、法人或者其他组织",
}
OWN = (PARTY, "agent")
FORMS = {"paper": "纸质复制件", "electronic": "电子文档", "inspect": "当面查阅"}
VIA = {"window": "当面提交", "post": "信函", "oral": "口头提出，窗口代填", "square": "互联网"}
PROVIDE, REFUSE, SUPPLEMENT = "provide", "refuse", "supplement"
OUTCOMES = {PROVIDE: "提供作区分处理的复制件", REFUSE: "不予提供", SUPPLEMENT: "告知补正"}
ROUTES = {
    "disclosure": "申请公开政府信息",
    "personal": "查阅、复制本人个人信息",
    "licence-watch": "查阅被许可人监督检查记录",
    "reconsideration": "行政复议期间查阅、复制材料",
}
GROUNDS = {
    "secret": "国家秘密、禁止公开或者危及安全稳定",
    "third-party": "第三方商业秘密、个人隐私",
    "case-file": "行政执法案卷信息、过程性信息",
    "internal": "内部事务信息",
    "public": "已经主动公开",
    "none": "没有所申请的信息",
    "not-ours": "不属于本机关负责公开",
    "again": "已经答复过，重复申请",
    "special": "法律、行政法规对获取另有规定",
    "petition": "以申请的形式信访、投诉、举报",
    "made-anew": "需要加工、分析",
    "personal-secret": "个人信息依法应当保密或者妨碍履行职责",
    "not-own": "不是申请人本人的个人信息",
    "review-secret": "复议材料涉及秘密、隐私或者安全稳定",
    "review-elsewhere": "应向行政复议机构提出",
    "licence-secret": "许可检查记录涉及秘密、隐私",
}
"""What may be chosen; the pack says under which article each stands and for which route it serves."""
SHORTEST_REASON = 10
MOST_OPEN = 5


def named(change: Change) -> FileRequest:
    """The request that an act names; its checks have seen that there is one."""
    found = request_of(str(change.data["request"]), change.agency.pk)
    assert found is not None
    return found


def route_of(change: Change, name: str) -> Route | None:
    """The statute by which somebody asks, as the agency's pack has it."""
    return routes_of(current(change.agency.locality)).get(name)


# Asking.


def sound_request(change: Change) -> list[Verdict]:
    """There is such a case, the day has come, and not too many requests of one case wait already."""
    text, verdicts = str(change.data.get("case") or ""), list[Verdict]()
    case = case_named(change.agency, text)
    if text and case is None:
        fact = f"{change.agency.name}没有编号为“{text}”的案件"
        verdicts.append(unmet("case", RIGHT, fact, "照案件页填写立案号或者查询码"))
    on = str(change.data.get("received") or "")
    if on and on > change.day.isoformat():
        verdicts.append(unmet("received", RIGHT, f"收到日期{cn_day(on)}还没有到", "填写实际收到申请的日期"))
    name = "".join(str(change.data.get("applicant") or "").split())
    if case and change.data.get("standing") == PARTY and name != "".join(case.party.split()):
        fact = f"申请人“{name}”不是这个案件的当事人"
        cure = "照案件上当事人的姓名或者名称填写；由他人代办的，申请人选择“当事人的委托代理人”并核对委托书"
        verdicts.append(unmet("applicant", RIGHT, fact, cure))
    if case:
        verdicts += list(_beside(change, case))
    if case and change.data.get("via") == "square":
        waiting = [one for one in requests_of(case.pk) if not one.outcome]
        if len(waiting) >= MOST_OPEN:
            fact = f"这个案件已有 {len(waiting)} 件申请等候答复"
            verdicts.append(unmet("waiting", RIGHT, fact, "等候答复之后再提出"))
    return verdicts


def _beside(change: Change, case: Case) -> Iterator[Verdict]:
    """The statute speaks of this kind of case and, where the party asks, of this kind of party."""
    route = route_of(change, str(change.data.get("route") or ""))
    if route is None:
        return
    cure = "按“申请公开政府信息”提出" if route.id != "disclosure" else ""
    if route.procedures and case.procedure not in route.procedures:
        name = gather.pack_of(case).procedures[case.procedure].label
        yield unmet("route", RIGHT, f"{route.right}规定的不是{name}案卷", cure)
    kind = (case.state["facts"].get("party") or {}).get("kind")
    if route.parties and change.data.get("standing") in OWN and kind not in route.parties:
        yield unmet("route", RIGHT, f"当事人不是自然人，没有{route.right}所说的个人信息", cure)


def numbered(change: Change) -> dict[str, Any]:
    """The number, the case, and the last day of the answer where the law sets one."""
    year = change.day.year
    before = Act.objects.filter(kind="agency", subject=change.agency.pk, name=REGISTER, at__year=year).count()
    case = case_named(change.agency, str(change.data["case"]))
    route = route_of(change, str(change.data["route"]))
    due = (
        route.due(date.fromisoformat(str(change.data["received"])[:10]), gather.calendar()) if route else None
    )
    return {
        "number": f"{change.agency.short}查〔{year}〕{before + 1}号",
        "case_id": str(case.pk) if case else "",
        "due": due.isoformat() if due else "",
        "limit": route.limit() if route else "未设定",
    }


@admin_act(
    REGISTER,
    "登记查阅、复制申请",
    WINDOW,
    (
        asked("case", "案件", longest=60, help="立案号或者查询码"),
        asked("applicant", "申请人", longest=100, help="姓名或者名称"),
        asked("standing", "申请人是", "choice", options=STANDINGS),
        asked("identity", "身份证明", longest=200, help="核对了什么证件、委托书，不写证件号码"),
        asked("contact", "联系方式", longest=200),
        asked("wants", "申请查阅、复制的内容", "longtext", longest=1000),
        asked("form", "获取方式", "choice", options=FORMS),
        asked("route", "按哪一法律申请", "choice", options=ROUTES),
        asked("received", "收到日期", "date"),
        asked("via", "提出方式", "choice", options=VIA),
    ),
    RIGHT,
    group="requests",
    help="申请可以书面提出，书面确有困难的可以口头提出，由窗口代为填写",
    checks=sound_request,
    secrecy="identity",
    adds=numbered,
)
def register_request(change: Change) -> None:
    """A request came in: the act itself is its record, and whoever answers it has a task."""
    route = route_of(change, str(change.data["route"]))
    under = (route.citation if route.days else route.right) if route else ""
    requested.waits(change, ANSWER, "答复查阅、复制申请", under, change.data["due"])


# Answering.


def open_request(change: Change) -> tuple[FileRequest | None, list[Verdict]]:
    """The request that is meant, and what is wrong with it."""
    number = str(change.data.get("request") or "")
    if not number:
        return None, []
    found = request_of(number, change.agency.pk)
    if found is None:
        fact = f"{change.agency.name}没有编号为“{number}”的申请"
        return None, [unmet("request", REPLY, fact, "照“查阅、复制申请”页上的编号填写")]
    if found.outcome:
        fact = f"{number}已由{found.answered_by}答复：{OUTCOMES[found.outcome]}"
        return found, [unmet("once", REPLY, fact, "申请人另有要求的，另行登记申请")]
    return found, []


def may_extend(change: Change) -> list[Verdict]:
    """Once, before the period is over, and only where the law knows of it."""
    found, verdicts = open_request(change)
    if found is None or verdicts:
        return verdicts
    route = route_of(change, found.route)
    if route is None or not route.extend:
        name = route.right if route else ""
        return [unmet("extend", PERIOD, f"{name}没有规定延长答复期限", "按申请及时答复")]
    if found.extended:
        return [unmet("extended", PERIOD, "答复期限已经延长过一次", f"在{cn_day(found.due)}之前答复")]
    if found.due < change.day.isoformat():
        return [unmet("over", PERIOD, f"答复期限{cn_day(found.due)}已经届满，不能再延长", "立即答复")]
    return []


def extended(change: Change) -> dict[str, Any]:
    """The last day after the extension."""
    found = named(change)
    return {"due": found.due_with(current(change.agency.locality), True, found.consulted)}


@admin_act(
    EXTEND,
    "延长查阅、复制申请的答复期限",
    (roles.AGENCY_HEAD,),
    (
        asked("request", "申请编号", longest=60),
        asked("reason", "延长的理由", "longtext", longest=500, help="同时告知申请人"),
    ),
    PERIOD,
    group="requests",
    help="须经负责人同意并告知申请人，只能延长一次",
    checks=may_extend,
    secrecy="identity",
    adds=extended,
)
def extend_request(change: Change) -> None:
    """The answer may come later, once."""
    requested.moved(named(change).id, change.data["due"])


def sound_answer(change: Change) -> list[Verdict]:
    """An answer that is whole: a copy that hides what it must, or a refusal with ground, article and reason."""
    found, verdicts = open_request(change)
    if found is None or verdicts:
        return verdicts
    outcome = str(change.data.get("outcome") or "")
    if outcome == REFUSE:
        verdicts += list(_refusal(change, found))
    if outcome != SUPPLEMENT:
        verdicts += list(_waiting(change, found))
    if outcome == SUPPLEMENT:
        verdicts += list(_supplement(change, found))
    if outcome == PROVIDE:
        verdicts += file_copy.obstacles(change, case_of(found), found.told)
    return verdicts


def _refusal(change: Change, found: FileRequest) -> Iterator[Verdict]:
    pack = current(change.agency.locality)
    ground, route = grounds_of(pack).get(str(change.data.get("ground") or "")), routes_of(pack)[found.route]
    if ground is None or found.route not in ground.routes:
        fits = "、".join(one.label for one in grounds_of(pack).values() if found.route in one.routes)
        fact = f"没有选择{route.label}可以不予提供的情形"
        yield unmet("ground", REPLY, fact, f"可以选择：{fits}")
    if len(str(change.data.get("reason") or "").strip()) < SHORTEST_REASON:
        yield unmet("reason", REPLY, "没有说明不予提供的理由", "针对这件申请写明事实和理由，不能只写条款")
    if ground and ground.where and not change.data.get("where"):
        yield unmet("where", REPLY, "没有写明在哪里可以看到", "写明获取的方式、途径，例如网址")
    if ground and ground.consult:
        yield from file_copy.consulted(change, ground, found.third_said)
    yield from file_copy.remedy_unknown(change.agency, change.agency.locality)


def _waiting(change: Change, found: FileRequest) -> Iterator[Verdict]:
    """No third party that was asked still has time to answer; what is given against the will of one says why."""
    days, calendar = consult_of(current(change.agency.locality), found.route), gather.calendar()
    for one in found.consulted:
        until = one.until(days, calendar)
        if not one.said and until >= change.day:
            fact = f"征求过意见的第三方可以在{cn_day(until.isoformat())}之前提出意见（{days} 个工作日）"
            yield unmet("third", file_copy.CONSULT, fact, "等到第三方答复或者期限届满之后再答复")
    if (
        change.data.get("outcome") == PROVIDE
        and found.third_said == OPPOSED
        and not change.data.get("reason")
    ):
        fact = "第三方不同意公开，没有写明为什么仍然提供"
        yield unmet(
            "opposed", file_copy.CONSULT, fact, "写明不公开会对公共利益造成什么重大影响，并书面告知第三方"
        )


def _supplement(change: Change, found: FileRequest) -> Iterator[Verdict]:
    cite, route = Citation("政府信息公开条例", "第三十条"), route_of(change, found.route)
    if route is None or not route.supplement:
        yield unmet("supplement", cite, "这一法律没有规定告知补正", "按申请答复")
        return
    received = date.fromisoformat(str(found.told["received"])[:10])
    last = replace(route, days=route.supplement).due(received, gather.calendar())
    if last and last < change.day:
        fact = (
            f"告知补正的期限{cn_day(last.isoformat())}已经过去（收到申请之日起 {route.supplement} 个工作日）"
        )
        yield unmet("supplement", cite, fact, "按申请现有的内容答复")
    if len(str(change.data.get("reason") or "").strip()) < SHORTEST_REASON:
        yield unmet("reason", cite, "没有写明需要补正的事项", "一次性写明补正什么、什么时候之前补正")


def case_of(found: FileRequest) -> Case:
    """The case whose file is asked for."""
    return Case.objects.select_related("agency", "unit").get(pk=found.case or found.agency)


def made(change: Change) -> dict[str, Any]:
    """The answer as a paper, with the copy where one is given."""
    found = named(change)
    return file_copy.answered(change, case_of(found), {**found.told, "third_said": found.third_said})


ROWS = ("文书", "理由"), ("文字", "理由")


def _rows(name: str, label: str, columns: tuple[str, str], help: str) -> Field:
    asked_ = asked(name, label, "rows", required=False, help=help)
    return replace(asked_, columns=tuple(Field(one, one, required=False) for one in columns))


@admin_act(
    ANSWER,
    "答复查阅、复制申请",
    (roles.AGENCY_HEAD,),
    (
        asked("request", "申请编号", longest=60),
        asked("outcome", "答复", "choice", options=OUTCOMES),
        asked("ground", "不予提供的情形", "choice", required=False, options=GROUNDS, help="不予提供的选择"),
        asked(
            "reason",
            "理由",
            "longtext",
            required=False,
            longest=1000,
            help="不予提供、告知补正的必填；提供的写明不能提供的部分为什么不能提供",
        ),
        asked("where", "获取的方式、途径", required=False, longest=300, help="已经主动公开的填写"),
        asked(
            "third_asked",
            "第三方收到征求意见书的日期",
            "date",
            required=False,
            help="因第三方商业秘密、个人隐私不予提供的填写",
        ),
        asked("third_answer", "第三方的意见", "choice", required=False, options=file_copy.THIRD),
        _rows("withhold", "另外不提供的文书", ROWS[0], "含有商业秘密等不能提供的，写文书名称和理由"),
        _rows(
            "hide", "另外隐去的文字", ROWS[1], "证件号码、电话、他人姓名和住址由系统隐去，这里写系统认不出的"
        ),
    ),
    REPLY,
    group="requests",
    help="提供之前在申请页上看清复制件的内容；副卷、举报人和证人材料、限定知悉的材料一律不提供",
    checks=sound_answer,
    secrecy="identity",
    adds=made,
)
def answer_request(change: Change) -> None:
    """The request is answered, with a paper."""
    requested.answered(change, named(change).id)


# Handing over.


def may_hand_over(change: Change) -> list[Verdict]:
    """A copy was granted and nobody has it yet."""
    number = str(change.data.get("request") or "")
    found = request_of(number, change.agency.pk) if number else None
    if number and (found is None or found.outcome != PROVIDE):
        return [unmet("granted", GIVING, f"{number}没有决定提供复制件", "先作出提供的答复")]
    if found and found.handed:
        return [
            unmet(
                "once",
                GIVING,
                f"复制件已经交给{found.handed.get('receiver')}",
                "申请人另有要求的，另行登记申请",
            )
        ]
    return []


def receipt(change: Change) -> dict[str, Any]:
    """The receipt as a paper."""
    found = named(change)
    return file_copy.receipt(change, found.number, found.answer)


@admin_act(
    HAND_OVER,
    "登记交付复制件",
    WINDOW,
    (
        asked("request", "申请编号", longest=60),
        asked("receiver", "领取人", longest=100),
        asked("identity", "核对的证件", longest=200, help="核对了什么证件、委托书，不写证件号码"),
        asked(
            "how",
            "交付方式",
            "choice",
            options={"window": "当面交付", "post": "邮寄", "network": "电子送达", "inspected": "当面查阅"},
        ),
    ),
    GIVING,
    group="requests",
    help="打印领取回执，由领取人签名",
    checks=may_hand_over,
    secrecy="identity",
    adds=receipt,
)
def hand_over(change: Change) -> None:
    """The copy was handed over."""


FILES = {"copy": "复制件", "answer": "答复书", "receipt": "领取回执"}


def file_of(one: FileRequest, part: str) -> str:
    """The digest of one of the request's papers; "" where it has none."""
    told = one.handed if part == "receipt" else one.answer
    return str(told.get(f"{part}_pdf") or "")
