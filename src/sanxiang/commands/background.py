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
from contextlib import suppress
from time import monotonic, sleep
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
            self.begun = monotonic()
            with suppress(OSError):  # no room for another process: the web goes on, and this is tried again
                self.loops = _forked(self.LISTENERS)

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
        try:
            _work(parent, listeners)
        finally:
            if sys.exc_info()[0]:
                traceback.print_exc()
    finally:
        os._exit(0)  # whatever happens: behind this line the child would go on as a second master


def _work(parent: int, listeners: list[Any]) -> None:
    """Run the loops until the server is gone, or until one of them cannot be kept going; then all are begun anew."""
    for number in Arbiter.SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    # SIGTERM ends it at once: what is half done is done again by the next one.
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _die_with_parent()
    os.setsid()
    for one in listeners:
        one.close()
    importlib.import_module("django.db").connections.close_all()
    loops = importlib.import_module("sanxiang.door.worker").begin()
    while os.getppid() == parent and all(one.is_alive() for one in loops):
        sleep(LOOK)


def _die_with_parent() -> None:
    """Have the kernel kill us with the server, where it can (Linux)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
