"""Kept signatures by the thousand: each is verified once, over several processes, and the faults come out in order."""

import pytest

from sanxiang.ledger.tlog import note, sm2, verify_lines
from sanxiang.ledger.tlog.note import COSIGNATURE_V1, SM2, Key
from sanxiang.ledger.tlog.signing import ed25519_signer, sm2_signer
from sanxiang.ledger.tlog.verify_lines import Kept, Line, Ring, Told, faults_in

NAME, ROOT = "zfj.example.test/log", b"r" * 32
SIGNER = ed25519_signer(NAME, b"\x01" * 32)
RING = Ring(NAME, "sha256", [SIGNER.key], {})
WITNESS = Key("w", COSIGNATURE_V1, note.public_key(b"\x02" * 32))


def told(size: int, root: bytes = ROOT) -> Told:
    """A kept note."""
    text = note.signed(note.checkpoint_text(NAME, size, root), [SIGNER])
    return str(size), Kept(text, size, ROOT.hex(), RING)


@pytest.mark.parametrize("jobs", [1, 2])
def test_faults_come_out_in_order_whoever_finds_them(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_lines, "AT_ONCE", 7)
    notes = [told(size, b"x" * 32 if size % 20 == 0 else ROOT) for size in range(1, 101)]
    found = list(faults_in(notes, jobs))
    assert [where for where, _why in found] == ["20", "40", "60", "80", "100"]
    assert all("树根" in why for _where, why in found)


def test_each_line_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    holds = note.signature_holds

    def counted(key: Key, message: bytes, signature: bytes) -> bool:
        seen.append(signature)
        return holds(key, message, signature)

    monkeypatch.setattr(note, "signature_holds", counted)
    (_where, kept) = told(5)
    assert isinstance(kept, Kept) and verify_lines.fault_of_note(kept) == "" and len(seen) == 1
    line = note.cosign(kept.text, "w", b"\x02" * 32, 1_780_000_000)
    assert verify_lines.fault_of_line(Line(kept.text, line, WITNESS)) == "" and len(seen) == 2
    other = Line(told(6)[1].text, line, WITNESS)
    assert "签名不成立" in verify_lines.fault_of_line(other)
    assert verify_lines.fault_of_line(Line(kept.text, line, None)) == ""
    assert verify_lines.fault_of_line(Line(kept.text, "no line", None))


def test_the_twins_notes_are_held_against_its_key() -> None:
    private = sm2.new_private()
    signer = sm2_signer(f"{NAME}-sm3", private)
    ring = Ring(signer.key.name, "sm3", [signer.key], {signer.key: 8})
    assert signer.key.kind == SM2
    for size, why in ((8, ""), (9, "第 8 条之后已经停用")):
        text = note.signed(note.checkpoint_text(signer.key.name, size, ROOT), [signer])
        assert why in (found := verify_lines.fault_of_note(Kept(text, size, ROOT.hex(), ring))) and bool(
            found
        ) == bool(why)
    lost = Ring(signer.key.name, "sm3", [], {}, "密钥读不出来")
    assert verify_lines.fault_of_note(Kept(text, 9, ROOT.hex(), lost)) == "密钥读不出来"
