"""A field of files takes what the store answered, and no other shape."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.law.forms import Unreadable, parse_field
from sanxiang.law.rules import Field

FILES = Field("files", "文件", "file", required=False)
KEPT = {"digest": "ab" * 32, "sm3": "cd" * 32, "size": 7, "name": "笔录.pdf", "mime": "application/pdf"}


def test_what_the_store_answered_goes_in_as_it_is() -> None:
    assert parse_field(FILES, [KEPT]) == [KEPT]
    least = {key: KEPT[key] for key in ("digest", "size", "name")}
    assert parse_field(FILES, [least, {**least, "name": "又名.pdf"}]) == [least]
    assert parse_field(FILES, []) == [] and parse_field(FILES, "") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": "AB" * 32},
        {"digest": "ab" * 31},
        {"digest": "ab" * 32 + "\n"},
        {"sm3": "x"},
        {"size": 0},
        {"size": -1},
        {"size": True},
        {"size": "7"},
        {"size": 7.0},
        {"name": ""},
        {"name": 3},
        {"name": "长" * 201},
        {"mime": ["a"]},
        {"mime": "a" * 101},
        {"path": "/etc/passwd"},
    ],
)
def test_what_is_misshapen_is_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=r"[一-龥]"):
        parse_field(FILES, [{**KEPT, **wrong}])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda some: st.lists(some) | st.dictionaries(st.sampled_from([*KEPT, "x"]), some),
    max_leaves=12,
)


@given(JSON)
def test_anything_else_is_read_or_refused_never_a_crash(value: Any) -> None:
    try:
        found = parse_field(FILES, value)
    except Unreadable:
        return
    assert found in (None, [])
