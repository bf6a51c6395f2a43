"""统计分析: figures that agree with what was counted by hand, lists that agree with the figures, sums that agree with their parts."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from altered import Alter
from bound import piece
from gaps_seeded import LOOKED, begun, five_cases, line, page, share, sheet, sister_office, undertaken
from knocks import signed_in
from page_form import words
from play import Clock, Play, make_office
from publishing import supervisor_above
from sanxiang.demo import stories
from sanxiang.demo.people import Office
from sanxiang.door.administer import administer
from sanxiang.oversight.figures.counting import count_all
from sanxiang.people.models import Person

pytestmark = pytest.mark.django_db

CSV = "/desk/figures/?format=csv"
WEAK = "/desk/weak-links/?format=csv"
CASES = re.compile(r'href="(/desk/figures/cases/\?[^"]+)"')
ITEM = "文书用语规范、字迹和版面清楚"
TOTAL = re.compile(r"共 ([\d,]+) 件，合计 ([\d,]+) 次")

FIRST = {
    # The unit with one case: none of its three moments is settled. The brigade: five of seven.
    "laizhou": [
        ("音像记录落实率", "政策法规股", "100.0%（3/3）"),
        ("音像记录落实率", "执法大队", "71.4%（5/7）"),
    ],
    "lingchuan": [
        ("音像记录落实率", "政策法规股", "100.0%（3/3）"),
        ("期限遵守率", "政策法规股", "100.0%（1/1）"),
    ],
    "huantai": [
        ("音像记录落实率", "政策法规股", "100.0%（3/3）"),
        ("期限遵守率", "政策法规股", "100.0%（1/1）"),
    ],
    # Nothing to be recorded in sound or film is lacking: the overrun periods come first. Kaiyuan wants three cases at least.
    "dongying": [("期限遵守率", "政策法规股", "100.0%（1/1）"), ("期限遵守率", "执法大队", "33.3%（1/3）")],
    "kaiyuan": [("期限遵守率", "执法大队", "33.3%（1/3）")],
}
BY_HAND = {
    # recorded, excused, gaps. Whole: both of its two moments were let pass. Closing wanted: both still wait for approval.
    # Hardly begun: none yet. The two ordinary ones: inspection, interview and service wait, three each.
    "laizhou": (0, 2, 2 + 3 + 3),
    "lingchuan": (0, 2, 2 + 3 + 3),
    "huantai": (0, 2, 2 + 3 + 3),
    # No list of what is to be recorded was released: nothing is owed.
    "dongying": (0, 0, 0),
    # Recorded is what happens on site, and a reason alone settles it: the inspection of the first two, inspection and interview
    # of the ordinary ones.
    "kaiyuan": (0, 1 + 1 + 2 + 2, 0),
}
LOCALITIES = [
    pytest.param(locality, marks=pytest.mark.carries(*rows, locality=locality), id=locality)
    for locality, rows in (
        ("laizhou", ("LZ-053", "LZ-073")),
        ("dongying", ("DY-054", "DY-076")),
        ("lingchuan", ("LC-047",)),
        ("kaiyuan", ("KY-053",)),
        ("huantai", ("HT-028",)),
    )
]


@pytest.mark.parametrize("locality", LOCALITIES)
def test_the_figures_are_those_counted_by_hand_and_the_known_gap_becomes_a_task(
    locality: str, clock: Clock
) -> None:
    """Files, recordings, periods, papers: on the page, in the rankings, and in the table to take away; the first weak link is
    made a task with a last day."""
    office = make_office(locality)
    plays = five_cases(office, clock)
    if locality in ("laizhou", "dongying", "lingchuan"):  # elsewhere papers are made here and nowhere else
        told = {"paper_title": "群众来信", "paper_made_on": "2026-03-02", "original_at": "档案室3号柜"}
        plays[1].do("register-paper", "officer1", **told)
        clock.now = LOOKED
    head = office.people["agency-head"]
    rows = sheet(head, CSV)
    whole = line(rows, "全部", "合计")
    assert (whole["案件"], whole["已作决定或者办结"]) == ("5", "4")
    # Whole: ten records of its ten stages and one receipt. Closing wanted: eight and one. Each ordinary one: nine records,
    # the receipt of the notice, and that of the decision, which is not there.
    assert share(whole, "案卷完整率") == (11 + 9 + 10 + 10, 11 + 9 + 11 + 11, "95.2%")
    recorded, excused, gaps = BY_HAND[locality]
    assert (int(whole["有音像记录"]), int(whole["有理由或者经批准"])) == (recorded, excused)
    good, owed, text = share(whole, "音像记录落实率")
    assert (good, owed) == (recorded + excused, recorded + excused + gaps)
    assert text == (f"{100 * good / owed:.1f}%" if owed else "—")
    # Four cases have periods; in the two ordinary ones the decision was to be served and published by 8 April, and is not.
    assert share(whole, "期限遵守率") == (2, 4, "50.0%")
    assert share(whole, "及时归档率") == (0, 0, "—"), "no scheme sets a limit for the archive"
    on_paper = int(locality in ("laizhou", "dongying", "lingchuan"))
    made, papers, _ = share(whole, "文书电子化率")
    assert papers - made == on_paper
    ranked = sheet(head, f"{CSV}&table=missing")
    places = [
        (row["缺什么"].partition("（音像")[0].partition("（送达")[0], int(row["缺几处"])) for row in ranked
    ]
    service = ("《行政处罚决定书》没有送达回证", 2)
    waiting = [
        ("现场检查（勘验）：说明待批准", 3),
        service,
        ("询问：说明待批准", 2),
        ("送达文书：说明待批准", 2),
    ]
    assert places == ([*waiting, ("当场交付决定书：说明待批准", 1)] if gaps else [service])
    _periods(sheet(head, f"{CSV}&table=periods"))
    _drawn(page(head, "/desk/figures/"), rows)
    found = [(row["薄弱环节"].partition("（")[0], row["机构"], row["缺口"]) for row in sheet(head, WEAK)]
    assert found[: len(FIRST[locality])] == FIRST[locality]
    _undertaken(office, FIRST[locality][0][0])


def _undertaken(office: Office, weak: str) -> None:
    """It has an owner, who finds it on the desk, and a last day: ten working days from Wednesday, 15 April: the 29th."""
    head, owner = office.people["agency-head"], office.people["unit-head"]
    answer = undertaken(office, owner_unit="执法大队", owner=f"{owner.name}（{owner.username}）")
    assert answer.status_code == 302, words(answer)
    shown = page(head, "/desk/improvements/")
    assert "2026年4月29日（2026年4月15日起 10 个工作日" in shown and owner.name in shown
    assert f"改进2026-1　{weak}" in shown and "确立之日" in shown
    assert "/desk/improvements/#改进2026-1" in page(head, "/desk/weak-links/")
    assert "改进2026-1" in page(owner, "/desk/tasks/")
    assert "改进2026-1" not in page(office.people["officer1"], "/desk/tasks/")


def _periods(rows: list[dict[str, str]]) -> None:
    found = {row["期限"]: row for row in rows}
    decide = found["作出处罚决定（按日历日计）"]
    # Filed on 4 March, decided on 27 March, twice.
    assert (decide["办完"], decide["用时中位数"], decide["超期"]) == ("2", "23 个日历日", "0")
    publish = found["公示行政处罚决定（按工作日计）"]
    # Decided on Monday, published on Thursday, twice; the other two are overrun and not done.
    assert (publish["办完"], publish["用时中位数"], publish["正在办"], publish["超期"]) == (
        "2",
        "3 个工作日",
        "2",
        "2",
    )


def _drawn(seen: str, rows: list[dict[str, str]]) -> None:
    """The page says what the table to take away says, cell by cell."""
    cells = dict(re.findall(r"<caption>([^<]+?)\s*</caption>.*?<tbody>(.*?)</tbody>", seen, re.DOTALL))
    for row in rows[1:]:
        (drawn,) = [part for part in cells[row["分组"]].split("</tr>") if f">{row['名称']}</a>" in part]
        texts = re.findall(r"<td[^>]*>(.*?)</td>", drawn, re.DOTALL)
        assert re.sub(r"<[^>]+>", "", texts[1]) == row["案件"]
        for place, label in enumerate(
            ("案卷完整率", "音像记录落实率", "期限遵守率", "及时上传率", "及时归档率", "文书电子化率"), 2
        ):
            _, whole, text = share(row, label)
            told = re.sub(r"<[^>]+>", " ", texts[place])
            assert text in told and (not whole or str(whole) in told), (row["名称"], label, told)
    assert seen.count('class="chart"') >= 2 and "每个数怎么算" in seen


def test_every_number_leads_to_as_many_cases_and_no_others(clock: Clock) -> None:
    """Each link of the page opens a list whose own total is the number; a list of many is turned by key."""
    office = make_office("laizhou")
    plays = five_cases(office, clock)
    head = office.people["agency-head"]
    seen = page(head, "/desk/figures/")
    found = {}
    for address in sorted(set(CASES.findall(seen))):
        shown = page(head, address)
        cases, times = (int(text.replace(",", "")) for text in TOTAL.findall(shown)[0])
        assert len(set(re.findall(r'href="/desk/cases/([0-9a-f-]{36})/"', shown))) == cases > 0, address
        found[address] = (cases, times)
    base = "/desk/figures/cases/?year=2026"
    assert found[base] == (5, 5)
    assert found[f"{base}&view=papers"] == (2, 2)
    assert found[f"{base}&view=recordings"] == (3, 8)
    assert found[f"{base}&view=periods"] == (2, 2)
    late = page(head, f"{base}&view=periods")
    assert all(str(play.case_id) in late for play in plays[3:]) and str(plays[0].case_id) not in late


def test_a_list_behind_a_number_is_turned_by_key(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_office("laizhou")
    begun(office, clock, "inspect", 5)
    monkeypatch.setattr("sanxiang.desk.counting.figures_cases.ROWS", 2)
    head, address, met = office.people["agency-head"], "/desk/figures/cases/?year=2026", []
    while address:
        shown = page(head, address)
        met += re.findall(r'href="/desk/cases/([0-9a-f-]{36})/"', shown)
        address = next(iter(re.findall(r'href="([^"]+)" rel="next"', shown)), "")
    assert len(met) == len(set(met)) == 5


@pytest.mark.carries("DY-054", locality="dongying")
def test_the_table_of_a_district_is_the_sum_of_its_organs(clock: Clock) -> None:
    """Two departments of one government: what each head reads adds up to what the supervisor reads, line by line."""
    office = make_office("dongying")
    sister = sister_office(office)
    begun(office, clock, "close", 2)
    other = Play(sister, "ordinary", stories.ordinary("2000", which=5), clock)
    clock.now = other.moment
    other.until("serve/2")
    clock.now = LOOKED
    supervisor = supervisor_above(office.agency)
    district = sheet(supervisor, CSV)
    own = {
        one.agency.name: line(sheet(one.people["agency-head"], CSV), "全部", "合计")
        for one in (office, sister)
    }
    whole = line(district, "全部", "合计")
    numbers = [name for name in whole if name not in ("分组", "名称") and not name.endswith("率")]
    for name in numbers:
        assert int(whole[name]) == sum(int(row[name]) for row in own.values()), name
        assert all(line(district, "按机关", agency)[name] == row[name] for agency, row in own.items()), name
    assert (whole["案件"], share(whole, "案卷完整率")) == ("3", (9 + 9 + 10, 9 + 9 + 11, "96.6%"))
    address = f"/desk/figures/?agency={sister.agency.pk}"
    assert line(sheet(supervisor, f"{address}&format=csv"), "全部", "合计")["案件"] == "1"
    seen = page(supervisor, "/desk/figures/")
    assert "按机关" in seen and "<tfoot>" in seen and "96.6%（28/29，缺 1）" in seen
    assert sister.agency.name not in page(office.people["agency-head"], "/desk/figures/")


def test_nobody_reads_a_number_of_cases_that_they_could_not_list(clock: Clock) -> None:
    """The head of a unit counts that unit, an officer the own cases, a stranger and an administrator none; not by an address either."""
    office = make_office("laizhou")
    plays = begun(office, clock, "inspect", 4) + begun(
        replace(office, brigade=office.legal), clock, "inspect", 1, 4
    )
    stranger = make_office("kaiyuan").people["agency-head"]

    def counted(person: Person, query: str = "") -> str:
        return line(sheet(person, CSV + query), "全部", "合计")["案件"]

    assert counted(office.people["agency-head"]) == "5"
    assert counted(office.people["unit-head"]) == "4", "of the brigade, not of the other unit"
    assert counted(office.people["officer1"]) == "5" and counted(office.people["officer3"]) == "0"
    assert counted(stranger) == "0"
    asked = f"&agency={office.agency.pk}&unit={office.legal.pk}"
    assert (
        counted(office.people["agency-head"], asked) == "1"
        and counted(office.people["unit-head"], asked) == "0"
    )
    hidden = str(plays[4].case_id)
    assert hidden not in page(office.people["unit-head"], f"/desk/figures/cases/?year=2026{asked}")
    assert hidden not in page(stranger, f"/desk/figures/cases/?year=2026{asked}")
    assert "按承办人" not in page(office.people["officer1"], "/desk/figures/"), (
        "officers do not compare each other"
    )


def test_a_file_is_late_from_the_day_after_the_limit(clock: Clock, alter: Alter) -> None:
    """Files within ten days: nothing to be said while the last day runs, late the day after, in time when bound on the last day."""
    alter(
        "laizhou",
        ('key = "archive.limit"\nset = false', 'key = "archive.limit"\nvalue = 10'),
    )
    office = make_office("laizhou")
    play = Play(office, "summary", stories.summary("200"), clock)
    clock.now = play.moment
    play.until("archive")
    head, closed = office.people["agency-head"], date(2026, 3, 10)
    assert play.case.state["clocks"]["archive"]["start"] == closed.isoformat()

    def archived(day: int) -> tuple[int, int, str]:
        clock.now = LOOKED.replace(month=3, day=day)
        return share(line(sheet(head, CSV), "全部", "合计"), "及时归档率")

    assert archived(20) == (0, 0, "—"), "the last day is not over: nothing to be said yet"
    assert archived(21) == (0, 1, "0.0%")
    with play.branch():
        play.at(LOOKED.replace(month=3, day=17))
        play.step()  # three working days on: the 20th
        assert archived(25) == (1, 1, "100.0%")


def test_evidence_is_late_after_the_limit_of_the_scheme(clock: Clock, alter: Alter) -> None:
    """Two working days: of two pieces one came a week after it was taken."""
    alter(
        "huantai", ('key = "evidence.upload_limit"\nset = false', 'key = "evidence.upload_limit"\nvalue = 2')
    )
    play = Play(make_office("huantai"), "ordinary", stories.ordinary("2000", which=3), clock)
    clock.now = play.moment
    play.until("interview")
    play.at(play.moment + timedelta(days=9))
    for age, name in ((0, "当天的材料"), (7, "上周的材料")):
        given = piece("documentary", name, "材料.pdf", "application/pdf", b"%PDF" + name.encode() * 50)
        play.pass_days(0)
        taken = (play.moment - timedelta(days=age)).date().isoformat()
        play.do("add-evidence", "officer1", **{**given.data(play.office, None), "on": taken})
    head = play.person("agency-head")
    assert share(line(sheet(head, CSV), "全部", "合计"), "及时上传率") == (1, 2, "50.0%")
    assert str(play.case_id) in page(head, "/desk/figures/cases/?year=2026&view=uploads")


def test_pages_ask_as_often_for_many_cases_as_for_few(clock: Clock) -> None:
    office = make_office("laizhou")
    first = Play(office, "summary", stories.summary("200", "org", 0), clock)
    clock.now = first.moment
    first.until("tell-on-spot")
    head = office.people["agency-head"]
    administer("tag-key-act", office.agency, None, {"scope": "kind", "name": "行政处罚", "reason": "重点"})

    def queries(address: str) -> int:
        client = signed_in(head)
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    places = (
        "/desk/figures/",
        "/desk/figures/cases/?view=recordings",
        "/desk/weak-links/",
        "/desk/key-acts/",
    )
    few = [queries(address) for address in places]
    for which in range(1, 4):
        other = Play(office, "summary", stories.summary("200", "org", which), clock)
        clock.now = other.moment
        other.until("tell-on-spot")
    assert [queries(address) for address in places] == few
    assert max(few) <= 40


def test_what_a_page_cannot_count_at_once_it_names_and_the_worker_counts(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office("laizhou")
    begun(office, clock, "inspect", 3)
    monkeypatch.setattr("sanxiang.desk.counting.figures.count_changed.__defaults__", (1,))
    head = office.people["agency-head"]
    assert "还有 2 件案件的最新变化没有计入" in page(head, "/desk/figures/")
    assert count_all() == 2
    seen = page(head, "/desk/figures/")
    assert "没有计入" not in seen and line(sheet(head, CSV), "全部", "合计")["案件"] == "3"


def test_what_evaluations_found_is_counted_by_files(clock: Clock) -> None:
    """One file evaluated, with an item found wanting by hand: one of one, leading to it."""
    office = make_office("laizhou")
    play = Play(office, "summary", stories.summary("200"), clock)
    clock.now = play.moment
    play.until()
    opinion = {"项目": ITEM, "意见": "成立", "扣分": "", "理由": "字迹不清"}
    told = {"case": play.case.code, "batch": "2026年上半年", "conclusion": "合格", "opinions": [opinion]}
    administer("evaluate-file", office.agency, office.people["legal-reviewer"], told)
    head = office.people["agency-head"]
    rows = sheet(head, f"{CSV}&table=flaws")
    found = {row["评查项目"]: row["占评查案卷"] for row in rows}
    assert found[ITEM] == "100.0%（1/1）"
    assert str(play.case_id) in page(head, f"/desk/figures/cases/?year=2026&view=flaw&of={ITEM}")
