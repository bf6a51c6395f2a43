"""What a process has started, and waiting until something is so."""

import time
from collections.abc import Callable
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still are."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def soon(what: Callable[[], object], seconds: float = 60, why: str = "too long") -> float:
    """Wait until it is so; how many seconds it took. `why` is what a failure says."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, why
        time.sleep(0.05)
    return round(time.monotonic() - began, 2)
