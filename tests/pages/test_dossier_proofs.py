"""The file of a case carries the proof of each of its acts, and leaves while it is being made."""

import io
import json
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Player
from knocks import signed_in
from openssl import needs_openssl
from play import Play
from sanxiang.cases.dossier.accounts import accounts_of
from sanxiang.cases.dossier.bundle import LIST
from sanxiang.ledger import keys, proving
from sanxiang.ledger.models import Act
from sanxiang.ledger.tlog.proof import open_proof
from sanxiang.ledger.tlog.tile_proofs import Fetch, folder_fetch
from signed_log import Sign, witness, write_policy

pytestmark = pytest.mark.django_db


def taken(play: Play) -> zipfile.Path:
    """The zip as the handler takes it away: many pieces, none of them large."""
    answer = signed_in(play.person("officer1")).get(f"/api/v1/cases/{play.case_id}/dossier.zip")
    assert answer.status_code == 200 and answer.streaming and ".zip" in answer["Content-Disposition"]
    pieces = [piece for piece in answer.streaming_content if piece]
    assert len(pieces) > 3 and max(map(len, pieces)) < 2 << 20
    made = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert made.testzip() is None
    (root,) = zipfile.Path(made).iterdir()
    return root


@needs_openssl
def test_every_act_of_the_case_comes_with_its_proof(play: Player, sign_log: Sign, tmp_path: Path) -> None:
    case = play("summary", "archive")
    waiting = taken(case)
    assert not [file for file in (waiting / "账本").iterdir() if file.name.endswith(".tlog-proof")]
    assert all(one["pending"] for one in json.loads((waiting / LIST).read_bytes())["ledger"])
    assert "还在等候编入账本" in (waiting / "账本/怎样核验.txt").read_text("utf-8")
    sign_log()
    policy = write_policy()
    witness()
    made = taken(case)
    lines, acts = (
        json.loads((made / LIST).read_bytes())["ledger"],
        Act.objects.filter(subject=case.case_id).order_by("n"),
    )
    assert [one["act"] for one in lines] == [str(act.pk) for act in acts] and len(lines) > 5
    known = [*keys.known_keys(keys.origin())]
    for line, act in zip(lines, acts, strict=True):
        leaf, proof = ((made / name).read_bytes() for name in line["files"])
        assert leaf == bytes(act.leaf) and not line["pending"]
        assert open_proof(proof.decode(), leaf, known)[0] == line["index"]
        assert (
            proof.decode().endswith((made / "账本/checkpoint").read_text("utf-8"))
            and b"witness.example" in proof
        )
    assert (made / "账本/policy").read_text("utf-8") == policy
    assert (made / "账本/vkeys").read_text("utf-8").splitlines() == keys.vkey_lines()
    checks_by_its_own_words(made, tmp_path)
    case.step()
    later = json.loads((taken(case) / LIST).read_bytes())["ledger"]
    assert [one["pending"] for one in later] == [False] * len(lines) + [True]


def checks_by_its_own_words(made: zipfile.Path, folder: Path) -> None:
    """The command that stands in the text does what the text says."""
    zipfile.ZipFile(made.root.fp).extractall(folder)  # type: ignore[arg-type]
    text = (made / "账本/怎样核验.txt").read_text("utf-8")
    command = next(line.strip() for line in text.splitlines() if line.strip().startswith("sh 核验.sh"))
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder / made.name / "账本", capture_output=True, text=True, check=True
    )
    assert "成立：条目是账本" in done.stdout


def test_more_acts_cost_no_more_questions_and_no_tile_is_read_twice(
    play: Player, sign_log: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = play("summary", "archive")
    sign_log()
    read: Counter[tuple[int, int, int]] = Counter()

    def counting(folder: Path) -> Fetch:
        fetch = folder_fetch(folder)

        def one(level: int, n: int, width: int) -> bytes:
            read[level, n, width] += 1
            return fetch(level, n, width)

        return one

    monkeypatch.setattr(proving, "folder_fetch", counting)
    row = case.case
    with CaptureQueriesContext(connection) as asked:
        found = accounts_of(row)
    assert len(found.proofs.texts) == len(found.acts) > 5
    assert set(read.values()) == {1} and len(asked) <= 5
