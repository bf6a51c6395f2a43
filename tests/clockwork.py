"""A clock that tests set: what `timezone.now` says while a story is played."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

CHINA = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
"""Monday. From here to the end of June no story runs into a long holiday but those of April, May and June."""


class Clock:
    """Says `now` until somebody moves it."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The wall clock of the test."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    monkeypatch.setattr("axes.handlers.proxy.now", clock)
    monkeypatch.setenv("SANXIANG_DATA", "")  # the command line sets it; this puts it back
    return clock
