"""gunicorn's threaded worker, but whoever falls silent in the middle of a request lets go of the thread."""

import socket
import struct
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

SILENCE = 30.0
"""Seconds without a byte. gunicorn itself waits for ever: as many visitors as there are threads stop a whole service."""


class Worker(ThreadWorker):
    """The worker of services that strangers reach."""

    def handle(self, conn: Any) -> Any:
        """One request. Of the system, not of Python: gunicorn sets its own sockets back to waiting for ever."""
        seconds, parts = divmod(int(SILENCE * 1_000_000), 1_000_000)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", seconds, parts))
        return super().handle(conn)
