"""What goes to other systems is what the public may read, and no more: over a socket, from its day on, until it is taken down."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from exchanged import connect, round_of
from far_end import FarEnd, far_end
from play import Clock, make_office
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.door.exchange import daily
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of
from sanxiang.registers.models import Register

pytestmark = pytest.mark.django_db


@pytest.fixture
def side(tmp_path: Path) -> Iterator[FarEnd]:
    daily.LAST.clear()
    with far_end(tmp_path) as found:
        yield found


def released(office: Office, kind: str, *names: str, later: int = 0, rows: Any = None) -> str:
    """A version of a list; the subject as the other side knows it."""
    columns = [name for name, _ in columns_of(load_pack(office.agency.locality), kind)]
    made = rows or [{column: f"{name}{column}" for column in columns} for name in names]
    begins = (timezone.localdate() + timedelta(days=later)).isoformat()
    administer("release-register", office.agency, None, {"kind": kind, "in_force_from": begins, "rows": made})
    return f"register:{Register.objects.get(agency=office.agency, kind=kind).pk}"


def next_day(clock: Clock, days: int = 1) -> None:
    """The worker looks on another day, and delivers."""
    clock.now += timedelta(days=days)
    daily.tell_daily(clock.now)
    while round_of(clock, 1):
        pass


def test_only_lists_that_anybody_may_read_go_out_from_their_day_until_they_are_taken_down(
    clock: Clock, side: FarEnd
) -> None:
    """Who may be inspected never leaves; a later version leaves on its day; a list taken down is withdrawn there too."""
    office = make_office("kaiyuan")
    connect(office.agency, side, "city", "烟台平台", "lists", "officers")
    objects = [{"对象编号": "1", "对象名称": "王某某农户", "对象类别": "农户", "地址": "某村3号"}]
    released(office, "inspection-objects", rows=objects)
    round_of(clock)
    assert side.records == {}
    subject = released(office, "charges", "采砂费")
    later = released(office, "charges", "采砂费", "取土费", later=30)
    next_day(clock)
    assert later == subject and len(side.records[subject]["rows"]) == 1
    next_day(clock, 28)
    assert len(side.records[subject]["rows"]) == 1
    next_day(clock)
    assert len(side.records[subject]["rows"]) == 2
    administer("withdraw-register", office.agency, None, {"kind": "charges", "reason": "不再收取"})
    round_of(clock, 1)
    assert side.records == {}
    assert [event for _, event in side.log] == ["publish", "correct", "withdraw"]
    assert "不再收取" in str(side.bodies[-1])
