"""Offline proofs: one text, opened with nothing but the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proof_spoilers import HARMLESS, SPOILERS
from sanxiang.ledger.tlog import note, tree
from sanxiang.ledger.tlog.proof import Proof, format_proof, open_proof, parse_proof

ORIGIN = "log.example.test/2026"
SEED = b"s" * 32
LOG = note.Key(ORIGIN, note.ED25519, note.public_key(SEED))
SIZE = 21


def leaf(at: int) -> bytes:
    return b'{"n":%d}' % at


HASHES = [tree.leaf_hash(leaf(at)) for at in range(SIZE)]
CHECKPOINT = note.sign(note.checkpoint_text(ORIGIN, SIZE, tree.root(HASHES)), ORIGIN, SEED)


def proof_of(at: int, extra: bytes = b"") -> str:
    return format_proof(Proof(at, tuple(tree.inclusion_proof(HASHES, at)), CHECKPOINT, extra))


@pytest.mark.parametrize("at", range(SIZE))
def test_each_entry_is_proved_and_no_other(at: int) -> None:
    text = proof_of(at)
    assert open_proof(text, leaf(at), [LOG]) == (at, note.open_checkpoint(CHECKPOINT, [LOG]))
    with pytest.raises(ValueError, match="对不上"):
        open_proof(text, leaf(at + 1), [LOG])


def test_the_text_is_laid_out_as_the_specification_says() -> None:
    text = proof_of(20, b"hello")
    header, extra, index, *hashes = text.partition("\n\n")[0].split("\n")
    assert (header, extra, index) == ("c2sp.org/tlog-proof@v1", "extra aGVsbG8=", "index 20")
    assert [note.decode_base64(value) for value in hashes] == tree.inclusion_proof(HASHES, 20)
    assert text.partition("\n\n")[2] == CHECKPOINT
    assert parse_proof(text).extra == b"hello"
    assert open_proof(text, leaf(20), [LOG])[0] == 20


def test_the_only_entry_has_a_proof_without_hashes() -> None:
    alone = note.sign(note.checkpoint_text(ORIGIN, 1, HASHES[0]), ORIGIN, SEED)
    text = f"c2sp.org/tlog-proof@v1\nindex 0\n\n{alone}"
    assert format_proof(Proof(0, (), alone)) == text
    assert open_proof(text, leaf(0), [LOG])[0] == 0


def test_nothing_is_in_an_empty_log() -> None:
    empty = note.sign(note.checkpoint_text(ORIGIN, 0, tree.empty_root()), ORIGIN, SEED)
    with pytest.raises(ValueError, match="对不上"):
        open_proof(format_proof(Proof(0, (), empty)), b"", [LOG])


@pytest.mark.parametrize("spoiler", SPOILERS)
def test_malformed_and_false_proofs_are_refused(spoiler: str) -> None:
    text = proof_of(5)
    spoilt = SPOILERS[spoiler](text)
    assert spoilt != text
    with pytest.raises(ValueError, match=r"."):
        open_proof(spoilt, leaf(5), [LOG])


@pytest.mark.parametrize("other", HARMLESS)
def test_what_the_formats_allow_is_no_fault(other: str) -> None:
    text = proof_of(5)
    changed = HARMLESS[other](text)
    assert changed != text
    assert open_proof(changed, leaf(5), [LOG])[0] == 5


def test_a_proof_of_the_wrong_length_is_refused() -> None:
    path = tuple(tree.inclusion_proof(HASHES, 5))
    for hashes in (path[:-1], (*path, path[-1]), ()):
        with pytest.raises(ValueError, match="对不上"):
            open_proof(format_proof(Proof(5, hashes, CHECKPOINT)), leaf(5), [LOG])


def test_the_checkpoint_must_be_signed_by_a_given_key() -> None:
    with pytest.raises(ValueError, match="没有任何给定密钥"):
        open_proof(proof_of(5), leaf(5), [])


@given(st.data())
def test_any_changed_character_is_noticed(data: st.DataObject) -> None:
    text = proof_of(5)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != text[at]))
    with pytest.raises(ValueError, match=r"."):
        open_proof(text[:at] + other + text[at + 1 :], leaf(5), [LOG])
