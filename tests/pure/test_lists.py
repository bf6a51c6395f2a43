"""Rows of lists, read by the names that offices give their columns."""

from typing import Any

import pytest

from sanxiang.law.lists import ITEM, cell, named


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "取水", "事项名称": "擅自取水"}, "擅自取水"),
        ({"事项名称": "", "name": " 取水 "}, "取水"),
        ({"事项名称": None, "name": 7}, "7"),
        ({"事项名称": 0, "name": "取水"}, "0"),
        ({"别的": "取水"}, ""),
    ],
)
def test_the_first_filled_column_speaks(row: dict[str, Any], said: str) -> None:
    assert cell(row, ITEM) == said


def test_a_row_is_asked_for_by_name_or_by_code() -> None:
    rows = [{"事项编码": "A1", "事项名称": "取水"}, {"code": "A2", "name": "采砂"}]
    assert [named(rows, name) for name in ("取水", "A2", "别的")] == [rows[0], rows[1], {}]
