"""The page of one case: who may see it, what it shows, how much it costs."""

import uuid

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from cast import Cast
from conftest import BACKEND, Player, SignIn
from play import Clock, make_office, play_of
from sanxiang.cases.models import Case, Paper
from sanxiang.demo import stories
from sanxiang.demo.stories import two
from sanxiang.ledger.models import Act as LedgerAct

pytestmark = pytest.mark.django_db


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def page_of(case: Case) -> str:
    return f"/desk/cases/{case.pk}/"


# Who may see it.


def test_others_find_no_case(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "interview").case
    addresses = [page_of(case), f"{page_of(case)}timeline/", f"{page_of(case)}acts/inspect/"]
    addresses += [
        f"/desk/publications/{case.pk}/",
        f"/desk/reviews/{case.pk}/",
        f"/desk/cases/{uuid.uuid4()}/",
    ]
    for person in (cast.outsider, cast.admin, cast.security, cast.auditor):
        client = browser(person)
        for address in addresses:
            text(client, address, 404)
        assert case.title not in text(client, "/desk/cases/?show=all") + text(client, "/desk/")
    assert Client().get(page_of(case)).status_code == 302


def test_an_address_that_is_none_helps_officers_as_officers(cast: Cast, browser: SignIn) -> None:
    client = browser(cast.handler)
    for address in (f"/desk/cases/{uuid.uuid4()}/", "/desk/nowhere/", "/desk/cases/x"):
        page = text(client, address, 404)
        assert "回到工作台" in page and "案件列表" in page and 'class="deskbar"' in page, address
        assert "回到公示平台" not in page and "查询执法决定" not in page, address
    for who, address in ((client, "/nowhere/"), (Client(), "/desk/nowhere/")):
        page = text(who, address, 404)
        assert "回到公示平台" in page and "工作台" not in page, address


def test_the_page_promises_the_party_nothing_that_the_portal_does_not_do(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "interview").case
    page = text(browser(cast.handler), page_of(case))
    assert case.code in page and "当事人查询码" not in page and "公示平台查询" not in page


def test_the_supervisor_looks_in_and_cannot_act(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "interview").case
    client = browser(cast.supervisor)
    page = text(client, page_of(case))
    assert case.title in page and "您以监督身份查看，不能办理" in page
    assert f"{page_of(case)}acts/" not in page
    answer = client.post(f"{page_of(case)}acts/interview/", {})
    assert answer.status_code == 422 and "没有这一岗位" in answer.content.decode()


def test_an_informant_is_hidden_inside_the_case(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "interview").case
    for person, sees in (
        (cast.handler, True),
        (cast.head, True),
        (cast.unit_head, True),
        (cast.editor, False),
        (cast.supervisor, False),
    ):
        client = browser(person)
        shown = text(client, page_of(case)) + text(client, f"{page_of(case)}timeline/")
        assert (case.state["facts"]["informant"] in shown) is sees, person.username
        assert ("已隐去" in shown) is not sees
        assert (case.state["facts"]["summary"] in shown) is sees, "what was reported may tell who reported it"


def test_a_paper_that_names_the_informant_opens_for_the_same_eyes(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "interview").case
    form = case.papers.get(kind="source-form")
    names = case.state["facts"]["informant"] in str(form.content)
    for ending in ("/", ".pdf", ".docx"):
        address = f"{page_of(case)}papers/{form.pk}{ending}"
        assert browser(cast.handler).get(address).status_code == 200
        assert browser(cast.editor).get(address).status_code == (403 if names else 200)


# What it shows.


def test_it_shows_where_the_case_stands_and_whose_turn_it_is(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "file").case
    head = text(browser(cast.head), page_of(case))
    assert 'aria-current="step"' in head and "轮到您办：批准立案" in head
    officer = text(browser(cast.handler), page_of(case))
    assert "轮到您办：" not in officer and "由行政机关负责人办理" in officer


def test_a_closed_step_says_why_with_article_fact_and_cure(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "notify-penalty").case
    page = text(browser(cast.head), page_of(case))
    start = page.index("作出行政处罚决定</b>")
    closed = page[start : page.index("</details>", start)]
    for said in ("《行政处罚法》第四十四条", "尚未制作", "先送达《行政处罚告知书》", "怎么办"):
        assert said in closed


def test_each_clock_has_its_article_day_and_count(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "interview").case
    page = text(browser(cast.handler), page_of(case))
    for said in ("作出处罚决定", "《行政处罚法》第六十条", "怎样算出来的", "批准立案", "当日不计入"):
        assert said in page


def test_a_period_that_the_scheme_leaves_open_is_said_to_be_open(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "give-opinion").case
    page = text(browser(cast.reviewer), page_of(case))
    start = page.index("法制审核</a></h3>")
    assert "方案未定" in page[start : start + 200]


def test_the_major_badge_comes_with_reasons_and_citations(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("hearing", "notify-penalty").case
    page = text(browser(cast.handler), page_of(case))
    assert "重大执法决定" in page and "《行政处罚法》第五十八条" in page and "拟罚款90,000元" in page


@pytest.mark.parametrize(("story", "told"), [("summary", False), ("ordinary", True)])
def test_a_case_on_the_spot_is_told_of_no_hearing(story: str, told: bool, clock: Clock) -> None:
    """莱州 has set no sum, so that any fine counts as large; the summary procedure has no hearing all the same."""
    play = play_of(make_office("laizhou"), story, clock)
    play.until("serve" if story == "ordinary" else "record-payment")
    client = Client()
    client.force_login(play.person("officer1"), BACKEND)
    page = text(client, page_of(play.case))
    assert ("应当告知听证权利" in page or "重大执法决定</span>" in page) is told


def test_a_case_that_is_not_major_says_which_sums_it_does_not_reach(clock: Clock) -> None:
    """开原: 20,000 元 for a firm stay below 80,000 and 50,000 元, and the scheme prints no sum of its own."""
    book = {"middling": ("ordinary", stories.ordinary("20000"))}
    play = play_of(make_office("kaiyuan"), "middling", clock, book=book)
    play.until("submit-for-review")
    client = Client()
    client.force_login(play.person("officer1"), BACKEND)
    page = text(client, page_of(play.case))
    assert "没有触发应当法制审核的情形" in page and "重大执法决定</span>" not in page
    for said in (
        "本案拟罚款20,000元",
        "应当告知听证）的标准：法人或者其他组织80,000元",
        "集体讨论的标准：法人或者其他组织50,000元",
        "《水行政处罚实施办法》",
        "本单位另定的审核数额：方案没有定数额",
    ):
        assert said in page, said
    play.until("decide", without=("submit-for-review", "give-opinion", "discuss"))
    play.step()


def test_back_dated_acts_are_marked(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "inspect")
    played.pass_days(1)
    played.step(on="2026-03-05T09:10", began="2026-03-05T09:10", ended="2026-03-05T09:30")
    page = text(browser(cast.handler), page_of(played.case))
    assert "补录" in page and "比发生晚" in page


def test_the_timeline_shows_every_act_with_labels_instead_of_codes(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "archive").case
    page = text(browser(cast.handler), f"{page_of(case)}timeline/")
    for act in LedgerAct.objects.filter(subject=case.pk):
        assert act.label in page and str(act.pk) in page
    for said in ("案件来源", "投诉举报", "直接送达", "林青、何苇", "罚款", "2,000元", "《行政处罚决定书》"):
        assert said in page
    for code in ("complaint", "confiscate", "act.by", str(cast.handler.pk)):
        assert code not in page


def test_a_long_timeline_is_paged(
    play: Player, cast: Cast, browser: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sanxiang.desk.history.PAGE", 5)
    case = play("ordinary", "notify-penalty").case
    client, seen, address = browser(cast.handler), set[str](), f"{page_of(case)}timeline/"
    for _ in range(10):
        page = text(client, address)
        seen |= {str(a.pk) for a in LedgerAct.objects.filter(subject=case.pk) if str(a.pk) in page}
        older = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        if 'rel="next"' not in page:
            break
        address = older.replace("&amp;", "&")
    assert len(seen) == case.n


def test_a_long_case_shows_the_newest_and_lists_the_rest_when_asked(
    play: Player, cast: Cast, browser: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of papers, evidence and acts the newest one; a testimony taken long before stays closed to who may not read it."""
    played = play("ordinary", "notify-penalty")
    case, client = played.case, browser(cast.handler)
    monkeypatch.setattr("sanxiang.desk.cases.MOST", 1)
    page = text(client, page_of(case))
    papers = Paper.objects.filter(case=case).count()
    assert page.count(".docx") == 1 and f"列出全部 {papers} 份" in page
    assert f'文书 <span class="quiet">{papers} 份' in page
    whole = text(client, f"{page_of(case)}?all=papers")
    assert whole.count(".docx") == papers and f"列出全部 {papers} 份" not in whole
    pieces = len(case.state["evidence"])
    assert f"列出全部 {pieces} 件" in page
    assert f"列出全部 {pieces} 件" not in text(client, f"{page_of(case)}?all=evidence")
    record = Paper.objects.get(case=case, kind="interview-record")
    for who, opens in ((cast.handler, True), (cast.supervisor, False)):
        listed = text(browser(who), f"{page_of(case)}?all=papers")
        assert (f"papers/{record.pk}.docx" in listed) is opens


# What it costs.

FOURTEEN, ENTRY = 14, 1
"""The page's own queries, and the one INSERT that keeps who looked."""


def test_a_case_page_costs_fourteen_queries_whatever_its_size(
    play: Player, cast: Cast, browser: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    played = play("ordinary", "file")
    address = page_of(played.case)

    def costs() -> list[int]:
        found = []
        for client in [browser(person) for person in (cast.handler, cast.head, cast.supervisor)]:
            text(client, address)  # the supervisor says why, once
            with django_assert_max_num_queries(FOURTEEN + ENTRY) as captured:
                text(client, address)
            found.append(len(captured))
        return found

    costs()
    played.until("notify-penalty")
    few = costs()
    for _ in range(30):
        played.do(
            "add-evidence",
            "officer1",
            officers=two(played.office),
            kind="documentary",
            title="取水记录",
            proves="数量",
            source_of="当事人提供",
        )
    assert costs() == few
