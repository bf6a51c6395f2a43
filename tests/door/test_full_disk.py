"""A full disk refuses an act with one Chinese sentence, and nothing of it stays."""

import errno
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from play import Clock, make_office, play_of
from sanxiang.api.problems import problem_of
from sanxiang.door.attempts import NoRoom, saved
from sanxiang.door.models import Number
from sanxiang.ledger.models import Act
from sanxiang.people.models import Person

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


class NothingMoreFits(Exception):
    """What stands behind an error of the database; a Chinese server does not say "full"."""

    sqlstate = "53100"


def refuse(*args: Any) -> Any:
    """A statement that finds no room on PostgreSQL."""
    raise OperationalError("无法扩展文件：设备上没有空间") from NothingMoreFits()


def test_a_full_database_is_told_like_a_full_disk() -> None:
    with pytest.raises(NoRoom, match="磁盘已满"), saved(), connection.execute_wrapper(refuse):
        Person.objects.count()
    with pytest.raises(OperationalError, match="locked"), saved():
        raise OperationalError("database is locked; the queue is full of others")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL cannot be given a size")
def test_a_database_that_may_not_grow_says_so() -> None:
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            with pytest.raises(NoRoom, match="磁盘已满"), saved():
                Person.objects.bulk_create(
                    Person(username=f"p{n}", name="云" * 60, password="x" * 100) for n in range(2000)
                )
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@pytest.mark.parametrize(("code", "said"), [("SQLITE_FULL", "unavailable"), ("SQLITE_BUSY", "database")])
def test_a_disk_that_is_full_before_the_act_begins_is_said_as_well(code: str, said: str) -> None:
    """A look's entry or a token's last use is written outside the act's own transaction."""
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorname = code
    error = OperationalError("database or disk is full")
    error.__cause__ = cause
    assert problem_of(error).code == said
