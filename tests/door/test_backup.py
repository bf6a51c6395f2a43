"""Backed up while acts run, restored, held against what others saw, and made whole again: as an operator does it."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from figures import engine
from figures import told as tell

from beside import CLIENTS, client, office_in
from installation import Installation
from sanxiang.ledger.tlog.note import parse_checkpoint, parse_note
from sanxiang.ledger.tlog.tile_proofs import folder_fetch, root_at

pytestmark = pytest.mark.deep
LATER = "7d1f6f0e-50a5-4b63-9f54-5d2c6a1c3b11"


@dataclass(frozen=True)
class Saved:
    """An installation that went on after it was backed up."""

    living: Installation
    file: Path
    told: dict[str, Any]
    erasures: Path


def decided_during(place: Installation, office: dict[str, Any], work: Callable[[], Any]) -> Any:
    """What `work` gives while another process decides the office's cases."""
    go = place.data.parent / "go"
    command = [sys.executable, str(CLIENTS), "decide", str(go)]
    with subprocess.Popen(
        command, env=place.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as deciding:
        assert deciding.stdin and deciding.stdout
        deciding.stdin.write(json.dumps(office))
        deciding.stdin.close()
        assert deciding.stdout.readline() == "ready\n"
        go.touch()
        done = work()
        numbers = json.loads(deciding.stdout.read())
    assert len(set(numbers)) == len(office["cases"])
    return done


@pytest.fixture(scope="module")
def saved(installations: Callable[[], Installation], tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Cases are decided while the backup runs; what waits is sequenced and signed afterwards."""
    place = installations()
    office = office_in(place, 4)
    file = tmp_path_factory.mktemp("backups") / "one.tar"
    place.json("ledger", "export", str(file.with_name("before")))
    told = decided_during(place, office, lambda: place.json("backup", str(file)))
    place.json("ledger", "export", str(file.with_name("after")))
    act = json.loads(client(place, "audit"))["acts"][0][0]
    erasures = file.with_name("erasures.jsonl")
    erasures.write_text(json.dumps({"act": act, "names": ["party"], "by": LATER}) + "\n")
    return Saved(place, file, told, erasures)


@pytest.fixture(scope="module")
def restored(saved: Saved, installations: Callable[[], Installation]) -> tuple[Installation, dict[str, Any]]:
    """The backup beside the living one, whose log somebody has kept."""
    place = installations()
    words = ("--erasures", str(saved.erasures), "--seen", str(saved.living.data))
    return place, place.json("restore", str(saved.file), *words)


def test_a_backup_holds_one_moment(saved: Saved) -> None:
    told = saved.told
    assert told["rows"]["ledger_act"] == told["rows"]["ledger_entry"] + told["rows"]["ledger_pending"]
    assert told["logs"][0]["size"] <= told["rows"]["ledger_entry"]
    assert not told["missing"] and not told["altered"] and told["files"]["count"]
    assert saved.file.stat().st_mode & 0o077 == 0, "keys are in it"
    assert len(list(saved.file.parent.glob(".*"))) == 0


def test_what_was_restored_verifies_and_waits(
    saved: Saved, restored: tuple[Installation, dict[str, Any]]
) -> None:
    place, told = restored
    assert told["verified"] and told["rows"] == saved.told["rows"]
    assert "已经见过" in told["halted"] and told["files"] == saved.told["files"]["count"]
    refused = place.run("ledger", "export", str(place.data.parent / "never"))
    assert refused.returncode == 1 and "sanxiang ledger recover" in refused.stderr
    for name in ("keys/ed25519", "keys/sm2", "secret.key"):
        assert (place.data / name).read_text() == (saved.living.data / name).read_text()
        assert (place.data / name).stat().st_mode & 0o777 == 0o600


def test_the_rows_are_guarded_again(restored: tuple[Installation, dict[str, Any]]) -> None:
    place, _told = restored
    code = (
        "import django; django.setup()\n"
        "from django.db import DatabaseError, connection\n"
        "for table in ('ledger_act', 'ledger_entry', 'ledger_checkpoint', 'cases_paper'):\n"
        "    try:\n"
        "        connection.cursor().execute(f'DELETE FROM {table}')\n"
        "    except DatabaseError: print(table)\n"
    )
    env = {**place.env, "DJANGO_SETTINGS_MODULE": "sanxiang.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ledger_act", "ledger_entry", "ledger_checkpoint", "cases_paper"]


def signed_size(data: Path) -> int:
    """How many entries the served checkpoint covers; 0 where none is served."""
    file = data / "log" / "checkpoint"
    return parse_checkpoint(parse_note(file.read_text()).text).size if file.exists() else 0


def test_what_is_missing_is_named_and_brought_back(
    saved: Saved, restored: tuple[Installation, dict[str, Any]]
) -> None:
    place, at_first = restored
    source = ("--from", str(saved.living.data))
    remembered = place.json("ledger", "recover", code=1)
    listed = place.json("ledger", "recover", *source, code=1)
    early = max(0, signed_size(place.data) - listed["inside"])
    assert early == 0, "something was signed before anybody was asked"
    there = {act[0] for act in json.loads(client(place, "audit"))["acts"]}
    living = json.loads(client(saved.living, "audit"))
    gone = {act for act, *_rest in living["acts"]} - there
    assert gone == {one["act"] for one in listed["missing"] if not one["known"]}
    assert remembered["missing"] == listed["missing"] and not listed["unknown"], "--seen is asked again"
    done = place.json("ledger", "recover", *source, "--accept", "--nobody-saw-more")
    assert done["accepted"] == len(gone) and not done["halted"]
    found = place.json("ledger", "verify")
    assert found["valid"] and found["lost"] == len(gone)
    after = place.data.parent / "after"
    place.json("ledger", "export", str(after))
    old = parse_checkpoint(parse_note((saved.file.with_name("after") / "checkpoint").read_text()).text)
    assert old.size == listed["outside"]
    assert root_at(folder_fetch(after), old.size) == old.root, "one history, signed on"
    figures = {"missing": len(gone), "named": len(gone), "brought_back": done["accepted"], "forks": 0}
    assert signed_size(place.data) > listed["outside"], "and after it the log goes on"
    tell("R7", engine(), **figures, signed_before_asked=early, seconds=at_first["seconds"])


def test_a_second_restore_is_refused(saved: Saved, restored: tuple[Installation, dict[str, Any]]) -> None:
    again = restored[0].run("restore", str(saved.file), "--no-erasures")
    assert again.returncode == 1 and "不是空的" in again.stderr


def test_the_question_of_erasures_must_be_answered(saved: Saved, installation: Installation) -> None:
    refused = installation.run("restore", str(saved.file))
    assert refused.returncode == 1 and "--no-erasures" in refused.stderr
    assert not any(installation.data.iterdir())


def test_a_damaged_backup_leaves_nothing(saved: Saved, installation: Installation, tmp_path: Path) -> None:
    damaged = bytearray(saved.file.read_bytes())
    at = damaged.find(b"tables/ledger_act/")
    damaged[at + 512 + 40] ^= 1
    file = tmp_path / "damaged.tar"
    file.write_bytes(damaged)
    refused = installation.run("restore", str(file), "--no-erasures")
    assert refused.returncode == 1 and "tables/ledger_act/000000.jsonl.gz" in refused.stderr
    assert not any(installation.data.iterdir())


def test_a_backup_is_never_written_over_nor_half(saved: Saved) -> None:
    taken = saved.living.run("backup", str(saved.file))
    inside = saved.living.run("backup", str(saved.living.data / "one.tar"))
    nowhere = saved.living.run("backup", "/dev/full/one.tar")
    folder = saved.file.parent / "没有挂载"
    unmade = saved.living.run("backup", str(folder / "one.tar"))
    assert {taken.returncode, inside.returncode, nowhere.returncode, unmade.returncode} == {1}
    assert unmade.stderr.startswith(f"没有文件夹 {folder}。")
    assert "已经存在" in taken.stderr and "数据目录" in inside.stderr
    assert len(nowhere.stderr.strip().splitlines()) == 1
