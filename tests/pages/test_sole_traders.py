"""个体工商户: one without a name of its own is a person to the public, one with a trade name stays named. All names are invented."""

from typing import Any

import pytest

from clockwork import Clock
from knocks import refused_everywhere
from play import Play, make_office
from publishing import begun, surfaces
from sanxiang.cases.models import Publication

pytestmark = pytest.mark.django_db

HOME = "演示县柳湾镇后诸村12号"
LANDMARKS = "老槐树东侧第三户"
CODE = "92370321MA3TESTX00"
BARE = {
    "kind": "individual-business",
    "name": "张建国",
    "legal_rep": "张建国",
    "address": HOME,
    "phone": "13900000003",
}
NAMED = BARE | {"name": "演示县柳湾镇张记小吃店"}


def published(clock: Clock, party: dict[str, Any], found: str) -> Publication:
    """What came out of a summary case against this party."""
    play = ready(clock, party, found)
    play.until("record-payment")
    return Publication.objects.get(case=play.case_id)


def ready(clock: Clock, party: dict[str, Any], found: str) -> Play:
    """A summary case against this party, up to the draft of its publication."""
    play = begun(make_office("kaiyuan"), "summary", clock)
    play.step(party=party)
    play.until("decide-on-spot")
    told = play.data_of(play.next(), play.moment)["decision"]
    play.step(decision={**told, "found": found})
    play.until("prepare-publication")
    return play


def test_a_sole_trader_without_a_trade_name_is_hidden_everywhere_like_a_person(clock: Clock) -> None:
    row = published(clock, BARE, "张建国在河边倾倒渣土。")
    assert (row.party, row.address, row.party_code) == ("张某", "", "")
    assert "张某在河边倾倒渣土" in row.facts
    for asked in ("张建国", "后诸村"):
        for place, text in surfaces(row, "渣土").items():
            assert asked not in text, place
        assert '"total":0' in surfaces(row, asked)[f"/public/decisions?q={asked}"].replace(" ", "")


def test_a_sole_trader_with_a_trade_name_stays_named(clock: Clock) -> None:
    row = published(clock, NAMED, "张记小吃店经营者张建国在河边倾倒渣土。")
    assert (row.party, row.address) == (NAMED["name"], HOME)
    assert "张建国" not in row.facts and "张记小吃店" in row.facts
    found = surfaces(row, "张记小吃店")
    for place in (f"/decisions/{row.pk}/", f"/public/decisions/{row.pk}", "/public/decisions?q=张记小吃店"):
        assert NAMED["name"] in found[place], place


def test_the_home_of_a_sole_trader_in_the_finding_is_shown_to_the_editor(clock: Clock) -> None:
    """Told by landmarks, no rule takes it for a home; the case knows better."""
    play = ready(clock, {**BARE, "address": LANDMARKS}, f"张建国把渣土堆在{LANDMARKS}门前。")
    answer = refused_everywhere(play.knock())
    assert "publication.clean" in answer.guards
    assert LANDMARKS not in str(answer.refused)
    play.step(hide=[{"text": LANDMARKS, "why": "住址", "kind": "personal"}])
