"""The cases that test_browser.py walks on the desk are told at the hour at which it runs: the door takes them at any."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

import pytest

import desk_walk
from desk_walk import MINUTE, day_with_room, midnight, present, spell, told_at
from play import BUILT, CHINA, MORNING, Clock, Play, make_office
from sanxiang.demo import coercion, stories
from sanxiang.demo.inspection import inspection
from sanxiang.demo.stories import Step
from sanxiang.door.models import Refusal

HOURS = (time(0, 3), time(0, 20), time(23, 59))
WALKED = {
    "ordinary": stories.ordinary("90000", "org", 4),
    "inspection": inspection("rectify", 6),
    "coercive-measure": [*coercion.sealed(), *coercion.lifted()],
}
"""Those in which people are somewhere from one hour to another, and show their certificates before."""


@dataclass
class Today(Play):
    """All of a story at one moment, as the browser tells it."""

    def pass_days(self, working_days: int) -> None:
        """Nobody waits."""
        self.clock.now = self.moment

    def data_of(self, step: Step, moment: datetime) -> dict[str, Any]:
        """What the browser would send."""
        return told_at(moment, step, self.office, self.case if self.case_id else None)


@pytest.mark.django_db
@pytest.mark.alike
@pytest.mark.parametrize("hour", HOURS, ids=str)
@pytest.mark.parametrize("procedure", WALKED)
def test_a_case_told_at_any_hour(procedure: str, hour: time, clock: Clock) -> None:
    moment = datetime.combine(MORNING, hour, CHINA)
    play = Today(make_office("kaiyuan", BUILT), procedure, WALKED[procedure], clock, moment)
    while play.position < len(play.steps):
        play.step()
    assert play.case.closed == "closed"
    assert not Refusal.objects.exists()


def test_at_each_minute_two_records_fit_into_the_day() -> None:
    day = midnight(MORNING)
    for minute in range(3, 24 * 60):
        now = day + timedelta(minutes=minute)
        (began, ended), (began_before, ended_before) = spell(now), spell(now, earlier=True)
        assert day <= began_before < ended_before <= began < ended < now, now
        assert all((at - day) % MINUTE == timedelta(0) for at in (began, ended, began_before, ended_before))


@pytest.mark.parametrize(("hour", "waits"), [(time(23, 55), False), (time(23, 57), True), (time(0), False)])
def test_what_is_told_for_today_is_not_begun_at_its_end(
    hour: time, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Slept(datetime.combine(MORNING, hour, CHINA))
    monkeypatch.setattr(desk_walk, "datetime", clock)
    monkeypatch.setattr(desk_walk.time, "sleep", clock.sleep)
    day_with_room(4 * MINUTE)
    assert clock.moment.date() == MORNING.date() + timedelta(days=waits)
    present()
    assert clock.moment - midnight(clock.moment) >= 3 * MINUTE


@dataclass
class Slept:
    """A clock that goes on only while somebody sleeps."""

    moment: datetime

    def now(self, _: tzinfo) -> datetime:
        """The time."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """It passes."""
        self.moment += timedelta(seconds=seconds)
