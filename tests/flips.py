"""One byte of something turned over, somewhere at random: values of columns by their kind, and bytes of files."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID


def turned(value: Any, chance: Random) -> Any:
    """Another value of the same kind, one bit of it or of one character away; None for what holds nothing to turn."""
    if value is None or value == "" or value == b"":
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return _text(value, chance)
    if isinstance(value, bytes | memoryview):
        data = bytearray(value)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(data)
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(8)
    if isinstance(value, UUID):
        return UUID(int=value.int ^ 1 << chance.randrange(128))
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1 << chance.randrange(8))
    if isinstance(value, date):
        return value + timedelta(days=1 << chance.randrange(5))
    return _inside(value, chance)


def _text(value: str, chance: Random) -> str | None:
    """One character another one that a database can hold."""
    for _ in range(20):
        at = chance.randrange(len(value))
        other = ord(value[at]) ^ 1 << chance.randrange(7)
        if other >= 32 and not 0xD800 <= other < 0xE000 and not 0x7F <= other < 0xA0:
            return value[:at] + chr(other) + value[at + 1 :]
    return None


def _inside(value: Any, chance: Random) -> Any:
    """A JSON value with one scalar, or one name of an object, turned."""
    copy = json.loads(json.dumps(value))
    places = [(holder, key) for holder, key in _places(copy) if turned(holder[key], Random(0)) is not None]
    if not places:
        return None
    holder, key = places[chance.randrange(len(places))]
    if (
        isinstance(holder, dict)
        and chance.random() < 0.2
        and (other := _text(key, chance))
        and other not in holder
    ):
        holder[other] = holder.pop(key)
    else:
        holder[key] = turned(holder[key], chance)
    return copy


def _places(value: Any) -> list[tuple[Any, Any]]:
    items = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    found = []
    for key, one in items:
        found += _places(one) if isinstance(one, dict | list) else [(value, key)]
    return found


def turn_byte(file: Path, chance: Random) -> bytes | None:
    """Turn one bit of a file in place; what it was before, None for an empty file."""
    kept = file.read_bytes()
    if not kept:
        return None
    data = bytearray(kept)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    put(file, bytes(data))
    return kept


def put(file: Path, data: bytes) -> None:
    """Write a file that may be read-only and may be linked elsewhere."""
    file.unlink()
    file.write_bytes(data)
