"""A backup is tried before it is needed; and it goes from either database to either."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from figures import engine
from figures import told as tell

from beside import BUREAU, add_unit, run_inside
from installation import Installation

LATER = "7d1f6f0e-50a5-4b63-9f54-5d2c6a1c3b11"
"""An act that ordered an erasure after the backup was made."""


@pytest.fixture(scope="module")
def bureau(installations: Callable[[], Installation]) -> Installation:
    """A bureau that was set up and signed its log."""
    place = installations()
    place.init("kaiyuan", BUREAU)
    place.json("ledger", "export", str(place.data.parent / "export"))
    return place


def test_a_drill_restores_and_compares_and_is_an_act(bureau: Installation, tmp_path: Path) -> None:
    refused = bureau.run("backup", "--drill")
    assert refused.returncode == 1 and "还没有备份过" in refused.stderr
    told = bureau.json("backup", str(tmp_path / "one.tar"))
    add_unit(bureau, "稽查中队")
    report = bureau.json("backup", "--drill")
    assert report["ok"] and report["same_log"] and report["sha256"] == told["sha256"]
    assert report["newer"]["ledger_act"] == 1
    tried = [one["database"] for one in report["trials"]]
    assert tried == (["sqlite", "postgresql"] if bureau.env["SANXIANG_DATABASE_URL"] else ["sqlite"])
    assert all(one["ok"] and one["seconds"]["restore"] > 0 for one in report["trials"])
    assert sorted(one.suffix for one in (bureau.data / "drills").iterdir()) == [".json", ".txt"]
    said = run_inside(
        bureau, "print(json.dumps(list(Act.objects.filter(name='drilled').values_list('kind', flat=True))))"
    )
    assert said == ["installation"]
    checks = {one["what"]: one for one in json.loads(bureau.run("doctor", "--json").stdout)["checks"]}
    assert checks["备份"]["text"] == checks["恢复演练"]["text"] == "今天做过"


def test_a_drill_of_a_damaged_backup_fails(bureau: Installation, tmp_path: Path) -> None:
    bureau.json("backup", str(tmp_path / "two.tar"))
    whole = (tmp_path / "two.tar").read_bytes()
    (tmp_path / "two.tar").write_bytes(whole[: len(whole) // 2])
    report = bureau.json("backup", "--drill", code=1)
    assert not report["ok"] and "two.tar" in report["trials"][0]["why"]
    checks = {one["what"]: one for one in json.loads(bureau.run("doctor", "--json").stdout)["checks"]}
    assert not checks["恢复演练"]["ok"] and "two.tar" in checks["恢复演练"]["text"]


@pytest.mark.deep
def test_there_and_back(bureau: Installation, installation: Installation, tmp_path: Path) -> None:
    """From this run's database into SQLite and back into this run's database: the rows are the same all the way."""
    erased = run_inside(
        bureau,
        "row = Opening.objects.filter(name='name').values_list('act_id', 'name')[0]\n"
        "print(json.dumps({'act': str(row[0]), 'names': [row[1]], 'by': '" + LATER + "'}))",
    )
    (tmp_path / "erasures.jsonl").write_text(json.dumps(erased))
    first = bureau.json("backup", str(tmp_path / "first.tar"))
    laptop = replace(
        installation,
        data=tmp_path / "laptop",
        env={**installation.env, "SANXIANG_DATA": str(tmp_path / "laptop"), "SANXIANG_DATABASE_URL": ""},
    )
    there = laptop.json(
        "restore", str(tmp_path / "first.tar"), "--erasures", str(tmp_path / "erasures.jsonl")
    )
    assert there["verified"] and there["rows"] == first["rows"]
    assert there["erased"] == 0 and there["refused"], "the name of an agency is nobody's personal data"
    second = laptop.json("backup", str(tmp_path / "second.tar"))
    back = installation.json("restore", str(tmp_path / "second.tar"), "--no-erasures")
    assert back["verified"] and back["rows"] == second["rows"]
    kept = (
        "print(json.dumps([[str(a.id), a.leaf_hash, a.at.isoformat()] for a in Act.objects.order_by('id')]))"
    )
    before, after = run_inside(bureau, kept), run_inside(installation, kept)
    assert [row for row in after if row in before] == before and len(after) == len(before) + 3
    value = (
        f"row = Opening.objects.get(act='{erased['act']}', name='name')\n"
        "print(json.dumps([row.value, row.salt, str(row.erased_by or '')]))"
    )
    assert run_inside(bureau, value)[0] == BUREAU
    assert run_inside(installation, value)[0] == BUREAU
    lines = (installation.data / "erasures.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [erased], "the order is kept, and nothing was erased again"
    with installation.serve():
        assert installation.json("ledger", "verify")["valid"]
    tell("R8", engine(), erased=there["erased"], there_after_restore=0, restores=2)


FULL = """
import errno, os, sys
from sanxiang.cli import main
def full(*args):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
os.fsync = full
sys.exit(main(sys.argv[1:]))
"""


def on_a_full_disk(place: Installation, *words: str) -> str:
    """What a command says when nothing more fits on the disk; it must be one sentence."""
    command = [sys.executable, "-c", FULL, *words]
    done = subprocess.run(command, env=place.env, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


@pytest.mark.alike
def test_a_full_disk_leaves_nothing_half(bureau: Installation, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    assert "磁盘已满" in on_a_full_disk(bureau, "backup", str(there / "x.tar"))
    assert not list(there.iterdir())
    bureau.json("backup", str(there / "x.tar"))
    fresh = replace(bureau, data=tmp_path / "fresh", env={**bureau.env, "SANXIANG_DATABASE_URL": ""})
    words = ("restore", str(there / "x.tar"), "--no-erasures", "--data", str(fresh.data))
    assert "磁盘已满" in on_a_full_disk(fresh, *words)
    assert not list(fresh.data.iterdir())


TAKEN = (
    "rows = Act.objects.filter(name__in=('backed-up', 'exported')).order_by('n')\n"
    "print(json.dumps([[one.name, one.entry.idx, dict(one.openings.values_list('name', 'value'))] for one in rows]))"
)


@pytest.mark.alike
def test_who_takes_everything_away_stands_in_what_is_taken(
    installation: Installation, tmp_path: Path
) -> None:
    """A backup and an export are acts, in the log before anything is written; a database that takes none is backed up too."""
    installation.init("kaiyuan", BUREAU)
    for again in range(2):
        told = installation.json("backup", str(tmp_path / f"{again}.tar"))
        assert told["unrecorded"] == "" and told["rows"]["ledger_pending"] == 0
    assert installation.run("backup", str(tmp_path / "0.tar")).returncode == 1, "and no act of it"
    out = installation.json("ledger", "export", str(tmp_path / "out"))
    first, second, export = run_inside(installation, TAKEN)
    assert [one[0] for one in (first, second, export)] == ["backed-up", "backed-up", "exported"]
    assert second[1] == told["logs"][0]["size"] - 1 and export[1] == out["entries"] - 1, "inside"
    with (tmp_path / "0.tar").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = (tmp_path / "0.tar").stat().st_size
    assert (second[2]["before"]["sha256"], second[2]["before"]["bytes"]) == (digest, size)
    assert second[2]["file"] == str(tmp_path / "1.tar") and second[2]["keys"] is True
    assert first[2]["before"] == {} and first[2]["account"] == export[2]["account"] != ""
    assert export[2]["dir"] == str(tmp_path / "out")
    if installation.env["SANXIANG_DATABASE_URL"]:
        return
    shut = "SELECT RAISE(ABORT, 'attempt to write a readonly database')"
    run_inside(
        installation,
        "from django.db import connection\n"
        f'connection.cursor().execute("CREATE TRIGGER shut BEFORE INSERT ON ledger_act BEGIN {shut}; END")\n'
        "print(0)",
    )
    refused = installation.run("ledger", "export", str(tmp_path / "never"))
    assert refused.returncode == 1 and "所以没有导出" in refused.stderr and not (tmp_path / "never").exists()
    kept = installation.run("backup", str(tmp_path / "2.tar"))
    assert kept.returncode == 0 and "没有能记入账本" in kept.stdout and (tmp_path / "2.tar").is_file()
