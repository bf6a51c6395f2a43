"""The code of a party: a slip of the pen is said at the form, other papers' numbers pass."""

import pytest

from sanxiang.law.forms import Unreadable, parse_code
from sanxiang.law.identifiers import id_check, org_check, uscc_check

PERSON = "11010119900307123" + id_check("11010119900307123")
FIRM = (head := "91110000" + "MA000000" + org_check("MA000000")) + uscc_check(head + "0")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (PERSON, PERSON),
        (FIRM, FIRM),
        (f" {FIRM[:8]} {FIRM[8:].lower()} ", FIRM),
        ("".join(chr(ord(c) + 0xFEE0) for c in PERSON), PERSON),
        ("110101900307123", "110101900307123"),
        ("E12345678", "E12345678"),
        ("H1234567890", "H1234567890"),
    ],
)
def test_what_is_a_code(typed: str, kept: str) -> None:
    assert parse_code(typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (PERSON + "1", "有 19 位"),
        (PERSON[:16], "有 16 位"),
        (PERSON[:17] + ("0" if PERSON[17] != "0" else "1"), "校验码"),
        (FIRM[:17] + ("0" if FIRM[17] != "0" else "1"), "校验码"),
        (FIRM + "XX", "有 20 位"),
    ],
)
def test_what_is_none_says_why(typed: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        parse_code(typed)
