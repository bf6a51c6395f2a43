"""RFC 3161 time stamps over SHA-256: an outside authority's word that some bytes existed at a time.

A reply is kept byte for byte as the authority gave it (`.tsr`), so that `openssl ts -verify` reads it too.
"""

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

SECONDS = 10.0
_REPLY_LIMIT = 1_000_000
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
# What the two libraries raise for certificates that cannot be read or do not fit.
_UNSOUND = (VerificationError, ValueError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)
_TYPES = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class NoStamp(Exception):
    """The authority gave no usable stamp; the message says why, and trying again later may help."""


def stamp(url: str, data: bytes, timeout: float = SECONDS, roots: Sequence[str] = ()) -> bytes:
    """Have the authority at `url` (http or https) stamp the data: its reply, the content of a `.tsr` file.

    The reply is granted and fits this request (SHA-256 imprint, nonce); given roots, its signature is held against
    them as well. Waits at most about `timeout` seconds for the connection and as long again for the answer. Raises NoStamp.
    """
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    reply = _asked(url, request.as_bytes(), timeout)
    try:
        granted = _granted(reply, data)
        if granted.tst_info.nonce != request.nonce:
            raise ValueError("回执答的不是这次请求（随机数不符）")
        if roots:
            check(reply, data, roots)
    except ValueError as error:
        raise NoStamp(f"时间戳机构 {url} 的回执不能用：{error}") from error
    return reply


def check(reply: bytes, data: bytes, roots: Sequence[str]) -> datetime:
    """The time at which an authority under one of the roots saw exactly these data; ValueError with the reason otherwise.

    `roots`: certificates in PEM, several in one text if need be. They must have been valid at the stamp's time; whether
    one was revoked is not asked.
    """
    granted = _granted(reply, data)
    verifier = VerifierBuilder(roots=_certificates(roots)).build()
    try:
        verifier.verify_message(granted, data)
    except _UNSOUND as error:
        raise ValueError(
            "时间戳的签名不能由所给的根证书确认：或出自别的机构，或回执被改动，请核对机构和证书"
        ) from error
    return granted.tst_info.gen_time


def told_time(reply: bytes) -> datetime:
    """When the authority says that it made a kept reply; its signature is not checked. ValueError where it cannot be read."""
    try:
        return decode_timestamp_response(_in_order(reply)).tst_info.gen_time
    except (ValueError, IndexError) as error:
        raise ValueError("时间戳回执读不懂，可能损坏或被改动") from error


def _certificates(roots: Sequence[str]) -> list[x509.Certificate]:
    try:
        # A certificate given twice counts once, or the verifier takes offence.
        found = {one: None for text in roots for one in x509.load_pem_x509_certificates(text.encode())}
    except ValueError as error:
        raise ValueError("根证书读不出来，应为 PEM 格式的证书") from error
    if not found:
        raise ValueError("没有给出时间戳机构的根证书，无从核对")
    return list(found)


def _granted(reply: bytes, data: bytes) -> TimeStampResponse:
    """The reply taken apart, once it is granted and its imprint is that of the data; its signature is not checked."""
    try:
        response = decode_timestamp_response(_in_order(reply))
        status = response.status
        if status == PKIStatus.GRANTED:
            imprint = response.tst_info.message_imprint
    except (ValueError, IndexError) as error:
        raise ValueError("时间戳回执读不懂，可能损坏或被改动") from error
    if status != PKIStatus.GRANTED:
        said = "；".join(response.status_string)[:200]
        raise ValueError(f"机构没有签发时间戳（状态 {status}）。机构说：{said or '（无）'}")
    if imprint.hash_algorithm != _SHA256 or imprint.message != hashlib.sha256(data).digest():
        raise ValueError("时间戳盖的不是这份数据，数据或回执被改动过")
    return response


def _in_order(reply: bytes) -> bytes:
    """The reply with its certificates in DER's order, as the library insists; OpenSSL leaves them as they come.

    They lie outside what the authority signed, so the order changes nothing. IndexError for no DER.
    """
    # SEQUENCE { status, SEQUENCE { id-signedData, [0] { SEQUENCE { version, digests, content, [0] certificates … } } } }
    for _, start, end in _children(reply, *_bounds(reply, 0)[1:])[1:]:
        _, (_, inner, _) = _children(reply, start, end)
        for tag, first, behind in _children(reply, *_bounds(reply, inner)[1:]):
            if tag == 0xA0:
                return reply[:first] + b"".join(sorted(_whole(reply, first, behind))) + reply[behind:]
    return reply


def _bounds(der: bytes, at: int) -> tuple[int, int, int]:
    """Tag, start and end of the content of the element at `at`."""
    tag, length, start = der[at], der[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[at + 2 : start], "big")
    if start + length > len(der):
        raise IndexError("element ends after the data")
    return tag, start, start + length


def _children(der: bytes, at: int, end: int) -> list[tuple[int, int, int]]:
    found = []
    while at < end:
        found.append(_bounds(der, at))
        at = found[-1][2]
    return found


def _whole(der: bytes, at: int, end: int) -> Iterator[bytes]:
    for _, _, behind in _children(der, at, end):
        yield der[at:behind]
        at = behind


def _asked(url: str, query: bytes, timeout: float) -> bytes:
    if not _is_address(url):
        raise NoStamp(f"时间戳机构的地址 {url} 不是 http 或 https 地址，请改正设置")
    request = urllib.request.Request(url, query, _TYPES, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return _read(response, time.monotonic() + timeout)
    except urllib.error.HTTPError as error:
        raise NoStamp(f"时间戳机构 {url} 回答状态 {error.code}，请核对地址或稍后再试") from error
    except (OSError, http.client.HTTPException) as error:
        raise NoStamp(f"时间戳机构 {url} 联系不上，请检查网络和地址，稍后再试") from error


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # urllib would open files and FTP as well; asking for the port finds out whether it is a number.
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and url.isascii() and parts.port != 0
        )
    except ValueError:
        return False


def _read(response: http.client.HTTPResponse, until: float) -> bytes:
    """The whole body; NoStamp when it is too long or comes too slowly, for the time-out counts each read by itself."""
    body = b""
    while more := response.read1(65_536):
        body += more
        if len(body) > _REPLY_LIMIT or time.monotonic() > until:
            raise NoStamp(f"时间戳机构 {response.url} 的回答过长或过慢，请核对地址，稍后再试")
    return body
