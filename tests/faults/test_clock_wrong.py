"""R10: the served process sees another time: nothing is written behind the ledger's time, and a case's order stays."""

import json
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlparse

import pytest
from figures import told
from places import installation_on
from watching import check_history, metric, signed_up_to, watching

from beside import client
from crowd import Crowd, acts, crowd_in, server
from installation import Installation
from sanxiang.demo import stories

NOW = ""
BEHIND = ("-1h", "-1d", "@1970-01-02 00:00:00")
AHEAD = {"+1h": "201", "+1d": "201", "@2038-01-20 00:00:00": "401", "@2100-03-01 00:00:00": "401"}
"""What a token of a year answers then."""
ZONES = ("UTC", "Asia/Urumqi", "America/St_Johns")
PLAIN = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(shutil.which("faketime") is None, reason="needs Debian's faketime"),
]


def tried(place: Installation, crowd: Crowd, clock: str, zone: str = "") -> tuple[str, int]:
    """What a client is told who opens a case while the server has this clock, and how far /metrics says it is behind."""
    wrap = ("faketime", "-f", clock) if clock else ()
    env = {**PLAIN, **({"TZ": zone} if zone else {})}
    party = {**stories.party(), "name": f"云溪{time.monotonic_ns()}行"}
    data = acts(crowd.told["people"], party)[0][1]
    headers = {"Authorization": f"Bearer {crowd.token}", "Content-Type": "application/json"}
    body = json.dumps({"procedure": "summary", "data": data}).encode()
    with server(place, urlparse(crowd.address).port or 0, env=env, wrap=wrap):
        try:
            request = urllib.request.Request(f"{crowd.address}/api/v1/cases", body, headers)
            with urllib.request.urlopen(request, timeout=30) as answer:
                said = str(answer.status)
        except urllib.error.HTTPError as error:
            said = f"{error.code} {error.read().decode()}"
        late = metric(crowd.address, "clock_behind_seconds")
        signed_up_to(crowd.address)
    return said, late


def put_right(place: Installation, crowd: Crowd) -> int:
    """After a time ahead nothing is taken by the right clock until an operator says that it is right; seconds that it went ahead."""
    answer, late = tried(place, crowd, NOW)
    assert answer.startswith("503") and "accept-clock" in answer and late > 300, answer
    (said,) = [one for one in place.json("doctor", code=1)["checks"] if one["what"] == "时钟"]
    assert not said["ok"] and "accept-clock" in said["text"]
    place.json("ledger", "accept-clock")
    assert tried(place, crowd, NOW)[0] == "201"
    assert place.run("ledger", "accept-clock").returncode == 1
    return late


def test_the_clock_of_the_server_is_wrong(tmp_path: Path) -> None:
    place = installation_on(tmp_path / "data")
    crowd = crowd_in(place)
    with watching(crowd.address) as watcher:
        assert tried(place, crowd, NOW)[0] == "201"
        refused = {}
        for clock in BEHIND:
            answer, refused[clock] = tried(place, crowd, clock)
            assert answer.startswith("503") and "时钟" in answer and refused[clock] > 3000, (clock, answer)
        for zone in ZONES:
            assert tried(place, crowd, NOW, zone)[0] == "201", zone
        ahead = {}
        for clock, expected in AHEAD.items():
            answer, _ = tried(place, crowd, clock)
            assert answer.startswith(expected), (clock, answer)
            ahead[clock] = put_right(place, crowd)
    held = json.loads(client(place, "audit"))
    figures = check_history(place, watcher, {act for act, *_ in held["acts"]})
    assert place.json("ledger", "verify")["valid"]
    told("R10", refused_behind_s=refused, ahead_then_put_right_s=ahead, zones=list(ZONES), **figures)
