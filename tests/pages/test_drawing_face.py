"""双随机 and 入企检查 as they are seen: every page fits phone and desk, keeps to the content policy and satisfies axe."""

import pytest
from seen import THOROUGH, faults_seen

from by_lot import drawn, office_with_lists, played
from knocks import signed_in
from play import Clock
from reader import Client
from sanxiang.demo import drawing

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@THOROUGH
def test_no_page_has_a_fault(clock: Clock, thorough: bool) -> None:
    play = played(clock)
    play.until("archive")
    office = office_with_lists(clock, "dongying")
    one = drawn(clock, office)
    drawing.record(office, one, one.pairs[0][0], clock.now)
    drawing.publish(office, one, one.pairs[0][0], clock.now)
    waiting = drawing.plan(office_with_lists(clock, "laizhou"), clock.now)
    client, desk = Client(), signed_in(office.people["officer1"])
    pages = {
        address: client.get(address).content.decode()
        for address in (
            "/inspection/",
            f"/inspection/{one.id}/",
            f"/inspection/{waiting.id}/",
            "/inspection/own/",
        )
    }
    told = {"code": play.case.code, "id_number": play.case.state["facts"]["party"]["code"]}
    pages["/inspection/own/?shown"] = client.post("/inspection/own/", told).content.decode()
    pages["/inspection/own/?wrong"] = client.post("/inspection/own/", {"code": "x"}).content.decode()
    pages["/desk/inspection/"] = desk.get("/desk/inspection/").content.decode()
    assert faults_seen(pages, thorough=thorough) == []
