"""R5: the workers are killed while a decision is being published: the public sees it if and only if the act is in the ledger, once;
and each checkpoint has its witness's line once, and its time stamp, which a stranger accepts.

The push to the platform above comes with a later issue.
"""

import json
import os
import random
import signal
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlparse
from zoneinfo import ZoneInfo

import pytest
from clerks import Knocked, knock, office_ready
from figures import count, told
from places import ENGINES, durable
from watching import check_history, signed_up_to, watching

from authority import Authority, authority
from beside import client
from crowd import LOST, server
from installation import Installation, free_port
from processes import children
from sanxiang.demo import stories
from sanxiang.ledger.tlog.note import parse_note
from sanxiang.ledger.tlog.stamping import told_time
from witnessed import running_witness

pytestmark = pytest.mark.deep
BEIJING = ZoneInfo("Asia/Shanghai")
NAME = "witness.sfj.example.test"


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


@contextmanager
def watched_over(place: Installation, tsa: Authority, folder: Path) -> Iterator[dict[str, str]]:
    """A witness whose line is the quorum, and a time stamp authority: what the server is told of them."""
    ours = place.json("ledger", "vkey")["vkey"]
    (place.data / "tsa-roots").mkdir()
    (place.data / "tsa-roots" / "root.pem").write_text(tsa.root, encoding="ascii")
    with running_witness(folder / "witness", "--name", NAME, logs=[ours]) as witness:
        theirs = witness.get("/vkey")[2].decode().split("\n")[0]
        policy = f"log {ours}\nwitness sfj {theirs} {witness.address}\nquorum sfj\n"
        (place.data / "policy").write_text(policy, encoding="utf-8")
        yield {"SANXIANG_TSA_URL": tsa.url}


def stamp_wanted(address: str, office: dict[str, Any], case: str) -> None:
    """Decide another case: a decision asks for a time stamp, so that the kill that follows may hit that as well."""
    two = [office["people"][who] for who in ("officer1", "officer2")]
    data = {"officers": two, "decision": stories.penalty("200"), "signed": "signed"}
    job = (office["tokens"]["officer1"], case, "decide-on-spot", data)
    assert again(address, job, str(uuid.uuid4())).status in (200, 201)


def once_each(address: str, place: Installation, tsa: Authority, seen: list[str]) -> dict[str, int]:
    """The lines and stamps: no signer twice under any checkpoint, the witness under the last one. Every stamp holds for what
    lies beside it in the export for whoever supervises; the public is shown the day's first alone."""
    patience = time.monotonic() + 60
    while NAME not in (last := read(f"{address}/log/checkpoint")):
        assert time.monotonic() < patience, "the last checkpoint is not witnessed"
        time.sleep(0.1)
    for text in [*seen, last]:
        signers = Counter(line.name for line in parse_note(text).signatures)
        assert set(signers.values()) == {1}, signers
    place.json("ledger", "export", str(place.data.parent / "handed-over"))
    handed = place.data.parent / "handed-over" / "extra" / "stamps"
    stamps, days = sorted(int(file.stem) for file in handed.glob("*.tsr")), set()
    assert stamps, "nothing was stamped"
    for size in stamps:
        reply, text = (handed / f"{size}.tsr").read_bytes(), (handed / f"{size}.checkpoint").read_text()
        assert int(text.split("\n")[1]) == size
        assert tsa.accepts(reply, text.encode()), size
        day = told_time(reply).astimezone(BEIJING).date()
        for kind in ("tsr", "checkpoint"):
            wanted = 404 if day in days else 200
            assert status(f"{address}/log/stamps/{size}.{kind}") == wanted, (size, kind)
        days.add(day)
    left = [file.name for file in (place.data / "stamps").iterdir() if file.suffix != ".tsr"]
    assert not [name for name in left if not name.startswith(".")], left
    witnessed = sum(NAME in text for text in seen)
    assert witnessed, "outsiders saw no witness's line while workers died"
    return {"witnessed_seen": witnessed, "stamps": len(stamps)}


def read(address: str) -> str:
    """The text at an address."""
    with urllib.request.urlopen(address, timeout=20) as answer:
        return str(answer.read().decode())


def status(address: str) -> int:
    """With what an address answers."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("engine", ENGINES)
def test_a_decision_is_public_if_and_only_if_the_act_is_done(engine: str, tmp_path: Path) -> None:
    times, chance, seen = count("PUBLICATIONS", 20) // 2, random.Random(5), Counter[str]()
    with (
        durable(engine, tmp_path) as (place, _),
        authority(tmp_path / "tsa") as tsa,
    ):
        office = office_ready(place, times)
        address = f"http://127.0.0.1:{free_port()}"
        waits = []
        with (
            watched_over(place, tsa, tmp_path) as env,
            watching(address) as watcher,
            server(place, urlparse(address).port or 0, "--workers", "2", env=env) as running,
        ):
            for number, (case, digest) in enumerate(office["publish"].items()):
                stamp_wanted(address, office, office["decide"][number])
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
            kept = once_each(address, place, tsa, watcher.seen["log"])
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
        **kept,
        **figures,
    )
