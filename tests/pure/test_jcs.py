"""RFC 8785, with the RFC's own examples; RFC 7493 for what is refused."""

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.ledger.tlog.jcs import canonical, canonical_text, number_text, read


def test_the_example_of_section_3_2_2() -> None:
    text = r"""{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    assert canonical_text(text).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
    )


def test_the_example_of_section_3_2_4_to_the_byte() -> None:
    text = r"""{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"""
    expected = """
      7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72
      75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a
      5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31
      65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37
      5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30
      30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d"""
    assert canonical_text(text) == bytes.fromhex(expected)


def test_keys_sort_by_utf_16_code_units() -> None:
    text = r"""{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O"}"""
    assert list(json.loads(canonical_text(text)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_the_numbers_of_appendix_b(bits: str, text: str) -> None:
    number: float = struct.unpack(">d", bytes.fromhex(bits))[0]
    assert number_text(number) == text
    assert canonical(number) == canonical_text(repr(number)) == text.encode()


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_no_number_is_refused(bits: str) -> None:
    with pytest.raises(ValueError, match="NaN 或无穷大"):
        canonical(struct.unpack(">d", bytes.fromhex(bits))[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-0", "0"),
        ("-0.0", "0"),
        ("1.0", "1"),
        ("1e2", "100"),
        ("1E-7", "1e-7"),
        ("123456789012345", "123456789012345"),
        ("9007199254740991", "9007199254740991"),
        ("9007199254740993", "9007199254740992"),  # the nearest double, as ECMAScript reads it
        ("100000000000000000000", "100000000000000000000"),
        ("1000000000000000000000", "1e+21"),
        ('"\\/\\u007f\\u0000\\u001f\\b\\f\\n\\r\\t"', '"/\x7f\\u0000\\u001f\\b\\f\\n\\r\\t"'),
        (" [ ] ", "[]"),
        ('{ "b" : { } , "a" : [ 1 , [ ] ] }', '{"a":[1,[]],"b":{}}'),
        ('"行政处罚"', '"行政处罚"'),
    ],
)
def test_texts(text: str, expected: str) -> None:
    assert canonical_text(text).decode() == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":1,"\\u0061":2}',
        '[{"b":{"c":1,"c":2}}]',
        "NaN",
        "-Infinity",
        "[Infinity]",
        "1e400",
        "-1e400",
        "9" * 400,
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '{"\\udfff":1}',
        '"\\uffff"',
        '"\\ufdd0"',
        '"\\ud83f\\udffe"',
        "",
        "{",
        "[1,]",
        "{'a':1}",
        "01",
        "1.",
        ".5",
        "+1",
        "0x10",
        "tru",
        '"a\nb"',
        "1 2",
        "\ufeff1",
        "\u00a01",
        "[" * 100_000,
        "[" * 3_000 + "]" * 3_000,
    ],
)
def test_what_i_json_forbids_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        canonical_text(text)


@pytest.mark.parametrize("value", [2**53, -(2**53), {1: 2}, {"a": object()}, b"x", "\ud800", math.inf])
def test_python_values_without_a_json_form_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        canonical(value)


def test_reading_keeps_integers_exact() -> None:
    assert read("[9007199254740993, 9223372036854775807]") == [9007199254740993, 9223372036854775807]
    with pytest.raises(ValueError, match="整数超过"):
        read("9" * 5_000)


plain = st.characters(codec="utf-8").filter(
    lambda c: ord(c) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(c) <= 0xFDEF
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(plain),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(plain), inner),
    max_leaves=15,
)


@given(values)
def test_it_says_the_same_value_in_one_way(value: object) -> None:
    text = canonical(value).decode()
    assert json.loads(text, parse_int=float) == value
    assert canonical_text(text).decode() == text
    assert canonical_text(json.dumps(value, indent=1)).decode() == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_the_shortest_that_read_back(number: float) -> None:
    text = number_text(number)
    assert float(text) == number
    digits = text.partition("e")[0].replace(".", "").lstrip("-0").rstrip("0")
    assert len(digits) <= len(repr(number).partition("e")[0].replace(".", "").lstrip("-0").rstrip("0"))
