"""The administrators' pages as they are seen: each fits phone, tablet and desk, keeps the content policy, satisfies axe."""

from datetime import date

import pytest
from django.test import Client
from seen import THOROUGH, faults_seen

from cast import Cast
from conftest import SignIn
from page_form import fill_in, words
from sanxiang.cases.models import Publication
from sanxiang.door.administer import administer
from sanxiang.people.models import Certificate
from sanxiang.people.passwords import first_password

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

LONG = "清江流域水政监察与河道采砂管理" * 4


@pytest.fixture
def pages(cast: Cast, browser: SignIn) -> dict[str, str]:
    """Every kind of page by its address, rendered before the browser starts."""
    bureau, here = cast.bureau, f"agency={cast.bureau.pk}"
    administer("add-unit", bureau, None, {"name": LONG, "kind": "brigade", "parent": cast.brigade})
    administer("add-person", bureau, None, {"username": "xinmiao", "name": "新苗" * 20, "phone": "0" * 40})
    administer("record-leave", bureau, None, {"person": cast.handler, "valid_from": "2026-01-01"})
    rows = [{"事项编码": "S-1", "事项名称": LONG}]
    told = {"kind": "items", "rows": rows, "in_force_from": "2026-01-01"}
    administer("release-register", bureau, None, told)
    held = Certificate.objects.get(person=cast.handler).pk
    system, security, audit = browser(cast.admin), browser(cast.security), browser(cast.auditor)
    found = {}
    for client, places in (
        (
            system,
            ("", "people/", "acts/change-agency/", "acts/register-agency/", "import/", "acts/add-unit/"),
        ),
        (
            system,
            ("acts/release-register/", "acts/release-register/?kind=items", f"people/{cast.handler.pk}/"),
        ),
        (
            security,
            ("acts/grant-post/", "acts/issue-certificate/", f"acts/change-certificate/?certificate={held}"),
        ),
        (security, ("acts/end-post/", "acts/issue-token/", "people/?show=bare&q=x")),
        (audit, ("history/", "refusals/")),
    ):
        for place in places:
            address = f"/desk/admin/{place}{'&' if '?' in place else '?'}{here}"
            found[address] = words_of(client.get(address))
    found |= historical(cast, browser)
    refused = fill_in(security, f"/desk/admin/acts/grant-post/?{here}", person="林青", role="系统管理员")
    made = fill_in(system, f"/desk/admin/acts/add-person/?{here}", username="secret", name="白芷")
    assert "三员分立" in words(refused) and made.context["secret"] in words(made)
    return found | {"/refused": refused.content.decode(), "/secret": made.content.decode()}


def historical(cast: Cast, browser: SignIn) -> dict[str, str]:
    """Imported records on the disclosure desk, and the page that changes a first password."""
    common = {
        "agency": cast.bureau,
        "origin": "import",
        "act_type": "penalty",
        "sort_on": date(2021, 5, 6),
        "n": 1,
    }
    texts = {
        "number": "云水罚〔2021〕3号" * 20,
        "title": LONG * 3,
        "party": "顾长庚",
        "party_type": "citizen",
        "facts": LONG * 20,
    }
    places, found = (
        {
            "held": cast.editor,
            "prepared": cast.approver,
            "published": cast.approver,
            "withdrawn": cast.editor,
        },
        {},
    )
    for number, (status, person) in enumerate(places.items()):
        flags = ["holds-idcard", "no-address"] if status == "held" else []
        row = Publication.objects.create(
            **common, **texts, status=status, external_id=f"X{number}", flags=flags
        )
        address = f"/desk/publications/imported/{row.pk}/"
        found[address] = words_of(browser(person).get(address))
    for address in (
        "/desk/publications/imported/",
        "/desk/publications/imported/?show=published&q=x",
        "/desk/publications/",
    ):
        found[address] = words_of(browser(cast.editor).get(address))
    password = first_password()
    cast.archivist.set_password(password)
    cast.archivist.save(update_fields=["password"])
    answer = Client().post(
        "/desk/sign-in/", {"username": cast.archivist.username, "password": password}, follow=True
    )
    return found | {"/desk/password/": words_of(answer)}


def words_of(answer: object) -> str:
    """A page that came."""
    assert answer.status_code == 200  # type: ignore[attr-defined]
    return str(answer.content.decode())  # type: ignore[attr-defined]


@THOROUGH
def test_every_page_fits_keeps_the_policy_and_satisfies_axe(pages: dict[str, str], thorough: bool) -> None:
    """One test for all: while the browser runs, this thread may not ask the database."""
    assert faults_seen(pages, thorough=thorough) == []
