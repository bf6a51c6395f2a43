"""SM2 signatures against the standard's own example, OpenSSL and gmssl, both ways."""

from pathlib import Path

import pytest
from gmssl.sm2 import CryptSM2
from hypothesis import given, settings
from hypothesis import strategies as st

from openssl import needs_openssl, sm2_accepts, sm2_private_file, sm2_public_file, sm2_signs
from sanxiang.ledger.tlog import sm2

# GB/T 32918.5, appendix A.
PRIVATE = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
PUBLIC = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
MESSAGE = b"message digest"
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
ID = sm2.USER_ID.decode()
KEYS = [PRIVATE, (1).to_bytes(32, "big"), (N - 2).to_bytes(32, "big"), sm2.new_private(), sm2.new_private()]


def number(value: int) -> bytes:
    return value.to_bytes(32, "big")


def test_the_standards_example(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sm2.public_key(PRIVATE) == PUBLIC
    assert sm2.verifies(PUBLIC, MESSAGE, SIGNATURE)
    monkeypatch.setattr("secrets.randbelow", lambda limit: K - 1)
    assert sm2.sign(PRIVATE, PUBLIC, MESSAGE) == SIGNATURE


def test_each_signature_has_a_random_number_of_its_own() -> None:
    signatures = {sm2.sign(PRIVATE, PUBLIC, MESSAGE) for _ in range(5)}
    assert len({signature[:32] for signature in signatures}) == 5
    assert all(sm2.verifies(PUBLIC, MESSAGE, signature) for signature in signatures)


@needs_openssl
@pytest.mark.parametrize("private", KEYS, ids=["example", "first", "last", "fresh", "fresh too"])
def test_openssl_and_we_accept_one_another(tmp_path: Path, private: bytes) -> None:
    public = sm2.public_key(private)
    pair = sm2_private_file(tmp_path / "key", private, public), sm2_public_file(tmp_path / "pub", public)
    for message in (b"x", b"a\n1\n\n" * 50, "检查点".encode()):
        theirs = sm2_signs(tmp_path, pair[0], message, ID)
        assert sm2.verifies(public, message, theirs)
        assert not sm2.verifies(public, message + b"!", theirs)
        ours = sm2.sign(private, public, message)
        assert sm2_accepts(tmp_path, pair[1], message, ours, ID)
        assert not sm2_accepts(tmp_path, pair[1], message + b"!", ours, ID)


@needs_openssl
def test_a_signature_under_another_identity_is_refused(tmp_path: Path) -> None:
    private = sm2_private_file(tmp_path / "key", PRIVATE, PUBLIC)
    assert not sm2.verifies(PUBLIC, MESSAGE, sm2_signs(tmp_path, private, MESSAGE, "somebody else"))


@pytest.mark.parametrize("private", KEYS, ids=["example", "first", "last", "fresh", "fresh too"])
def test_gmssl_and_we_accept_one_another(private: bytes) -> None:
    public = sm2.public_key(private)
    theirs = CryptSM2(private.hex(), "")
    theirs.public_key = public[1:].hex()  # past its cutting, for the standard's own key
    signature = sm2.sign(private, public, MESSAGE)
    assert theirs.verify_with_sm3(signature.hex(), MESSAGE)
    assert not theirs.verify_with_sm3(signature.hex(), b"another")
    assert sm2.verifies(public, MESSAGE, bytes.fromhex(theirs.sign_with_sm3(MESSAGE, f"{K:064x}")))


def test_gmssl_reads_every_key_that_we_make() -> None:
    """As a stranger gives it the key, with the 04 and without."""
    for _ in range(24):
        private = sm2.new_private()
        public = sm2.public_key(private)
        signature = sm2.sign(private, public, MESSAGE).hex()
        for text in (public.hex(), public[1:].hex()):
            assert CryptSM2("", text).verify_with_sm3(signature, MESSAGE)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.data())
def test_one_changed_bit_is_refused(message: bytes, data: st.DataObject) -> None:
    signature = sm2.sign(PRIVATE, PUBLIC, message)
    assert sm2.verifies(PUBLIC, message, signature)
    at = data.draw(st.integers(0, 8 * len(signature) - 1))
    bent = bytearray(signature)
    bent[at // 8] ^= 1 << at % 8
    assert not sm2.verifies(PUBLIC, message, bytes(bent))
    at = data.draw(st.integers(0, 8 * len(message) + 7))
    other = bytearray(message + b"\0")
    other[at // 8] ^= 1 << at % 8
    assert not sm2.verifies(PUBLIC, bytes(other), signature)


def test_numbers_out_of_range_are_refused() -> None:
    r, s = SIGNATURE[:32], SIGNATURE[32:]
    assert int.from_bytes(s, "big") < N < 2**256
    for value in (0, N, N + 1, 2**256 - 1):
        assert not sm2.verifies(PUBLIC, MESSAGE, number(value) + s)
        assert not sm2.verifies(PUBLIC, MESSAGE, r + number(value))
    for bent in (b"", SIGNATURE[:-1], SIGNATURE + b"\0", r + number(N - int.from_bytes(r, "big"))):
        assert not sm2.verifies(PUBLIC, MESSAGE, bent)


def test_a_sum_that_is_no_point_is_refused_and_breaks_nothing() -> None:
    """The owner of a key can find r and s with s·G + t·P at infinity."""
    d, r = int.from_bytes(PRIVATE, "big"), 12_345
    s = -r * d * pow(1 + d, -1, N) % N
    assert not sm2.verifies(PUBLIC, MESSAGE, number(r) + number(s))


@pytest.mark.parametrize(
    "public",
    [
        b"",
        PUBLIC[:-1],
        PUBLIC + b"\0",
        b"\x02" + PUBLIC[1:33],
        b"\x06" + PUBLIC[1:],
        PUBLIC[:-1] + bytes([PUBLIC[-1] ^ 1]),
        b"\x04" + bytes(64),
        b"\x04" + PUBLIC[1:33] + number(P),
        b"\x04" + PUBLIC[1:33] + b"\xff" * 32,
    ],
)
def test_what_is_no_point_of_the_curve_is_no_key(public: bytes) -> None:
    with pytest.raises(ValueError, match="SM2 公钥"):
        sm2.check_public(public)
    assert not sm2.verifies(public, MESSAGE, SIGNATURE)


def test_another_key_is_refused() -> None:
    other = sm2.public_key(sm2.new_private())
    assert not sm2.verifies(other, MESSAGE, SIGNATURE)
    mirrored = PUBLIC[:33] + number(P - int.from_bytes(PUBLIC[33:], "big"))
    sm2.check_public(mirrored)
    assert not sm2.verifies(mirrored, MESSAGE, SIGNATURE)


def test_the_largest_key_is_the_smallest_mirrored() -> None:
    """(n−2)·G = −2·G."""
    two, last = sm2.public_key(number(2)), sm2.public_key(number(N - 2))
    assert last == two[:33] + number(P - int.from_bytes(two[33:], "big"))


@pytest.mark.parametrize(
    "private", [b"", b"\x01" * 31, b"\x01" * 33, bytes(32), number(N - 1), number(N), b"\xff" * 32]
)
def test_private_keys_out_of_range_are_refused(private: bytes) -> None:
    with pytest.raises(ValueError, match="SM2 私钥"):
        sm2.public_key(private)
    with pytest.raises(ValueError, match="SM2 私钥"):
        sm2.sign(private, PUBLIC, MESSAGE)
