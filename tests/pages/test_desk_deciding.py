"""Whoever decides sees what is decided on the page where it is decided."""

import html

import pytest

from conftest import Player, SignIn
from sanxiang.demo.stories import two
from sanxiang.people import roles
from sanxiang.speech import yuan

pytestmark = pytest.mark.django_db


def test_the_head_reads_the_draft_on_the_page_of_the_decision(play: Player, browser: SignIn) -> None:
    case = play("hearing", "decide")
    plan = case.case.state["facts"]["decision"]
    page = (
        browser(case.person(roles.AGENCY_HEAD))
        .get(f"/desk/cases/{case.case_id}/acts/decide/")
        .content.decode()
    )
    box = html.unescape(page[page.index('id="deciding"') :].split("</section>")[0])
    for words in (plan["found"], plan["basis"], plan["discretion"], yuan("90000")):
        assert words in box, words
    assert "法制审核" in box and "第1轮" in box
    assert "一致同意处罚建议" in box and "负责人集体讨论" in box
    assert "制作听证报告" in box
    other = browser(case.person("officer1")).get(f"/desk/cases/{case.case_id}/acts/decide/").content.decode()
    assert 'id="deciding"' not in other


def test_the_reviewer_reads_what_the_opinion_is_on(play: Player, browser: SignIn) -> None:
    """Where the opinion is written, not on another page: the draft, the defence, and the way to the dossier."""
    case = play("hearing", "give-opinion")
    plan = case.case.state["facts"]["decision"]
    page = browser(case.person(roles.LEGAL_REVIEWER)).get(f"/desk/cases/{case.case_id}/acts/give-opinion/")
    text = page.content.decode()
    box = html.unescape(text[text.index('id="deciding"') :].split("</section>")[0])
    for words in ("送审的内容", plan["found"], plan["basis"], plan["discretion"], yuan("90000")):
        assert words in box, words
    assert f'href="/desk/reviews/{case.case_id}/"' in box


@pytest.mark.parametrize("act", ["file", "decline-filing"])
def test_the_head_reads_the_clue_before_filing(act: str, play: Player, browser: SignIn) -> None:
    """第五十四条: what came in and what the first look showed, where it is decided whether a case is opened."""
    case = play("ordinary", "file")
    case.do("preliminary-check", "officer1", officers=two(case.office), record="线索属实")
    text = (
        browser(case.person(roles.AGENCY_HEAD))
        .get(f"/desk/cases/{case.case_id}/acts/{act}/")
        .content.decode()
    )
    box = html.unescape(text[text.index('id="deciding"') :].split("</section>")[0])
    assert "线索和核查" in box and "群众反映当事人有违法行为" in box and "线索属实" in box


def test_a_page_that_is_blocked_leads_to_the_step_that_opens_it(play: Player, browser: SignIn) -> None:
    case = play("ordinary", "show-certificate")
    page = browser(case.person("officer1")).get(f"/desk/cases/{case.case_id}/acts/inspect/").content.decode()
    box = page[page.index('class="verdicts') :].split("</section>")[0]
    assert f'href="/desk/cases/{case.case_id}/acts/show-certificate/"' in box


def test_what_is_lacking_stands_before_what_is_decided(play: Player, browser: SignIn) -> None:
    """A refusal below the whole draft would not be seen."""
    case = play("ordinary", "waive-defence")
    head, where = browser(case.person(roles.AGENCY_HEAD)), f"/desk/cases/{case.case_id}/acts/decide/"
    for answer in (head.get(where), head.post(where, {"opinion": "同意"})):
        page = html.unescape(answer.content.decode())
        assert page.index("现在还不能办理") < page.index('id="deciding"')
