"""RFC 8785 (JSON Canonicalization Scheme), complete, over strictly read I-JSON (RFC 7493).

Numbers follow RFC 8785 §3.2.2.3: in JSON *text* every number means the nearest IEEE 754 double, integers beyond
2^53 too, and is printed as ECMAScript prints it. A Python *int* beyond ±(2^53−1) is refused instead: whoever holds
an exact integer must say how to round it (the ledger writes such numbers as strings).
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any

SAFE = 2**53 - 1
_DIGITS_LIMIT = 4_000
_PLANE_ENDS = "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
_NONCHARACTER = re.compile(f"[\ufdd0-\ufdef{_PLANE_ENDS}]")
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a JSON value; ValueError for what I-JSON forbids.

    Forbidden: NaN, infinities, lone surrogates, noncharacters, keys that are not strings, unsafe Python integers.
    """
    parts: list[str] = []
    try:
        _write(value, parts)
    except RecursionError as error:
        raise ValueError("JSON 嵌套过深") from error
    return "".join(parts).encode()


def canonical_text(text: str) -> bytes:
    """The RFC 8785 bytes of a JSON text; ValueError also for duplicate keys and what is not JSON."""
    return canonical(read(text, integer=_nearest))


def _exact(digits: str) -> int:
    if len(digits) > _DIGITS_LIMIT:
        raise ValueError(f"整数超过 {_DIGITS_LIMIT} 位")
    return int(digits)


def _nearest(digits: str) -> int | float:
    """An integer as the double it means; small ones stay integers, which print alike."""
    return int(digits) if len(digits) < 16 else _finite(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("数值超出双精度浮点数的范围")
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"JSON 中不能有 {name}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("JSON 对象中有重复的键")
    return value


def read(text: str, integer: Callable[[str], int | float] = _exact) -> Any:
    """Read one JSON text strictly: no duplicate keys, no NaN, no number beyond a double. ValueError says where."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=integer,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"不是合法的 JSON，错在第 {error.pos + 1} 个字符处") from error
    except RecursionError as error:
        raise ValueError("JSON 嵌套过深") from error


def _write(value: Any, parts: list[str]) -> None:
    if isinstance(value, str):
        parts.append(_string(value))
    elif value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, int):
        if abs(value) > SAFE:
            raise ValueError("整数超出 ±(2^53−1)，请改用字符串")
        parts.append(str(value))
    elif isinstance(value, float):
        parts.append(number_text(value))
    elif isinstance(value, list | tuple):
        _write_list(value, parts)
    elif isinstance(value, dict):
        _write_object(value, parts)
    else:
        raise ValueError(f"{type(value).__name__} 不能写成 JSON")


def _write_list(values: list[Any] | tuple[Any, ...], parts: list[str]) -> None:
    parts.append("[")
    for at, value in enumerate(values):
        if at:
            parts.append(",")
        _write(value, parts)
    parts.append("]")


def _write_object(value: dict[Any, Any], parts: list[str]) -> None:
    names = {_string(key): key for key in value}
    parts.append("{")
    # The order is that of UTF-16 code units, not of code points: U+1F600 sorts before U+FB33.
    for at, quoted in enumerate(sorted(names, key=lambda quoted: names[quoted].encode("utf-16-be"))):
        parts.append(f",{quoted}:" if at else f"{quoted}:")
        _write(value[names[quoted]], parts)
    parts.append("}")


def _string(text: Any) -> str:
    if not isinstance(text, str):
        raise ValueError("JSON 对象的键必须是字符串")
    if text.isascii():
        return _quoted(text)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("字符串中有不成对的代理项") from error
    if _NONCHARACTER.search(text):
        raise ValueError("字符串中有 Unicode 非字符（I-JSON 不允许）")
    return _quoted(text)


def number_text(number: float) -> str:
    """A double as ECMAScript's Number::toString prints it; ValueError for NaN and infinities."""
    if not math.isfinite(number):
        raise ValueError("JSON 中不能有 NaN 或无穷大")
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    # Python's repr gives ECMAScript's digits, the shortest that read back the same, but lays them out differently.
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"
