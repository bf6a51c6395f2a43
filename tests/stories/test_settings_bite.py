"""A period that the scheme leaves open runs as soon as the operator sets it, and a stricter one than the nation's binds."""

from datetime import timedelta

import pytest

from altered import Alter, said
from clockwork import Clock
from play import make_office, play_of
from sanxiang.door.models import Task
from side_stories import REASON

pytestmark = pytest.mark.django_db


def task(case: object, kind: str) -> Task:
    """The newest task of that kind."""
    return Task.objects.filter(case=case, kind=kind).latest("opened_at")


@pytest.mark.parametrize("days", [None, 30])
def test_filing_away_has_a_last_day_once_it_is_set(days: int | None, alter: Alter, clock: Clock) -> None:
    if days:
        alter("kaiyuan", said("archive.limit", str(days)))
    play = play_of(make_office("kaiyuan"), "summary", clock)
    play.until("archive")
    due = task(play.case, "archive").due
    assert due == (play.moment.date() + timedelta(days) if days else None)


def test_a_review_has_a_last_day_once_it_is_set(alter: Alter, clock: Clock) -> None:
    alter("kaiyuan", said("review.limit_wd", "5"))
    play = play_of(make_office("kaiyuan"), "hearing", clock)
    play.until("give-opinion")
    assert play.case.state["clocks"]["review"]["n"] == 5 and task(play.case, "review").due is not None


@pytest.mark.parametrize(("days", "expected"), [(3, 3), (2, 2), (4, 3)])
def test_withdrawing_takes_the_stricter_of_nation_and_scheme(
    days: int, expected: int, alter: Alter, clock: Clock
) -> None:
    alter(
        "kaiyuan", ('key = "publish.withdraw_wd"\nvalue = 3', f'key = "publish.withdraw_wd"\nvalue = {days}')
    )
    play = play_of(make_office("kaiyuan"), "summary", clock)
    play.until("record-payment")
    play.do("revoke-decision", "agency-head", revoked_how="revoked", revoked_by="县政府复决 1 号", **REASON)
    assert play.case.state["clocks"]["withdraw"]["n"] == expected
