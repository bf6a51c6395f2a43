"""After a restore the witness is asked before anything is signed: it has seen what the backup has not (trust.md §1.3 I7)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from beside import BUREAU, add_unit
from installation import Installation
from sanxiang.ledger.tlog.tile_proofs import consistency, folder_fetch
from sanxiang.ledger.tlog.witnesses import request_body
from witnessed import RunningWitness, running_witness

pytestmark = pytest.mark.deep

NAME = "witness.sfj.example.test"


def signed(place: Installation, target: Path) -> bytes:
    """Everything that waits is sequenced and signed: the checkpoint."""
    place.json("ledger", "export", str(target))
    return (target / "checkpoint").read_bytes()


def begin(place: Installation, folder: Path) -> str:
    """A bureau that was set up and has signed its log; its verifier key."""
    place.init("kaiyuan", BUREAU)
    signed(place, folder / "first")
    return str(place.json("ledger", "vkey")["vkey"])


def watched_by(place: Installation, witness: RunningWitness, ours: str) -> None:
    """The installation's policy names the witness."""
    theirs = witness.get("/vkey")[2].decode().split("\n")[0]
    text = f"log {ours}\nwitness sfj {theirs} {witness.address}\nquorum sfj\n"
    (place.data / "policy").write_text(text, encoding="utf-8")


def test_the_witness_has_the_last_word(
    installations: Callable[[], Installation], installation: Installation, tmp_path: Path
) -> None:
    living = installations()
    ours = begin(living, tmp_path)
    with running_witness(tmp_path / "witness", "--name", NAME, logs=[ours]) as witness:
        watched_by(living, witness, ours)
        living.json("backup", str(tmp_path / "one.tar"))
        add_unit(living, "稽查中队")
        seen = signed(living, tmp_path / "second").decode()
        size = int(seen.split("\n")[1])
        known, _, told = witness.post(
            request_body(0, [], seen)
        )  # the commands have asked it, and shown what was signed
        assert known == 409
        more = consistency(folder_fetch(tmp_path / "second"), int(told), size)
        assert witness.post(request_body(int(told), more, seen))[0] == 200

        words = ("--no-erasures", "--no-witnesses")
        told = installation.json("restore", str(tmp_path / "one.tar"), *words)
        assert told["verified"] and "还没有问过见证人" in told["halted"]
        add_unit(installation, "河道中队")
        refused = installation.run("ledger", "export", str(tmp_path / "never"))
        assert refused.returncode == 1 and "还没有问过见证人" in refused.stderr

        asked = installation.json("ledger", "recover", code=1)
        assert asked["outside"] == size and asked["unknown"] == [size - 2, size - 1], (
            "the unit, and the export that was shown"
        )
        assert "见证人 sfj" in asked["halted"]
        still = installation.json("ledger", "recover", "--accept", code=1)
        assert still["accepted"] is None and still["halted"]

        source = ("--from", str(living.data))
        held = installation.json("ledger", "recover", *source, "--accept", code=1)
        assert held["accepted"] == 2 and "调阅账本在别处签到过第几条" in held["halted"]
        assert "办理账本" not in held["halted"], "no witness sees the looks"
        done = installation.json("ledger", "recover", "--nobody-saw-more")
        assert held["missing"][0]["label"] == "设立内设机构" and not done["halted"]
        mine = signed(installation, tmp_path / "mine").decode()
        handed_over = installation.json("ledger", "verify", str(tmp_path / "mine"), code=1)
        kinds = {fault["what"] for fault in handed_over["faults"]}
        assert kinds == {"cosignature"}, "not witnessed yet; but two steps of one number are no fault here"
        proof = installation.data / "log" / "checkpoint"
        assert int(mine.split("\n")[1]) == size + 5 and proof.exists()
        found = installation.json("ledger", "verify")
        assert found["valid"] and found["lost"] == 2

        add_unit(living, "另一个中队")
        signed(living, tmp_path / "third")
        forked = installation.json("ledger", "recover", *source, code=1)
        assert "历史被改动过" in forked["halted"]
        unmoved = installation.json("ledger", "recover", code=1)
        assert "历史被改动过" in unmoved["halted"], "a fork is nobody's to answer here"
