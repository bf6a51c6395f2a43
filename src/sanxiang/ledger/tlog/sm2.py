"""SM2 signatures with SM3 (GB/T 32918.2, curve of GB/T 32918.5), so that the log can be signed in the national suite.

Python's integers, so not free of timing: what an installation under 密评 signs with is a certified module (signing.py).
"""

import secrets
from functools import lru_cache

from sanxiang.ledger.tlog.tree import digest_function

# The identity that GM/T 0009 gives when none was agreed; OpenSSL's `distid` must be set to the same.
USER_ID = b"1234567812345678"
PRIVATE_SIZE, PUBLIC_SIZE, SIGNATURE_SIZE = 32, 65, 64

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)

# Jacobian coordinates: x/z², y/z³; z = 0 is the point at infinity.
_Point = tuple[int, int, int]
_INFINITY: _Point = (1, 1, 0)

_WINDOW = 4
"""Bits of a digit in the tables: wider ones take longer to make than a whole log gains."""
_DIGIT = (1 << _WINDOW) - 1


def new_private() -> bytes:
    """A fresh private key, 32 bytes from the operating system's random source.

    Keys whose public x begins with the hexadecimal digit 0 or 4 are passed over: `gmssl`, with which a stranger may
    check our signatures, takes those digits for a part of the prefix 04 and drops them.
    """
    while True:
        private = _bytes(1 + secrets.randbelow(_N - 2))
        if public_key(private)[1] >> 4 not in (0, 4):
            return private


@lru_cache(maxsize=8)
def public_key(private: bytes) -> bytes:
    """The public key: 04 ‖ x ‖ y, 65 bytes. ValueError unless `private` is 32 bytes in 1..n−2."""
    x, y = _affine(_times(_private(private), _G))
    return b"\x04" + _bytes(x) + _bytes(y)


def check_public(public: bytes) -> None:
    """ValueError unless `public` is an uncompressed point of the curve."""
    _point(public)


def sign(private: bytes, public: bytes, message: bytes) -> bytes:
    """r ‖ s, 64 bytes, over SM3(Z ‖ message), where Z holds `public`, the key that belongs to `private`.

    ValueError for a private key out of range.
    """
    d = _private(private)
    e = _digest(public, message)
    while True:
        k = 1 + secrets.randbelow(_N - 1)
        r = (e + _affine(_times(k, _G))[0]) % _N
        s = pow(1 + d, -1, _N) * (k - r * d) % _N
        if r and s and r + k != _N:
            return _bytes(r) + _bytes(s)


@lru_cache(maxsize=256)  # the same note is looked at again when it is served, read back and proved under
def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature holds; False too for a key off the curve and for r or s out of 1..n−1."""
    try:
        point = _point(public)
    except ValueError:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    t = (r + s) % _N
    if len(signature) != SIGNATURE_SIZE or not (0 < r < _N and 0 < s < _N) or not t:
        return False
    reached = _public_sum(s, point, t)
    # Whoever owns the key can choose r and s so that the sum is no point at all.
    return reached[2] != 0 and (_digest(public, message) + _affine(reached)[0]) % _N == r


def _private(private: bytes) -> int:
    d = int.from_bytes(private, "big")
    if len(private) != PRIVATE_SIZE or not 0 < d < _N - 1:
        raise ValueError("SM2 私钥应为 32 字节，数值在 1 到 n−2 之间")
    return d


def _point(public: bytes) -> tuple[int, int]:
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    if len(public) != PUBLIC_SIZE or public[0] != 4 or max(x, y) >= _P:
        raise ValueError("SM2 公钥应为 65 字节的非压缩点（04 开头）")
    if (y * y - (x * x + _A) * x - _B) % _P:
        raise ValueError("SM2 公钥不在曲线上")
    return x, y


def _digest(public: bytes, message: bytes) -> int:
    constants = b"".join(map(_bytes, (_A, _B, *_G)))
    sm3 = digest_function("sm3")
    z = sm3((8 * len(USER_ID)).to_bytes(2, "big") + USER_ID + constants + public[1:])
    return int.from_bytes(sm3(z + message), "big")


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _times(secret: int, point: tuple[int, int]) -> _Point:
    # n times anything is nothing. Adding it hides how long the secret number is and which of its bits are set:
    # the time that a few hundred signatures take would else give the key away.
    masked = secret + _N * (2**63 + secrets.randbits(63))
    one, reached = (*point, 1), _INFINITY
    for at in range(masked.bit_length() - 1, -1, -1):
        reached = _added(_doubled(reached), one if masked >> at & 1 else _INFINITY)
    return reached


def _public_sum(s: int, point: tuple[int, int], t: int) -> _Point:
    """s·G + t·point, out of tables: nothing here is secret, and a whole log's notes are held against one key."""
    reached = _INFINITY
    for number, table in ((s, _multiples(_G)), (t, _multiples(point))):
        for at, row in enumerate(table):
            if digit := number >> _WINDOW * at & _DIGIT:
                reached = _joined(reached, row[digit - 1])
    return reached


@lru_cache(maxsize=64)  # the base point, and the keys of a log past and present
def _multiples(point: tuple[int, int]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """For each digit of a number, the lowest first, what it contributes: 1 to 15 times 16^place times the point."""
    found: list[_Point] = []
    first: _Point = (*point, 1)
    for _place in range(256 // _WINDOW):
        reached = first
        for _digit in range(_DIGIT):
            found.append(reached)
            reached = _added(reached, first)
        first = reached
    flat = _all_affine(found)
    return tuple(tuple(flat[at : at + _DIGIT]) for at in range(0, len(flat), _DIGIT))


def _all_affine(points: list[_Point]) -> list[tuple[int, int]]:
    """Many points at the price of one inversion; none of them is infinity, for the curve has a prime number of points."""
    below = [1]
    for _x, _y, z in points:
        below.append(below[-1] * z % _P)
    inverse, found = pow(below.pop(), -1, _P), []
    for x, y, z in reversed(points):
        one = inverse * below.pop() % _P
        inverse = inverse * z % _P
        square = one * one % _P
        found.append((x * square % _P, y * square * one % _P))
    return found[::-1]


def _joined(point: _Point, other: tuple[int, int]) -> _Point:
    """The sum with a point whose z is 1."""
    (x1, y1, z1), (x2, y2) = point, other
    if not z1:
        return (x2, y2, 1)
    zz1 = z1 * z1 % _P
    h, r = (x2 * zz1 - x1) % _P, (y2 * zz1 * z1 - y1) % _P
    if not h:
        return _INFINITY if r else _doubled(point)
    hh = h * h % _P
    hhh, v = h * hh % _P, x1 * hh % _P
    x3 = (r * r - hhh - 2 * v) % _P
    return x3, (r * (v - x3) - y1 * hhh) % _P, h * z1 % _P


def _doubled(point: _Point) -> _Point:
    x, y, z = point
    delta, gamma = z * z % _P, y * y % _P
    beta, alpha = x * gamma % _P, 3 * (x - delta) * (x + delta) % _P
    x3 = (alpha * alpha - 8 * beta) % _P
    return x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % _P, 2 * y * z % _P


def _added(one: _Point, other: _Point) -> _Point:
    (x1, y1, z1), (x2, y2, z2) = one, other
    if not z1 or not z2:
        return other if not z1 else one
    zz1, zz2 = z1 * z1 % _P, z2 * z2 % _P
    u1, s1 = x1 * zz2 % _P, y1 * zz2 * z2 % _P
    h, r = (x2 * zz1 - u1) % _P, (y2 * zz1 * z1 - s1) % _P
    if not h:
        return _INFINITY if r else _doubled(one)
    hh = h * h % _P
    hhh, v = h * hh % _P, u1 * hh % _P
    x3 = (r * r - hhh - 2 * v) % _P
    return x3, (r * (v - x3) - s1 * hhh) % _P, h * z1 * z2 % _P


def _affine(point: _Point) -> tuple[int, int]:
    x, y, z = point
    inverse = pow(z, -1, _P)
    square = inverse * inverse % _P
    return x * square % _P, y * square * inverse % _P
