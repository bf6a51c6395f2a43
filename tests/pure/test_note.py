"""Signed notes, checkpoints and cosignatures, against notes that golang.org/x/mod/sumdb/note made."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.ledger.tlog import note, tree
from sanxiang.ledger.tlog.note import Key

ORIGIN = "log.example.test/2026"
LOG_SEED, WITNESS_SEED = b"s" * 32, b"\x07" * 32
LOG = Key(ORIGIN, note.ED25519, note.public_key(LOG_SEED))
WITNESS = Key("witness.example.test", note.COSIGNATURE_V1, note.public_key(WITNESS_SEED))
STRANGER = Key("other.example.test", note.ED25519, note.public_key(b"o" * 32))

# Made by Go from the same seed.
GO_VKEY = "log.example.test/2026+bb9d2f91+Af7BQoZz9q/okmSzgHNErosmnRJaUDhVICaH21pxKFef"
GO_NOTE = """\
log.example.test/2026
70000
2gUy/3su5W9AZxEPyWTp8ntZWflSe//z+lAap1hN6vM=

— log.example.test/2026 u50vkZte+56pM9W679boSQPSLFphjQb2qzHqE6vvauwnuoPtvp0nUHcvbjIaXUQa0788Sp3c17yWF8t2WkVbA5NbZwA=
"""

ROOT = tree.leaf_hash(b"x")
TEXT = note.checkpoint_text(ORIGIN, 5, ROOT)
SIGNED = note.sign(TEXT, ORIGIN, LOG_SEED)
COSIGNED = SIGNED + note.cosign(SIGNED, WITNESS.name, WITNESS_SEED, 1_700_000_000) + "\n"


def signed(text: str) -> str:
    """A note over any text at all, so that what is refused is the text and not the signature."""
    return note.sign(text, ORIGIN, LOG_SEED)


def refused(text: str, keys: list[Key], reason: str = r".") -> None:
    with pytest.raises(ValueError, match=reason):
        note.open_checkpoint(text, keys)


def test_a_key_and_a_note_made_by_go() -> None:
    assert note.parse_vkey(GO_VKEY) == LOG
    assert note.format_vkey(LOG) == GO_VKEY
    checkpoint = note.open_checkpoint(GO_NOTE, [LOG])
    assert (checkpoint.origin, checkpoint.size, checkpoint.extensions) == (ORIGIN, 70_000, ())
    assert checkpoint.root.hex() == "da0532ff7b2ee56f4067110fc964e9f27b5959f9527bfff3fa501aa7584deaf3"
    assert signed(note.checkpoint_text(ORIGIN, 70_000, checkpoint.root)) == GO_NOTE


def test_a_cosignature_is_over_time_and_the_whole_text() -> None:
    line = COSIGNED.removeprefix(SIGNED)
    assert line.startswith("— witness.example.test ") and line.endswith("\n")
    data = base64.b64decode(line.split(" ")[2])
    assert data[:4] == hashlib.sha256(b"witness.example.test\n\x04" + WITNESS.public).digest()[:4]
    assert int.from_bytes(data[4:12], "big") == 1_700_000_000
    message = b"cosignature/v1\ntime 1700000000\n" + TEXT.encode()
    Ed25519PublicKey.from_public_bytes(WITNESS.public).verify(data[12:], message)


@pytest.mark.parametrize("keys", [[LOG], [WITNESS], [LOG, WITNESS], [WITNESS, STRANGER, LOG, LOG]])
def test_it_opens_with_any_key_that_signed(keys: list[Key]) -> None:
    assert note.open_checkpoint(COSIGNED, keys) == note.Checkpoint(ORIGIN, 5, ROOT)


def test_it_refuses_a_note_that_no_given_key_signed() -> None:
    refused(SIGNED, [], "没有任何给定密钥")
    refused(SIGNED, [WITNESS, STRANGER], "没有任何给定密钥")


def test_one_failing_line_of_a_known_key_spoils_the_note() -> None:
    forged = note.cosign(signed(note.checkpoint_text(ORIGIN, 6, ROOT)), WITNESS.name, WITNESS_SEED, 1)
    assert note.open_checkpoint(f"{SIGNED}{forged}\n", [LOG]).size == 5
    refused(f"{SIGNED}{forged}\n", [LOG, WITNESS], "签名不成立")
    refused(f"{COSIGNED}{forged}\n", [LOG, WITNESS], "签名不成立")


def test_lines_of_unknown_keys_are_ignored() -> None:
    same_name = (
        "— log.example.test/2026 " + base64.b64encode(b"\x00\x00\x00\x01" + b"\x00" * 64).decode() + "\n"
    )
    same_id = "— else.example.test " + base64.b64encode(LOG.id + b"\x00" * 64).decode() + "\n"
    assert note.open_checkpoint(SIGNED + same_name + same_id, [LOG]).size == 5
    assert note.open_checkpoint(SIGNED + same_name * 15, [LOG]).size == 5


def test_the_log_key_bears_the_origin_as_its_name() -> None:
    by_stranger = note.sign(TEXT, STRANGER.name, b"o" * 32)
    refused(by_stranger, [STRANGER], "来源与签名密钥名称不一致")
    line = by_stranger.rpartition("\n\n")[2]
    assert note.open_checkpoint(SIGNED + line, [STRANGER, LOG]).origin == ORIGIN
    refused(SIGNED + line, [STRANGER], "来源与签名密钥名称不一致")


def test_size_zero_needs_the_empty_root() -> None:
    empty = signed(note.checkpoint_text(ORIGIN, 0, tree.empty_root()))
    assert note.open_checkpoint(empty, [LOG]).size == 0
    refused(signed(note.checkpoint_text(ORIGIN, 0, ROOT)), [LOG], "空树的根")
    twin = signed(note.checkpoint_text(ORIGIN, 0, tree.empty_root("sm3")))
    assert note.open_checkpoint(twin, [LOG], "sm3").size == 0
    refused(twin, [LOG], "空树的根")


def test_extension_lines_are_part_of_the_text() -> None:
    assert note.open_checkpoint(signed(TEXT + "one\ntwo\n"), [LOG]).extensions == ("one", "two")
    refused(signed(TEXT + "one\n\ntwo\n"), [LOG], "不能有空行")


@pytest.mark.parametrize(
    "size", ["05", "+5", "-0", "", " 5", "5 ", "5.0", "1_0", "٥", "５", "0x5", str(2**63)]
)
def test_a_size_is_plain_ascii_digits_below_two_to_the_63(size: str) -> None:
    refused(signed(TEXT.replace("\n5\n", f"\n{size}\n")), [LOG])
    largest = signed(TEXT.replace("\n5\n", f"\n{2**63 - 1}\n"))
    assert note.open_checkpoint(largest, [LOG]).size == 2**63 - 1


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_root_has_32_bytes(length: int) -> None:
    refused(signed(note.checkpoint_text(ORIGIN, 5, b"\x01" * length)), [LOG])


@pytest.mark.parametrize(
    "spelling",
    [
        "6iM0D3uVZKz1q8VYe5kVDYS6eQnA2mS4bXo2M6lXq0B=",  # unused bits not zero
        "6iM0D3uVZKz1q8VYe5kVDYS6eQnA2mS4bXo2M6lXq0A",  # no padding
        "6iM0D3uVZKz1q8VYe5kVDYS6eQnA2mS4bXo2M6lXq0A==",
        "6iM0D3uVZKz1q8VYe5kVDYS6eQnA2mS4bXo2M6lXq0A= ",
        "6iM0D3uVZKz1q8VYe5kVDYS6eQnA-mS4bXo2M6lXq0A=",  # the URL alphabet
        "6iM0D3uVZKz1q8VYe5kVDYS6eQnA mS4bXo2M6lXq0A=",
        "六iM0D3uVZKz1q8VYe5kVDYS6eQnA2mS4bXo2M6lXq0A=",
    ],
)
def test_base64_has_one_spelling(spelling: str) -> None:
    good = "6iM0D3uVZKz1q8VYe5kVDYS6eQnA2mS4bXo2M6lXq0A="
    assert note.open_checkpoint(signed(f"{ORIGIN}\n5\n{good}\n"), [LOG]).size == 5
    refused(signed(f"{ORIGIN}\n5\n{spelling}\n"), [LOG], "base64")


@pytest.mark.parametrize(
    "text",
    [
        TEXT,  # nobody signed
        TEXT + "\n",
        SIGNED[:-1],  # no newline at the end
        SIGNED + "\n",
        SIGNED.replace("— ", "- "),
        SIGNED.replace("— ", "—"),
        SIGNED.replace("— ", "– "),
        SIGNED.replace("\n", "\r\n"),
        SIGNED.replace("\n\n", "\n"),
        "\n" + SIGNED.partition("\n")[2],
        SIGNED + "— x AAAA\n",  # too short to hold key id and signature
        SIGNED + "— a b AAAAAAA=\n",
        SIGNED + "— a+b AAAAAAA=\n",
        SIGNED + "—  AAAAAAA=\n",
        SIGNED + "— x AAAAAAB=\n",
        SIGNED + "— x \n",
        SIGNED + "— x\u3000y AAAAAAA=\n",
        SIGNED.replace(ORIGIN, ORIGIN + "\x01"),
        SIGNED.replace(ORIGIN, ORIGIN + "\t"),
        SIGNED + "— \udcffx AAAAAAA=\n",
        SIGNED + "— x AAAAAAA=\n" * 100,
        signed("only\ntwo\n"),
        signed("\n5\n" + TEXT.split("\n")[2] + "\n"),
        "",
        "\n\n",
    ],
)
def test_malformed_notes_are_refused(text: str) -> None:
    refused(text, [LOG])


@given(st.data())
def test_any_changed_character_is_noticed(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(COSIGNED) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != COSIGNED[at]))
    changed = COSIGNED[:at] + other + COSIGNED[at + 1 :]
    try:
        note.open_checkpoint(changed, [LOG, WITNESS])
    except ValueError:
        return
    # A name or key id may change into that of a stranger, whose line is then ignored; the text never.
    assert changed.partition("\n\n")[0] == COSIGNED.partition("\n\n")[0]


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        ORIGIN,
        GO_VKEY.replace("bb9d2f91", "bb9d2f92"),
        GO_VKEY.replace("bb9d2f91", "BB9D2F91"),
        GO_VKEY.replace("bb9d2f91", ""),
        GO_VKEY.replace(ORIGIN, "other"),
        GO_VKEY.replace(ORIGIN, ""),
        GO_VKEY.replace(ORIGIN, "a b"),
        GO_VKEY + "=",
        GO_VKEY[:-4],
        GO_VKEY.replace("+Af7B", "+Bv7B"),
        "x+00000000+",
    ],
)
def test_malformed_or_foreign_keys_are_refused(vkey: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        note.parse_vkey(vkey)


def test_two_keys_that_look_alike_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = Key(ORIGIN, note.ED25519, note.public_key(b"t" * 32))
    monkeypatch.setattr(Key, "id", property(lambda key: b"\x01\x02\x03\x04"))  # a found collision
    refused(signed(TEXT), [LOG, twin], "名称和标识相同")


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_cosignature_has_a_time_that_fits(time: int) -> None:
    with pytest.raises(ValueError, match="时间"):
        note.cosign(SIGNED, WITNESS.name, WITNESS_SEED, time)


def test_a_cosignature_with_a_time_beyond_two_to_the_63_fails() -> None:
    data = WITNESS.id + (2**63).to_bytes(8, "big") + b"\x00" * 64
    refused(f"{SIGNED}— {WITNESS.name} {base64.b64encode(data).decode()}\n", [LOG, WITNESS], "签名不成立")


def test_only_well_formed_checkpoints_are_cosigned() -> None:
    for text in (TEXT, SIGNED.replace("\n5\n", "\n05\n"), "hello\n\n— x AAAAAAA=\n"):
        with pytest.raises(ValueError, match=r"."):
            note.cosign(text, WITNESS.name, WITNESS_SEED, 1)
    for name in ("", "a b", "a+b", "a\x00"):
        with pytest.raises(ValueError, match="密钥名称"):
            note.cosign(SIGNED, name, WITNESS_SEED, 1)
    with pytest.raises(ValueError, match="种子应为 32 字节"):
        note.cosign(SIGNED, WITNESS.name, b"short", 1)


def test_a_text_without_its_last_newline_is_not_signed() -> None:
    with pytest.raises(ValueError, match="以换行结尾"):
        note.sign("a\nb", ORIGIN, LOG_SEED)
