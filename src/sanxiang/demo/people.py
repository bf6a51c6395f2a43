"""The invented people and agencies of the demonstration: one county office a locality, one supervisor."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from sanxiang.demo.matters import RESOURCES, TOWN, WATER, Remit
from sanxiang.door.administer import administer, create_agency
from sanxiang.law.packs import Pack
from sanxiang.people.models import Agency, Person, Unit

CERTIFICATE = "中华人民共和国行政执法证"
SINCE = date(2024, 1, 1)
PASSWORD = "sanxiang-demo-2026"
"""Printed by the demo command; a real installation makes its own."""

LAST = "柳沈韩唐许何吕曹严金魏陶"
FIRST = {
    "officer1": "知远",
    "officer2": "云舒",
    "officer3": "景行",
    "unit-head": "若谷",
    "agency-head": "守拙",
    "legal-reviewer": "明澈",
    "disclosure-editor": "予安",
    "disclosure-approver": "季白",
    "archivist": "可久",
    "unlicensed": "新苗",
    "deputy-head": "怀瑾",
}
ROLE = {
    "officer1": "officer",
    "officer2": "officer",
    "officer3": "officer",
    "unlicensed": "officer",
    "deputy-head": "agency-head",
}


@dataclass
class Office:
    """One agency with everybody a case needs, by what they do."""

    agency: Agency
    brigade: Unit
    legal: Unit
    people: dict[str, Person] = field(default_factory=dict)
    remit: Remit = WATER
    """What the office deals with."""

    def id(self, who: str) -> str:
        """A person's id as acts take it."""
        return str(self.people[who].id)


@dataclass(frozen=True)
class County:
    """How one locality's demonstration office is called."""

    pack: str
    prefix: str
    agency: str
    short: str
    government: str
    court: str
    uscc: str
    """Made up: no organ bears a number of noughts. Applications to a court must state one."""
    remit: Remit


COUNTIES = (
    County(
        "laizhou",
        "lz",
        "莱州市自然资源和规划局（演示）",
        "莱自然资规演",
        "莱州市人民政府",
        "莱州市人民法院",
        "113706830000000003",
        RESOURCES,
    ),
    County(
        "dongying",
        "dy",
        "东营区水务局（演示）",
        "东水演",
        "东营区人民政府",
        "东营市东营区人民法院",
        "11370502000000000K",
        WATER,
    ),
    County(
        "lingchuan",
        "lc",
        "陵川县自然资源局（演示）",
        "陵自然资演",
        "陵川县人民政府",
        "陵川县人民法院",
        "11140524000000000M",
        RESOURCES,
    ),
    County(
        "kaiyuan",
        "ky",
        "开原市水利局（演示）",
        "开水演",
        "开原市人民政府",
        "开原市人民法院",
        "11211282000000000W",
        WATER,
    ),
    County(
        "huantai",
        "ht",
        "桓台县综合行政执法局（演示）",
        "桓综执演",
        "桓台县人民政府",
        "桓台县人民法院",
        "11370321000000000R",
        TOWN,
    ),
)


def build_office(county: County, pack: Pack, index: int, now: datetime, hashed: str = "") -> Office:
    """An agency with two units and eleven people, all through the door."""
    agency = build_agency(county, str(pack.manifest["region"]), now)
    brigade = administer(
        "add-unit", agency, None, {"name": "执法大队", "kind": "brigade", "is_enforcement": True}, now=now
    )
    legal = administer(
        "add-unit", agency, None, {"name": "政策法规股", "kind": "office", "is_legal_organ": True}, now=now
    )
    office = Office(agency, brigade, legal, remit=county.remit)
    for position, (who, first) in enumerate(FIRST.items()):
        office.people[who] = build_person(
            office, county, who, LAST[(index * 3 + position) % len(LAST)] + first, position, now, hashed
        )
    return office


def build_agency(county: County, region: str, now: datetime) -> Agency:
    """The government, and the department below it with what its papers print."""
    common = {"region": region, "locality": county.pack}
    government = create_agency({**common, "name": county.government, "kind": "government"}, now=now)
    return create_agency(
        {
            **common,
            "name": county.agency,
            "short": county.short,
            "kind": "department",
            "parent": government,
            "address": f"{county.government[:-4]}演示路 1 号",
            "phone": "0000-0000001",
            "complaint_phone": "0000-0000002",
            "account": "演示银行 0000 0000 0000 0001",
            "review_body": county.government,
            "court": county.court,
            "uscc": county.uscc,
        },
        now=now,
    )


def build_person(
    office: Office, county: County, who: str, name: str, position: int, now: datetime, hashed: str
) -> Person:
    """An account, a post, and for officers a certificate (the newcomer has none)."""
    role = ROLE.get(who, who)
    data = {
        "username": f"{county.prefix}-{who}",
        "name": name,
        "password_hash": hashed or make_password(PASSWORD),
    }
    if who == "legal-reviewer":
        data["qualification_number"] = f"演示资格{county.prefix}01"
    person: Person = administer("add-person", office.agency, None, data, now=now)
    in_brigade = role in ("officer", "unit-head", "disclosure-editor")
    unit = office.brigade if in_brigade else office.legal if role == "legal-reviewer" else None
    post = {"person": person, "unit": unit, "role": role, "valid_from": SINCE}
    administer("grant-post", office.agency, None, post, now=now)
    if role in ("officer", "unit-head") and who != "unlicensed":
        number = f"{county.prefix.upper()}演示{position:04d}"
        administer("issue-certificate", office.agency, None, certificate_of(person, number, office), now=now)
    return person


CATEGORIES = [
    "penalty", "coercion", "inspection", "licence", "levy", "fee", "requisition", "confirmation", "adjudication",
]  # fmt: skip
"""Kinds of enforcement that the demonstration's officers are certified for: every kind that some county's scheme names."""


def certificate_of(person: Person, number: str, office: Office) -> dict[str, Any]:
    """A certificate for the office's area that lasts."""
    return {
        "person": person,
        "number": number,
        "kind": CERTIFICATE,
        "categories": CATEGORIES,
        "area": [office.agency.region],
        "valid_from": SINCE,
        "valid_until": date(2029, 12, 31),
        "inspected_until": date(2027, 12, 31),
        "exam_passed_on": date(2023, 11, 1),
    }


def supervising(county: str, now: datetime) -> Agency:
    """The government's legal office of one county."""
    organ = next(one for one in COUNTIES if one.pack == county)
    above = Agency.objects.get(name=organ.government)
    place = organ.government.removesuffix("人民政府")
    data = {
        "name": f"{place}司法局（演示）",
        "short": f"{place[0]}司演",
        "kind": "supervisor",
        "parent": above,
    }
    return create_agency({**data, "region": above.region, "locality": county, "is_supervisor": True}, now=now)


def employed(office: Agency, username: str, name: str, role: str, now: datetime, hashed: str) -> Person:
    """Somebody with an account and one post."""
    told = {"username": username, "name": name, "password_hash": hashed or make_password(PASSWORD)}
    person: Person = administer("add-person", office, None, told, now=now)
    post = {"person": person, "role": role, "valid_from": SINCE}
    administer("grant-post", office, None, post, now=now)
    return person


def build_supervisor(now: datetime, hashed: str = "") -> Person:
    """The supervising office of one county and its officer, and the three administrators."""
    office = supervising("huantai", now)
    above = employed(office, "sfj", "卫秉公", "supervisor", now, hashed)
    for username, name, role in (
        ("sysadmin", "石系统", "system-admin"),
        ("secadmin", "安安全", "security-admin"),
        ("audadmin", "查审计", "audit-admin"),
    ):
        employed(office, username, name, role, now, hashed)
    return above


def build_legal_office(now: datetime, hashed: str = "") -> Person:
    """The legal office to which one county's scheme has the lists filed, and its officer."""
    return employed(supervising("dongying", now), "dy-sfj", "池正清", "supervisor", now, hashed)
