"""SHA-256 and SM3 of a file while it comes in: the bytes are read once, hashed by two threads and written by the caller's.

hashlib lets other threads run while it hashes, so that on two cores both digests and the writing together take about as long as
SM3 alone. A further thread has the disk write what is there already, so that the last sync has little left to do.
"""

import hashlib
import os
import threading
from queue import Queue
from typing import Any

WAITING = 8
"""Pieces that may wait for a hash; with pieces of 1 MiB a file in flight takes some 10 MiB."""

SYNC_SECONDS = 0.25


class Digests:
    """Both digests of what passes. One piece is hashed at once; threads begin with the second, for most files are small."""

    def __init__(self) -> None:
        self.hashes = [hashlib.sha256(), hashlib.new("sm3")]
        self.threads: list[threading.Thread] = []
        self.queues: list[Queue[bytes | None]] = []
        self.pieces = 0

    def update(self, piece: bytes) -> None:
        """The next bytes; waits where the threads are behind."""
        self.pieces += 1
        if self.pieces == 1:
            for one in self.hashes:
                one.update(piece)
            return
        if not self.threads:
            self._begin()
        for queue in self.queues:
            queue.put(piece)

    def _begin(self) -> None:
        for one in self.hashes:
            queue: Queue[bytes | None] = Queue(WAITING)
            thread = threading.Thread(target=_hash, args=(one, queue), daemon=True)
            self.queues.append(queue)
            self.threads.append(thread)
            thread.start()

    def end(self) -> tuple[str, str]:
        """SHA-256 and SM3 in hex. To be called in any case, or threads stay; twice does no harm."""
        for queue in self.queues:
            queue.put(None)
        for thread in self.threads:
            thread.join()
        self.queues, self.threads = [], []
        return self.hashes[0].hexdigest(), self.hashes[1].hexdigest()


def _hash(one: Any, queue: "Queue[bytes | None]") -> None:
    while (piece := queue.get()) is not None:
        one.update(piece)


class Flusher:
    """Has the disk write a growing file while more of it arrives."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.fault: OSError | None = None
        self.stop = threading.Event()
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        """To be called once there is enough to write; again does no harm."""
        if self.thread is None:
            self.thread = threading.Thread(target=self._run, daemon=True)
            self.thread.start()

    def _run(self) -> None:
        while not self.stop.wait(SYNC_SECONDS):
            try:
                os.fdatasync(self.handle)
            except OSError as fault:
                self.fault = fault
                return

    def end(self) -> None:
        """Stop. Raises the OSError of a sync that failed: the system tells it once, and the last sync would not hear of it."""
        self.stop.set()
        if self.thread is not None:
            self.thread.join()
        if self.fault is not None:
            raise self.fault
