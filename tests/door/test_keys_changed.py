"""A changed or lost key: every log it signed goes on, nothing is replaced unsaid, nobody signs while it is changed."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from installation import Installation
from sanxiang.cli import main
from sanxiang.custody import outside
from sanxiang.custody.recover import lack
from sanxiang.door.log.installation import record
from sanxiang.door.log.keys import change_key
from sanxiang.ledger import access, keys
from sanxiang.ledger.access_sequencer import publish_accesses, sequence_accesses
from sanxiang.ledger.files import held_if_free
from sanxiang.ledger.logs import ACTS, HASHES, Log, accesses
from sanxiang.ledger.models import Act, Checkpoint
from sanxiang.ledger.tlog import note, sm2
from sanxiang.ledger.tlog.signing import CannotSign, sm2_signer
from sanxiang.ledger.tlog.verify_lines import Kept, fault_of_note
from sanxiang.ledger.verify_notes import ring_of
from sanxiang.ledger.verify_trees import check_logs
from signed_log import LOOK, Sign, write_policy
from signed_log import sign_log as sign_log


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


def test_what_a_retired_key_signs_later_is_no_word_from_outside(signed: Sign, tmp_path: Path) -> None:
    """Whoever stole the old key could else have a recovery take in what he made up."""
    seed, kept = bytes.fromhex((keys.folder() / keys.SEED).read_text()), tmp_path / "kept"
    year = timezone.localdate().year
    change_key()
    for log in (ACTS, accesses(year)):
        row = Checkpoint.objects.get(log=log.row)
        kept.write_text(row.note, encoding="utf-8")
        assert outside.sight_of(outside.source_of(str(kept)), log).size == row.size == 1
        text = note.checkpoint_text(log.origin, 2, bytes.fromhex(row.root))
        kept.write_text(note.sign(text, log.origin, seed), encoding="utf-8")
        with pytest.raises(outside.Unusable, match=r"第 1 条之后已经停用.*密钥可能失窃"):
            outside.source_of(str(kept)).head(log)


def test_each_checkpoint_elsewhere_is_asked_for_once(signed: Sign) -> None:
    place, asked = outside.own_files(), Counter[str]()

    def read(name: str) -> bytes | None:
        asked[name] += 1
        return place.read(name)

    found = lack([replace(place, read=read)])
    assert [one.size for one in found.sights if one.log != 1] == [1, 1]
    assert asked == {"checkpoint": 1, f"access/{timezone.localdate().year}/checkpoint": 1}


def test_a_change_that_was_cut_short_calls_no_key_in_force_retired(signed: Sign) -> None:
    rotated = keys.folder() / keys.RETIRED
    now = keys.vkey(ACTS.origin)
    rotated.write_text(json.dumps({"vkey": now, "until": 1, "at": timezone.now().isoformat()}) + "\n")
    assert [line for line in keys.vkey_lines() if line.startswith(now)] == [now]


def test_the_older_form_of_the_retired_keys_is_read(signed: Sign) -> None:
    keys.rotate(timezone.now(), 1)
    (line,) = (keys.folder() / keys.RETIRED).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["until"] == 1 == keys.retired()[0]["until"]
    assert looked() == 2 and faults() == []


def test_nobody_signs_while_the_key_is_changed(signed: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[bool] = []
    rotate = keys.rotate

    def watched(now: datetime, until: dict[str, int], hash: str) -> tuple[str, str]:
        for log in (ACTS, accesses(timezone.localdate().year)):
            with held_if_free(log.folder("sha256") / ".lock") as one:
                free.append(one)
        return rotate(now, until, hash)

    monkeypatch.setattr(keys, "rotate", watched)
    change_key()
    assert free == [False, False]


def test_a_kept_line_that_is_not_the_signers_retires_nothing(signed: Sign) -> None:
    seed = keys.folder() / keys.SEED
    seed.unlink()
    other = note.Key(ACTS.origin, note.ED25519, note.public_key(b"o" * 32))
    (keys.folder() / keys.VKEYS["sha256"]).write_text(note.format_vkey(other), encoding="utf-8")
    with pytest.raises(keys.Unsound, match="从备份放回"):
        change_key()
    assert not seed.exists() and keys.retired() == []
    (keys.folder() / keys.VKEYS["sha256"]).unlink()
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


def sm2_module(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A program in a certified module's place, with a key of its own, and the settings that name it; its public key."""
    private = sm2.new_private()
    public = sm2.public_key(private)
    program = folder / f"module-{public[1:5].hex()}"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom sanxiang.ledger.tlog import sm2\n"
        f"print(sm2.sign(bytes.fromhex('{private.hex()}'), bytes.fromhex('{public.hex()}'), sys.stdin.buffer.read()).hex())\n"
    )
    program.chmod(0o700)
    monkeypatch.setenv("SANXIANG_SM2_COMMAND", str(program))
    monkeypatch.setenv("SANXIANG_SM2_PUBLIC", public.hex())
    return public.hex()


def twin_key() -> note.Key:
    """The twin's key in force."""
    return note.parse_vkey(keys.vkey(ACTS.origin_of("sm3"), "sm3"))


def test_the_twins_key_is_changed_and_lost_ones_too(signed: Sign) -> None:
    year = timezone.localdate().year
    old, new = map(note.parse_vkey, change_key("sm3"))
    assert old.kind == new.kind == note.SM2 and twin_key() == new != old
    assert looked() == 2 and signed() == 2 and faults() == []
    (row,) = keys.retired()
    assert (row["hash"], row["sizes"]) == ("sm3", {"1": 1, str(year): 1})
    (keys.folder() / keys.SM2_KEY).unlink()
    with pytest.raises(keys.Unsound, match="rotate --sm2"):
        keys.vkey(ACTS.origin_of("sm3"), "sm3")
    assert note.format_vkey(new) in keys.vkey_lines(), "who verifies needs no private key"
    keys.make_keys()
    assert not (keys.folder() / keys.SM2_KEY).exists()
    lost, third = map(note.parse_vkey, change_key("sm3"))
    assert lost == new and twin_key() == third
    assert looked() == 3 and signed() == 3 and faults() == []
    act = Act.objects.filter(name="change-log-key").order_by("-n")[0]
    told = dict(act.openings.values_list("name", "value"))
    assert (told["retired"], told["vkey"], told["until"]) == (
        note.format_vkey(lost),
        note.format_vkey(third),
        2,
    )


def test_what_a_retired_twin_key_signs_later_counts_in_no_log(signed: Sign) -> None:
    private = bytes.fromhex((keys.folder() / keys.SM2_KEY).read_text())
    change_key("sm3")
    assert looked() == 2 and signed() == 2
    for log in (ACTS, accesses(timezone.localdate().year)):
        name, row = log.origin_of("sm3"), Checkpoint.objects.get(log=log.row, size=2)
        text = note.checkpoint_text(name, 2, bytes.fromhex(row.root_sm3))
        forged = note.signed(text, [sm2_signer(name, private)])
        why = fault_of_note(Kept(forged, 2, row.root_sm3, ring_of(log, "sm3")))
        assert "第 1 条之后已经停用" in why


def test_a_module_takes_the_place_of_the_folders_key(
    signed: Sign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = twin_key()
    public = sm2_module(tmp_path, monkeypatch)
    record("anchor", "试", {})
    with pytest.raises(keys.Unsound, match="rotate --sm2"):
        signed()
    old, new = map(note.parse_vkey, change_key("sm3"))
    assert old == first and new.public.hex() == public and not (keys.folder() / keys.SM2_KEY).exists()
    assert signed() == 3 and looked() == 2 and faults() == []
    with pytest.raises(keys.Unsound, match="SANXIANG_SM2_PUBLIC"):
        change_key("sm3")
    assert len(keys.retired()) == 1
    again = sm2_module(tmp_path, monkeypatch)
    monkeypatch.setenv("SANXIANG_SM2_COMMAND", "/bin/false")
    with pytest.raises(CannotSign, match="/bin/false"):
        change_key("sm3")
    assert len(keys.retired()) == 1 and again != public


def test_every_log_has_its_keys_published(signed: Sign) -> None:
    """Whoever has the lines verifies each log's old and new checkpoints, the twins' too, and needs nothing else."""
    year = timezone.localdate().year
    logs = [ACTS, accesses(year)]
    notes = [(log, hash, served(log, hash)) for log in logs for hash in HASHES]
    change_key()
    change_key("sm3")
    assert looked() == 2 and signed() == 3
    notes += [(log, hash, served(log, hash)) for log in logs for hash in HASHES]
    lines = keys.every_vkey_line()
    published = [note.parse_vkey(line.split(" ")[0]) for line in lines]
    for log, hash, text in notes:
        assert note.open_checkpoint(text, published, hash).origin == log.origin_of(hash)
    assert sum("已停用，签过第 1 条以前" in line for line in lines) == 4 and len(lines) == 8
    assert keys.vkey_lines() == lines[:4] and "#" not in lines[0] + lines[1]


def served(log: Log, hash: str) -> str:
    """A log's served checkpoint."""
    return (log.folder(hash) / "checkpoint").read_text(encoding="utf-8")


def test_what_must_follow_a_change_is_said_in_order(
    signed: Sign, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANXIANG_DATA", str(settings.DATA))
    (settings.DATA / "secret.key").write_text("x", encoding="utf-8")
    write_policy()
    assert main(["ledger", "rotate", "--data", str(settings.DATA)]) == 0
    said = capsys.readouterr().out
    retired = keys.retired()[0]["vkey"]
    new = keys.vkey(keys.origin())
    steps = [line for line in said.splitlines() if line[:1].isdigit()]
    assert [step[0] for step in steps] == ["1", "2", "3", "4", "5"]
    assert "见证人 sfj" in steps[0] and f"witness add-log '{new}'" in steps[0] and retired in steps[0]
    assert f"policy 的第 1 行改成：log {new}" in steps[1]
    assert f"换成 {new}" in steps[2] and "doctor" in steps[3] and "已停用" in steps[3]
    assert "备份" in steps[4]
    assert main(["ledger", "rotate", "--sm2", "--json", "--data", str(settings.DATA)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert note.parse_vkey(told["vkey"]).kind == note.SM2 and len(told["next"]) == 3


def test_a_key_that_cannot_be_read_is_told_once_and_hides_nothing(signed: Sign) -> None:
    for _more in range(3):
        record("anchor", "试", {})
        signed()
    (settings.DATA / "policy").write_text("quorum nobody\n", encoding="utf-8")
    (keys.folder() / keys.SM2_KEY).write_text("zz", encoding="utf-8")
    found = list(check_logs())
    told = [fault for fault in found if fault.what == "signature" and "rotate --sm2" in fault.why]
    assert [fault.where for fault in told] == [
        log.origin_of("sm3") for log in (ACTS, accesses(timezone.localdate().year))
    ]
    assert [fault.what for fault in found].count("policy") == 1
