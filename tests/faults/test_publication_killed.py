"""R5: the workers are killed while a decision is being published: the public sees it if and only if the act is in the ledger, once.

The push to the platform above comes with a later issue; the time stamp and the witness look at the log, not at the act.
"""

import json
import os
import random
import signal
import time
import urllib.request
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlparse

import pytest
from clerks import Knocked, knock, office_ready
from cluster import children
from figures import count, told
from places import ENGINES, durable
from watching import check_history, signed_up_to, watching

from beside import client
from crowd import LOST, server
from installation import free_port

pytestmark = pytest.mark.deep


def published(address: str, party: str) -> int:
    """How many decisions about this party the public can see; asked until somebody answers."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        with (
            suppress(*LOST),
            urllib.request.urlopen(
                f"{address}/api/v1/public/decisions?q={quote(party)}", timeout=20
            ) as answer,
        ):
            return len(json.load(answer)["items"])
        time.sleep(0.05)
    raise AssertionError("nobody answers")


def again(address: str, job: tuple[str, str, str, dict[str, Any]], key: str) -> Knocked:
    """The same act with the same key until it is answered."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        found = knock(address, *job, key)
        if found.status not in (0, 503):
            return found
        time.sleep(0.05)
    raise AssertionError("nobody answers")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_decision_is_public_if_and_only_if_the_act_is_done(engine: str, tmp_path: Path) -> None:
    times, chance, seen = count("PUBLICATIONS", 20) // 2, random.Random(5), Counter[str]()
    with durable(engine, tmp_path) as (place, _):
        office = office_ready(place, times)
        address = f"http://127.0.0.1:{free_port()}"
        waits = []
        with (
            watching(address) as watcher,
            server(place, urlparse(address).port or 0, "--workers", "2") as running,
        ):
            for number, (case, digest) in enumerate(office["publish"].items()):
                job = (office["tokens"]["disclosure-approver"], case, "publish", {"digest": digest})
                key, party = str(uuid.uuid4()), f"云溪公{number + 1}号砂场"
                assert published(address, party) == 0
                with ThreadPoolExecutor(1) as hand:
                    first = hand.submit(knock, address, *job, key)
                    time.sleep(chance.uniform(0, 0.3))
                    for worker in children(running.pid):
                        with suppress(ProcessLookupError):
                            os.kill(worker, signal.SIGKILL)
                began = time.monotonic()
                visible = published(address, party)
                answer = again(address, job, key)
                waits.append(time.monotonic() - began)
                done_before = answer.status == 200 or first.result().status == 201
                assert answer.status in (200, 201) and visible == int(done_before), (first.result(), answer)
                assert published(address, party) == 1
                seen["before the kill" if done_before else "after it"] += 1
            signed_up_to(address)
            time.sleep(0.3)
        held = json.loads(client(place, "audit"))
        published_acts = Counter(case for _, case, _, name in held["acts"] if name == "publish")
        assert published_acts == Counter(dict.fromkeys(office["publish"], 1))
        assert place.json("ledger", "verify")["valid"]
        figures = check_history(place, watcher, {act for act, *_ in held["acts"]})
    told(
        "R5",
        engine,
        kills=times,
        done=dict(seen),
        orphan_pages=0,
        doubled=0,
        longest_s=round(max(waits), 2),
        **figures,
    )
