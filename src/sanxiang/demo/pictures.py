"""A photo and a film for the demonstration, drawn by arithmetic: small, playable, and of nothing and nobody.

The film is H.264 of one macroblock type (I_PCM: plain samples, ITU-T H.264 7.3.5) in an MP4 (ISO/IEC 14496-12), so that a
browser plays it and can seek in it, and no encoder is needed to make it.
"""

import re
import struct
import zlib
from collections.abc import Iterable

WIDE, HIGH = 96, 64
"""Of the film, in samples; both whole macroblocks of 16."""
FRAMES, RATE = 16, 4
"""Four seconds."""
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def photo(seed: int) -> bytes:
    """A PNG: a bank, water, and a sky, other colours for another seed."""
    wide, high = 160, 120
    sky, water, bank = (
        ((150 + 7 * seed) % 90 + 150, 200, 235),
        (60, 120, (90 + 23 * seed) % 120 + 90),
        (150, 120, 80),
    )

    def colour(x: int, y: int) -> tuple[int, ...]:
        if y < high // 3:
            return sky
        ripple = (x * 3 + y * y + seed * 17) % 13
        return tuple(c - ripple for c in (bank if x + y // 2 > wide - 10 * (seed % 5) else water))

    rows = b"".join(b"\0" + bytes(c for x in range(wide) for c in colour(x, y)) for y in range(high))
    head = struct.pack(">2I5B", wide, high, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def film(seed: int) -> bytes:
    """An MP4: a light square crosses a dark field, from another height for another seed."""
    pictures = [_sample(frame, seed) for frame in range(FRAMES)]
    head = _box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    offset = len(head) + len(_moov(pictures, 0)) + 8
    return head + _moov(pictures, offset) + _box(b"mdat", *pictures)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    """A box with version 0 and flags."""
    return _box(kind, struct.pack(">I", flags), *parts)


def _moov(pictures: list[bytes], offset: int) -> bytes:
    """What a player must know: one track, each picture shown a quarter of a second, and where they lie."""
    span, scale = FRAMES * 1000 // RATE, 1000
    movie = _full(
        b"mvhd",
        struct.pack(">4I", 0, 0, scale, span),
        struct.pack(">IHH8x", 0x10000, 0x100, 0),
        MATRIX,
        bytes(24),
        struct.pack(">I", 2),
    )
    size = struct.pack(">2I", WIDE << 16, HIGH << 16)
    track = _full(b"tkhd", struct.pack(">5I8x4H", 0, 0, 1, 0, span, 0, 0, 0, 0), MATRIX, size, flags=3)
    media = _box(
        b"mdia",
        _full(b"mdhd", struct.pack(">4I2H", 0, 0, scale, span, 0x55C4, 0)),
        _full(b"hdlr", struct.pack(">I4s12x", 0, b"vide"), b"film\0"),
        _box(
            b"minf",
            _full(b"vmhd", bytes(8), flags=1),
            _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1))),
            _table(pictures, offset),
        ),
    )
    return _box(b"moov", movie, _box(b"trak", track, media))


def _table(pictures: list[bytes], offset: int) -> bytes:
    """The sample table: every picture stands alone, so that a player may begin at any of them."""
    sizes = [len(one) for one in pictures]
    config = b"\1" + SETS[0][1:4] + b"\xff\xe1" + _counted(SETS[0]) + b"\1" + _counted(SETS[1])
    entry = _box(
        b"avc1",
        struct.pack(">6xH16x2H2I4xH32xHh", 1, WIDE, HIGH, 0x480000, 0x480000, 1, 24, -1),
        _box(b"avcC", config),
    )
    return _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), entry),
        _full(b"stts", struct.pack(">3I", 1, FRAMES, 1000 // RATE)),
        _full(b"stsc", struct.pack(">4I", 1, 1, FRAMES, 1)),
        _full(b"stsz", struct.pack(f">2I{FRAMES}I", 0, FRAMES, *sizes)),
        _full(b"stco", struct.pack(">2I", 1, offset)),
    )


def _counted(unit: bytes) -> bytes:
    return struct.pack(">H", len(unit)) + unit


def _ue(number: int) -> str:
    """An unsigned number as Exp-Golomb bits (9.1)."""
    bits = f"{number + 1:b}"
    return "0" * (len(bits) - 1) + bits


def _unit(head: int, bits: str, body: bytes = b"") -> bytes:
    """A NAL unit: bits up to a byte's end, then whole bytes, the stop bit, and no sequence that looks like a start (7.4.1)."""
    if not body:
        bits += "1"
    bits += "0" * (-len(bits) % 8)
    raw = int(bits, 2).to_bytes(len(bits) // 8, "big") + body + (b"\x80" if body else b"")
    return bytes([head]) + re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", raw)


def _bits(values: Iterable[int]) -> str:
    return "".join(map(_ue, values))


SETS = (
    # Baseline, level 1.1: identifiers, no order but that of decoding, one reference, the size; then frames only, no more.
    _unit(
        0x67,
        f"{66:08b}{0xC0:08b}{11:08b}"
        + _bits((0, 0, 2, 1))
        + "0"
        + _bits((WIDE // 16 - 1, HIGH // 16 - 1))
        + "1100",
    ),
    # CAVLC, one slice group, no weights, quantiser 26, and slices that say how they are deblocked.
    _unit(0x68, _bits((0, 0)) + "00" + _bits((0, 0, 0)) + "000" + _bits((0, 0, 0)) + "100"),
)
"""Sequence and picture parameters."""


def _sample(frame: int, seed: int) -> bytes:
    """One picture, its length before it: an IDR slice of macroblocks in plain samples."""
    left, top = 2 + frame * (WIDE - 20) // FRAMES, 4 + seed * 11 % (HIGH - 24)

    def block(across: int, down: int) -> bytes:
        cells = ((across * 16 + n % 16, down * 16 + n // 16) for n in range(256))
        inside = (left <= x < left + 16 and top <= y < top + 16 for x, y in cells)
        return (
            bytes(220 if one else 60 + down * 8 for one in inside)
            + bytes([118 + seed % 5 * 4]) * 64
            + bytes([128]) * 64
        )

    blocks = [block(across, down) for down in range(HIGH // 16) for across in range(WIDE // 16)]
    # First macroblock 0, an I slice, picture set 0, frame 0, its number, no marking, quantiser as set, no deblocking.
    begin = _bits((0, 7, 0)) + "0000" + _ue(frame % 2) + "00" + _ue(0) + _ue(1) + _ue(25)
    plain = b"\x0d\x00".join(blocks)  # Exp-Golomb 25, I_PCM, filled up to the byte
    unit = _unit(0x65, begin, plain)
    return struct.pack(">I", len(unit)) + unit
