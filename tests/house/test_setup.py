"""The server that tests start for themselves is gone afterwards, however they end."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import psycopg
import pytest

from source_tree import ROOT

BESIDE = [sys.executable, str(ROOT / "tools" / "postgres.py"), "--"]
TELL = "import os, sys; print(os.environ['SANXIANG_DATABASE_URL'], flush=True); "


def is_up(url: str) -> bool:
    """True while the server takes our password."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the server makes its temporary folder: unlike pytest's own, open to the ordinary user it runs as."""
    with tempfile.TemporaryDirectory(prefix="sanxiang-house-") as made:
        Path(made).chmod(0o777)
        yield Path(made)


def test_the_server_is_gone_after_a_failing_command(folder: Path) -> None:
    here = {**os.environ, "TMPDIR": str(folder)}
    ask = (
        TELL
        + "import psycopg; psycopg.connect(os.environ['SANXIANG_DATABASE_URL']).execute('select 1'); sys.exit(7)"
    )
    done = subprocess.run(
        [*BESIDE, sys.executable, "-c", ask], env=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 7, done.stderr
    address = urlparse(done.stdout.strip())
    assert address.hostname == "127.0.0.1" and address.password
    assert not is_up(done.stdout.strip()) and list(folder.iterdir()) == []


def test_the_server_is_gone_when_the_tests_are_terminated(folder: Path) -> None:
    here = {**os.environ, "TMPDIR": str(folder)}
    wait = [*BESIDE, sys.executable, "-c", TELL + "import time; time.sleep(60)"]
    with subprocess.Popen(
        wait, env=here, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as beside:
        assert beside.stdout
        url = beside.stdout.readline().strip()
        assert is_up(url)
        os.killpg(beside.pid, signal.SIGTERM)
        assert beside.wait(30) != 0
    patience = time.monotonic() + 10
    while is_up(url) and time.monotonic() < patience:
        time.sleep(0.1)
    assert not is_up(url) and list(folder.iterdir()) == []
