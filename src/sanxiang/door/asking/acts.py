"""依申请公开: registered online or at the counter, extended once with approval, third parties asked, answered by kind with reasons.

政府信息公开条例 第二十七条 to 第四十条. Periods, grounds and articles are the pack's; an answer is a paper with the ways
to go against it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from sanxiang.cases.disclosure.party_copy import sheet
from sanxiang.cases.papers.markup import Block
from sanxiang.door import gather
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.asking.register import (
    ANSWER,
    CONSULT,
    EXTEND,
    RECEIVE,
    REGISTER,
    ROUTE,
    THIRD,
    Application,
    answering,
    applications_in,
    route_of,
)
from sanxiang.door.files.asked_files import with_third
from sanxiang.door.files.file_copy import keep, remedy_unknown, ways
from sanxiang.door.files.file_requests import FORMS, GROUNDS, WINDOW
from sanxiang.door.files.third_parties import SAID
from sanxiang.door.models import Task
from sanxiang.door.pinned import current
from sanxiang.law.blocks import Citation
from sanxiang.law.file_requests import consult_of, grounds_of
from sanxiang.law.guards import Verdict
from sanxiang.ledger.models import Act
from sanxiang.people import roles
from sanxiang.speech import cn_day


def cite(article: str) -> Citation:
    """An article of the Regulations."""
    return Citation("政府信息公开条例", article)


RIGHT, PERIOD, ASKING, REPLY = cite("第二十九条"), cite("第三十三条"), cite("第三十二条"), cite("第三十六条")
MENDING = cite("第三十条")
VIA = {"square": "互联网", "window": "当面", "post": "信函", "oral": "口头提出，窗口代填"}
PROVIDE, PARTLY, REFUSE, SUPPLEMENT = "provide", "partly", "refuse", "supplement"
OUTCOMES = {
    PROVIDE: "予以公开",
    PARTLY: "部分公开",
    REFUSE: "不予公开、无法提供或者不予处理",
    SUPPLEMENT: "告知补正",
}
TITLES = {
    PROVIDE: "政府信息公开申请答复书",
    PARTLY: "政府信息部分公开答复书",
    REFUSE: "政府信息公开申请答复书",
    SUPPLEMENT: "补正告知书",
}
WHO = (*WINDOW, roles.AGENCY_HEAD)
SHORTEST = 10
NUMBER = asked("request", "申请编号", longest=60)


def sound_request(change: Change) -> list[Verdict]:
    """The day has come, and there is somebody to answer."""
    on, verdicts = str(change.data.get("received") or "")[:10], []
    if on > change.day.isoformat():
        fact = f"收到日期{cn_day(on)}还没有到"
        verdicts.append(unmet("received", cite("第三十一条"), fact, "填写实际收到的日期"))
    if not answering(change.day).filter(agency=change.agency).exists():
        fact = f"{change.agency.name}在本平台上没有答复申请的人员"
        cure = "向制作或者保存这一信息的部门申请，或者以书面形式向该机关提出"
        verdicts.append(unmet("answering", cite("第二十九条"), fact, cure))
    return verdicts


def numbered(change: Change) -> dict[str, Any]:
    """The number and the last day."""
    rows = Act.objects.filter(kind="agency", subject=change.agency.pk, name=REGISTER)
    before = rows.filter(on__startswith=str(change.day.year)).count()
    route = route_of(current(change.agency.locality))
    received = str(change.data.get("received") or change.day.isoformat())[:10]
    last = route.due(date.fromisoformat(received), gather.calendar())
    return {
        "number": f"{change.agency.short or change.agency.name}公开〔{change.day.year}〕{before + 1}号", "received": received,
        "due": last.isoformat() if last else "", "limit": route.limit(),
    }  # fmt: skip


@admin_act(
    REGISTER,
    "登记政府信息公开申请",
    WINDOW,
    (
        asked("applicant", "申请人", longest=100, help="姓名或者名称"),
        asked("identity", "身份证明", longest=200, help="证件名称和号码"),
        asked("contact", "联系方式", longest=200, help="答复寄到哪里"),
        asked("wants", "申请公开的政府信息", "longtext", longest=1000, help="名称、文号，或者便于查找的特征"),
        asked("form", "获取方式", "choice", options=FORMS),
        asked("via", "提出方式", "choice", options=VIA),
        asked(
            "received", "收到日期", "date", required=False, help="不填的按今天；互联网提出的，以双方确认之日"
        ),
    ),
    RIGHT,
    group="information",
    help="应当书面提出；书面确有困难的可以口头提出，由窗口代为填写",
    checks=sound_request,
    secrecy="identity",
    adds=numbered,
)
def register_request(change: Change) -> None:
    """Somebody asks: the act itself is the record, and the head has a task."""
    due = str(change.data["due"])
    Task.objects.create(
        id=change.act_id, agency=change.agency, kind=ANSWER, title=f"答复政府信息公开申请：{change.data['number']}",
        role=roles.AGENCY_HEAD, due=date.fromisoformat(due) if due else None, citation=str(PERIOD)[:120],
        opened_n=change.n, opened_at=change.now,
    )  # fmt: skip


def named(change: Change) -> Application | None:
    """The application that an act names."""
    number = str(change.data.get("request") or "")
    return next((one for one in applications_in([change.agency.pk]) if one.number == number), None)


def still_open(change: Change) -> list[Verdict]:
    """There is such an application, and no answer yet."""
    number, one = str(change.data.get("request") or ""), named(change)
    if number and one is None:
        return [
            unmet(
                "request",
                REPLY,
                f"{change.agency.name}没有编号为“{number}”的申请",
                "照“依申请公开”页填写编号",
            )
        ]
    if one and one.outcome == SUPPLEMENT:
        fact = f"{number}已由{one.answered_by}告知补正，正等申请人补正"
        return [unmet("supplement", MENDING, fact, "收到补正的内容后先登记补正，答复期限从那一天起重新计算")]
    if one and one.outcome:
        fact = f"{number}已由{one.answered_by}答复：{OUTCOMES[one.outcome]}"
        return [unmet("once", REPLY, fact, "申请人另有要求的，另行登记申请")]
    return []


def may_receive(change: Change) -> list[Verdict]:
    """It was asked for, and came after that, on a day that has come."""
    number, one = str(change.data.get("request") or ""), named(change)
    if one is None or one.outcome != SUPPLEMENT or one.answered_at is None:
        fact = (
            f"{number}没有告知补正，或者已经补正"
            if one
            else f"{change.agency.name}没有编号为“{number}”的申请"
        )
        return [unmet("supplement", MENDING, fact, "照“依申请公开”页填写编号")] if number else []
    day = str(change.data.get("supplemented_on") or "")[:10]
    asked_on = timezone.localtime(one.answered_at).date()
    if day and not asked_on.isoformat() <= day <= change.day.isoformat():
        fact = f"{cn_day(day)}早于告知补正的日期，或者还没有到"
        return [unmet("supplemented_on", MENDING, fact, "填写实际收到补正内容的日期")]
    return []


def anew(change: Change) -> dict[str, Any]:
    """The last day, counted from the day on which the supplement came."""
    received = date.fromisoformat(str(change.data["supplemented_on"])[:10])
    last = route_of(current(change.agency.locality)).due(received, gather.calendar())
    return {"due": last.isoformat() if last else ""}


@admin_act(
    RECEIVE,
    "登记申请人的补正",
    WHO,
    (
        NUMBER,
        asked(
            "supplemented",
            "补正后申请公开的政府信息",
            "longtext",
            longest=1000,
            help="照补正后的申请填写完整的内容",
        ),
        asked("supplemented_on", "收到补正的日期", "date"),
    ),
    MENDING,
    group="information",
    help="答复期限自收到补正的申请之日起计算；无正当理由逾期不补正的，视为放弃申请，不再处理",
    checks=may_receive,
    secrecy="identity",
    adds=anew,
)
def receive_supplement(change: Change) -> None:
    """The same application waits for its answer again."""
    one, due = named(change), str(change.data["due"])
    assert one is not None
    opened = {"opened_n": change.n, "opened_at": change.now, "closed_n": None, "closed_at": None}
    Task.objects.filter(pk=one.id).update(due=date.fromisoformat(due) if due else None, **opened)


def may_extend(change: Change) -> list[Verdict]:
    """Once, and before the period is over."""
    verdicts, one = still_open(change), named(change)
    if one is None or verdicts:
        return verdicts
    if one.extended:
        return [unmet("extended", PERIOD, "答复期限已经延长过一次", f"在{cn_day(one.due)}之前答复")]
    if one.due < change.day.isoformat():
        return [unmet("over", PERIOD, f"答复期限{cn_day(one.due)}已经届满，不能再延长", "立即答复")]
    return []


def moved(change: Change) -> dict[str, Any]:
    """The last day as it is after this: extended, or without the days of a third party."""
    one = named(change)
    assert one is not None  # the checks have refused
    pack = current(change.agency.locality)
    consulted = with_third(one.consulted, change.data)
    return {"due": one.due_with(pack, bool(one.extended) or "why_longer" in change.data, consulted)}


def _move(change: Change) -> None:
    one, due = named(change), str(change.data["due"])
    assert one is not None
    Task.objects.filter(pk=one.id, closed_n=None).update(due=date.fromisoformat(due) if due else None)


@admin_act(
    EXTEND,
    "延长政府信息公开申请的答复期限",
    (roles.AGENCY_HEAD,),
    (NUMBER, asked("why_longer", "延长的理由", "longtext", longest=500, help="同时告知申请人")),
    PERIOD,
    group="information",
    help="须经政府信息公开工作机构负责人同意并告知申请人，最长二十个工作日，只能一次",
    checks=may_extend,
    secrecy="identity",
    adds=moved,
)
def extend(change: Change) -> None:
    """The answer may come later, once."""
    _move(change)


def may_ask(change: Change) -> list[Verdict]:
    """The letter has arrived, after the application, and not twice for one of them."""
    verdicts, one = still_open(change), named(change)
    if one is None or verdicts:
        return verdicts
    day, third = str(change.data.get("third_asked") or "")[:10], str(change.data.get("third") or "")
    if day and not one.received.isoformat() <= day <= change.day.isoformat():
        fact = f"{cn_day(day)}早于收到申请的日期，或者还没有到"
        verdicts.append(unmet("third_asked", ASKING, fact, "填写第三方实际收到征求意见书的日期"))
    if third in [row.third for row in one.consulted]:
        verdicts.append(unmet("third", ASKING, "这一第三方已经征求过意见", "登记它的意见，或者等期限届满"))
    return verdicts


@admin_act(
    CONSULT,
    "就申请公开的信息征求第三方意见",
    WHO,
    (
        NUMBER,
        asked("third", "第三方", longest=100, help="姓名或者名称"),
        asked("third_asked", "第三方收到征求意见书的日期", "date"),
    ),
    ASKING,
    group="information",
    help="第三方自收到之日起十五个工作日内提出意见，所需时间不计算在答复期限内",
    checks=may_ask,
    secrecy="identity",
    adds=moved,
)
def consult(change: Change) -> None:
    """The third party has the letter."""
    _move(change)


def may_tell(change: Change) -> list[Verdict]:
    """It was asked, has not answered yet, and did so on a day that has come."""
    verdicts, one = still_open(change), named(change)
    third, day = str(change.data.get("third") or ""), str(change.data.get("answered_on") or "")[:10]
    if one is None or verdicts or not third:
        return verdicts
    own = next((row for row in one.consulted if row.third == third), None)
    if own is None or own.said:
        fact = "这一第三方已经提出意见" if own else "没有登记向这一第三方征求意见"
        return [unmet("third", ASKING, fact, "名称照登记征求意见时的填写")]
    if day and not own.asked <= date.fromisoformat(day) <= change.day:
        fact = f"{cn_day(day)}早于收到征求意见书的日期，或者还没有到"
        verdicts.append(unmet("answered_on", ASKING, fact, "填写第三方实际提出意见的日期"))
    return verdicts


@admin_act(
    THIRD,
    "登记第三方对公开信息的意见",
    WHO,
    (
        NUMBER,
        asked("third", "第三方", longest=100),
        asked("said", "意见", "choice", options=SAID),
        asked("answered_on", "提出意见的日期", "date"),
    ),
    ASKING,
    group="information",
    checks=may_tell,
    secrecy="identity",
    adds=moved,
)
def opinion(change: Change) -> None:
    """What the third party said."""
    _move(change)


def sound_answer(change: Change) -> list[Verdict]:
    """An answer that is whole: how to get it, or ground, article and reason; and no third party still has time."""
    verdicts, one = still_open(change), named(change)
    if one is None or verdicts or change.data.get("outcome") not in OUTCOMES:
        return verdicts
    outcome = str(change.data["outcome"])
    if outcome == SUPPLEMENT:
        return [*verdicts, *_supplement(change, one)]
    return [*verdicts, *_whole(change, one, outcome), *remedy_unknown(change.agency, change.agency.locality)]


def _whole(change: Change, one: Application, outcome: str) -> Iterator[Verdict]:
    pack, calendar = current(change.agency.locality), gather.calendar()
    ground = grounds_of(pack).get(str(change.data.get("ground") or ""))
    where, reason = (str(change.data.get(name) or "").strip() for name in ("where", "reason"))
    if outcome != REFUSE and not where:
        yield unmet("where", REPLY, "没有写明提供的方式、途径和时间", "写明怎样、什么时候可以得到")
    if outcome != PROVIDE and (ground is None or ROUTE not in ground.routes):
        yield unmet("ground", REPLY, "没有选择不予公开的情形", "按《政府信息公开条例》第三十六条的情形选择")
    if outcome != PROVIDE and len(reason) < SHORTEST:
        yield unmet("reason", REPLY, "没有说明理由", "针对这件申请写明事实和理由，不能只写条款")
    if outcome == REFUSE and ground and ground.where and not where:
        yield unmet("where", REPLY, "没有写明在哪里可以看到", "写明获取的方式、途径，例如网址")
    days = consult_of(pack, ROUTE)
    if outcome != PROVIDE and ground and ground.consult and not one.consulted:
        yield unmet("third", ASKING, "没有书面征求第三方意见的记录", "先征求第三方意见并登记")
    for row in one.consulted:
        if not row.said and row.until(days, calendar) >= change.day:
            fact = (
                f"第三方可以在{cn_day(row.until(days, calendar).isoformat())}之前提出意见（{days} 个工作日）"
            )
            yield unmet("third", ASKING, fact, "等到第三方提出意见或者期限届满之后再答复")


def _supplement(change: Change, one: Application) -> Iterator[Verdict]:
    route = route_of(current(change.agency.locality))
    last = replace(route, days=route.supplement).due(one.received, gather.calendar())
    if last and last < change.day:
        fact = (
            f"告知补正的期限{cn_day(last.isoformat())}已经过去（收到申请之日起 {route.supplement} 个工作日）"
        )
        yield unmet("supplement", cite("第三十条"), fact, "按申请现有的内容答复")
    if len(str(change.data.get("reason") or "").strip()) < SHORTEST:
        yield unmet("reason", cite("第三十条"), "没有写明需要补正的事项和期限", "一次性写明")


def made(change: Change) -> dict[str, Any]:
    """The answer as a paper."""
    one = named(change)
    assert one is not None
    kind = "公开补〔" if change.data["outcome"] == SUPPLEMENT else "公开复〔"
    number = one.number.replace("公开〔", kind)
    day, blocks = change.day.isoformat(), list(_blocks(change, one))
    content = sheet(
        "file-answer", TITLES[str(change.data["outcome"])], change.agency.name, number, day, blocks
    )
    return {"answer_no": number, "answer_pdf": keep(content)}


def _blocks(change: Change, one: Application) -> Iterator[Block]:
    """The answer's paragraphs: what was asked, what is answered with its article, what one may do against it."""
    data, outcome = change.data, str(change.data["outcome"])
    yield Block("plain", f"{one.told['applicant']}：")
    head = f"本机关于{cn_day(one.received.isoformat())}收到你（单位）的政府信息公开申请（{one.number}）。"
    yield Block(
        "paragraph", f"{head}申请公开的内容是：{one.told['wants']}。现答复如下：".replace("。。", "。")
    )
    if outcome == SUPPLEMENT:
        text = f"申请内容不明确，请补正：{data['reason']}。".replace("。。", "。")
        after = "答复期限自收到补正的申请之日起计算；无正当理由逾期不补正的，视为放弃申请，不再处理"
        yield Block("paragraph", f"{text}{after}（{MENDING}）。")
    if outcome in (PROVIDE, PARTLY):
        article = "第三十六条第二项" if outcome == PROVIDE else "第三十七条"
        text = f"依照《政府信息公开条例》{article}，本机关予以公开。获取的方式、途径和时间：{data['where']}。"
        yield Block("paragraph", text.replace("。。", "。"))
    if outcome in (PARTLY, REFUSE):
        ground = grounds_of(current(change.agency.locality))[str(data["ground"])]
        part = "其中，" if outcome == PARTLY else "经审查，"
        where = f"获取的方式、途径：{data['where']}。" if ground.where and data.get("where") else ""
        yield Block(
            "paragraph",
            f"{part}{ground.says}（{ground.citation}）。{data['reason']}。{where}".replace("。。", "。"),
        )
    if outcome != SUPPLEMENT:
        refused = outcome != PROVIDE
        yield from (
            Block("paragraph", text) for text in ways(change.agency, change.agency.locality, ROUTE, refused)
        )
    yield Block("seal")


@admin_act(
    ANSWER,
    "答复政府信息公开申请",
    (roles.AGENCY_HEAD,),
    (
        NUMBER,
        asked("outcome", "答复", "choice", options=OUTCOMES),
        asked("ground", "不予公开、无法提供或者不予处理的情形", "choice", required=False, options=GROUNDS),
        asked(
            "reason",
            "理由",
            "longtext",
            required=False,
            longest=1000,
            help="不予公开、部分公开、告知补正的必填",
        ),
        asked(
            "where", "获取的方式、途径和时间", required=False, longest=300, help="公开的、已经主动公开的必填"
        ),
    ),
    REPLY,
    group="information",
    help="能当场答复的当场答复；含有不应当公开的内容但是能区分处理的，部分公开并说明理由",
    checks=sound_answer,
    secrecy="identity",
    adds=made,
)
def answer(change: Change) -> None:
    """The application is answered, with a paper."""
    one = named(change)
    assert one is not None
    Task.objects.filter(pk=one.id, closed_n=None).update(closed_n=change.n, closed_at=change.now)
