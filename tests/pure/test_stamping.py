"""Time stamps by a real authority on 127.0.0.1; `openssl ts -verify` is the stranger who checks them."""

import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rfc3161_client import decode_timestamp_response

from authority import Authority, authority
from openssl import needs_openssl, openssl
from sanxiang.ledger.tlog import note, stamping

pytestmark = needs_openssl

ORIGIN = "log.example.test/2026"
DATA = note.sign(note.checkpoint_text(ORIGIN, 5, b"\x05" * 32), ORIGIN, b"s" * 32).encode()
ALTERED = DATA.replace(b"\n5\n", b"\n6\n")
KINDS: dict[str, dict[str, Any]] = {
    "leaf alone": {},
    "with its root": {"sends": ("root",)},
    "through another": {"middle": True, "sends": ("middle",)},
    "the whole chain": {"middle": True, "sends": ("root", "middle")},
    "the other way round": {"middle": True, "sends": ("middle", "root")},
}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("one")) as found:
        yield found


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("other")) as found:
        yield found


@pytest.fixture(scope="module")
def kept(one: Authority) -> bytes:
    """A reply as it lies beside a checkpoint."""
    return stamping.stamp(one.url, DATA)


@pytest.fixture(autouse=True)
def unchanged(one: Authority) -> Iterator[None]:
    """What a test put in the authority's mouth ends with it."""
    yield
    one.answer = one.reply


def soon(found: datetime) -> bool:
    return abs(found - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stamp_is_accepted_by_us_and_by_a_stranger(tmp_path: Path, kind: str) -> None:
    """Whatever certificates the authority sends along, and in whatever order."""
    with authority(tmp_path / "authority", **KINDS[kind]) as place:
        reply = stamping.stamp(place.url, DATA, roots=[place.root])
        assert soon(stamping.check(reply, DATA, [place.root]))
        assert place.accepts(reply, DATA) and not place.accepts(reply, ALTERED)
        with pytest.raises(ValueError, match="盖的不是这份数据"):
            stamping.check(reply, ALTERED, [place.root])


def test_two_requests_are_told_apart(one: Authority) -> None:
    nonces = {decode_timestamp_response(stamping.stamp(one.url, DATA)).tst_info.nonce for _ in range(3)}
    assert len(nonces) == 3


def test_another_authority_is_refused(one: Authority, other: Authority, kept: bytes) -> None:
    assert not other.accepts(kept, DATA)
    with pytest.raises(ValueError, match="不能由所给的根证书确认"):
        stamping.check(kept, DATA, [other.root])
    assert soon(stamping.check(kept, DATA, [other.root, one.root + one.root]))
    with pytest.raises(stamping.NoStamp, match=f"{re.escape(one.url)} 的回执不能用.*根证书"):
        stamping.stamp(one.url, DATA, roots=[other.root])


@pytest.mark.parametrize("use", ["stamps", "signs"])
def test_only_a_certificate_for_stamps_stamps(tmp_path: Path, one: Authority, use: str) -> None:
    """`openssl ts` refuses to sign with another, so whoever has one from the same root signs the content by `openssl cms`."""
    with authority(tmp_path / "forger", use=use) as forger:
        # Stamped once the forger's certificate is valid: the stamp's time is what it is held against.
        (tmp_path / "kept").write_bytes(stamping.stamp(one.url, DATA))
        openssl("ts", "-reply", "-in", tmp_path / "kept", "-token_out", "-out", tmp_path / "token")
        read = ("-verify", "-noverify", "-inform", "DER", "-binary")
        openssl("cms", *read, "-in", tmp_path / "token", "-out", tmp_path / "content")
        made = ("-sign", "-binary", "-nodetach", "-cades", "-outform", "DER")
        made += ("-econtent_type", "id-smime-ct-TSTInfo")
        pair = ("-signer", forger.folder / "leaf.pem", "-inkey", forger.folder / "leaf.key", "-md", "sha256")
        openssl("cms", *made, *pair, "-in", tmp_path / "content", "-out", tmp_path / "token")
        body = b"\x30\x03\x02\x01\x00" + (tmp_path / "token").read_bytes()
        reply = b"\x30\x82" + len(body).to_bytes(2, "big") + body
        assert forger.accepts(reply, DATA) == (use == "stamps")
        if use == "stamps":
            assert soon(stamping.check(reply, DATA, [forger.root]))
            return
        with pytest.raises(ValueError, match="不能由所给的根证书确认"):
            stamping.check(reply, DATA, [forger.root])


def test_roots_that_are_none_are_refused(kept: bytes) -> None:
    for roots, reason in (([], "没有给出"), ([""], r"PEM|没有给出"), (["nonsense"], "PEM")):
        with pytest.raises(ValueError, match=reason):
            stamping.check(kept, DATA, roots)


def test_a_reply_to_another_request_is_refused(one: Authority, kept: bytes) -> None:
    one.answer = lambda query: kept
    with pytest.raises(stamping.NoStamp, match="随机数不符"):
        stamping.stamp(one.url, DATA)
    with pytest.raises(stamping.NoStamp, match="盖的不是这份数据"):
        stamping.stamp(one.url, ALTERED)


def test_a_refusal_is_told_in_the_authoritys_words(one: Authority) -> None:
    one.answer = lambda query: one.reply(query[:-1])
    with pytest.raises(stamping.NoStamp, match=r"没有签发时间戳（状态 2）。机构说：Bad request format"):
        stamping.stamp(one.url, DATA)


@pytest.mark.parametrize(
    "reply", [b"", b"\x30\x00", b"<html>busy</html>", b"\x30\x84\xff\xff\xff\xff", b"\x30\x80" * 40]
)
def test_what_is_no_reply_is_refused(one: Authority, reply: bytes) -> None:
    one.answer = lambda query: reply
    with pytest.raises(stamping.NoStamp, match="回执读不懂"):
        stamping.stamp(one.url, DATA)


def test_any_changed_byte_that_matters_is_noticed(one: Authority, kept: bytes) -> None:
    """What is not: two version numbers and the name of the signature's algorithm, which the key tells as well."""
    passed = []
    for at in range(len(kept)):
        bent = kept[:at] + bytes([kept[at] ^ 0x55]) + kept[at + 1 :]
        try:
            stamping.check(bent, DATA, [one.root])
        except ValueError:
            continue
        passed.append(at)
    assert len(passed) < 12
    for size in range(len(kept)):
        with pytest.raises(ValueError, match=r"."):
            stamping.check(kept[:size], DATA, [one.root])


def test_an_authority_that_is_away_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/tsa"
        with pytest.raises(stamping.NoStamp, match=f"{re.escape(url)} 联系不上，请检查网络"):
            stamping.stamp(url, DATA)
        taken.listen()  # takes the connection and says nothing
        started = time.monotonic()
        with pytest.raises(stamping.NoStamp, match="联系不上"):
            stamping.stamp(url, DATA, timeout=0.3)
        assert time.monotonic() - started < 5


def test_a_reply_without_end_is_cut_off(one: Authority) -> None:
    one.answer = lambda query: b"\x30" * 3_000_000
    with pytest.raises(stamping.NoStamp, match=f"{re.escape(one.url)} 的回答过长或过慢"):
        stamping.stamp(one.url, DATA)


def test_a_wrong_address_is_told(one: Authority) -> None:
    with pytest.raises(stamping.NoStamp, match="回答状态 404，请核对地址"):
        stamping.stamp(one.url + "/elsewhere", DATA)
    for url in (
        "file:///etc/hostname",
        "ftp://127.0.0.1/x",
        "tsa.example.test",
        "",
        "http://",
        "http://[::1",
        "http://127.0.0.1:x/",
        "http://127.0.0.1/时间戳",
    ):
        with pytest.raises(stamping.NoStamp, match="不是 http 或 https 地址"):
            stamping.stamp(url, DATA)
