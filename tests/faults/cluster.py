"""A PostgreSQL cluster of a test: durable, on a port that it keeps, killed without warning and started again; with a standby if wanted."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

import postgres
import system
from processes import children

RECOVERY = 600
"""Seconds at the most until a killed server takes connections again, on a machine that is busy with other things."""


@dataclass
class Cluster:
    """One server with its folder. `name` and `password` are the one account's."""

    folder: Path
    port: int
    password: str = field(repr=False)
    settings: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its one database."""
        return f"postgresql://sanxiang:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start or start again; returns when connections are taken, after whatever recovery it takes."""
        options = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            *("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=100"),
            *("shared_buffers=128MB", "checkpoint_timeout=30s", "max_wal_senders=4", "wal_level=replica"),
            *self.settings,
        ]
        words = [word for option in options for word in ("-c", option)]
        binaries = folder_of_binaries()
        user = postgres.unprivileged()
        patience = time.monotonic() + RECOVERY
        while time.monotonic() < patience:
            if self.process is None or self.process.poll() is not None:
                self.process = postgres.command(
                    user, str(binaries / "postgres"), "-D", str(self.folder / "data"), *words, cwd=self.folder
                )
            if postgres.answers(binaries, self.port):
                return
            time.sleep(0.02)
        raise AssertionError(postgres.log_of(self.folder))

    def kill(self) -> int:
        """kill -9 of the server and of every process that it started; how many."""
        assert self.process is not None
        main = self.process.pid
        os.kill(main, signal.SIGSTOP)  # it must not start new ones meanwhile
        family = [main, *children(main)]
        for one in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()
        while any(Path(f"/proc/{one}").exists() for one in family[1:]):
            time.sleep(0.005)  # a server does not start beside what is left of the one before
        return len(family)

    def stop(self) -> None:
        """Without ado."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of a statement, in a connection of its own."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def words(self, program: str, *words: str) -> None:
        """One of PostgreSQL's programs, as the server's user; it must succeed."""
        made = postgres.command(
            postgres.unprivileged(), str(folder_of_binaries() / program), *words, cwd=self.folder
        )
        assert made.wait(120) == 0, postgres.log_of(self.folder)


def folder_of_binaries() -> Path:
    """Where PostgreSQL's programs are; the test is skipped where there are none."""
    found = system.postgres_folder()
    if found is None:
        pytest.skip("no PostgreSQL server on this machine")
    return found


@contextlib.contextmanager
def cluster(*settings: str, where: Path | None = None) -> Iterator[Cluster]:
    """A new cluster for the time of the block. `where` is an empty folder on the file system that shall hold it."""
    binaries = folder_of_binaries()
    folder = Path(tempfile.mkdtemp(prefix="sanxiang-pg-", dir=where))
    one = Cluster(folder, postgres.free_port(), secrets.token_hex(12), list(settings))
    try:
        postgres.create(binaries, folder, postgres.unprivileged(), one.password)
        one.start()
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def standby_of(primary: Cluster) -> Iterator[Cluster]:
    """A standby that follows the primary; from then on a commit waits until it is on both."""
    folder = Path(tempfile.mkdtemp(prefix="sanxiang-pg-"))
    user = postgres.unprivileged()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    one = Cluster(folder, postgres.free_port(), primary.password)
    source = f"host=127.0.0.1 port={primary.port} user=sanxiang password={primary.password} application_name=second"
    try:
        one.words(
            "pg_basebackup", "-D", str(folder / "data"), "-R", "-X", "stream", "-c", "fast", "-d", source
        )
        one.start()
        primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'second'")
        primary.ask("SELECT pg_reload_conf()")
        patience = time.monotonic() + 30
        while primary.ask("SELECT sync_state FROM pg_stat_replication") != [("sync",)]:
            assert time.monotonic() < patience, postgres.log_of(folder)
            time.sleep(0.1)
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)
