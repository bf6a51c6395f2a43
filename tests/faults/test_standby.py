"""R4: the database is restarted under load, or dies and its standby takes over; nothing acknowledged is lost or done twice."""

import signal
import time
from pathlib import Path
from urllib.parse import urlparse

import pytest
from cluster import Cluster, cluster, standby_of
from figures import count, told
from places import durable, installation_on
from watching import check_history, signed_up_to, watching

from crowd import check_promises, crowd_in, server

pytestmark = pytest.mark.deep


def test_the_database_is_restarted(tmp_path: Path) -> None:
    times = count("RESTARTS", 3)
    with durable("postgresql", tmp_path) as (place, database):
        assert database is not None
        crowd = crowd_in(place)
        with (
            server(place, urlparse(crowd.address).port or 0, "--workers", "2"),
            watching(crowd.address) as watcher,
        ):
            crowd.begin()
            for _ in range(times):
                crowd.progress()
                restart(database)
                crowd.progress()
            crowd.end()
            signed_up_to(crowd.address)
            time.sleep(0.3)
        figures = check_promises(place, crowd)
        figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    told("R4", "restart", restarts=times, away_s=round(crowd.longest_wait(), 2), **figures)


def restart(database: Cluster) -> None:
    """As an operator does: no new work, the running statements broken off, down, up."""
    assert database.process is not None
    database.process.send_signal(signal.SIGINT)
    database.process.wait(60)
    database.start()


def test_the_standby_takes_over(tmp_path: Path) -> None:
    with cluster() as primary, standby_of(primary) as standby:
        hosts = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
        url = f"postgresql://sanxiang:{primary.password}@{hosts}/postgres"
        place = installation_on(tmp_path / "data", url)
        crowd = crowd_in(place)
        with (
            server(place, urlparse(crowd.address).port or 0, "--workers", "2"),
            watching(crowd.address) as watcher,
        ):
            crowd.begin()
            crowd.progress()
            time.sleep(3)
            primary.kill()
            dead = time.monotonic()
            standby.ask("SELECT pg_promote()")
            crowd.progress()
            away = time.monotonic() - dead
            time.sleep(3)
            crowd.end()
            signed_up_to(crowd.address)
            time.sleep(0.3)
        figures = check_promises(place, crowd)
        figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    told("R4", "standby", away_s=round(away, 2), synchronous=True, **figures)
