"""What forms offer and leave open: no choice that the law closes, no option that a rule demands, nothing that is settled."""

import re

import pytest

from knocks import fact_of, refused_everywhere, signed_in
from play import Clock, Play, make_office
from side_stories import BOOK

pytestmark = pytest.mark.django_db
LABEL = r"{}[^<]*(<span class=\"optional\">)?"


def play_of(story: str, clock: Clock, until: str, locality: str = "kaiyuan", **told: object) -> Play:
    """A story of the book, played to just before a step."""
    procedure, steps = BOOK[story]
    play = Play(make_office(locality), procedure, steps, clock)
    if told:
        play.step(**told)
    play.until(until)
    return play


def page_of(play: Play, act: str = "", who: str = "officer1") -> str:
    """The case page, or the form of an act."""
    where = f"/desk/cases/{play.case_id}/" + (f"acts/{act}/" if act else "")
    return signed_in(play.person(who)).get(where).content.decode()


def optional(page: str, label: str) -> bool:
    """Is the field labelled so an option?"""
    found = re.search(LABEL.format(re.escape(label)), page)
    assert found, label
    return bool(found[1])


def test_on_the_spot_only_two_kinds_are_offered(clock: Clock) -> None:
    page = page_of(play_of("summary", clock, "decide-on-spot"), "decide-on-spot")
    assert re.findall(r'name="decision-kinds"[^>]*value="([^"]+)"', page) == ["warning", "fine"]


def test_what_a_rule_demands_is_no_option(clock: Clock) -> None:
    drafting = page_of(play_of("ordinary", clock, "draft-decision"), "draft-decision")
    assert not optional(drafting, "裁量基准适用情况和理由")
    spot = page_of(play_of("summary", clock, "decide-on-spot", "laizhou"), "decide-on-spot")
    assert not optional(spot, "责令改正的内容（已经改正的写明）")
    telling = page_of(play_of("summary", clock, "tell-on-spot", "lingchuan"), "tell-on-spot")
    assert not optional(telling, "告知的执法依据")


def test_what_is_wanted_only_sometimes_says_when(clock: Clock) -> None:
    play = play_of("ordinary", clock, "inspect")
    for act, words in {"inspect": "当事人不在场的必填", "serve": "留置送达的必填"}.items():
        assert words in page_of(play, act), act
    play.until("notify-penalty")
    assert "加重的必填" in page_of(play, "notify-penalty")
    draft = play_of("summary", clock, "decide-on-spot", "laizhou")
    assert "选了罚款的必填" in page_of(draft, "decide-on-spot")


def test_a_summary_case_has_no_filing_number(clock: Clock) -> None:
    page = page_of(play_of("summary", clock, "record-payment"))
    assert "立案号" not in page and "尚未立案" not in page
    assert "尚未立案" in page_of(play_of("ordinary", clock, "file", "laizhou"))


def test_nothing_is_added_to_a_fine_that_is_paid(clock: Clock) -> None:
    """And the steps of others are named with whose they are, without a sentence each."""
    page = page_of(play_of("ordinary", clock, "close"), who="agency-head")
    offered = page.partition("可以办理的步骤")[2].partition("还差条件的步骤")[0]
    assert "/acts/close/" in page and "/acts/impose-late-fine/" not in offered
    assert page.count("安全管理员授予岗位") <= 1


def test_a_company_receives_through_somebody_who_was_shown_the_certificates(clock: Clock) -> None:
    firm = {"kind": "org", "name": "云溪砂石有限公司", "address": "示例路一号"}
    play = play_of("ordinary", clock, "serve", party=firm)
    sent = re.search(r'name="receiver"[^>]*value="([^"]*)"', page_of(play, "serve"))
    assert sent and sent[1] == "现场负责人"
    answer = refused_everywhere(play.knock(receiver="云溪砂石有限公司"))
    assert "证件要向具体的人出示" in fact_of(answer, "shown-at-service")
    (cure,) = {cure for guard, *_, cure in answer.refused if guard == "shown-at-service"}
    assert "自然人的姓名" in cure and "现场负责人" not in cure, "who was shown a certificate may be a witness"
