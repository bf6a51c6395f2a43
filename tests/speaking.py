"""What tests of the public's entry share: a form filled in, a receipt's code, an answer from the desk; a case whose party asks."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client

from knocks import signed_in
from page_form import PageForm, fill_in, form_at, words
from play import Clock, Play, make_office
from publishing import begun
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.asking.register import Application
from sanxiang.door.models import Task
from sanxiang.people.models import Certificate, Person

RECEIPT = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
WHO, PHONE, WANTS = "乔松年", "137" + "00002222", "2025年度取水许可检查的次数和结果汇总表"
"""Who applies for information, and for what."""
FIRM = "91370000MA3C00003J"
"""A code of no firm there is."""


def number_of(office: Office, who: str = "officer1") -> str:
    """The number of an officer's certificate."""
    return Certificate.objects.filter(person=office.people[who]).earliest("number").number


def filled(client: Client, address: str, clock: Clock, **told: str) -> PageForm:
    """The form, read and filled in by somebody who takes a minute."""
    form = form_at(client, address)
    form.address = "/voices/"
    for name, value in told.items():
        form.put(name, value)
    clock.now += timedelta(minutes=1)
    return form


def spoken(clock: Clock, address: str, source: str = "203.0.113.7", **told: str) -> str:
    """Hand it in; the receipt's code."""
    client = Client(REMOTE_ADDR=source)
    answer = client.post("/voices/", filled(client, address, clock, **told).values)
    assert answer.status_code == 200, words(answer)
    found = RECEIPT.search(words(answer))
    assert found and "no-store" in answer["Cache-Control"]
    return found[0]


def standing(code: str, source: str = "203.0.113.7") -> Any:
    """What the page of the code says."""
    return Client(REMOTE_ADDR=source).post("/voices/status/", {"code": code})


def answered(person: Person, clock: Clock, **told: str) -> str:
    """The supervisor opens the newest task and answers as its page leads."""
    client = signed_in(person)
    task = Task.objects.filter(kind="answer-voice", closed_n=None).latest("opened_at")
    assert f"/desk/voices/{task.pk}/" in words(client.get("/desk/tasks/"))
    page = words(client.get(f"/desk/voices/{task.pk}/"))
    link = re.search(r'href="(/desk/admin/acts/answer-voice/[^"]+)"', page)
    assert link, page
    form = form_at(client, link[1])
    for name, value in told.items():
        form.put(name, value)
    assert client.post(link[1], form.values).status_code == 302
    return page


def complained(office: Office, clock: Clock, times: int) -> list[str]:
    """So many people complain of one officer; their codes."""
    here, codes = f"/voices/?about=officer&key={number_of(office)}", []
    for turn in range(times):
        client = Client(REMOTE_ADDR=f"203.0.113.{turn + 1}")
        form = filled(client, here, clock, kind="投诉举报", text=f"第 {turn + 1} 次检查没有出示执法证件。")
        found = RECEIPT.search(words(client.post("/voices/", form.values)))
        assert found
        codes.append(found[0])
    return codes


def follow(person: Person, page: str, pattern: str, **told: str) -> None:
    """Open a page, follow a link on it to a form, fill it in, send it."""
    client = signed_in(person)
    link = re.search(pattern, words(client.get(page)))
    assert link, page
    sent = fill_in(client, link[1], **told)
    assert sent.status_code == 302, words(sent)


def case_at(locality: str, clock: Clock, until: str) -> Play:
    """A case against a firm with a code, played to just before a step."""
    play = begun(make_office(locality), "ordinary", clock)
    step = play.data_of(play.next(), play.moment)
    play.until(until, register_clue={"party": {**step["party"], "code": FIRM}})
    return play


def asked(code: str, number: str, source: str = "203.0.113.7") -> Any:
    """The answer of the page."""
    return Client(REMOTE_ADDR=source).post("/progress/", {"code": code, "id_number": number})


def applied(office: Office, clock: Clock, **told: str) -> str:
    """Somebody applies on the portal; the receipt's code."""
    client = Client()
    form = form_at(client, "/apply/")
    wanted = {
        "agency": office.agency.name,
        "applicant": WHO,
        "identity": "居民身份证",
        "contact": PHONE,
        "wants": WANTS,
    }
    for name, value in {**wanted, "form": "电子文档", **told}.items():
        form.put(name, value)
    clock.now += timedelta(minutes=1)
    twice = {RECEIPT.search(words(client.post("/apply/", form.values)))[0] for _ in range(2)}  # type: ignore[index]
    return twice.pop() if len(twice) == 1 else ""


def replied(office: Office, one: Application, **told: Any) -> None:
    """The head's answer."""
    administer(
        "answer-information-request",
        office.agency,
        office.people["agency-head"],
        {"request": one.number, **told},
    )
