"""Clients that know what they were promised: every acknowledgement is written down after the whole answer has come.

An act whose answer never came is sent again with the same key, so at the end it is known to have been done exactly once.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from beside import client, office_in
from installation import Installation, free_port, wait_for
from sanxiang.demo import stories

HANDS = 4
PATIENCE = 600
"""Seconds that a client waits for a server that is down."""
LOST = (urllib.error.URLError, ConnectionError, TimeoutError, http.client.HTTPException, json.JSONDecodeError)
"""What a killed server looks like from outside."""
AWAY = 503
"""What a server says whose database is away: the client does not know whether the act was done."""


@dataclass
class Crowd:
    """What the clients know: who acts for them, and every acknowledgement (act, case, n, name)."""

    told: dict[str, Any]
    token: str
    address: str = ""
    over: threading.Event = field(default_factory=threading.Event)
    acks: list[tuple[str, str, int, str]] = field(default_factory=list)
    took: list[tuple[float, float]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    hands: list[threading.Thread] = field(default_factory=list)
    again: int = 0
    made: int = 0
    put_off: Counter[str] = field(default_factory=Counter)
    """Acts that could not be done for now, each with the code that the answer gave: how often."""

    def send(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """One act with a key of its own, sent until it is answered; None when it is refused or nobody answers."""
        data = json.dumps({**body, "idempotency_key": str(uuid.uuid4())}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        patience = time.monotonic() + PATIENCE
        while time.monotonic() < patience:
            began = time.monotonic()
            try:
                request = urllib.request.Request(self.address + path, data, headers)
                with urllib.request.urlopen(request, timeout=30) as answer:
                    done: dict[str, Any] = json.load(answer)
            except urllib.error.HTTPError as error:
                said = error.read().decode(errors="replace")
                if error.code != AWAY:
                    self.troubles.append(f"{path}: {error.code} {said[:500]}")
                    return None
                found = re.search(r'"code": ?"([a-z-]+)"', said)
                self.put_off[f"{path.rsplit('/', 1)[-1]}: {found[1] if found else error.code}"] += 1
            except LOST:
                pass
            else:
                self.acks.append((done["act"], done["case"], done["n"], done["name"]))
                self.took.append((began, time.monotonic()))
                return done
            self.again += 1
            time.sleep(0.05)
        self.troubles.append(f"{path}: no answer in {PATIENCE} s")
        return None

    def work(self, seat: int) -> None:
        """Cases decided on the spot, from the scene to the service, one after the other until the run is over."""
        while not self.over.is_set() and not self.troubles:
            self.made += 1
            party = {**stories.party(), "name": f"云溪{seat}号{self.made}行"}
            steps = acts(self.told["people"], party)
            done = self.send("/api/v1/cases", {"procedure": "summary", "data": steps[0][1]})
            for name, data in steps[1:]:
                if done is None or self.over.is_set():
                    break
                done = self.send(f"/api/v1/cases/{done['case']}/acts/{name}", {"data": data})

    def begin(self, hands: int = HANDS) -> None:
        """Set the clients to work."""
        self.hands = [threading.Thread(target=self.work, args=(seat,), daemon=True) for seat in range(hands)]
        for hand in self.hands:
            hand.start()

    def end(self) -> None:
        """Let each finish the act it is at; the server must be there."""
        self.over.set()
        for hand in self.hands:
            hand.join(PATIENCE + 30)

    def progress(self, seconds: float = PATIENCE) -> None:
        """Return as soon as something more was acknowledged: whatever comes next comes under load."""
        before, patience = len(self.acks), time.monotonic() + seconds
        while len(self.acks) == before and not self.troubles and time.monotonic() < patience:
            time.sleep(0.01)
        assert len(self.acks) > before and not self.troubles, self.troubles or "nothing is acknowledged"

    def longest_wait(self) -> float:
        """Seconds between one acknowledgement and the next, at the most."""
        moments = sorted(end for _, end in self.took)
        return max((b - a for a, b in pairwise(moments)), default=0.0)


def crowd_in(place: Installation) -> Crowd:
    """Clients for an empty installation, which gets an office; nobody works yet and nothing is served."""
    told = office_in(place, 0)
    user = told["users"]["officer1"]
    issued = place.json("token", "issue", user, "--name", "耐久试验", "--scope", "act", "--scope", "read")
    return Crowd(told, issued["token"], f"http://127.0.0.1:{free_port()}")


def acts(people: dict[str, str], party: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What one case says, act by act: with papers, numbers, tasks and clocks in it."""
    two = {"officers": [people["officer1"], people["officer2"]]}
    today = time.strftime("%Y-%m-%d")
    scene = {
        "party": party,
        "cause": "未按规定公示取水信息",
        "occurred_on": "2026-03-02",
        "occurred_at": "厂区",
    }
    shown = {"shown_to": [{"name": "现场负责人", "relation": "工作人员"}], "mode": "shown", "place": "厂区"}
    seen = {"place": "厂区", "began": f"{today}T00:01", "ended": f"{today}T00:02", "present": "现场负责人"}
    told = {
        "told_reason": "检查",
        "told_basis": "《行政处罚法》第五十一条",
        "told_content": "查看",
        "told_rights": "陈述申辩",
    }
    return [
        ("start-summary", {**scene, **two}),
        ("show-certificate", {**shown, **two}),
        (
            "inspect",
            {**seen, **two, "signed": "signed", "record": "未公示取水信息。", **stories.UNFILMED},
        ),
        (
            "tell-on-spot",
            {
                **told,
                **two,
                "told_kinds": ["fine"],
                "told_fine": "200",
                "explained": "逐项说明",
                "answer": "没有意见",
            },
        ),
        ("decide-on-spot", {**two, "decision": stories.penalty("200"), "signed": "signed"}),
        ("serve-on-spot", {**two, "receiver": "法定代表人"}),
    ]


@contextlib.contextmanager
def server(
    place: Installation, port: int, *words: str, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The server with everything that it started, in a group of its own, so that a kill takes all of it; `env` stands beside
    the installation's environment."""
    command = [sys.executable, "-m", "sanxiang", "serve", "--port", str(port), *words]
    log = place.data / "serve.log"
    with log.open("ab") as out:
        started = subprocess.Popen(
            command,
            env={**place.env, **(env or {})},
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", started, log)
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def check_promises(place: Installation, crowd: Crowd) -> dict[str, int]:
    """Nothing acknowledged is lost, nothing is half or double, act and leaf go together, the whole verifies; the figures."""
    assert not crowd.troubles, crowd.troubles
    held = json.loads(client(place, "audit"))
    found = {act: (case, n, name) for act, case, n, name in held["acts"]}
    lost = [ack for ack in crowd.acks if found.get(ack[0]) != ack[1:]]
    assert not lost, f"{len(lost)} of {len(crowd.acks)} acknowledged acts lost: {lost[:5]}"
    doubled = {
        key: n
        for key, n in Counter(
            (case, name) for case, _, name in found.values() if case in held["cases"]
        ).items()
        if n > 1
    }
    assert not doubled, "an act sent again was done again"
    steps = Counter(case for case, _, _ in found.values())
    assert {case: n for case, (n, _) in held["cases"].items()} == {c: steps[c] for c in held["cases"]}
    assert sorted(held["logged"]) == sorted(found) and held["waiting"] == [], (
        "an act for each leaf, a leaf for each act"
    )
    sent = {ack[0] for ack in crowd.acks}
    assert {act for act, (case, _, _) in found.items() if case in held["cases"]} == sent, (
        "every act got its answer in the end"
    )
    assert place.json("ledger", "verify")["valid"]
    return {
        "acknowledged": len(sent),
        "sent_again": crowd.again,
        "cases": len(held["cases"]),
        "lost": len(lost),
        "doubled": len(doubled),
        "half_cases": 0,
    }
