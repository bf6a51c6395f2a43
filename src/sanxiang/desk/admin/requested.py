"""What a head is about to decide of a request, beside the form: who asked for which papers, when, until when, and what would go out."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from sanxiang.cases.models import Case, Evidence, Paper
from sanxiang.cases.templatetags.show import cn_datetime
from sanxiang.desk.addresses import words_in
from sanxiang.desk.admin.place import Place
from sanxiang.desk.case_parts import papers_of
from sanxiang.desk.files.file_requests import address, told_of
from sanxiang.desk.history import marks_in
from sanxiang.desk.papers import sight_of
from sanxiang.desk.who import Visitor, case_for
from sanxiang.door import gather
from sanxiang.door.administer import ACTS
from sanxiang.door.files import file_copy
from sanxiang.door.files.asked_files import ANSWER, EXTEND, REGISTER, FileRequest, request_of
from sanxiang.door.files.copies import DECIDE, EVIDENCE, PAPERS, SCOPES, WHOLE, Copy, copy_of
from sanxiang.people.models import Agency

MOST = 30
"""So many papers are named; the case page has all."""
LOOK = "request"
"""The kind of look that this is, like the page of the request itself."""
LISTS = {
    ANSWER: "/desk/accesses/requests/",
    EXTEND: "/desk/accesses/requests/",
    DECIDE: "/desk/accesses/copies/",
}


def asked_for(request: HttpRequest, place: Place, act: str) -> dict[str, Any] | None:
    """The request that the form decides, as its reader may see it; None for other acts. What is shown of a case is a look at it."""
    if act not in LISTS:
        return None
    number = words_in(request.POST, "request") or words_in(request.GET, "request")
    if act == DECIDE:
        copy = copy_of(number) if number else None
        known = copy is not None and place.agency.pk in (copy.agency, copy.own_agency)
        return copy_asked(place.visitor, copy) if copy and known else {"list": LISTS[act]}
    one = request_of(number, place.agency.pk) if number else None
    return file_asked(place.visitor, one) if one and one.case else {"list": LISTS[act]}


def file_asked(visitor: Visitor, one: FileRequest) -> dict[str, Any]:
    """A request for the own file or by the public: the redacted copy, which its page shows paper by paper."""
    case = looked_at(visitor, one.case, one.id)
    found = file_copy.prepared(case, one.told, {})
    return {
        "title": f"{one.number}：{case.title}",
        "late": not one.outcome and one.late(visitor.on),
        "rows": told_of(one, sight_of(visitor, case).may(ACTS[REGISTER].secrecy)),
        "head": f"复制件现在会有 {len(found.given)} 份，隐去 {found.copy.masked} 处",
        "given": [{"text": name, "href": ""} for name in found.given[:MOST]],
        "more": max(len(found.given) - MOST, 0),
        "withheld": found.withheld,
        "leaks": len(found.copy.leaks),
        "links": [
            {"text": "逐份预览复制件", "href": f"{address(one)}#preview"},
            {"text": "打开案件", "href": f"/desk/cases/{case.pk}/"},
        ],
    }


def copy_asked(visitor: Visitor, one: Copy) -> dict[str, Any]:
    """A request to take copies out of the agency: they bear a number and hide nothing, but what the asker may not see stays closed."""
    agencies = Agency.objects.filter(pk__in=filter(None, [one.own_agency]))
    own = agencies.values_list("name", flat=True).first() or ""
    rows = [
        ("申请人", "，".join(filter(None, (one.by_name, own)))),
        ("提出时间", cn_datetime(timezone.localtime(one.at))),
        ("调取的内容", SCOPES.get(one.scope, one.scope)),
        ("用途", one.purpose),
        ("在哪里用、由谁保管", one.use),
        ("批准文号或者通知号", one.ticket),
        ("答复期限", "没有规定天数，请及时决定"),
    ]
    told: dict[str, Any] = {
        "title": one.number,
        "rows": [{"label": label, "value": value} for label, value in rows if value],
    }
    if one.case is None or one.agency not in visitor.agencies:
        return told | {"note": "案件属于其他机关，案卷内容请向案件所属机关了解。"}
    case = looked_at(visitor, one.case, one.id or one.case)
    return told | {"title": f"{one.number}：{case.title}"} | copied(visitor, case, one.scope)


def copied(visitor: Visitor, case: Case, scope: str) -> dict[str, Any]:
    """What the scope takes in, with a preview of each paper."""
    pack, here = gather.pack_of(case), f"/desk/cases/{case.pk}/"
    papers = (
        Paper.objects.filter(case=case).defer("content").order_by("-n", "label") if scope != EVIDENCE else ()
    )
    cards = papers_of(case, papers, marks_in(case), pack, sight_of(visitor, case)) if papers else []
    pieces = Evidence.objects.filter(case=case).count() if scope != PAPERS else 0
    count = [f"文书 {len(cards)} 份"] * (scope != EVIDENCE) + [f"证据文件 {pieces} 件"] * (scope != PAPERS)
    links = [{"text": "打开案件", "href": here}]
    if scope != PAPERS:
        links.append({"text": "在线查看证据", "href": f"{here}#evidence"})
    if scope == WHOLE:
        links.append({"text": "预览合成的正卷", "href": f"{here}file/"})
    return {
        "head": f"可以带走{'、'.join(count)}",
        "given": [
            {"text": " ".join(filter(None, (card["title"], card["number"]))), "href": card.get("href", "")}
            for card in cards[:MOST]
        ],
        "more": max(len(cards) - MOST, 0),
        "note": "带走的是原件的副本，不作遮盖，每份有水印编号；申请人无权查看的举报人、证人材料等，同意以后也打不开。",
        "links": links,
    }


def looked_at(visitor: Visitor, case_id: UUID | None, key: UUID) -> Case:
    """The case, with the look on record before anything of it is shown."""
    assert case_id is not None
    case = case_for(visitor, case_id)
    visitor.reading.of(key, "")
    visitor.reading.enter(LOOK)
    return case
