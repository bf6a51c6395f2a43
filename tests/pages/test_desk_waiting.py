"""What waits for me and what is late: the first page, the lists and the page of the case say the same."""

import html
import re

import pytest

from conftest import Player, SignIn
from play import Clock, Play
from sanxiang.demo.stories import dated, penalty, served, two
from sanxiang.people import roles
from sanxiang.people.models import Person
from told import after, due, played, serve

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


def test_what_time_brings_due_waits_for_the_officer_and_then_for_the_head(
    clock: Clock, browser: SignIn
) -> None:
    """No act opens these tasks: the term to pay runs out, then the ten days of the 催告; the court's three months run on."""
    case = played("ordinary", clock, until="record-payment")
    head = case.person(roles.AGENCY_HEAD)
    assert "没有等您办的事" in text(browser, officer(case), "/desk/tasks/")
    after(case, due(case, "pay"))
    assert "催告履行" in text(browser, officer(case), "/desk/tasks/")
    case.do("urge", "officer1", urged="十日内缴清")
    serve(case, "urge-notice")
    assert "催告履行" not in text(browser, officer(case), "/desk/tasks/")
    after(case, due(case, "urge"))
    assert "申请人民法院强制执行" not in text(browser, head, "/desk/tasks/"), "the party may still sue"
    after(case, due(case, "remedy-suit"))
    page = text(browser, head, "/desk/tasks/")
    last = due(case, "court-application")
    assert last and "申请人民法院强制执行" in page and f"{last.year}年{last.month}月{last.day}日" in page
    assert "《行政强制法》第五十三条" in page


def test_a_remedy_that_is_over_asks_for_no_answer_any_more(clock: Clock, browser: SignIn) -> None:
    case = played("contested", clock, until="end-remedy")
    case.step()
    assert case.case.state["clocks"]["answer-review"]["ended"]
    after(case, due(case, "answer-review"), days=1)
    assert "已超期0件" in text(browser, officer(case), "/desk/")
