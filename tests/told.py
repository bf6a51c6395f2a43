"""A story of the book in an office of its own: what waits in its case, what is refused there, and on which day it stands."""

from datetime import date, timedelta
from typing import Any

from clockwork import Clock
from play import Play, make_office
from sanxiang.demo import stories
from sanxiang.door.models import Task
from sanxiang.law.clocks import last_day
from sanxiang.law.guards import Refused
from side_stories import BOOK


def played(story: str, clock: Clock, locality: str = "kaiyuan", until: str = "") -> Play:
    """The story, told up to an act or to the end."""
    procedure, steps = BOOK[story]
    play = Play(make_office(locality), procedure, steps, clock)
    play.until(until)
    return play


def open_tasks(play: Play) -> dict[str, Task]:
    """What waits in the case, by kind."""
    return {task.kind: task for task in Task.objects.filter(case=play.case, closed_n=None)}


def refused(play: Play, act: str, who: str, **data: Any) -> set[str]:
    """The rules that stand in the way of an act, or nothing where it is done; forgotten afterwards."""
    with play.branch():
        try:
            play.do(act, who, **data)
        except Refused as error:
            return {v.guard for v in error.verdicts}
    return set()


def due(play: Play, limit: str) -> date | None:
    """The last day of one of the case's periods."""
    return last_day(play.case.state, limit, play.pack, stories.calendar())


def after(play: Play, day: date | None, days: int = 1) -> None:
    """Go to the n-th day after."""
    assert day is not None
    play.at(play.moment + (day + timedelta(days=days) - play.moment.date()))


def serve(play: Play, paper: str) -> None:
    """The paper is handed over today."""
    told = stories.served(paper, play.office, play.case)
    play.do("serve", "officer1", **{**told, "served_on": play.moment.date().isoformat()})
