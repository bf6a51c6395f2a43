"""Five cases with known gaps, and how the pages of figures are read."""

import csv
import html
import io
import re
from dataclasses import replace
from datetime import datetime

from django.http import HttpResponse

from knocks import signed_in
from page_form import form_at, send
from play import BUILT, CHINA, Clock, Play, county_of
from sanxiang.demo import stories
from sanxiang.demo.people import FIRST, Office, build_person
from sanxiang.door.administer import administer, create_agency
from sanxiang.people.models import Person

LOOKED = datetime(2026, 4, 15, 9, 0, tzinfo=CHINA)
"""When the figures are read: seven working days after 27 March (a Friday) were over on 8 April, for 6 April was a holiday."""


def five_cases(office: Office, clock: Clock) -> list[Play]:
    """Whole; closing still wanted; hardly begun; decided and not served; the same in the other unit."""
    other = replace(office, brigade=office.legal)
    plays = [
        Play(office, "summary", stories.summary("200", "org", 0), clock),
        Play(office, "summary", stories.summary("200", "org", 1), clock),
        Play(office, "summary", stories.summary("200", "org", 2), clock),
        Play(office, "ordinary", stories.ordinary("2000", which=3), clock),
        Play(other, "ordinary", stories.ordinary("2000", which=4), clock),
    ]
    for play, until in zip(plays, ("", "close", "inspect", "serve/2", "serve/2"), strict=True):
        clock.now = play.moment
        play.until(until)
    clock.now = LOOKED
    return plays


def begun(office: Office, clock: Clock, until: str, count: int, first: int = 0) -> list[Play]:
    """Cases decided on the spot, each of another party, up to a step."""
    found = []
    for which in range(first, first + count):
        play = Play(office, "summary", stories.summary("200", "org", which), clock)
        clock.now = play.moment
        play.until(until)
        found.append(play)
    clock.now = LOOKED
    return found


def sister_office(office: Office) -> Office:
    """Another department of the same government, with everybody a case needs."""
    county, agency = replace(county_of(office.agency.locality), prefix="sis"), office.agency
    told = {"name": "东营区林业局（演示）", "short": "东林演", "kind": "department", "parent": agency.parent}
    copied = ("region", "locality", "address", "phone", "complaint_phone", "account", "review_body", "court")
    made = create_agency(told | {name: getattr(agency, name) for name in copied}, now=BUILT)
    brigade = {"name": "林政大队", "kind": "brigade", "is_enforcement": True}
    legal = {"name": "法规股", "kind": "office", "is_legal_organ": True}
    units = [administer("add-unit", made, None, unit, now=BUILT) for unit in (brigade, legal)]
    sister = Office(made, *units, remit=office.remit)
    for position, (who, first) in enumerate(FIRST.items()):
        name = "林木森郑冯褚卫蒋华孔施"[position] + first
        sister.people[who] = build_person(sister, county, who, name, position, BUILT, "!")
    return sister


def page(person: Person, address: str, status: int = 200) -> str:
    """A page as that person reads it."""
    answer = signed_in(person).get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return html.unescape(answer.content.decode())


def sheet(person: Person, address: str) -> list[dict[str, str]]:
    """A table to take away."""
    answer = signed_in(person).get(address)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def line(rows: list[dict[str, str]], group: str, name: str) -> dict[str, str]:
    """One line of the table of figures."""
    (found,) = [row for row in rows if (row["分组"], row["名称"]) == (group, name)]
    return found


def share(row: dict[str, str], label: str) -> tuple[int, int, str]:
    """Numerator, denominator and share."""
    return int(row[f"{label}（分子）"]), int(row[f"{label}（分母）"]), row[label]


def act_form(person: Person, address: str, **told: str) -> HttpResponse:
    """An act of the desk's form, filled in over what the address has filled in already."""
    desk = signed_in(person)
    form = form_at(desk, address)
    for name, value in told.items():
        form.put(name, value)
    answer: HttpResponse = send(desk, form)
    return answer


def undertaken(office: Office, who: str = "agency-head", **other: str) -> HttpResponse:
    """The first weak link of the list made the task of its own unit, by the link on the page."""
    person = office.people[who]
    address = re.findall(
        r'href="(/desk/admin/acts/open-improvement/[^"]+)"', page(person, "/desk/weak-links/")
    )[0]
    told = {"demand": "三十日内补齐，此后不再发生", "days": "10", "days_unit": "工作日", **other}
    return act_form(person, address, **told)
