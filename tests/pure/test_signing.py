"""Signers: software, and an outside program in a certified module's place; notes that both kinds of key signed."""

import base64
import hashlib
import re
import shlex
import sys
from pathlib import Path

import pytest
from gmssl.sm2 import CryptSM2

from openssl import needs_openssl, sm2_private_file
from sanxiang.ledger.tlog import note, proof, signing, sm2, tree
from source_tree import ROOT

ORIGIN = "log.example.test/2026"
SEED, PRIVATE = b"s" * 32, sm2.new_private()
ED, SM = signing.ed25519_signer(ORIGIN, SEED), signing.sm2_signer(ORIGIN, PRIVATE)
ROOT_HASH = tree.leaf_hash(b"x", "sm3")
TEXT = note.checkpoint_text(ORIGIN, 1, ROOT_HASH)
BOTH = note.signed(TEXT, [ED, SM])


def test_an_sm2_line_has_the_form_of_the_format() -> None:
    """Key id, key and signature as trust.md tells them to whoever writes a verifier."""
    kind = b"\xffsm2-sm3/v1\n"
    public = sm2.public_key(PRIVATE)
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n" + kind + public).digest()[:4]
    vkey = f"{ORIGIN}+{key_id.hex()}+{base64.b64encode(kind + public).decode()}"
    assert note.format_vkey(SM.key) == vkey and note.parse_vkey(vkey) == SM.key
    line = BOTH.split("\n")[-2]
    assert line.startswith(f"— {ORIGIN} ")
    data = base64.b64decode(line.split(" ")[2], validate=True)
    assert data[:4] == key_id and len(data) == 68
    assert CryptSM2("", public.hex()).verify_with_sm3(data[4:].hex(), TEXT.encode())


@pytest.mark.parametrize("keys", [[ED.key], [SM.key], [SM.key, ED.key]])
def test_a_note_that_both_signed_opens_with_either_key(keys: list[note.Key]) -> None:
    assert note.open_checkpoint(BOTH, keys, "sm3") == note.Checkpoint(ORIGIN, 1, ROOT_HASH)


def test_the_lines_stand_in_the_order_of_the_signers() -> None:
    assert note.signed(TEXT, [ED]) == note.sign(TEXT, ORIGIN, SEED)
    assert BOTH.startswith(note.sign(TEXT, ORIGIN, SEED))
    assert note.verified(note.parse_note(note.signed(TEXT, [SM, ED])), [ED.key, SM.key]) == [SM.key, ED.key]


def test_a_failing_sm2_line_spoils_the_note_for_who_knows_the_key() -> None:
    head, line = note.signed(note.checkpoint_text(ORIGIN, 2, ROOT_HASH), [SM]).rsplit("\n\n")
    assert head and line
    forged = note.signed(TEXT, [ED]) + line
    assert note.open_checkpoint(forged, [ED.key], "sm3").size == 1
    for keys in ([SM.key], [ED.key, SM.key]):
        with pytest.raises(ValueError, match="签名不成立"):
            note.open_checkpoint(forged, keys, "sm3")


def test_an_sm2_log_key_bears_the_origin_as_its_name() -> None:
    stranger = signing.sm2_signer("other.example.test", PRIVATE)
    with pytest.raises(ValueError, match="来源与签名密钥名称不一致"):
        note.open_checkpoint(note.signed(TEXT, [stranger]), [stranger.key], "sm3")


def test_a_proof_stands_on_an_sm2_signature() -> None:
    text = proof.format_proof(proof.Proof(0, (), note.signed(TEXT, [SM])))
    assert proof.open_proof(text, b"x", [SM.key], "sm3")[0] == 0
    with pytest.raises(ValueError, match="对不上"):
        proof.open_proof(text, b"y", [SM.key], "sm3")


@pytest.mark.parametrize(
    "public",
    [
        SM.key.public[:-1],
        SM.key.public + b"\0",
        SM.key.public[:-1] + bytes([SM.key.public[-1] ^ 1]),
        b"\x02" * 65,
    ],
    ids=["short", "long", "off the curve", "compressed"],
)
def test_malformed_sm2_keys_are_refused(public: bytes) -> None:
    with pytest.raises(ValueError, match=r"长度不符|SM2 公钥"):
        note.parse_vkey(note.format_vkey(note.Key(ORIGIN, note.SM2, public)))


def test_other_types_of_0xff_are_not_taken_for_ours() -> None:
    for kind in (b"\xff", b"\xffsm2-sm3/v2\n", b"\xffsm2-sm3/v1", b"\x06"):
        with pytest.raises(ValueError, match=r"不支持|不符"):
            note.parse_vkey(note.format_vkey(note.Key(ORIGIN, kind, SM.key.public)))


def test_what_no_verifier_would_accept_is_not_signed() -> None:
    with pytest.raises(ValueError, match="以换行结尾"):
        note.signed("a\n\nb", [ED])
    with pytest.raises(ValueError, match=r"."):
        note.signed(TEXT, [])
    for name in ("", "a b", "a+b"):
        with pytest.raises(ValueError, match="密钥名称"):
            signing.ed25519_signer(name, SEED)
        with pytest.raises(ValueError, match="密钥名称"):
            signing.sm2_signer(name, PRIVATE)
    cosigner = signing.command_signer("w.example.test", note.COSIGNATURE_V1, ED.key.public, ["true"])
    with pytest.raises(ValueError, match="联署"):
        note.signed(TEXT, [cosigner])


def test_no_private_key_shows_in_what_is_printed() -> None:
    shown = repr(ED) + repr(SM)
    assert PRIVATE.hex() not in shown and repr(PRIVATE) not in shown and repr(SEED) not in shown


def program(folder: Path, body: str) -> list[str]:
    """A program that stands for the driver of a module; it has the message in `message`."""
    path = folder / "module.py"
    path.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT / 'src')!r})\n"
        "from sanxiang.ledger.tlog import signing, sm2\nmessage = sys.stdin.buffer.read()\n" + body,
        encoding="utf-8",
    )
    return [sys.executable, str(path)]


def module(folder: Path, body: str, seconds: float = 30) -> signing.Signer:
    """A signer with that program behind it and the public key of PRIVATE."""
    return signing.command_signer(ORIGIN, note.SM2, SM.key.public, program(folder, body), seconds)


SIGNS = f"print(sm2.sign(bytes.fromhex({PRIVATE.hex()!r}), sm2.public_key(bytes.fromhex({PRIVATE.hex()!r})), message).hex())"


def test_a_program_signs_in_place_of_software(tmp_path: Path) -> None:
    outside = module(tmp_path, SIGNS)
    assert outside.key == SM.key
    signed = note.signed(TEXT, [ED, outside])
    assert note.open_checkpoint(signed, [ED.key, SM.key], "sm3").size == 1


def test_a_program_may_hold_an_ed25519_key_as_well(tmp_path: Path) -> None:
    body = f"print(signing.ed25519_signer('x', {SEED!r}).sign(message).hex().upper())"
    outside = signing.command_signer(ORIGIN, note.ED25519, ED.key.public, program(tmp_path, body), 30)
    assert note.signed(TEXT, [outside]) == note.signed(TEXT, [ED])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (SIGNS.replace("message)", "message + b'!')"), "不是这把公钥的签名"),
        ("print(sm2.sign(k := sm2.new_private(), sm2.public_key(k), message).hex())", "不是这把公钥的签名"),
        ("print('00' * 64)", "不是这把公钥的签名"),
        ("print('ab')", "十六进制"),
        ("print()", "十六进制"),
        ("sys.stdout.buffer.write(bytes(range(256)))", "十六进制"),
        (SIGNS + "\nprint('done')", "十六进制"),
        (SIGNS + "\nsys.exit('no session\\ncard not present')", "退出码 1.*card not present"),
        ("import time; time.sleep(60)", "秒内没有回答"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_in_plain_words(
    tmp_path: Path, body: str, reason: str
) -> None:
    outside = module(tmp_path, body, 0.5 if "sleep" in body else 30)
    with pytest.raises(signing.CannotSign, match=f"{re.escape(ORIGIN)} 的签名程序 .*{reason}"):
        note.signed(TEXT, [outside])


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = signing.command_signer(ORIGIN, note.SM2, SM.key.public, [str(tmp_path / "none")])
    with pytest.raises(signing.CannotSign, match=r"none 无法启动.*请检查路径"):
        missing.sign(b"x")
    deaf = signing.command_signer(ORIGIN, note.SM2, SM.key.public, ["true"])
    with pytest.raises(signing.CannotSign, match="十六进制"):
        deaf.sign(b"x" * 10_000_000)  # closes its input before it has read all


def test_a_seam_without_program_or_key_is_refused_at_once() -> None:
    for command in ([], [""]):
        with pytest.raises(ValueError, match="签名程序是空的"):
            signing.command_signer(ORIGIN, note.SM2, SM.key.public, command)
    with pytest.raises(ValueError, match="长度不符"):
        signing.command_signer(ORIGIN, note.SM2, b"", ["true"])


@needs_openssl
def test_the_program_in_the_manual_signs(tmp_path: Path) -> None:
    """docs/ledger.md shows one with OpenSSL; it is taken from there as it stands."""
    found = re.search(
        r"```sh\n(#!/bin/sh\n.*?)```", (ROOT / "docs/ledger.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert found
    key = sm2_private_file(tmp_path / "sm2.der", PRIVATE, SM.key.public)
    script = tmp_path / "sign"
    script.write_text(found[1].replace("/etc/sanxiang/sm2.key", shlex.quote(str(key))), encoding="utf-8")
    outside = signing.command_signer(ORIGIN, note.SM2, SM.key.public, ["sh", str(script)], 30)
    for size in range(
        20
    ):  # among twenty some r or s begins with a zero bit or with one, which DER writes differently
        text = note.checkpoint_text(ORIGIN, size + 1, ROOT_HASH)
        assert note.open_checkpoint(note.signed(text, [outside]), [SM.key], "sm3").size == size + 1
