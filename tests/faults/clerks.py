"""People who knock by HTTP, each with a token, many at the same moment; what each was told and when."""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crowd import LOST
from installation import Installation

OFFICE = Path(__file__).resolve().parent / "office.py"


@dataclass(frozen=True)
class Knocked:
    """One request with its answer: `status` 0 where none came."""

    case: str
    act: str
    status: int
    body: dict[str, Any]
    began: float
    ended: float

    @property
    def n(self) -> int:
        """The place in the case of an act that was done."""
        return int(self.body.get("n", 0))


def office_ready(place: Installation, count: int) -> dict[str, Any]:
    """An office with cases before their publication and before their decision; and a token for whoever acts."""
    place.json("init", "--locality", "kaiyuan", "--agency", "开原市司法局（试）")
    command = [sys.executable, str(OFFICE), "ready", str(count)]
    done = subprocess.run(command, env=place.env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout)
    told["tokens"] = {
        who: place.json("token", "issue", told["users"][who], "--name", "并发试验", "--scope", "act", "--scope", "read")["token"]
        for who in ("officer1", "officer2", "disclosure-editor", "disclosure-approver", "agency-head", "archivist")
    }  # fmt: skip
    return told


def knock(address: str, token: str, case: str, act: str, data: dict[str, Any], key: str = "") -> Knocked:
    """One act tried once."""
    body = {"data": data, **({"idempotency_key": key} if key else {})}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    path = f"{address}/api/v1/cases/{case}/acts/{act}"
    began = time.monotonic()
    try:
        request = urllib.request.Request(path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, told = answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        status, told = error.code, json.loads(error.read() or b"{}")
    except LOST as error:
        status, told = 0, {"lost": str(error)}
    return Knocked(case, act, status, told, began, time.monotonic())


def at_once(jobs: list[tuple[str, str, str, str, dict[str, Any]]], hands: int) -> list[Knocked]:
    """All of them (arguments of `knock`), so many at a time, all hands starting at the same moment."""
    answers: list[Knocked] = []
    gate, turn, left = threading.Barrier(hands), threading.Lock(), iter(jobs)

    def hand() -> None:
        gate.wait()
        while True:
            with turn:
                job = next(left, None)
            if job is None:
                return
            answers.append(knock(*job))

    threads = [threading.Thread(target=hand) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
