"""委托执法: no entrustment without an agreement, the agreement on the portal, and no case once it has run out."""

from datetime import timedelta

import pytest
from django.test import Client

from play import MORNING, STORIES, Clock, Play, make_office
from sanxiang.door.administer import administer
from sanxiang.law.guards import Refused

pytestmark = pytest.mark.django_db


def begin(clock: Clock) -> Play:
    """An office in 东营 whose brigade enforces by entrustment."""
    clock.now = MORNING
    return Play(make_office("dongying"), STORIES["ordinary"][0], list(STORIES["ordinary"][1]), clock, MORNING)


@pytest.mark.carries("DY-016", locality="dongying")
def test_no_agreement_no_entrustment_and_no_case_after_its_last_day(clock: Clock) -> None:
    play = begin(clock)
    agency, today = play.office.agency, play.moment.date()
    told = {
        "unit": play.office.brigade,
        "items": ["采砂监管"],
        "valid_from": today - timedelta(days=30),
        "valid_until": today + timedelta(days=1),
    }
    with pytest.raises(Refused, match="没有填写“委托协议编号”"):
        administer("entrust", agency, None, told, now=play.moment)
    administer("entrust", agency, None, told | {"agreement_number": "东水委〔2026〕1号"}, now=play.moment)
    page = Client().get(f"/agencies/{agency.pk}/").content.decode()
    assert "东水委〔2026〕1号" in page and play.office.brigade.name in page and "采砂监管" in page
    with play.branch():
        play.step()
    play.pass_days(2)
    assert "东水委〔2026〕1号" not in Client().get(f"/agencies/{agency.pk}/").content.decode()
    with pytest.raises(Refused) as said, play.branch():
        play.step()
    (verdict,) = (one for one in said.value.verdicts if one.guard == "entrusted")
    assert verdict.citation == "《行政处罚法》第二十条" and "届满" in verdict.fact
    again = told | {
        "agreement_number": "东水委〔2026〕2号",
        "valid_until": play.moment.date() + timedelta(days=90),
    }
    administer("entrust", agency, None, again, now=play.moment)
    play.step()
    assert play.case.agency == agency, "the case runs under the name of the agency that entrusts"
