"""Nobody types a fact twice: what the case knows stands in the form already, and leaving it there says nothing more."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from conftest import BACKEND
from page_form import PageForm
from play import Clock, Play, make_office, play_of
from sanxiang.demo.stories import two
from sanxiang.law.money import unpaid
from sanxiang.speech import yuan
from side_stories import BOOK

pytestmark = pytest.mark.django_db


def begin(story: str, until: str, clock: Clock, locality: str = "kaiyuan") -> Play:
    """The story, up to an act."""
    play = play_of(make_office(locality), story, clock, book=BOOK)
    play.until(until)
    return play


def client_of(play: Play, who: str) -> Client:
    client = Client()
    client.force_login(play.person(who), BACKEND)
    return client


def form_of(play: Play, act: str, who: str = "officer1") -> PageForm:
    """The form of an act as the page draws it."""
    form = PageForm(f"/desk/cases/{play.case_id}/acts/{act}/")
    form.feed(client_of(play, who).get(form.address).content.decode())
    return form


def page_of(play: Play, place: str = "", who: str = "officer1") -> str:
    """A page of the case."""
    return client_of(play, who).get(f"/desk/cases/{play.case_id}/{place}").content.decode()


def value_of(form: PageForm, name: str) -> str:
    return html.unescape("".join(form.values.get(name, [])))


@pytest.mark.parametrize(
    ("story", "until", "act", "field", "fact"),
    [
        ("ordinary", "conclude-investigation", "conclude-investigation", "proposal-violated", "suspected"),
        ("ordinary", "show-certificate", "show-certificate", "place", "occurred_at"),
        ("ordinary", "inspect", "inspect", "place", "occurred_at"),
        ("ordinary", "notify-on-site", "notify-on-site", "told_reason", "cause"),
        ("ordinary", "draft-decision", "draft-decision", "decision-found", "proposal.found"),
        ("ordinary", "serve", "serve", "place", "party.address"),
        ("ordinary", "serve", "confirm-address", "service_address", "party.address"),
        ("summary", "inspect", "inspect", "place", "occurred_at"),
    ],
)
def test_a_form_brings_what_the_case_knows(
    story: str, until: str, act: str, field: str, fact: str, clock: Clock
) -> None:
    play = begin(story, until, clock)
    known: Any = play.case.state["facts"]
    for key in fact.split("."):
        known = known[key]
    assert known and value_of(form_of(play, act), field) == known


def test_papers_are_received_by_whoever_was_shown_the_certificates(clock: Clock) -> None:
    """Where the scheme asks that; elsewhere by the party's head."""
    assert value_of(form_of(begin("ordinary", "serve", clock), "serve"), "receiver") == "现场负责人"
    play = begin("ordinary", "serve", clock, "laizhou")
    head = play.case.state["facts"]["party"]["legal_rep"]
    assert value_of(form_of(play, "serve"), "receiver") == f"{head}（法定代表人）"


def test_the_receiver_is_told_with_what_they_are_to_the_party(clock: Clock) -> None:
    """Where the case knows it; of somebody else the form asks for it."""
    spot = begin("summary", "serve-on-spot", clock, "lingchuan")
    head = spot.case.state["facts"]["party"]["legal_rep"]
    assert value_of(form_of(spot, "serve-on-spot"), "receiver") == f"{head}（法定代表人）"
    play = begin("ordinary", "serve", clock)
    assert value_of(form_of(play, "serve"), "receiver") == "现场负责人"
    assert "案件里没有记这个人与受送达人的关系" in page_of(play, "acts/serve/")
    person = {"kind": "citizen", "name": "滕青禾", "address": "演示县城关路 1 号"}
    play = play_of(make_office("laizhou"), "ordinary", clock)
    play.until("serve", register_clue={"party": person})
    assert value_of(form_of(play, "serve"), "receiver") == "滕青禾（本人）"
    assert "请补写" not in page_of(play, "acts/serve/")


def test_the_paper_that_is_to_be_served_is_chosen(clock: Clock) -> None:
    """Of several the one that the case page names as waiting; the others wait their turn."""
    play = begin("ordinary", "conclude-investigation", clock)
    told = {"officers": two(play.office), "correct_what": "停止取水", "correct_by": "2026-12-30"}
    play.do("order-correction", "officer1", **told)
    play.until("serve")
    made = play.case.state["papers"]
    assert {made[kind]["status"] for kind in ("correction-order", "penalty-notice")} == {"issued"}
    asked = re.search("待办：送达(责令改正通知书|行政处罚告知书)", page_of(play))
    chosen = value_of(form_of(play, "serve"), "paper")
    assert asked and play.pack.papers[chosen].label == asked[1]


def test_service_goes_to_the_address_that_was_confirmed(clock: Clock) -> None:
    play = begin("ordinary", "serve", clock)
    play.do("confirm-address", "officer1", service_address="演示县城关路 2 号")
    assert value_of(form_of(play, "serve"), "place") == "演示县城关路 2 号"


def test_a_receipt_of_service_is_not_served_itself(clock: Clock) -> None:
    play = begin("ordinary", "serve", clock)
    play.step()
    page = client_of(play, "officer1").get(form_of(play, "serve").address).content.decode()
    assert 'value="penalty-notice"' in page and 'value="service-receipt"' not in page


def test_an_interview_has_its_own_place(clock: Clock) -> None:
    assert value_of(form_of(begin("ordinary", "interview", clock), "interview"), "place") == ""


def test_what_is_owed_is_filled_in_until_it_is_paid(clock: Clock) -> None:
    play = begin("ordinary", "record-payment", clock)
    form = form_of(play, "record-payment")
    assert (value_of(form, "amount"), value_of(form, "towards")) == ("2000", "principal")
    play.do("record-payment", "officer1", amount="500", towards="principal", receipt="1")
    assert value_of(form_of(play, "record-payment"), "amount") == "1500"


def test_a_group_left_as_it_was_says_nothing(clock: Clock) -> None:
    """Who proposes no penalty leaves the prefilled provision where it stands; that is no half penalty."""
    play = begin("spared", "conclude-investigation", clock)
    form = form_of(play, "conclude-investigation")
    assert value_of(form, "proposal-violated")
    form.put("proposal_outcome", "不予行政处罚")
    form.put("report", "轻微并已改正")
    sent = client_of(play, "officer1").post(form.address, form.values)
    assert sent.status_code == 302, sent.content.decode()
    assert "proposal" not in play.case.state["facts"]


def test_the_urging_names_what_is_still_owed(clock: Clock) -> None:
    """行政强制法第三十五条、第五十四条: the sums and the ten days stand in the form; a part that came in is not urged."""
    play = begin("contested", "record-remedy", clock)
    play.do("record-payment", "officer1", amount="500", towards="principal", receipt="1")
    owed = unpaid(play.case.state)
    play.do("impose-late-fine", "agency-head", late_fine="30")
    told = value_of(form_of(play, "urge"), "urged")
    assert told == f"自收到本催告书之日起十日（工作日）内，缴纳尚未缴清的罚没款{yuan(owed)}、加处罚款30元。"


def test_certificates_are_shown_to_the_party_s_own_head_unless_told_otherwise(clock: Clock) -> None:
    play = begin("ordinary", "show-certificate", clock)
    head = play.case.state["facts"]["party"]["legal_rep"]
    form = form_of(play, "show-certificate")
    row = (value_of(form, "shown_to-0-name"), value_of(form, "shown_to-0-relation"))
    assert head and row == (head, "法定代表人")
    person = {"kind": "citizen", "name": "滕青禾", "address": "演示县城关路 1 号"}
    spot = play_of(make_office("laizhou"), "summary", clock)
    spot.until("show-certificate", start_summary={"party": person})
    form = form_of(spot, "show-certificate")
    assert (value_of(form, "shown_to-0-name"), value_of(form, "shown_to-0-relation")) == ("滕青禾", "本人")


def test_whoever_opens_a_case_on_the_spot_is_one_of_its_officers(clock: Clock) -> None:
    play = play_of(make_office("kaiyuan"), "summary", clock)
    form = PageForm("/desk/cases/new/summary/")
    form.feed(client_of(play, "officer1").get(form.address).content.decode())
    assert form.values.get("officers") == [play.office.id("officer1")]
    play = begin("ordinary", "file", clock, "laizhou")
    assert form_of(play, "preliminary-check").values.get("officers") == [play.office.id("officer1")]
    assert not form_of(play, "file", "agency-head").values.get("officers")


def test_what_was_told_on_the_spot_stands_in_the_decision(clock: Clock) -> None:
    play = begin("summary", "decide-on-spot", clock)
    told = play.case.state["facts"]["notified"]
    form = form_of(play, "decide-on-spot")
    assert told["fine"] and value_of(form, "decision-fine") == str(told["fine"])
    assert form.values.get("decision-kinds") == list(told["kinds"])


def test_a_hearing_is_public_unless_told_otherwise(clock: Clock) -> None:
    """第六十四条: public is the rule; whoever unticks it is told what the alternative wants."""
    play = begin("hearing", "notify-hearing", clock)
    form = form_of(play, "notify-hearing", "legal-reviewer")
    assert form.values.get("open_hearing") == ["on"]
    closed = {
        "hearing_at": "2026-12-01T09:00",
        "hearing_place": "会议室",
        "host": play.office.id("unit-head"),
    }
    said = client_of(play, "legal-reviewer").post(form.address, closed).content.decode()
    assert "公开举行的，勾选“公开举行”" in html.unescape(said)
