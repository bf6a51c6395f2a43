"""R13: a data folder of the release before the trees comes to this one, also when the upgrade is killed on the way: no leaf changes,
everything verifies, and the log is signed."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from figures import count, told
from places import ENGINES, durable
from watching import act_of, check_history, signed_up_to, watching

from crowd import server
from installation import Installation, free_port

BEFORE_TREES = "1b6ef85"
ROOT = Path(__file__).resolve().parent.parent.parent
LEAVES = """
import json, django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT id, leaf, leaf_hash FROM ledger_act")
    print(json.dumps({leaf_hash: bytes(leaf).hex() for _, leaf, leaf_hash in cursor.fetchall()}))
"""
pytestmark = pytest.mark.deep


def older(folder: Path) -> Path:
    """The sources of that release, from the history; the test is skipped where there is none."""
    folder.mkdir()
    made = subprocess.run(["git", "archive", BEFORE_TREES], cwd=ROOT, capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no git history with the release before the trees")
    subprocess.run(["tar", "x", "-C", str(folder)], input=made.stdout, check=True)
    return folder


def by_old(place: Installation, sources: Path, *words: str) -> str:
    """A program of the old release in this installation."""
    path = os.pathsep.join(str(sources / name) for name in ("src", "tests", "tests/pages"))
    done = subprocess.run(
        [sys.executable, *words],
        env={**place.env, "PYTHONPATH": path, "SANXIANG_PACKS": str(sources / "packs")},
        cwd=sources,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def leaves(place: Installation) -> dict[str, str]:
    """Every leaf under its hash, as they are in the database, whatever else its shape is."""
    env = {**place.env, "DJANGO_SETTINGS_MODULE": "sanxiang.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LEAVES], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, str] = json.loads(done.stdout)
    return found


def killed_upgrades(place: Installation, times: int) -> int:
    """Start the server so many times and kill it somewhere in its upgrade; how often it was not through."""
    chance, early = random.Random(13), 0
    command = [sys.executable, "-m", "sanxiang", "serve", "--port", str(free_port())]
    for _ in range(times):
        out = (place.data / "serve.log").open("ab")
        with out:
            started = subprocess.Popen(command, env=place.env, stdout=out, stderr=out, start_new_session=True)
        time.sleep(chance.uniform(1.0, 6.0))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        early += unfinished(place)
    return early


def unfinished(place: Installation) -> bool:
    """Are there migrations to do?"""
    found = {one["what"]: one["ok"] for one in doctor(place)}
    return not found["数据库"]


def doctor(place: Installation) -> list[dict[str, object]]:
    """What doctor finds, whatever its exit code."""
    found: list[dict[str, object]] = json.loads(place.run("doctor", "--json").stdout)["checks"]
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_an_older_release_comes_over_whole(engine: str, tmp_path: Path) -> None:
    sources = older(tmp_path / "older")
    with durable(engine, tmp_path) as (place, _):
        by_old(
            place,
            sources,
            "-m",
            "sanxiang",
            "init",
            "--locality",
            "kaiyuan",
            "--agency",
            "开原市司法局（试）",
        )
        by_old(place, sources, "tests/clients.py", "prepare", str(count("CASES", 10)))
        by_old(place, sources, "-m", "sanxiang", "ledger", "verify", "--json")
        before = leaves(place)
        early = killed_upgrades(place, count("UPGRADES", 4))
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        with server(place, port), watching(address) as watcher:
            signed_up_to(address)
            time.sleep(0.3)
        after = leaves(place)
        changed = [hash for hash, leaf in before.items() if after.get(hash) != leaf]
        assert not changed
        assert place.json("ledger", "verify")["valid"]
        old = {act_of(bytes.fromhex(leaf)) for leaf in before.values()}
        figures = check_history(place, watcher, old)
    told(
        "R13",
        engine,
        **{"from": BEFORE_TREES},
        leaves=len(before),
        changed=0,
        killed=count("UPGRADES", 4),
        killed_early=early,
        **figures,
    )
