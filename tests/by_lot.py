"""What tests of 双随机 and of 入企检查 share: an office with its libraries, a draw, an inspection whose party has a code."""

from datetime import timedelta
from typing import Any

from play import MORNING, Clock, Play, make_office
from sanxiang.demo import drawing, requests
from sanxiang.demo.inspection import inspection
from sanxiang.demo.people import Office
from sanxiang.demo.registers import release_lists
from sanxiang.law.packs import load_pack
from sanxiang.registers.inspection.drawn import Plan


def office_with_lists(clock: Clock, locality: str) -> Office:
    """An office whose lists and libraries are released."""
    office = make_office(locality)
    release_lists(office, load_pack(locality), clock.now)
    drawing.release_libraries(office, clock.now)
    return office


def drawn(clock: Clock, office: Office, number: str = drawing.NUMBER, **more: Any) -> Plan:
    """A plan through to its draw."""
    drawing.plan(office, clock.now, number, **more)
    drawing.commit(office, clock.now, number)
    clock.now += timedelta(hours=2)
    return drawing.draw(office, clock.now, number)


def played(clock: Clock, locality: str = "kaiyuan", **how: Any) -> Play:
    """An inspection of a party with a code, before its first step."""
    clock.now = MORNING
    first, *rest = inspection("none", **how)
    return Play(make_office(locality), "inspection", [requests.with_code(first), *rest], clock, MORNING)
