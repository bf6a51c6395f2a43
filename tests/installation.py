"""An installation as a user has it: a data folder, a database of its own, the real command line, a real server.

For tests that drive the product from outside. Under SANXIANG_DATABASE_URL each installation gets a PostgreSQL database that is
dropped afterwards; otherwise SQLite in the folder. Tests inside Django use pytest-django's `db`, which rolls back: our rows refuse
to be flushed, so `transactional_db` cannot work here.
"""

import atexit
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import psycopg
import pytest

START_SECONDS = 60


@dataclass(frozen=True)
class Installation:
    """One data folder and the environment in which commands see it."""

    data: Path
    env: dict[str, str] = field(repr=False)

    def run(self, *words: str, stdin: str = "", timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """`sanxiang WORDS` in a process of its own; nothing is checked."""
        command = [sys.executable, "-m", "sanxiang", *words]
        return subprocess.run(
            command, env=self.env, input=stdin, capture_output=True, text=True, timeout=timeout, check=False
        )

    def json(self, *words: str, code: int = 0, stdin: str = "") -> Any:
        """The JSON that a command prints; its exit code must be `code`."""
        done = self.run(*words, "--json", stdin=stdin)
        assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    def init(self, locality: str, agency: str) -> Any:
        """`sanxiang init` over tables that stand there already: to make them takes far longer than all the rest of it."""
        if urlparse(self.env["SANXIANG_DATABASE_URL"]).netloc == urlparse(server_url()).netloc:
            self.plant_tables()
        return self.json("init", "--locality", locality, "--agency", agency)

    def plant_tables(self) -> None:
        """Copy the empty tables that another installation of this process made."""
        url, kept = self.env["SANXIANG_DATABASE_URL"], empty_tables()
        if not url:
            self.data.chmod(0o700)  # as `init` leaves a folder that is new; now it finds something in it
            shutil.copyfile(kept, self.data / "sanxiang.sqlite3")
            return
        name = urlparse(url).path[1:]
        with psycopg.connect(server_url(), autocommit=True) as admin:
            admin.execute(f'drop database "{name}" with (force)')
            admin.execute(f'create database "{name}" template "{kept}"')

    @contextlib.contextmanager
    def serve(self, *words: str) -> Iterator[str]:
        """`sanxiang serve` on a free port for the time of the block; yields its address without a slash at the end."""
        port = free_port()
        command = [sys.executable, "-m", "sanxiang", "serve", "--port", str(port), *words]
        with (self.data / "serve.log").open("ab") as log:
            server = subprocess.Popen(command, env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server, self.data / "serve.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    """True when the address says 200."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def wait_for(
    address: str, server: subprocess.Popen[bytes], log: Path, seconds: float = START_SECONDS
) -> None:
    """Return when the address answers 200; fail with the server's own words when it does not."""
    patience = time.monotonic() + seconds
    while time.monotonic() < patience and server.poll() is None:
        if answers(address):
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} does not answer\n{log.read_text(errors='replace')[-3000:]}")


def server_url() -> str:
    """The PostgreSQL of this run; empty text for SQLite."""
    return os.environ.get("SANXIANG_DATABASE_URL", "")


TABLES = """
import argparse
from sanxiang.commands import django as setup
setup.start(argparse.Namespace(data=None), must_exist=False)
setup.migrated()
"""


@cache
def empty_tables() -> str:
    """A database with every table and no row in them, made once in this process: its file, or its name at the server."""
    closing = contextlib.ExitStack()
    atexit.register(closing.close)
    folder = closing.enter_context(tempfile.TemporaryDirectory(prefix="sanxiang-tables-"))
    made = closing.enter_context(new_installation(Path(folder) / "data"))
    subprocess.run([sys.executable, "-c", TABLES], env=made.env, check=True, stdin=subprocess.DEVNULL)
    url = made.env["SANXIANG_DATABASE_URL"]
    return urlparse(url).path[1:] if url else str(made.data / "sanxiang.sqlite3")


@contextlib.contextmanager
def fresh_database() -> Iterator[str]:
    """The address of an empty database, dropped afterwards; empty text for SQLite."""
    url = server_url()
    if not url:
        yield ""
        return
    name = f"sanxiang_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'create database "{name}"')
    try:
        yield urlparse(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'drop database if exists "{name}" with (force)')


@contextlib.contextmanager
def new_installation(data: Path) -> Iterator[Installation]:
    """An empty data folder with its database; nothing has been run in it."""
    data.mkdir(parents=True, exist_ok=True)
    with fresh_database() as url:
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith(("SANXIANG_", "DJANGO_", "PYTEST_"))
        }
        kept = {k: os.environ[k] for k in ("SANXIANG_PACKS", "SANXIANG_FONTS") if k in os.environ}
        place = {"SANXIANG_DATA": str(data), "SANXIANG_DATABASE_URL": url, "PYTHONUTF8": "1"}
        yield Installation(data, {**inherited, **kept, **place})


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An empty installation for one test."""
    with new_installation(tmp_path / "data") as made:
        yield made


@pytest.fixture(scope="module")
def installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Installation]]:
    """Makes installations that live as long as the module, for those that are costly to fill."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(new_installation(tmp_path_factory.mktemp("installation") / "data"))
