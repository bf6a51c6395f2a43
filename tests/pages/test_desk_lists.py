"""Today, tasks and the list of cases: what waits for whom, what is found, how a long list is turned over."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import Cast, make_agency, make_person
from conftest import Player, SignIn
from play import Play
from sanxiang.cases.models import Case
from sanxiang.people import roles

pytestmark = pytest.mark.django_db


def body(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def cases_on(page: str) -> set[str]:
    return set(re.findall(r'href="/desk/cases/([0-9a-f-]{36})/["?]', page))


def several(played: Play, count: int) -> list[str]:
    """So many more cases, each with a party of its own."""
    made = []
    for number in range(count):
        other = played.other()
        other.step(party={"kind": "org", "name": f"云溪第{number:02}砂场", "address": "清江路"})
        made.append(str(other.case_id))
    return made


def dashed(number: str) -> str:
    """A number as people type it: 立2026-3."""
    return number.replace("〔", "").replace("〕", "-").removesuffix("号")


# What waits.


def test_a_task_waits_for_those_who_must_do_it(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("ordinary", "file").case
    for person, waits in (
        (cast.head, True),
        (cast.handler, False),
        (cast.reviewer, False),
        (cast.outsider, False),
    ):
        client = browser(person)
        for address in ("/desk/", "/desk/tasks/"):
            assert ("决定是否立案" in body(client, address)) is waits
    assert str(case.pk) in body(browser(cast.head), "/desk/tasks/")


def test_a_task_names_the_party_once(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "file")
    for who, there in ((cast.head, "决定是否立案"), (cast.handler, "调查取证并作出处理")):
        page = body(browser(who), "/desk/tasks/")
        task = page[page.index('<ul class="tasks">') :].partition("</ul>")[0]
        assert there in task and task.count(played.case.party) == 1
        if not played.case.number:
            played.until("interview")


@pytest.mark.parametrize(
    ("story", "act"), [("hearing", "discuss"), ("ordinary", "decide"), ("ordinary", "close")]
)
def test_a_head_is_told_of_a_case_whose_turn_has_come(
    story: str, act: str, play: Player, cast: Cast, browser: SignIn
) -> None:
    """No act says that a term has run out or that all is paid; the case is on the head's list all the same."""
    played = play(story, act)
    label, line = played.pack.acts[act].label, f'href="/desk/cases/{played.case_id}/#next">'
    played.pass_days(played.next().after)
    for address in ("/desk/", "/desk/tasks/"):
        page = body(browser(cast.head), address)
        assert f"{line}{label}<" in page
        assert f"{line}{label}<" not in body(browser(cast.handler), address)
    played.step()
    assert f"{line}{label}<" not in body(browser(cast.head), "/desk/tasks/")


def test_an_officer_s_tasks_are_those_of_the_cases_in_hand(play: Player, cast: Cast, browser: SignIn) -> None:
    play("ordinary", "interview")
    other = make_person("baihe", "白禾", cast.bureau, roles.OFFICER, cast.brigade, "99010009")
    assert "调查取证并作出处理" in body(browser(cast.second), "/desk/")
    assert "调查取证并作出处理" not in body(browser(other), "/desk/")


def test_what_is_late_is_red_what_is_near_is_amber(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "interview")
    due = played.case.next_due
    for days, tone, said in (
        (-30, "is-calm", "还剩"),
        (-5, "is-amber", "还剩"),
        (0, "is-amber", "今日到期"),
        (3, "is-red", "已超期3日"),
    ):
        played.at(played.moment.replace(year=due.year, month=due.month, day=due.day) + timedelta(days=days))
        page = body(browser(cast.handler), "/desk/")
        line = page[page.index('<ul class="tasks">') :]
        assert tone in line[:80] and said in line[:200]
        assert "《行政处罚法》第六十条" in line[: line.index("</ul>")]


def test_nothing_to_do_says_what_to_do(cast: Cast, browser: SignIn) -> None:
    officer = body(browser(cast.handler), "/desk/")
    assert "没有等您办的事" in officer and 'href="/desk/cases/new/"' in officer
    assert "管理岗位不接触案件" in body(browser(cast.admin), "/desk/")
    stranger = make_person("guoke", "过客", cast.bureau, roles.OFFICER)
    stranger.posts.update(valid_until=stranger.posts.get().valid_from, n=1)
    assert "您今天没有岗位" in body(browser(stranger), "/desk/")


def test_reviewers_and_editors_are_led_to_their_bench(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("hearing", "give-opinion").case
    assert f'href="/desk/reviews/{case.pk}/"' in body(browser(cast.reviewer), "/desk/")
    played = play("summary", "prepare-publication")
    page = body(browser(cast.editor), "/desk/")
    assert f'href="/desk/publications/{played.case_id}/"' in page
    assert re.search(r'公示<span class="count">1', page)


# The list.


def test_the_list_is_filtered_by_what_one_knows(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "interview")
    fresh = several(played, 2)
    mine, client = str(played.case_id), browser(cast.handler)
    for asked, found in (
        ("", {mine, *fresh}),
        ("?mine=1", {mine}),
        ("?stage=intake", set(fresh)),
        ("?q=第01砂场", {fresh[1]}),
        (f"?q={played.case.number}", {mine}),
        (f"?q={dashed(played.case.number)}", {mine}),
        (f"?q={played.case.number.replace('〔', '(').replace('〕', ')')}", {mine}),
        (f"?q={played.case.code.lower()}", {mine}),
        ("?q=云溪 松涛", {mine}),
        ("?q=云溪 没有这个词", set()),
        ("?overdue=1", set()),
        ("?show=closed", set()),
    ):
        page = body(client, f"/desk/cases/{asked}")
        assert cases_on(page) == found, asked
        assert ("没有符合条件的案件" in page) is not bool(found)
        assert not found or f"共 {len(found)} 件" in page


def test_late_cases_can_be_asked_for(play: Player, cast: Cast, browser: SignIn) -> None:
    played = play("ordinary", "interview")
    several(played, 1)
    played.at(played.moment + timedelta(days=120))
    page = body(browser(cast.head), "/desk/cases/?overdue=1")
    assert cases_on(page) == {str(played.case_id)} and "已超期" in page


def test_closed_cases_are_kept_apart(play: Player, cast: Cast, browser: SignIn) -> None:
    case = play("summary").case
    client = browser(cast.handler)
    assert cases_on(body(client, "/desk/cases/")) == set()
    for asked in ("?show=closed", "?show=all"):
        page = body(client, f"/desk/cases/{asked}")
        assert cases_on(page) == {str(case.pk)} and "已归档" in page


def test_the_list_turns_over_without_gap_or_repeat(
    play: Player, cast: Cast, browser: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sanxiang.desk.listing.ROWS", 3)
    made = several(play("ordinary", "register-clue"), 8)
    client, seen, address = browser(cast.head), list[str](), "/desk/cases/?q=砂场"
    for _ in range(5):
        page = body(client, address)
        seen += sorted(cases_on(page), key=lambda key: (-Case.objects.get(pk=key).opened_at.timestamp(), key))
        following = re.search(r'href="([^"]+)" rel="next"', page)
        if not following:
            break
        address = following[1]
        assert "首页" in body(client, address)
    assert sorted(seen) == sorted(made) and len(seen) == 8
    times = [Case.objects.get(pk=key).opened_at for key in seen]
    assert times == sorted(times, reverse=True)


KEYS = [
    "x",
    "2026-03-02_x",
    "2026-03-02T09:00:00_" + "0" * 32,
    "0001-01-01T00:00:00%2B14:00_" + "0" * 32,
    "' OR 1=1 --",
]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_none_changes_nothing(key: str, play: Player, cast: Cast, browser: SignIn) -> None:
    play("ordinary", "file")
    assert len(cases_on(body(browser(cast.head), f"/desk/cases/?after={key}"))) == 1


@pytest.mark.parametrize("number", ["²", "٣", "-1", "0", "9" * 30, "9" * 5000, "%00", "1e3"])
def test_what_is_no_number_in_an_address_breaks_no_page(
    number: str, play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "file").case
    for person, address in (
        (cast.head, f"/desk/cases/{case.pk}/timeline/?from={number}"),
        (cast.head, f"/desk/cases/?q={number}&stage={number}"),
        (cast.head, f"/desk/refusals/?before={number}"),
        (cast.admin, f"/desk/admin/people/?page={number}&q={number}"),
        (cast.auditor, f"/desk/admin/history/?before={number}"),
        (cast.auditor, f"/desk/admin/refusals/?before={number}"),
    ):
        body(browser(person), address)


def test_a_supervisor_sees_every_agency_below_and_may_pick_one(
    play: Player, cast: Cast, browser: SignIn
) -> None:
    case = play("ordinary", "file").case
    client = browser(cast.supervisor)
    page = body(client, "/desk/cases/")
    assert cases_on(page) == {str(case.pk)} and "云溪县水务局" in page and "登记新案件" not in page
    assert cases_on(body(client, f"/desk/cases/?agency={cast.bureau.pk}")) == {str(case.pk)}
    assert cases_on(body(client, f"/desk/cases/?agency={cast.other.pk}")) == set()
    elsewhere = make_agency("他县水务局", "他水", None)
    assert cases_on(body(client, f"/desk/cases/?agency={elsewhere.pk}")) == set()


@pytest.mark.parametrize(
    "address", ["/desk/", "/desk/tasks/", "/desk/cases/", "/desk/publications/", "/desk/reviews/"]
)
def test_a_list_costs_the_same_whatever_its_length(
    address: str, play: Player, cast: Cast, browser: SignIn
) -> None:
    played = play("ordinary", "interview")

    def costs() -> list[int]:
        found = []
        for person in (cast.handler, cast.head, cast.supervisor):
            client = browser(person)
            with CaptureQueriesContext(connection) as captured:
                body(client, address)
            found.append(len(captured))
        return found

    few = costs()
    several(played, 10)
    assert costs() == few and max(few) <= 12
