"""带到现场, as the server has it: what goes to a device, who may take it, what the record of looks says, and when a device must forget."""

import html
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cast import Cast
from conftest import Player, SignIn
from knocks import form_of
from play import Clock, Play, play_of
from sanxiang.cases.models import Case, Paper
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.offline import contact
from sanxiang.door.recording.field_devices import devices_in, owner_of
from sanxiang.headers import POLICY
from sanxiang.law.packs import load_pack
from sanxiang.ledger.access_row import Access
from sanxiang.people import roles
from sanxiang.people.models import Person, Post

pytestmark = pytest.mark.django_db

PHONE = "0f0e0d0c-0b0a-4908-8706-050403020100"


def along(client: Client, play: Play, device: str = PHONE) -> Any:
    """Ask for the case as a device does."""
    return client.post(f"/desk/cases/{play.case_id}/along/", {"device": device, "name": "二中队手机"})


def heard(client: Client, **asked: str) -> dict[str, Any]:
    """What a device hears of the server."""
    answer = client.get("/desk/field/contact/", asked)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    found: dict[str, Any] = answer.json()
    return found


def test_a_case_is_taken_along_as_forms_and_articles_and_the_look_names_the_device(
    play: Player, browser: SignIn, clock: Clock, settings: Any
) -> None:
    played = play("ordinary", "inspect")
    officer = played.person("officer1")
    answer = along(browser(officer), played)
    assert answer.status_code == 200
    told = answer.json()
    forms = {form["act"]: form for form in told["forms"]}
    assert "inspect" in forms and "csrfmiddlewaretoken" not in forms["inspect"]["html"]
    assert 'name="nonce"' not in forms["inspect"]["html"], (
        "each time a form is laid aside it gets a key of its own"
    )
    assert forms["inspect"]["address"] == f"/desk/cases/{played.case_id}/acts/inspect/"
    assert played.case.title in html.unescape(told["html"]) or played.case.party in html.unescape(
        told["html"]
    )
    assert any("第五十五条" in one["name"] and one["text"] for one in told["articles"]) or told["articles"]
    until = datetime.fromisoformat(told["until"]) - datetime.fromisoformat(told["taken"])
    assert until == timedelta(days=settings.FIELD_DAYS)
    look = Access.objects.get(kind="along")
    assert (look.by, look.case, look.result, look.reason) == (officer.pk, played.case_id, "served", "duty")
    assert "二中队手机" in look.text and PHONE[:8] in look.text
    device = devices_in(played.office.agency.pk)[PHONE]
    assert (device.person, device.name, device.ended) == (officer.pk, "二中队手机", None)
    assert along(browser(officer), played).status_code == 200, "the same device takes along again"


def test_nobody_takes_along_what_they_may_not_or_on_the_device_of_another(
    play: Player, browser: SignIn, cast: Cast, clock: Clock
) -> None:
    played = play("ordinary", "inspect")
    assert along(browser(played.person("officer1")), played).status_code == 200
    assert along(browser(played.person("officer2")), played).status_code == 403
    assert along(browser(cast.outsider), played, str(uuid.uuid4())).status_code == 404
    assert along(browser(cast.supervisor), played, str(uuid.uuid4())).status_code == 403
    assert Client().post(f"/desk/cases/{played.case_id}/along/").status_code == 302
    assert Access.objects.filter(kind="along", result="served").count() == 1


def test_a_withdrawn_device_or_account_is_told_to_forget_and_is_given_no_key(
    play: Player, browser: SignIn, clock: Clock
) -> None:
    played = play("ordinary", "inspect")
    officer, agency = played.person("officer1"), played.office.agency
    client = browser(officer)
    asked = {
        "device": PHONE,
        "agency": str(agency.pk),
        "clock": (clock.now - timedelta(seconds=75)).isoformat(),
    }
    assert along(client, played).status_code == 200
    first = heard(client, **asked)
    assert not first["wipe"] and first["person"] == owner_of(officer) and first["key"] and first["csrf"]
    signed = contact(first["contact"])
    assert signed is not None and (signed.device, signed.person, signed.behind) == (
        PHONE,
        owner_of(officer),
        75,
    )
    other = heard(browser(played.person("officer2")), **asked)
    assert "key" not in other and "contact" not in other, "the key is its owner's alone"
    stranger = heard(Client(), **asked)
    assert stranger["wipe"] is False and not {"key", "csrf", "person"} & set(stranger)
    page = browser(officer)
    assert "二中队手机" in page.get("/desk/field/devices/").content.decode()
    assert page.post("/desk/field/devices/", {"device": PHONE}).status_code == 302
    assert "停用" in html.unescape(page.get("/desk/field/devices/").content.decode())
    for whoever in (client, Client()):
        gone = heard(whoever, **asked)
        assert gone["wipe"] and not {"key", "csrf"} & set(gone)
    for agency_told in ({}, {"agency": str(uuid.uuid4())}, {"agency": "无"}):
        gone = heard(client, device=PHONE, clock=asked["clock"], **agency_told)
        assert gone["wipe"] and not {"key", "contact"} & set(gone), "whoever asks does not choose the agency"
    assert along(client, played).status_code == 403
    second = str(uuid.uuid4())
    assert along(client, played, second).status_code == 200
    administer("change-person", agency, None, {"person": officer, "active": False})
    assert heard(Client(), device=second, agency=str(agency.pk))["wipe"]


def test_the_security_administrator_withdraws_a_lost_device(
    play: Player, browser: SignIn, clock: Clock
) -> None:
    played = play("ordinary", "inspect")
    agency = played.office.agency
    assert along(browser(played.person("officer1")), played).status_code == 200
    admin = Person.objects.create(username="sec-one", name="石径")
    Post.objects.create(person=admin, agency=agency, role=roles.SECURITY_ADMIN, valid_from="2025-01-01")
    form = browser(admin)
    address = "/desk/admin/acts/withdraw-field-device/"
    assert form.get(address).status_code == 200
    sent = form.post(address, {"device": PHONE, "reason": "遗失"})
    assert sent.status_code == 302, sent.content.decode()
    device = devices_in(agency.pk)[PHONE]
    assert device.ended is not None and device.why == "遗失"


def test_the_page_without_a_network_holds_nothing_of_anybody(
    play: Player, browser: SignIn, clock: Clock
) -> None:
    """The same bytes for everybody, under the same policy; the worker keeps those files and nothing else."""
    played = play("ordinary", "inspect")
    mine, nobody = browser(played.person("officer1")), Client()
    pages = [client.get("/desk/field/") for client in (mine, nobody)]
    assert pages[0].content == pages[1].content and pages[0].status_code == 200
    assert pages[0]["Content-Security-Policy"] == POLICY
    assert played.person("officer1").name not in pages[0].content.decode()
    worker = nobody.get("/desk/field/sw.js")
    assert worker["Service-Worker-Allowed"] == "/desk/" and worker["Content-Type"].startswith(
        "text/javascript"
    )
    files = json.loads(worker.content.decode().partition("const FILES = ")[2].partition(";\n")[0])
    assert files[0] == "/desk/field/" and all(file.startswith("/static/") for file in files[1:])
    build = files[1].partition("?v=")[2]
    assert len(build) == 12 and f"sanxiang-field-{build}" in worker.content.decode()
    named = [part.partition('"')[0] for part in pages[0].content.decode().split('"/static/')[1:]]
    missing = [name for name in named if f"/static/{name}" not in files]
    assert not missing, "every file of the page is kept"
    manifest = nobody.get("/desk/field/desk.webmanifest").json()
    assert manifest["scope"] == "/desk/" and {icon["sizes"] for icon in manifest["icons"]} == {
        "192x192",
        "512x512",
    }


def test_a_code_opens_the_case_for_who_may_see_it_and_the_check_for_others(
    play: Player, browser: SignIn, cast: Cast, clock: Clock
) -> None:
    played = play("ordinary", "interview")
    case, here = played.case, f"/desk/cases/{played.case_id}/"
    paper = Paper.objects.filter(case=case).first()
    assert paper is not None
    officer = browser(played.person("officer1"))
    shown = officer.get(here).content.decode()
    assert "<svg" in shown and case.code in shown
    code = f"/desk/open/{case.code}/"
    by_paper = f"/desk/open/?paper={paper.pk}"
    assert officer.get(code)["Location"] == here == officer.get(by_paper)["Location"]
    for typed in (
        case.code.lower(),
        f"http://x/verify/?paper={paper.pk}",
        f"http://x{code}",
        case.number or case.code,
    ):
        assert officer.get("/desk/open/", {"code": typed})["Location"] == here, typed
    for address in (code, by_paper, "/desk/open/AAAAAAAAAA/", f"/desk/open/?paper={uuid.uuid4()}"):
        page = Client().get(address)
        assert page.status_code == 200 and case.title not in html.unescape(page.content.decode())
        assert "到公示平台核验" in page.content.decode() and "/desk/sign-in/?next=" in page.content.decode()
    outsider = browser(cast.outsider)
    assert outsider.get(code)["Location"] == "/verify/" == outsider.get("/desk/open/AAAAAAAAAA/")["Location"]
    assert outsider.get(by_paper)["Location"] == f"/verify/?paper={paper.pk}"
    assert f"/desk/open/?paper={paper.pk}" in Client().get(f"/verify/?paper={paper.pk}").content.decode()
    assert officer.get("/desk/open/", {"code": "没有"})["Location"] == "/desk/scan/?missed=1"
    assert officer.get("/desk/scan/?missed=1").status_code == 200


def test_empty_forms_go_along_and_open_a_case_when_they_come_home(
    office: Office, browser: SignIn, clock: Clock
) -> None:
    """What is found in a village is nobody's case yet."""
    played = play_of(office, "summary", clock)
    officer = browser(played.person("officer1"))
    told = officer.post("/desk/field/blanks/", {"device": PHONE, "name": "二中队手机"}).json()
    form = next(one for one in told["forms"] if one["act"] == "summary")
    assert form["address"].startswith("/desk/cases/new/summary/") and 'name="cause"' in form["html"]
    step, pack = played.next(), load_pack(office.agency.locality)
    data = form_of(pack.acts[step.act], played.data_of(step, clock.now))
    data |= {"nonce": "n" * 22, "offline-clock": clock.now.isoformat()}
    sent = [officer.post(form["address"], data, headers={"Accept": "application/json"}) for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 201], sent[0].content.decode()
    assert sent[0].json() == sent[1].json()
    assert Case.objects.get(pk=sent[0].json()["done"]["case"]).n == 1
