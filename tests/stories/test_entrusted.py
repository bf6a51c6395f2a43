"""委托执法: no entrustment without an agreement, the agreement on the portal, and no case once it has run out."""

from datetime import timedelta

import pytest
from django.test import Client

from knocks import fact_of, refused_everywhere, signed_in
from page_form import form_at, send, words
from play import MORNING, STORIES, Clock, Play, make_office
from sanxiang.door.administer import administer
from sanxiang.people.models import Entrustment

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
    head = signed_in(play.person("agency-head"))
    form = form_at(head, f"/desk/admin/acts/entrust/?agency={agency.pk}")
    form.put("unit", str(play.office.brigade.pk))
    form.put("items", "采砂监管")
    form.put("valid_from", told["valid_from"].isoformat())
    refused = send(head, form)
    assert (
        refused.status_code == 422 and "委托协议编号" in words(refused) and not Entrustment.objects.exists()
    )
    administer("entrust", agency, None, told | {"agreement_number": "东水委〔2026〕1号"}, now=play.moment)
    page = Client().get(f"/agencies/{agency.pk}/").content.decode()
    assert "东水委〔2026〕1号" in page and play.office.brigade.name in page and "采砂监管" in page
    with play.branch():
        play.step()
    play.pass_days(2)
    assert "东水委〔2026〕1号" not in Client().get(f"/agencies/{agency.pk}/").content.decode()
    answer = refused_everywhere(play.knock(after=0))
    (citation,) = (one[1] for one in answer.refused if one[0] == "entrusted")
    assert citation == "《行政处罚法》第二十条" and "届满" in fact_of(answer, "entrusted")
    again = told | {
        "agreement_number": "东水委〔2026〕2号",
        "valid_until": play.moment.date() + timedelta(days=90),
    }
    administer("entrust", agency, None, again, now=play.moment)
    play.step()
    assert play.case.agency == agency, "the case runs under the name of the agency that entrusts"
