"""A full disk refuses an act with one Chinese sentence, and nothing of it stays."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from play import Clock, make_office, play_of
from sanxiang.door.models import Number
from sanxiang.door.perform import NoRoom
from sanxiang.ledger.models import Act

pytestmark = pytest.mark.django_db


def full(*args: Any, **kwargs: Any) -> int:
    """What the system says when nothing more fits."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_said_in_chinese_and_leaves_no_half_act(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A folder of its own: the same paper, kept for another test, would need no room.
    monkeypatch.setattr(settings, "PAPER_ROOT", tmp_path / "papers")
    clock = Clock(timezone.now())
    monkeypatch.setattr(timezone, "now", clock)
    play = play_of(make_office("kaiyuan"), "ordinary", clock)
    play.until("file")
    before = (play.case.n, Act.objects.count(), Number.objects.count())
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(NoRoom, match="磁盘已满"):
            play.step()
    assert (play.case.n, Act.objects.count(), Number.objects.count()) == before
    play.step()
    assert play.case.n == before[0] + 1
