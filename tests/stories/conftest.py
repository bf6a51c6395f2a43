"""What the story tests share: the clock, and one office a locality."""

import pytest
from django.utils import timezone

from play import MORNING, Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The wall clock of the test."""
    clock = Clock(MORNING)
    monkeypatch.setattr(timezone, "now", clock)
    monkeypatch.setattr("axes.handlers.proxy.now", clock)
    monkeypatch.setenv("SANXIANG_DATA", "")  # the command line sets it; this puts it back
    return clock
