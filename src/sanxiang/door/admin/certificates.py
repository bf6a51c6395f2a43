"""Acts on enforcement certificates: without one that is valid for the act, the day and the area nobody enforces."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sanxiang.door.admin.people import PERSON, changed
from sanxiang.door.admin.rules import (
    CERTIFICATES,
    INBOUND,
    Change,
    admin_act,
    asked,
    backwards,
    day,
    given_day,
    unmet,
)
from sanxiang.door.pinned import current
from sanxiang.law.conditions.people import accepted_by, kinds_accepted
from sanxiang.law.guards import Verdict
from sanxiang.people import roles
from sanxiang.people.models import Agency, Certificate
from sanxiang.speech import cn_day

KIND = "中华人民共和国行政执法证"

SCOPE = (
    asked("categories", "执法类别", "multi", help="照证件载明的类别选；没有登记类别的证件不能用来执法"),
    asked(
        "area",
        "执法区域",
        "multi",
        help="行政区划代码，填省、市的代码就含所辖各县；全国有效的填 000000；几个之间用顿号隔开",
    ),
)
INSPECTED = asked("inspected_until", "年度审验有效至", "date", required=False)
AREA = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", re.ASCII)
"""A code of GB/T 2260 or below it; lists write a province's or a city's also without its noughts."""
EXAM = asked("exam_passed_on", "资格考试合格日期", "date", required=False, help="没有登记考试合格的不能执法")


def sound_certificate(change: Change) -> list[Verdict]:
    """A number that nobody has yet, and a period in its order."""
    data = change.data
    verdicts = backwards(change, CERTIFICATES, "有效期") + future_exam(change)
    same = Certificate.objects.filter(kind=data.get("kind") or "", number=data.get("number") or "")
    if held := same.select_related("person").first():
        fact = f"证件编号 {held.number} 已登记在“{held.person.name}”名下"
        verdicts.append(unmet("taken:number", CERTIFICATES, fact, "核对编号；有效期变更的，变更原来的证件"))
    return verdicts + strange_kind(change) + strange_areas(change)


def kinds_here(agency: Agency) -> tuple[str, ...]:
    """The kinds of certificate that the agency's scheme accepts; empty where it says nothing."""
    return kinds_accepted(accepted_by(current(agency.locality)))


def strange_kind(change: Change) -> list[Verdict]:
    """A kind that the scheme does not know would carry no act, and its name cannot be changed afterwards."""
    kind, known = str(change.data.get("kind") or ""), kinds_here(change.agency)
    if not kind or not known or kind in known:
        return []
    cure = f"从“{'”“'.join(known)}”里填证件所属的一种；都不是的，不能用来执法，不登记"
    return [unmet("kind", CERTIFICATES, f"证件名称“{kind}”不在本方案认可之列", cure)]


def future_exam(change: Change) -> list[Verdict]:
    """Nobody has passed an examination that is still to come."""
    passed = day(change.data.get("exam_passed_on"))
    if passed is None or passed <= change.day:
        return []
    fact = f"资格考试合格日期 {cn_day(passed)} 还没有到"
    return [unmet("exam", CERTIFICATES, fact, "照考试合格证明填写；还没有合格的留空，合格后再变更")]


def strange_areas(change: Change) -> list[Verdict]:
    """An area in words would hold nowhere: acts compare it with the agency's code."""
    wrong = [str(one) for one in change.data.get("area") or () if not AREA.fullmatch(str(one))]
    if not wrong:
        return []
    fact = f"执法区域“{'、'.join(wrong)}”不是行政区划代码"
    cure = "填六位代码，如省 370000、市 370600、县 370683；全国有效的填 000000"
    return [unmet("area", CERTIFICATES, fact, cure)]


def emptied(change: Change) -> list[Verdict]:
    """A certificate for no kind of act, or for no place, allows nothing: it is suspended or revoked, not emptied."""
    return [
        unmet(
            item.name,
            CERTIFICATES,
            f"{item.label}不能空着",
            "照证件填写；证件不再有效的，登记暂扣或者吊销（注销）",
        )
        for item in SCOPE
        if item.name in change.data and not change.data[item.name]
    ]


@admin_act(
    "issue-certificate",
    "登记执法证件",
    (roles.SECURITY_ADMIN, roles.SUPERVISOR),
    (
        PERSON,
        asked("number", "证件编号", longest=60),
        asked("kind", "证件名称", longest=60, default=KIND),
        *SCOPE,
        asked("valid_from", "有效期起", "date"),
        asked("valid_until", "有效期止", "date"),
        INSPECTED,
        EXAM,
        asked(
            "source",
            "来源平台",
            required=False,
            longest=120,
            help="从省平台导入的写平台名称；以后只能随那里的数据更新",
        ),
        asked("source_id", "来源编号", required=False, longest=120),
    ),
    CERTIFICATES,
    group="certificates",
    help="照发证机关颁发的证件登记",
    checks=sound_certificate,
)
def issue_certificate(change: Change) -> Certificate:
    """A certificate as issued."""
    data = change.data
    return Certificate.objects.create(
        person_id=data["person"],
        number=data["number"],
        kind=data["kind"],
        categories=list(data.get("categories") or []),
        area=list(data.get("area") or []),
        valid_from=given_day(data["valid_from"]),
        valid_until=given_day(data["valid_until"]),
        inspected_until=day(data.get("inspected_until")),
        exam_passed_on=day(data.get("exam_passed_on")),
        source=data.get("source") or None,
        source_id=data.get("source_id") or None,
        n=change.n,
    )


DAYS = ("valid_until", "inspected_until", "exam_passed_on", "suspended_from", "suspended_until", "revoked_on")


def certificate_now(agency: Agency, found: Mapping[str, Any]) -> dict[str, Any]:
    """A certificate as it stands, and the day from which it holds."""
    row = found["certificate"]
    days = {name: getattr(row, name) for name in (*DAYS, "valid_from")}
    plain = {name: value.isoformat() if value else None for name, value in days.items()}
    return {**plain, "categories": list(row.categories), "area": list(row.area)}


def sound_state(change: Change) -> list[Verdict]:
    """Validity and suspension each in their order."""
    verdicts = backwards(change, CERTIFICATES, "有效期")
    verdicts += backwards(change, CERTIFICATES, "暂扣", "suspended_from", "suspended_until")
    if change.value("suspended_until") and not change.value("suspended_from"):
        verdicts.append(unmet("suspension", CERTIFICATES, "填了暂扣止，没有填暂扣起", "补填“暂扣起”"))
    return verdicts + future_exam(change) + strange_areas(change) + emptied(change) + locked(change)


SOURCED = {
    "valid_until": "有效期止", "inspected_until": "年度审验有效至", "exam_passed_on": "资格考试合格日期", "categories": "执法类别",
    "area": "执法区域",
}  # fmt: skip
"""What a platform says of a certificate that came from it; suspending and revoking stay with whoever oversees."""


def locked(change: Change) -> list[Verdict]:
    """What came from another platform is changed there and brought in again; nobody types over it here."""
    held = change.found.get("certificate")
    if change.by is None or change.channel == INBOUND or not isinstance(held, Certificate) or not held.source:
        return []
    touched = [label for name, label in SOURCED.items() if name in change.data]
    if not touched:
        return []
    fact = f"证件 {held.number} 来自{held.source}（来源编号 {held.source_id}），“{'、'.join(touched)}”不能在这里改"
    return [unmet("sourced", CERTIFICATES, fact, f"在{held.source}更改，再导入一次清单")]


@admin_act(
    "change-certificate",
    "变更执法证件状态",
    (roles.SECURITY_ADMIN, roles.SUPERVISOR),
    (
        asked("certificate", "证件", "certificate"),
        asked("valid_until", "有效期止", "date"),
        INSPECTED,
        EXAM,
        asked("suspended_from", "暂扣起", "date", required=False),
        asked(
            "suspended_until", "暂扣止", "date", required=False, help="暂扣结束的日期照实填，暂扣记录仍然留存"
        ),
        asked("revoked_on", "吊销（注销）日期", "date", required=False),
        *(replace(item, required=False) for item in SCOPE),
    ),
    CERTIFICATES,
    group="certificates",
    help="年度审验、换发延期、暂扣、吊销注销都在这里登记；只填有变化的项",
    checks=sound_state,
    current=certificate_now,
    target="certificate",
)
def change_certificate(change: Change) -> Certificate:
    """Annual inspection, suspension, revocation, renewal."""
    values: dict[str, Any] = {name: day(change.data[name]) for name in DAYS if name in change.data}
    values |= {name: list(change.data[name] or []) for name in ("categories", "area") if name in change.data}
    done: Certificate = changed(change.found["certificate"], change.n, values)
    return done
