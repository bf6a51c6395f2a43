"""The cast of the stories: one county water bureau and the people around it. All names are invented."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password

from sanxiang.people import roles
from sanxiang.people.models import Agency, Certificate, Person, Post, Unit

PASSWORD = "shan-shui-2026-yun"
HIRED = date(2021, 1, 1)
ISSUED, EXPIRES = date(2021, 1, 1), date(2035, 12, 31)


@dataclass(frozen=True)
class Cast:
    """Who plays: `handler` and `second` are certified officers of `brigade`; `outsider` works in another bureau."""

    government: Agency
    bureau: Agency
    justice: Agency
    other: Agency
    brigade: Unit
    legal: Unit
    handler: Person
    second: Person
    unit_head: Person
    head: Person
    reviewer: Person
    editor: Person
    approver: Person
    archivist: Person
    outsider: Person
    supervisor: Person
    admin: Person
    security: Person
    auditor: Person


def make_cast() -> Cast:
    """Write the whole cast, straight through the ORM."""
    government = make_agency("云溪县人民政府", "", None, kind="government")
    bureau = make_agency(
        "云溪县水务局", "云水", government, review_body="云溪县人民政府", court="云溪县人民法院"
    )
    justice = make_agency("云溪县司法局", "云司", government, is_supervisor=True)
    other = make_agency("云溪县林草局", "云林", government)
    brigade = Unit.objects.create(agency=bureau, name="水政监察大队", kind="brigade", is_enforcement=True)
    legal = Unit.objects.create(agency=bureau, name="政策法规股", is_legal_organ=True)
    reviewer = make_person("songyan", "宋砚", bureau, roles.LEGAL_REVIEWER, legal)
    Person.objects.filter(pk=reviewer.pk).update(
        has_legal_qualification=True, qualification_number="A20190000001", n=1
    )
    reviewer.refresh_from_db()
    return Cast(
        government,
        bureau,
        justice,
        other,
        brigade,
        legal,
        handler=make_person("linqing", "林青", bureau, roles.OFFICER, brigade, "99010001"),
        second=make_person("hewei", "何苇", bureau, roles.OFFICER, brigade, "99010002"),
        unit_head=make_person("zhoulan", "周岚", bureau, roles.UNIT_HEAD, brigade, "99010003"),
        head=make_person("qinhe", "秦禾", bureau, roles.AGENCY_HEAD),
        reviewer=reviewer,
        editor=make_person("tangmo", "唐墨", bureau, roles.DISCLOSURE_EDITOR),
        approver=make_person("luting", "陆汀", bureau, roles.DISCLOSURE_APPROVER),
        archivist=make_person("baizhi", "白芷", bureau, roles.ARCHIVIST),
        outsider=make_person("jiangye", "江野", other, roles.OFFICER, None, "99020001"),
        supervisor=make_person("weiheng", "卫衡", justice, roles.SUPERVISOR),
        admin=make_person("shijing", "石径", government, roles.SYSTEM_ADMIN),
        security=make_person("anran", "安然", government, roles.SECURITY_ADMIN),
        auditor=make_person("chaming", "查明", government, roles.AUDIT_ADMIN),
    )


def make_agency(name: str, short: str, parent: Agency | None, **more: object) -> Agency:
    """An agency of the county 云溪, which does not exist (region 990001)."""
    return Agency.objects.create(
        name=name, short=short, parent=parent, region="990001", locality="huantai", **more
    )


def make_person(
    username: str, name: str, agency: Agency, role: str, unit: Unit | None = None, certificate: str = ""
) -> Person:
    """A person with one post since HIRED and, if numbered, a certificate that lasts."""
    person = Person.objects.create(username=username, name=name, password=hashed_password())
    Post.objects.create(person=person, agency=agency, unit=unit, role=role, valid_from=HIRED)
    if certificate:
        Certificate.objects.create(
            person=person,
            number=certificate,
            kind="中华人民共和国行政执法证",
            categories=["penalty", "coercion", "inspection"],
            area=[agency.region],
            valid_from=ISSUED,
            valid_until=EXPIRES,
            inspected_until=EXPIRES,
            exam_passed_on=date(2020, 11, 20),
        )
    return person


@cache
def hashed_password() -> str:
    """Argon2 is slow on purpose; the cast shares one password, so one hash will do."""
    return make_password(PASSWORD)
