"""The register of uses 记录的运用: six purposes, the cases, the outcome; counted, and read from the ledger itself."""

import html
import re
from typing import Any

import pytest

from knocks import signed_in
from page_form import form_at, send, words
from play import BUILT, Clock, Play, make_office
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.recording.record_uses import PURPOSES
from sanxiang.law.guards import Refused
from sanxiang.ledger.models import Opening

pytestmark = pytest.mark.django_db

LOCALITIES = [
    pytest.param(locality, marks=pytest.mark.carries(row, locality=locality), id=locality)
    for locality, row in (
        ("laizhou", "LZ-054"),
        ("dongying", "DY-055"),
        ("lingchuan", "LC-046"),
        ("kaiyuan", "KY-052"),
        ("huantai", "HT-029"),
    )
]


def used(case: str, purpose: str, **other: Any) -> dict[str, Any]:
    """One use as somebody registers it."""
    told = {"purpose": purpose, "cases": case, "used_on": BUILT.date().isoformat()}
    return {**told, "user": "县评查组", "outcome": "发现送达回证漏填一处，已经补正", **other}


def counts(office: Office) -> dict[str, int]:
    """The figures of the page, by purpose."""
    desk = signed_in(office.people["legal-reviewer"])
    page = html.unescape(desk.get(f"/desk/uses/?year={BUILT.year}").content.decode())
    found = re.findall(r"<dt>([^<]+)</dt><dd><b>(\d+)</b>", page)
    return {label: int(n) for label, n in found}


@pytest.mark.parametrize("locality", LOCALITIES)
def test_each_purpose_is_registered_and_counted_and_no_other_is_taken(locality: str, clock: Clock) -> None:
    """Six uses, one a purpose: six counts of one on the page and in the table; a seventh purpose is refused."""
    office = make_office(locality)
    play = Play(office, "summary", stories.summary("200"), clock)
    clock.now = play.moment
    play.until("inspect")
    code, reviewer = play.case.code, office.people["legal-reviewer"]
    assert set(counts(office).values()) == {0} and len(counts(office)) == 6
    desk = signed_in(reviewer)
    form = form_at(desk, f"/desk/admin/acts/register-use/?agency={office.agency.pk}")
    for name, value in used(code, "案卷评查").items():
        form.put(name, value)
    done = send(desk, form)
    assert done.status_code == 302, words(done)
    for purpose in list(PURPOSES)[1:]:
        administer("register-use", office.agency, reviewer, used(code, purpose))
    assert set(counts(office).values()) == {1} and len(counts(office)) == 6
    page = html.unescape(desk.get(f"/desk/uses/?year={BUILT.year}").content.decode())
    assert page.count(f'href="/desk/cases/{play.case_id}/"') == 6 and "发现送达回证漏填一处" in page
    away = b"".join(desk.get(f"/desk/uses/?year={BUILT.year}&format=csv")).decode()  # type: ignore[arg-type]
    assert away.count("县评查组") == 6
    form = form_at(desk, f"/desk/admin/acts/register-use/?agency={office.agency.pk}")
    for name, value in used("没有这件", "案卷评查").items():
        form.put(name, value)
    form.values["purpose"] = ["gossip"]
    refused = send(desk, form)
    told = html.unescape(refused.content.decode())
    assert refused.status_code == 422 and "不在可选项里" in told and "发现送达回证漏填一处" in told
    with pytest.raises(Refused, match="没有编号为“没有这件”的案件"):
        administer("register-use", office.agency, reviewer, used("没有这件", "credit"))
    assert set(counts(office).values()) == {1}


def test_what_the_ledger_lost_the_register_does_not_have() -> None:
    """The page has no rows of its own: it is the acts themselves."""
    office = make_office("kaiyuan")
    assert not Opening.objects.filter(act__name="register-use").exists()
    assert (
        "还没有登记过记录的运用" in signed_in(office.people["archivist"]).get("/desk/uses/").content.decode()
    )
    wrong = signed_in(office.people["archivist"]).get("/desk/uses/?year=二零")
    assert wrong.status_code == 422 and "不是年份" in wrong.content.decode()
