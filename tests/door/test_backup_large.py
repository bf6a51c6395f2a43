"""A hundred thousand acts: how long backup and restore take, and that neither holds the database in memory."""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from figures import engine
from figures import told as tell

from installation import Installation

pytestmark = pytest.mark.deep

ACTS = 100_000
MOST_MB = 400
"""Django with all rooms takes about 150; the rows as text alone would take as much again."""

PEAK = """
import resource, sys
from sanxiang.cli import main
main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""
FILL = f"""
import django; django.setup()
from django.db import transaction
from django.utils import timezone
from sanxiang.door.log.installation import ID, record
from sanxiang.door.models import Installation
from sanxiang.ledger.leaf import Entry, Signed, build
from sanxiang.ledger.models import Act, Opening, Pending
from sanxiang.ledger.publish import publish
from sanxiang.ledger.sequencer import sequence_all
from sanxiang.ledger.verify import INSTALLATION
record("begun", "开始", {{}})
row, now = Installation.objects.get(id=ID), timezone.now()
who = Signed(None, "运维人员", "operator", now.date().isoformat(), now)
n, head = row.n, row.head
while n < {ACTS}:
    acts, openings = [], []
    for _ in range(5000):
        n += 1
        act, told = build(Entry(INSTALLATION, ID, n, head, "filled", "填充", {{"note": ("内容" * 20, "case")}}), who)
        head = act.leaf_hash
        acts.append(act)
        openings += [Opening(act=act, name=a, salt=s, value=v, secrecy=k) for a, s, v, k in told]
    with transaction.atomic():
        Act.objects.bulk_create(acts, 1000)
        Opening.objects.bulk_create(openings, 1000)
        Pending.objects.bulk_create([Pending(act=act) for act in acts], 1000)
        Installation.objects.filter(id=ID).update(n=n, head=head)
sequence_all()
publish()
"""


def test_a_hundred_thousand_acts(
    installations: Callable[[], Installation], installation: Installation, tmp_path: Path
) -> None:
    full = installations()
    full.json("init", "--locality", "kaiyuan", "--agency", "开原市司法局（试）")
    env = {**full.env, "DJANGO_SETTINGS_MODULE": "sanxiang.settings"}
    subprocess.run([sys.executable, "-c", FILL], env=env, check=True)
    began = time.monotonic()
    command = [sys.executable, "-c", PEAK, "backup", str(tmp_path / "large.tar"), "--json"]
    done = subprocess.run(command, env=full.env, capture_output=True, text=True, check=True)
    saved, saving = json.loads(done.stdout), time.monotonic() - began
    assert int(done.stderr.split()[-1]) < MOST_MB * 1024, "kilobytes"
    began = time.monotonic()
    command[3:] = ["restore", str(tmp_path / "large.tar"), "--no-erasures", "--json"]
    done = subprocess.run(command, env=installation.env, capture_output=True, text=True, check=True)
    told, restoring = json.loads(done.stdout), time.monotonic() - began
    assert told["verified"] and told["rows"] == saved["rows"] and saved["rows"]["ledger_act"] > ACTS
    size = (tmp_path / "large.tar").stat().st_size
    figures = {
        "acts": saved["rows"]["ledger_act"],
        "rows": sum(saved["rows"].values()),
        "megabytes": size >> 20,
    }
    times = {"backup_s": round(saving, 1), "restore_s": round(restoring, 1), "parts_s": told["seconds"]}
    tell("R7", f"large {engine()}", **figures, **times, peak_mb=int(done.stderr.split()[-1]) >> 10)
    seconds, files = made_again(full)
    per_million = round(seconds * 1e6 / saved["rows"]["ledger_entry"], 1)
    tell("R9", engine(), files=files, other_bytes=0, seconds=round(seconds, 1), s_per_million=per_million)


def made_again(place: Installation) -> tuple[float, int]:
    """The tiles of both trees are lost, and the next signature writes them again byte for byte: the seconds, how many files."""
    before = tiles_of(place.data)
    for path in before:
        (place.data / path).unlink()
    code = "import django; django.setup()\nfrom sanxiang.ledger.publish import publish\npublish()"
    env, began = {**place.env, "DJANGO_SETTINGS_MODULE": "sanxiang.settings"}, time.monotonic()
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    seconds = time.monotonic() - began
    assert tiles_of(place.data) == before
    return seconds, len(before)


def tiles_of(data: Path) -> dict[str, str]:
    """Each file of both trees, what it is by its digest."""
    found = [
        path for name in ("log", "log-sm3") for path in (data / name / "tile").rglob("*") if path.is_file()
    ]
    found += [data / name / "checkpoint" for name in ("log", "log-sm3")]
    return {
        path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found
    }
