"""R12 as far as uploads go today: the workers are killed in the middle of a file; nothing half is kept, the next try is whole.

Going on where an upload broke off comes with a later issue.
"""

import hashlib
import http.client
import json
import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlparse

import pytest
from figures import count, told
from places import installation_on

from crowd import LOST, crowd_in, server
from processes import children

pytestmark = pytest.mark.deep
MEGABYTES = 32
MARK = "sanxiang-fault-test"


def sent(
    address: str, token: str, data: bytes, stop: int | None = None, kill: tuple[int, ...] = ()
) -> dict[str, object] | None:
    """One upload; after `stop` bytes those processes are killed. What was answered, None where nobody did."""
    head = (
        f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="record.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    tail = f"\r\n--{MARK}--\r\n".encode()
    place = urlparse(address)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        line.putrequest("POST", "/api/v1/files")
        line.putheader("Authorization", f"Bearer {token}")
        line.putheader("Content-Type", f"multipart/form-data; boundary={MARK}")
        line.putheader("Content-Length", str(len(head) + len(data) + len(tail)))
        line.endheaders()
        line.send(head)
        cut = len(data) if stop is None else stop
        line.send(data[:cut])
        for one in kill:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        line.send(data[cut:])
        line.send(tail)
        answer = line.getresponse()
        told_back: dict[str, object] = json.loads(answer.read())
        return told_back if answer.status == 201 else None
    except LOST:
        return None
    finally:
        line.close()


def test_an_upload_that_breaks_off_leaves_nothing_half(tmp_path: Path) -> None:
    points, chance = count("UPLOADS", 8), random.Random(12)
    place = installation_on(tmp_path / "data")
    crowd = crowd_in(place)
    resent = 0
    with server(place, urlparse(crowd.address).port or 0, "--workers", "2") as running:
        for point in range(points):
            data = b"record " + random.Random(point).randbytes(MEGABYTES << 20)
            stop = len(data) * point // max(1, points - 1) if point % 2 else chance.randrange(len(data))
            broken = sent(crowd.address, crowd.token, data, stop, tuple(children(running.pid)))
            kept = broken
            patience = time.monotonic() + 60
            while kept is None and time.monotonic() < patience:
                time.sleep(0.1)
                resent += 1
                kept = sent(crowd.address, crowd.token, data)
            assert kept is not None and kept["digest"] == hashlib.sha256(data).hexdigest()
    files = [file for file in (place.data / "evidence").glob("??/??/*") if len(file.name) == 64]
    wrong = [file for file in files if hashlib.sha256(file.read_bytes()).hexdigest() != file.name]
    assert len(files) == points and not wrong
    left = len(list((place.data / "evidence").glob(".new-*")))
    told("R12", kills=points, megabytes=MEGABYTES, right=points, half=0, sent_again=resent, uncited_left=left)
