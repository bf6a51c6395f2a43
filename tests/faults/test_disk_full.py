"""R3: the volume of the database, of the papers or of the log is full under load: nothing acknowledged is lost, and the service
goes on by itself once there is room."""

import contextlib
import errno
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
from cluster import cluster
from figures import told
from places import installation_on
from watching import check_history, metric, signed_up_to, watching

from crowd import Crowd, check_promises, crowd_in, server

pytestmark = pytest.mark.deep
FULL = 4.0
"""Seconds for which there is no room, or longer: until something was tried that needs it."""
PATIENCE = 120.0


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
    """Take all the room that there is; the system must have said that there is no more."""
    file = place / "filler"
    with file.open("ab", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            with pytest.raises(OSError) as full:
                while out.write(b"\0" * size):
                    pass
            assert full.value.errno == errno.ENOSPC
    return file


def no_room_for_a_while(place: Path, felt: Callable[[], bool]) -> float:
    """The volume is full, and stays so until it was felt: what the service clears away meanwhile is taken at once. The seconds."""
    began = time.monotonic()
    while time.monotonic() - began < FULL or not felt():
        assert time.monotonic() - began < PATIENCE, "nothing failed, so nothing was tried"
        fill(place)
        time.sleep(0.05)
    fill(place)
    return round(time.monotonic() - began, 1)


NO_ROOM = re.compile(
    "磁盘已满|No space left on device|database or disk is full|could not (?:extend|write|create) [a-z ]+"
)
"""How the service, the database library and the database server say it in their logs."""


def failed(crowd: Crowd, log: Path, before: int) -> dict[str, Any]:
    """Which acts were put off and how that was told, and what the log has of it since there was none."""
    text = log.read_bytes()[before:].decode(errors="replace")
    return {
        "put_off": dict(sorted(crowd.put_off.items())),
        "said_in_log": dict(Counter(NO_ROOM.findall(text))),
    }


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
                logged, before = (place.data / "serve.log").stat().st_size, len(crowd.acks)
                filler = fill(small)
                calls = partial(failed, crowd, place.data / "serve.log", logged)
                mark = "said_in_log" if part == "log" else "put_off"
                full = no_room_for_a_while(small, lambda: bool(calls()[mark]))
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
            figures = calls()
            figures |= check_promises(place, crowd)
            figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    if part == "log":
        assert meanwhile > 0, "acts are taken in while nothing can be signed"
        assert not figures["put_off"]
    if part == "papers":
        assert {key.split(": ")[1] for key in figures["put_off"]} == {"unavailable"}
    told(
        "R3",
        part or "sqlite",
        full_s=full,
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
            logged, before = (database.folder / "log").stat().st_size, len(crowd.acks)
            filler = fill(small)
            calls = partial(failed, crowd, database.folder / "log", logged)
            full = no_room_for_a_while(small, lambda: any(calls().values()))
            meanwhile = len(crowd.acks) - before
            filler.unlink()
            room = time.monotonic()
            database.start()  # a no-op unless it gave up: then whatever watches over it starts it, as here
            crowd.progress()
            again = time.monotonic() - room
            crowd.end()
            signed_up_to(crowd.address)
            time.sleep(0.3)
        figures = calls()
        figures |= check_promises(place, crowd)
        figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    told(
        "R3",
        "postgresql",
        full_s=full,
        acknowledged_meanwhile=meanwhile,
        acts_again_s=round(again, 2),
        **figures,
    )
    open_to_all.rmdir()
