"""Whoever falls silent in the middle of a request does not keep its thread."""

import socket
from types import SimpleNamespace

import pytest
from gunicorn.workers.gthread import ThreadWorker

from sanxiang.commands import long_request, slow_client


@pytest.mark.parametrize("kind", [slow_client.Worker, long_request.Worker])
def test_a_silent_client_is_let_go(kind: type[slow_client.Worker], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_client, "SILENCE", 0.1)

    def reading(self: object, conn: SimpleNamespace) -> bytes:
        conn.sock.setblocking(True)  # as gunicorn does before it reads
        heard: bytes = conn.sock.recv(1)
        return heard

    monkeypatch.setattr(ThreadWorker, "handle", reading)
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(BlockingIOError):
        kind.handle(object.__new__(kind), SimpleNamespace(sock=ours))
