"""Electronic service: consent alone asks for nothing; serving a decision that way asks for a way to apply for 复议."""

import html

import pytest
from django.test import Client

from conftest import BACKEND
from knocks import refused_everywhere
from play import Clock, Play, make_office, play_of
from side_stories import BOOK

pytestmark = pytest.mark.django_db


def decided(clock: Clock) -> Play:
    """A case whose party agreed to electronic service, decided; no channel is set in this locality."""
    play = play_of(make_office("kaiyuan"), "ordinary", clock, book=BOOK)
    play.until("decide")
    play.do(
        "confirm-address",
        "officer1",
        service_address="演示县工业园 3 号",
        service_email="party@example.invalid",
        e_service_consent=True,
    )
    play.step()
    return play


def test_a_decision_is_made_and_served_in_person_without_a_channel(clock: Clock) -> None:
    play = decided(clock)
    play.step(way="direct")
    assert play.case.state["papers"]["penalty-decision"]["status"] == "served"


def test_served_through_the_internet_it_is_refused_with_what_to_set_and_who_sets_it(clock: Clock) -> None:
    answer = refused_everywhere(decided(clock).knock(way="electronic"))
    assert answer.guards == {"serve.internet-remedy"}
    said = str(answer.refused)
    for part in (
        "网上申请行政复议的渠道",
        "《行政复议法》第二十二条",
        "请系统管理员写入本地规则包",
        "系统管理员",
        "改用其他送达方式",
    ):
        assert part in said, part


def test_the_scheme_lists_what_the_agency_has_to_settle(clock: Clock) -> None:
    play = decided(clock)
    client = Client()
    client.force_login(play.person("officer1"), BACKEND)
    page = html.unescape(client.get("/desk/scheme/").content.decode())
    part = page[page.index("待本机关确定的事项") :].partition("</section>")[0]
    for said in ("网上申请行政复议的渠道", "当事人在哪里网上申请行政复议", "没有设定之前，送达文书会受限制"):
        assert said in part, said
    assert "法制审核时限" in part or "“法制审核”没有天数" in part
