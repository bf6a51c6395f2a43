"""The sequencer runs in a process and a session of its own; the server begins it again when it dies, and takes it along."""

import os
import signal
import urllib.request
from pathlib import Path
from urllib.parse import urlparse

import pytest

from crowd import crowd_in, server
from installation import Installation
from processes import children, soon

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc on this machine")


def loops_of(pid: int) -> list[int]:
    """Those of them that lead a session of their own."""
    return [one for one in children(pid) if os.getsid(one) == one]


def signed(address: str) -> int:
    """How many entries the served checkpoint covers."""
    with urllib.request.urlopen(f"{address}/log/checkpoint", timeout=20) as answer:
        return int(answer.read().decode().split("\n")[1])


def test_the_loops_live_beside_the_web_and_no_longer(installation: Installation) -> None:
    crowd = crowd_in(installation)
    with server(installation, urlparse(crowd.address).port or 0, "--workers", "2") as running:
        soon(lambda: len(loops_of(running.pid)) == 1, why="one process of loops, however many workers")
        (first,) = loops_of(running.pid)
        assert len(children(running.pid)) == 3
        crowd.begin()
        os.kill(first, signal.SIGKILL)
        soon(
            lambda: [one for one in loops_of(running.pid) if one != first] != [],
            why="nobody began them again",
        )
        crowd.progress()
        crowd.end()
        acts = len(crowd.acks)
        soon(lambda: signed(crowd.address) >= acts, why="what was done is not signed")
        (second,) = loops_of(running.pid)
        os.kill(running.pid, signal.SIGKILL)
        soon(lambda: not Path(f"/proc/{second}").exists(), why="the loops outlived a server that was killed")


def test_they_end_with_the_server(installation: Installation) -> None:
    crowd = crowd_in(installation)
    with server(installation, urlparse(crowd.address).port or 0) as running:
        soon(lambda: len(loops_of(running.pid)) == 1, why="no loops")
        (loops,) = loops_of(running.pid)
        running.terminate()
        running.wait(30)
        soon(lambda: not Path(f"/proc/{loops}").exists(), why="the loops outlived a server that was stopped")
    assert "Traceback" not in (installation.data / "serve.log").read_text(encoding="utf-8")
