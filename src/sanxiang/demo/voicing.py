"""What the public said in the demonstration: voices with an answer, a wide concern made a task, two applications for information."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sanxiang.cases.models import Publication
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.asking import register as asking
from sanxiang.door.intake.receipts import LENGTH, SIGNS, check_of, key_of, spelt
from sanxiang.people.models import Agency, Person

VOICE, REPLY = "register-voice", "answer-voice"
COMPLAINTS = (
    ("夜里有人往河边空地倒东西，打过两次电话没有人来。", 34),
    ("同一处地方倒了一车又一车，气味很大，希望尽快处理。", 27),
    ("投诉以后没有人回话，不知道查了没有。", 12),
)
ANSWER = "接到反映后已派两名执法人员到现场核查，清理完毕；今后每周夜间巡查两次，电话有人接听并当日回复。"
KNOWN = "演示回执"


def code_of(agency: Agency, which: int) -> str:
    """The code of the receipt: made of the agency's name, so that it can be told to whoever tries the demonstration."""
    number = int.from_bytes(sha256(f"{KNOWN} {agency.name} {which}".encode()).digest(), "big")
    signs = "".join(SIGNS[(number >> (5 * place)) & 31] for place in range(LENGTH))
    return spelt(signs + check_of(signs))


def speak(office: Office, now: datetime, above: Person | None) -> None:
    """Three complaints about one thing, one answered; an error that was put right; an idea that waits. Then a task for a unit."""
    agency = office.agency
    for which, (text, days) in enumerate(COMPLAINTS):
        _said(
            office, which, {"kind": "complaint", "about": "agency", "text": text}, now - timedelta(days=days)
        )
    wrong = Publication.objects.filter(agency=agency, status="published", act_type="penalty").first()
    if wrong is not None:
        told = {
            "kind": "error",
            "about": "decision",
            "key": str(wrong.pk),
            "text": "决定书文号少写了一个字，请核对。",
        }
        _said(office, 3, told, now - timedelta(days=3))
    idea = {"kind": "idea", "about": "agency", "text": "希望在村里也能查到办理进度，老人不会用手机。"}
    _said(office, 4, idea, now - timedelta(days=1))
    numbers = [
        f"{agency.short}声〔{(now - timedelta(days=days)).year}〕{n}号"
        for n, (_, days) in enumerate(COMPLAINTS, 1)
    ]
    reply = {
        "voice": numbers[0],
        "outcome": "upheld",
        "reply": ANSWER,
        "found_by": "现场核查记录一份（演示）",
    }
    head = office.people["agency-head"]
    administer(REPLY, agency, above or head, reply, now=now - timedelta(days=29), channel="demo")
    task = {
        "title": "夜间倾倒无人处理、投诉无人回话",
        "voices": numbers,
        "demand": "建立夜间巡查和投诉当日回复制度，一个月内没有同样的投诉",
        "owner_unit": office.brigade,
        "days": 20,
    }
    administer("open-concern", agency, head, task, now=now - timedelta(days=10), channel="demo")


def _said(office: Office, which: int, told: dict[str, Any], now: datetime) -> None:
    key = key_of(code_of(office.agency, which))
    full = {**told, "via": "phone", "name": "匿名群众"}
    by = office.people["archivist"]
    administer(VOICE, office.agency, by, full, now=now, channel="demo", act_id=key)


def apply(office: Office, now: datetime) -> None:
    """Two applications for information: one answered in part with a letter, one that waits."""
    agency = office.agency
    asked = {
        "applicant": "滕青禾",
        "identity": "居民身份证（演示）",
        "contact": "信函寄到登记住址",
        "form": "paper",
        "via": "window",
    }
    first = {**asked, "wants": "今年本机关作出的行政处罚决定的件数和罚没总额"}
    begun = now - timedelta(days=24)
    administer(asking.REGISTER, agency, office.people["archivist"], first, now=begun, channel="demo")
    answer = {
        "request": f"{agency.short}公开〔{begun.year}〕1号",
        "outcome": "provide",
        "where": "本答复附统计表一份；公示平台“统计”页可以随时查看",
    }
    administer(
        asking.ANSWER,
        agency,
        office.people["agency-head"],
        answer,
        now=now - timedelta(days=14),
        channel="demo",
    )
    second = {**asked, "wants": "河道管理范围划定的文件和附图", "applicant": "尤望舒"}
    administer(
        asking.REGISTER,
        agency,
        office.people["archivist"],
        second,
        now=now - timedelta(days=4),
        channel="demo",
    )


def receipts() -> list[dict[str, str]]:
    """Codes with which the public's side can be tried: of a complaint that was answered, one in each place."""
    organs = Agency.objects.exclude(region="").filter(kind=Agency.Kind.DEPARTMENT).order_by("name")
    return [{"agency": one.name, "code": code_of(one, 0)} for one in organs]
