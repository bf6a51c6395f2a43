"""What a killed upload or a killed rendering left behind, half written and cited by nobody: taken away after a day."""

from contextlib import suppress

from sanxiang.cases import store

A_DAY = 86400.0
"""Seconds since the last byte; an upload that still comes in is written to all the time."""


def sweep(now: float) -> int:
    """Remove such files beside both shelves; how many. `now` in seconds since 1970. What has its name already is not touched."""
    gone = 0
    for room in {store.shelf(kind).room for kind in store.KINDS}:
        for file in room.glob(".new-*"):
            with suppress(FileNotFoundError):  # another process was faster
                if now - file.stat().st_mtime > A_DAY:
                    file.unlink()
                    gone += 1
    return gone
