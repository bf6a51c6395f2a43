"""Each log stands still by itself and says its name (trust.md §1.3 I7)."""

import json
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from sanxiang.custody import outside
from sanxiang.custody.places import data_files
from sanxiang.custody.recover_rows import Missing, put
from sanxiang.door import worker
from sanxiang.door.log.installation import record as act
from sanxiang.door.log.keys import change_key
from sanxiang.door.looks.accesses import Asked, by_mark, cells, lines_of, looks_at
from sanxiang.ledger.access import record
from sanxiang.ledger.access_row import LOST_LOOK, Access
from sanxiang.ledger.halt import Halted, halt, halted, halts, resume, sentence, wait
from sanxiang.ledger.logs import ACTS, Log, accesses
from sanxiang.ledger.models import Pending, Sequence
from sanxiang.square.machine import figures
from signed_log import LOOK

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder of its own."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    worker.SAID.clear()
    return tmp_path


@pytest.fixture
def looks() -> Log:
    """The log of this year's looks."""
    return accesses(timezone.localdate().year)


def both() -> tuple[int, int]:
    """One more act and one more look, as the loop takes them; how many acts and looks wait then."""
    act("noted", "记事", {})
    record(LOOK, timezone.now())
    worker.numbered()
    worker.signed_reads()
    return Pending.objects.count(), Access.objects.filter(idx=None).count()


def test_a_halt_is_told_of_its_log_and_stops_no_other(data: Path, looks: Log) -> None:
    assert both() == (0, 0)
    halt("镜像", 9, 1, log=looks)
    assert both() == (0, 1) and halted() is None
    assert f"{looks.row}年调阅账本已停止编号和签名，调阅照常进行" in sentence(halts()[0])
    resume(looks)
    halt("镜像", 9, 1)
    assert both() == (1, 0)
    assert "办理账本已停止编号和签名，办理照常进行" in sentence(halts()[0])
    resume()
    assert both() == (0, 0) and halts() == []
    assert Sequence.objects.get(id=looks.row).size == 4


def test_a_halt_from_before_is_that_of_the_acts(data: Path, looks: Log) -> None:
    told = {"source": "见证人 sfj", "outside": 7, "inside": 3, "at": "2026-01-05T01:02:03+00:00"}
    (data / "log-halted.json").write_text(json.dumps(told), encoding="utf-8")
    assert both() == (1, 0) and [one["log"] for one in halts()] == [ACTS.row]
    assert "见证人 sfj已经见过 7 条的账本，数据库只有 3 条" in sentence(halts()[0])


def test_a_halt_is_not_carried_into_a_restored_place(data: Path, looks: Log) -> None:
    """Else a fork that was answered long ago would be heard for ever: a restore asks everybody anew."""
    (data / "policy").write_text("", encoding="utf-8")
    for log in (ACTS, looks):
        halt("见证人 sfj", 1, 1, log=log)
    (data / "witness-trouble.json").write_text("{}", encoding="utf-8")
    assert len(halts()) == 2 and [name for name, _ in data_files()] == ["policy"]


def test_what_is_heard_of_one_log_is_no_word_about_another(data: Path, looks: Log) -> None:
    halt("镜像", 9, 1, log=looks)
    (heard,) = outside.heard()
    assert (heard.log, heard.size) == (looks.row, 9)
    outside.judge([heard, outside.Sight("见证人", 0)])
    assert halted(looks) and halted() is None


def test_nobody_to_ask_is_nobody_until_somebody_answers(data: Path, looks: Log) -> None:
    for log in (ACTS, looks):
        wait(outside.NOBODY, 0, log, nobody=True)
    told = [outside.Sight("目录", 0)]
    assert [one.log for one in outside.unheard(told)] == [looks.row]
    outside.judge([*told, *outside.unheard(told)])
    assert halted() is None and "--nobody-saw-more" in sentence(halts()[0])


def test_a_witness_that_left_unasked_leaves_nobody_to_ask(data: Path, looks: Log) -> None:
    """Else whoever takes the line out of the policy signs on beside what the witness has seen, and nothing tells of it."""
    wait("见证人 sfj", 0, ACTS)
    away = outside.Sight("见证人 sfj", why="连不上见证人")
    assert outside.unheard([outside.Sight(outside.FILES, 0), away]) == []
    gone = [outside.Sight(outside.FILES, 0)]
    outside.judge([*gone, *outside.unheard(gone)])
    assert "--nobody-saw-more" in sentence(halts()[0]) and halts()[0]["log"] == ACTS.row


def test_no_key_is_changed_while_any_log_stands_still(data: Path, looks: Log) -> None:
    both()
    halt("镜像", 9, 1, log=looks)
    with pytest.raises(Halted, match=f"{looks.row}年调阅账本"):
        change_key()
    assert figures()["ledger_halted"][2] == 1


def test_a_look_that_was_lost_says_so(data: Path, looks: Log) -> None:
    """Of whose record it was nobody knows, so whoever watches any agency finds it by its kind, and by its mark."""
    both()
    row = Access.objects.get()
    leaf = {"at": "2026-01-05T01:02:03.000004Z", "id": str(uuid.uuid4())}
    put(looks, [Missing(1, bytes(row.leaf), leaf, False)])
    (lost,) = looks_at([], Asked(kind=LOST_LOOK))
    (line,) = lines_of([lost])
    assert "内容已随数据库丢失" in cells(line) and "林青" not in cells(line)
    assert by_mark(lost.watermark.lower()) == lost and not list(looks_at([], Asked()))
