"""The loop that gives acts their places outlives whatever the database says."""

import threading

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

from sanxiang.door import worker
from sanxiang.ledger.halt import Halted
from sanxiang.ledger.keys import Unsound
from sanxiang.ledger.sequencer import Overtaken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fault", [InterfaceError, OperationalError, DatabaseError, Overtaken, Halted, Unsound, OSError]
)
def test_it_goes_on_after_a_fault(fault: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = []

    def sequence() -> int:
        rounds.append(1)
        if len(rounds) < 3:
            raise fault("the connection is closed")
        worker.stop.set()
        return 0

    monkeypatch.setattr(worker, "sequence_once", sequence)
    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    try:
        worker.run_forever()
    finally:
        worker.stop.clear()
    assert len(rounds) == 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_that_breaks_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = []

    def loop() -> None:
        rounds.append(1)
        if len(rounds) < 3:
            raise KeyError("nobody foresaw this")
        worker.stop.set()

    monkeypatch.setattr(worker, "AGAIN", 0)
    try:
        worker.keep_going(loop)
    finally:
        worker.stop.clear()
    assert len(rounds) == 3


def test_acts_do_not_wait_until_all_periods_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting thousands of periods takes seconds; the acts of these seconds get their places all the same."""
    looking, sequenced = threading.Event(), threading.Event()

    def look(_: object) -> None:
        looking.set()
        assert sequenced.wait(10)
        worker.stop.set()

    def sequence() -> int:
        if looking.is_set():
            sequenced.set()
        return 0

    monkeypatch.setattr(worker, "look", look)
    monkeypatch.setattr(worker, "sequence_once", sequence)
    monkeypatch.setattr(worker, "LOOPS", (worker.run_forever, worker.look_forever))
    for quiet in ("signed", "signed_reads", "close_old_connections"):
        monkeypatch.setattr(worker, quiet, lambda: None)
    keepers = worker.begin()
    try:
        assert sequenced.wait(10) and worker.stop.wait(10)
    finally:
        worker.stop.set()
        for keeper in keepers:  # whoever is let go earlier begins the loop again, in all tests that follow
            keeper.join(10)
        worker.stop.clear()
