"""裁量基准: the fines that a tier allows, read from the list as offices write it."""

from decimal import Decimal

import pytest

from sanxiang.law.tiers import bounds_of, tiers_of


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("二万元以上五万元以下", 20000, 50000),
        ("处二万元以上五万元以下罚款", 20000, 50000),
        ("可以并处1,000元以上5000元以下的罚款", 1000, 5000),
        ("2万以上3.5万元以下", 20000, 35000),
        ("一万元以下", None, 10000),
        ("十万元以上", 100000, None),
        ("一千五百元以上一万二千元以下", 1500, 12000),
        ("警告，可以并处一万元以下罚款", None, None),
        ("货值金额一倍以上三倍以下", None, None),
        ("五百元以上不满一千元", None, None),
        ("", None, None),
    ],
)
def test_a_range_is_read_or_left_alone(text: str, least: int | None, most: int | None) -> None:
    assert bounds_of(text) == tuple(None if one is None else Decimal(one) for one in (least, most))


def test_the_rows_of_an_item_are_its_tiers() -> None:
    rows = [
        {"违法行为": "擅自取水", "违法情节": "一般", "裁量幅度": "视情节", "罚款上限（元）": "3,000"},
        {"违法行为": "擅自取水", "违法情节": "较重", "裁量幅度": "三千元以上五千元以下"},
        {"违法行为": "擅自采砂", "违法情节": "一般", "裁量幅度": "一千元以下"},
        {"违法行为": "擅自取水"},
    ]
    first, second = tiers_of(rows, "擅自取水的处罚", "")
    assert (first.name, first.least, first.most) == ("一般（视情节）", None, 3000)
    assert (second.name, second.least, second.most) == ("较重（三千元以上五千元以下）", 3000, 5000)
    assert tiers_of(rows, "", "别的事") == ()
