"""What goes to other systems is what the public may read, and no more: over a socket, from its day on, until it is taken down."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from exchanged import command, connect, round_of
from far_end import FarEnd, far_end
from play import Clock, make_office
from publishing import begun
from reader import Client
from sanxiang.demo.people import Office
from sanxiang.demo.registers import whole_way
from sanxiang.door.administer import administer
from sanxiang.door.exchange import daily
from sanxiang.door.models import Outgoing
from sanxiang.law.guards import Refused
from sanxiang.law.packs import load_pack
from sanxiang.law.registers.kinds import columns_of
from sanxiang.people.models import Certificate
from sanxiang.registers.before.roster import rows_for
from sanxiang.registers.before.vetted import public_roster
from sanxiang.registers.models import Register

pytestmark = pytest.mark.django_db


@pytest.fixture
def side(tmp_path: Path) -> Iterator[FarEnd]:
    daily.DONE.clear()
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
    connect(office.agency, side, "city", "烟台平台", "lists")
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
    administer(
        "withdraw-register", office.agency, None, {"kind": "charges", "ground": "ended", "reason": "不再收取"}
    )
    round_of(clock, 1)
    assert side.records == {}
    assert [event for _, event in side.log] == ["publish", "correct", "withdraw"]
    assert "不再收取" in str(side.bodies[-1])


def test_who_may_enforce_no_more_is_taken_off_on_the_day_though_nobody_did_anything(
    clock: Clock, side: FarEnd
) -> None:
    """The other side has the roster of the portal: a certificate that ends goes with its last day, a suspended one at once."""
    office = make_office("laizhou")
    card = Certificate.objects.filter(person=office.people["officer1"]).first()
    other = Certificate.objects.filter(person=office.people["officer2"]).first()
    assert card and other
    connect(office.agency, side, "supervision", "市政府行政执法监督信息平台", "officers")
    administer("change-certificate", office.agency, None, {"certificate": card, "valid_until": "2026-03-31"})
    next_day(clock)
    shown = {f"officer:{line.certificate}" for line in public_roster(timezone.localdate())}
    assert set(side.records) == shown and f"officer:{card.pk}" in shown
    next_day(clock, 40)
    assert side.records and f"officer:{card.pk}" not in side.records and f"officer:{other.pk}" in side.records
    sent = len(side.log)
    next_day(clock)
    assert len(side.log) == sent, "the same is not said twice"


def test_nobody_is_told_to_a_platform_or_to_the_public_before_the_roster_was_signed(
    clock: Clock, side: FarEnd
) -> None:
    """Where the justice bureau vets the roster, the pages that make it from certificates wait for its signature as well."""
    office = make_office("lingchuan")
    agency, name = office.agency, office.people["officer1"].name
    connect(agency, side, "site", "政府网站", "officers")
    addresses = ("/officers/", f"/agencies/{agency.pk}/", f"/districts/{agency.parent_id}/officers/")
    next_day(clock)
    pages = [Client().get(one).content.decode() for one in addresses]
    assert side.records == {} and not any(name in text for text in pages)
    whole_way(office, "officers", rows_for(agency, timezone.localdate()), timezone.now())
    round_of(clock, 1)
    while round_of(clock, 1):
        pass
    pages = [Client().get(one).content.decode() for one in addresses]
    assert all(name in text for text in pages)
    assert name in {one["name"] for one in side.records.values()}


def test_a_withdrawal_is_never_put_aside_and_a_platform_set_up_later_gets_what_is_public(
    clock: Clock, side: FarEnd, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """While the other side still has a withdrawn text somebody has a task; whoever comes late gets every text that stands."""
    office = make_office("laizhou")
    gone = begun(office, "summary", clock, until="publish")
    gone.step()
    stays = begun(office, "summary", clock, until="publish")
    stays.step()
    connect(office.agency, side, "city", "烟台平台", "decisions")
    next_day(clock, 0)
    subjects = [f"publication:{one.case.publications.get().pk}" for one in (gone, stays)]
    assert set(side.records) == set(subjects)
    gone.do("revoke-decision", "agency-head", revoked_how="revoked", revoked_by="县政府", reason="事实不清")
    gone.withdraw("经复议撤销")
    side.behave("refuse")
    round_of(clock, 1)
    dead = Outgoing.objects.get(state="dead")
    approver = office.people["disclosure-approver"]
    said = {"message": str(dead.pk), "reason": "对方说不用送"}
    with pytest.raises(Refused, match="内容就还在对方那里"):
        administer("discard-delivery", office.agency, approver, said)
    code, (found,) = command(capsys, "reconcile")
    assert code == 1 and [(one["subject"], one["how"]) for one in found["differences"]] == [
        (subjects[0], "dead")
    ]
    side.behave()
    administer("retry-delivery", office.agency, approver, said)
    round_of(clock, 1)
    assert set(side.records) == {subjects[1]} and command(capsys, "reconcile")[0] == 0
