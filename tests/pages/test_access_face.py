"""How the pages of 调阅 look at every width: copies, what stands out, requests for a file, the party's own page, a defence."""

import re

import pytest
from django.test import Client
from seen import faults_seen

from copies_asked import ASKED, with_photo
from knocks import signed_in
from play import Clock, make_office
from publishing import supervisor_above
from sanxiang.cases.models import Evidence
from sanxiang.door.administer import administer
from sanxiang.door.files.asked_files import requests_in
from sanxiang.ledger.access import Read, record

pytestmark = pytest.mark.django_db


def pages_of(clock: Clock) -> dict[str, str]:
    """Each page by its address, filled with what makes it long."""
    play = with_photo(make_office("kaiyuan"), clock)
    agency, head, officer = play.office.agency, play.person("agency-head"), play.person("officer3")
    above = supervisor_above(agency)
    for _ in range(2):
        administer("request-copy", agency, above, {**ASKED, "scope": "papers", "case": play.case.code})
    told = {"outcome": "approved", "reason": "同意，注意保管" * 6, "days": 3, "times": 2}
    administer("decide-copy", agency, head, {**told, "request": f"{agency.short}调〔{clock.now.year}〕1号"})
    looks = {
        "by": officer.pk,
        "by_name": officer.name,
        "role": "officer",
        "agency": agency.pk,
        "case": play.case_id,
    }
    for _ in range(95):
        record(
            Read(kind="case", channel="page", result="served", reason="other", text="核对" * 30, **looks),
            clock.now,
        )
    asked = {
        "case": play.case.code, "applicant": "顾清和", "standing": "other", "identity": "居民身份证已核对", "contact": "信函",
        "wants": "现场检查笔录、处罚决定书和照片" * 8, "form": "paper", "route": "disclosure",
        "received": clock.now.date().isoformat(), "via": "window",
    }  # fmt: skip
    for _ in range(2):
        administer("register-file-request", agency, play.person("archivist"), asked)
    new, old = requests_in([agency.pk])
    administer("answer-file-request", agency, head, {"request": old.number, "outcome": "provide"})
    claim = {
        "case": play.case.code,
        "accused": "举报称没有出示执法证件",
        "records": "亮证步骤",
        "grounds": "当场出示证件并记入笔录" * 9,
    }
    administer("claim-diligence", agency, officer, claim)
    photo = Evidence.objects.get(case=play.case_id, title="现场照片")
    case = f"/desk/cases/{play.case_id}/"
    by_head = [
        "/desk/accesses/copies/",
        "/desk/accesses/review/",
        "/desk/accesses/requests/",
        "/desk/accesses/defences/",
    ]
    by_head += [f"{case}requests/{one.id}/" for one in (new, old)]
    pages = {at: signed_in(head).get(at).content.decode() for at in by_head}
    (finding,) = set(re.findall(r"/desk/accesses/review/[0-9a-f]{16}/", pages["/desk/accesses/review/"]))
    pages[finding] = signed_in(head).get(finding).content.decode()
    for at in (f"{case}evidence/{photo.pk}/look/", f"{case}evidence/{photo.pk}/"):
        pages[at] = signed_in(above).get(at).content.decode()
    for at in (case, "/desk/accesses/mine/"):
        pages[at] = signed_in(play.person("officer1")).get(at).content.decode()
    pages["/party/"] = Client().get("/party/").content.decode()
    pages["/party/?wrong"] = (
        Client().post("/party/", {"code": "没有", "id_number": "1", "ask": "1"}).content.decode()
    )
    return pages


def test_they_fit_every_width_and_anybody_can_use_them(clock: Clock) -> None:
    pages = pages_of(clock)
    assert all("<h1>" in page for page in pages.values())
    assert not (found := faults_seen(pages)), "\n".join(found)
