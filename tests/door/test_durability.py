"""The server is killed without warning, again and again, under load: what it acknowledged is there, and nothing is half done.

tests/faults asks the same of workers and of the database, by the hundred.
"""

import os
import random
import signal
import time
from urllib.parse import urlparse

import pytest

from crowd import Crowd, check_promises, crowd_in, server
from installation import Installation

SEED = 20261121


def killed(place: Installation, times: int) -> Crowd:
    """Load from four clients while the server is killed so many times; the clients end beside a server that stays."""
    crowd, chance = crowd_in(place), random.Random(SEED)
    port = urlparse(crowd.address).port or 0
    for number in range(times):
        with server(place, port) as running:
            if number == 0:
                crowd.begin()
            time.sleep(chance.uniform(0.3, 3.0))
            os.killpg(running.pid, signal.SIGKILL)
    with server(place, port):
        time.sleep(3)
        crowd.end()
        time.sleep(0.5)  # two rounds of the sequencer
    return crowd


def test_killed_twice(installation: Installation) -> None:
    crowd = killed(installation, 2)
    assert len(crowd.acks) >= 10 and crowd.again
    check_promises(installation, crowd)


@pytest.mark.deep
def test_killed_fifty_times(installation: Installation) -> None:
    crowd = killed(installation, 50)
    assert len(crowd.acks) >= 100 and crowd.again
    check_promises(installation, crowd)
