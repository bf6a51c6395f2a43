"""双随机 of the demonstration: two libraries, a plan, its draw and results, so that the pages have something on them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from sanxiang.demo.people import Office
from sanxiang.demo.stories import CITIZENS, FIRMS
from sanxiang.door.administer import administer
from sanxiang.door.inspection.drawing import OUTSIDE
from sanxiang.door.inspection.plans import named_rows
from sanxiang.law.drawing import pool
from sanxiang.law.identifiers import org_check, uscc_check
from sanxiang.people.models import Certificate
from sanxiang.registers.inspection.drawn import APPROVE, COMMIT, DRAW, PLAN, PUBLISH, RECORD, Plan, plans_in

INSPECTORS = ("officer1", "officer2", "officer3", "unit-head")
NUMBER = "2026-双随机-01"
VALUE = "演示开奖号码 3 1 4 1 5"
RATIO, EACH = "25", 2
LEFT = 1
"""So many of the drawn objects have no public result yet."""


def uscc(region: str, which: int) -> str:
    """A made-up code with sound check signs: no organisation bears a number of noughts."""
    body = f"{which:08d}"
    code = f"91{region}{body}{org_check(body)}"
    return code + uscc_check(code)


def objects(office: Office) -> list[dict[str, str]]:
    """The library of objects: firms, one of them twice, one closed down, a sole trader and a person."""
    region, rows = office.agency.region, []
    for which, firm in enumerate(FIRMS):
        rows.append(
            {
                pool.NUMBER: f"DX-{which + 1:03d}",
                pool.NAME: f"云溪{firm}有限公司",
                pool.CODE: uscc(region, which + 1),
                pool.KIND: "企业",
                pool.ADDRESS: f"演示县工业园 {which + 1} 号",
                pool.TRADE: "生产",
                "信用等级": "ABCD"[which % 4],
                "风险等级": ("低", "一般", "较高")[which % 3],
                pool.STATUS: "注销" if which == len(FIRMS) - 1 else "存续",
            }
        )
    rows.append({**rows[0], pool.NUMBER: "DX-101", pool.NAME: f"云溪{FIRMS[0]}公司"})
    for number, (kind, name) in enumerate((("个体工商户", CITIZENS[0]), ("自然人", CITIZENS[1])), 1):
        told = {pool.NUMBER: f"DX-20{number}", pool.NAME: name, pool.KIND: kind, pool.STATUS: "存续"}
        rows.append({**told, pool.ADDRESS: f"演示县云溪镇柳林村 {number} 号", pool.TRADE: "生产"})
    return rows


def inspectors(office: Office) -> list[dict[str, str]]:
    """The library of inspectors; one of them must stay away from one object."""
    people = [office.people[who] for who in INSPECTORS]
    cards = dict(Certificate.objects.filter(person__in=people).values_list("person", "number"))
    rows = [
        {pool.PERSON: one.name, pool.CARD: cards[one.pk], "单位": office.agency.name, "专长": "现场检查"}
        for one in people
    ]
    rows[0] |= {pool.BARRED: f"云溪{FIRMS[1]}有限公司", pool.WHY: "近亲属在该企业任职"}
    return rows


def release_libraries(office: Office, now: datetime, **more: Sequence[dict[str, str]]) -> None:
    """Both libraries, in force from that day."""
    rows = {pool.OBJECTS: objects(office), pool.INSPECTORS: inspectors(office)}
    for kind, own in rows.items():
        told = {"kind": kind, "rows": more.get(kind.replace("-", "_"), own), "in_force_from": now.date()}
        administer("release-register", office.agency, None, {**told, "note": "演示数据"}, now=now)


def plan(office: Office, now: datetime, number: str = NUMBER, **more: Any) -> Plan:
    """A plan for the first item of the list, approved."""
    day = timezone.localtime(now).date()
    told = {
        "number": number,
        "name": f"{day.year}年双随机抽查",
        "items": list(named_rows(office.agency, day))[:1],
        "ratio": RATIO,
        "each": EACH,
        "department": office.brigade.name,
        "begins": day,
        "ends": day + timedelta(days=30),
    }
    administer(PLAN, office.agency, office.people["unit-head"], {**told, **more}, now=now)
    administer(APPROVE, office.agency, office.people["agency-head"], {"plan": number}, now=now)
    return the(office, number)


def the(office: Office, number: str = NUMBER) -> Plan:
    """The plan as it stands."""
    return next(one for one in plans_in([office.agency.pk]) if one.number == number)


def commit(office: Office, now: datetime, number: str = NUMBER, source: str = OUTSIDE) -> Plan:
    """Lists and seed are committed to; the value is there an hour later."""
    later = (timezone.localtime(now) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    told = {"plan": number, "source": source, "not_before": later}
    told |= {"source_text": "演示彩票第 1 期开奖号码"} if source == OUTSIDE else {}
    administer(COMMIT, office.agency, office.people["legal-reviewer"], told, now=now)
    return the(office, number)


def draw(office: Office, now: datetime, number: str = NUMBER, value: str = VALUE) -> Plan:
    """The seed comes out."""
    told = {"plan": number, "value": value, "witnesses": "纪检人员（演示）"} if value else {"plan": number}
    administer(DRAW, office.agency, office.people["legal-reviewer"], told, now=now)
    return the(office, number)


def record(office: Office, one: Plan, target: str, now: datetime, code: str = "01", **more: str) -> None:
    """What was found at a drawn object, by one of those who were drawn for it."""
    row = next(row for row in one.pairs if row[0] == target)
    card = Certificate.objects.select_related("person").get(number=row[1])
    clean = {"finding": "台账齐全，设施运行正常，没有发现问题。", "handling": "无需处理。"}
    told = {
        "plan": one.number,
        "target": target,
        "inspected_on": timezone.localtime(now).date(),
        "code": code,
    }
    administer(RECORD, office.agency, card.person, {**told, **clean, **more}, now=now)


def publish(office: Office, one: Plan, target: str, now: datetime) -> None:
    """Its result is made public by somebody else."""
    told = {"plan": one.number, "target": target}
    administer(PUBLISH, office.agency, office.people["disclosure-approver"], told, now=now)


def inspect_by_chance(office: Office, now: datetime) -> None:
    """All of it: the last drawn object is inspected and waits to be made public."""
    start = now - timedelta(days=20)
    release_libraries(office, start)
    plan(office, start)
    commit(office, start)
    one = draw(office, start + timedelta(hours=2))
    found = {"finding": "计量设施没有按规定校准。", "handling": "责令限期改正，已于次日改正。"}
    for place, row in enumerate(one.pairs):
        day = start + timedelta(days=3 + place)
        record(office, one, row[0], day, **({"code": "02", **found} if place == 0 else {}))
        if place < len(one.pairs) - LEFT:
            publish(office, one, row[0], day + timedelta(days=2))
