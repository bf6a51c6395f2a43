"""A changed or lost key: every log it signed goes on, nothing is replaced unsaid, nobody signs while it is changed."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from installation import Installation
from sanxiang.door.installation import record
from sanxiang.door.keys import change_key
from sanxiang.ledger import access, keys, note
from sanxiang.ledger.access_sequencer import publish_accesses, sequence_accesses
from sanxiang.ledger.files import held_if_free
from sanxiang.ledger.logs import ACTS, accesses
from sanxiang.ledger.models import Checkpoint
from sanxiang.ledger.verify_lines import Kept, fault_of_note
from sanxiang.ledger.verify_notes import ring_of
from sanxiang.ledger.verify_trees import check_logs
from signed_log import Sign
from signed_log import sign_log as sign_log

LOOK = access.Read(
    by=uuid.UUID(int=1), by_name="林青", kind="evidence", channel="page", result="served", reason="supervise"
)


def looked() -> int:
    """Somebody looks, and the year's log is signed; how many entries it has."""
    year = access.record(LOOK, timezone.now()).year
    sequence_accesses()
    return publish_accesses(year)


@pytest.fixture
def signed(db: None, sign_log: Sign) -> Sign:
    """Both logs have a signed checkpoint."""
    record("anchor", "试", {})
    sign_log()
    assert looked() == 1
    return sign_log


def faults() -> list[str]:
    """What `ledger verify` finds wrong with the logs."""
    return [fault.why for fault in check_logs()]


def test_the_log_of_looks_goes_on_after_a_change(signed: Sign) -> None:
    year = timezone.localdate().year
    old = note.parse_vkey(change_key()[0])
    assert looked() == 2 and signed() == 2 and faults() == []
    assert keys.retired()[0]["sizes"] == {"1": 1, str(year): 1} and keys.retired()[0]["until"] == 1
    served = (accesses(year).folder("sha256") / "checkpoint").read_text(encoding="utf-8")
    with pytest.raises(ValueError):
        note.open_checkpoint(served, [note.Key(accesses(year).origin, old.kind, old.public)])


def test_what_a_retired_key_signs_later_counts_in_no_log(signed: Sign) -> None:
    seed = bytes.fromhex((keys.folder() / keys.SEED).read_text())
    change_key()
    assert looked() == 2 and signed() == 2
    for log in (ACTS, accesses(timezone.localdate().year)):
        row = Checkpoint.objects.get(log=log.row, size=2)
        text = note.checkpoint_text(log.origin, 2, bytes.fromhex(row.root))
        forged = note.sign(text, log.origin, seed)
        assert "第 1 条之后已经停用" in fault_of_note(Kept(forged, 2, row.root, ring_of(log, "sha256")))


def test_the_older_form_of_the_retired_keys_is_read(signed: Sign) -> None:
    keys.rotate(timezone.now(), 1)
    (line,) = (keys.folder() / keys.RETIRED).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["until"] == 1 == keys.retired()[0]["until"]
    assert looked() == 2 and faults() == []


def test_nobody_signs_while_the_key_is_changed(signed: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[bool] = []
    rotate = keys.rotate

    def watched(now: datetime, until: dict[str, int]) -> tuple[str, str]:
        for log in (ACTS, accesses(timezone.localdate().year)):
            with held_if_free(log.folder("sha256") / ".lock") as one:
                free.append(one)
        return rotate(now, until)

    monkeypatch.setattr(keys, "rotate", watched)
    change_key()
    assert free == [False, False]


def test_a_kept_line_that_is_not_the_signers_retires_nothing(signed: Sign) -> None:
    seed = keys.folder() / keys.SEED
    seed.unlink()
    other = note.Key(ACTS.origin, note.ED25519, note.public_key(b"o" * 32))
    (keys.folder() / keys.VKEY).write_text(note.format_vkey(other), encoding="utf-8")
    with pytest.raises(keys.Unsound, match="从备份放回"):
        change_key()
    assert not seed.exists() and keys.retired() == []
    (keys.folder() / keys.VKEY).unlink()
    with pytest.raises(keys.Unsound) as told:
        change_key()
    assert "从备份放回" in str(told.value) and "rotate" not in str(told.value)


def test_a_lost_key_is_named_and_changed(installations: Callable[[], Installation], tmp_path: Path) -> None:
    place = installations()
    place.init("kaiyuan", "开原市司法局（试）")
    place.json("ledger", "export", str(tmp_path / "before"))
    kept = place.data / "keys" / "vkey"
    first = kept.read_text(encoding="utf-8").strip()
    assert kept.stat().st_mode & 0o777 == 0o644
    (place.data / "keys" / "ed25519").unlink()
    refused = place.run("ledger", "vkey")
    assert refused.returncode == 1 and "ledger rotate" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (place.data / "keys" / "ed25519").exists()
    told = place.json("ledger", "rotate")
    assert told["retired"] == first and place.json("ledger", "vkey")["vkey"] == told["vkey"] != first
    assert kept.read_text(encoding="utf-8").strip() == told["vkey"]
    assert place.json("ledger", "verify")["valid"]
