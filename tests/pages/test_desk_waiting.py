"""What waits for me and what is late: the first page, the lists and the page of the case say the same."""

import html
import re

import pytest

from conftest import Player, SignIn
from play import Play
from sanxiang.demo.stories import dated, penalty, served, two
from sanxiang.people import roles
from sanxiang.people.models import Person

pytestmark = pytest.mark.django_db
ELSEWHERE = "我承办的案件，现在轮到别人办"


def text(browser: SignIn, person: Person, address: str) -> str:
    """The page's words."""
    page = browser(person).get(address).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def officer(play: Play) -> Person:
    return play.person("officer1")


def test_a_case_that_waits_for_the_head_does_not_wait_for_the_officer(play: Player, browser: SignIn) -> None:
    case = play("ordinary", "decide")
    for address in ("/desk/", "/desk/tasks/"):
        page = text(browser, officer(case), address)
        mine, _, rest = page.partition(ELSEWHERE)
        assert "没有等您办的事" in mine and "调查取证并作出处理" not in mine, address
        assert "调查取证并作出处理" in rest and "现在由行政机关负责人办理" in rest, address
    assert "等我办的0件另有1件现在轮到别人办" in text(browser, officer(case), "/desk/")
    head = text(browser, case.person(roles.AGENCY_HEAD), "/desk/")
    assert "作出行政处罚决定" in head and ELSEWHERE not in head


def test_what_the_decision_lacks_waits_for_the_officer(play: Player, browser: SignIn) -> None:
    told = {key: value for key, value in penalty("2000").items() if key != "correction"}
    case = play("ordinary", "decide", draft_decision={"decision": told})
    page = text(browser, officer(case), "/desk/")
    assert ELSEWHERE not in page and "调查取证并作出处理" in page


def test_a_correction_that_nobody_looked_at_again_is_late_everywhere(play: Player, browser: SignIn) -> None:
    case = play("ordinary", "conclude-investigation")
    day = case.moment.date()
    told = {"officers": two(case.office), "correct_what": "停止取水", "correct_by": day.isoformat()}
    case.do("order-correction", "officer1", **told)
    case.pass_days(3)
    assert case.case.next_due == day
    home = text(browser, officer(case), "/desk/")
    assert "已超期1件" in home
    listed = text(browser, officer(case), "/desk/cases/?overdue=1")
    assert case.case.title in listed and f"{day.year}年{day.month}月{day.day}日" in listed
    panel = text(browser, officer(case), f"/desk/cases/{case.case_id}/")
    assert "复查改正情况已超期" in panel
    handed = served("correction-order", case.office, case.case)
    case.do("serve", "officer1", **dated("serve", handed, case.moment))
    case.do("check-correction", "officer1", record="已经停止取水", corrected=True)
    assert case.case.next_due != day
    assert "已超期0件" in text(browser, officer(case), "/desk/")


def test_a_period_that_the_scheme_leaves_open_is_called_so(play: Player, browser: SignIn) -> None:
    """Not 不限期: the scheme has not said how long, and the page of the case says the same."""
    case = play("ordinary", "file")
    head = case.person(roles.AGENCY_HEAD)
    assert case.pack.parameter("filing.days").is_set is False
    page = text(browser, head, "/desk/")
    assert "方案未定决定是否立案" in page and "不限期" not in page
    assert "方案未定" in text(browser, head, f"/desk/cases/{case.case_id}/")
