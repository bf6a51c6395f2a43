"""Evidence over HTTP into the store, with SHA-256 and SM3 and synced, against `cp FILE COPY && sha256sum FILE` of the same file.

`ratio` is that of a file which is the body itself, as a long film is best sent; `ratio_form` that of one in a form.
"""

import argparse
import http.client
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bench import door_modes
from sanxiang.people.models import Person, Post
from sanxiang.people.tokens import issue_token

PIECE = 1 << 20
EDGE = "------------------------sanxiang"
FORM = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="v.bin"\r\nContent-Type: video/mp4\r\n\r\n'


def token() -> str:
    """A machine's token with an officer's post."""
    _, officers = door_modes.prepare(1)
    post = Post.objects.filter(person=Person.objects.get(id=officers[0]), role="officer").get()
    now = timezone.now()
    return issue_token(post, "bench", ["act"], now + timedelta(days=1), now)[0]


@contextmanager
def server() -> Iterator[int]:
    """`sanxiang serve` on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    running = subprocess.Popen([sys.executable, "-m", "sanxiang", "serve", "--port", str(port)])
    try:
        for _ in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        running.terminate()
        running.wait()


def sent(port: int, bearer: str, file: Path, form: bool) -> None:
    """Upload a file as any client does: in a form, or as the body itself."""
    head = tail = b""
    kind, address = "video/mp4", "/api/v1/files?name=v.mp4"
    if form:
        head = FORM.encode()
        tail = f"\r\n--{EDGE}--\r\n".encode()
        kind, address = f"multipart/form-data; boundary={EDGE}", "/api/v1/files"
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    link.putrequest("POST", address)
    link.putheader("Authorization", f"Bearer {bearer}")
    link.putheader("Content-Type", kind)
    link.putheader("Content-Length", str(len(head) + file.stat().st_size + len(tail)))
    link.endheaders()
    link.send(head)
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            link.send(piece)
    link.send(tail)
    answer = link.getresponse()
    if answer.status != 201:
        raise RuntimeError(answer.read().decode())


def fresh(place: Path, megabytes: int) -> Path:
    """A file that the store has not seen; it begins like a film, for programs are not taken in."""
    file = place / secrets.token_hex(4)
    block = os.urandom(PIECE)
    with file.open("wb") as out:
        out.write(b"\0\0\0\x20ftypisom" + secrets.token_bytes(20))
        for _ in range(megabytes):
            out.write(block)
    os.sync()  # what is still to be written of it must slow neither of the two
    return file


def timed(run: list[str]) -> float:
    """Seconds of a shell command."""
    began = time.perf_counter()
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Interleaved rounds; megabytes a second and the median ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    bearer, theirs = token(), []
    ours: dict[bool, list[float]] = {False: [], True: []}
    with server() as port, tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        for _ in range(args.rounds):
            file = fresh(Path(folder), args.megabytes)
            theirs.append(timed(["sh", "-c", f"cp {file} {file}.copy && sha256sum {file}"]))
            file.with_name(f"{file.name}.copy").unlink()
            for form, seconds in ours.items():
                began = time.perf_counter()
                sent(port, bearer, file, form)
                seconds.append(time.perf_counter() - began)
                file.unlink()
                file = fresh(Path(folder), args.megabytes)
            file.unlink()
    told = {
        "megabytes": args.megabytes,
        "ingest_mb_s": round(args.megabytes / statistics.median(ours[False]), 1),
        "form_mb_s": round(args.megabytes / statistics.median(ours[True]), 1),
        "cp_sha256sum_mb_s": round(args.megabytes / statistics.median(theirs), 1),
        "ratio": ratio(theirs, ours[False]),
        "ratio_form": ratio(theirs, ours[True]),
    }
    print(json.dumps(told))


def ratio(theirs: list[float], ours: list[float]) -> float:
    """The median of theirs ÷ ours, round by round."""
    return round(statistics.median(a / b for a, b in zip(theirs, ours, strict=True)), 3)


if __name__ == "__main__":
    main()
