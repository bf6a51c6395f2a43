"""The loops beside the web workers, in a process and a session of their own that the server keeps alive.

Of its own, because the interpreter lets one thread compute at a time: a busy web worker would keep the log waiting. A
session of its own, because Linux shares the cores among sessions first: beside thirty backends of a database, each of
which is one, the sequencer waited seconds for the turn that it needs for milliseconds.
"""

import ctypes
import importlib
import os
import signal
import sys
import traceback
from time import monotonic
from types import FrameType
from typing import Any

from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]

PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

REST = 1.0
"""Seconds between two beginnings: loops that cannot live must not keep a core busy with being born."""

LOOK = 0.2
"""Seconds between looks whether the server is still there, where the kernel cannot tell."""


class Keeper(Arbiter):
    """gunicorn's master, which also keeps the process of the loops."""

    loops = 0
    begun = float("-inf")

    def manage_workers(self) -> None:
        """Look after the web workers, and begin the loops again where they have ended: at the start, or by a fault."""
        super().manage_workers()
        if monotonic() - self.begun >= REST and not _alive(self.loops):
            self.loops, self.begun = _forked(self.LISTENERS), monotonic()

    def stop(self, graceful: bool = True) -> None:
        """End the loops too; what they had not done waits for the next start."""
        if _alive(self.loops):
            os.kill(self.loops, signal.SIGTERM)
        super().stop(graceful)


def _alive(pid: int) -> bool:
    if not pid:
        return False
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:  # gunicorn has taken note of its end already
        return False


def _forked(listeners: list[Any]) -> int:
    """The process of the loops."""
    parent = os.getpid()
    if pid := os.fork():
        return pid
    try:
        _work(parent, listeners)
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        os._exit(0)  # what the server does at its own end is not ours to do


def _work(parent: int, listeners: list[Any]) -> None:
    """Run the loops until told to stop, or until the server is gone."""
    worker = importlib.import_module("sanxiang.door.worker")

    def end(number: int, frame: FrameType | None) -> None:
        worker.stop.set()

    for number in Arbiter.SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, end)
    _die_with_parent()
    os.setsid()
    for one in listeners:
        one.close()
    importlib.import_module("django.db").connections.close_all()
    worker.begin()
    while not worker.stop.wait(LOOK) and os.getppid() == parent:
        pass


def _die_with_parent() -> None:
    """Have the kernel kill us with the server, where it can (Linux)."""
    try:
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    except (OSError, AttributeError):
        return
