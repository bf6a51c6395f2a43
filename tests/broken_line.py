"""A line that breaks: what passes from a client to a server is counted, and at given bytes the line is cut."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Line:
    """A port that leads to another one."""

    to: int
    cuts: list[int]
    """At which byte that a client sends, counted over all connections, the line breaks."""
    sent: int = 0
    broken: int = 0
    listener: socket.socket = field(default_factory=socket.socket)

    @property
    def port(self) -> int:
        """Where clients knock."""
        return int(self.listener.getsockname()[1])

    def accept(self) -> None:
        """One thread for each direction of each connection."""
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.socket()
            # A cable holds little; the buffers of a loopback hold megabytes, and a cut throws them away.
            far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 << 10)
            far.connect(("127.0.0.1", self.to))
            threading.Thread(target=self.forth, args=(near, far), daemon=True).start()
            threading.Thread(target=back, args=(far, near), daemon=True).start()

    def forth(self, near: socket.socket, far: socket.socket) -> None:
        """From the client, until the next cut."""
        with contextlib.suppress(OSError):
            while piece := near.recv(1 << 16):
                self.sent += len(piece)
                far.sendall(piece)
                if self.cuts and self.sent >= self.cuts[0]:
                    self.cuts.pop(0)
                    self.broken += 1
                    # Every second time without a farewell, as when a cable is pulled.
                    if self.broken % 2:
                        for end in (near, far):
                            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
        close(near, far)


def back(far: socket.socket, near: socket.socket) -> None:
    """From the server."""
    with contextlib.suppress(OSError):
        while piece := far.recv(1 << 16):
            near.sendall(piece)
    close(near, far)


def close(*ends: socket.socket) -> None:
    """Both, also while the other thread waits."""
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextlib.contextmanager
def line_to(port: int, cuts: list[int]) -> Iterator[Line]:
    """A line for the time of the block."""
    line = Line(port, cuts)
    line.listener.bind(("127.0.0.1", 0))
    line.listener.listen()
    threading.Thread(target=line.accept, daemon=True).start()
    try:
        yield line
    finally:
        line.listener.close()
