"""R3: the volume of the database, of the papers or of the log is full under load: nothing acknowledged is lost, and the service
goes on by itself once there is room."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from cluster import cluster
from figures import told
from places import installation_on
from watching import check_history, metric, signed_up_to, watching

from crowd import check_promises, crowd_in, server

pytestmark = pytest.mark.deep
FULL = 4.0
"""Seconds for which there is no room."""


@contextlib.contextmanager
def volume(place: Path, megabytes: int) -> Iterator[Path]:
    """A small file system of its own, where we may mount one."""
    place.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system, and not in every container")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path) -> Path:
    """Take all the room that there is."""
    file = place / "filler"
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while out.write(b"\0" * size):
                    pass
    return file


@pytest.mark.parametrize("part", ["", "papers", "log"])
def test_a_full_volume_of_the_data_folder(part: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with volume(data, 96) if not part else contextlib.nullcontext(data):
        place = installation_on(data)
        crowd = crowd_in(place)
        with volume(data / part, 64) if part else contextlib.nullcontext(data) as small:
            with (
                watching(crowd.address) as watcher,
                server(place, urlparse(crowd.address).port or 0, "--workers", "2"),
            ):
                crowd.begin(3)
                crowd.progress()
                filler = fill(small)
                before = len(crowd.acks)
                time.sleep(FULL)
                meanwhile = len(crowd.acks) - before
                filler.unlink()
                room = time.monotonic()
                crowd.progress()
                acts_again = time.monotonic() - room
                signed_before = metric(crowd.address, "ledger_signed")
                while metric(crowd.address, "ledger_signed") <= signed_before:
                    assert time.monotonic() - room < 60
                    time.sleep(0.05)
                signed_again = time.monotonic() - room
                crowd.end()
                signed_up_to(crowd.address)
                time.sleep(0.3)
            figures = check_promises(place, crowd)
            figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    if part == "log":
        assert meanwhile > 0, "acts are taken in while nothing can be signed"
    told(
        "R3",
        part or "sqlite",
        full_s=FULL,
        acknowledged_meanwhile=meanwhile,
        acts_again_s=round(acts_again, 2),
        signed_again_s=round(signed_again, 2),
        **figures,
    )


def test_a_full_volume_of_the_database_server(tmp_path: Path) -> None:
    open_to_all = Path(
        tempfile.mkdtemp(prefix="sanxiang-volume-")
    )  # the database's account must come through
    with (
        volume(open_to_all, 256) as small,
        cluster("min_wal_size=32MB", "max_wal_size=48MB", where=small) as database,
    ):
        place = installation_on(tmp_path / "data", database.url)
        crowd = crowd_in(place)
        with (
            watching(crowd.address) as watcher,
            server(place, urlparse(crowd.address).port or 0, "--workers", "2"),
        ):
            crowd.begin(3)
            crowd.progress()
            filler, before = fill(small), len(crowd.acks)
            time.sleep(FULL)
            meanwhile = len(crowd.acks) - before
            filler.unlink()
            room = time.monotonic()
            database.start()  # a no-op unless it gave up: then whatever watches over it starts it, as here
            crowd.progress()
            again = time.monotonic() - room
            crowd.end()
            signed_up_to(crowd.address)
            time.sleep(0.3)
        figures = check_promises(place, crowd)
        figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    told(
        "R3",
        "postgresql",
        full_s=FULL,
        acknowledged_meanwhile=meanwhile,
        acts_again_s=round(again, 2),
        **figures,
    )
    open_to_all.rmdir()
