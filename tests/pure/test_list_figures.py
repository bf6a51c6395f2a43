"""Ratio and frequency of random inspections read as numbers; what differs between two versions of a list."""

import pytest

from sanxiang.law.registers.compare import differences
from sanxiang.law.registers.figures import ratio_of, yearly_of


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("不低于百分之五", 0.05), ("5%", 0.05), ("百分之二点五", 0.025), ("10％左右", 0.1), ("0.05", 0.05), ("全部", 1.0),
        ("3‰", 0.003), ("按需", None), ("0%", None), ("150%", None), ("", None),
    ],
)  # fmt: skip
def test_a_ratio_is_a_number_between_nothing_and_all(text: str, ratio: float | None) -> None:
    assert ratio_of(text) == ratio


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("每年一次", 1.0), ("一年", 1.0), ("每年不少于2次", 2.0), ("每两年一次", 0.5), ("每半年1次", 2.0), ("2次/年", 2.0),
        ("每季度一次", 4.0), ("一年两次", 2.0), ("不定期", None), ("看情况", None), ("2026年", None), ("", None),
    ],
)  # fmt: skip
def test_a_frequency_is_so_many_a_year(text: str, times: float | None) -> None:
    assert yearly_of(text) == times


def test_a_renamed_entry_is_the_same_by_its_code() -> None:
    old = [{"事项编码": "1", "事项名称": "甲"}, {"事项编码": "2", "事项名称": "乙"}, {"事项名称": "丙"}]
    new = [{"事项编码": "1", "事项名称": "甲改"}, {"事项名称": "丙"}, {"事项编码": "3", "事项名称": "丁"}]
    found = differences("items", old, new)
    assert (found.added, found.removed) == (("丁",), ("乙",))
    assert [(one.column, one.before, one.after) for one in found.changed] == [("事项名称", "甲", "甲改")]
    assert differences("items", old, old).told == "内容没有变化"
