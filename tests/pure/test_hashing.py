"""Both digests of what comes in pieces are those of the whole, and a disk that fails in the background is heard."""

import errno
import hashlib
import os
import tempfile
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.cases.hashing import Digests, Flusher


@given(st.lists(st.binary(max_size=5000), max_size=30))
def test_the_digests_are_those_of_the_whole(pieces: list[bytes]) -> None:
    whole, running = b"".join(pieces), Digests()
    for piece in pieces:
        running.update(piece)
    assert running.end() == (hashlib.sha256(whole).hexdigest(), hashlib.new("sm3", whole).hexdigest())


def test_no_thread_stays() -> None:
    before, running = threading.active_count(), Digests()
    for _ in range(20):
        running.update(bytes(1 << 20))
    assert threading.active_count() == before + 2
    running.end()
    running.end()
    assert threading.active_count() == before


def test_a_fault_of_the_disk_is_told_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = threading.Event()

    def broken(handle: int) -> None:
        heard.set()
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fdatasync", broken)
    with tempfile.TemporaryFile() as file:
        flusher = Flusher(file.fileno())
        flusher.begin()
        assert heard.wait(5)
        time.sleep(0.05)
        with pytest.raises(OSError, match=r"\[Errno 5\]"):
            flusher.end()
