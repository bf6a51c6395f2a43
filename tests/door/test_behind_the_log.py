"""The machine's clock is set back: acts are refused until it is right, and an operator can say that it is right now."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from play import Clock, Play, make_office, play_of
from sanxiang.door.attempts import ClockBehind
from sanxiang.door.perform import perform
from sanxiang.ledger import clock as ledger_clock
from sanxiang.ledger.models import Act, Checkpoint
from sanxiang.ledger.sequencer import sequence_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    """A case with acts that have their places; the clock is the play's."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    clock = Clock(timezone.now())
    monkeypatch.setattr(timezone, "now", clock)
    made = play_of(make_office("kaiyuan"), "summary", clock)
    made.until("decide-on-spot")
    clock.now = made.moment
    sequence_all()
    return made


def knock(play: Play, back: timedelta) -> None:
    """The next act of the story, by a clock that is behind the newest checkpoint by so much."""
    newest = Checkpoint.objects.order_by("-size").first()
    assert newest is not None
    play.clock.now = newest.created - back
    step = play.next()
    perform_at(play, step.act, step.who, play.data_of(step, play.clock.now))


def perform_at(play: Play, act: str, who: str, data: dict[str, object]) -> None:
    """One act at whatever the clock says."""
    perform(act, play.case_id, play.person(who), data, channel="test")


@pytest.mark.parametrize("back", [timedelta(minutes=6), timedelta(hours=1), timedelta(days=1)])
def test_acts_are_refused_while_the_clock_is_behind(play: Play, back: timedelta) -> None:
    before = (play.case.n, Act.objects.count())
    with pytest.raises(ClockBehind, match="时钟"):
        knock(play, back)
    assert (play.case.n, Act.objects.count()) == before
    assert (
        f"sanxiang_clock_behind_seconds {back.total_seconds():.0f}"
        in Client().get("/metrics").content.decode()
    )


def test_a_little_behind_is_what_time_servers_correct(play: Play) -> None:
    before = play.case.n
    knock(play, timedelta(minutes=4))
    assert play.case.n == before + 1
    assert ledger_clock.trusted() > timezone.now()


def test_the_log_does_not_forget_what_time_it_was(play: Play) -> None:
    knock(play, timedelta(minutes=4))
    sequence_all()
    made = list(Checkpoint.objects.order_by("size").values_list("created", flat=True))
    assert made == sorted(made)
    with pytest.raises(ClockBehind):
        knock(play, timedelta(minutes=6))


def test_an_operator_says_that_the_clock_is_right_now(play: Play) -> None:
    wrong = Checkpoint.objects.order_by("-size").values_list("created", flat=True)[0]
    play.clock.now = wrong - timedelta(days=1)
    assert ledger_clock.behind() == timedelta(days=1)
    assert ledger_clock.accept() == wrong and ledger_clock.behind() == timedelta()
    step = play.next()
    perform_at(play, step.act, step.who, play.data_of(step, play.clock.now))
    sequence_all()
    assert Checkpoint.objects.order_by("-size").values_list("created", flat=True)[0] == play.clock.now
    assert ledger_clock.accept() is None
    told = json.loads((settings.DATA / ledger_clock.ACCEPTED).read_text(encoding="utf-8"))
    assert datetime.fromisoformat(told["wrong"]).astimezone(UTC) == wrong
