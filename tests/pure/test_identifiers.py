"""Check digits against known numbers, against every single slip, and against values made here digit by digit.

All numbers are invented or stand in the standards themselves.
"""

import string
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanxiang.law.identifiers import (
    ORG_CHARS,
    PROVINCES,
    USCC_CHARS,
    id_check,
    identify,
    org_check,
    uscc_check,
)

TODAY = date(2026, 11, 21)
USCCS = ("91350100M000100Y43", "91230500MA1B3N1N2M", "11230500001755309F", "91320105780688132K")
IDCARDS = ("11010519491231002X",)


@st.composite
def usccs(draw: st.DrawFn) -> str:
    body = draw(st.text(USCC_CHARS, min_size=8, max_size=8))
    area = draw(st.sampled_from(sorted(PROVINCES))) + draw(st.text(string.digits, min_size=4, max_size=4))
    org = body + org_check(body)
    head = draw(st.sampled_from("123456789ANY")) + draw(st.sampled_from("1239")) + area + org
    return head + uscc_check(head)


@st.composite
def idcards(draw: st.DrawFn) -> str:
    birth = draw(st.dates(date(1880, 1, 1), TODAY))
    area = draw(st.sampled_from(sorted(PROVINCES))) + draw(st.text(string.digits, min_size=4, max_size=4))
    head = f"{area}{birth:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return head + id_check(head)


@st.composite
def orgcodes(draw: st.DrawFn) -> str:
    body = draw(st.text(ORG_CHARS, min_size=8, max_size=8))
    return f"{body}-{org_check(body)}"


def valid(kind: str, value: str) -> bool:
    return identify(kind, value, TODAY).valid


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("uscc", value) for value in USCCS),
        *(("idcard", value) for value in IDCARDS),
        ("orgcode", "78068813-2"),
        ("orgcode", "MA1B3N1N-2"),
        ("orgcode", "D2143569-X"),
    ],
)
def test_known_values(kind: str, value: str) -> None:
    assert identify(kind, value, TODAY).as_data() == {"value": value, "valid": True, "reason": ""}


@given(usccs().filter(lambda code: code[16] in USCC_CHARS))
@settings(deadline=None)
def test_codes_made_by_the_standard_are_valid(code: str) -> None:
    assert valid("uscc", code)
    assert valid("orgcode", f"{code[8:16]}-{code[16]}")


@given(idcards())
@settings(deadline=None)
def test_identity_numbers_made_by_the_standard_are_valid(number: str) -> None:
    assert valid("idcard", number)


@given(usccs(), st.integers(0, 17), st.sampled_from(USCC_CHARS))
@settings(deadline=None)
def test_one_wrong_character_in_a_code_is_found(code: str, place: int, char: str) -> None:
    slip = code[:place] + char + code[place + 1 :]
    assert slip == code or not valid("uscc", slip)


@given(idcards(), st.integers(0, 17), st.sampled_from("0123456789X"))
@settings(deadline=None)
def test_one_wrong_character_in_an_identity_number_is_found(number: str, place: int, char: str) -> None:
    slip = number[:place] + char + number[place + 1 :]
    assert slip == number or not valid("idcard", slip)


@given(usccs(), st.integers(0, 16))
@settings(deadline=None)
def test_swapped_neighbours_in_a_code_are_found(code: str, place: int) -> None:
    slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert slip == code or not valid("uscc", slip)


@given(idcards(), st.integers(0, 16))
@settings(deadline=None)
def test_swapped_neighbours_in_an_identity_number_are_found(number: str, place: int) -> None:
    slip = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert slip == number or not valid("idcard", slip)


@given(
    st.one_of(
        usccs().map(lambda v: ("uscc", v)),
        idcards().map(lambda v: ("idcard", v)),
        orgcodes().map(lambda v: ("orgcode", v)),
    ),
    st.sampled_from(["lower", "wide", "blank", "inner", "newline", "hyphens"]),
)
def test_nothing_is_repaired_but_the_repaired_form_is_told(value: tuple[str, str], slip: str) -> None:
    kind, right = value
    if not valid(kind, right):
        return
    written = {
        "lower": right.lower(),
        "wide": "".join(chr(ord(c) + 0xFEE0) for c in right),
        "blank": f" {right}",
        "inner": f"{right[:6]} {right[6:]}",
        "newline": f"{right}\n",
        "hyphens": f"{right[:6]}-{right[6:]}",
    }[slip]
    verdict = identify(kind, written, TODAY)
    assert verdict.value == written
    assert verdict.valid is (written == right)
    assert written == right or f"“{right}”" in verdict.reason


@given(usccs())
@settings(deadline=None)
def test_the_inner_check_digit_is_judged_too(code: str) -> None:
    other = USCC_CHARS[(USCC_CHARS.index(code[16]) + 1) % 31] if code[16] in USCC_CHARS else "0"
    head = code[:16] + other
    verdict = identify("uscc", head + uscc_check(head), TODAY)
    assert not verdict.valid and "第 17 位" in verdict.reason


def card(area: str, birth: str) -> str:
    head = f"{area}{birth}123"
    return head + id_check(head)


@pytest.mark.parametrize(
    ("value", "ok", "says"),
    [
        (card("810000", "19900101"), True, ""),
        (card("820000", "19900101"), True, ""),
        (card("830000", "19900101"), True, ""),
        (card("370399", "19900101"), True, ""),  # only the province part is judged
        (card("160321", "19900101"), False, "省级区划"),
        (card("991234", "19900101"), False, "永久居留"),
        (card("370321", "19900230"), False, "不是真实的日期"),
        (card("370321", "18800101"), True, ""),
        (card("370321", "18791231"), False, "1880"),
        (card("370321", "20261121"), True, ""),
        (card("370321", "20261122"), False, "今天"),
        ("37032119900101123", False, "18 位"),
        (card("370321", "19900101") + "0", False, "19 位"),
        ("", False, "18 位"),
        ("370321X9900101123X", False, "第 18 位"),
        ("110105491231002", False, "11010519491231002X"),
        ("三七零三二一", False, "“三”"),
    ],
)
def test_identity_numbers_at_the_edges(value: str, ok: bool, says: str) -> None:
    verdict = identify("idcard", value, TODAY)
    assert verdict.valid is ok and says in verdict.reason


def code(first: str, area: str = "370321") -> str:
    head = f"{first}1{area}78068813" + org_check("78068813")
    return head + uscc_check(head)


@pytest.mark.parametrize(
    ("value", "ok"),
    [
        *((code(first), True) for first in "123456789ANY"),
        (code("0"), False),
        (code("B"), False),
        (code("9", "100000"), True),
        (code("9", "990000"), False),
        (code("9", "37A321"), False),
        ("91320105780688132I", False),
        ("9132010578068813", False),
        ("91320105780688132KK", False),
        ("", False),
        ("91320105780688132Ｋ", False),
    ],
)
def test_codes_at_the_edges(value: str, ok: bool) -> None:
    verdict = identify("uscc", value, TODAY)
    assert verdict.valid is ok and bool(verdict.reason) is not ok


@pytest.mark.parametrize(
    "value", ["780688132", "78068813–2", "78068813-3", "7806881-32", "ma1b3n1n-2", "78068813-2 ", ""]
)
def test_organisation_codes_that_are_not(value: str) -> None:
    assert not valid("orgcode", value)
