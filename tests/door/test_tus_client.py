"""tuspy, a client that others wrote, sends a film to a real server over a line that breaks ten times."""

import hashlib
import json
import os
import urllib.request
from pathlib import Path
from urllib.parse import urlparse

import pytest
from tusclient.client import TusClient

from broken_line import line_to
from crowd import Crowd, crowd_in, server
from installation import Installation

BREAKS = 10
MB = 1 << 20


def film(file: Path, size: int) -> str:
    """A file of that size that no compression makes small; its SHA-256."""
    digest, block = hashlib.sha256(b""), os.urandom(MB)
    with file.open("wb") as out:
        for n in range(size // MB):
            piece = n.to_bytes(8, "big") + block[8:]
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def peak(pid: int) -> int:
    """The most memory that a process of the server's group has held so far, in MB."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == pid:
                lines = (folder / "status").read_text().splitlines()
                found += [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")]
        except (OSError, ProcessLookupError):
            continue
    return max(found)


def asked(crowd: Crowd, address: str) -> dict[str, object]:
    """What the server tells of a whole upload."""
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {crowd.token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        told: dict[str, object] = json.load(answer)
    return told


@pytest.mark.parametrize(
    ("size", "piece"),
    [(44 * MB, 1 << 62), pytest.param(2048 * MB, 256 * MB, marks=pytest.mark.deep)],
    ids=["44 MB", "2 GB"],
)
def test_a_line_that_breaks_ten_times(
    installation: Installation, tmp_path: Path, size: int, piece: int
) -> None:
    crowd, file = crowd_in(installation), tmp_path / "film.mp4"
    digest = film(file, size)
    cuts = [size * n // (BREAKS + 1) for n in range(1, BREAKS + 1)]
    port = urlparse(crowd.address).port or 0
    with server(installation, port) as running, line_to(port, cuts) as line:
        before = peak(running.pid)
        client = TusClient(
            f"http://127.0.0.1:{line.port}/api/v1/uploads/",
            headers={"Authorization": f"Bearer {crowd.token}"},
        )
        told = {"filename": "现场录像.mp4", "filetype": "video/mp4", "sha256": digest}
        sender = client.uploader(
            str(file), chunk_size=piece, metadata=told, retries=BREAKS + 1, retry_delay=0
        )
        sender.upload()
        kept = asked(crowd, str(sender.url).replace(str(line.port), str(port)))
        most = peak(running.pid)
    assert line.broken == BREAKS and not line.cuts
    assert (kept["digest"], kept["size"], kept["name"]) == (digest, size, "现场录像.mp4")
    place = installation.data / "evidence" / digest[:2] / digest[2:4] / digest
    assert place.stat().st_size == size
    again = (line.sent - size) / size
    print(f"{size / MB:.0f} MB, {line.broken} breaks: {again:.2%} sent again, {before} → {most} MB of memory")
    assert again <= 0.05 and most < 300
