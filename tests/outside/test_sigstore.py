"""sigstore's Merkle module takes the proofs that `ledger prove` hands out, and no other (trust.md §1.7)."""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from beside import office_in
from installation import Installation

HERE = Path(__file__).resolve().parent
WANTED = "sigstore==3.6.5"


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with sigstore in it: 27 packages, which is why it is not in the locks."""
    folder = tmp_path_factory.mktemp("sigstore")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", WANTED], check=True, timeout=500)
    return python


def proof_in(place: Installation, act: str, leaf: bytes) -> dict[str, Any]:
    """What stands in a .tlog-proof, taken apart by hand."""
    text = place.run("ledger", "prove", act).stdout
    head, _, checkpoint = text.partition("\n\n")
    _, index, *hashes = head.split("\n")
    _, size, root, *_ = checkpoint.split("\n")
    return {
        "leaf": leaf.hex(), "index": int(index.removeprefix("index ")), "size": int(size),
        "hashes": [b64decode(line).hex() for line in hashes], "root": b64decode(root).hex(),
    }  # fmt: skip


def spoilt(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The same with one thing changed, each in turn."""
    first = told["hashes"][0]
    return [
        {**told, "leaf": told["leaf"][:-2] + "00"},
        {**told, "index": told["index"] ^ 1},
        {**told, "hashes": told["hashes"][1:]},
        {**told, "hashes": [*told["hashes"], first]},
        {**told, "hashes": [first[:-2] + f"{int(first[-2:], 16) ^ 1:02x}", *told["hashes"][1:]]},
        {**told, "root": "00" * 32},
    ]


@pytest.mark.deep
def test_sigstore_takes_our_proofs_and_no_spoilt_one(
    stranger: Path, installations: Callable[[], Installation], tmp_path: Path
) -> None:
    place = installations()
    office_in(place, 2)
    place.json("ledger", "export", str(tmp_path / "log"))
    leaves = []
    for file in sorted(path for path in (tmp_path / "log/tile/entries").rglob("*") if path.is_file()):
        data = file.read_bytes()
        while data:
            length = int.from_bytes(data[:2], "big")
            leaves.append(data[2 : 2 + length])
            data = data[2 + length :]
    some = [leaves[0], leaves[1], leaves[len(leaves) // 2], leaves[-1]]
    good = [proof_in(place, json.loads(leaf)["id"], leaf) for leaf in some]
    bad = [one for told in good for one in spoilt(told)]
    done = subprocess.run(
        [str(stranger), str(HERE / "sigstore_check.py")],
        input=json.dumps([*good, *bad]), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(leaves) > 20 and found[: len(good)] == [True] * len(good)
    assert not any(found[len(good) :])
