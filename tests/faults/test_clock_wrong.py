"""R10: the served process sees another time: nothing is written behind the ledger's time, and a case's order stays.

The time is shifted by a few lines of C before the C library (shift.c): libfaketime also moves the clock that Python waits by.
"""

import json
import shutil
import subprocess
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

DAY = 86400
NOW = int(time.time())
BEHIND = {"-1 h": (-3600, "503"), "-1 d": (-DAY, "503"), "1970": (DAY - NOW, "401")}
AHEAD = {
    "+1 h": (3600, "201"),
    "+1 d": (DAY, "201"),
    "2038": (2_147_558_400 - NOW, "401"),
    "2100": (4_107_542_400 - NOW, "401"),
}
"""Seconds, and with what a token of the coming year is answered then. 2038 is a day after a signed number of 32 bits is full,
2100 a day after a 29 February that is none."""
STEP = -30
"""Seconds by which a time server sets a clock back, and more than a second that comes twice: acts go on, the log's time stands."""
ZONES = ("UTC", "Asia/Urumqi", "America/St_Johns")

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(
        shutil.which("cc") is None, reason="needs a C compiler to shift the time of a process"
    ),
]


@pytest.fixture(scope="module")
def shifter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that shifts the time."""
    made = tmp_path_factory.mktemp("shift") / "shift.so"
    source = Path(__file__).with_name("shift.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(made), str(source), "-ldl"], check=True)
    return made


def tried(
    place: Installation, crowd: Crowd, shift: Path | None = None, off: int = 0, zone: str = ""
) -> tuple[str, int]:
    """What a client is told who opens a case while the server's clock is off by so many seconds; and how far /metrics says it is behind."""
    env = {"LD_PRELOAD": str(shift), "SHIFT_SECONDS": str(off)} if shift else {}
    env |= {"TZ": zone} if zone else {}
    party = {**stories.party(), "name": f"云溪{time.monotonic_ns()}行"}
    data = acts(crowd.told["people"], party)[0][1]
    headers = {"Authorization": f"Bearer {crowd.token}", "Content-Type": "application/json"}
    body = json.dumps({"procedure": "summary", "data": data}).encode()
    with server(place, urlparse(crowd.address).port or 0, env=env):
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
    answer, late = tried(place, crowd)
    assert answer.startswith("503") and "accept-clock" in answer and late > 300, answer
    (said,) = [one for one in place.json("doctor", code=1)["checks"] if one["what"] == "时钟"]
    assert not said["ok"] and "accept-clock" in said["text"]
    place.json("ledger", "accept-clock")
    assert tried(place, crowd)[0] == "201"
    assert place.run("ledger", "accept-clock").returncode == 1
    return late


def test_the_clock_of_the_server_is_wrong(tmp_path: Path, shifter: Path) -> None:
    place = installation_on(tmp_path / "data")
    crowd = crowd_in(place)
    with watching(crowd.address) as watcher:
        assert tried(place, crowd)[0] == "201"
        refused = {}
        for clock, (off, expected) in BEHIND.items():
            answer, refused[clock] = tried(place, crowd, shifter, off)
            assert answer.startswith(expected) and refused[clock] > 3000, (clock, answer)
            assert expected == "401" or "时钟" in answer
        answer, step = tried(place, crowd, shifter, STEP)
        assert answer == "201" and 0 < step < 60, answer
        for zone in ZONES:
            assert tried(place, crowd, zone=zone)[0] == "201", zone
        ahead = {}
        for clock, (off, expected) in AHEAD.items():
            answer, _ = tried(place, crowd, shifter, off)
            assert answer.startswith(expected), (clock, answer)
            ahead[clock] = put_right(place, crowd)
    held = json.loads(client(place, "audit"))
    figures = check_history(place, watcher, {act for act, *_ in held["acts"]})
    assert place.json("ledger", "verify")["valid"]
    told(
        "R10",
        refused_behind_s=refused,
        taken_behind_s=step,
        ahead_then_put_right_s=ahead,
        zones=list(ZONES),
        **figures,
    )
