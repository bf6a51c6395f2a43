"""R1: kill -9 of the whole service, of the database, of single workers, under load; nothing acknowledged is lost, nothing is half.

SANXIANG_KILLS says how many kills in all, over both databases: a tenth whole services, a tenth database servers, the rest workers.
"""

import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlparse

import pytest
from cluster import Cluster
from figures import count, told
from places import ENGINES, durable
from watching import check_history, signed_up_to, watching

from crowd import Crowd, check_promises, crowd_in, server
from installation import Installation
from processes import children

SEED = 20261122
WORKERS = ("--workers", "2")


@dataclass
class Killed:
    """What was killed how often, and how long it took until something was acknowledged again."""

    times: dict[str, int] = field(default_factory=dict)
    back: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, crowd: Crowd) -> None:
        """One more; wait until the service is back."""
        self.times[what] = self.times.get(what, 0) + 1
        began = time.monotonic()
        crowd.progress()
        self.back.setdefault(what, []).append(time.monotonic() - began)

    def figures(self) -> dict[str, object]:
        """As told."""
        back = {what: round(median(seconds), 2) for what, seconds in self.back.items()}
        worst = {what: round(max(seconds), 2) for what, seconds in self.back.items()}
        return {
            "kills": sum(self.times.values()),
            "kills_of": self.times,
            "back_median_s": back,
            "back_max_s": worst,
        }


def kill_worker(running: subprocess.Popen[bytes], crowd: Crowd, chance: random.Random, done: Killed) -> None:
    """One of its three processes, two that serve and one with the sequencer; another is started in its place."""
    time.sleep(chance.uniform(0, 0.25))
    while True:  # between looking and killing the process may have gone, and for a moment there is none
        try:
            os.kill(chance.choice(children(running.pid) or [0x7FFFFFFF]), signal.SIGKILL)
            break
        except ProcessLookupError:
            time.sleep(0.05)
    done.add("worker", crowd)


def ordeal(place: Installation, database: Cluster | None, kills: dict[str, int]) -> tuple[Crowd, Killed]:
    """All kills of this engine in a random order, but for those of the whole service, between which the others stand."""
    crowd, chance, done = crowd_in(place), random.Random(SEED), Killed()
    port = urlparse(crowd.address).port or 0
    rounds = max(1, kills["service"])
    with watching(crowd.address) as watcher:
        for number in range(rounds):
            with server(place, port, *WORKERS) as running:
                if number == 0:
                    crowd.begin()
                    crowd.progress()
                else:
                    done.add("service", crowd)
                shares = {what: part(kills[what], number, rounds) for what in ("worker", "database")}
                kill_parts(running, database, crowd, chance, done, shares)
                time.sleep(chance.uniform(0, 0.5))
                os.killpg(running.pid, signal.SIGKILL)
        with server(place, port, *WORKERS):
            done.add("service", crowd)
            crowd.end()
            signed_up_to(crowd.address)
            time.sleep(0.3)
    figures = check_promises(place, crowd)
    figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    told("R1", "postgresql" if database else "sqlite", **done.figures(), **figures)
    return crowd, done


def kill_parts(
    running: subprocess.Popen[bytes],
    database: Cluster | None,
    crowd: Crowd,
    chance: random.Random,
    done: Killed,
    shares: dict[str, int],
) -> None:
    """Workers and database servers in any order, while the rest of the service stays."""
    order = [what for what, times in shares.items() for _ in range(times)]
    chance.shuffle(order)
    for what in order:
        if what == "worker":
            kill_worker(running, crowd, chance, done)
        elif database is not None:
            time.sleep(chance.uniform(0, 0.5))
            database.kill()
            database.start()
            done.add("database", crowd)


def part(whole: int, number: int, rounds: int) -> int:
    """This round's share of so many."""
    return whole * (number + 1) // rounds - whole * number // rounds


@pytest.mark.deep
@pytest.mark.parametrize("engine", ENGINES)
def test_killed_under_load(engine: str, tmp_path: Path) -> None:
    kills = count("KILLS", 100)
    both = {"service": kills // 20, "worker": kills * 2 // 5}
    wanted = {**both, "database": kills // 10 if engine == "postgresql" else 0}
    with durable(engine, tmp_path) as (place, database):
        crowd, done = ordeal(place, database, wanted)
    assert done.times.get("worker") == wanted["worker"] and len(crowd.acks) >= wanted["worker"]
