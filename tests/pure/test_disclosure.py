"""RFC 9901 disclosures, with the RFC's own example."""

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.ledger.tlog.disclosure import digest_of, disclose, field_digest, new_salt, pad

BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


def opened(disclosure: str) -> object:
    return json.loads(urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))


def test_the_example_of_the_rfc() -> None:
    disclosure, digest = disclose("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius")
    assert disclosure == "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert digest_of(disclosure) == digest


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


@given(st.text(st.characters(codec="utf-8"), min_size=1), values)
def test_a_disclosure_opens_to_what_went_in(name: str, value: object) -> None:
    salt = new_salt()
    if name in ("_sd", "..."):
        return
    disclosure, digest = disclose(salt, name, value)
    assert opened(disclosure) == [salt, name, value]
    assert BASE64URL.fullmatch(disclosure) and BASE64URL.fullmatch(digest)
    hashed = hashlib.sha256(disclosure.encode("ascii")).digest()
    assert digest == urlsafe_b64encode(hashed).decode().rstrip("=")


def shuffled(value: object) -> object:
    """The same JSON value, the members of its objects the other way round, as a database may give it back."""
    if isinstance(value, dict):
        return {name: shuffled(one) for name, one in reversed(value.items())}
    return [shuffled(one) for one in value] if isinstance(value, list) else value


@given(values)
def test_a_field_gives_one_digest_in_whatever_order_its_members_come(value: object) -> None:
    salt = new_salt()
    assert field_digest(salt, "party", value) == field_digest(salt, "party", shuffled(value))


def test_a_field_of_plain_text_keeps_the_digest_of_the_rfc() -> None:
    assert (
        field_digest("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius")
        == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    )


def test_the_salt_hides_equal_values() -> None:
    digests = {disclose(new_salt(), "金额", 200)[1] for _ in range(50)}
    assert len(digests) == 50


def test_salts_have_128_fresh_bits() -> None:
    salts = {new_salt() for _ in range(200)}
    assert len(salts) == 200
    assert {len(urlsafe_b64decode(salt + "==")) for salt in salts} == {16}


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("salt", "name", "value"),
    [
        ("", "当事人", "甲"),
        ("s", "_sd", 1),
        ("s", "...", 1),
        ("s", "n", float("nan")),
        ("s", "n", "\ud800"),
        ("s", "n", nested(100_000)),
    ],
)
def test_what_must_not_be_disclosed_is_refused(salt: str, name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        disclose(salt, name, value)


@pytest.mark.parametrize(("count", "padded"), [(0, 8), (1, 8), (7, 8), (8, 8), (9, 16), (16, 16), (17, 24)])
def test_the_number_of_fields_is_hidden(count: int, padded: int) -> None:
    digests = [disclose(new_salt(), f"字段{at}", at)[1] for at in range(count)]
    among = pad(digests)
    assert len(among) == len(set(among)) == padded
    assert set(digests) <= set(among)
    assert among == sorted(among)
    assert {len(digest) for digest in among} == {43}  # a decoy looks like a digest
    assert padded == count or pad(digests) != among  # and is new each time
