"""Lists at the desk cut nothing without a word: what waits the longest first, a true total, and a way to the last line."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from by_lot import drawn, office_with_lists
from exchanged import connect
from far_end import FarEnd
from knocks import signed_in
from page_form import words
from play import Clock, make_office
from sanxiang.door.asking.register import applications_in
from sanxiang.door.models import Outgoing
from sanxiang.law.registers.kinds import PUBLIC
from sanxiang.people.models import Person
from sanxiang.registers.models import Register, Release
from speaking import applied, complained, replied

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines a leaf."""
    monkeypatch.setattr("sanxiang.desk.leafing.ROWS", 2)


def leaves(person: Person, here: str, name: str = "after") -> list[str]:
    """Every leaf from the first on, as the link to the next leads."""
    client, found, address = signed_in(person), [], here
    while address:
        page = words(client.get(address))
        found.append(page)
        link = re.search(rf'href="({re.escape(here)}\?{name}=[^"]+)" rel="next"', page)
        address = link[1] if link else ""
        assert len(found) < 10
    return found


def numbers(page: str, pattern: str) -> list[str]:
    """The numbers of the lines, in their order."""
    return list(dict.fromkeys(re.findall(pattern, page)))


def test_applications_that_wait_the_longest_stand_first_and_all_can_be_reached(clock: Clock) -> None:
    office = make_office("laizhou")
    for turn in range(5):
        applied(office, clock, wants=f"第 {turn} 份汇总表")
        clock.now += timedelta(days=3)
    first, second, *later = [one.number for one in applications_in([office.agency.pk])][::-1]
    replied(office, applications_in([office.agency.pk])[-1], outcome="provide", where="窗口领取")
    found = leaves(office.people["agency-head"], "/desk/information/")
    lines = [
        number for page in found for number in numbers(page, r'href="/desk/information/[^"]+/">([^<]+)<')
    ]
    assert len(found) == 3 and lines == [second, *later, first]
    assert all("共 5 条" in page for page in found)
    assert second in words(signed_in(office.people["agency-head"]).get("/desk/information/?after=9"))


def test_voices_are_leafed_through_in_the_same_way(clock: Clock) -> None:
    office = make_office("dongying")
    complained(office, clock, 5)
    found = leaves(office.people["agency-head"], "/desk/voices/")
    days = [re.findall(r"20\d\d年\d+月\d+日收到", page) for page in found]
    assert [len(page) for page in days] == [2, 2, 1]
    assert all("共 5 条" in page for page in found)


def test_the_information_of_one_class_goes_on_to_its_last_line(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of both classes together the newest are shown, and the page says where the others are."""
    monkeypatch.setattr("sanxiang.square.before.information.SHOWN", 2)
    office = make_office("kaiyuan")
    for kind in PUBLIC[:5]:
        register = Register.objects.create(agency=office.agency, kind=kind, label=kind, n=1, head="")
        told = {
            "version": 1,
            "in_force_from": clock.now.date(),
            "rows": [{"名称": kind}],
            "digest": "",
            "act": uuid4(),
            "n": 1,
        }
        Release.objects.create(register=register, **told)
    first = words(Client().get("/information/"))
    assert "最新 2 条" in first and "/information/?class=basic" in first
    lines = [
        re.findall(r">([\w-]+)（第1版）<", words(Client().get(f"/information/?class=basic&page={n}")))
        for n in (1, 2, 3)
    ]
    assert [len(page) for page in lines] == [2, 2, 1] and len({line for page in lines for line in page}) == 5
    assert "共 5 条" in words(Client().get("/information/?class=basic"))
    assert Client().get("/information/?page=2").status_code == 404
    assert "没有第 9 页" in words(Client().get("/information/?class=basic&page=9"))


def test_messages_that_did_not_arrive_are_leafed_through_the_given_up_first(
    clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    office = make_office("huantai")
    far = connect(office.agency, FarEnd(tmp_path_factory.mktemp("away")), "net", "上级平台", "decisions")
    for turn in range(5):
        Outgoing.objects.create(
            connector=far, agency=office.agency, subject=f"s{turn}", label=f"第{turn}号消息", event="publish", digest="0",
            key=f"k{turn}", state="dead" if turn == 4 else "queued", next_try=clock.now, made_at=clock.now,
        )  # fmt: skip
    found = leaves(office.people["agency-head"], "/desk/exchange/", "waiting")
    assert [numbers(page, r"第(\d)号消息") for page in found] == [["4", "0"], ["1", "2"], ["3"]]
    assert all("共 5 条" in page for page in found)


def test_plans_and_what_was_drawn_are_leafed_through_and_other_plans_are_not_read(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The long lists of objects are read for the page of their own plan alone, however many plans there are."""
    office = office_with_lists(clock, "kaiyuan")
    one = drawn(clock, office)
    here = f"/inspection/{one.id}/"
    whole = words(Client().get(here))
    with CaptureQueriesContext(connection) as before:
        Client().get("/inspection/")
    monkeypatch.setattr("sanxiang.square.inspection.pages.PER_PAGE", 1)
    tokens = [row[0] for row in one.pairs]
    assert len(tokens) > 1 and all(whole.count(token) for token in tokens)
    pages = [words(Client().get(f"{here}?drawn={number}")) for number in range(1, len(tokens) + 1)]
    assert [[token for token in tokens if f">{token}<" in page] for page in pages] == [
        [token] for token in tokens
    ]
    assert (
        f"共 {len(tokens)} 条" in pages[0]
        and Client().get(f"{here}?drawn={len(tokens) + 1}").status_code == 404
    )
    monkeypatch.undo()
    drawn(clock, office_with_lists(clock, "laizhou"), "2026-02")
    with CaptureQueriesContext(connection) as after:
        listed = words(Client().get("/inspection/"))
    assert '共 <span class="num">2</span> 条' in listed and len(after) == len(before)
