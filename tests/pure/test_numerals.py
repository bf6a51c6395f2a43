"""Numbers in Chinese: what is written is read back, what is none is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanxiang.law.numerals import chinese, number


@given(st.integers(0, 999))
def test_what_is_written_is_read_back(value: int) -> None:
    assert number(chinese(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("两万", 20_000), ("一万二千", 12_000), ("一千零五万零一百", 10_050_100)],
)
def test_amounts_are_read(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "12", "一万万", "五倍"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是中文数字"):
        number(text)
