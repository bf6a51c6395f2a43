"""The invariants of the log, each by name (trust.md §1.3 I1 to I8)."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from installation import Installation
from logged import forget, own_data, without_triggers
from sanxiang.ledger import keys, sequencer
from sanxiang.ledger.halt import Halted, halted
from sanxiang.ledger.leaf import Entry as Fresh
from sanxiang.ledger.leaf import Signed, append, append_many
from sanxiang.ledger.logs import ACTS, HASHES
from sanxiang.ledger.models import Act, Checkpoint, Entry, Opening, Pending, Sequence
from sanxiang.ledger.publish import publish
from sanxiang.ledger.sequencer import leaves_from, sequence_all, sequence_once
from sanxiang.ledger.tlog import note
from sanxiang.ledger.tlog.tile_proofs import folder_fetch, root_at
from sanxiang.ledger.tlog.tiles import WIDTH, positions, tile_path
from sanxiang.ledger.tlog.verify_bundles import entries_of
from sanxiang.ledger.verify import check_acts, check_sequence
from sanxiang.ledger.verify_trees import check_log

HERE = Path(__file__).resolve().parent.parent
REPLACE = os.replace
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
WHO = Signed(None, "试验", "officer", "2026-11-02", NOW)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Path:
    """A log of its own."""
    return own_data(tmp_path, monkeypatch)


def acts(count: int, subjects: int = 3) -> list[Act]:
    """So many acts of a few subjects, one behind the other; they wait for their places."""
    heads: dict[uuid.UUID, Act] = {}
    keys = [uuid.UUID(int=i + 1) for i in range(subjects)]
    for key in keys:
        if last := Act.objects.filter(subject=key).order_by("-n").first():
            heads[key] = last
    made = []
    for number in range(count):
        key = keys[number % subjects]
        before = heads.get(key)
        fresh = Fresh(
            "agency", key, before.n + 1 if before else 1, before.leaf_hash if before else "", "note", "记事",
            {"text": (f"第 {number} 条", "case")},
        )  # fmt: skip
        heads[key] = append_many([(fresh, WHO)])[0]
        made.append(heads[key])
    return made


def faults() -> list[str]:
    """What does not fit in the log, its rows and its files."""
    heads: dict[str, Any] = {}
    found = [*check_acts(heads, Act.objects.all()), *check_sequence(), *check_log(ACTS)]
    return [f"{fault.what} {fault.where} {fault.why}" for fault in found]


def on_disk(place: Path) -> dict[str, bytes]:
    """Every file under a folder that stays: locks are no part of the log."""
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_i1_an_act_and_its_leaf_are_written_together_or_not_at_all(data: Path) -> None:
    (act,) = acts(1)
    assert Pending.objects.filter(act=act).count() == 1 and bytes(act.leaf)
    before = Act.objects.count(), Opening.objects.count(), Pending.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        append(Fresh("agency", uuid.UUID(int=9), 1, "", "note", "记事", {}), WHO)
        raise RuntimeError("the act itself failed")
    assert before == (Act.objects.count(), Opening.objects.count(), Pending.objects.count())
    for again in (Pending(act=act), Act(id=act.id, subject=act.subject, n=act.n)):
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)
    sequence_all()
    assert Entry.objects.filter(act=act).count() == 1 and not Pending.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(idx=1, act=act, leaf_hash=act.leaf_hash)
    assert faults() == []


def test_i2_indexes_are_gapless_from_zero(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "BATCH", 7)
    for count in (1, 20, 13):
        acts(count)
        assert sequence_all() == count
    assert list(Entry.objects.order_by("idx").values_list("idx", flat=True)) == list(range(34))
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    assert sizes == [1, 8, 15, 21, 28, 34], "a checkpoint for each batch"
    assert faults() == []


def test_i3_each_chain_is_gapless_and_names_the_leaf_before(data: Path) -> None:
    acts(12)
    for subject in Act.objects.order_by().values_list("subject", flat=True).distinct():
        chain = list(Act.objects.filter(subject=subject).order_by("n"))
        leaves = [json.loads(bytes(act.leaf)) for act in chain]
        assert [leaf["n"] for leaf in leaves] == [1, 2, 3, 4]
        assert [leaf["p"] for leaf in leaves] == ["", *(act.leaf_hash for act in chain[:-1])]
    with pytest.raises(IntegrityError), transaction.atomic():
        append(Fresh("agency", uuid.UUID(int=1), 2, "", "note", "记事", {}), WHO)


def test_i4_no_size_is_signed_twice_and_none_below_what_was_signed(data: Path) -> None:
    acts(5)
    sequence_all()
    assert publish() == 5
    with pytest.raises(IntegrityError), transaction.atomic():
        Checkpoint.objects.create(log=1, size=5, root="0" * 64, root_sm3="0" * 64, created=NOW)
    first = {hash: (ACTS.folder(hash) / "checkpoint").read_bytes() for hash in HASHES}
    for hash in HASHES:
        (ACTS.folder(hash) / "checkpoint").unlink()
    forget()
    publish()
    assert first == {hash: (ACTS.folder(hash) / "checkpoint").read_bytes() for hash in HASHES}, "signed once"
    with transaction.atomic():  # another root at a size that is served
        without_triggers()
        Checkpoint.objects.filter(size=5).update(root="0" * 64)
        forget()
        with pytest.raises(Halted, match="历史被改动过"):
            publish()
        transaction.set_rollback(True)
    (data / "log-halted.json").unlink()
    with transaction.atomic():  # smaller than what is served
        without_triggers()
        Checkpoint.objects.all()._raw_delete(using="default")
        forget()
        with pytest.raises(Halted, match="数据库被退回过"):
            publish()
        transaction.set_rollback(True)
    assert first == {hash: (ACTS.folder(hash) / "checkpoint").read_bytes() for hash in HASHES}


class Died(OSError):
    """The power went."""


def dying(at: int, after: bool) -> Iterator[Any]:
    """`os.replace` for a process that dies at its n-th call, before or right after the file stands there."""
    calls = 0

    def replace(fresh: Path, path: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == at and not after:
            raise Died
        REPLACE(fresh, path)
        if calls == at:
            raise Died

    yield replace
    yield calls < at


def promised(hash: str) -> int:
    """What is served of a tree holds: the size, after every tile of it, and every bundle, was found on disk."""
    folder = ACTS.folder(hash)
    text = (folder / "checkpoint").read_text(encoding="utf-8")
    head = note.open_checkpoint(text, keys.known_keys(ACTS.origin_of(hash), hash), hash)
    assert root_at(folder_fetch(folder), head.size, hash) == head.root
    for n in range(-(-head.size // WIDTH) if hash == "sha256" else 0):
        width = min(WIDTH, head.size - n * WIDTH)
        place = folder / f"tile/entries/{tile_path(n, width)}"
        full = folder / f"tile/entries/{tile_path(n)}"
        assert len(entries_of((place if place.exists() else full).read_bytes())) >= width
    return head.size


@pytest.mark.parametrize("after", [False, True])
def test_i5_whatever_write_is_the_last_one_what_is_served_holds(
    data: Path, tmp_path: Path, after: bool
) -> None:
    acts(250)
    sequence_all()
    assert publish() == 250
    acts(270)
    sequence_all()
    kept, at = tmp_path / "before", 0
    for folder in ("log", "log-sm3"):
        shutil.copytree(data / folder, kept / folder)
    while True:
        at += 1
        for folder in ("log", "log-sm3"):
            shutil.rmtree(data / folder)
            shutil.copytree(kept / folder, data / folder)
        forget()
        trial = dying(at, after)
        with transaction.atomic():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(os, "replace", next(trial))
                try:
                    publish()
                except Died:
                    forget()
            if next(trial):
                break
            assert {promised(hash) for hash in HASHES} <= {250, 520} and not list(check_log(ACTS))
            assert publish() == 520 and not list(check_log(ACTS))
            assert {promised(hash) for hash in HASHES} == {520}
            transaction.set_rollback(True)
    assert at > 10, "a tile of each level and tree, bundles and two checkpoints are written"


def test_i6_two_sequencers_and_publishers_at_once_do_no_harm(
    installation: Installation, tmp_path: Path
) -> None:
    """Three processes write acts, sequence and publish at the same time, for both databases."""
    installation.init("kaiyuan", "开原市司法局（试）")
    program = [sys.executable, str(HERE / "sequencing.py")]
    running = [
        subprocess.Popen(
            [*program, str(number), "10"], env=installation.env, stderr=subprocess.PIPE, text=True
        )
        for number in range(3)
    ]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said[-2000:]
    told = installation.json("ledger", "export", str(tmp_path / "log"))
    assert told["entries"] >= 30
    assert installation.json("ledger", "verify", str(tmp_path / "log"))["valid"]
    found = installation.json("ledger", "verify", code=1)["faults"]
    # The program writes past the door, so its subjects have no rows; nothing else is amiss.
    assert {fault["what"] for fault in found} == {"row"} and len(found) == 3


def test_i7_a_database_behind_its_files_signs_nothing(data: Path) -> None:
    acts(8)
    sequence_all()
    publish()
    before = on_disk(data / "log")
    without_triggers()
    rows = list(Entry.objects.filter(idx__gte=6).values_list("act_id", flat=True))
    Entry.objects.filter(idx__gte=6)._raw_delete(using="default")
    Pending.objects.bulk_create([Pending(act_id=act) for act in rows])
    Checkpoint.objects.all()._raw_delete(using="default")
    Sequence.objects.all()._raw_delete(using="default")
    Entry.objects.all()._raw_delete(using="default")
    forget()
    for going_on in (sequence_once, publish, sequence_once):
        with pytest.raises(Halted, match="已经见过 8 条的账本，数据库只有 0 条：数据库被退回过"):
            going_on()
    assert halted() and not Entry.objects.exists() and not Checkpoint.objects.exists()
    assert on_disk(data / "log") == before
    waiting = Pending.objects.count()
    acts(1)
    assert Pending.objects.count() == waiting + 1, "acts are still taken in"


def test_i7_holds_in_a_process_that_was_already_at_work(data: Path) -> None:
    """The database is set back under it, as when another server takes over: no index is given out again, no file written."""
    acts(5)
    sequence_all()
    publish()
    early = Sequence.objects.values().get()
    acts(3)
    sequence_all()
    publish()
    before = on_disk(data / "log")
    without_triggers()
    Entry.objects.filter(idx__gte=5)._raw_delete(using="default")
    Checkpoint.objects.filter(size__gt=5)._raw_delete(using="default")
    Sequence.objects.filter(id=early["id"]).update(size=early["size"], frontier=early["frontier"])
    acts(3)
    for going_on in (sequence_once, publish):
        with pytest.raises(Halted, match="已经见过 8 条的账本，数据库只有 5 条"):
            going_on()
    assert Entry.objects.count() == 5 and on_disk(data / "log") == before


def test_i8_tiles_are_made_again_and_bundles_hold_the_rows_byte_for_byte(data: Path) -> None:
    for count in (300, 1, 240):
        acts(count)
        sequence_all()
        size = publish()
    before = {hash: on_disk(ACTS.folder(hash)) for hash in HASHES}
    held: list[bytes] = []
    for n in range(-(-size // WIDTH)):
        path = f"tile/entries/{tile_path(n, min(WIDTH, size - n * WIDTH))}"
        held += entries_of(before["sha256"][path])
    assert held == list(leaves_from(0)) and len(held) == 541
    for hash in HASHES:
        shutil.rmtree(ACTS.folder(hash))
    forget()
    assert publish() == size and faults() == []
    for hash in HASHES:
        again = on_disk(ACTS.folder(hash))
        assert again.items() <= before[hash].items()
        wanted = {f"tile/{path}" for path in positions(size, hash == "sha256")} | {"checkpoint"}
        assert set(again) == wanted
    assert data == settings.DATA
