"""What the demonstration has of devices, rooms and docked recordings: pages with something on them, in every locality."""

from datetime import timedelta

import pytest
from django.utils import timezone
from seen import faults_seen

from footage import text_of
from knocks import signed_in
from play import BUILT, LOCALITIES, STORIES, Clock, Play, make_office
from sanxiang.demo import equipment
from sanxiang.demo.build import add_pictures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("locality", LOCALITIES)
def test_a_visitor_finds_devices_rooms_and_a_film_that_waits(locality: str) -> None:
    office = make_office(locality)
    equipment.furnish(office, BUILT + timedelta(hours=1))
    equipment.last_things(office, timezone.now())
    officer = office.people["officer1"]
    devices = text_of(officer, "/desk/devices/")
    assert "没有指定保管人的设备：DSJ-03" in devices and "时钟快 45 秒" in devices and "1:2" in devices
    rooms = text_of(officer, "/desk/venues/")
    assert "听证室" in rooms and "适量够用：演示用的理由" in rooms and "共用可以满足" in rooms
    waits = text_of(officer, "/desk/docked/")
    assert "1 份待确认" in waits and "已按偏差校正" in waits and officer.name in waits


@pytest.mark.browser
def test_the_pages_fit_every_width_and_bear_axe(clock: Clock) -> None:
    """Devices with one astray, one device, rooms, docking, breaches, coverage, the case: nothing wider than the window."""
    play = Play(make_office("laizhou"), *STORIES["summary"], clock)
    equipment.furnish(play.office, BUILT + timedelta(hours=1))
    play.until("inspect")
    inspected = play.step(no_recording="执法记录仪没有电", photos=None)
    add_pictures(play.office, inspected, 1, equipment.clips_at(inspected, equipment.KEPT))
    equipment.last_things(play.office, play.moment + timedelta(hours=1))
    play.at(play.moment + timedelta(hours=2))
    desk, agency = signed_in(play.person("officer1")), play.office.agency.pk
    addresses = (
        "devices/",
        f"devices/{agency}/{equipment.KEPT}/",
        "venues/",
        "docked/",
        "discipline/",
        "coverage/",
    )
    pages = {
        f"/desk/{one}": desk.get(f"/desk/{one}").content.decode()
        for one in (*addresses, f"cases/{play.case_id}/")
    }
    assert all("DSJ-0" in pages[f"/desk/{one}"] for one in addresses if one != "venues/")
    assert faults_seen(pages, thorough=False) == []
