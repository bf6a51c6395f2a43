"""No page offers a link that refuses whoever follows it; and a refusal that somebody stands before is a page with a way on."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from copies_asked import ASKED, with_photo
from knocks import signed_in
from play import Clock, Play, make_office
from publishing import supervisor_above
from sanxiang.cases.models import Evidence, Paper
from sanxiang.door.administer import administer
from sanxiang.ledger.models import Act
from sanxiang.people.models import Person

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def play(clock: Clock) -> Play:
    """An open case with a photograph."""
    return with_photo(make_office("kaiyuan"), clock)


@pytest.fixture
def above(play: Play) -> Person:
    """Who looks in from above."""
    return supervisor_above(play.office.agency)


def links(client: Client, address: str) -> set[str]:
    """What can be followed from the main part of a page."""
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200, address
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    found = {unescape(href).partition("#")[0] for href in re.findall(r'href="(/[^"]*)"', main)}
    return {href for href in found if href}


def refused(client: Client, addresses: set[str]) -> list[str]:
    """Those that are not opened, or answer a program's text."""
    wrong = []
    for address in sorted(addresses):
        answer = client.get(address, headers=BROWSER)
        if answer.status_code not in (200, 202, 302) or "/why/" in answer.get("Location", ""):
            wrong.append(f"{answer.status_code} {address}")
        if answer.streaming:
            b"".join(answer.streaming_content)
    return wrong


def pages(play: Play) -> list[str]:
    """Pages of the case with papers and evidence on them."""
    here = f"/desk/cases/{play.case_id}"
    paper = Paper.objects.filter(case=play.case_id).earliest("n")
    piece = Evidence.objects.get(case=play.case_id, title="现场照片")
    return [
        f"{here}/",
        f"{here}/file/",
        f"{here}/party/",
        f"{here}/timeline/",
        f"{here}/papers/{paper.pk}/",
        f"{here}/evidence/{piece.pk}/look/",
    ]


def paper_page(play: Play) -> str:
    """The page of the first paper."""
    return next(page for page in pages(play) if "/papers/" in page)


def test_who_looks_in_from_above_is_offered_only_what_opens(play: Play, above: Person) -> None:
    client = signed_in(above)
    for page in pages(play):
        found = links(client, page)
        assert not refused(client, found), page
        assert not [
            href for href in found if re.search(r"\.(pdf|docx|zip|json)$", href) and "schema" not in href
        ]
    shown = client.get(paper_page(play)).content.decode()
    assert "申请调取副本" in shown and "打印并登记" not in shown and "签名、注明拒签" not in shown


def test_an_approved_copy_is_offered_and_opens(play: Play, above: Person) -> None:
    agency = play.office.agency
    administer("request-copy", agency, above, {**ASKED, "scope": "papers", "case": play.case.code})
    number = str(Act.objects.get(name="request-copy").openings.get(name="number").value)
    told = {"request": number, "outcome": "approved", "reason": "同意", "days": 3, "times": 50}
    administer("decide-copy", agency, play.person("agency-head"), told)
    client = signed_in(above)
    found = links(client, paper_page(play))
    assert any(href.endswith(".pdf") for href in found) and any(href.endswith(".docx") for href in found)
    assert not refused(client, found)
    assert not any(href.endswith(".zip") for href in links(client, pages(play)[0])), (
        "approved were the papers"
    )


def test_the_agency_s_own_people_lose_nothing(play: Play) -> None:
    client = signed_in(play.person("officer1"))
    found = links(client, pages(play)[0]) | links(client, paper_page(play))
    ends = {re.findall(r"\.(\w+)$", href)[0] for href in found if re.search(r"\.\w+$", href)}
    assert {"pdf", "docx", "zip", "json"} <= ends and not refused(client, {h for h in found if "." in h})


def answered(client: Client, address: str, **headers: str) -> Any:
    """The answer to this client."""
    return client.get(address, headers=headers)


def test_a_refusal_that_somebody_stands_before_is_a_page_that_says_what_to_do(
    play: Play, above: Person
) -> None:
    address = f"/api/v1/cases/{play.case_id}/dossier.zip"
    client = signed_in(above)
    page = answered(client, address, **BROWSER)
    text = page.content.decode()
    assert page.status_code == 403 and page["Content-Type"].startswith("text/html")
    assert "没有提供这份文件" in text and "request-copy" in text and f"/desk/cases/{play.case_id}/" in text
    program = answered(client, address, Accept="application/json")
    assert program.status_code == 403 and program.json()["error"]["code"] == "copy"
    stranger = Client()
    stranger.force_login(above)
    asked = answered(stranger, address, **BROWSER)
    assert asked.status_code == 302 and asked["Location"].startswith(
        f"/desk/cases/{play.case_id}/why/?next=/api/"
    )
    nobody = answered(Client(), address, **BROWSER)
    assert nobody.status_code == 302 and nobody["Location"].startswith("/desk/sign-in/")
