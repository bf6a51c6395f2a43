"""Small things that mislead: a list out of order, a field nobody may use, two hints for one text, a dash without a reason."""

import html
import re

import pytest
from playwright.sync_api import sync_playwright
from served import SITE, answer, chromium_path

from conftest import Player, SignIn
from play import Play
from sanxiang.people import roles

pytestmark = pytest.mark.django_db


def page(play: Play, browser: SignIn, place: str, who: str = "officer1") -> str:
    """A page of the case."""
    return html.unescape(
        browser(play.person(who)).get(f"/desk/cases/{play.case_id}/{place}").content.decode()
    )


def test_stages_stand_in_the_order_in_which_a_case_passes_them(play: Player, browser: SignIn) -> None:
    case = play("ordinary", "file")
    listed = browser(case.person("officer1")).get("/desk/cases/").content.decode()
    choices = re.search(r'<(?:select|fieldset)[^>]*id="id_stage".*?</(?:select|fieldset)>', listed, re.DOTALL)
    assert choices
    told = re.findall(r'value="([a-z-]+)"[^>]*>([^<]+)<', choices[0])
    offered = [key for key, _ in told]
    listed = [rule for rule in case.pack.procedures.values() if case.pack.printed_type(rule.act_type)]
    for rule in listed:
        own = [key for key, _ in rule.stages]
        assert [key for key in offered if key in own] == own
    # None of a kind of acts that the scheme does not list, and no two under one name.
    assert set(offered) == {key for rule in listed for key, _ in rule.stages}
    names = [name.strip() for _, name in told]
    assert len(set(names)) == len(names) and "案源与立案" in names
    assert dict(zip(offered, names, strict=True))["decided"] == "已作决定"


def test_on_the_spot_nothing_is_asked_about_what_cannot_be_imposed_there(
    play: Player, browser: SignIn
) -> None:
    spot = page(play("summary", "decide-on-spot"), browser, "acts/decide-on-spot/")
    assert 'name="decision-fine"' in spot and 'name="decision-correction"' in spot
    assert not re.findall(r'name="decision-(?:confiscated_\w+|other\w*)"', spot)


def test_in_an_ordinary_case_every_kind_is_asked_about(play: Player, browser: SignIn) -> None:
    draft = page(play("ordinary", "draft-decision"), browser, "acts/draft-decision/")
    assert {"confiscated_gains", "confiscated_list", "other"} <= set(
        re.findall(r'name="decision-(\w+)"', draft)
    )


def test_what_a_person_keeps_to_themselves_is_said_in_the_preview(play: Player, browser: SignIn) -> None:
    person = {"kind": "citizen", "name": "滕青禾", "address": "云溪县清江路 1 号"}
    case = play("ordinary", "prepare-publication", register_clue={"party": person})
    answered = browser(case.person(roles.DISCLOSURE_EDITOR)).get(f"/desk/publications/{case.case_id}/")
    row = answered.content.decode().partition(">地址</th>")[2].partition("</tr>")[0]
    assert "—" in row and "自然人的住址和证件号码不公示" in row


@pytest.mark.browser
def test_no_tab_of_a_case_is_cut_off_on_a_phone(play: Player, browser: SignIn) -> None:
    case = play("ordinary", "file")
    address = f"/desk/cases/{case.case_id}/"
    pages = {address: browser(case.person("officer1")).get(address).content.decode()}
    with sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=chromium_path())
        seen = chromium.new_page(viewport={"width": 390, "height": 844})
        seen.route("**/*", lambda route: answer(route, pages))
        seen.goto(SITE + address)
        ends = seen.eval_on_selector_all(
            ".tabs a", "all => all.map((one) => one.getBoundingClientRect().right)"
        )
        chromium.close()
    assert ends and max(ends) <= 390
