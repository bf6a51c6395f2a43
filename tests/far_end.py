"""Another system, as docs/exchange.md wants it: a process of its own with a file of its own, spoken to over a socket.

It can be taken away and brought back, refuse, hang, break, answer after having lost the message, or forget a record. `log` is what
was taken in, in order; `records` is what it has.
"""

import contextlib
import json
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any

TABLES = """
create table if not exists records (subject text primary key, digest text, body text);
create table if not exists log (n integer primary key autoincrement, key text unique, subject text, event text, body text);
create table if not exists mode (name text);
"""
GONE = ("withdraw", "remove")
PAGE = 100


class Store:
    """What the other system keeps."""

    def __init__(self, path: str) -> None:
        self.lock, self.db = Lock(), sqlite3.connect(path, check_same_thread=False)
        self.db.executescript(TABLES)

    def ask(self, sql: str, *values: Any) -> list[Any]:
        """One statement, kept at once."""
        with self.lock, self.db:
            return self.db.execute(sql, values).fetchall()

    @property
    def mode(self) -> str:
        """How it behaves now."""
        rows = self.ask("select name from mode")
        return rows[0][0] if rows else ""

    def take(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A message: once a key. The same receipt for the same key."""
        if known := self.ask("select n from log where key = ?", key):
            return 200, {"receipt": f"R{known[0][0]}"}
        if body["event"] in GONE:
            self.ask("delete from records where subject = ?", body["subject"])
        elif body["event"] != "stage":
            told = json.dumps(body["record"], ensure_ascii=False)
            self.ask("insert or replace into records values (?, ?, ?)", body["subject"], body["digest"], told)
        row = (key, body["subject"], body["event"], json.dumps(body, ensure_ascii=False))
        self.ask("insert into log (key, subject, event, body) values (?, ?, ?, ?)", *row)
        return 201, {"receipt": f"R{self.ask('select max(n) from log')[0][0]}"}


class Handler(BaseHTTPRequestHandler):
    """The three addresses: /messages, /records, and /control for whoever tests."""

    store: Store
    secret: str

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def answer(self, status: int, body: Any) -> None:
        """JSON."""
        text = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(text)

    def body(self) -> Any:
        """What was sent."""
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")

    def do_GET(self) -> None:
        """What it has, by pages."""
        if self.secret and self.headers.get("Authorization") != f"Bearer {self.secret}":
            return self.answer(401, {"error": "凭据不对"})
        after = self.path.partition("?after=")[2].replace("%3A", ":")
        rows = self.store.ask(
            "select subject, digest from records where subject > ? order by subject limit ?", after, PAGE
        )
        found = [{"subject": subject, "digest": digest} for subject, digest in rows]
        if self.store.mode == "repeat":
            return self.answer(200, {"records": found, "next": "a"})
        if self.store.mode in ("digest", "subject"):
            return self.answer(
                200, {"records": [{**one, self.store.mode: None} for one in found], "next": ""}
            )
        self.answer(200, {"records": found, "next": found[-1]["subject"] if len(found) == PAGE else ""})
        return None

    def do_POST(self) -> None:
        """A message, or how to behave from now on."""
        body = self.body()
        if self.path == "/control":
            self.store.ask("delete from mode")
            self.store.ask("insert into mode values (?)", body["mode"])
            return self.answer(200, {})
        if self.secret and self.headers.get("Authorization") != f"Bearer {self.secret}":
            return self.answer(401, {"error": "凭据不对"})
        mode = self.store.mode
        if mode == "refuse":
            return self.answer(422, {"error": "缺少行政相对人代码"})
        if mode == "broken":
            return self.answer(503, {"error": "正在维护"})
        if mode == "hang":
            time.sleep(3)
        status, said = self.store.take(self.headers["Idempotency-Key"], body)
        if mode == "lose-answer":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return None
        self.answer(status, said)
        return None


def serve(port: int, path: str, secret: str) -> None:
    """Until killed."""
    kind = type("Bound", (Handler,), {"store": Store(path), "secret": secret})
    ThreadingHTTPServer(("127.0.0.1", port), kind).serve_forever()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class FarEnd:
    """The other system as a test holds it."""

    folder: Path
    secret: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def path(self) -> Path:
        """Its own file."""
        return self.folder / "far-end.sqlite3"

    def start(self) -> None:
        """Bring it up and wait until it listens."""
        words = [sys.executable, __file__, str(self.port), str(self.path), self.secret]
        self.process = subprocess.Popen(words)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.5):
                return
            time.sleep(0.05)
        raise AssertionError("the far end does not come up")

    def stop(self) -> None:
        """Take it away; what it has it keeps."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def behave(self, mode: str = "") -> None:
        """refuse, broken, hang, lose-answer; of the list repeat, or without its digest or subject; nothing is good behaviour."""
        request = urllib.request.Request(f"{self.url}/control", json.dumps({"mode": mode}).encode())
        urllib.request.urlopen(request, timeout=5).read()

    def ask(self, sql: str, *values: Any) -> list[Any]:
        """What stands in its file."""
        with contextlib.closing(sqlite3.connect(self.path)) as db, db:
            return db.execute(sql, values).fetchall()

    @property
    def records(self) -> dict[str, Any]:
        """What it has, by subject."""
        return {subject: json.loads(body) for subject, body in self.ask("select subject, body from records")}

    @property
    def log(self) -> list[tuple[str, str]]:
        """Subject and event of every message that it took in, in order."""
        return self.ask("select subject, event from log order by n")

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """Every message that it took in."""
        return [json.loads(body) for (body,) in self.ask("select body from log order by n")]


@contextlib.contextmanager
def far_end(folder: Path, secret: str = "") -> Iterator[FarEnd]:
    """A far end that is gone afterwards."""
    side = FarEnd(folder, secret)
    side.start()
    try:
        yield side
    finally:
        side.stop()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "")
