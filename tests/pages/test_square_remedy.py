"""不服怎么办 on the portal: what the decision itself says, and nothing where nobody knows what it says."""

import html

import pytest
from django.test import Client

from board import page_of, publish, text
from cast import Cast
from conftest import Player
from sanxiang.cases.models import Paper, Publication
from sanxiang.people.models import Agency

pytestmark = pytest.mark.django_db
UNKNOWN = "途径和期限，以送达当事人的决定书为准"
PERIODS = ("六十日", "六个月", "十五日", "60日", "6个月")


def box(client: Client, row: Publication) -> str:
    """What the panel says."""
    page = html.unescape(text(client.get(page_of(row))))
    return page.split("不服怎么办</h2>")[1].split("</section>")[0]


def test_a_decision_on_the_spot_must_go_to_review_first_on_the_portal_as_on_its_paper(
    client: Client, play: Player
) -> None:
    play("summary")
    said = box(client, Publication.objects.get())
    assert "应当自收到本决定书之日起六十日内先向" in said and "未经行政复议，不得直接提起行政诉讼" in said
    assert "《行政复议法》第二十三条" in said and "十五日内" in said
    assert "六个月" not in said and "6个月" not in said


def plainly(client: Client, row: Publication) -> str:
    """What stands in plain words above the decision."""
    page = html.unescape(text(client.get(page_of(row))))
    return page.split("说得简单些</h2>")[1].split("</section>")[0]


def test_the_plain_words_never_send_to_court_who_must_go_to_review_first(
    client: Client, play: Player
) -> None:
    play("summary")
    row = Publication.objects.get()
    sheet = html.unescape(text(client.get(f"{page_of(row)}sheet/")))
    for said in (plainly(client, row), sheet):
        assert "六十日内要先申请行政复议，不能直接去法院" in said and "十五日内可以打官司" in said
        assert "复议或者打官司" not in said and "直接去法院打官司" not in said


def test_the_plain_words_tell_both_ways_where_the_party_may_choose(client: Client, play: Player) -> None:
    play("ordinary")
    said = plainly(client, Publication.objects.get())
    assert "六十日内可以申请行政复议，也可以在六个月内直接去法院打官司" in said and "要先" not in said


def test_an_ordinary_decision_tells_both_ways_with_body_and_court(client: Client, play: Player) -> None:
    played = play("ordinary")
    said, bureau = box(client, Publication.objects.get()), played.office.agency
    assert "六个月内直接向" in said and bureau.court in said and bureau.review_body in said
    paper = str(Paper.objects.get(kind="penalty-decision").content)
    stated = said.split("<p>期限从送达之日起算")[0]  # what follows is the page's own
    told = [line.split("</p>")[0] for line in stated.split("<p>")[1:]]
    assert len(told) > 2 and all(line in paper for line in told)


def test_who_is_concerned_reads_what_to_do_before_what_the_ledger_says(client: Client, play: Player) -> None:
    play("ordinary")
    page = text(client.get(page_of(Publication.objects.get())))
    assert page.index("不服怎么办</h2>") < page.index("本条的账本编号</h2>")


def test_when_the_paper_says_otherwise_by_now_nothing_is_claimed(client: Client, play: Player) -> None:
    played = play("ordinary")
    agency = Agency.objects.get(pk=played.office.agency.pk)
    agency.court, agency.n = "另一个人民法院", agency.n + 1
    agency.save()
    said = box(client, Publication.objects.get())
    assert UNKNOWN in said and not any(period in said for period in PERIODS)


def test_of_a_historical_record_nothing_is_claimed(client: Client, cast: Cast) -> None:
    said = box(client, publish(cast.bureau))
    assert UNKNOWN in said and not any(period in said for period in PERIODS)
