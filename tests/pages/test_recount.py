"""A period that runs into a year without a holiday notice is provisional, and counted again once the notice is loaded."""

import contextlib
import io
import json
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from knocks import signed_in
from play import CHINA, Clock, Play, make_office
from publishing import begun, page
from sanxiang.cli import main
from sanxiang.door import worker
from sanxiang.door.models import Task
from sanxiang.ledger.models import Act

pytestmark = pytest.mark.django_db

YEAR_END = datetime(2026, 12, 24, 9, 0, tzinfo=CHINA)
"""Thursday. Seven working days, weekends and New Year's Day counted off: 25, 28, 29, 30, 31, 01-04, 01-05."""

NOTICE = """year = 2027
notice = "测试用放假通知"
issued_on = 2026-12-28
status = "published"
off = [2027-01-01, 2027-01-02, 2027-01-03, 2027-01-04]
work = [2027-01-09]
"""
"""With the fourth off as well, the seventh working day is the sixth of January."""


@pytest.fixture
def play(clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    """A decision made at the end of the year and waiting for its publication, in a data folder of its own."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    (tmp_path / "secret.key").write_text("a key of the tests\n")
    return begun(make_office("kaiyuan"), "summary", clock, YEAR_END, "prepare-publication")


def due(play: Play) -> tuple[date | None, bool]:
    """When the publication is due, and whether that may still change."""
    task = Task.objects.get(case=play.case_id, kind="publish", closed_n=None)
    return task.due, task.provisional


def load(folder: Path) -> None:
    """The notice, as an operator puts it there."""
    (folder / "calendar").mkdir()
    (folder / "calendar" / "2027.toml").write_text(NOTICE, encoding="utf-8")


def test_a_loaded_notice_moves_what_was_provisional(play: Play, tmp_path: Path) -> None:
    client = signed_in(play.person("disclosure-editor"))
    assert due(play) == (date(2027, 1, 5), True)
    for address in ("/desk/tasks/", f"/desk/cases/{play.case_id}/"):
        assert "暂定" in page(play.person("disclosure-editor"), address)
    acts, case = Act.objects.count(), play.case
    load(tmp_path)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["remind", "--data", str(tmp_path), "--json"]) == 0
    assert json.loads(out.getvalue())["moved"] >= 1
    assert due(play) == (date(2027, 1, 6), False)
    listed = client.get("/desk/tasks/").text
    assert "2027年1月6日" in listed and "暂定" not in listed
    assert Act.objects.count() == acts and (play.case.n, play.case.head) == (case.n, case.head)
    assert (case.next_due, play.case.next_due) == (date(2027, 1, 5), date(2027, 1, 6)), (
        "what lists are sorted by"
    )


def test_the_server_counts_again_by_itself_and_only_then(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = worker.look(None)
    assert due(play) == (date(2027, 1, 5), True)
    load(tmp_path)
    again = worker.look(counted)
    assert due(play) == (date(2027, 1, 6), False)
    monkeypatch.setattr(worker.recount, "recount", lambda: pytest.fail("the calendar is the same"))
    assert worker.look(again) is again
