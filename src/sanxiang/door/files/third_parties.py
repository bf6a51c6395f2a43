"""征求第三方意见: whose secrets or privacy a copy would touch is asked in writing, and the days that this takes do not count.

政府信息公开条例 第三十二条 gives the third party fifteen working days from the letter; 第三十三条第三款 takes that out of the
answer's own time. While it has not answered the last day is told as if it used all of its time; its answer brings that day forward.
"""

from datetime import date
from typing import Any

from sanxiang.door import gather, requested
from sanxiang.door.admin.rules import Change, admin_act, asked, unmet
from sanxiang.door.files.asked_files import AGREED, CONSULT, OPPOSED, THIRD_ANSWER, FileRequest, with_third
from sanxiang.door.files.file_copy import CONSULT as ASKING
from sanxiang.door.files.file_requests import PERIOD, WINDOW, named, open_request
from sanxiang.door.pinned import current
from sanxiang.law.file_requests import consult_of
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.speech import cn_day

SAID = {AGREED: "书面同意公开", OPPOSED: "书面不同意公开"}
WHO = (*WINDOW, roles.AGENCY_HEAD)


def may_ask(change: Change) -> list[Verdict]:
    """The route knows of third parties, the letter has arrived, after the request and not twice for one of them."""
    found, verdicts = open_request(change)
    if found is None or verdicts:
        return verdicts
    day, third = str(change.data.get("third_asked") or "")[:10], str(change.data.get("third") or "")
    if not consult_of(current(change.agency.locality), found.route):
        return [unmet("route", ASKING, "按这一法律提出的申请没有征求第三方意见的规定", "按申请答复")]
    if day > change.day.isoformat():
        verdicts.append(
            unmet("third_asked", ASKING, f"{cn_day(day)}还没有到", "填写第三方实际收到征求意见书的日期")
        )
    if day and day < str(found.told["received"])[:10]:
        fact = f"{cn_day(day)}早于收到申请的日期{cn_day(str(found.told['received'])[:10])}"
        verdicts.append(unmet("third_asked", ASKING, fact, "填写第三方实际收到征求意见书的日期"))
    if third in [one.third for one in found.consulted]:
        verdicts.append(unmet("third", ASKING, "这一第三方已经征求过意见", "登记它的答复，或者等期限届满"))
    return verdicts


def after(change: Change) -> dict[str, Any]:
    """The last day of the answer once this counts, and until when the third party may answer."""
    found = named(change)
    pack = current(change.agency.locality)
    consulted = with_third(found.consulted, change.data)
    told: dict[str, Any] = {"due": found.due_with(pack, bool(found.extended), consulted)}
    if change.data.get("third_asked"):
        own = next(one for one in consulted if one.third == change.data["third"])
        told["third_until"] = own.until(consult_of(pack, found.route), gather.calendar()).isoformat()
    return told


@admin_act(
    CONSULT,
    "登记征求第三方意见",
    WHO,
    (
        asked("request", "申请编号", longest=60),
        asked("third", "第三方", longest=100, help="姓名或者名称"),
        asked(
            "what", "征求意见的内容", "longtext", longest=500, help="材料中涉及它的商业秘密、个人隐私的部分"
        ),
        asked("third_asked", "第三方收到征求意见书的日期", "date"),
    ),
    ASKING,
    group="requests",
    help="第三方自收到之日起十五个工作日内提出意见，征求意见所需时间不计算在答复期限内",
    checks=may_ask,
    secrecy="identity",
    adds=after,
)
def consult(change: Change) -> None:
    """The third party has the letter."""
    requested.moved(named(change).id, change.data["due"])


def may_answer(change: Change) -> list[Verdict]:
    """It was asked, has not answered yet, and did so on a day that has come."""
    found, verdicts = open_request(change)
    third, day = str(change.data.get("third") or ""), str(change.data.get("answered_on") or "")[:10]
    if found is None or verdicts or not third:
        return verdicts
    own = asked_before(found, third)
    if own is None:
        return [unmet("third", ASKING, "没有登记向这一第三方征求意见", "先登记征求意见，名称照登记的填写")]
    if own.said:
        verdicts.append(unmet("third", ASKING, "这一第三方已经答复", "不能重复登记"))
    if day and not own.asked <= date.fromisoformat(day) <= change.day:
        fact = f"答复日期{cn_day(day)}早于收到征求意见书的日期，或者还没有到"
        verdicts.append(unmet("answered_on", PERIOD, fact, "填写第三方实际提出意见的日期"))
    return verdicts


def asked_before(found: FileRequest, third: str) -> Any:
    """The third party of that name among those asked."""
    return next((one for one in found.consulted if one.third == third), None)


@admin_act(
    THIRD_ANSWER,
    "登记第三方的意见",
    WHO,
    (
        asked("request", "申请编号", longest=60),
        asked("third", "第三方", longest=100, help="照征求意见时登记的填写"),
        asked("said", "意见", "choice", options=SAID),
        asked("answered_on", "提出意见的日期", "date"),
        asked("why", "理由", "longtext", required=False, longest=1000),
    ),
    ASKING,
    group="requests",
    checks=may_answer,
    secrecy="identity",
    adds=after,
)
def record_answer(change: Change) -> None:
    """What the third party said."""
    requested.moved(named(change).id, change.data["due"])
