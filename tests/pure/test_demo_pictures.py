"""The photo and the film of the demonstration: small, well formed, the same each time, and another for another seed."""

import struct
import zlib

import pytest

from sanxiang.demo.pictures import FRAMES, HIGH, RATE, WIDE, film, photo

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def boxes(data: bytes, at: int = 0, end: int | None = None) -> dict[bytes, tuple[int, bytes]]:
    """Every box by its kind, those inside others too: where its content begins, and the content."""
    found: dict[bytes, tuple[int, bytes]] = {}
    end = len(data) if end is None else end
    while at < end:
        size, kind = struct.unpack_from(">I4s", data, at)
        assert 8 <= size <= end - at
        found[kind] = (at + 8, data[at + 8 : at + size])
        if kind in CONTAINERS:
            found |= boxes(data, at + 8, at + size)
        at += size
    return found


@pytest.mark.parametrize("seed", [0, 3])
def test_a_film_has_each_picture_where_its_table_says(seed: int) -> None:
    made = film(seed)
    assert made == film(seed) != film(seed + 1) and len(made) < 200_000
    found = boxes(made)
    count, *sizes = struct.unpack(f">{FRAMES + 1}I", found[b"stsz"][1][8:])
    place = struct.unpack(">I", found[b"stco"][1][8:])[0]
    assert count == FRAMES and place == found[b"mdat"][0] and sum(sizes) == len(found[b"mdat"][1])
    assert struct.unpack(">2I", found[b"mvhd"][1][12:20]) == (1000, FRAMES * 1000 // RATE)
    assert struct.unpack(">2H", found[b"stsd"][1][8 + 8 + 24 : 8 + 8 + 28]) == (WIDE, HIGH)
    for size in sizes:
        length, head = struct.unpack_from(">IB", made, place)
        assert length == size - 4 and head == 0x65
        assert not any(start in made[place + 4 : place + size] for start in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))
        place += size


def test_a_photo_is_a_png_whose_sums_hold() -> None:
    made, at, kinds = photo(2), 8, {}
    assert made == photo(2) != photo(1) and made.startswith(b"\x89PNG\r\n\x1a\n") and len(made) < 20_000
    while at < len(made):
        (size,) = struct.unpack_from(">I", made, at)
        chunk = made[at + 4 : at + 8 + size]
        assert struct.unpack_from(">I", made, at + 8 + size)[0] == zlib.crc32(chunk)
        kinds[chunk[:4]] = chunk[4:]
        at += 12 + size
    wide, high = struct.unpack_from(">2I", kinds[b"IHDR"])
    assert list(kinds) == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(kinds[b"IDAT"])) == high * (1 + 3 * wide)
