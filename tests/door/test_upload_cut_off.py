"""A file that is the body itself and breaks off is told to its sender, and leaves nothing behind."""

import hashlib
import http.client
import json
import os
import socket
from urllib.parse import urlparse

from crowd import crowd_in, server
from installation import Installation


def test_what_did_not_come_in_whole_is_not_kept(installation: Installation) -> None:
    crowd, data = crowd_in(installation), os.urandom(3 << 20)
    port = urlparse(crowd.address).port or 0
    with server(installation, port):
        for much, status in ((len(data) - 100_000, 400), (len(data), 201)):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            line.putrequest("POST", "/api/v1/files?name=film.mp4")
            line.putheader("Authorization", f"Bearer {crowd.token}")
            line.putheader("Content-Type", "video/mp4")
            line.putheader("Content-Length", str(len(data)))
            line.endheaders()
            line.send(data[:much])
            line.sock.shutdown(socket.SHUT_WR)
            answer = line.getresponse()
            told = json.loads(answer.read())
            assert answer.status == status, told
            if status == 400:
                assert "没有传完" in told["error"]["fields"]["file"]
            kept = [file for file in (installation.data / "evidence").rglob("*") if file.is_file()]
            assert [file.name for file in kept] == ([told["digest"]] if status == 201 else [])
    assert told["digest"] == hashlib.sha256(data).hexdigest()
