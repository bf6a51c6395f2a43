"""What the case page suggests: at every step of every story the next act can be found by whoever takes it."""

import re
from dataclasses import dataclass

import pytest

from conftest import BACKEND
from play import LOCALITIES, STORIES, Clock, Play, make_office, play_of
from reader import Client
from sanxiang.demo.stories import two
from sanxiang.law.scope import discussion_reasons, hearing_reasons, major_reasons
from side_stories import BOOK, SIDE
from told import after, due

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="/desk/cases/[0-9a-f-]{36}/acts/([a-z-]+)/"')


@dataclass(frozen=True)
class Page:
    """The next acts as the page sorts them: what is due, what the party may bring, what else is open."""

    due: list[str]
    heard: list[str]
    rest: list[str]
    now: list[str]
    text: str


def page_of(play: Play) -> Page:
    """The case page of whoever takes the story's next step, just before they take it."""
    before = play.moment
    play.pass_days(play.next().after)
    page = page_at(play)
    play.at(before)
    return page


def page_at(play: Play) -> Page:
    """The same as things stand today."""
    step = play.next()
    client = Client()
    client.force_login(play.person(step.who), BACKEND)
    page = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    panel, rest = page[page.index('id="next"') :].split("</section>", 1)
    due, _, heard = panel.partition("act-group-list")
    groups = rest.partition('id="do"')[2].partition("<h3>还差条件的步骤</h3>")[0].partition("<details>")[0]
    now = re.findall(r'aria-current="step">.*?flow-label">([^<]+)<', page, re.DOTALL)
    return Page(LINK.findall(due), LINK.findall(heard), LINK.findall(groups), now, panel)


def begin(locality: str, story: str, clock: Clock) -> Play:
    """The story, its case opened."""
    play = play_of(make_office(locality), story, clock, book=BOOK)
    play.step()
    return play


def uncalled(play: Play) -> set[str]:
    """Acts that the stories do of their own accord where the law does not ask for them."""
    law, state = play.pack, play.case.state
    return {
        *(() if hearing_reasons(law, state) else ("request-hearing", "waive-hearing")),
        *(() if major_reasons(law, state) else ("submit-for-review",)),
        *(() if discussion_reasons(law, state) else ("discuss",)),
    }


ROADS = [
    pytest.param(place, story, marks=() if (m - n) % len(STORIES) == 0 else pytest.mark.deep)
    for m, place in enumerate(LOCALITIES)
    for n, story in enumerate(STORIES)
]
"""One story in each locality in every run, all of them in `make deep`."""


@pytest.mark.parametrize(("locality", "story"), ROADS)
def test_the_first_suggestion_is_what_the_story_does_next(locality: str, story: str, clock: Clock) -> None:
    play = begin(locality, story, clock)
    while play.position < len(play.steps):
        act, page = play.next().act, page_of(play)
        if act in page.heard:
            assert not page.due or act == "record-payment", (act, page.due)
        elif act in uncalled(play):
            assert act in page.rest, (act, page)
        else:
            assert page.due[:1] == [act], (act, page)
        play.step()


USUAL = {step.act for _, steps in STORIES.values() for step in steps}
"""Acts at which the test above looks in every run."""


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.deep)])
@pytest.mark.parametrize(
    ("locality", "story"), [(LOCALITIES[n % len(LOCALITIES)], name) for n, name in enumerate(SIDE)]
)
def test_the_next_act_of_every_story_is_offered(
    locality: str, story: str, everywhere: bool, clock: Clock
) -> None:
    """In every run the first of each kind of act that is this story's own, and its last act; `make deep` looks at all."""
    play = begin(locality, story, clock)
    first = {step.act: place for place, step in reversed([*enumerate(play.steps)])}
    places = {place for act, place in first.items() if act not in USUAL} | {len(play.steps) - 1}
    while play.position < len(play.steps):
        if everywhere or play.position in places:
            act, page = play.next().act, page_of(play)
            assert act in {*page.due, *page.heard, *page.rest}, (act, page)
        play.step()


def test_the_picture_shows_the_step_whose_turn_it_is(clock: Clock) -> None:
    play = begin("kaiyuan", "hearing", clock)
    for act, now in (
        ("file", ["立案"]),
        ("show-certificate", ["调查取证"]),
        ("draft-decision", ["告知、陈述申辩"]),
        ("serve", ["告知、陈述申辩"]),
        ("request-hearing", ["告知、陈述申辩"]),
        ("hold-hearing", ["听证"]),
        ("submit-for-review", ["法制审核"]),
        ("give-opinion", ["法制审核"]),
        ("discuss", ["集体讨论"]),
        ("decide", ["作出决定"]),
        ("serve", ["送达"]),
        ("enter-execution", ["公示", "执行"]),
        ("record-payment", ["执行"]),
        ("close", ["结案"]),
        ("archive", ["归档"]),
    ):
        play.until(act)
        assert page_of(play).now == now, act


def test_before_filing_steps_of_handlers_are_not_open_and_say_why(clock: Clock) -> None:
    """Nobody handles the case yet, so nobody could be named; the check that the law allows before filing is open."""
    play = begin("kaiyuan", "ordinary", clock)
    client = Client()
    client.force_login(play.person("officer1"), BACKEND)
    page = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    for act in ("inspect", "interview", "notify-on-site", "add-evidence"):
        assert f"/acts/{act}/" not in page, act
    start = page.index("<b>收集证据</b>")
    why = page[start : page.index("</details>", start)]
    assert "本案还没有确定承办人" in why and "先批准立案" in why and "初步核查" in why
    assert "/acts/preliminary-check/" in page and "/acts/show-certificate/" in page
    play.step()
    client.force_login(play.person("officer1"), BACKEND)
    page = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    assert "/acts/show-certificate/" in page and "本案还没有确定承办人" not in page


def test_a_review_asked_for_freely_is_waited_for(clock: Clock) -> None:
    """2,000 元 need no review in 开原; once submitted, the review is what the picture shows."""
    play = begin("kaiyuan", "ordinary", clock)
    play.until("give-opinion")
    page = page_of(play)
    assert page.now == ["法制审核"] and page.due == ["give-opinion"]


def test_nobody_is_led_to_overtake_a_review_that_is_under_way(clock: Clock) -> None:
    """New evidence or a new draft would let the review be asked for again; while it is under way none is suggested."""
    play = begin("huantai", "hearing", clock)
    play.until("give-opinion")
    assert page_of(play).due == ["give-opinion"]
    client = Client()
    client.force_login(play.person("officer1"), BACKEND)
    page = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    assert not LINK.findall(page[page.index('id="next"') :].split("</section>", 1)[0])


def test_a_review_that_found_problems_or_was_overtaken_is_not_over(clock: Clock) -> None:
    play = begin("huantai", "hearing", clock)
    play.until("give-opinion")
    with play.branch():
        play.step(outcome="problems", problems=[{"element": "裁量", "problem": "过重"}])
        assert page_of(play).now == ["法制审核"]
    play.step()
    assert page_of(play).now == ["集体讨论"]
    play.do(
        "add-evidence",
        "officer1",
        officers=two(play.office),
        kind="documentary",
        title="账册",
        proves="数量",
        source_of="提供",
    )
    assert page_of(play).now == ["法制审核"]


def test_the_page_says_what_the_step_waits_for(clock: Clock) -> None:
    play = begin("kaiyuan", "hearing", clock)
    play.until("request-hearing")
    page = page_of(play)
    assert not page.due and page.heard[:1] == ["request-hearing"]
    assert (
        "“告知、陈述申辩”，等当事人" in page.text
        and "要求听证的期限" in page.text
        and "尚未届满" in page.text
    )


def test_the_handler_is_led_to_urge_once_the_period_has_run_out(clock: Clock) -> None:
    """Until then the party is waited for; afterwards nobody waits for it for ever, unless a remedy is pending."""
    play = play_of(make_office("kaiyuan"), "ordinary", clock)
    play.until("record-payment")
    assert "urge" not in page_of(play).due
    after(play, due(play, "pay"), days=0)
    assert "urge" not in page_at(play).due
    after(play, due(play, "pay"))
    page = page_at(play)
    assert "urge" in page.due and "等当事人" not in page.text
    play.do("urge", "officer1", urged="十日内缴清")
    assert "urge" not in page_at(play).due


def test_nobody_but_a_handler_is_told_that_it_is_their_turn(clock: Clock) -> None:
    """A step that any officer may take stands among the possible ones for whoever does not handle the case."""
    play = begin("kaiyuan", "summary", clock)
    play.until("file-record")
    mine = page_at(play)
    assert mine.due[0] == "file-record" and "轮到您办" in mine.text
    client = Client()
    client.force_login(play.person("officer3"), BACKEND)
    page = client.get(f"/desk/cases/{play.case_id}/").content.decode()
    panel = page[page.index('id="next"') :].split("</section>", 1)[0]
    assert "轮到您办：" not in panel and "没有轮到您办的事" in panel and not LINK.findall(panel)
    assert "/acts/file-record/" in page.partition('id="do"')[2]
