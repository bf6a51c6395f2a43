"""The log from outside, by its commands: what is exported verifies without our help, proofs hold, keys may be changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from beside import client, office_in
from installation import Installation
from sanxiang.ledger.tlog import note, proof, tree
from sanxiang.ledger.tlog.tile_proofs import folder_fetch, root_at


@pytest.fixture(scope="module")
def place(installations: Callable[[], Installation]) -> Installation:
    """An office with a case in it."""
    made = installations()
    office_in(made, 1)
    return made


def entries(folder: Path) -> list[bytes]:
    """Every entry of an exported log, read from its bundles as the format says."""
    found: list[bytes] = []
    files = [path for path in (folder / "tile" / "entries").rglob("*") if path.is_file()]
    for path in sorted(files, key=lambda p: str(p).replace(".p/", "")):
        data = path.read_bytes()
        while data:
            length = int.from_bytes(data[:2], "big")
            found.append(data[2 : 2 + length])
            data = data[2 + length :]
    return found


def test_an_export_stands_for_itself(place: Installation, tmp_path: Path) -> None:
    told = place.json("ledger", "export", str(tmp_path / "log"))
    keys = place.json("ledger", "vkey")
    text = (tmp_path / "log" / "checkpoint").read_text(encoding="utf-8")
    head = note.open_checkpoint(text, [note.parse_vkey(keys["vkey"])])
    leaves = entries(tmp_path / "log")
    assert head.size == told["entries"] == len(leaves) > 20
    assert tree.root([tree.leaf_hash(leaf) for leaf in leaves]) == head.root
    twin = (tmp_path / "log" / "extra" / "log-sm3" / "checkpoint").read_text(encoding="utf-8")
    other = note.open_checkpoint(twin, [note.parse_vkey(keys["sm3"])], "sm3")
    assert other.size == head.size and other.origin == f"{head.origin}-sm3"
    assert tree.root([tree.leaf_hash(leaf, "sm3") for leaf in leaves], "sm3") == other.root
    again = place.run("ledger", "export", str(tmp_path / "log"))
    assert again.returncode == 1 and "不是空的" in again.stderr


def test_an_act_is_proved_and_no_other(place: Installation, tmp_path: Path) -> None:
    held = json.loads(client(place, "audit"))
    act, *_ = held["acts"][-1]
    told = place.json("ledger", "prove", act)
    key, leaf = note.parse_vkey(place.json("ledger", "vkey")["vkey"]), bytes.fromhex(told["leaf"])
    index, head = proof.open_proof(told["proof"], leaf, [key])
    assert index < head.size and json.loads(leaf)["id"] == act
    with pytest.raises(ValueError):
        proof.open_proof(told["proof"], leaf.replace(b'"v":1', b'"v":2'), [key])
    answer = place.run(
        "tlog", "proof-file",
        stdin=json.dumps({"vkeys": [place.json("ledger", "vkey")["vkey"]], "leaf": told["leaf"], "proof": told["proof"]}),
    )  # fmt: skip
    assert json.loads(answer.stdout) == {"valid": True, "index": index, "size": head.size}
    for unknown in ("00000000-0000-4000-8000-000000000000", "无"):
        refused = place.run("ledger", "prove", unknown)
        assert refused.returncode == 1 and "核对编号" in refused.stderr


def test_a_changed_key_leaves_the_old_signatures_good(place: Installation, tmp_path: Path) -> None:
    before = checkpoint(place, tmp_path / "before")
    told = place.json("ledger", "rotate")
    after = checkpoint(place, tmp_path / "after")
    old, new = (note.parse_vkey(told[name]) for name in ("retired", "vkey"))
    assert note.open_checkpoint(before, [old]).size < note.open_checkpoint(after, [new]).size
    for text, key in ((before, new), (after, old)):
        with pytest.raises(ValueError):
            note.open_checkpoint(text, [key])
    shown = place.json("ledger", "vkey")
    assert shown["vkey"] == told["vkey"] and [row["vkey"] for row in shown["retired"]] == [told["retired"]]
    assert place.run("ledger", "vkey").stdout.split("\n")[0] == told["vkey"]
    assert place.json("ledger", "verify")["valid"]


def test_lost_files_come_back_byte_for_byte(place: Installation, tmp_path: Path) -> None:
    """I8: tiles, bundles and checkpoints are made again out of the rows."""
    place.json("ledger", "export", str(tmp_path / "first"))
    before = files(place.data / "log") | files(place.data / "log-sm3")
    for name in ("log", "log-sm3"):
        shutil.rmtree(place.data / name)
    act, *_ = json.loads(client(place, "audit"))["acts"][-1]
    place.json("ledger", "prove", act)
    after = files(place.data / "log") | files(place.data / "log-sm3")
    assert after and {path: before[path] for path in after} == after
    size = place.json("ledger", "export", str(tmp_path / "second"))["entries"]
    first = note.parse_checkpoint(note.parse_note((tmp_path / "first/checkpoint").read_text()).text)
    assert first.size == size - 1 and root_at(folder_fetch(tmp_path / "second"), first.size) == first.root


def test_a_set_back_database_signs_nothing(place: Installation) -> None:
    """I7: the served files know more than the database. Here they are another installation's future."""
    file = place.data / "log" / "checkpoint"
    kept = file.read_text(encoding="utf-8")
    name, seed = (
        (place.data / "keys" / part).read_text(encoding="utf-8").strip() for part in ("origin", "ed25519")
    )
    file.write_text(note.sign(note.checkpoint_text(name, 100_000, b"r" * 32), name, bytes.fromhex(seed)))
    refused = place.run("ledger", "rotate")
    assert refused.returncode == 1 and "数据库被退回过" in refused.stderr and "100000" in refused.stderr
    assert (place.data / "log-halted.json").exists()
    file.write_text(kept, encoding="utf-8")
    assert place.run("ledger", "rotate").returncode == 1  # a person must have looked first


def checkpoint(place: Installation, target: Path) -> str:
    """The checkpoint of an export made now."""
    place.json("ledger", "export", str(target))
    return (target / "checkpoint").read_text(encoding="utf-8")


def files(folder: Path) -> dict[str, Any]:
    """Every file below a folder with its bytes; locks hold none."""
    return {
        str(path.relative_to(folder.parent if folder.name.startswith("log") else folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
