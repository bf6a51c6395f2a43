"""The periods on the case page: what runs, what has stopped, and why."""

import html
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from conftest import BACKEND
from play import Clock, Play, make_office, play_of
from sanxiang.cases.models import Case
from sanxiang.desk import clocks
from sanxiang.door.models import Task
from sanxiang.law.calendar import national_calendar
from sanxiang.law.packs import load_pack
from side_stories import BOOK

pytestmark = pytest.mark.django_db

DEFENCE, HEARING = "陈述申辩期限", "要求听证的期限"


def begin(locality: str, story: str, clock: Clock, until: str) -> Play:
    """The story, up to an act."""
    play = play_of(make_office(locality), story, clock, book=BOOK)
    play.until(until)
    return play


def clocks_of(play: Play) -> dict[str, str]:
    """What the page says of each period, by its name."""
    client = Client()
    client.force_login(play.person("officer1"), BACKEND)
    page = html.unescape(client.get(f"/desk/cases/{play.case_id}/").content.decode())
    found = {}
    for card in re.findall(r'<article class="clock.*?</article>', page, re.DOTALL):
        words = re.sub(r"<[^>]+>|\s+", "", card.partition("<details>")[0])
        name = next((n for n in (DEFENCE, HEARING, "法制审核", "缴纳罚款") if words.startswith(n)), words[:6])
        found[name] = words
    return found


def test_each_task_is_told_by_the_pack_that_its_own_case_has_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = load_pack("kaiyuan")
    rule = pack.limits["pay"]
    early = replace(pack, limits={**pack.limits, "pay": replace(rule, warn=rule.warn + 30)})
    monkeypatch.setattr(clocks, "pinned", lambda name, digest: early if digest == "old" else pack)
    due = date(2026, 3, 2) + timedelta(rule.warn + 10)
    tasks = [
        Task(case=Case(pack="kaiyuan", pack_digest=digest, number="1"), limit="pay", due=due, title="缴款")
        for digest in ("old", "new")
    ]
    lines = clocks.task_lines(tasks, national_calendar(), date(2026, 3, 2))
    assert [line["state"] for line in lines] == ["amber", "calm"]


def test_a_waiver_stops_the_period_it_gives_up(clock: Clock) -> None:
    play = begin("huantai", "ordinary", clock, "waive-defence")
    assert "还剩" in clocks_of(play)[DEFENCE] and "还剩" in clocks_of(play)[HEARING]
    play.step()
    shown = clocks_of(play)
    assert "不再计算" in shown[DEFENCE] and "因办理“当事人放弃陈述申辩”" in shown[DEFENCE]
    assert "还剩" in shown[HEARING]
    play.step()
    assert "因办理“当事人放弃听证”" in clocks_of(play)[HEARING]


def test_no_hearing_period_where_no_hearing_was_offered(clock: Clock) -> None:
    play = begin("kaiyuan", "ordinary", clock, "waive-defence")
    assert DEFENCE in clocks_of(play) and HEARING not in clocks_of(play)


def test_being_heard_stops_the_period_to_be_heard(clock: Clock) -> None:
    play = begin("kaiyuan", "hearing", clock, "hold-hearing")
    assert "因办理“登记听证申请”" in clocks_of(play)[HEARING]
    assert "不再计算" not in clocks_of(play)[DEFENCE]
    play.step()
    assert "因办理“举行听证”" in clocks_of(play)[DEFENCE]


def test_a_fresh_notice_ends_what_the_old_one_began(clock: Clock) -> None:
    play = begin("huantai", "ordinary", clock, "waive-defence")
    play.do("notify-penalty", "officer1", defence_days=5)
    shown = clocks_of(play)
    for name in (DEFENCE, HEARING):
        assert "因办理“制作行政处罚告知书”" in shown[name]


def test_a_review_that_was_sent_back_is_waited_for_no_more(clock: Clock) -> None:
    play = begin("kaiyuan", "hearing", clock, "give-opinion")
    play.do("return-to-investigation", "agency-head", reason="补充证据")
    assert "因办理“退回补充调查”" in clocks_of(play)["法制审核"]
    assert not play.case.tasks.filter(kind="review", closed_n=None).exists()


def test_payment_in_full_stops_the_period_to_pay(clock: Clock) -> None:
    play = begin("huantai", "ordinary", clock, "close")
    assert "因办理“登记缴款”" in clocks_of(play)["缴纳罚款"]
