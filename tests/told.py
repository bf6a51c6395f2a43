"""A story of the book in an office of its own, and what waits in its case."""

from clockwork import Clock
from play import Play, make_office
from sanxiang.door.models import Task
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
