"""In whose name and for what: towns within their grant, entrusted bodies not at all (行政处罚法 第二十条、第二十四条)."""

from datetime import timedelta

import pytest

from clockwork import Clock
from knocks import WAYS, refused_everywhere
from play import Play, make_office, play_of
from sanxiang.demo.people import Office
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db

ITEM = "未经批准擅自取水的处罚"


@pytest.fixture
def office() -> Office:
    """An office of 开原."""
    return make_office("kaiyuan")


def filing(office: Office, clock: Clock, kind: str, item: str | None = ITEM) -> Play:
    """An ordinary case at its filing, in an agency of that kind."""
    play = play_of(office, "ordinary", clock)
    if kind != play.office.agency.kind:
        play.administer("change-agency", kind=kind)
    play.office.agency.refresh_from_db()
    play.until("file", register_clue={"item": item})
    return play


@pytest.mark.parametrize(("ends_after", "refused"), [(0, False), (1, False), (-1, True)])
def test_a_town_files_only_what_the_province_gave_it(
    ends_after: int, refused: bool, office: Office, clock: Clock
) -> None:
    play = filing(office, clock, Agency.Kind.TOWN)
    knock = play.knock()
    assert refused_everywhere(knock).guards == {"item-granted"}, "nothing was given yet"
    told = {"item_code": "C-1", "label": ITEM, "basis": "省政府决定", "valid_from": "2025-01-02"}
    until = play.moment.date() + timedelta(days=ends_after)
    play.administer("grant-item", **told, valid_until=until)
    if refused:
        assert refused_everywhere(knock).guards == {"item-granted"}
        return
    assert WAYS["command"](knock).done and play.case.stage == "investigation"


def test_an_item_may_be_named_by_its_code(office: Office, clock: Clock) -> None:
    play = filing(office, clock, Agency.Kind.TOWN, item="C-1")
    told = {"item_code": "C-1", "label": ITEM, "basis": "省政府决定", "valid_from": "2025-01-02"}
    play.administer("grant-item", **told)
    play.step()


def test_a_town_that_names_no_item_is_refused(office: Office, clock: Clock) -> None:
    play = filing(office, clock, Agency.Kind.TOWN, item=None)
    (fact,) = [r for r in refused_everywhere(play.knock()).refused if r[0] == "item-granted"]
    assert fact[1] == "《行政处罚法》第二十四条" and "赋权" in fact[2] and "移送" in fact[3]


def test_an_entrusted_body_files_nothing_in_its_own_name(office: Office, clock: Clock) -> None:
    play = filing(office, clock, Agency.Kind.ENTRUSTED)
    assert refused_everywhere(play.knock()).guards == {"own-name"}
    play.administer("change-agency", kind="department")
    play.step()


def test_other_agencies_are_not_asked_for_a_grant(office: Office, clock: Clock) -> None:
    filing(office, clock, Agency.Kind.DEPARTMENT).step()
