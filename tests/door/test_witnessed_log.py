"""A served installation shows its log to a real witness and has the time stamped by a real authority; one that has seen more stops it."""

import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from authority import authority
from beside import office_in
from installation import Installation
from processes import soon
from sanxiang.ledger.tlog import note, tree
from sanxiang.ledger.tlog.tile_proofs import folder_fetch
from sanxiang.ledger.tlog.witnesses import request_body
from witnessed import RunningWitness, running_witness

NAME = "witness.sfj.example.test"
MORE = 50
BUREAU = "开原市司法局（试）"


def got(address: str) -> str:
    """The text at an address."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def policy(place: Installation, witness: RunningWitness, theirs: str, ours: str, called: str) -> None:
    """The installation's policy: this one witness is the quorum."""
    text = f"log {ours}\nwitness {called} {theirs} {witness.address}\nquorum {called}\n"
    (place.data / "policy").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def place(installations: Callable[[], Installation]) -> Installation:
    """An office with a case in it; the second test leaves it halted."""
    made = installations()
    office_in(made, 1)
    return made


def test_each_checkpoint_is_witnessed_and_stamped(place: Installation, tmp_path: Path) -> None:
    ours = place.json("ledger", "vkey")["vkey"]
    with (
        authority(tmp_path / "tsa") as tsa,
        running_witness(tmp_path / "witness", "--name", NAME, logs=[ours]) as witness,
    ):
        theirs = witness.get("/vkey")[2].decode().split("\n")[0]
        policy(place, witness, theirs, ours, "sfj")
        (place.data / "tsa-roots").mkdir()
        (place.data / "tsa-roots" / "root.pem").write_text(tsa.root, encoding="ascii")
        place.env["SANXIANG_TSA_URL"] = tsa.url
        keys = [note.parse_vkey(ours), note.parse_vkey(theirs)]
        stamps = place.data / "stamps"
        with place.serve() as address:
            soon(lambda: NAME in got(address + "/log/checkpoint"))
            soon(lambda: any(stamps.glob("*.tsr")) if stamps.is_dir() else False)
            text = got(address + "/log/checkpoint")
            (stamp,) = stamps.glob("*.tsr")
            assert tsa.accepts(
                stamp.read_bytes(), got(f"{address}/log/stamps/{stamp.stem}.checkpoint").encode()
            )
        assert len(note.verified(note.parse_note(text), keys)) == 2
        seen = note.open_checkpoint(text, keys)
        assert int(stamp.stem) <= seen.size
        exported = tmp_path / "export"
        place.json("ledger", "export", str(exported))
        said = (exported / "checkpoint").read_text(encoding="utf-8")
        assert NAME not in said and (exported / "extra" / "stamps" / stamp.name).exists()
        assert place.json("ledger", "verify")["valid"]


def test_a_witness_that_saw_another_history_stops_the_signing(place: Installation, tmp_path: Path) -> None:
    """Where a database was set back and grew past what the witness saw, only the proof fails (HTTP 422). A witness may be wrong:
    its operator and ours find out, and an act says so."""
    ours = place.json("ledger", "vkey")["vkey"]
    place.json("ledger", "export", str(tmp_path / "export"))
    size = int((place.data / "log" / "checkpoint").read_text(encoding="utf-8").split("\n")[1])
    with running_witness(tmp_path / "witness", "--name", NAME, logs=[ours]) as witness:
        theirs = witness.get("/vkey")[2].decode().split("\n")[0]
        assert witness.post(other_log(place.data, size - 1))[0] == 200
        policy(place, witness, theirs, ours, "province")
        with place.serve():
            soon((place.data / "log-halted.json").exists)
        seen = place.json("ledger", "verify", "--seen", witness.address, code=1)
    assert "fork" in {fault["what"] for fault in seen["faults"]}
    found = place.json("doctor", code=1)
    (said,) = [one for one in found["checks"] if one["what"] == "账本签名"]
    assert f"见证人 province见过的办理账本与数据库在第 {size - 1} 条以内不同" in said["text"]
    assert "出示它见证过的检查点" in said["text"] and "见证人错了" in said["text"]
    recover_without_it(place)


def recover_without_it(place: Installation) -> None:
    """The witness of the last test leaves the policy; only then may an act call it wrong."""
    wrong = ("ledger", "recover", "--witness-wrong")
    assert place.json("ledger", "recover", code=1)["halted"]
    kept = place.run(*wrong, "province")
    assert kept.returncode == 1 and "policy" in kept.stderr
    (place.data / "policy").unlink()
    other = place.run(*wrong, "sfj")
    assert other.returncode == 1 and "province" in other.stderr
    assert not place.json(*wrong, "province")["halted"]
    assert place.json("ledger", "verify")["valid"]


def test_a_witness_that_saw_more_stops_the_signing(place: Installation, tmp_path: Path) -> None:
    """Whoever holds a copy of the key has shown the witness a longer log: ours must not go on signing another one."""
    ours = place.json("ledger", "vkey")["vkey"]
    place.json("ledger", "export", str(tmp_path / "export"))
    key = note.parse_vkey(ours)
    old = note.open_checkpoint((place.data / "log" / "checkpoint").read_text(encoding="utf-8"), [key])
    with running_witness(tmp_path / "witness", "--name", NAME, logs=[ours]) as witness:
        theirs = witness.get("/vkey")[2].decode().split("\n")[0]
        policy(place, witness, theirs, ours, "city")
        longer = longer_log(place.data, old.size)
        assert witness.post(longer)[0] == 200
        unit = '{"name": "河道中队", "kind": "brigade"}'
        added = place.run("admin", "add-unit", "--agency", BUREAU, "--input", "-", stdin=unit)
        assert added.returncode == 0 and "等候编号" in added.stderr, "it was asked before the first number"
        with place.serve() as address:
            before = got(address + "/log/checkpoint")
            told = place.run("ledger", "export", str(tmp_path / "again"))
            assert told.returncode == 1 and "sanxiang ledger recover" in told.stderr
            assert got(address + "/log/checkpoint") == before
            assert "sanxiang_ledger_halted 1" in got(address + "/metrics")
            assert "账本已停止签名" in got(address + "/log/")
    found = place.json("doctor", code=1)
    (said,) = [one for one in found["checks"] if one["what"] == "账本签名"]
    assert not said["ok"] and "city" in said["text"] and str(old.size + MORE) in said["text"]


def other_log(data: Path, size: int) -> bytes:
    """What a thief of the key, or whoever set the database back, has shown: another history."""
    return checkpoint_of(data, [tree.leaf_hash(f"other {at}".encode()) for at in range(size)])


def longer_log(data: Path, size: int) -> bytes:
    """What a thief of the key would send: more entries than there are, and than come while the test runs."""
    fetch = folder_fetch(data / "log")
    hashes = [
        fetch(0, at // 256, min(256, size - at // 256 * 256))[at % 256 * 32 :][:32] for at in range(size)
    ]
    return checkpoint_of(data, hashes + [tree.leaf_hash(f"more {at}".encode()) for at in range(MORE)])


def checkpoint_of(data: Path, hashes: list[bytes]) -> bytes:
    """The request with a log of these leaves, signed with the installation's own key."""
    name = (data / "keys" / "origin").read_text().strip()
    seed = bytes.fromhex((data / "keys" / "ed25519").read_text())
    checkpoint = note.sign(note.checkpoint_text(name, len(hashes), tree.root(hashes)), name, seed)
    return request_body(0, [], checkpoint)
