"""R15: two servers on one data folder and one database at once, one of them killed again and again; one history (I2 to I6)."""

import os
import random
import signal
import time
from itertools import cycle
from pathlib import Path
from urllib.parse import urlparse

import pytest
from figures import count, told
from places import ENGINES, durable
from watching import check_history, signed_up_to, watching

from crowd import Crowd, check_promises, crowd_in, server
from installation import free_port


class Spread(Crowd):
    """Clients that knock at one server, then at the other."""

    addresses: cycle  # type: ignore[type-arg]

    @property
    def address(self) -> str:
        """Where to knock this time."""
        return str(next(self.addresses))

    @address.setter
    def address(self, value: str) -> None:
        """The first of the two."""
        self.addresses = cycle((value, f"http://127.0.0.1:{free_port()}"))


@pytest.mark.deep
@pytest.mark.parametrize("engine", ENGINES)
def test_two_servers_write_one_history(engine: str, tmp_path: Path) -> None:
    rounds, chance = count("ROUNDS", 4), random.Random(15)
    with durable(engine, tmp_path) as (place, _):
        plain = crowd_in(place)
        crowd = Spread(plain.told, plain.token, plain.address)
        one, two = crowd.address, crowd.address
        with server(place, urlparse(one).port or 0, "--workers", "2"), watching(one) as watcher:
            crowd.begin()
            for _ in range(rounds):
                with server(place, urlparse(two).port or 0, "--workers", "2") as second:
                    crowd.progress()
                    time.sleep(chance.uniform(1, 2))
                    os.killpg(second.pid, signal.SIGKILL)
            with server(place, urlparse(two).port or 0):
                time.sleep(2)
                crowd.end()
                signed_up_to(one)
                time.sleep(0.3)
        figures = check_promises(place, crowd)
        figures |= check_history(place, watcher, {ack[0] for ack in crowd.acks})
    assert figures["acknowledged"] > 10
    told("R15", engine, servers=2, sequencers=2, kills=rounds, **figures)
